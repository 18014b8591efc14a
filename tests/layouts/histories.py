"""Histories of stages as people and warehouses keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.layouts.cells import (
    by_time,
    reason,
    segment,
)
from tests.layouts.files import Cell, Day, Format, Table
from tests.layouts.layout import (
    NO_VALUE,
    layout,
)
from tests.layouts.words import (
    DUTCH,
    ENGLISH,
    FRENCH,
    GERMAN,
    ITALIAN,
    PORTUGUESE,
    SPANISH,
    Words,
)
from tests.pipelines import Pipeline
from workshop.intake.layout import Shape


def plain_history(pipeline: Pipeline, words: Words) -> Table:
    """A history in one language: who, which stage, when, and the reason on the lost row."""
    return Table(
        [words.lead, words.stage, words.entered_at, words.reason, words.segment],
        [
            [
                f"L{lead.number:03}",
                stage,
                Day(moment),
                reason(lead, words) if stage == words.lost_stage else None,
                segment(lead, words),
            ]
            for moment, lead, stage in by_time(pipeline, words)
        ],
    )


def decimal_ids(pipeline: Pipeline, words: Words) -> Table:
    """A history whose ids a spreadsheet wrote as 7 here and as 7.0 there."""
    table = plain_history(pipeline, words)
    rows: list[Sequence[Cell]] = []
    for place, row in enumerate(table.rows):
        number = int(str(row[0])[1:])
        rows.append([f"{number}.0" if place % 2 else str(number), *row[1:]])
    return replace(table, rows=rows)


layout(
    "history_decimal_ids",
    "A history with ids as 7 and as 7.0",
    ENGLISH,
    Format(dates="2025-03-13"),
    Shape.HISTORY,
    NO_VALUE,
)(decimal_ids)


@layout(
    "history_email_ids",
    "A history with e-mail addresses in capitals and with blanks",
    ENGLISH,
    Format(dates="3/13/2025"),
    Shape.HISTORY,
    NO_VALUE,
)
def history_email_ids(pipeline: Pipeline, words: Words) -> Table:
    table = plain_history(pipeline, words)
    rows: list[Sequence[Cell]] = []
    for place, row in enumerate(table.rows):
        address = f"person{int(str(row[0])[1:])}@example.com"
        rows.append([f" {address.upper()}" if place % 3 == 1 else address, *row[1:]])
    return replace(table, header=["E-mail", *table.header[1:]], rows=rows)


for words, form in (
    (ENGLISH, Format(dates="13-Mar-2025", quoted=True)),
    (GERMAN, Format(separator=";", encoding="Windows-1252", dates="13.03.2025")),
    (FRENCH, Format(separator=";", encoding="UTF-8 with BOM", dates="13 mars 2025")),
    (SPANISH, Format(separator="|", dates="13/03/2025")),
    (PORTUGUESE, Format(separator=";", encoding="UTF-16", dates="13/03/2025")),
    (ITALIAN, Format(kind="XLSX", dates="cells")),
    (DUTCH, Format(separator="\t", dates="13-03-2025")),
):
    layout(
        f"history_{words.language.lower()}",
        f"A history of stages in {words.language}",
        words,
        form,
        Shape.HISTORY,
        NO_VALUE,
    )(plain_history)
