"""What the revenue becomes as a step gets better: a line a step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from workshop.analysis.sensitivity import Improvement
from workshop.charts.colours import INK, TOGETHER
from workshop.charts.marks import BOARD_LETTER, LAPTOP_LETTER, ROWS, Spec, pixels
from workshop.domain.workshop import MOST_POINTS
from workshop.wording.figures import exact_money, money, symbol

HEIGHT = 340
NEAREST = 0.075
"""How near two labels may come, as a part of the height of the chart."""

LINE, TODAY, BENCHMARK, CHOSEN, LABEL = "line", "today", "benchmark", "chosen", "label"

_SAID = {"step": "Step", "better": "Better by", "revenue": "Revenue a year", "more": "More a year"}


def improvement_chart(
    improvements: Sequence[Improvement], points: float, currency: str, *, large: bool = False
) -> Spec:
    """Revenue a year against percentage points of improvement, a line a step, the best one strong.

    A dot marks today, a diamond where a step reaches its benchmark, a rule the improvement that is
    looked at: `points`; the labels say what it brings. Money is a year.
    """
    rows = _rows(improvements, points, currency)
    letter = BOARD_LETTER if large else LAPTOP_LETTER
    x = alt.X(
        "points:Q",
        title="Percentage points better",
        scale=alt.Scale(domain=[0, MOST_POINTS], nice=False),
        axis=alt.Axis(tickCount=5, grid=False),
    )
    spoken = "replace(replace(format(datum.value, '.4~s'), 'M', 'm'), 'G', 'bn')"
    y = alt.Y(
        "money:Q",
        title=None,
        scale=alt.Scale(domain=_domain(improvements), nice=False),
        axis=alt.Axis(labelExpr=f"'{symbol(currency)}' + {spoken}", tickCount=4, labelLimit=0),
    )
    colour = alt.Color("colour:N", scale=None)
    chart = alt.LayerChart(
        layer=[
            _of(LINE, alt.MarkDef(type="line", strokeWidth=3)).encode(
                x=x,
                y=y,
                color=colour,
                opacity=alt.Opacity("strength:Q", scale=None),
                detail="place:N",
                tooltip=[alt.Tooltip(f"{field}:N", title=said) for field, said in _SAID.items()],
            ),
            _of(CHOSEN, alt.MarkDef(type="rule", color=INK, opacity=0.5, strokeDash=[4, 4])).encode(
                x="points:Q"
            ),
            _of(TODAY, _dot("circle")).encode(x="points:Q", y="money:Q"),
            _of(BENCHMARK, _dot("diamond")).encode(x="points:Q", y="money:Q"),
            _of(TODAY, _words(letter, align="left", dx=8, dy=14)).encode(
                x="points:Q", y="money:Q", text="says:N"
            ),
            _of(LABEL, _words(letter, align="left", dx=8)).encode(
                x="points:Q", y="money:Q", text="says:N", color=colour
            ),
        ],
        data=alt.NamedData(name=ROWS),
        params=[alt.VariableParameter(name="letter", expr=letter)],
        # Vega makes room for the labels, which are not clipped.
        padding={"left": 5, "top": 8, "bottom": 5, "right": 5},
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        usermeta={"embedOptions": {"renderer": "svg"}},  # a canvas has no ink of the page's
    ).configure(
        background="transparent",
        mark=alt.MarkConfig(aria=False),
        axis=alt.AxisConfig(
            labelFontSize=pixels("letter"), titleFontSize=pixels("letter"), labelColor=INK
        ),
    )
    if not large:
        chart = chart.properties(height=HEIGHT)
    spec: Spec = chart.to_dict(validate=False)
    return {**spec, "datasets": {ROWS: rows}}


def improvement_table(
    improvements: Sequence[Improvement], points: float, currency: str
) -> pd.DataFrame:
    """What the improvement brings at each step, in words."""
    return pd.DataFrame(
        {
            "Step": [each.step for each in improvements],
            f"{_better(points).capitalize()}": [
                money(each.more(points), currency) for each in improvements
            ],
            "Benchmark": [_to_benchmark(each.benchmark) for each in improvements],
        },
        dtype=object,
    )


def _to_benchmark(points: float | None) -> str:
    if points is None:
        return "not known"
    return f"{points:.3g} points away" if points > 0 else "reached"


def best_improvement(improvements: Sequence[Improvement], points: float, currency: str) -> str:
    """At which step the improvement brings most, in a sentence."""
    best = max(improvements, key=lambda each: each.more(points))
    if not best.more(points):
        return "At this improvement no step brings anything."
    return (
        f"{_better(points).capitalize()} brings most at {best.step}: "
        f"{money(best.more(points), currency)} a year."
    )


IMPROVEMENT_ALT = (
    "Revenue a year against percentage points of improvement: a line a step, the steepest one "
    "strong. The table says what the improvement that is looked at brings at each step."
)


def _better(points: float) -> str:
    return f"{points:g} {'point' if points == 1 else 'points'} better"


def _domain(improvements: Sequence[Improvement]) -> list[float]:
    """From a little below today, where its words stand, to the best that is drawn."""
    today = improvements[0].today
    best = max(each.more(MOST_POINTS) for each in improvements)
    return [today - 0.1 * best, today + best or 1.0]


def _rows(
    improvements: Sequence[Improvement], points: float, currency: str
) -> list[dict[str, Any]]:
    today = improvements[0].today
    best = max(each.more(points) for each in improvements)
    looks = [_looks(each.more(points) == best > 0) for each in improvements]
    lines = [
        {
            "shows": LINE,
            "place": place,
            "points": reached,
            "money": today + each.more(reached),
            "step": each.step,
            "better": _better(round(reached, 1)),
            "revenue": exact_money(today + each.more(reached), currency),
            "more": exact_money(each.more(reached), currency),
            **looks[place],
        }
        for place, each in enumerate(improvements)
        for reached in sorted({0.0, min(each.room, MOST_POINTS), float(MOST_POINTS)})
    ]
    marks = [
        {"shows": TODAY, "points": 0, "money": today, "says": f"today {money(today, currency)}"},
        {"shows": CHOSEN, "points": points},
        *(
            {
                "shows": BENCHMARK,
                "points": each.benchmark,
                "money": today + each.more(each.benchmark),
            }
            for each in improvements
            if each.benchmark and 0 < each.benchmark <= MOST_POINTS
        ),
    ]
    heights = _apart([today + each.more(MOST_POINTS) for each in improvements])
    labels = [
        {
            "shows": LABEL,
            "points": MOST_POINTS,
            "money": height,
            "says": f"{each.step}: {money(each.more(points), currency)} for {points:g}",
            **look,
        }
        for each, height, look in zip(improvements, heights, looks, strict=True)
    ]
    return [*lines, *marks, *labels]


def _looks(is_best: bool) -> dict[str, Any]:
    return {"colour": TOGETHER if is_best else INK, "strength": 1.0 if is_best else 0.45}


def _apart(heights: list[float]) -> list[float]:
    """Heights for labels, none nearer to the next than NEAREST of what all of them span.

    >>> _apart([10.0, 10.0, 0.0])
    [10.0, 9.25, 0.0]
    """
    if not heights:
        return []
    order = sorted(range(len(heights)), key=lambda k: -heights[k])
    least = NEAREST * (max(heights) - min(heights) or 1.0)
    placed = list(heights)
    for above, below in pairwise(order):
        placed[below] = min(placed[below], placed[above] - least)
    return placed


def _of(shown: str, mark: alt.MarkDef) -> alt.Chart:
    return alt.Chart(mark=mark).transform_filter(f"datum.shows === '{shown}'")


def _dot(shape: str) -> alt.MarkDef:
    return alt.MarkDef(
        type="point", shape=shape, filled=True, size=130, color=INK, opacity=1, stroke="#FFFFFF"
    )


def _words(letter: str, **looks: Any) -> alt.MarkDef:
    return alt.MarkDef(
        type="text", color=INK, baseline="middle", fontSize=pixels("letter"), **looks
    )
