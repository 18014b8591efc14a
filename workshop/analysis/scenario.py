"""What if: the revenue, and what ideas are worth, at rates that nobody has measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from workshop.analysis.conversion import Array, rates
from workshop.analysis.gains import gains_alone
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Effect
from workshop.domain.scenario import Scenario

MANY = 10**12
"""Entrants at each step of a supposed funnel, the most a step may have."""


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


def supposed(funnel: Funnel, scenario: Scenario) -> Funnel:
    """The funnel if the scenario were true, for whatever takes a funnel.

    Its counts are those of a trillion entrants at each step, so that no rate is rounded by more
    than a trillionth, and nothing is left uncertain about them; the deal value is divided by as
    much, so that the money is that of one cohort. The measured funnel says how the lost divide
    into reasons and segments. Where nobody was lost, a lower rate loses people without a reason.

    Raises ValueError where the scenario has not as many rates as the funnel steps.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700}, deal_value=8000, currency="EUR",
    ...     period_days=365, losses={"Lead": {"No budget": 650}})
    >>> step = supposed(f, Scenario("Better", 4000, (.6,), 8000)).steps[0]
    >>> step.rate, step.losses["No budget"] / step.lost
    (0.6, 0.5)
    """
    if len(scenario.rates) != len(funnel.steps):
        raise ValueError(
            f"'{scenario.name}' has {len(scenario.rates)} rates; the funnel has "
            f"{len(funnel.steps)} steps"
        )
    steps = tuple(map(_at_rate, funnel.steps, scenario.rates))
    return replace(funnel, steps=steps, deal_value=scenario.deal_value * scenario.entrants / MANY)


def _at_rate(step: Step, rate: float) -> Step:
    advanced = round(rate * MANY)
    lost = MANY - advanced

    def scaled(losses: Mapping[str, int]) -> dict[str, int]:
        return {reason: count * lost // max(step.lost, 1) for reason, count in losses.items()}

    return replace(
        step,
        entered=MANY,
        advanced=advanced,
        losses=scaled(step.losses),
        segments={segment: scaled(losses) for segment, losses in step.segments.items()},
    )


def believed(scenario: Scenario) -> Assumptions:
    """What the scenario believes about the ideas; the rest is in its `supposed` funnel."""
    return Assumptions(quality=scenario.quality, success=scenario.success)


def gains(funnel: Funnel, scenario: Scenario, effects: Sequence[Effect]) -> Array:
    """The expected gain of each idea alone if the scenario were true, in currency.

    Raises ValueError where the scenario has not as many rates as the funnel steps, or an effect
    does not fit the funnel.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> scenario = Scenario("More leads", 4000, (.35, .40, .30, .25), 8000)
    >>> gains(f, scenario, [Effect(3, Estimate(.1, .1, .1))]).round().tolist()
    [100800.0]
    """
    return gains_alone(supposed(funnel, scenario), effects)
