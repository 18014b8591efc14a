"""What files seem to be: their columns, and how leads went through their stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from workshop.intake.caution import Code
from workshop.intake.columns import Column
from workshop.intake.currencies import currencies_in, main_currency, mixed
from workshop.intake.evidence import gather_evidence
from workshop.intake.layout import Field, Shape
from workshop.intake.lead_database import LeadDatabase, Table
from workshop.intake.pipelines import EVERYTHING, in_pipeline
from workshop.intake.recognition import Recognition, recognise
from workshop.intake.sql import sql_name

ROWS = 2_000
FEW = 300


def guess(
    database: LeadDatabase, known: Mapping[Field, str] | None = None, pipeline: str | None = None
) -> Recognition:
    """How files seem to be laid out; `known` are the columns that somebody has named.

    Of several pipelines the largest is taken, or the one that somebody has chosen.
    """
    tables = [columns(database, table) for table in database.tables]
    found = recognise(tables, known=known, pipeline=pipeline)
    layout = found.layout
    if layout is None:
        return found
    pipelines = found.pipelines
    of_pipelines = [one for one in found.cautions if one.code is Code.PIPELINES]
    if Field.PIPELINE in layout.columns and layout.pipeline is not None:
        pipeline = layout.pipeline
        tables = [columns(database, table, in_pipeline(table, layout)) for table in database.tables]
        found = recognise(tables, known=known, pipeline=pipeline)
        found = replace(found, cautions=(*of_pipelines, *found.cautions))
        layout = found.layout
    if layout is not None and layout.shape in (Shape.HISTORY, Shape.DATES):
        evidence = gather_evidence(database, layout, [*layout.meanings, *layout.stages])
        found = recognise(tables, evidence, known, pipeline)
        others = [one for one in found.cautions if one.code is not Code.PIPELINES]
        found = replace(found, cautions=(*of_pipelines, *others))
    return _with_currency(database, replace(found, pipelines=pipelines))


def _with_currency(database: LeadDatabase, found: Recognition) -> Recognition:
    layout = found.layout
    if layout is None or Field.VALUE not in layout.columns:
        return found
    currencies = currencies_in(database, layout)
    return replace(
        found,
        layout=replace(layout, currency=main_currency(currencies)),
        cautions=(*found.cautions, *mixed(currencies)),
    )


def columns(database: LeadDatabase, table: Table, where: str = EVERYTHING) -> list[Column]:
    """The columns of a table, with the texts of its first rows, and all values where they are few.

    The texts of one row stand at the same place in every column.
    """
    names = list(table.columns)
    texts = ", ".join(f"coalesce({sql_name(name)}::VARCHAR, '')" for name in names)
    rows = database.query(f"SELECT {texts} FROM {table.source} WHERE {where} LIMIT {ROWS}")
    numbers = ", ".join(f"approx_count_distinct({sql_name(name)})" for name in names)
    [different] = database.query(f"SELECT {numbers} FROM {table.source}")
    return [
        Column(
            name,
            _kind(table, name),
            tuple(row[place] for row in rows),
            values(database, table, name, where) if different[place] <= FEW else {},
        )
        for place, name in enumerate(names)
    ]


def values(
    database: LeadDatabase, table: Table, column: str, where: str = EVERYTHING
) -> dict[str, int]:
    """How often a column says what, in order of appearance."""
    rows = database.query(
        f"SELECT {sql_name(column)}::VARCHAR AS says, count(*) FROM {table.source} "
        f"WHERE says IS NOT NULL AND {where} GROUP BY says ORDER BY min({table.number})"
    )
    return {says: count for says, count in rows if says.strip()}


def _kind(table: Table, column: str) -> Literal["text", "number", "moment"]:
    if table.is_moment(column):
        return "moment"
    return "number" if table.is_number(column) else "text"
