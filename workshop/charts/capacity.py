"""What a plan takes of each side's capacity."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

import pandas as pd

from workshop.charts.colours import COLOURS, LETTERS
from workshop.charts.marks import Row, Spec, bar, named_bars, table
from workshop.domain.people import Owner
from workshop.wording.figures import days

_SIDES = {"name": "Side", "figure": "Person-days"}


def capacity_chart(effort: Mapping[str, float], capacity: Mapping[str, float], large: bool) -> Spec:
    """A bar a side: solid what the plan takes, hatched what is left of the capacity.

    Both in person-days by side; a capacity of `inf` is no limit, and nothing is hatched.
    """
    return named_bars(_sides(effort, capacity), _SIDES, large)


def capacity_table(effort: Mapping[str, float], capacity: Mapping[str, float]) -> pd.DataFrame:
    """The bars of `capacity_chart` in words."""
    return table(_sides(effort, capacity), _SIDES)


def capacity_alt(effort: Mapping[str, float], capacity: Mapping[str, float]) -> str:
    """The capacity chart in a sentence.

    >>> capacity_alt({"sales": 32, "marketing": 5}, {"sales": 40, "marketing": float("inf")})
    'Person-days of the plan: sales 32 of 40 days, marketing 5 days, no limit.'
    """
    told = (f"{side} {_taken(effort[side], capacity[side])}" for side in effort)
    return f"Person-days of the plan: {', '.join(told)}."


def _sides(effort: Mapping[str, float], capacity: Mapping[str, float]) -> list[Row]:
    limits = [available for available in capacity.values() if isfinite(available)]
    longest = max([*limits, *effort.values()]) or 1.0
    return [
        {
            "name": f"{side.capitalize()} ({LETTERS[Owner(side)]})",
            "figure": _taken(taken, capacity[side]),
            **bar(
                taken / longest,
                capacity[side] / longest if isfinite(capacity[side]) else 0.0,
                colour=COLOURS[Owner(side)],
                strength=0.9,
                hatch=COLOURS[Owner(side)],
            ),
        }
        for side, taken in effort.items()
    ]


def _taken(taken: float, available: float) -> str:
    if not isfinite(available):
        return f"{days(taken)}, no limit"
    return f"{days(taken).split()[0]} of {days(available)}"
