"""Tokens: who comes in by a link, a seat, or the code that brings the facilitator back."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.domain.access import (
    Role,
    Visitor,
    answer_secret,
    fingerprint,
    new_recovery_code,
    new_token,
)
from workshop.store import clock
from workshop.store.database import Change, Database, Source
from workshop.store.errors import StoreError
from workshop.store.tables import (
    CREATED_AT,
    FLAG,
    ID_OR_NOBODYS,
    TEXT,
    WORKSHOP_ID,
    Column,
    Table,
)
from workshop.store.topics import AGENDA, TOKENS
from workshop.store.verbs import Verb

TABLES = (
    Table(
        "token",
        (
            Column("fingerprint", TEXT),
            WORKSHOP_ID,
            Column("role", TEXT),
            Column("person_id", ID_OR_NOBODYS, points_to="person"),
            # Until version 3 a facilitator's token was given to nobody else.
            Column("is_starter", FLAG, before=lambda row: row["role"] == Role.FACILITATOR),
            CREATED_AT,
        ),
        ("fingerprint",),
    ),
)


class Tokens:
    """A token for every screen and every seat."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._admitted: dict[str, tuple[int, Visitor]] = {}

    def issue(self, visitor: Visitor, role: Role) -> str:
        """A new token for a screen of this workshop; the facilitator hands it on.

        A facilitator's own makes its holder a co-facilitator, until it is withdrawn.
        """
        visitor.must_be(Role.FACILITATOR)
        if role is Role.PARTICIPANT:
            raise ValueError("a participant needs a seat: people join with the room code")
        with self._database.change(visitor) as change:
            token = _issue(change, role)
            change.log_activity(Verb.LINK_ISSUED, role)
        return token

    def issue_to_starter(self, visitor: Visitor) -> str:
        """A new token for whoever started the workshop, which no withdrawal ends."""
        visitor.must_be_starter()
        with self._database.change(visitor) as change:
            token = _issue(change, Role.FACILITATOR, is_starter=True)
            change.log_activity(Verb.LINK_ISSUED, "starter")
        return token

    def renew_recovery_code(self, visitor: Visitor) -> str:
        """A new code that brings back whoever started the workshop; the former one ends."""
        visitor.must_be_starter()
        code = new_recovery_code()
        with self._database.change(visitor) as change:
            change.update("workshop", visitor.workshop_id, recovery=fingerprint(code))
            change.log_activity(Verb.RECOVERY_CODE_RENEWED, "")
        return code

    def has_recovery_code(self, visitor: Visitor) -> bool:
        """Whether a recovery code was ever made; it is not kept, so it cannot be shown again."""
        visitor.must_be(Role.FACILITATOR)
        return self._database.read(
            "SELECT recovery FROM workshop WHERE id = $1", visitor.workshop_id
        ) != [(None,)]

    def find_by_recovery_code(self, code: str) -> str | None:
        """The workshop whose facilitator this recovery code brings back, or None."""
        rows = self._database.read("SELECT id FROM workshop WHERE recovery = $1", fingerprint(code))
        return rows[0][0] if rows else None

    def recover(self, code: str) -> str:
        """Bring back whoever started the workshop; returns a token. The code stays good."""
        workshop_id = self.find_by_recovery_code(code)
        if workshop_id is None:
            raise StoreError("This recovery code is not known here.")
        visitor = Visitor(Role.FACILITATOR, workshop_id, is_starter=True)
        with self._database.change(visitor) as change:
            token = _issue(change, Role.FACILITATOR, is_starter=True)
            change.log_activity(Verb.FACILITATOR_RECOVERED, "")
        return token

    def admit(self, token: str) -> Visitor | None:
        """Who holds this token, or None; a person who was removed holds none."""
        if not token:
            return None
        mark = fingerprint(token)
        known = self._admitted.get(mark)
        if known is not None and known[0] == self.version(known[1].workshop_id):
            return known[1]
        found = self._find(token)
        if found is None:
            self._admitted.pop(mark, None)
            return None
        # The version is read before the token: one that is withdrawn in between is asked again.
        version = self.version(found.workshop_id)
        visitor = self._find(token)
        if visitor is not None:
            self.remember(visitor, version)
        return visitor

    def version(self, workshop_id: str) -> int:
        """A number that grows where anybody of this workshop is shut out or let in again."""
        return self._database.version(workshop_id, TOKENS)

    def remember(self, admitted: Visitor, version: int) -> None:
        """Admit this visitor without asking the records, as long as this is the version."""
        self._admitted[admitted.mark] = (version, admitted)

    def _find(self, token: str) -> Visitor | None:
        mark = fingerprint(token)
        rows = self._database.read(
            "SELECT role, workshop_id, person_id, is_starter FROM token WHERE fingerprint = $1 "
            "AND person_id NOT IN (SELECT person_id FROM removal)",
            mark,
        )
        if not rows:
            return None
        role, workshop_id, person_id, is_starter = rows[0]
        return Visitor(Role(role), workshop_id, person_id, mark, is_starter, answer_secret(token))

    def withdraw_links(self, visitor: Visitor, role: Role) -> None:
        """Close every door of a role for good; one's own, and the starter's, stay open.

        Open screens are told at once, and what they still send is refused.
        """
        visitor.must_be(Role.FACILITATOR)
        if role is Role.PARTICIPANT:
            raise ValueError("people have no links to withdraw: remove them one by one")
        with self._database.change(visitor, AGENDA, TOKENS) as change:
            closed = change.write(
                "DELETE FROM token WHERE workshop_id = $1 AND role = $2 AND fingerprint <> $3 "
                "AND NOT is_starter RETURNING fingerprint",
                visitor.workshop_id,
                role,
                visitor.mark,
            )
            change.log_activity(Verb.LINKS_WITHDRAWN, role, after={"links": len(closed)})


def insert_token(
    change: Change, mark: str, role: Role, person_id: str = "", *, is_starter: bool = False
) -> None:
    """Let whoever holds the token of this fingerprint in from now on."""
    change.insert(
        "token",
        fingerprint=mark,
        workshop_id=change.workshop_id,
        role=role,
        person_id=person_id,
        is_starter=is_starter,
        created_at=clock.now(),
    )


def _issue(change: Change, role: Role, *, is_starter: bool = False) -> str:
    token = new_token()
    insert_token(change, fingerprint(token), role, is_starter=is_starter)
    return token


def marks_that_hold(source: Source, visitors: Sequence[Visitor]) -> set[str]:
    """Which of these visitors' links still hold, by their fingerprints."""
    marks = [visitor.mark for visitor in visitors if visitor.mark]
    if not marks:
        return set()
    places = ", ".join(f"${place}" for place in range(1, len(marks) + 1))
    rows = source.read(
        f"SELECT fingerprint FROM token WHERE fingerprint IN ({places}) "
        "AND person_id NOT IN (SELECT person_id FROM removal)",
        *marks,
    )
    return {mark for (mark,) in rows}
