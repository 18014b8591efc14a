"""Check-in links: one for each person who signed, to their commitments and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.domain.access import Role, Visitor, fingerprint, new_token
from workshop.domain.checks import NAME_LENGTH, refuse_text
from workshop.domain.commitment import CheckIn, Status
from workshop.domain.company import Followed
from workshop.store import clock
from workshop.store.commitments import insert_check_in
from workshop.store.companies import company_of, record_of
from workshop.store.database import Change, Database
from workshop.store.errors import StoreError
from workshop.store.tables import CREATED_AT, TEXT, WORKSHOP_ID, Column, Table
from workshop.store.topics import PLAN
from workshop.store.verbs import Verb

TABLES = (
    Table(
        "check_in_link",
        (Column("fingerprint", TEXT), WORKSHOP_ID, Column("name", TEXT), CREATED_AT),
        ("fingerprint",),
        since=9,
    ),
)

HOLDS = "SELECT 1 FROM check_in_link WHERE fingerprint = $1"
UNKNOWN = "This link is not known, or this is not yours. Ask management for a new link."


@dataclass(frozen=True, slots=True)
class CheckInLink:
    """Whose link it is, and the workshop that gave it."""

    name: str
    workshop_id: str


class CheckInLinks:
    """A link to check in by, without a seat or an account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, visitor: Visitor, name: str) -> str:
        """A new token by which this person checks in; the one they had before ends.

        Raises StoreError where nobody of that name has signed for anything.
        """
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        name = name.strip()
        refuse_text("the name", name, NAME_LENGTH)
        token = new_token()
        with self._database.change(visitor, PLAN) as change:
            record = record_of(change, visitor)
            if not any(one.commitment.is_of(name) for one in record.followed):
                raise StoreError(f"Nobody called {name} has signed for anything.")
            _withdraw(change, record.company.id, name)
            change.insert(
                "check_in_link",
                fingerprint=fingerprint(token),
                workshop_id=visitor.workshop_id,
                name=name,
                created_at=clock.now(),
            )
            change.log_activity(Verb.CHECK_IN_LINK_ISSUED, name)
        return token

    def withdraw(self, visitor: Visitor, name: str) -> None:
        """End the link of this person, wherever in the company it was given."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        with self._database.change(visitor, PLAN) as change:
            _withdraw(change, company_of(change, visitor.workshop_id).id, name)
            change.log_activity(Verb.CHECK_IN_LINKS_WITHDRAWN, name)

    def names(self, visitor: Visitor) -> tuple[str, ...]:
        """Who of the company holds a link, in the order of their names."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        rows = self._database.read(
            "SELECT DISTINCT name FROM check_in_link WHERE workshop_id IN (SELECT id FROM workshop "
            "WHERE company_id = (SELECT company_id FROM workshop WHERE id = $1)) ORDER BY name",
            visitor.workshop_id,
        )
        return tuple(name for (name,) in rows)

    def find(self, token: str) -> CheckInLink | None:
        """Whose link this is, or None."""
        rows = self._database.read(
            "SELECT name, workshop_id FROM check_in_link WHERE fingerprint = $1",
            fingerprint(token),
        )
        return CheckInLink(*rows[0]) if rows else None

    def followed(self, link: CheckInLink) -> tuple[Followed, ...]:
        """What this person has signed for, what is due first in front; nothing that was dropped."""
        # Of ideas, which this page does not show, no more than the board may read.
        record = record_of(self._database, Visitor(Role.PROJECTOR, link.workshop_id))
        own = [
            one
            for one in record.followed
            if one.commitment.is_of(link.name) and one.commitment.status is not Status.DROPPED
        ]
        return tuple(sorted(own, key=lambda one: one.commitment.due))

    def check_in(
        self,
        token: str,
        commitment_id: str,
        is_kept: bool,
        sentence: str,
        *,
        submission_id: str = "",
    ) -> None:
        """Keep what this person says of a commitment of theirs.

        Raises StoreError where the link holds no more, or the commitment is not theirs; Repeated
        where this submission was taken before.
        """
        link = self.find(token)
        own = {one.commitment.id: one for one in self.followed(link)} if link else {}
        if link is None or commitment_id not in own:
            raise StoreError(UNKNOWN)
        # Somebody of that workshop, but with no seat there and no screen.
        nobody = Visitor(Role.PARTICIPANT, own[commitment_id].workshop_id)
        with self._database.change(nobody, PLAN, submission_id=submission_id) as change:
            # Within the change: it may have been withdrawn a moment ago.
            if not change.read(HOLDS, fingerprint(token)):
                raise StoreError(UNKNOWN)
            insert_check_in(
                change, CheckIn(commitment_id, link.name, is_kept, sentence.strip(), clock.now())
            )


def _withdraw(change: Change, company_id: str, name: str) -> None:
    change.write(
        "DELETE FROM check_in_link WHERE lower(name) = lower($1) AND workshop_id IN "
        "(SELECT id FROM workshop WHERE company_id = $2)",
        name,
        company_id,
    )
