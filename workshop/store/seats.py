"""Seats: people and their mini-teams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from workshop.analysis import pairing
from workshop.domain.access import Role, Visitor, fingerprint, new_token
from workshop.domain.agenda import Phase
from workshop.domain.checks import NAME_LENGTH, refuse_text
from workshop.domain.people import Person, Side, Team
from workshop.domain.text import cleaned
from workshop.domain.workshop import Door
from workshop.store.doors import AGENDA
from workshop.store.records import Change, Row, StoreError, now
from workshop.store.room import Room
from workshop.store.verbs import Verb

SEATS = "seats"
IDEAS = "ideas"
# Three times the largest room that this was measured with, and nothing that a list can show.
MOST_PEOPLE = 1_000
# Who knocks beyond these is asked to wait: a list of more is no longer looked through.
MOST_AT_THE_DOOR = 100
DOOR_IS_CLOSED = (
    "The facilitator has closed the door of this workshop. Ask them to open it, then press Join "
    "again."
)
# Whom a list names.
SEATED = "NOT at_door AND id NOT IN (SELECT person_id FROM removal WHERE workshop_id = $1)"
AT_THE_DOOR = "at_door AND id NOT IN (SELECT person_id FROM removal WHERE workshop_id = $1)"
BROUGHT_BACK = (
    "id IN (SELECT person_id FROM token WHERE fingerprint = $2) "
    "AND id NOT IN (SELECT person_id FROM removal WHERE workshop_id = $1)"
)
REMOVED = "id IN (SELECT person_id FROM removal WHERE workshop_id = $1)"


class UnknownCode(StoreError):  # noqa: N818 — "raise UnknownCode" says it
    """No workshop has this room code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"No workshop has the code {code}. Look at the projector again.")


def team_topic(team_id: str) -> str:
    """The topic of one mini-team's seats and ideas; only its own laptops look again."""
    return f"team {team_id}"


