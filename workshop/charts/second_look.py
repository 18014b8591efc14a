"""Commitments weeks later: the rate before, the one to reach and the one of now, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import altair as alt
import pandas as pd

from workshop.analysis.conversion import jeffreys_interval
from workshop.charts.colours import INK, TOGETHER
from workshop.charts.marks import (
    FIRST,
    SECOND,
    Height,
    Row,
    Spec,
    along,
    at,
    drawing,
    filled,
    mark,
    pixels,
    table,
    words,
)
from workshop.wording.second_look import change, rate
from workshop.wording.shortening import shorten

Counted = tuple[float, float]

LEVEL = 0.95
LONGEST_NAME = 60  # characters beside the verdict, on the board
SAID = {"name": "Commitment", "rates": "Rate", "verdict": "Verdict"}
ROWS_OF_TWO = Height(least=2.5, laptop=3.2, most=3.3)
"""Rows of which the board has six: their letters take the room."""
START, END = "0.5 * letter", "width - 0.5 * letter"


@dataclass(frozen=True, slots=True)
class Reread:
    """A commitment to draw: its name and verdict in words, its counts (advanced, entered)."""

    name: str
    verdict: str
    before: Counted | None
    target: float | None
    after: Counted | None


def second_look_chart(seen: Sequence[Reread], *, large: bool = False) -> Spec:
    """A row a commitment: its name and verdict, under them the marks on one line of rates.

    A ring is the rate before, an upright line the target, a diamond the rate of now with its
    95 % interval (Jeffreys).
    """
    low, high = _span(seen)
    rows = [_row(one, low, high) for one in seen]
    if large:
        rows = [{**row, "short": shorten(row["short"], LONGEST_NAME)} for row in rows]
    return filled(_drawn(len(rows), large), rows)


def second_look_table(seen: Sequence[Reread]) -> pd.DataFrame:
    """The rows in words."""
    return table([_row(one, 0.0, 1.0) for one in seen], SAID)


def second_look_alt(seen: Sequence[Reread]) -> str:
    """The chart in a sentence."""
    if not seen:
        return "No commitment yet."
    told = "; ".join(f"{one.name}: {one.verdict}" for one in seen[:3])
    return f"What became of {len(seen)} commitments. {told}. The table says all of them."


def _span(seen: Sequence[Reread]) -> tuple[float, float]:
    """The rates at both ends of the line, in whole tens of percent around all marks."""
    rates = [one.target for one in seen if one.target is not None]
    for one in seen:
        if one.before:
            rates.append(rate(one.before))
        if one.after:
            rates += [*interval(one.after), rate(one.after)]
    if not rates:
        return 0.0, 1.0
    low, high = floor(10 * min(rates)) / 10, ceil(10 * max(rates)) / 10
    return max(0.0, low), min(1.0, max(high, low + 0.1))


def interval(counted: Counted) -> tuple[float, float]:
    """The 95 % interval of a rate (Jeffreys), of (advanced, entered)."""
    advanced, entered = counted
    return jeffreys_interval(advanced, entered - advanced, LEVEL)


def _row(one: Reread, low: float, high: float) -> Row:
    def place(value: float | None) -> float | None:
        return None if value is None else min(1.0, max(0.0, (value - low) / (high - low)))

    first, last = interval(one.after) if one.after else (None, None)
    return {
        "name": one.name,
        "short": one.name,
        "verdict": one.verdict,
        "rates": change(one.before, one.target, one.after),
        "line": 0.0 if one.before else None,
        "line_end": 1.0 if one.before else None,
        "before": place(rate(one.before)) if one.before else None,
        "target": place(one.target) if one.before else None,
        "now": place(rate(one.after)) if one.after else None,
        "first": place(first),
        "last": place(last),
    }


@lru_cache
def _drawn(slots: int, large: bool) -> Spec:
    right = "0.5 * width"
    start, end = f"{right} + {START}", END
    line = mark("rule", SECOND, strokeWidth=1, color=INK, opacity=0.35)
    interval = mark(
        "rule", SECOND, strokeWidth=pixels("0.35 * letter"), color=TOGETHER, opacity=0.5
    )
    ring = mark(
        "point",
        SECOND,
        size=pixels("0.5 * letter * letter"),
        filled=False,
        stroke=INK,
        strokeWidth=2,
        opacity=1,
    )
    goal = mark("point", SECOND, shape="stroke", angle=90, size=pixels("1.6 * letter * letter"))
    goal = goal.encode(x=along("target", start, end), stroke=alt.value(INK))
    now = mark(
        "point",
        SECOND,
        shape="diamond",
        filled=True,
        size=pixels("0.9 * letter * letter"),
        fill=TOGETHER,
        stroke=INK,
        strokeWidth=1,
        opacity=1,
    )
    layers = [
        words("short", at("0"), down=FIRST, limit="0.48 * width"),
        words("verdict", at("width"), down=FIRST, align="right", weight="'bold'"),
        words("rates", at("0"), down=SECOND, limit="0.48 * width"),
        line.encode(x=along("line", start, end), x2=alt.X2("line_end")),
        interval.encode(x=along("first", start, end), x2=alt.X2("last")),
        goal,
        ring.encode(x=along("before", start, end)),
        now.encode(x=along("now", start, end)),
    ]
    return drawing(layers, SAID, slots, ROWS_OF_TWO, large)
