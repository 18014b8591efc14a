"""From the revenue that management wants back to what it takes, and what stops it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import expm1, isfinite, log

import numpy as np
from scipy.special import expit, log_expit, logit

from workshop.analysis.conversion import Array, rates
from workshop.domain.assumptions import Assumptions
from workshop.domain.checks import refuse_outside
from workshop.domain.funnel import Funnel
from workshop.wording.figures import DAYS_OF_A_YEAR

Capacities = Mapping[str, float | None] | Sequence[float | None]

ROUNDING = 1e-12


def needed_entrants(funnel: Funnel, revenue: float) -> float:
    """How many must enter the funnel for this revenue of a cohort, at today's rates: G/(V·Πp).

    `revenue` is in the funnel's currency, for the period that it covers.

    Raises ValueError where it is below 0, or no number of entrants brings in anything.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> round(needed_entrants(f, 250_000))
    2976
    """
    if not (isfinite(revenue) and revenue >= 0):
        raise ValueError(f"the revenue wanted is {revenue:g}; it must be 0 or more")
    refuse_nothing_won(funnel)
    return revenue / (funnel.deal_value * float(np.prod(rates(funnel))))


def equal_push(funnel: Funnel, revenue: float) -> Array:
    """The rates that bring in this revenue of a cohort if every step is pushed alike.

    Alike means by the same λ in log odds: N·V·Πσ(logit pᵢ + λ) = `revenue`, which moves a rate
    near 50 % most and never beyond 100 %. A step that converts everybody goes on doing so.
    `revenue` is in the funnel's currency, for the period that it covers; where it is below
    today's, the rates fall. Shape (steps,).

    Raises ValueError where no push leads there: some step converts nobody, or even a funnel
    that loses nobody would not bring in more.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> equal_push(f, 250_000).round(3).tolist()
    [0.385, 0.437, 0.333, 0.279]
    """
    if not (isfinite(revenue) and revenue > 0):
        raise ValueError(f"the revenue wanted is {revenue:g}; it must be more than 0")
    if funnel.entrants == 0:
        raise ValueError("nobody entered the funnel; better rates bring in nothing")
    refuse_nothing_won(funnel)
    today, most = rates(funnel), funnel.entrants * funnel.deal_value
    movable = today < 1
    if not movable.any():
        refuse_another(revenue, most)
        return today
    if revenue >= most:
        raise ValueError(
            f"the revenue wanted is {revenue:,.0f}; all {funnel.entrants:,} who enter would bring "
            f"in {most:,.0f} if nobody were lost, and better rates stay below that"
        )
    # Rounding may make it 0, though the revenue wanted is less.
    log_product = min(log(revenue) - log(most), -(2.0**-53))
    pushed = today.copy()
    pushed[movable] = expit(logit(today[movable]) + push(today[movable], log_product))
    return pushed


def push(today: Array, log_product: float) -> float:
    """The λ that gives rates between 0 and 1 the product whose logarithm this is, below 0.

    By Newton's method. The logarithm of the product rises with λ, ever less: so a tangent from
    below never leads past what is looked for, and each one leads closer.
    """
    odds = logit(today)
    each = log_product / len(odds)  # the logarithm of each rate, were they all equal
    needed = each - log(-expm1(each)) - odds  # the λ that takes each there
    by = needed.min()  # by this, none is beyond: the product is too small, or right
    while True:
        missing = log_product - log_expit(odds + by).sum()
        further = by + missing / expit(-odds - by).sum()
        if not further > by:  # rounding decides from here on
            return float(by)
        by = further


def refuse_another(revenue: float, most: float) -> None:
    """Raise ValueError where another revenue is wanted of a funnel that loses nobody."""
    if revenue != most:
        raise ValueError(
            f"the revenue wanted is {revenue:,.0f}; nobody is lost at any step, so no push on the "
            f"rates changes the {most:,.0f} of today"
        )


def refuse_nothing_won(funnel: Funnel) -> None:
    """Raise ValueError where nothing is won, however many enter."""
    for step in funnel.steps:
        if step.advanced == 0:
            raise ValueError(
                f"nobody advanced at {step.name}, so nothing is won, however many enter"
            )
    if funnel.deal_value == 0:
        raise ValueError("a won deal is worth 0; enter what one brings in")


def won_within(funnel: Funnel, capacities: Capacities) -> float:
    """How many are won of those who enter if a stage can only serve so many in the period.

    A capacity belongs to a stage: it is how many prospects *at* that stage can be worked on, so
    it limits what enters the step that leaves it, and for the last stage, how many won deals can
    be delivered. None is no limit. Given are the stages that have a limit by name, or the
    capacities of all stages in order, where that of the last stage may be left out.
    The won are the least of N·Πp and, for each stage i, Cᵢ·Π over the steps from i on of p.

    Raises ValueError where a stage is not known, the number does not fit, or one is below 0.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> round(won_within(f, {"SQL": 200}), 9), round(won_within(f, [None, None, 200, 30]), 9)
    (15.0, 7.5)
    """
    return served(funnel, capacities)[0]


def binding_stage(funnel: Funnel, capacities: Capacities) -> str | None:
    """The stage that stops us: more prospects before it would win nothing more. None if none does.

    It is the last stage that more reach, or just as many, than it can serve: whatever lies before
    it, an idea there is worth nothing until the stage can serve more.

    Raises ValueError as `won_within` does.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> binding_stage(f, {"MQL": 600, "SQL": 200, "Opportunity": 70})
    'SQL'
    """
    return served(funnel, capacities)[1]


@dataclass(frozen=True, slots=True)
class Limit:
    """The stage at this place of the funnel that stops us, and how many a year it can serve."""

    stage: str
    place: int
    capacity: float

    def holds_up(self, step: int) -> bool:
        """Whether an idea at this step brings nothing until the stage can serve more.

        >>> limit = Limit("SQL", 2, 200)
        >>> [limit.holds_up(step) for step in range(4)]
        [True, True, False, False]
        """
        return step < self.place


def limit_of(funnel: Funnel, assumptions: Assumptions) -> Limit | None:
    """What holds the ideas up under management's assumptions, as `binding_stage` says.

    Capacities are for a year, the funnel for its own period. Those of stages that the funnel does
    not have count for nothing.
    """
    a_year = {stage: most for stage, most in assumptions.capacities if stage in funnel.stages}
    in_period = {
        stage: most * funnel.period_days / DAYS_OF_A_YEAR for stage, most in a_year.items()
    }
    stage = binding_stage(funnel, in_period)
    return None if stage is None else Limit(stage, funnel.stages.index(stage), a_year[stage])


def first_limit(funnel: Funnel, capacities: Capacities) -> tuple[str, float] | None:
    """The stage that stops us first however many enter, and how many are then won at most.

    The won are the least, over the stages i with a capacity, of Cᵢ·Π over the steps from i on of
    p; of stages alike the last. None where no stage has a capacity.

    Raises ValueError as `won_within` does.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> stage, won = first_limit(f, {"MQL": 1000, "Opportunity": 100})
    >>> stage, round(won, 9)
    ('Opportunity', 25.0)
    """
    limits, onward, first = limits_of(funnel, capacities), 1.0, None
    rates_from_the_end = [1.0, *(step.rate for step in reversed(funnel.steps))]
    for stage, rate in zip(reversed(funnel.stages), rates_from_the_end, strict=True):
        onward *= rate
        limit = limits.get(stage)
        if limit is not None and (first is None or limit * onward < first[1] * (1 - ROUNDING)):
            first = stage, limit * onward
    return first


def served(funnel: Funnel, capacities: Capacities) -> tuple[float, str | None]:
    """The won within the capacities, and the last stage that could not serve more."""
    limits, binding = limits_of(funnel, capacities), None
    flow = float(funnel.entrants)
    onward = [*(step.rate for step in funnel.steps), 1.0]
    for stage, rate in zip(funnel.stages, onward, strict=True):
        limit = limits.get(stage)
        if limit is not None and limit <= flow * (1 + ROUNDING):
            flow, binding = limit, stage
        flow *= rate
    return flow, binding


def limits_of(funnel: Funnel, capacities: Capacities) -> dict[str, float | None]:
    """The capacity of each stage that has one."""
    if not isinstance(capacities, Mapping):
        if len(capacities) not in (len(funnel.steps), len(funnel.stages)):
            raise ValueError(
                f"there are {len(capacities)} capacities; there must be {len(funnel.stages)}, "
                "one for each stage, or one less without the last"
            )
        capacities = dict(zip(funnel.stages, capacities, strict=False))
    for stage, capacity in capacities.items():
        if stage not in funnel.stages:
            raise ValueError(f"'{stage}' is no stage of this funnel")
        if capacity is not None:
            refuse_outside(f"the capacity of {stage}", capacity, 0, 1e15)
    return dict(capacities)
