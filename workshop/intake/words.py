"""What columns say in words, as numbers: stages by their place, reasons and segments from 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workshop.domain.checks import TITLE_LENGTH
from workshop.domain.text import cleaned
from workshop.intake.cells import key
from workshop.intake.journeys import ELSEWHERE, LOST, OPEN_AGAIN
from workshop.intake.layout import Field, Layout, Outcome
from workshop.intake.lead_database import LeadDatabase, Table
from workshop.intake.sql import sql_name

OTHERS = "Other"


@dataclass(frozen=True, slots=True)
class Words:
    """Reasons or segments by their number; number 0 is none."""

    names: tuple[str, ...]

    def name(self, number: int, none: str) -> str:
        return self.names[number - 1] if number else none


def written(database: LeadDatabase, table: Table, column: str) -> Iterator[tuple[str, int]]:
    """The ways a column is written, with how often, the most frequent first."""
    for text, number in database.query(
        f"SELECT {sql_name(column)}::VARCHAR, count(*) FROM {table.source} "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    ):
        if text is not None and cleaned(text).strip():
            yield text, number


def number_words(
    database: LeadDatabase, layout: Layout, fields: Iterable[Field], to: str, most: int
) -> Words:
    """Number what columns say in a table `to` (written, number); beyond `most` they are "Other".

    Case and stray blanks make no new word; what was merged goes by the spelling that was kept.
    """
    numbers: dict[str, int] = {}
    names: list[str] = []
    rows: dict[str, int] = {}
    for field in fields:
        merged = {key(one): other for one, other in layout.merged.get(field, {}).items()}
        columns = {layout.columns.get(field), layout.first_touch.get(field)}
        for table in database.tables:
            for column in columns & set(table.columns):
                for text, _ in written(database, table, str(column)):
                    name = " ".join(cleaned(merged.get(key(text), text)).split())[:TITLE_LENGTH]
                    if key(name) not in numbers and len(names) >= most - 2:
                        name = OTHERS
                    if key(name) not in numbers:
                        names.append(name)
                        numbers[key(name)] = len(names)
                    rows[text] = numbers[key(name)]
    write_numbers(database, to, rows.items())
    return Words(tuple(names))


def place_stages(database: LeadDatabase, layout: Layout, table: Table, column: str, to: str) -> int:
    """Say for each way a stage or an outcome is written which place it has, in a table `to`.

    ELSEWHERE where it is not in the funnel: returns of how many rows that is.
    """
    known = {key(stage): k for k, stage in enumerate(layout.stages)}
    known |= {key(Outcome.LOST): LOST, key(Outcome.OPEN): OPEN_AGAIN}
    meanings = {key(text): meaning for text, meaning in layout.meanings.items()}
    places = {
        (text, rows): known.get(key(meanings.get(key(text), text)), ELSEWHERE)
        for text, rows in written(database, table, column)
    }
    write_numbers(database, to, [(text, place) for (text, _), place in places.items()])
    return sum(rows for (_, rows), place in places.items() if place == ELSEWHERE)


def write_numbers(database: LeadDatabase, to: str, rows: Iterable[tuple[str, int]]) -> None:
    database.query(f"CREATE OR REPLACE TABLE {to} (written VARCHAR, number INTEGER)")
    pairs = list(rows)
    if pairs:
        texts, numbers = map(list, zip(*pairs, strict=True))
        database.query(f"INSERT INTO {to} SELECT unnest($1), unnest($2)", texts, numbers)
