"""What improving each step is worth, and how much of what we do not know lies in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isclose, isnan

import altair as alt
import pandas as pd

from workshop.charts.colours import INK
from workshop.charts.marks import (
    FIRST,
    SECOND,
    TWO_LINES,
    Row,
    Spec,
    along,
    at,
    bar,
    drawing,
    filled,
    mark,
    named_bars,
    pixels,
    table,
    words,
)
from workshop.domain.funnel import Step
from workshop.domain.lens import Lens
from workshop.wording.figures import NOT_SAID, exact_money, money, percent
from workshop.wording.lenses import LENSES, RANKING_LENSES
from workshop.wording.shortening import shorten_step

NAMES, BAR = 0.28, 0.15
"""The parts of the width that the names of the steps take, and the longest bar of a lens."""

LONGEST_RATE = 75
"""Characters of a rate in a chart as wide as the board."""

_SHARES = {"name": "Rate", "own": "On its own", "total": "With the other rates"}


def lenses_chart(
    lenses: pd.DataFrame, currency: str, large: bool, lens: Lens = Lens.PLUS_1PP
) -> Spec:
    """What improving each step is worth, seen through one of LENSES; the best is strong.

    `lenses` has a row a step: its name in `step`, and a column for each Lens in money a year, NaN
    where that is not known.
    """
    said = {"name": "Step", "exact": f"{LENSES[lens].name}, a year"}
    return named_bars(_worths(lenses, currency, lens), said, large)


def lenses_side_by_side(lenses: pd.DataFrame, currency: str) -> Spec:
    """What improving each step is worth, a column for each of RANKING_LENSES, for the board.

    `lenses` is that of `lenses_chart`. Bars compare within their column, whose best is strong.
    The names of the steps take NAMES of the width, the columns share the rest: their headings
    are the page's.
    """
    rows: list[Row] = [{"name": name} for name in lenses["step"]]
    for place, lens in enumerate(RANKING_LENSES):
        for row, worth in zip(rows, _worths(lenses, currency, lens), strict=True):
            row |= {f"{lens}_{field}": worth[field] for field in ("figure", "exact", "strength")}
            row[f"{lens}_end"] = _start_of(place) + BAR * worth["solid"]
    return filled(_side_by_side(len(rows)), rows)


@lru_cache
def _side_by_side(slots: int) -> Spec:
    layers = [words("name", at("0"), down=FIRST, limit=f"{NAMES} * width - letter")]
    for place, lens in enumerate(RANKING_LENSES):
        start = at(f"{_start_of(place)} * width")
        layers += [
            words(f"{lens}_figure", start, down=FIRST, weight="'bold'"),
            mark("bar", SECOND, height=pixels("0.8 * letter"), color=INK).encode(
                x=along(f"{lens}_end", "0", "width"),
                x2=start,
                opacity=alt.Opacity(f"{lens}_strength:Q", scale=None),
            ),
        ]
    said = {"name": "Step"} | {f"{lens}_exact": LENSES[lens].name for lens in RANKING_LENSES}
    return drawing(layers, said, slots, TWO_LINES, large=True, most_growth=1)


def _start_of(place: int) -> float:
    """Where a column of the lenses begins, as a part of the width."""
    return NAMES + place * (1 - NAMES) / len(RANKING_LENSES)


def lenses_table(lenses: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Every lens in words: a row a step, money a year."""
    columns = {"Step": list(lenses["step"])} | {
        said.name: [NOT_SAID if isnan(worth) else money(worth, currency) for worth in lenses[lens]]
        for lens, said in LENSES.items()
    }
    return pd.DataFrame(columns, dtype=object)


def lenses_alt(lens: Lens = Lens.PLUS_1PP) -> str:
    """What the chart of one lens shows; the same whatever the steps are worth."""
    return (
        f"What improving each step is worth a year, {LENSES[lens].name}: a bar a step, the best "
        "one strong. The table says the same in words."
    )


def sobol_chart(
    first_order: Sequence[float], total_order: Sequence[float], steps: Sequence[Step], large: bool
) -> Spec:
    """What we do not know: the share of the variance of revenue due to each measured rate.

    Solid is a rate's own share (first order), hatched what it adds together with the others
    (up to total order); the two figures are those two.
    """
    return named_bars(_unknowns(first_order, total_order, steps), _SHARES, large)


def sobol_table(
    first_order: Sequence[float], total_order: Sequence[float], steps: Sequence[Step]
) -> pd.DataFrame:
    """The shares of the variance in words: a row a step."""
    return table(_unknowns(first_order, total_order, steps), _SHARES)


def sobol_alt(
    first_order: Sequence[float], total_order: Sequence[float], steps: Sequence[Step]
) -> str:
    """The chart of what we do not know in a sentence."""
    told = ", ".join(
        f"{row['name']} {row['own']}" for row in _unknowns(first_order, total_order, steps)
    )
    return f"How much of what we do not know about revenue comes from each rate: {told}."


def _worths(lenses: pd.DataFrame, currency: str, lens: Lens) -> list[Row]:
    worths = [None if isnan(worth) else float(worth) for worth in lenses[lens]]
    best = max((worth for worth in worths if worth), default=1.0)
    return [
        {"name": name, **_worth(worth, best, currency)}
        for name, worth in zip(lenses["step"], worths, strict=True)
    ]


def _worth(worth: float | None, best: float, currency: str) -> Row:
    if worth is None:
        return {"figure": NOT_SAID, "exact": NOT_SAID, **bar(0)}
    return {
        "figure": money(worth, currency),
        "exact": exact_money(worth, currency),
        **bar(worth / best, strength=0.7 if isclose(worth, best) else 0.35),
    }


def _unknowns(
    first_order: Sequence[float], total_order: Sequence[float], steps: Sequence[Step]
) -> list[Row]:
    most = max(*total_order, *first_order, 0.0) or 1.0
    return [
        {
            "name": step.name,
            "short": shorten_step(step, LONGEST_RATE),
            "figure": f"{percent(own)} · {percent(total)}",
            "own": percent(own),
            "total": percent(total),
            **bar(own / most, total / most),
        }
        for step, own, total in zip(steps, first_order, total_order, strict=True)
    ]