class Seats(Room):
    """Who sits where."""

    def teams(self, visitor: Visitor) -> tuple[Team, ...]:
        """The mini-teams in order; where nobody sits any more, only those that wrote ideas."""
        return self._cached(
            visitor.workshop_id, SEATS, "teams", lambda: self._teams(visitor.workshop_id)
        )

    def _teams(self, workshop_id: str) -> tuple[Team, ...]:
        seated: dict[str, list[Person]] = {}
        for person in people_of(self._read, workshop_id):
            seated.setdefault(person.team_id, []).append(person)
        wrote = self._read("SELECT team_id FROM idea WHERE workshop_id = $1", workshop_id)
        kept = seated.keys() | {team_id for (team_id,) in wrote}
        done = self._read("SELECT team_id, step FROM done WHERE workshop_id = $1", workshop_id)
        return tuple(
            Team(
                team_id,
                name,
                tuple(seated.get(team_id, ())),
                frozenset(step for done_id, step in done if done_id == team_id),
            )
            for team_id, name in _named_teams(self._read, workshop_id)
            if team_id in kept
        )

    def person(self, visitor: Visitor) -> Person:
        """The participant's own seat."""
        visitor.must_be(Role.PARTICIPANT)
        seated = self._seated(visitor)
        if visitor.person_id not in seated:
            raise StoreError("This seat is not in the records.")
        return seated[visitor.person_id]

    def _seated(self, visitor: Visitor) -> dict[str, Person]:
        """Everybody who sits in a mini-team of this workshop, by their ids."""
        return self._cached(
            visitor.workshop_id,
            SEATS,
            "people",
            lambda: {person.id: person for team in self.teams(visitor) for person in team.people},
        )

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
        workshop_id = self.find(code)
        if workshop_id is None:
            raise UnknownCode(code)
        newcomer = Person(uuid4().hex, name.strip(), side, "")
        visitor = Visitor(Role.PARTICIPANT, workshop_id, newcomer.id)
        with self._change(visitor, SEATS) as change:
            is_known = bool(token) and _is_known(change, token)
            held = _seat_of(change.run, workshop_id, token) if is_known else None
            if held is not None and _is_as(held, newcomer):
                return token
            door = self.workshop(visitor).door
            if door is Door.CLOSED:
                raise StoreError(DOOR_IS_CLOSED)
            self._refuse_a_crowd(change, 1)
            seat = self._claim(change, newcomer)
            waits = not seat and (must_ask or door is Door.ASK)
            if waits:
                self._refuse_a_queue(change)
                self._insert_person(change, newcomer, at_door=True)
            elif not seat:
                self._seat(change, newcomer)
            seat = seat or newcomer.id
            token = new_token() if is_known or not token else token
            mark = fingerprint(token)
            self._keep_token(change, mark, Role.PARTICIPANT, seat)
            verb = Verb.PERSON_WAITING if waits else Verb.PERSON_JOINED
            change.trail(verb, seat, after={"name": newcomer.name, "side": side})
        self._visitors[mark] = Visitor(Role.PARTICIPANT, workshop_id, seat, mark)
        return token

    def holds(self, token: str, code: str, name: str, side: Side) -> bool:
        """Whether this token brings somebody of this name and side back to this workshop."""
        workshop_id = self.find(code)
        held = _seat_of(self._read, workshop_id, token) if workshop_id else None
        return held is not None and _is_as(held, Person("", name.strip(), side, ""))

    def namesake(self, code: str, name: str, side: Side, token: str) -> Person | None:
        """Who is in already under this name and side, and was not seated by this token.

        None as well where the roster still expects somebody of that name.
        """
        workshop_id = self.find(code)
        if workshop_id is None:
            raise UnknownCode(code)
        sought = Person("", name.strip(), side, "")
        teams = self.teams(Visitor(Role.PARTICIPANT, workshop_id))
        seated = (person for team in teams for person in team.people)
        alike = [person for person in seated if _is_as(person, sought)]
        held = _seat_of(self._read, workshop_id, token) if alike else None
        is_own = held is not None and held.id in {person.id for person in alike}
        is_expected = any(not person.joined for person in alike)
        return alike[0] if alike and not (is_own or is_expected) else None

    def _at_door(self, workshop_id: str) -> tuple[Person, ...]:
        return self._cached(
            workshop_id,
            SEATS,
            "waiting",
            lambda: tuple(people_of(self._read, workshop_id, AT_THE_DOOR)),
        )

    def _refuse_a_crowd(self, change: Change, more: int) -> None:
        seated = sum(len(team.people) for team in self.teams(change.visitor))
        if seated + MOST_AT_THE_DOOR + more <= MOST_PEOPLE:
            return
        seated += len(self._at_door(change.visitor.workshop_id))
        if seated + more > MOST_PEOPLE:
            raise StoreError(
                f"A workshop seats {MOST_PEOPLE:,} people at most, and {seated:,} are on its list."
            )

    def _refuse_a_queue(self, change: Change) -> None:
        if len(self._at_door(change.visitor.workshop_id)) >= MOST_AT_THE_DOOR:
            raise StoreError(
                f"{MOST_AT_THE_DOOR} people wait at the door of this workshop already. Ask the "
                "facilitator to let them in, then press Join again."
            )

    def _claim(self, change: Change, newcomer: Person) -> str | None:
        for team in self.teams(change.visitor):
            for person in team.people:
                if _is_as(person, newcomer) and not person.joined:
                    change.run(
                        "UPDATE person SET joined = TRUE, reads_after = $2 WHERE id = $1",
                        person.id,
                        self._last_written(change, person.team_id),
                    )
                    change.topics.append(team_topic(person.team_id))
                    return person.id
        return None

    def _seat(self, change: Change, newcomer: Person) -> None:
        team_ids, seated = self._seating(change.visitor, [newcomer])
        newcomers = self._sit(change, team_ids, seated, newcomer.id)
        if len(seated) == len(team_ids):  # only for a team that is founded somebody else may move
            for person in newcomers:
                _renew(change, person)

    def _seating(
        self, visitor: Visitor, newcomers: Sequence[Person]
    ) -> tuple[list[str], Sequence[Sequence[Person]]]:
        """The ids of the mini-teams, and who sits in each once these have come."""
        teams = [team for team in self.teams(visitor) if team.people]
        is_settled = self.workshop(visitor).position.phase != Phase.LOBBY
        seated = tuple(team.people for team in teams)
        for newcomer in newcomers:
            seated = pairing.seat(seated, newcomer, settled=is_settled)
        return [team.id for team in teams], seated

    def _insert_person(self, change: Change, person: Person, *, at_door: bool = False) -> None:
        change.insert(
            "person",
            id=person.id,
            workshop_id=change.visitor.workshop_id,
            team_id=person.team_id,
            name=person.name,
            side=person.side,
            joined=person.joined,
            at_door=at_door,
            reads_after=person.reads_after,
            created_at=now(),
        )

    def _sit(
        self,
        change: Change,
        team_ids: Sequence[str],
        seated: Sequence[Sequence[Person]],
        newcomer_id: str = "",
    ) -> list[Person]:
        """Write who sits where; the teams keep their order, further ones are founded.

        Who is new, or was new where they sat, does not read what the mini-team has written so far.
        Returns the newcomer as they are seated, if there is one.
        """
        newcomers = []
        ids = list(team_ids)
        while len(ids) < len(seated):
            ids.append(self._found_team(change))
        for team_id, people in zip(ids, seated, strict=False):
            for person in people:
                if person.id == newcomer_id:
                    last = self._last_written(change, team_id)
                    newcomers.append(replace(person, team_id=team_id, reads_after=last))
                    self._insert_person(change, newcomers[-1])
                    change.topics.append(team_topic(team_id))
                elif person.team_id != team_id:
                    change.run(
                        "UPDATE person SET team_id = $1, reads_after = CASE "
                        "WHEN reads_after IS NULL AND NOT at_door THEN NULL ELSE $2 END "
                        "WHERE id = $3",
                        team_id,
                        self._last_written(change, team_id),
                        person.id,
                    )
                    change.topics.extend([team_topic(person.team_id), team_topic(team_id)])
        return newcomers

    def _last_written(self, change: Change, team_id: str) -> datetime | None:
        """When the mini-team wrote its last idea; None where it has not written yet.

        Compared with ideas alone and never with the clock: if that is put back, less is read.
        """
        workshop_id = change.visitor.workshop_id

        def load() -> dict[str, datetime]:
            statement = (
                "SELECT team_id, max(created_at) FROM idea WHERE workshop_id = $1 GROUP BY team_id"
            )
            return dict(change.run(statement, workshop_id))

        return self._cached(workshop_id, IDEAS, "last written", load).get(team_id)

    def _found_team(self, change: Change) -> str:
        workshop_id = change.visitor.workshop_id
        [(count,)] = change.run("SELECT count(*) FROM team WHERE workshop_id = $1", workshop_id)
        team_id = uuid4().hex
        change.insert(
            "team", id=team_id, workshop_id=workshop_id, name=f"Team {count + 1}", place=count
        )
        return team_id

    def expect(
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
        with self._change(visitor, SEATS, submission_id=submission_id) as change:
            self._refuse_a_crowd(change, len(people))
            expected = [Person(uuid4().hex, name, side, "", joined=False) for name, side in people]
            for person in expected:
                self._insert_person(change, person)
            self._mix(change)
            names = [[person.name, person.side] for person in expected]
            change.trail(Verb.ROSTER_IMPORTED, "", after=names)

    def reshuffle(self, visitor: Visitor) -> None:
        """Deal everybody into mixed mini-teams anew."""
        visitor.must_be(Role.FACILITATOR)
        with self._change(visitor, SEATS) as change:
            self._mix(change)
            change.trail(Verb.TEAMS_RESHUFFLED, "")

    def _mix(self, change: Change) -> None:
        workshop_id = change.visitor.workshop_id
        [(changes,)] = change.run(
            "SELECT count(*) FROM activity WHERE workshop_id = $1", workshop_id
        )
        ids = [team_id for team_id, _ in _named_teams(change.run, workshop_id)]
        seated = pairing.mix(people_of(change.run, workshop_id), seed=changes)
        self._sit(change, ids, seated)

    def move(self, visitor: Visitor, person_id: str, team_id: str) -> None:
        """Move a person to another mini-team; they read all that it has written."""
        visitor.must_be(Role.FACILITATOR)
        with self._change(visitor, AGENDA, SEATS) as change:
            moved = change.run(
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
            change.trail(Verb.PERSON_MOVED, person_id, after={"team": team_id})

    def rename(self, visitor: Visitor, team_id: str, name: str, *, submission_id: str = "") -> None:
        """Give a mini-team another name. Raises Repeated where this submission was taken before."""
        visitor.must_be(Role.FACILITATOR)
        name = cleaned(name).strip()
        refuse_text("the name of the team", name, NAME_LENGTH)
        with self._change(visitor, AGENDA, SEATS, submission_id=submission_id) as change:
            if not change.run(
                "UPDATE team SET name = $1 WHERE id = $2 AND workshop_id = $3 RETURNING id",
                name,
                team_id,
                visitor.workshop_id,
            ):
                raise StoreError("This mini-team is not in the records.")
            change.trail(Verb.TEAM_RENAMED, team_id, after={"name": name})

    def set_done(self, visitor: Visitor, step: int, done: bool) -> None:
        """A mini-team says that it is done with a step, or takes that back."""
        visitor.must_be(Role.PARTICIPANT)
        with self._change(visitor, SEATS) as change:
            team_id = self.person(visitor).team_id
            change.topics.append(team_topic(team_id))
            if done:
                change.run(
                    "INSERT INTO done (team_id, step, workshop_id) VALUES ($1, $2, $3) "
                    "ON CONFLICT (team_id, step) DO NOTHING",
                    team_id,
                    step,
                    visitor.workshop_id,
                )
            else:
                change.run("DELETE FROM done WHERE team_id = $1 AND step = $2", team_id, step)
            verb = Verb.TEAM_DONE if done else Verb.TEAM_RESUMED
            change.trail(verb, team_id, after={"step": step})


def _is_as(person: Person, other: Person) -> bool:
    """Whether two are called the same and come from the same side."""
    same_name = person.name.casefold() == other.name.casefold()
    return same_name and person.side is other.side


def _seat_of(run: Callable[..., list[Row]], workshop_id: str, token: str) -> Person | None:
    """Who is brought back by this token, seated or at the door; None for who was removed."""
    found = people_of(run, workshop_id, BROUGHT_BACK, fingerprint(token))
    return found[0] if found else None


def _is_known(change: Change, token: str) -> bool:
    known = "SELECT 1 FROM token WHERE fingerprint = $1"
    return bool(change.run(known, fingerprint(token)))


def _renew(change: Change, newcomer: Person) -> None:
    """Of all teams that have been read, seat the newcomer in theirs, as its last."""

    def amended(teams: tuple[Team, ...]) -> tuple[Team, ...]:
        return tuple(
            replace(team, people=(*team.people, newcomer)) if team.id == newcomer.team_id else team
            for team in teams
        )

    change.amend(SEATS, "teams", amended)


def people_of(
    run: Callable[..., list[Row]], workshop_id: str, which: str = SEATED, *values: str
) -> list[Person]:
    """People in the order they came, as `run` sees the records: committed, or in a change."""
    return [
        Person(id_, name, Side(side), team_id, joined, reads_after)
        for id_, name, side, team_id, joined, reads_after in run(
            "SELECT id, name, side, team_id, joined, reads_after FROM person "
            f"WHERE workshop_id = $1 AND {which} ORDER BY number",
            workshop_id,
            *values,
        )
    ]


def _named_teams(run: Callable[..., list[Row]], workshop_id: str) -> list[Row]:
    """The id and name of each mini-team, in order, empty ones too."""
    return run("SELECT id, name FROM team WHERE workshop_id = $1 ORDER BY place", workshop_id)
