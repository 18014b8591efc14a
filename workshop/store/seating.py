"""Seating: who sits in which mini-team, written within a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from workshop.analysis import pairing
from workshop.domain.agenda import Phase
from workshop.domain.people import Person, Team
from workshop.store import clock
from workshop.store.database import Change
from workshop.store.engine import Run
from workshop.store.errors import StoreError
from workshop.store.people import at_door, is_as, named_teams, people_of, teams_of
from workshop.store.topics import IDEAS, SEATS, team_topic
from workshop.store.workshops import workshop_of

# Three times the largest room that this was measured with, and nothing that a list can show.
MOST_PEOPLE = 1_000
# Who knocks beyond these is asked to wait: a list of more is no longer looked through.
MOST_AT_THE_DOOR = 100


def refuse_crowd(change: Change, more: int) -> None:
    """Raise StoreError where so many more would be more than a workshop seats."""
    seated = sum(len(team.people) for team in teams_of(change, change.workshop_id))
    if seated + MOST_AT_THE_DOOR + more <= MOST_PEOPLE:
        return
    seated += len(at_door(change, change.workshop_id))
    if seated + more > MOST_PEOPLE:
        raise StoreError(
            f"A workshop seats {MOST_PEOPLE:,} people at most, and {seated:,} are on its list."
        )


def refuse_queue(change: Change) -> None:
    """Raise StoreError where too many wait at the door already."""
    if len(at_door(change, change.workshop_id)) >= MOST_AT_THE_DOOR:
        raise StoreError(
            f"{MOST_AT_THE_DOOR} people wait at the door of this workshop already. Ask the "
            "facilitator to let them in, then press Join again."
        )


def claim(change: Change, newcomer: Person) -> str | None:
    """Give a newcomer the seat that the roster keeps for them; its id, or None."""
    for team in teams_of(change, change.workshop_id):
        for person in team.people:
            if is_as(person, newcomer) and not person.joined:
                change.write(
                    "UPDATE person SET joined = TRUE, reads_after = $2 WHERE id = $1",
                    person.id,
                    _last_written(change, person.team_id),
                )
                change.topics.append(team_topic(person.team_id))
                return person.id
    return None


def seat(change: Change, newcomer: Person) -> None:
    """Seat a newcomer in the mini-team that they complete best."""
    team_ids, seated = seating(change, [newcomer])
    newcomers = sit(change, team_ids, seated, newcomer.id)
    if len(seated) == len(team_ids):  # only for a team that is founded somebody else may move
        for person in newcomers:
            _renew_teams(change, person)


def seating(
    change: Change, newcomers: Sequence[Person]
) -> tuple[list[str], Sequence[Sequence[Person]]]:
    """The ids of the mini-teams, and who sits in each once these have come."""
    teams = [team for team in teams_of(change, change.workshop_id) if team.people]
    is_settled = workshop_of(change, change.workshop_id).position.phase != Phase.LOBBY
    seated = tuple(team.people for team in teams)
    for newcomer in newcomers:
        seated = pairing.seat(seated, newcomer, settled=is_settled)
    return [team.id for team in teams], seated


def insert_person(change: Change, person: Person, *, at_door: bool = False) -> None:
    """Write somebody down, in a mini-team or at the door."""
    change.insert(
        "person",
        id=person.id,
        workshop_id=change.workshop_id,
        team_id=person.team_id,
        name=person.name,
        side=person.side,
        joined=person.joined,
        at_door=at_door,
        reads_after=person.reads_after,
        created_at=clock.now(),
    )


def sit(
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
        ids.append(_found_team(change))
    for team_id, people in zip(ids, seated, strict=False):
        for person in people:
            if person.id == newcomer_id:
                last = _last_written(change, team_id)
                newcomers.append(replace(person, team_id=team_id, reads_after=last))
                insert_person(change, newcomers[-1])
                change.topics.append(team_topic(team_id))
            elif person.team_id != team_id:
                change.write(
                    "UPDATE person SET team_id = $1, reads_after = CASE "
                    "WHEN reads_after IS NULL AND NOT at_door THEN NULL ELSE $2 END "
                    "WHERE id = $3",
                    team_id,
                    _last_written(change, team_id),
                    person.id,
                )
                change.topics.extend([team_topic(person.team_id), team_topic(team_id)])
    return newcomers


def _last_written(change: Change, team_id: str) -> datetime | None:
    """When the mini-team wrote its last idea; None where it has not written yet.

    Compared with ideas alone and never with the clock: if that is put back, less is read.
    """
    workshop_id = change.workshop_id

    def load(read: Run) -> dict[str, datetime]:
        statement = (
            "SELECT team_id, max(created_at) FROM idea WHERE workshop_id = $1 GROUP BY team_id"
        )
        return dict(read(statement, workshop_id))

    return change.cached(workshop_id, IDEAS, "last written", load).get(team_id)


def _found_team(change: Change) -> str:
    workshop_id = change.workshop_id
    [(count,)] = change.read("SELECT count(*) FROM team WHERE workshop_id = $1", workshop_id)
    team_id = uuid4().hex
    change.insert(
        "team", id=team_id, workshop_id=workshop_id, name=f"Team {count + 1}", place=count
    )
    return team_id


def mix(change: Change) -> None:
    """Deal everybody into mixed mini-teams anew."""
    workshop_id = change.workshop_id
    [(changes,)] = change.read("SELECT count(*) FROM activity WHERE workshop_id = $1", workshop_id)
    ids = [team_id for team_id, _ in named_teams(change.read, workshop_id)]
    seated = pairing.mix(people_of(change.read, workshop_id), seed=changes)
    sit(change, ids, seated)


def _renew_teams(change: Change, newcomer: Person) -> None:
    """Of all teams that have been read, seat the newcomer in theirs, as its last."""

    def amended(teams: tuple[Team, ...]) -> tuple[Team, ...]:
        return tuple(
            replace(team, people=(*team.people, newcomer)) if team.id == newcomer.team_id else team
            for team in teams
        )

    change.amend(SEATS, "teams", amended)
