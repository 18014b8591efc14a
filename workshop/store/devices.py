"""Devices: somebody who is in asks for their own seat from another phone or laptop.

Who asks is kept in memory only: the waiting page asks again with every refresh, so that a restart
loses nothing but a refusal. A seat that was shared is in the records, as one more token.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from workshop.domain.access import Role, Visitor, fingerprint
from workshop.domain.people import Person
from workshop.store.database import Database, Source
from workshop.store.errors import StoreError
from workshop.store.people import person_of, seated_in
from workshop.store.tokens import insert_token
from workshop.store.topics import SEATS, team_topic
from workshop.store.verbs import Verb
from workshop.store.workshops import Workshops

# Who has not asked again for so long has given up; a phone that sleeps comes back before that.
ASKS_FOR_SECONDS = 600
# More devices than these nobody has: the others ask in somebody's name.
MOST_ASKING = 3
TOO_MANY_ASK = (
    "Several devices ask for this seat already. Answer them first, on the device that is in or by "
    "the facilitator."
)
ASKS_NO_MORE = "This device is no longer asking."


@dataclass(frozen=True, slots=True)
class Asking:
    """A device that asks for the seat of a person; `mark` is the fingerprint of its token."""

    mark: str
    person: Person
    until: float

    @property
    def number(self) -> int:
        """Two digits that both devices show, so that the right one is confirmed."""
        return 10 + int(self.mark[:8], 16) % 90


class Devices:
    """Which devices ask for a seat that is taken, and who may share it."""

    def __init__(self, database: Database, workshops: Workshops) -> None:
        self._database = database
        self._workshops = workshops
        self._asking: dict[str, Asking] = {}
        self._turned_away: set[str] = set()

    def ask_for_seat(self, code: str, person_id: str, token: str) -> Asking | None:
        """Ask, or ask again, for the seat of somebody who is in; tells them and the facilitator.

        None where nobody of this workshop sits there any more, or the device was turned away.
        Raises StoreError where too many ask already.
        """
        mark, workshop_id = fingerprint(token), self._workshops.find(code)
        if workshop_id is None or mark in self._turned_away:
            return None
        visitor = Visitor(Role.PARTICIPANT, workshop_id, person_id)
        try:
            person = person_of(self._database, visitor)
        except StoreError:
            return None
        if not person.joined:
            return None
        asking = Asking(mark, person, time.monotonic() + ASKS_FOR_SECONDS)
        if mark in self._asking:
            self._asking[mark] = asking
            return asking
        with self._database.change(visitor, SEATS, team_topic(person.team_id)) as change:
            if len(self._askers(change, workshop_id, person_id)) >= MOST_ASKING:
                raise StoreError(TOO_MANY_ASK)
            change.log_activity(Verb.SEAT_REQUESTED, person_id)
            self._asking = {**self._still_asking(), mark: asking}
        return asking

    def askers(self, visitor: Visitor) -> tuple[Asking, ...]:
        """The devices that ask: for one's own seat, or, as facilitator, for anybody's."""
        visitor.must_be(Role.FACILITATOR, Role.PARTICIPANT)
        return self._askers(self._database, visitor.workshop_id, visitor.person_id)

    def _askers(self, source: Source, workshop_id: str, person_id: str) -> tuple[Asking, ...]:
        """Of one person, or of all where no person is named, in the order they came."""
        seated = seated_in(source, workshop_id)
        return tuple(
            replace(asking, person=seated[asking.person.id])
            for asking in self._still_asking().values()
            if asking.person.id in seated and asking.person.id == (person_id or asking.person.id)
        )

    def _still_asking(self) -> dict[str, Asking]:
        moment = time.monotonic()
        return {
            mark: asking for mark, asking in list(self._asking.items()) if asking.until > moment
        }

    def share_seat(self, visitor: Visitor, mark: str, *, submission_id: str = "") -> None:
        """Let a device that asks into the seat, with a token of its own.

        Raises Repeated where this submission was taken before.
        """
        with self._database.change(visitor, SEATS, submission_id=submission_id) as change:
            asking = self._asked(visitor, mark)
            change.topics.append(team_topic(asking.person.team_id))
            insert_token(change, mark, Role.PARTICIPANT, asking.person.id)
            change.log_activity(Verb.SEAT_SHARED, asking.person.id)
            del self._asking[mark]

    def turn_away(self, visitor: Visitor, mark: str, *, submission_id: str = "") -> None:
        """Do not let a device that asks into the seat; it may join as somebody new.

        Raises Repeated where this submission was taken before.
        """
        with self._database.change(visitor, SEATS, submission_id=submission_id) as change:
            asking = self._asked(visitor, mark)
            change.topics.append(team_topic(asking.person.team_id))
            change.log_activity(Verb.SEAT_REFUSED, asking.person.id)
            self._turned_away.add(mark)
            del self._asking[mark]

    def _asked(self, visitor: Visitor, mark: str) -> Asking:
        for asking in self.askers(visitor):
            if asking.mark == mark:
                return asking
        raise StoreError(ASKS_NO_MORE)
