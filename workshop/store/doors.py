"""Doors: room codes and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workshop.domain.access import (
    Forbidden,
    Role,
    Visitor,
    fingerprint,
    new_code,
    new_recovery_code,
    new_token,
)
from workshop.store.records import Change, Records, Row, StoreError, now
from workshop.store.verbs import Verb

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
        """A new token for a screen of this workshop; the facilitator hands it on.

        A facilitator's own makes its holder a co-facilitator, until it is withdrawn.
        """
        visitor.must_be(Role.FACILITATOR)
        if role is Role.PARTICIPANT:
            raise ValueError("a participant needs a seat: people join with the room code")
        with self._change(visitor) as change:
            token = self._issue(change, role)
            change.trail(Verb.LINK_ISSUED, role)
        return token

    def issue_to_starter(self, visitor: Visitor) -> str:
        """A new token for whoever started the workshop, which no withdrawal ends."""
        visitor.must_be_starter()
        with self._change(visitor) as change:
            token = self._issue(change, Role.FACILITATOR, is_starter=True)
            change.trail(Verb.LINK_ISSUED, "starter")
        return token

    def renew_recovery_code(self, visitor: Visitor) -> str:
        """A new code that brings back whoever started the workshop; the former one ends."""
        visitor.must_be_starter()
        code = new_recovery_code()
        with self._change(visitor) as change:
            change.update("workshop", visitor.workshop_id, recovery=fingerprint(code))
            change.trail(Verb.RECOVERY_CODE_RENEWED, "")
        return code

    def has_recovery_code(self, visitor: Visitor) -> bool:
        """Whether a recovery code was ever made; it is not kept, so it cannot be shown again."""
        visitor.must_be(Role.FACILITATOR)
        return self._read("SELECT recovery FROM workshop WHERE id = $1", visitor.workshop_id) != [
            (None,)
        ]

    def find_by_recovery_code(self, code: str) -> str | None:
        """The workshop whose facilitator this recovery code brings back, or None."""
        rows = self._read("SELECT id FROM workshop WHERE recovery = $1", fingerprint(code))
        return rows[0][0] if rows else None

    def recover(self, code: str) -> str:
        """Bring back whoever started the workshop; returns a token. The code stays good."""
        workshop_id = self.find_by_recovery_code(code)
        if workshop_id is None:
            raise StoreError("This recovery code is not known here.")
        visitor = Visitor(Role.FACILITATOR, workshop_id, is_starter=True)
        with self._change(visitor) as change:
            token = self._issue(change, Role.FACILITATOR, is_starter=True)
            change.trail(Verb.FACILITATOR_RECOVERED, "")
        return token

    def _issue(self, change: Change, role: Role, *, is_starter: bool = False) -> str:
        token = new_token()
        self._keep_token(change, fingerprint(token), role, is_starter=is_starter)
        return token

    def _keep_token(
        self,
        change: Change,
        mark: str,
        role: Role,
        person_id: str = "",
        *,
        is_starter: bool = False,
    ) -> None:
        change.insert(
            "token",
            fingerprint=mark,
            workshop_id=change.visitor.workshop_id,
            role=role,
            person_id=person_id,
            is_starter=is_starter,
            created_at=now(),
        )

    def admit(self, token: str) -> Visitor | None:
        """Who holds this token, or None; a person who was removed holds none."""
        mark = fingerprint(token)
        if not token or mark in self._withdrawn:
            return None
        if mark not in self._visitors:
            rows = self._read(
                "SELECT role, workshop_id, person_id, is_starter FROM token WHERE fingerprint = $1 "
                "AND person_id NOT IN (SELECT person_id FROM removal)",
                mark,
            )
            if not rows:
                return None
            role, workshop_id, person_id, is_starter = rows[0]
            self._visitors[mark] = Visitor(Role(role), workshop_id, person_id, mark, is_starter)
        return self._visitors[mark]

    def withdraw_links(self, visitor: Visitor, role: Role) -> None:
        """Close every door of a role for good; one's own, and the starter's, stay open.

        Open screens are told at once, and what they still send is refused.
        """
        visitor.must_be(Role.FACILITATOR)
        if role is Role.PARTICIPANT:
            raise ValueError("people have no links to withdraw: remove them one by one")
        with self._change(visitor, AGENDA) as change:
            closed = change.run(
                "DELETE FROM token WHERE workshop_id = $1 AND role = $2 AND fingerprint <> $3 "
                "AND NOT is_starter RETURNING fingerprint",
                visitor.workshop_id,
                role,
                visitor.mark,
            )
            change.trail(Verb.LINKS_WITHDRAWN, role, after={"links": len(closed)})
            self._refuse(closed)

    def _refuse(self, marks: list[Row]) -> None:
        """Let these tokens in no more; called within a change, whose end wakes the screens."""
        self._withdrawn |= {mark for (mark,) in marks}

    def _welcome(self, marks: list[Row]) -> None:
        """Let these tokens in again."""
        self._withdrawn -= {mark for (mark,) in marks}

    @contextmanager
    def _change(self, visitor: Visitor, *topics: str, submission_id: str = "") -> Iterator[Change]:
        """A change by somebody whose link still holds: open pages keep who they were."""
        with super()._change(visitor, *topics, submission_id=submission_id) as change:
            if visitor.mark in self._withdrawn:
                raise Forbidden(WITHDRAWN)
            yield change
