"""Files that have lost something that nobody can bring back: a reader must say so, or refuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tests.layouts.deals import deals
from tests.layouts.files import Cell, Day, Format, Money, Table
from tests.layouts.histories import plain_history
from tests.layouts.words import ENGLISH, numbered
from tests.pipelines import Lead, Outcome, Pipeline

PLAIN = Format(dates="2025-03-13")
WORDS = numbered(ENGLISH)
LEAD, NAME, STAGE, STATUS, CREATED, CLOSED, AMOUNT, REASON, SEGMENT = range(9)


@dataclass(frozen=True)
class Defect:
    """What a file has lost; a warning or a refusal contains a match of `matter`."""

    name: str
    says: str
    matter: str
    writes: Callable[[Pipeline, Path], Sequence[Path]]


DEFECTS: dict[str, Defect] = {}


def defect(
    name: str, says: str, matter: str, form: Format = PLAIN
) -> Callable[[Callable[[Pipeline], Table]], Callable[[Pipeline], Table]]:
    """Registers a defect by the function that lays a pipeline out with it."""

    def registered(lay: Callable[[Pipeline], Table]) -> Callable[[Pipeline], Table]:
        def writes(pipeline: Pipeline, folder: Path) -> Sequence[Path]:
            return [form.write(lay(pipeline), folder / name)]

        DEFECTS[name] = Defect(name, says, matter, writes)
        return lay

    return registered


def changed(table: Table, column: int, change: Callable[[int, Cell], Cell]) -> Table:
    """The table with the cells of a column changed by the number of their row."""
    rows = [
        [change(number, cell) if place == column else cell for place, cell in enumerate(row)]
        for number, row in enumerate(table.rows)
    ]
    return replace(table, rows=rows)


def without(table: Table, *columns: int) -> Table:
    kept = [place for place in range(len(table.header)) if place not in columns]
    return Table(
        [table.header[place] for place in kept],
        [[row[place] for place in kept] for row in table.rows],
    )


@defect(
    "ambiguous_dates",
    "every date can be read as day and month or as month and day",
    r"dates?\b.*(day|month)|(day|month).*\bdates?",
    Format(dates="13/03/2025"),
)
def ambiguous_dates(pipeline: Pipeline) -> Table:
    table = without(deals(pipeline, WORDS), CLOSED)

    def early(number: int, cell: Cell) -> Cell:
        return Day(datetime(2025, 1 + number % 12, 1 + number * 5 % 12))

    return changed(table, CREATED, early)


@defect(
    "ids_without_digits",
    "a spreadsheet rounded every id to 5.01E+11",
    r"\bids?\b|digit|E\+11|identif",
)
def ids_without_digits(pipeline: Pipeline) -> Table:
    return changed(plain_history(pipeline, WORDS), 0, lambda number, cell: "5.01E+11")


@defect(
    "one_day_of_creation",
    "all deals were created on the day of a migration",
    r"created|period|same day|one day",
)
def one_day_of_creation(pipeline: Pipeline) -> Table:
    first = min(lead.created for lead in pipeline.leads)
    return changed(deals(pipeline, WORDS), CREATED, lambda number, cell: Day(first))


@defect("no_dates", "no column has a date", r"period|dates?\b|\bwhen\b")
def no_dates(pipeline: Pipeline) -> Table:
    return without(deals(pipeline, WORDS), CREATED, CLOSED)


@defect("mixed_currencies", "amounts in euros, dollars and yen", r"currenc")
def mixed_currencies(pipeline: Pipeline) -> Table:
    table = deals(pipeline, WORDS)
    codes = ("EUR", "USD", "JPY")
    rows = [[*row, codes[number % 3]] for number, row in enumerate(table.rows)]
    return Table([*table.header, "Currency"], rows)


@defect("two_pipelines", "two pipelines with their own stages", r"pipeline")
def two_pipelines(pipeline: Pipeline) -> Table:
    table = deals(pipeline, ENGLISH)
    renewals = replace(ENGLISH, stages=("Review", "Offer sent", "Reminder", "Call", "Signature"))
    few = Pipeline(pipeline.stages, pipeline.leads[: len(pipeline.leads) // 2])
    second = changed(deals(few, renewals), LEAD, lambda number, cell: str(5000 + number))
    rows = [[*row, "Sales Pipeline"] for row in table.rows]
    rows += [[*row, "Renewals Pipeline"] for row in second.rows]
    return Table([*table.header, "Pipeline"], rows)


@defect("stray_year", "one deal was typed as created in 2006", r"2006")
def stray_year(pipeline: Pipeline) -> Table:
    typed = datetime(2006, 3, 13)
    return changed(
        deals(pipeline, WORDS),
        CREATED,
        lambda number, cell: Day(typed) if number == 2 else cell,
    )


@defect("loss_of_2031", "one loss is dated 2031", r"2031|future")
def loss_of_2031(pipeline: Pipeline) -> Table:
    lost = pipeline.leads.index(pipeline.ended(Outcome.LOST)[0])
    return changed(
        deals(pipeline, WORDS),
        CLOSED,
        lambda number, cell: Day(datetime(2031, 3, 13)) if number == lost else cell,
    )


@defect("truncated_rows", "a third of the rows end before their last cells", r"rows?\b|lines?\b")
def truncated_rows(pipeline: Pipeline) -> Table:
    table = deals(pipeline, WORDS)
    rows = [row[:3] if number % 3 == 1 else row for number, row in enumerate(table.rows)]
    return replace(table, rows=rows)


@defect("no_outcomes", "the column of outcomes is empty", r"status|outcome|won|lost|loss")
def no_outcomes(pipeline: Pipeline) -> Table:
    table = deals(pipeline, WORDS)
    for column in (STATUS, CLOSED, REASON):
        table = changed(table, column, lambda number, cell: None)
    return table


@defect("unreadable_dates", "four of five dates are words", r"dates?\b")
def unreadable_dates(pipeline: Pipeline) -> Table:
    def word(number: int, cell: Cell) -> Cell:
        return cell if number % 5 == 0 or cell is None else ("last week", "Q3", "tbd")[number % 3]

    return changed(changed(deals(pipeline, WORDS), CREATED, word), CLOSED, word)


@defect(
    "one_huge_deal",
    "one won deal is a thousand times the others",
    r"deal value|mean|amount|largest|one deal",
)
def one_huge_deal(pipeline: Pipeline) -> Table:
    huge = 1000 * max(lead.amount for lead in pipeline.leads)
    won = pipeline.leads.index(pipeline.ended(Outcome.WON)[0])
    return changed(
        deals(pipeline, WORDS),
        AMOUNT,
        lambda number, cell: Money(huge) if number == won else cell,
    )


def is_missing(lead: Lead) -> bool:
    return lead.outcome is not Outcome.WON and lead.deepest == 0


@defect(
    "missing_losses",
    "who was lost at the first stage was deleted",
    r"nobody|no one|loses|lost|0 %|100 %",
)
def missing_losses(pipeline: Pipeline) -> Table:
    kept = tuple(lead for lead in pipeline.leads if not is_missing(lead))
    return plain_history(Pipeline(pipeline.stages, kept), WORDS)
