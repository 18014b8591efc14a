"""Seats: how people come in, and who sits in which mini-team."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from workshop.domain.access import Role, Visitor, answer_secret, fingerprint, new_token
from workshop.domain.checks import NAME_LENGTH, refuse_text
from workshop.domain.people import Person, Side, Team
from workshop.domain.text import cleaned
from workshop.domain.workshop import Door
from workshop.store.database import Change, Database
from workshop.store.errors import StoreError, UnknownCode
from workshop.store.people import at_door, is_as, person_of, seat_of, teams_of
from workshop.store.seating import (
    claim,
    insert_person,
    mix,
    refuse_crowd,
    refuse_queue,
    seat,
)
from workshop.store.tokens import Tokens, insert_token
from workshop.store.topics import AGENDA, SEATS, team_topic
from workshop.store.verbs import Verb
from workshop.store.workshops import Workshops, workshop_of

DOOR_IS_CLOSED = (
    "The facilitator has closed the door of this workshop. Ask them to open it, then press Join "
    "again."
)


class Seats:
    """Who sits where."""

    def __init__(self, database: Database, workshops: Workshops, tokens: Tokens) -> None:
        self._database = database
        self._workshops = workshops
        self._tokens = tokens

    def teams(self, visitor: Visitor) -> tuple[Team, ...]:
        """The mini-teams in order; where nobody sits any more, only those that wrote ideas."""
        return teams_of(self._database, visitor.workshop_id)

    def person(self, visitor: Visitor) -> Person:
        """The participant's own seat."""
        return person_of(self._database, visitor)

    def own_name(self, visitor: Visitor) -> str:
        """The participant's name, also while they wait at the door."""
        visitor.must_be(Role.PARTICIPANT)
        waiting = at_door(self._database, visitor.workshop_id)
        names = {person.id: person.name for person in waiting}
        return names.get(visitor.person_id) or self.person(visitor).name

    def join(
        self, code: str, name: str, side: Side, *, must_ask: bool = False, token: str = ""
    ) -> str:
        """Seat somebody in a mini-team; returns the token that brings them back to that seat.

        Joining again with the same `token`, name and side is the same seat, however often it is
        done; without a token, or with one that is another seat's, it is a new seat and token.

        A name and side that the roster knows and nobody has claimed takes that seat. Where the
        facilitator wants to be asked, or with `must_ask`, anybody else waits at the door until
        they are let in. Raises StoreError where the door is closed or nobody else fits in.
        """
        workshop_id = self._workshops.find(code)
        if workshop_id is None:
            raise UnknownCode(code)
        newcomer = Person(uuid4().hex, name.strip(), side, "")
        visitor = Visitor(Role.PARTICIPANT, workshop_id, newcomer.id)
        version = self._tokens.version(workshop_id)
        with self._database.change(visitor, SEATS) as change:
            is_known = bool(token) and _is_known(change, token)
            held = seat_of(change.read, workshop_id, token) if is_known else None
            if held is not None and is_as(held, newcomer):
                return token
            door = workshop_of(change, workshop_id).door
            if door is Door.CLOSED:
                raise StoreError(DOOR_IS_CLOSED)
            refuse_crowd(change, 1)
            seat_id = claim(change, newcomer)
            waits = not seat_id and (must_ask or door is Door.ASK)
            if waits:
                refuse_queue(change)
                insert_person(change, newcomer, at_door=True)
            elif not seat_id:
                seat(change, newcomer)
            seat_id = seat_id or newcomer.id
            token = new_token() if is_known or not token else token
            mark = fingerprint(token)
            insert_token(change, mark, Role.PARTICIPANT, seat_id)
            verb = Verb.PERSON_WAITING if waits else Verb.PERSON_JOINED
            change.log_activity(verb, seat_id, after={"name": newcomer.name, "side": side})
        admitted = Visitor(
            Role.PARTICIPANT, workshop_id, seat_id, mark, secret=answer_secret(token)
        )
        self._tokens.remember(admitted, version)
        return token

    def holds(self, token: str, code: str, name: str, side: Side) -> bool:
        """Whether this token brings somebody of this name and side back to this workshop."""
        workshop_id = self._workshops.find(code)
        held = seat_of(self._database.read, workshop_id, token) if workshop_id else None
        return held is not None and is_as(held, Person("", name.strip(), side, ""))

    def namesake(self, code: str, name: str, side: Side, token: str) -> Person | None:
        """Who is in already under this name and side, and was not seated by this token.

        None as well where the roster still expects somebody of that name.
        """
        workshop_id = self._workshops.find(code)
        if workshop_id is None:
            raise UnknownCode(code)
        sought = Person("", name.strip(), side, "")
        teams = teams_of(self._database, workshop_id)
        seated = (person for team in teams for person in team.people)
        alike = [person for person in seated if is_as(person, sought)]
        held = seat_of(self._database.read, workshop_id, token) if alike else None
        is_own = held is not None and held.id in {person.id for person in alike}
        is_expected = any(not person.joined for person in alike)
        return alike[0] if alike and not (is_own or is_expected) else None

    def import_roster(
        self,
        visitor: Visitor,
        people: Sequence[tuple[str, Side]],
        *,
        submission_id: str = "",
    ) -> None:
        """Seat a roster of people who have not joined yet in mixed mini-teams.

        Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, SEATS, submission_id=submission_id) as change:
            refuse_crowd(change, len(people))
            expected = [Person(uuid4().hex, name, side, "", joined=False) for name, side in people]
            for person in expected:
                insert_person(change, person)
            mix(change)
            names = [[person.name, person.side] for person in expected]
            change.log_activity(Verb.ROSTER_IMPORTED, "", after=names)

    def reshuffle(self, visitor: Visitor) -> None:
        """Deal everybody into mixed mini-teams anew."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, SEATS) as change:
            mix(change)
            change.log_activity(Verb.TEAMS_RESHUFFLED, "")

    def move(self, visitor: Visitor, person_id: str, team_id: str) -> None:
        """Move a person to another mini-team; they read all that it has written."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA, SEATS) as change:
            moved = change.write(
                "UPDATE person SET team_id = $1, reads_after = NULL "
                "WHERE id = $2 AND workshop_id = $3 "
                "AND EXISTS (SELECT 1 FROM team WHERE id = $1 AND workshop_id = $3) "
                "RETURNING id",
                team_id,
                person_id,
                visitor.workshop_id,
            )
            if not moved:
                raise StoreError("This person or this mini-team is not in the records.")
            change.log_activity(Verb.PERSON_MOVED, person_id, after={"team": team_id})

    def rename(self, visitor: Visitor, team_id: str, name: str, *, submission_id: str = "") -> None:
        """Give a mini-team another name. Raises Repeated where this submission was taken before."""
        visitor.must_be(Role.FACILITATOR)
        name = cleaned(name).strip()
        refuse_text("the name of the team", name, NAME_LENGTH)
        with self._database.change(visitor, AGENDA, SEATS, submission_id=submission_id) as change:
            if not change.write(
                "UPDATE team SET name = $1 WHERE id = $2 AND workshop_id = $3 RETURNING id",
                name,
                team_id,
                visitor.workshop_id,
            ):
                raise StoreError("This mini-team is not in the records.")
            change.log_activity(Verb.TEAM_RENAMED, team_id, after={"name": name})

    def set_done(self, visitor: Visitor, step: int, done: bool, *, submission_id: str = "") -> None:
        """A mini-team says that it is done with a step, or takes that back.

        Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.PARTICIPANT)
        with self._database.change(visitor, SEATS, submission_id=submission_id) as change:
            team_id = person_of(change, visitor).team_id
            change.topics.append(team_topic(team_id))
            if done:
                change.write(
                    "INSERT INTO done (team_id, step, workshop_id) VALUES ($1, $2, $3) "
                    "ON CONFLICT (team_id, step) DO NOTHING",
                    team_id,
                    step,
                    visitor.workshop_id,
                )
            else:
                change.write("DELETE FROM done WHERE team_id = $1 AND step = $2", team_id, step)
            verb = Verb.TEAM_DONE if done else Verb.TEAM_RESUMED
            change.log_activity(verb, team_id, after={"step": step})


def _is_known(change: Change, token: str) -> bool:
    known = "SELECT 1 FROM token WHERE fingerprint = $1"
    return bool(change.read(known, fingerprint(token)))
