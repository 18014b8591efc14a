"""Leads one by one: what the open ones make of a rate, where leads come from, how long it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import isnan
from types import MappingProxyType
from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from workshop.analysis.maturity import Basis, Truth
from workshop.charts.colours import INK
from workshop.charts.marks import (
    ONE_LINE,
    ROWS,
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
    wide,
    words,
)
from workshop.wording import figures
from workshop.wording.figures import count, percent

MOST_SEGMENTS = 12
COLUMNS = MappingProxyType({"whole": (0.14, 0.48), "step": (0.66, 1.0)})
"""Where the bars of a rate begin and end, as parts of the room that names and leads leave."""

MONTHS_HEIGHT = 220
NO_LOSS, NOBODY_ENTERED, NOBODY = "no loss is recorded", "nobody entered", "nobody"


class Way(NamedTuple):
    """One way to say a rate: its field, its name, the shape of its mark, its line in the row."""

    field: str
    name: str
    shape: str
    down: float


WAYS: Mapping[Basis, Way] = MappingProxyType(
    {
        Basis.NAIVE: Way("naive", "open ones counted as lost", "square", -0.45),
        Basis.CLOSED_ONLY: Way("closed", "decided ones only", "diamond", 0.75),
        Basis.CORRECTED: Way("corrected", "corrected", "circle", 1.95),
    }
)
NAME_OF_STEP = -1.75  # in letters below the middle of the row, like the lines of the ways
FOUR_LINES = Height(5.2, 6.4, 7.5)
FIGURE, GAP = 3.4, 0.6  # letters

_TRUTHS = MappingProxyType(
    {
        "name": "Step",
        **{way.field: way.name.capitalize() for way in WAYS.values()},
        "horizon": "Corrected looks ahead",
        "open": "Still open",
    }
)
_SEGMENTS = MappingProxyType(
    {"name": "Segment", "leads": "Leads", "whole": "First to last stage", "step": "At the step"}
)
_FIRST_BOLD = "datum.row ? 'normal' : 'bold'"
_MONTHS = MappingProxyType(
    {"name": "Entered in", "leads": "Advanced since", "days": "Half of them within"}
)


# -- what the open ones make of a rate -------------------------------------------------------------


def truth_chart(steps: Sequence[str], truths: Sequence[Truth], basis: Basis) -> Spec:
    """Each step's rate, said in three ways, with 90 % intervals; the way of `basis` is strong.

    Where no loss is recorded, the rate of the decided ones says nothing and is left out. None is
    strong where the last days are ignored.
    """
    rows = [
        row | {f"{way.field}_strong": chosen is basis for chosen, way in WAYS.items()}
        for row in _truths(steps, truths)
    ]
    return filled(_truth_drawing(len(rows)), rows)


def truth_table(steps: Sequence[str], truths: Sequence[Truth]) -> pd.DataFrame:
    """The rates and intervals of `truth_chart` in words: a row a step."""
    return table(_truths(steps, truths), _TRUTHS)


def truth_alt(steps: Sequence[str], truths: Sequence[Truth], basis: Basis) -> str:
    """The truth chart in two sentences."""
    ways = list(WAYS.values())
    told = "; ".join(
        f"{row['name']} {', '.join(row[f'{way.field}_short'] or row[way.field] for way in ways)}"
        for row in _truths(steps, truths)
    )
    chosen = f"“{WAYS[basis].name}” is strong" if basis in WAYS else "None is strong"
    return (
        f"The rate of each step, said in three ways ({', '.join(way.name for way in ways)}): "
        f"{told}. {chosen}."
    )


@lru_cache
def _truth_drawing(slots: int) -> Spec:
    longest = 0.53 * max(len(way.name) for way in WAYS.values())
    beside = f"width - {FIGURE + GAP + longest:.2f} * letter"
    layers = [
        words("name", at("0"), down=NAME_OF_STEP, limit=f"{beside} - letter"),
        words("still_open", at(f"{beside} + {FIGURE + GAP} * letter"), down=NAME_OF_STEP),
    ]
    for way in WAYS.values():
        layers += _way(way, beside)
    return drawing(layers, _TRUTHS, slots, FOUR_LINES, large=False)


def _way(way: Way, beside: str) -> list[alt.Chart]:
    """A rail, on it the interval and a mark at the rate; beside it the figure and its name."""
    field, down, strong = way.field, way.down, f"datum.{way.field}_strong"
    start, end = "0.5 * letter", f"{beside} - 0.5 * letter"
    weight = f"{strong} ? 'bold' : 'normal'"
    rail = mark("rule", down, color=INK, opacity=0.12, strokeWidth=1)
    interval = mark(
        "bar",
        down,
        height=pixels(f"({strong} ? 0.45 : 0.2) * letter"),
        color=INK,
        opacity=0.35,
        cornerRadius=2,
    )
    dot = mark(
        "point",
        down,
        shape=way.shape,
        filled=True,
        color=INK,
        size=pixels(f"({strong} ? 0.85 : 0.55) * letter * letter"),
        opacity=pixels(f"{strong} ? 1 : 0.5"),
    )
    here = f"datum.{field}_short !== ''"
    return [
        rail.encode(x=at(start), x2=at(end)),
        interval.encode(x=along(f"{field}_low", start, end), x2=f"{field}_high").transform_filter(
            here
        ),
        dot.encode(x=along(f"{field}_rate", start, end)).transform_filter(here),
        words(
            f"{field}_short",
            at(f"{beside} + {FIGURE} * letter"),
            align="right",
            down=down,
            weight=weight,
        ),
        words(f"{field}_name", at(f"{beside} + {FIGURE + GAP} * letter"), down=down, weight=weight),
    ]


def _truths(steps: Sequence[str], truths: Sequence[Truth]) -> list[Row]:
    known = [_rates(told) for told in truths]
    longest = max((high for rates in known for *_, high in rates.values()), default=1.0)
    return [
        _truth(step, told, rates, longest)
        for step, told, rates in zip(steps, truths, known, strict=True)
    ]


def _rates(told: Truth) -> dict[str, tuple[float, float, float]]:
    """The rates that say something, each with the ends of its interval."""
    rates = {
        "naive": (told.naive, told.naive_low, told.naive_high),
        "closed": (told.closed_only, told.closed_low, told.closed_high),
        "corrected": (told.corrected, told.low, told.high),
    }
    if not told.lost:
        del rates["closed"]
    return rates if told.entered else {}


def _truth(
    step: str, told: Truth, rates: Mapping[str, tuple[float, float, float]], longest: float
) -> Row:
    why_none = NO_LOSS if told.entered else NOBODY_ENTERED
    ahead = figures.days(max(1, round(told.horizon_days)))
    row: Row = {
        "name": step,
        "open": percent(told.open_share) if told.entered else why_none,
        "still_open": f"{percent(told.open_share)} still open" if told.entered else why_none,
        "horizon": f"{ahead} after entering" if told.entered else why_none,
    }
    for way in WAYS.values():
        rate, low, high = rates.get(way.field, (0.0, 0.0, 0.0))
        known = way.field in rates
        row |= {
            way.field: f"{percent(rate)} ({percent(low)} to {percent(high)})"
            if known
            else why_none,
            f"{way.field}_short": percent(rate) if known else "",
            f"{way.field}_name": way.name if known else NO_LOSS if told.entered else "",
            f"{way.field}_low": low / longest,
            f"{way.field}_rate": rate / longest,
            f"{way.field}_high": high / longest,
        }
    return row


# -- where leads come from -------------------------------------------------------------------------


def segments_chart(reached: pd.DataFrame, step: int) -> Spec:
    """What share of each segment came from the first stage to the last, and through one step.

    `reached` has a row a segment: its name, then for each stage how many reached it; `step` is
    an index. The first row tells all segments together and what the columns show; a line marks
    its rate in each. The largest segment comes first; of more than twelve, the smallest are one.
    """
    rows = _segments(reached, step)
    names, leads = wide(rows, "name", most=26) + 1, wide(rows, "leads") + 1.5
    return filled(_segments_drawing(names, leads, len(rows)), rows)


def segments_table(reached: pd.DataFrame, step: int) -> pd.DataFrame:
    """The bars of `segments_chart` in words: a row a segment."""
    whole, one = _headings(reached, step)
    return table(_segments(reached, step), _SEGMENTS | {"whole": whole, "step": one})


def segments_alt(reached: pd.DataFrame, step: int) -> str:
    """The segments chart in a sentence or two."""
    every, *segments = _segments(reached, step)
    told = "; ".join(f"{row['name']} {row['whole']}, {row['step']}" for row in segments)
    whole, one = _headings(reached, step)
    return (
        f"{every['leads']} leads. {whole}: {every['whole']}. {one}: {every['step']}. "
        f"The same by segment: {told}."
    )


@lru_cache
def _segments_drawing(names: float, leads: float, slots: int) -> Spec:
    name = f"min({names} * letter, 0.3 * width)"
    start = f"{name} + {leads} * letter"
    layers = [
        words("name", at("0"), limit=f"{name} - 0.5 * letter", weight=_FIRST_BOLD),
        words("leads", at(f"{start} - 0.5 * letter"), align="right", weight=_FIRST_BOLD),
    ]
    for field in COLUMNS:
        layers += _column(field, start)
    return drawing(layers, _SEGMENTS, slots, ONE_LINE, large=False)


def _column(field: str, start: str) -> list[alt.Chart]:
    """The rates of a column and their bars, in the part of the room that it has.

    Over the bars stands what they are; through them goes a line at the rate of all.
    """
    begin, end = (f"{start} + {share} * (width - ({start}))" for share in COLUMNS[field])
    bar = mark("bar", 0, height=pixels("0.9 * letter"), color=INK, opacity=0.5)
    of_all = mark("bar", 0, height=pixels("row"), color=INK, x2Offset=1.5)
    return [
        words(field, at(f"{begin} - 0.6 * letter"), align="right", weight="'bold'"),
        words(f"{field}_heading", at(begin), limit=f"{end} - ({begin})", weight=_FIRST_BOLD),
        *(
            layer.transform_filter("datum.row > 0")
            for layer in (
                bar.encode(x=along(f"{field}_end", start, "width"), x2=at(begin)),
                of_all.encode(x=along(f"{field}_of_all", start, "width"), x2=f"{field}_of_all"),
            )
        ),
    ]


def _headings(reached: pd.DataFrame, step: int) -> tuple[str, str]:
    stages = list(reached.columns[1:])
    return (
        f"All steps, {stages[0]} → {stages[-1]}",
        f"One step, {stages[step]} → {stages[step + 1]}",
    )


def _segments(reached: pd.DataFrame, step: int) -> list[Row]:
    names, leads = reached.iloc[:, 0].map(str), reached.iloc[:, 1:].to_numpy(np.int64)
    order = np.argsort(-leads[:, 0], kind="stable")
    room = len(order) if len(order) <= MOST_SEGMENTS else MOST_SEGMENTS - 1
    segments = [(names.iloc[place], leads[place]) for place in order[:room]]
    if rest := len(order) - room:
        segments.append((f"other segments ({rest})", leads[order[room:]].sum(axis=0)))
    counts = [("All leads", leads.sum(axis=0)), *segments]
    rates = {
        "whole": [_rate(stages[-1], stages[0]) for _, stages in counts],
        "step": [_rate(stages[step + 1], stages[step]) for _, stages in counts],
    }
    rows: list[Row] = [{"name": name, "leads": count(stages[0])} for name, stages in counts]
    for (field, (begin, end)), heading in zip(
        COLUMNS.items(), _headings(reached, step), strict=True
    ):
        longest = max(rate or 0.0 for rate in rates[field]) or 1.0
        ends = [begin + (end - begin) * (rate or 0.0) / longest for rate in rates[field]]
        for place, row in enumerate(rows):
            rate = rates[field][place]
            row |= {
                field: NOBODY if rate is None else percent(rate),
                f"{field}_heading": "" if place else heading,
                f"{field}_end": ends[place],
                f"{field}_of_all": ends[0],
            }
    return rows


def _rate(advanced: int, entered: int) -> float | None:
    return float(advanced / entered) if entered else None


# -- how long it takes -----------------------------------------------------------------------------


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
    spec: Spec = chart.to_dict()
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
