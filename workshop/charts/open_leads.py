"""What the leads that are still open make of a rate: it is said in three ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import altair as alt
import pandas as pd

from workshop.analysis.maturity import Basis, Truth
from workshop.charts.colours import INK
from workshop.charts.marks import (
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
from workshop.wording import figures
from workshop.wording.figures import percent

NO_LOSS, NOBODY_ENTERED = "no loss is recorded", "nobody entered"


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
        interval.encode(
            x=along(f"{field}_low", start, end), x2=alt.X2(f"{field}_high")
        ).transform_filter(here),
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
