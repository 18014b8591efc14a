"""What the files on a desk seem to be: their columns, as the recognition of layouts reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from workshop.intake import crm
from workshop.intake.desk import Desk, Table, named
from workshop.intake.events import Events
from workshop.intake.layout import Field, Layout, Shape
from workshop.intake.problems import IntakeError
from workshop.intake.recognition import Column, Recognition, recognise

ROWS = 2_000
FEW = 300
LEADS = 100_000


def guess(desk: Desk, said: Mapping[Field, str] | None = None) -> Recognition:
    """How the files on a desk seem to be laid out; `said` names columns that somebody knows."""
    called = {column: crm.COLUMNS[field][0] for field, column in (said or {}).items()}
    tables = [
        [
            replace(column, name=called.get(column.name, column.name))
            for column in columns(desk, table)
            if column.name in called or not _taken(column.name, said or {})
        ]
        for table in desk.tables
    ]
    found = recognise(tables)
    if found.layout and found.layout.shape is Shape.HISTORY and found.unsure:
        after = _order(desk, _by_own_names(found.layout, called))
        found = recognise(tables, {text: mean for text, mean in after.items() if text})
    if found.layout is None:
        return found
    return replace(found, layout=_by_own_names(found.layout, called))


def _taken(column: str, said: Mapping[Field, str]) -> bool:
    """Whether a column would be taken for what another one is said to be."""
    return any(crm.plain(column) in crm.COLUMNS[field] for field in said)


def _by_own_names(layout: Layout, called: Mapping[str, str]) -> Layout:
    own = {name: column for column, name in called.items()}
    return replace(
        layout,
        columns={field: own.get(name, name) for field, name in layout.columns.items()},
        first_touch={field: own.get(name, name) for field, name in layout.first_touch.items()},
        dates={stage: own.get(name, name) for stage, name in layout.dates.items()},
    )


def columns(desk: Desk, table: Table) -> list[Column]:
    """The columns of a table, with the texts of its first rows, and all values where they are few.

    The texts of one row stand at the same place in every column.
    """
    names = list(table.columns)
    texts = ", ".join(f"coalesce({named(name)}::VARCHAR, '')" for name in names)
    rows = desk.ask(f"SELECT {texts} FROM {table.source} LIMIT {ROWS}")
    numbers = ", ".join(f"approx_count_distinct({named(name)})" for name in names)
    [different] = desk.ask(f"SELECT {numbers} FROM {table.source}")
    return [
        Column(
            name,
            _kind(table, name),
            tuple(row[place] for row in rows),
            values(desk, table, name) if different[place] <= FEW else {},
        )
        for place, name in enumerate(names)
    ]


def values(desk: Desk, table: Table, column: str) -> dict[str, int]:
    """How often a column says what, in order of appearance."""
    rows = desk.ask(
        f"SELECT {named(column)}::VARCHAR AS says, count(*) FROM {table.source} "
        f"WHERE says IS NOT NULL GROUP BY says ORDER BY min({table.number})"
    )
    return {says: count for says, count in rows if says.strip()}


def _kind(table: Table, column: str) -> Literal["text", "number", "moment"]:
    if table.is_moment(column):
        return "moment"
    return "number" if table.is_number(column) else "text"


def _order(desk: Desk, layout: Layout) -> dict[str, float]:
    """How late each stage comes in the history of a lead, on average, of some of the leads."""
    try:
        [part, *_] = Events(desk, layout).parts
    except IntakeError:  # somebody has to say first how its dates are meant
        return {}
    share = part.table.rows // LEADS + 1
    return dict(
        desk.ask(
            "SELECT says, avg(place) FROM (SELECT stage_said AS says, row_number() "
            f"OVER (PARTITION BY lead ORDER BY moment) AS place FROM ("
            f"{part.select(f', {part.stage_said} AS stage_said')}) AS event "
            f"WHERE hash(lead) % {share} = 0) AS placed WHERE says IS NOT NULL GROUP BY says"
        )
    )
