"""What people do to a table that hides nothing: titles, totals, blanks, copies, another order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.layouts.deals import deals
from tests.layouts.files import WORKBOOK, Cell, Format, Money, Table
from tests.layouts.layout import (
    Carries,
    Lay,
    layout,
)
from tests.layouts.words import (
    ENGLISH,
    GERMAN,
    Words,
    numbered,
)
from tests.pipelines import Pipeline
from workshop.intake.layout import Shape

PLAIN = Format(dates="2025-03-13", numbers="12,500.00")
STAGED = numbered(ENGLISH)


def habit(
    name: str, says: str, form: Format = PLAIN, words: Words = STAGED
) -> Callable[[Lay], Lay]:
    return layout(f"deals_{name}", says, words, form, Shape.DEALS, Carries())


@habit("title_lines", "Deals under two lines of title, with a total below")
def deals_title_lines(pipeline: Pipeline, words: Words) -> Table:
    table = deals(pipeline, words)
    total: list[Cell] = ["Total", None, None, None, None, None]
    total += [Money(sum(lead.amount for lead in pipeline.leads)), None, None]
    return replace(table, above=[["Deals 2025"], ["As of 2026-06-01"], []], below=[total])


@habit(
    "merged_title_workbook",
    "Deals in a workbook under a merged title, with a total below",
    WORKBOOK,
    numbered(GERMAN),
)
def deals_merged_title(pipeline: Pipeline, words: Words) -> Table:
    table = deals(pipeline, words)
    total: list[Cell] = ["Summe", None, None, None, None, None]
    total += [Money(sum(lead.amount for lead in pipeline.leads)), None, None]
    return replace(table, above=[["Vertriebsliste"], ["Stand: 01.06.2026"], []], below=[total])


@habit("duplicated_rows", "Deals where some rows stand twice, word for word")
def deals_duplicated(pipeline: Pipeline, words: Words) -> Table:
    table = deals(pipeline, words)
    return replace(table, rows=[*table.rows, *table.rows[1:4]])


@habit("blank_rows", "Deals with blank rows between them")
def deals_blank_rows(pipeline: Pipeline, words: Words) -> Table:
    table = deals(pipeline, words)
    blank = [None] * len(table.header)
    rows: list[Sequence[Cell]] = []
    for number, row in enumerate(table.rows):
        rows += [row, blank] if number % 5 == 0 else [row]
    return replace(table, rows=rows)


@habit("other_order", "Deals with columns and rows in another order")
def deals_other_order(pipeline: Pipeline, words: Words) -> Table:
    table = deals(pipeline, words)
    order = [8, 3, 6, 1, 5, 0, 7, 4, 2]
    rows = [[row[column] for column in order] for row in table.rows]
    rows.sort(key=lambda row: (int(str(row[5])) * 7919) % 101)
    return Table([table.header[column] for column in order], rows)


@habit(
    "broken_headers", "Deals whose column names have line breaks and blanks", Format(kind="XLSX")
)
def deals_broken_headers(pipeline: Pipeline, words: Words) -> Table:
    table = deals(pipeline, words)
    return replace(table, header=[f" {name}".replace(" ", "\n", 2)[1:] for name in table.header])
