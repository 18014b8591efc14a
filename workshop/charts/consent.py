"""How well each side can live with something, from 1 to 5."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import pandas as pd

from workshop.charts.answers import MARKETING, OTHERS, POOLED, SALES
from workshop.charts.guesses import SAID, Scale, dots, dots_over_lines
from workshop.charts.marks import Row, Spec, filled, table
from workshop.domain.question import HIGHEST, LOWEST

Marks = Sequence[int]

SCALE = Scale(HIGHEST - LOWEST, str(LOWEST), str(HIGHEST))


def consent_chart(
    sales: Marks, marketing: Marks, others: Marks, pooled: Marks, *, large: bool = False
) -> Spec:
    """Each side's marks as dots over a line from 1 to 5, a diamond at the median.

    A side without marks has no line. Raises ValueError where one is outside 1..5.
    """
    rows = _rows(sales, marketing, others, pooled)
    return filled(dots_over_lines(len(rows), large, SCALE), rows)


def consent_table(sales: Marks, marketing: Marks, others: Marks, pooled: Marks) -> pd.DataFrame:
    """The marks of `consent_chart` in words: a row a side."""
    return table(_rows(sales, marketing, others, pooled), SAID)


def consent_alt(sales: Marks, marketing: Marks, others: Marks, pooled: Marks) -> str:
    """The marks in a sentence.

    >>> consent_alt([4, 5, 5], [2, 3, 4, 4], [], [])
    'The middle mark of each side, 1 to 5: sales (S) 5 of 3, marketing (M) 3.5 of 4.'
    """
    named = zip((SALES, MARKETING, OTHERS, POOLED), (sales, marketing, others, pooled), strict=True)
    told = ", ".join(
        f"{looks.name} {median(marks):g} of {len(marks)}" for looks, marks in named if marks
    )
    return f"The middle mark of each side, {LOWEST} to {HIGHEST}: {told or 'none yet'}."


def _rows(*answers: Marks) -> list[Row]:
    each = zip((SALES, MARKETING, OTHERS, POOLED), answers, strict=True)
    return [
        dots(SCALE, looks, [_share(mark) for mark in sorted(marks)], _mark, _mark)
        for looks, marks in each
        if marks
    ]


def _share(mark: int) -> float:
    """The part of the line at which a mark stands."""
    return (mark - LOWEST) / (HIGHEST - LOWEST)


def _mark(share: float) -> str:
    """The mark at a part of the line, in words.

    >>> _mark(0.625)
    '3.5'
    """
    return f"{LOWEST + share * (HIGHEST - LOWEST):g}"
