"""The trail of a workshop: who changed what, and when. It stays as long as a backup may hold.

Where it grows beyond that, the many times that somebody changed one and the same thing go first,
then what is oldest. What later decides who may come in stays for good.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from workshop.store.verbs import Verb

MOST_ROWS = 40_000
MOST_CHARACTERS = 3_000_000
# Of what one person did to one thing, so many rows are left when the trail is shortened.
LEFT_OF_ONE = 20
# After shortening there is room for a while: it reads the whole trail.
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

Run = Callable[..., list[tuple[Any, ...]]]


class TrailSize(NamedTuple):
    """Rows of a trail, and the characters of what they say."""

    rows: int
    characters: int

    @property
    def is_too_large(self) -> bool:
        return self.rows > MOST_ROWS or self.characters > MOST_CHARACTERS


def measure(run: Run, workshop_id: str) -> TrailSize:
    """How large the trail of a workshop is, as `run` sees the records."""
    [(rows, characters)] = run(
        f"SELECT count(*), coalesce(sum({LENGTH}), 0) FROM activity WHERE workshop_id = $1",
        workshop_id,
    )
    return TrailSize(rows, int(characters))


def shorten(run: Run, workshop_id: str) -> TrailSize:
    """Make room in a trail that is too large; returns what is left of it."""
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
