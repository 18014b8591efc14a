"""Exports: the ideas and the actions as CSV, and all of a workshop as an Excel workbook.

What people typed stays text. In CSV, where a program may take any cell for a formula, such a
text gets an apostrophe in front (`neutral`). In Excel it is stored as a string, marked so that
it stays one even if somebody edits the cell; it needs no apostrophe and reads as it was typed.
Both leave out the characters that no sheet can hold, and end lines with a line feed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any, assert_never

import pandas as pd

from workshop.analysis.ranking import assumed
from workshop.domain.action import Action
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel
from workshop.domain.origin import Origin
from workshop.domain.text import cleaned
from workshop.exports.columns import (
    ACTIONS,
    AGREED,
    ASIDES,
    EXPLANATIONS,
    IDEAS,
    LOSSES,
    ORIGIN,
    STEPS,
    Column,
    Kind,
)
from workshop.exports.excel import Book
from workshop.exports.rows import (
    STATUSES,
    Row,
    explanations,
    losses,
    prioritised,
    steps,
    with_agreements,
)
from workshop.exports.text import neutral
from workshop.wording.import_words import in_full

__all__ = [
    "STATUSES",
    "actions_csv",
    "cleaned",
    "ideas_csv",
    "neutral",
    "set_aside_csv",
    "workbook",
]


def ideas_csv(ideas: pd.DataFrame, actions: Sequence[Action], currency: str) -> bytes:
    """All ideas, one row each in the order given, and what was agreed on them.

    `ideas` has the columns of `ranking.ranking`: its shares are fractions, its money is a year.
    The file is UTF-8 with a byte order mark, which Excel needs, with commas and CRLF; its shares
    are in percent, its dates are ISO 8601.
    """
    return _csv((*IDEAS, *AGREED), with_agreements(_records(ideas), actions), currency)


def actions_csv(actions: Sequence[Action], ideas: pd.DataFrame, currency: str) -> bytes:
    """The prioritised actions, the largest expected gain first; a file like that of `ideas_csv`.

    The columns `id, step, reason, segment, gain` of `ideas` say why; every action's idea is in
    there.
    """
    return _csv(ACTIONS, prioritised(actions, _records(ideas)), currency)


def set_aside_csv(asides: Iterable[tuple[str, int, str, str, str]]) -> bytes:
    """The rows that an import set aside: file, line, lead, cause, and what the row says."""
    names = [column.name for column in ASIDES]
    return _csv(ASIDES, [dict(zip(names, aside, strict=True)) for aside in asides], "")


def workbook(
    workshop_name: str,
    funnel: Funnel,
    assumptions: Assumptions,
    ideas: pd.DataFrame,
    actions: Sequence[Action],
    origin: Origin | None = None,
) -> bytes:
    """An Excel workbook (xlsx) with the sheets Actions, Ideas, Assumptions and Funnel.

    `ideas` has the columns of `ranking.ranking`; `funnel` is the measured one, to which the
    assumptions are applied here. Where its `origin` is known, a last sheet tells it.
    """
    seen = assumed(funnel, assumptions)
    records = _records(ideas)
    book = Book(seen.currency)
    book.sheet("Actions", ACTIONS, prioritised(actions, records))
    book.sheet("Ideas", IDEAS, records)
    book.sheet("Assumptions", EXPLANATIONS, explanations(workshop_name, seen, assumptions))
    of_funnel = book.sheet("Funnel", STEPS, steps(seen))
    book.table(of_funnel, LOSSES, losses(seen), top=len(seen.steps) + 2)
    if origin is not None:
        told = [{"what": what, "says": says} for what, says in in_full(origin)]
        book.sheet("Where the numbers come from", ORIGIN, told)
    return book.content()


def _records(ideas: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in ideas.to_dict("records")]


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
        case Kind.MONEY:
            return f"{value:.2f}"
        case Kind.SHARE:
            return f"{100 * value:.15g}"
        case Kind.WHOLE | Kind.DAYS | None:
            return f"{value:.15g}"
        case _:
            assert_never(kind)
