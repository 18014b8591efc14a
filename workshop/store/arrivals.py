"""Arrivals: who waits at the door, who has just come, and who is taken off the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from workshop.domain.access import Role, Visitor
from workshop.domain.people import Person
from workshop.store.doors import AGENDA
from workshop.store.records import Change, Row, StoreError, now
from workshop.store.seats import AT_THE_DOOR, REMOVED, SEATED, SEATS, Seats, people_of
from workshop.store.verbs import Verb


class Arrivals(Seats):
    """Who is let in, and who has to go."""

    def waiting(self, visitor: Visitor) -> tuple[Person, ...]:
        """Who waits at the door, in the order they came."""
        visitor.must_be(Role.FACILITATOR)
        return self._at_door(visitor.workshop_id)

    def is_waiting(self, visitor: Visitor) -> bool:
        """Whether the participant still waits at the door."""
        visitor.must_be(Role.PARTICIPANT)
        return visitor.person_id in {person.id for person in self._at_door(visitor.workshop_id)}

    def own_name(self, visitor: Visitor) -> str:
        """The participant's name, also while they wait at the door."""
        visitor.must_be(Role.PARTICIPANT)
        waiting = {person.id: person.name for person in self._at_door(visitor.workshop_id)}
        return waiting.get(visitor.person_id) or self.person(visitor).name

    def let_in(self, visitor: Visitor, person_ids: Sequence[str]) -> None:
        """Seat these people, who wait at the door, in mini-teams."""
        visitor.must_be(Role.FACILITATOR)
        with self._change(visitor, AGENDA, SEATS) as change:
            people = people_of(change.run, visitor.workshop_id, AT_THE_DOOR)
            let_in = [person for person in people if person.id in person_ids]
            if len(let_in) < len(person_ids):
                raise StoreError("Somebody of these does not wait at the door any more.")
            self._sit(change, *self._seating(visitor, let_in))
            for person in let_in:
                change.run("UPDATE person SET at_door = FALSE WHERE id = $1", person.id)
                change.trail(Verb.PERSON_LET_IN, person.id)

    def remove(self, visitor: Visitor, *person_ids: str) -> None:
        """Take people off the list, or away from the door: their seats are free again.

        Their tokens open nothing more, what they wrote stays.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._change(visitor, AGENDA, SEATS) as change:
            here = {
                person.id
                for which in (SEATED, AT_THE_DOOR)
                for person in people_of(change.run, visitor.workshop_id, which)
            }
            if not set(person_ids) <= here:
                raise StoreError("This person is not in the records.")
            for person_id in person_ids:
                change.insert(
                    "removal",
                    person_id=person_id,
                    workshop_id=visitor.workshop_id,
                    created_at=now(),
                )
                self._refuse(_tokens(change, person_id))
                change.trail(Verb.PERSON_REMOVED, person_id)

    def newcomers(self, visitor: Visitor, within: timedelta) -> tuple[Person, ...]:
        """Who has joined, or asked to, within this time and is not removed, as they came."""
        visitor.must_be(Role.FACILITATOR)
        until = now()
        rows = self._read(
            "SELECT person_id FROM token WHERE workshop_id = $1 AND role = $2 "
            "AND created_at BETWEEN $3 AND $4",
            visitor.workshop_id,
            Role.PARTICIPANT,
            until - within,
            until,
        )
        came = {person_id for (person_id,) in rows}
        seated = [person for team in self.teams(visitor) for person in team.people]
        return tuple(person for person in (*seated, *self.waiting(visitor)) if person.id in came)

    def restore(self, visitor: Visitor, person_id: str) -> None:
        """Take a removed person back, into the mini-team they sat in; their token works again."""
        visitor.must_be(Role.FACILITATOR)
        with self._change(visitor, AGENDA, SEATS) as change:
            self._refuse_a_crowd(change, 1)
            if not change.run(
                "DELETE FROM removal WHERE person_id = $1 AND workshop_id = $2 RETURNING person_id",
                person_id,
                visitor.workshop_id,
            ):
                raise StoreError("Nobody of this workshop was removed under this number.")
            self._welcome(_tokens(change, person_id))
            change.trail(Verb.PERSON_TAKEN_BACK, person_id)

    def removed(self, visitor: Visitor) -> tuple[Person, ...]:
        """Who was taken off the list or turned away at the door, in the order they came."""
        visitor.must_be(Role.FACILITATOR)
        return self._cached(
            visitor.workshop_id,
            SEATS,
            "removed",
            lambda: tuple(people_of(self._read, visitor.workshop_id, REMOVED)),
        )


def _tokens(change: Change, person_id: str) -> list[Row]:
    return change.run("SELECT fingerprint FROM token WHERE person_id = $1", person_id)
