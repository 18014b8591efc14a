"""How long each step takes the leads that advance."""

from __future__ import annotations

from math import isnan
from types import MappingProxyType

import altair as alt
import pandas as pd

from workshop.charts.colours import INK
from workshop.charts.marks import ROWS, Row, Spec, table
from workshop.wording import figures
from workshop.wording.figures import count

MONTHS_HEIGHT = 220

_MONTHS = MappingProxyType(
    {"name": "Entered in", "leads": "Advanced since", "days": "Half of them within"}
)


def months_chart(months: pd.DataFrame) -> Spec:
    """The median days to advance through one step, by the month of entering it.

    `months` has `month, leads, median`, in order. Of those who entered lately only the quick
    ones have advanced yet: the line ends too low.
    """
    month = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%b %Y", tickCount="month", labelOverlap=True, grid=False),
    )
    median = alt.Y(
        "median:Q",
        title="days",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(tickCount=5, format="~r"),
    )
    said = [alt.Tooltip(f"{field}:N", title=title) for field, title in _MONTHS.items()]
    line = alt.MarkDef(type="line", color=INK, opacity=0.55, strokeWidth=2)
    dot = alt.MarkDef(type="point", color=INK, filled=True, opacity=1, size=60)
    hover = alt.MarkDef(type="rule", opacity=0, strokeWidth=16)
    chart = alt.LayerChart(
        layer=[
            alt.Chart(mark=line).encode(x=month, y=median),
            alt.Chart(mark=dot).encode(x=month, y=median),
            alt.Chart(mark=hover).encode(x=month, tooltip=said),
        ],
        data=alt.NamedData(name=ROWS),
        height=MONTHS_HEIGHT,
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        usermeta={"embedOptions": {"renderer": "svg"}},  # a canvas has no ink of the page's
    ).configure(background="transparent", mark=alt.MarkConfig(aria=False))
    spec: Spec = chart.to_dict(validate=False)
    return {**spec, "datasets": {ROWS: _months(months)}}


def months_table(months: pd.DataFrame) -> pd.DataFrame:
    """The points of `months_chart` in words: a row a month."""
    return table(_months(months), _MONTHS)


def months_alt(months: pd.DataFrame) -> str:
    """The months chart in a sentence or two."""
    rows = _months(months)
    if not rows:
        return "Nobody advanced whose two dates are known."
    told = "; ".join(f"{row['name']} {row['days']}" for row in rows)
    return (
        "In how many days half of those advanced who advanced at all, by the month of entering: "
        f"{told}. Of the last months only the quick ones have advanced yet."
    )


def days_table(days: pd.DataFrame) -> pd.DataFrame:
    """How long each step takes those who advance, in words.

    `days` has a row a step: `step, median, p90`, NaN where nobody advanced.
    """
    return pd.DataFrame(
        {
            "Step": list(days["step"]),
            "Half of them within": [_spoken(number) for number in days["median"]],
            "90 % within": [_spoken(number) for number in days["p90"]],
        },
        dtype=object,
    )


def _months(months: pd.DataFrame) -> list[Row]:
    return [
        {
            "row": place,
            "month": f"{month:%Y-%m-%d}",
            "median": float(median),
            "name": f"{month:%B %Y}",
            "leads": count(leads),
            "days": _spoken(median),
        }
        for place, (month, leads, median) in enumerate(
            months[["month", "leads", "median"]].dropna().itertuples(index=False)
        )
    ]


def _spoken(number: float) -> str:
    """Days as people say them: two digits, and whole ones from ten on."""
    if isnan(number):
        return "not known"
    return figures.days(round(number) if number >= 10 else float(f"{number:.2g}"))
