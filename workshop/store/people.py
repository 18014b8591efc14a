"""People: who is expected, seated, at the door or removed, and their mini-teams."""

from __future__ import annotations

from workshop.domain.access import Role, Visitor, fingerprint
from workshop.domain.people import Person, Side, Team
from workshop.store.database import Source
from workshop.store.engine import Row, Run
from workshop.store.errors import StoreError
from workshop.store.tables import (
    CREATED_AT,
    FLAG,
    ID,
    ID_OR_NOBODYS,
    INTEGER,
    MOMENT,
    TEXT,
    WORKSHOP_ID,
    Column,
    Table,
)
from workshop.store.topics import SEATS

TABLES = (
    Table(
        "team",
        (Column("id", ID), WORKSHOP_ID, Column("name", TEXT), Column("place", INTEGER)),
        ("id",),
    ),
    Table(
        "person",
        (
            Column("id", ID),
            WORKSHOP_ID,
            Column("team_id", ID_OR_NOBODYS, points_to="team"),
            Column("name", TEXT),
            Column("side", TEXT),
            Column("joined", FLAG),
            Column("at_door", FLAG, before=lambda row: False),
            Column("reads_after", MOMENT, may_be_empty=True, before=lambda row: None),
            CREATED_AT,
        ),
        ("id",),
        numbered_by="row_order",
    ),
    # People whom the facilitator took off the list; what they wrote stays.
    Table(
        "removal",
        (Column("person_id", ID, points_to="person"), WORKSHOP_ID, CREATED_AT),
        ("person_id",),
    ),
    # The steps that a mini-team is done with.
    Table(
        "done",
        (Column("team_id", ID, points_to="team"), Column("step", INTEGER), WORKSHOP_ID),
        ("team_id", "step"),
    ),
)
# Whom a list names.
SEATED = "NOT at_door AND id NOT IN (SELECT person_id FROM removal WHERE workshop_id = $1)"
AT_THE_DOOR = "at_door AND id NOT IN (SELECT person_id FROM removal WHERE workshop_id = $1)"
BROUGHT_BACK = (
    "id IN (SELECT person_id FROM token WHERE fingerprint = $2) "
    "AND id NOT IN (SELECT person_id FROM removal WHERE workshop_id = $1)"
)
REMOVED = "id IN (SELECT person_id FROM removal WHERE workshop_id = $1)"


def teams_of(source: Source, workshop_id: str) -> tuple[Team, ...]:
    """The mini-teams in order; where nobody sits any more, only those that wrote ideas."""
    return source.cached(workshop_id, SEATS, "teams", lambda read: _load_teams(read, workshop_id))


def _load_teams(read: Run, workshop_id: str) -> tuple[Team, ...]:
    seated: dict[str, list[Person]] = {}
    for person in people_of(read, workshop_id):
        seated.setdefault(person.team_id, []).append(person)
    wrote = read("SELECT team_id FROM idea WHERE workshop_id = $1", workshop_id)
    kept = seated.keys() | {team_id for (team_id,) in wrote}
    done = read("SELECT team_id, step FROM done WHERE workshop_id = $1", workshop_id)
    return tuple(
        Team(
            team_id,
            name,
            tuple(seated.get(team_id, ())),
            frozenset(step for done_id, step in done if done_id == team_id),
        )
        for team_id, name in named_teams(read, workshop_id)
        if team_id in kept
    )


def seated_in(source: Source, workshop_id: str) -> dict[str, Person]:
    """Everybody who sits in a mini-team of this workshop, by their ids."""
    return source.cached(
        workshop_id,
        SEATS,
        "people",
        lambda read: {
            person.id: person for team in teams_of(source, workshop_id) for person in team.people
        },
    )


def person_of(source: Source, visitor: Visitor) -> Person:
    """A participant's own seat. Raises StoreError where they have none."""
    visitor.must_be(Role.PARTICIPANT)
    seated = seated_in(source, visitor.workshop_id)
    if visitor.person_id not in seated:
        raise StoreError("This seat is not in the records.")
    return seated[visitor.person_id]


def at_door(source: Source, workshop_id: str) -> tuple[Person, ...]:
    """Who waits at the door, in the order they came."""
    return source.cached(
        workshop_id,
        SEATS,
        "waiting",
        lambda read: tuple(people_of(read, workshop_id, AT_THE_DOOR)),
    )


def removed_from(source: Source, workshop_id: str) -> tuple[Person, ...]:
    """Who was taken off the list or turned away at the door, in the order they came."""
    return source.cached(
        workshop_id, SEATS, "removed", lambda read: tuple(people_of(read, workshop_id, REMOVED))
    )


def is_as(person: Person, other: Person) -> bool:
    """Whether two are called the same and come from the same side."""
    same_name = person.name.casefold() == other.name.casefold()
    return same_name and person.side is other.side


def seat_of(read: Run, workshop_id: str, token: str) -> Person | None:
    """Who is brought back by this token, seated or at the door; None for who was removed."""
    found = people_of(read, workshop_id, BROUGHT_BACK, fingerprint(token))
    return found[0] if found else None


def people_of(read: Run, workshop_id: str, which: str = SEATED, *values: str) -> list[Person]:
    """People in the order they came, as `read` sees the records: committed, or in a change."""
    return [
        Person(id_, name, Side(side), team_id, joined, reads_after)
        for id_, name, side, team_id, joined, reads_after in read(
            "SELECT id, name, side, team_id, joined, reads_after FROM person "
            f"WHERE workshop_id = $1 AND {which} ORDER BY number",
            workshop_id,
            *values,
        )
    ]


def named_teams(read: Run, workshop_id: str) -> list[Row]:
    """The id and name of each mini-team, in order, empty ones too."""
    return read("SELECT id, name FROM team WHERE workshop_id = $1 ORDER BY place", workshop_id)
