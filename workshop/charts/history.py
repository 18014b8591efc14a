"""How a rate has gone from one workshop of a company to the next: a small line with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from workshop.analysis.conversion import jeffreys_interval
from workshop.charts.colours import INK, TOGETHER
from workshop.charts.marks import LAPTOP_LETTER, ROWS, Spec
from workshop.wording.figures import day, percent

HEIGHT = 130
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Counting:
    """A step as it was counted on a day."""

    on: date
    advanced: float
    entered: float

    @property
    def rate(self) -> float:
        return self.advanced / self.entered if self.entered else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Jeffreys interval of the rate."""
        return jeffreys_interval(self.advanced, self.entered - self.advanced, LEVEL)


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
    return (
        f"{step}: {percent(first.rate)} on {day(first.on)}, {percent(last.rate)} on {day(last.on)}."
    )


def _row(one: Counting) -> dict[str, Any]:
    low, high = one.interval
    return {
        "day": one.on.isoformat(),
        "rate": one.rate,
        "low": low,
        "high": high,
        "when": day(one.on),
        "told": f"{percent(one.rate)} ({percent(low)} to {percent(high)})",
    }
