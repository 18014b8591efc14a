"""Doors: room codes and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workshop.access import Forbidden, Role, Visitor, fingerprint, new_code, new_token
from workshop.store.records import Change, Records, Row, now

# Withdrawing links wakes every screen of the workshop: those let in by them have to close.
AGENDA = "agenda"
WITHDRAWN = "this link was withdrawn by the facilitator"


class Doors(Records):
    """Who comes in: a token for every screen and every seat."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._visitors: dict[str, Visitor] = {}
        self._codes: dict[str, str] = {}
        self._withdrawn: set[str] = set()

    def find(self, code: str) -> str | None:
        """The workshop with this room code, or None."""
        if code not in self._codes:
            rows = self._read("SELECT id FROM workshop WHERE code = $1", code)
            if not rows:
                return None
            self._codes[code] = rows[0][0]
        return self._codes[code]

    def _free_code(self) -> str:
        while self.find(code := new_code()) is not None:
            pass
        return code

    def issue(self, visitor: Visitor, role: Role) -> str:
        """A new token for a screen of this workshop; the facilitator hands it on."""
        visitor.must_be(Role.FACILITATOR)
        if role is Role.PARTICIPANT:
            raise ValueError("a participant needs a seat: people join with the room code")
        with self._change(visitor) as change:
            token = self._issue(change, role, "")
            change.trail("opened a door", role)
        return token

    def _issue(self, change: Change, role: Role, person_id: str) -> str:
        token = new_token()
        change.insert(
            "token",
            fingerprint=fingerprint(token),
            workshop_id=change.visitor.workshop_id,
            role=role,
            person_id=person_id,
            created_at=now(),
        )
        return token

    def admit(self, token: str) -> Visitor | None:
        """Who holds this token, or None; a person who was removed holds none."""
        mark = fingerprint(token)
        if mark in self._withdrawn:
            return None
        if mark not in self._visitors:
            rows = self._read(
                "SELECT role, workshop_id, person_id FROM token WHERE fingerprint = $1 "
                "AND person_id NOT IN (SELECT person_id FROM removal)",
                mark,
            )
            if not rows:
                return None
            role, workshop_id, person_id = rows[0]
            self._visitors[mark] = Visitor(Role(role), workshop_id, person_id, mark)
        return self._visitors[mark]

    def withdraw_links(self, visitor: Visitor, role: Role) -> None:
        """Close every door of a role for good; the facilitator's own one stays open.

        Open screens are told at once, and what they still send is refused.
        """
        visitor.must_be(Role.FACILITATOR)
        if role is Role.PARTICIPANT:
            raise ValueError("people have no links to withdraw: remove them one by one")
        with self._change(visitor, AGENDA) as change:
            closed = change.run(
                "DELETE FROM token WHERE workshop_id = $1 AND role = $2 AND fingerprint <> $3 "
                "RETURNING fingerprint",
                visitor.workshop_id,
                role,
                visitor.mark,
            )
            change.trail("withdrew all links", role, after={"links": len(closed)})
            self._refuse(closed)

    def _refuse(self, marks: list[Row]) -> None:
        """Let these tokens in no more; called within a change, whose end wakes the screens."""
        self._withdrawn |= {mark for (mark,) in marks}

    def _welcome(self, marks: list[Row]) -> None:
        """Let these tokens in again."""
        self._withdrawn -= {mark for (mark,) in marks}

    @contextmanager
    def _change(self, visitor: Visitor, *topics: str) -> Iterator[Change]:
        """A change by somebody whose link still holds: open pages keep who they were."""
        with super()._change(visitor, *topics) as change:
            if visitor.mark in self._withdrawn:
                raise Forbidden(WITHDRAWN)
            yield change
