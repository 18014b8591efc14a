"""What if: the revenue, and what ideas are worth, at rates that nobody has measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from workshop.funnel import Array, rates
from workshop.gains import chance, portion, refuse_foreign, stakes, target
from workshop.model import (
    NAME_LENGTH,
    Assumptions,
    Effect,
    Funnel,
    refuse_outside,
    refuse_text,
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of assumptions: what the funnel could be. Rates in the order of its steps."""

    name: str
    entrants: float
    rates: tuple[float, ...]
    deal_value: float
    quality: float = 1.0
    success: float = 1.0

    def __post_init__(self) -> None:
        refuse_text("the name of the set", self.name, NAME_LENGTH)
        refuse_outside("the number of entrants", self.entrants, 0, 1e12)
        for rate in self.rates:
            refuse_outside("a conversion rate", rate, 0, 1)
        refuse_outside("the deal value", self.deal_value, 0, 1e15)
        refuse_outside("the downstream quality", self.quality, 0, 1)
        refuse_outside("the chance of success", self.success, 0, 1)


def today(funnel: Funnel, assumptions: Assumptions, name: str) -> Scenario:
    """The funnel as it is, under management's assumptions, as a set with this name."""
    return Scenario(
        name,
        funnel.entrants,
        tuple(rates(funnel).tolist()),
        funnel.deal_value,
        assumptions.quality,
        assumptions.success,
    )


def revenue(scenario: Scenario) -> float:
    """The revenue of one cohort: entrants × rates × deal value.

    >>> round(revenue(Scenario("As it is", 2000, (.35, .40, .30, .25), 8000)))
    168000
    """
    return scenario.entrants * prod(scenario.rates) * scenario.deal_value


def gains(funnel: Funnel, scenario: Scenario, effects: Sequence[Effect]) -> Array:
    """The expected gain of each idea alone if the scenario were true, in currency.

    The funnel says only how the lost divide into reasons. Where nobody was lost, a lower rate
    loses people without a reason.

    Raises ValueError where the scenario has not as many rates as the funnel steps, or an effect
    does not fit the funnel.

    >>> from workshop.model import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> scenario = Scenario("More leads", 4000, (.35, .40, .30, .25), 8000)
    >>> gains(f, scenario, [Effect(3, Estimate(.1, .1, .1))]).round().tolist()
    [100800.0]
    """
    if len(scenario.rates) != len(funnel.steps):
        raise ValueError(
            f"'{scenario.name}' has {len(scenario.rates)} rates; the funnel has "
            f"{len(funnel.steps)} steps"
        )
    refuse_foreign(funnel, effects)
    conversion = np.array(scenario.rates)
    stake = scenario.entrants * scenario.deal_value * stakes(conversion, 1 - conversion)
    return np.array([stake[target(funnel, e)] * portion(funnel, e) * chance(e) for e in effects])
