"""How a rate has gone from one workshop of a company to the next: a small line with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from workshop.charts.colours import INK, TOGETHER
from workshop.charts.marks import LAPTOP_LETTER, ROWS, Spec
from workshop.charts.second_look import interval
from workshop.wording.figures import day, percent
from workshop.wording.second_look import rate

HEIGHT = 130


@dataclass(frozen=True, slots=True)
class Counting:
    """A step as it was counted on a day."""

    on: date
    advanced: float
    entered: float

    @property
    def counted(self) -> tuple[float, float]:
        return self.advanced, self.entered


def history_chart(counted: Sequence[Counting]) -> Spec:
    """The rate of a step over the days on which it was counted, in their order."""
    days = alt.X(
        "day:T",
        title=None,
        axis=alt.Axis(format="%b %Y", tickCount=3, grid=False, labelFontSize=int(LAPTOP_LETTER)),
        scale=alt.Scale(nice=False, padding=16),
    )
    rates = alt.Y(
        "rate:Q",
        title=None,
        axis=alt.Axis(format="%", tickCount=3, labelFontSize=int(LAPTOP_LETTER)),
        scale=alt.Scale(zero=False, padding=6),
    )
    told = [alt.Tooltip("told:N", title="Rate"), alt.Tooltip("when:N", title="Counted")]
    chart = alt.LayerChart(
        layer=[
            alt.Chart(mark=alt.MarkDef(type="line", color=INK, opacity=0.5)).encode(
                x=days, y=rates
            ),
            alt.Chart(mark=alt.MarkDef(type="rule", color=TOGETHER, strokeWidth=3)).encode(
                x=days, y=alt.Y("low:Q"), y2=alt.Y2("high")
            ),
            alt.Chart(
                mark=alt.MarkDef(type="point", filled=True, size=70, color=TOGETHER, opacity=1)
            ).encode(x=days, y=rates, tooltip=told),
        ],
        data=alt.NamedData(name=ROWS),
        height=HEIGHT,
        padding={"left": 5, "top": 5, "bottom": 5, "right": 12},
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        usermeta={"embedOptions": {"renderer": "svg"}},  # a canvas has no ink of the page's
    ).configure(background="transparent", mark=alt.MarkConfig(aria=False))
    spec: Spec = chart.to_dict(validate=False)
    return {**spec, "datasets": {ROWS: [_row(one) for one in counted]}}


def history_table(counted: Sequence[Counting]) -> pd.DataFrame:
    """The points in words."""
    rows = [_row(one) for one in counted]
    return pd.DataFrame(
        [[row["when"], row["told"]] for row in rows], columns=["Counted", "Rate"], dtype=object
    )


def history_alt(step: str, counted: Sequence[Counting]) -> str:
    """The line in a sentence."""
    if not counted:
        return f"{step} has not been counted."
    first, last = counted[0], counted[-1]
    was, now = (f"{percent(rate(one.counted))} on {day(one.on)}" for one in (first, last))
    return f"{step}: {was}, {now}."


def _row(one: Counting) -> dict[str, Any]:
    seen, (low, high) = rate(one.counted), interval(one.counted)
    return {
        "day": one.on.isoformat(),
        "rate": seen,
        "low": low,
        "high": high,
        "when": day(one.on),
        "told": f"{percent(seen)} ({percent(low)} to {percent(high)})",
    }
