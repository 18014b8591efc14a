"""Doors: room codes and tokens."""

from __future__ import annotations

from typing import Any

from workshop.access import Role, Visitor, fingerprint, new_code, new_token
from workshop.store.records import Change, Records, now


class Doors(Records):
    """Who comes in: a token for every screen and every seat."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._visitors: dict[str, Visitor] = {}

    def find(self, code: str) -> str | None:
        """The workshop with this room code, or None."""
        rows = self._read("SELECT id FROM workshop WHERE code = $1", code)
        return rows[0][0] if rows else None

    def _free_code(self) -> str:
        while self.find(code := new_code()) is not None:
            pass
        return code

    def issue(self, visitor: Visitor, role: Role) -> str:
        """A new token for a screen of this workshop; the facilitator hands it on."""
        visitor.must_be(Role.FACILITATOR)
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
        """Who holds this token, or None."""
        mark = fingerprint(token)
        if mark not in self._visitors:
            rows = self._read(
                "SELECT role, workshop_id, person_id FROM token WHERE fingerprint = $1", mark
            )
            if not rows:
                return None
            role, workshop_id, person_id = rows[0]
            self._visitors[mark] = Visitor(Role(role), workshop_id, person_id)
        return self._visitors[mark]
