"""The revenue sensitivity of a funnel: what moves its revenue.

The lenses look at the steps, the Sobol indices at what nobody knows about the rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
import pandas as pd

from workshop.analysis.conversion import (
    Array,
    leak,
    rates,
    revenue,
    revenue_per_rate,
    squared_variation_of_product,
    squared_variations,
)
from workshop.domain.funnel import Funnel
from workshop.domain.lens import Lens

PUSH = log(0.6 / 0.4)
"""A push, as log odds: it lifts a rate of 50 % to 60 %."""


def lenses(f: Funnel) -> pd.DataFrame:
    """What an improvement of each step is worth, through five comparable lenses.

    A row a step, in order; money is extra revenue of one cohort in the funnel's currency:

    - `step`: the step's name; `rate`: its measured rate, 0..1;
    - `leak`: all that is lost there, at today's rates after it, R·(1−p)/p;
    - `plus_1pp`: one percentage point more, 0.01·R/p;
    - `plus_10pct`: a tenth more, 0.1·R: the same at every step, so it cannot rank them;
    - `to_benchmark`: reaching the benchmark b, R·max(0, b/p − 1); 0 where none is known;
    - `equal_effort`: one step on the logit scale, R·(1−p).

    `plus_1pp` and `plus_10pct` are slopes: they do not stop at a rate of 100 %. All are defined
    where the rate is 0 (R/p is then the product of everything else).

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365,
    ...     benchmarks={"Lead": .40, "MQL": .38, "SQL": .35, "Opportunity": .27})
    >>> lenses(f).drop(columns=["step", "rate"]).round().astype(int)
         leak  plus_1pp  plus_10pct  to_benchmark  equal_effort
    0  312000      4800       16800         24000        109200
    1  252000      4200       16800             0        100800
    2  392000      5600       16800         28000        117600
    3  504000      6720       16800         13440        126000
    """
    rate, per_rate = rates(f), revenue_per_rate(f)
    benchmark = np.array([step.benchmark or 0.0 for step in f.steps])
    worth = {
        Lens.LEAK: leak(f),
        Lens.PLUS_1PP: 0.01 * per_rate,
        Lens.PLUS_10PCT: np.full(len(f.steps), 0.1 * revenue(f)),
        Lens.TO_BENCHMARK: np.maximum(0.0, benchmark - rate) * per_rate,
        Lens.EQUAL_EFFORT: revenue(f) * (1 - rate),
    }
    named = {lens.value: money for lens, money in worth.items()}
    return pd.DataFrame({"step": [step.name for step in f.steps], "rate": rate, **named})


def pushed(f: Funnel) -> Array:
    """What the same push brings at each step, in currency; shape (steps,).

    The push is PUSH on the logit scale: it lifts a rate of 50 % to 60 %, one of 25 % to 33 %, one
    of 90 % to 93 %, and never reaches 100 %.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> pushed(f).round().tolist()
    [46468.0, 42000.0, 51130.0, 56000.0]
    """
    rate, per_rate = rates(f), revenue_per_rate(f)
    odds = np.exp(PUSH) * rate
    return np.asarray(per_rate * (odds / (1 - rate + odds) - rate))


@dataclass(frozen=True, slots=True)
class Improvement:
    """What the revenue becomes as one step gets better, the others staying as they are.

    `today` is the revenue now, `slope` what each percentage point adds, in currency; `room` are
    the points up to 100 %, `benchmark` those up to the benchmark, below 0 where the step is past
    it and None where none is known.
    """

    step: str
    today: float
    slope: float
    room: float
    benchmark: float | None

    def more(self, points: float) -> float:
        """What so many percentage points bring, in currency."""
        return min(points, self.room) * self.slope


def improvements(f: Funnel) -> tuple[Improvement, ...]:
    """The improvement of each step, in order, in currency of one cohort.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> [round(each.more(10)) for each in improvements(f)]
    [48000, 42000, 56000, 67200]
    """
    today, slopes = revenue(f), 0.01 * revenue_per_rate(f)
    return tuple(
        Improvement(
            step.name,
            today,
            slope,
            100 * (1 - step.rate),
            None if step.benchmark is None else 100 * (step.benchmark - step.rate),
        )
        for step, slope in zip(f.steps, slopes.tolist(), strict=True)
    )


def first_order(f: Funnel) -> Array:
    """First-order Sobol index of each measured rate; shape (steps,), 0..1, sum at most 1.

    The share of the variance of the revenue that would go if this one rate were known: for a
    product of independent rates c²/(Π(1+c²) − 1), with c a rate's coefficient of variation
    (indices: Sobol' 1993; the closed form: docs/method.md).

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> first_order(f).round(4).tolist()
    [0.0201, 0.0464, 0.179, 0.7455]
    """
    return squared_variations(f) / squared_variation_of_product(f)


def total_order(f: Funnel) -> Array:
    """Total-order Sobol index of each measured rate; shape (steps,), each at least its first.

    The share of the variance that would stay if all other rates were known, c²·Π(1+c²) over the
    others, over Π(1+c²) − 1 (Homma & Saltelli 1996; the closed form: docs/method.md).

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> total_order(f).round(4).tolist()
    [0.021, 0.0484, 0.1857, 0.7539]
    """
    squared = squared_variations(f)
    return first_order(f) * (1 + squared_variation_of_product(f)) / (1 + squared)
