"""How new each topic of a workshop is: a number that grows with every change of it.

It stands in a table and grows within the change; what is in memory follows after the commit, so
that a screen asks without asking the engine.
"""

from __future__ import annotations

from collections.abc import Iterable

from workshop.store.engine import Run
from workshop.store.tables import BIGINT, TEXT, WORKSHOP_ID, Column, Table

# Of this server: it says what has been read here, and means nothing elsewhere.
TABLES = (
    Table(
        "topic_version",
        (WORKSHOP_ID, Column("topic", TEXT), Column("number", BIGINT)),
        ("workshop_id", "topic"),
        in_backups=False,
    ),
)
# Stands for every topic of every workshop: it grows where all records are replaced.
EVERYTHING = ("", "")


class Versions:
    """The versions that are committed."""

    def __init__(self, run: Run) -> None:
        self._numbers = {
            (workshop_id, topic): int(number)
            for workshop_id, topic, number in run(
                "SELECT workshop_id, topic, number FROM topic_version"
            )
        }

    def of(self, workshop_id: str, *topics: str) -> int:
        """A number that grows with every change of any of these topics."""
        numbers = self._numbers
        return numbers.get(EVERYTHING, 0) + sum(
            numbers.get((workshop_id, topic), 0) for topic in topics
        )

    def know(self, grown: dict[tuple[str, str], int]) -> None:
        """What has grown is committed now."""
        self._numbers.update(grown)


def grow(run: Run, workshop_id: str, topics: Iterable[str]) -> dict[tuple[str, str], int]:
    """Within a change: how new these topics are once it is committed."""
    distinct = tuple(dict.fromkeys(topics))
    if not distinct:
        return {}
    rows = ", ".join(f"($1, ${place}, 1)" for place in range(2, len(distinct) + 2))
    grown = run(
        f"INSERT INTO topic_version (workshop_id, topic, number) VALUES {rows} "
        "ON CONFLICT (workshop_id, topic) DO UPDATE SET number = topic_version.number + 1 "
        "RETURNING topic, number",
        workshop_id,
        *distinct,
    )
    return {(workshop_id, topic): int(number) for topic, number in grown}
