"""What each side guessed a rate to be, against what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import median
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from workshop.charts.answers import MARKETING, OTHERS, POOLED, SALES, Looks, dot, mark_at, says
from workshop.charts.colours import INK
from workshop.charts.marks import Height, Row, Spec, at, drawing, filled, mark, pixels, table
from workshop.domain.checks import refuse_outside
from workshop.wording.figures import per_hundred, percent

COLUMNS = 40
"""Columns of dots on the line: 2.5 points each, so that 5, 10, 15 % stand where they are."""

MANY = 5
"""More dots than this nobody counts at a glance: the highest column says how many it has."""

GUESS_LINE = Height(7, 8.5, 10)
NAMES, END = 9.5, 3.6
"""Letters that the names take before the line, and its end after it."""

FIGURE = 0.12
"""The part of the line that a figure beside its mark takes at most."""

TRUTH, TOP, LINE, MEDIAN = 0.7, 2.6, 1.9, 0.9
"""Letters from the top of a row to the truth's figure and to where dots end; from its bottom to the
line that they stand on and to the median under it."""

WITHOUT_TRUTH: Row = {"truth": 0.0, "truth_says": "", "median_side": 1, "many_side": 1}

SAID = {
    "name": "Side",
    "answers": "Answers",
    "middle": "In the middle",
    "all": "All of them",
}


def guesses_chart(
    sales: Sequence[float],
    marketing: Sequence[float],
    others: Sequence[float],
    pooled: Sequence[float],
    truth: float | None,
    *,
    large: bool = False,
) -> Spec:
    """Each side's guesses of a rate as dots over a line from 0 to 100 %, a diamond at the median.

    Guesses and truth are fractions 0..1, in any order. A side without guesses has no line. Dots
    stand in COLUMNS; where they are too many for the height they overlap. The truth is a rule
    through all lines once it is given. Raises ValueError where one of them is outside 0..1.
    """
    rows = _guesses(sales, marketing, others, pooled)
    return filled(
        dots_over_lines(len(rows), large, PERCENT),
        [row | _truth(row, truth) for row in rows],
    )


def guesses_table(
    sales: Sequence[float],
    marketing: Sequence[float],
    others: Sequence[float],
    pooled: Sequence[float],
    truth: float | None,
) -> pd.DataFrame:
    """The guesses of `guesses_chart` in words: a row a side, then the truth once it is given."""
    rows = _guesses(sales, marketing, others, pooled)
    if truth is not None:
        rows.append({"name": "it is", "answers": "", "middle": percent(truth), "all": ""})
    return table(rows, SAID)


def guesses_alt(
    sales: Sequence[float],
    marketing: Sequence[float],
    others: Sequence[float],
    pooled: Sequence[float],
    truth: float | None,
) -> str:
    """The guesses in a sentence or two.

    >>> guesses_alt([0.5, 0.55, 0.6], [0.38], [], [], 0.4)
    'The middle guess of each side: sales (S) 55 % of 3, marketing (M) 38 % of 1. It is 40 %.'
    """
    told = ", ".join(
        f"{row['name']} {row['middle']} of {row['answers']}"
        for row in _guesses(sales, marketing, others, pooled)
    )
    known = "" if truth is None else f" It is {percent(truth)}."
    return f"The middle guess of each side: {told or 'none yet'}.{known}"


def _guesses(*answers: Sequence[float]) -> list[Row]:
    each = zip((SALES, MARKETING, OTHERS, POOLED), answers, strict=True)
    return [
        dots(PERCENT, looks, sorted(guesses), percent, per_hundred)
        for looks, guesses in each
        if len(guesses)
    ]


class Scale(NamedTuple):
    """The line that dots stand on: how many columns it has, and its two ends in words."""

    columns: int
    first: str
    last: str


PERCENT = Scale(COLUMNS, "0", "100 %")


def dots(
    scale: Scale,
    looks: Looks,
    shares: Sequence[float],
    told: Callable[[float], str],
    told_shortly: Callable[[float], str],
) -> Row:
    """The row of what a side answered, as `dots_over_lines` draws it.

    Shares 0..1 of the line, in order; `told` says one in words, `told_shortly` beside its mark.
    """
    for share in shares:
        refuse_outside("a guess", share, 0, 1)
    columns = [round(share * scale.columns) for share in shares]
    [(highest, number)] = Counter(columns).most_common(1)
    middle = median(shares)
    return {
        "name": looks.name,
        "colour": looks.colour,
        "shape": looks.shape,
        "answers": str(len(shares)),
        "middle": told(middle),
        "all": _listed([told(share) for share in shares]),
        # Words, not lists: on their way to the browser lists become what Vega does not take apart.
        "columns": " ".join(map(str, columns)),
        "heights": " ".join(str(columns[:dot].count(here)) for dot, here in enumerate(columns)),
        "highest": number,
        "highest_at": highest / scale.columns,
        "many": str(number) if number > MANY else "",
        "median": middle,
        "median_says": told_shortly(middle),
        **WITHOUT_TRUTH,
    }


def _truth(row: Row, truth: float | None) -> Row:
    """The truth for a row, and on which side of their marks its figures keep off the rule."""
    if truth is None:
        return WITHOUT_TRUTH
    refuse_outside("the rate", truth, 0, 1)
    return {
        "truth": truth,
        "truth_says": f"it is {per_hundred(truth)}",
        "median_side": _away(row["median"], truth),
        "many_side": _away(row["highest_at"], truth),
    }


def _away(share: float, truth: float) -> int:
    """To the right (1), but to the left (-1) where the rule would run through the figure.

    >>> _away(0.38, 0.4), _away(0.42, 0.4), _away(0.1, 0.4)
    (-1, 1, 1)
    """
    return -1 if 0 < truth - share < FIGURE else 1


def _listed(said: Sequence[str]) -> str:
    """What was said, in order, each once.

    >>> _listed(["20 %", "30 %", "30 %"])
    '20 %, 30 % (2 times)'
    """
    return ", ".join(
        each if times == 1 else f"{each} ({times} times)" for each, times in Counter(said).items()
    )


@lru_cache
def dots_over_lines(slots: int, large: bool, scale: Scale) -> Spec:
    """A line for each of so many rows of `dots` on this scale, without the rows."""
    wide = f"0.95 * (width - {NAMES + END} * letter) / {scale.columns}"
    across = f"min(0.9 * letter, {wide})"
    step = f"min({across}, (row - {LINE + TOP} * letter) / datum.highest)"
    line, below = (f"row / 2 - {letters} * letter" for letters in (LINE, MEDIAN))
    stack = f"{line} - 0.3 * letter"
    layers = [
        says("datum.name", at("0"), line, align="'left'"),
        *_line(line, scale.first, scale.last),
        *_rule_at_the_truth(slots),
        dot(
            f"{stack} - (datum.height + 0.5) * {step}",
            across,
            _on(f"datum.column / {scale.columns}"),
            colour="datum.colour",
            shape="datum.shape",
        )
        .transform_calculate(column="split(datum.columns, ' ')", height="split(datum.heights, ' ')")
        .transform_flatten(["column", "height"])
        .transform_calculate(
            dot="datum.key + '.' + datum.column + '.' + datum.height",
            height="toNumber(datum.height)",
        )
        .encode(key=alt.Key("dot:N")),
        says(
            "datum.many",
            _on("datum.highest_at", "datum.many_side"),
            f"{stack} - datum.highest * {step} - 0.4 * letter",
        ),
        dot(below, "letter", _on("datum.median"), colour="datum.colour", shape="'diamond'"),
        says(
            "datum.median_says",
            _on("datum.median", "0.7 * datum.median_side"),
            below,
            align="datum.median_side > 0 ? 'left' : 'right'",
            weight="bold",
        ),
    ]
    return drawing(layers, SAID, slots, GUESS_LINE, large)


def _on(share: object, letters: object = 0) -> Any:
    """A position on the line, moved right by so many letters."""
    length = f"(width - {NAMES + END} * letter)"
    return at(f"({NAMES} + {letters}) * letter + {share} * {length}")


def _line(offset: str, first: str, last: str) -> list[alt.Chart]:
    """From one end to the other, with a tick at each quarter."""
    pale = {"color": INK, "opacity": 0.45}
    return [
        mark_at(offset, "rule", strokeWidth=2, **pale).encode(x=_on(0), x2=_on(1)),
        *(
            says("'|'", _on(quarter / 4), f"{offset} + 0.1 * letter").encode(
                opacity=alt.value(0.45)
            )
            for quarter in range(5)
        ),
        says(f"'{first}'", _on(0, -0.7), offset, align="'right'"),
        says(f"'{last}'", _on(1, 0.7), offset, align="'left'"),
    ]


def _rule_at_the_truth(slots: int) -> list[alt.Chart]:
    """One rule through all rows, its figure at the top; nothing until the truth is given."""
    y = alt.YValue(pixels(f"{2 * TRUTH} * letter"))  # type: ignore[no-untyped-call]
    y2 = alt.Y2Value(pixels(f"{slots} * row"))  # type: ignore[no-untyped-call]
    first = "datum.row === 0 && datum.truth_says !== ''"
    return [
        mark("rule", 0, color=INK, strokeWidth=3)
        .encode(x=_on("datum.truth"), y=y, y2=y2)
        .transform_filter(first),
        says(
            "datum.truth_says", _on("datum.truth"), f"{TRUTH} * letter - row / 2", weight="bold"
        ).transform_filter(first),
    ]
