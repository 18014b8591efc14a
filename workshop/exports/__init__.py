"""Exports: ideas and actions as CSV, all of a workshop as Excel, its core as Markdown; to print,
a cheat sheet and an agreement as PDF; due dates as a calendar. `workshop.exports.report` has charts
in it, and is imported when somebody asks for it: the charts' library takes long to load.

What people typed stays text. In CSV, where a program may take any cell for a formula, such a
text gets an apostrophe in front (`neutral`). In Excel it is stored as a string, marked so that
it stays one even if somebody edits the cell; it needs no apostrophe and reads as it was typed.
In Markdown it is escaped, and stands in one line (`one_line`). In PDF it is data of a template
and never a part of one (`typesetting`); in a calendar the library escapes it. All leave out the
characters that no sheet can hold; CSV and Excel end lines with a line feed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from math import floor, log10
from typing import Any, assert_never

import pandas as pd

from workshop.domain.commitment import Commitment
from workshop.domain.text import cleaned
from workshop.exports.agreement import Clause, Signature, agreement_pdf
from workshop.exports.calendar import (
    CalendarEntry,
    calendar_ics,
    due_entries,
    second_look_entry,
)
from workshop.exports.cheat_sheet import cheat_sheet_pdf
from workshop.exports.columns import (
    ACTIONS,
    AGREED,
    ASIDES,
    COMMITMENTS,
    EXPLANATIONS,
    HAND_OFFS,
    IDEAS,
    LOSSES,
    ORIGIN,
    PLAN,
    PLAN_FIGURES,
    STEPS,
    WORDS,
    Column,
    Kind,
)
from workshop.exports.excel import Book
from workshop.exports.markdown import markdown
from workshop.exports.results import Results
from workshop.exports.rows import (
    Row,
    compared,
    explanations,
    losses,
    plan_figures,
    planned,
    prioritised,
    promises,
    records,
    steps,
    with_agreements,
)
from workshop.exports.settled import hand_offs, words
from workshop.exports.summary import add_summary
from workshop.exports.text import neutral
from workshop.wording.import_words import in_full

__all__ = [
    "CalendarEntry",
    "Clause",
    "Results",
    "Signature",
    "actions_csv",
    "agreement_pdf",
    "calendar_ics",
    "cheat_sheet_pdf",
    "cleaned",
    "due_entries",
    "ideas_csv",
    "markdown",
    "neutral",
    "second_look_entry",
    "set_aside_csv",
    "workbook",
]


def ideas_csv(ideas: pd.DataFrame, actions: Sequence[Commitment], currency: str) -> bytes:
    """All ideas, one row each in the order given, and what was agreed on them.

    `ideas` has the columns of `ranking.ranking`: its shares are fractions, its money is a year.
    The file is UTF-8 with a byte order mark, which Excel needs, with commas and CRLF; its shares
    are in percent, its dates are ISO 8601.
    """
    return _csv((*IDEAS, *AGREED), with_agreements(records(ideas), actions), currency)


def actions_csv(actions: Sequence[Commitment], ideas: pd.DataFrame, currency: str) -> bytes:
    """The prioritised actions, the largest expected gain first; a file like that of `ideas_csv`.

    The columns `id, step, reason, segment, gain` of `ideas` say why; every action's idea is in
    there.
    """
    return _csv(ACTIONS, prioritised(actions, records(ideas)), currency)


def set_aside_csv(asides: Iterable[tuple[str, int, str, str, str]]) -> bytes:
    """The rows that an import set aside: file, line, lead, cause, and what the row says."""
    names = [column.name for column in ASIDES]
    return _csv(ASIDES, [dict(zip(names, aside, strict=True)) for aside in asides], "")


def workbook(results: Results) -> bytes:
    """An Excel workbook (xlsx): a summary on one page, then a sheet for each question.

    Where more was promised than actions, a sheet has commitments of all kinds. Where something is
    settled, a sheet says who does what and what words mean; where the origin of
    the numbers is known, a last one tells it.
    """
    funnel, assumptions = results.funnel, results.assumptions
    book = Book(funnel.currency)
    add_summary(book, "Summary", results)
    book.sheet("Actions", ACTIONS, prioritised(results.actions, results.idea_rows))
    book.sheet("Ideas", IDEAS, results.idea_rows)
    explained = explanations(results.workshop_name, funnel, assumptions)
    book.sheet("Assumptions", EXPLANATIONS, explained)
    of_funnel = book.sheet("Funnel", STEPS, steps(funnel))
    book.table(of_funnel, LOSSES, losses(funnel), top=len(funnel.steps) + 2)
    _add_plan(book, results)
    book.sheet("Scenarios", *compared(funnel, assumptions, results.scenarios))
    if results.others:
        book.sheet("Commitments", COMMITMENTS, promises((*results.actions, *results.others)))
    if results.settled:
        _add_settled(book, results)
    if results.origin is not None:
        told = [{"what": what, "says": says} for what, says in in_full(results.origin)]
        book.sheet("Where the numbers come from", ORIGIN, told)
    return book.content()


def _add_plan(book: Book, results: Results) -> None:
    if results.plan is None:
        book.sheet("Plan", PLAN, [])
        return
    ideas = planned(results.idea_rows, results.plan)
    sheet = book.sheet("Plan", PLAN, ideas)
    as_a_whole = plan_figures(results.plan, results.funnel.currency)
    book.table(sheet, PLAN_FIGURES, as_a_whole, top=len(ideas) + 2)


def _add_settled(book: Book, results: Results) -> None:
    duties = hand_offs(results.measured, results.settled)
    sheet = book.sheet("Who does what", HAND_OFFS, duties)
    book.table(sheet, WORDS, words(results.measured, results.settled), top=len(duties) + 2)


def _csv(columns: Sequence[Column], rows: Iterable[Row], currency: str) -> bytes:
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(column.heading.format(currency=currency) for column in columns)
    writer.writerows([_field(row[c.name], c.kind) for c in columns] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _field(value: Any, kind: Kind | None) -> str:
    """A value as CSV holds it; nothing for what is missing."""
    if pd.isna(value):
        return ""
    match kind:
        case Kind.TEXT:
            return neutral(value)
        case Kind.DATE:
            return str(value.isoformat())
        case Kind.MONEY | Kind.WHOLE:
            return _rounded(value, 0)
        case Kind.SHARE:
            return _rounded(100 * value, _places(100 * value))
        case Kind.DAYS:
            return _rounded(value, 2)
        case None:
            raise ValueError("a column of a CSV holds one kind of values")
        case _:
            assert_never(kind)


def _places(percent: float) -> int:
    """One decimal; as many as it takes to say two digits of how far it is from nothing and all."""
    distance = round(min(percent, 100 - percent), 6)
    return 1 if distance <= 0 or distance >= 1 else -floor(log10(distance)) + 1


def _rounded(number: float, places: int) -> str:
    """At most so many decimals, without idle noughts.

    >>> _rounded(25200.4, 0), _rounded(47.5000001, 1), _rounded(100, 2), _rounded(-0.01, 1)
    ('25200', '47.5', '100', '0')
    """
    text = f"{number:.{places}f}"
    text = text.rstrip("0").rstrip(".") if places else text
    return "0" if text == "-0" else text
