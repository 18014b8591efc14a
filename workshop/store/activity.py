"""The activity log: who changed what in a workshop, and when. It stays as far as a backup holds it.

Where it grows beyond that, the many times that somebody changed one and the same thing go first,
then what is oldest. What later decides who may come in stays for good.
"""

from __future__ import annotations

from typing import NamedTuple

from workshop.domain.access import Role, Visitor
from workshop.store.engine import Row, Run
from workshop.store.tables import ID_OR_NOBODYS, JSON, MOMENT, TEXT, WORKSHOP_ID, Column, Table
from workshop.store.verbs import Verb

# One row for every change, written in the same transaction. It may name people who took another
# seat since, so it points to nobody.
TABLES = (
    Table(
        "activity",
        (
            Column("happened_at", MOMENT),
            WORKSHOP_ID,
            Column("role", TEXT),
            Column("person_id", ID_OR_NOBODYS),
            Column("verb", TEXT),
            Column("subject", TEXT),
            Column("before", JSON, may_be_empty=True),
            Column("after", JSON, may_be_empty=True),
        ),
        ("number",),
        numbered_by="activity_number",
    ),
)

MOST_ROWS = 40_000
MOST_CHARACTERS = 3_000_000
# Of what one person did to one thing, so many rows are left when the log is shortened.
LEFT_OF_ONE = 20
# After shortening there is room for a while: it reads the whole log.
LEFT = 0.8

LENGTH = (
    "length(subject) + coalesce(length(CAST(before AS TEXT)), 0) "
    "+ coalesce(length(CAST(after AS TEXT)), 0)"
)
STAYING = (
    Verb.WORKSHOP_STARTED,
    Verb.LINKS_WITHDRAWN,
    Verb.RECOVERY_CODE_RENEWED,
    Verb.PERSON_REMOVED,
)
STAYS = f"verb IN {tuple(map(str, STAYING))}"
REPEATED = (
    "SELECT number FROM (SELECT number, row_number() OVER "
    "(PARTITION BY verb, subject, person_id ORDER BY number DESC) AS place FROM activity "
    f"WHERE workshop_id = $1 AND NOT {STAYS}) AS repeated WHERE place > {LEFT_OF_ONE}"
)
# Everything that is followed by as much as may be left.
OLDEST = (
    "SELECT number FROM (SELECT number, verb, row_number() OVER newest AS place, "
    f"sum({LENGTH}) OVER newest AS length FROM activity WHERE workshop_id = $1 "
    "WINDOW newest AS (ORDER BY number DESC)) AS aged "
    f"WHERE (place > $2 OR length > $3) AND NOT {STAYS}"
)


class Activity:
    """What was done, for those who lead."""

    def __init__(self, read: Run) -> None:
        self._read = read

    def all(self, visitor: Visitor) -> list[Row]:
        """The activity log, newest first: when, role, person, verb, subject, before, after."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        return self._read(
            "SELECT happened_at, role, person_id, verb, subject, before, after FROM activity "
            "WHERE workshop_id = $1 ORDER BY number DESC",
            visitor.workshop_id,
        )


class LogSize(NamedTuple):
    """Rows of a log, and the characters of what they say."""

    rows: int
    characters: int

    @property
    def is_too_large(self) -> bool:
        return self.rows > MOST_ROWS or self.characters > MOST_CHARACTERS


def measure(run: Run, workshop_id: str) -> LogSize:
    """How large the log of a workshop is, as `run` sees the records."""
    [(rows, characters)] = run(
        f"SELECT count(*), coalesce(sum({LENGTH}), 0) FROM activity WHERE workshop_id = $1",
        workshop_id,
    )
    return LogSize(rows, int(characters))


def shorten(run: Run, workshop_id: str) -> LogSize:
    """Make room in a log that is too large; returns what is left of it."""
    run(f"DELETE FROM activity WHERE number IN ({REPEATED})", workshop_id)
    size = measure(run, workshop_id)
    if size.rows > LEFT * MOST_ROWS or size.characters > LEFT * MOST_CHARACTERS:
        run(
            f"DELETE FROM activity WHERE number IN ({OLDEST})",
            workshop_id,
            LEFT * MOST_ROWS,
            LEFT * MOST_CHARACTERS,
        )
    return measure(run, workshop_id)
