"""What the best plan brings, drawn against the capacity."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, isfinite
from typing import Any

import altair as alt
import pandas as pd

from workshop.analysis.planning import PlanAtCapacity
from workshop.charts.colours import INK, TOGETHER
from workshop.charts.marks import LAPTOP_LETTER, ROWS, Spec
from workshop.wording.figures import exact_money, money, symbol

HEIGHT = 250
DRAWN, TODAY = "drawn", "today"


def plans_chart(
    plans: Sequence[PlanAtCapacity], today: PlanAtCapacity | None, currency: str
) -> Spec:
    """A line of the gain over the person-days, and today's dot.

    `plans` are in order of their capacity; `today` is the plan there, None where no side has a
    limit.
    """
    rows = [{**_row(plan, currency), "shows": DRAWN} for plan in plans]
    if today is not None:
        rows.append({**_row(today, currency), "shows": TODAY})
    days = alt.X("days:Q", title=_axis(plans), scale=alt.Scale(nice=False))
    chart = alt.LayerChart(
        layer=[
            _line(days, currency),
            *_today(),
            _hover(days),
        ],
        data=alt.NamedData(name=ROWS),
        height=HEIGHT,
        padding={"left": 5, "top": 5, "bottom": 5, "right": 12},
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        usermeta={"embedOptions": {"renderer": "svg"}},  # a canvas has no ink of the page's
    ).configure(background="transparent", mark=alt.MarkConfig(aria=False))
    spec: Spec = chart.to_dict(validate=False)
    return {**spec, "datasets": {ROWS: rows}}


def plans_table(plans: Sequence[PlanAtCapacity], currency: str) -> pd.DataFrame:
    """The lines in words: a row a capacity."""
    told = [_row(plan, currency) for plan in plans]
    columns = {
        "Person-days": "capacity",
        "Best plan a year": "told",
        "Ideas in it": "ideas",
    }
    return pd.DataFrame(
        {name: [row[field] for row in told] for name, field in columns.items()}, dtype=object
    )


def plans_alt(plans: Sequence[PlanAtCapacity], currency: str) -> str:
    """The chart in a sentence."""
    first, last = plans[0], plans[-1]
    return (
        f"What the best plan brings a year against the capacity: {money(first.gain, currency)} "
        f"with {person_days(first)}, {money(last.gain, currency)} with {person_days(last)}. "
        "The table says the same in words."
    )


def person_days(plan: PlanAtCapacity) -> str:
    """The person-days of both sides in words, without a side that has no limit.

    >>> person_days(PlanAtCapacity(1, {"sales": 40, "marketing": 7.5}, (), 0))
    '40 + 7.5 person-days'
    >>> person_days(PlanAtCapacity(1, {"sales": 40, "marketing": float("inf")}, (), 0))
    '40 person-days'
    """
    return f"{' + '.join(f'{days:.3g}' for days in _limited(plan))} person-days"


def _limited(plan: PlanAtCapacity) -> list[float]:
    return [days for days in plan.capacity.values() if isfinite(days)]


def _row(plan: PlanAtCapacity, currency: str) -> dict[str, Any]:
    return {
        "days": fsum(_limited(plan)),
        "gain": plan.gain,
        "capacity": person_days(plan),
        "told": money(plan.gain, currency),
        "label": f"your capacity: {money(plan.gain, currency)}",
        "exact": exact_money(plan.gain, currency),
        "ideas": str(len(plan.chosen)),
    }


def _axis(plans: Sequence[PlanAtCapacity]) -> str:
    sides = [side for side, days in plans[0].capacity.items() if isfinite(days)]
    return f"Person-days of {' + '.join(sides)}"


def _line(days: alt.X, currency: str) -> alt.Chart:
    """A step for each better plan: between two capacities the smaller plan still fits."""
    line = alt.MarkDef(type="line", interpolate="step-after", color=TOGETHER, strokeWidth=3)
    spoken = "replace(replace(format(datum.value, '~s'), 'M', 'm'), 'G', 'bn')"
    money_axis = alt.Axis(labelExpr=f"'{symbol(currency)}' + {spoken}", tickCount=5)
    return _of(DRAWN, line).encode(
        x=days, y=alt.Y("gain:Q", title=None, axis=money_axis, scale=alt.Scale(zero=True))
    )


def _today() -> list[alt.Chart]:
    """A rule at today's capacity, a dot at its plan, and what that brings."""
    rule = alt.MarkDef(type="rule", color=INK, opacity=0.4)
    dot = alt.MarkDef(type="point", filled=True, size=140, color=TOGETHER, opacity=1)
    return [
        _of(TODAY, rule).encode(x="days:Q"),
        _of(TODAY, dot).encode(x="days:Q", y="gain:Q"),
        _of(TODAY, _words(align="right", dx=-10, dy=-12)).encode(
            x="days:Q", y="gain:Q", text="label:N"
        ),
    ]


def _hover(days: alt.X) -> alt.Chart:
    said = {
        "capacity": "Capacity",
        "exact": "Best plan a year",
        "ideas": "Ideas in it",
    }
    return _of(DRAWN, alt.MarkDef(type="rule", opacity=0, strokeWidth=24)).encode(
        x=days, tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in said.items()]
    )


def _of(shown: str, mark: alt.MarkDef) -> alt.Chart:
    return alt.Chart(mark=mark).transform_filter(f"datum.shows === '{shown}'")


def _words(**looks: Any) -> alt.MarkDef:
    return alt.MarkDef(type="text", color=INK, fontSize=int(LAPTOP_LETTER), **looks)
