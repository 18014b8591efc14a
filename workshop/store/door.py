"""The door: how new people come in, who waits, and who is taken off the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from workshop.domain.access import Role, Visitor
from workshop.domain.people import Person
from workshop.domain.workshop import Door as DoorState
from workshop.store import clock
from workshop.store.database import Database
from workshop.store.errors import StoreError
from workshop.store.people import (
    AT_THE_DOOR,
    SEATED,
    at_door,
    people_of,
    removed_from,
    teams_of,
)
from workshop.store.seating import refuse_crowd, seating, sit
from workshop.store.topics import AGENDA, SEATS, TOKENS
from workshop.store.verbs import Verb
from workshop.store.workshops import workshop_of


class Door:
    """Who is let in, and who has to go."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, visitor: Visitor, door: DoorState) -> None:
        """Say how new people come in; who is in stays in."""
        visitor.must_be(Role.FACILITATOR)
        door = DoorState(door)
        with self._database.change(visitor, AGENDA) as change:
            before = workshop_of(change, visitor.workshop_id).door
            change.update("workshop", visitor.workshop_id, door=door)
            change.log_activity(Verb.DOOR_SET, door, before, door)

    def waiting(self, visitor: Visitor) -> tuple[Person, ...]:
        """Who waits at the door, in the order they came."""
        visitor.must_be(Role.FACILITATOR)
        return at_door(self._database, visitor.workshop_id)

    def is_waiting(self, visitor: Visitor) -> bool:
        """Whether the participant still waits at the door."""
        visitor.must_be(Role.PARTICIPANT)
        waiting = at_door(self._database, visitor.workshop_id)
        return visitor.person_id in {person.id for person in waiting}

    def let_in(self, visitor: Visitor, person_ids: Sequence[str]) -> None:
        """Seat these people, who wait at the door, in mini-teams."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA, SEATS) as change:
            people = people_of(change.read, visitor.workshop_id, AT_THE_DOOR)
            let_in = [person for person in people if person.id in person_ids]
            if len(let_in) < len(person_ids):
                raise StoreError("One of these people is no longer waiting at the door.")
            sit(change, *seating(change, let_in))
            for person in let_in:
                change.update("person", person.id, at_door=False)
                change.log_activity(Verb.PERSON_LET_IN, person.id)

    def remove(self, visitor: Visitor, *person_ids: str) -> None:
        """Take people off the list, or away from the door: their seats are free again.

        Their tokens open nothing more, what they wrote stays.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA, SEATS, TOKENS) as change:
            here = {
                person.id
                for which in (SEATED, AT_THE_DOOR)
                for person in people_of(change.read, visitor.workshop_id, which)
            }
            if not set(person_ids) <= here:
                raise StoreError("This person is not in the records.")
            for person_id in person_ids:
                change.insert(
                    "removal",
                    person_id=person_id,
                    workshop_id=visitor.workshop_id,
                    created_at=clock.now(),
                )
                change.log_activity(Verb.PERSON_REMOVED, person_id)

    def newcomers(self, visitor: Visitor, within: timedelta) -> tuple[Person, ...]:
        """Who has joined, or asked to, within this time and is not removed, as they came."""
        visitor.must_be(Role.FACILITATOR)
        until = clock.now()
        rows = self._database.read(
            "SELECT person_id FROM token WHERE workshop_id = $1 AND role = $2 "
            "AND created_at BETWEEN $3 AND $4",
            visitor.workshop_id,
            Role.PARTICIPANT,
            until - within,
            until,
        )
        came = {person_id for (person_id,) in rows}
        seated = [
            person
            for team in teams_of(self._database, visitor.workshop_id)
            for person in team.people
        ]
        return tuple(person for person in (*seated, *self.waiting(visitor)) if person.id in came)

    def restore(self, visitor: Visitor, person_id: str) -> None:
        """Take a removed person back, into the mini-team they sat in; their token works again."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA, SEATS, TOKENS) as change:
            refuse_crowd(change, 1)
            if not change.write(
                "DELETE FROM removal WHERE person_id = $1 AND workshop_id = $2 RETURNING person_id",
                person_id,
                visitor.workshop_id,
            ):
                raise StoreError("Nobody of this workshop was removed under this number.")
            change.log_activity(Verb.PERSON_TAKEN_BACK, person_id)

    def removed(self, visitor: Visitor) -> tuple[Person, ...]:
        """Who was taken off the list or turned away at the door, in the order they came."""
        visitor.must_be(Role.FACILITATOR)
        return removed_from(self._database, visitor.workshop_id)
