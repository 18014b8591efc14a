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


# How new topics are, by workshop and topic.
Numbers = dict[tuple[str, str], int]


class Versions:
    """The versions that are committed."""

    def __init__(self, run: Run) -> None:
        self._numbers: Numbers = {
            (workshop_id, topic): int(number)
            for workshop_id, topic, number in run(
                "SELECT workshop_id, topic, number FROM topic_version"
            )
        }

    def of(self, workshop_id: str, *topics: str) -> int:
        """A number that grows with every change of any of these topics."""
        numbers = self._numbers
        number = numbers.get(EVERYTHING, 0)
        for topic in topics:
            number += numbers.get((workshop_id, topic), 0)
        return number

    def grow(self, run: Run, workshop_id: str, topics: Iterable[str]) -> Numbers:
        """Within a change, by the only one who writes: how new these topics will be."""
        places = [(workshop_id, topic) for topic in dict.fromkeys(topics)]
        held = [topic for place, topic in places if (place, topic) in self._numbers]
        if held:
            marks = ", ".join(f"${place}" for place in range(2, len(held) + 2))
            run(
                "UPDATE topic_version SET number = number + 1 "
                f"WHERE workshop_id = $1 AND topic IN ({marks})",
                workshop_id,
                *held,
            )
        new = [topic for _, topic in places if topic not in held]
        if new:
            rows = ", ".join(f"($1, ${place}, 1)" for place in range(2, len(new) + 2))
            # A change that a failing disk has kept without a word may have left it there.
            run(
                f"INSERT INTO topic_version (workshop_id, topic, number) VALUES {rows} "
                "ON CONFLICT (workshop_id, topic) DO UPDATE SET number = "
                "topic_version.number + 1",
                workshop_id,
                *new,
            )
        return {place: self._numbers.get(place, 0) + 1 for place in places}

    def know(self, grown: Numbers) -> None:
        """What has grown is committed now."""
        self._numbers.update(grown)
