"""When a rate at its target can be told from today's, and what to measure where it never can."""

from __future__ import annotations

from workshop.analysis.follow_up import days_to_show, needed
from workshop.domain.funnel import Funnel, Step
from workshop.wording import second_look

MOST_CASES = 10**12  # no funnel counts more


def can_show(funnel: Funnel, step: int, target: float, step_days: float | None = None) -> str:
    """When a step's rate at this target can be told from today's, or what to measure instead.

    `step_days` is within how many days 90 of 100 pass the step, where that is known.
    """
    seen = funnel.steps[step]
    before = (seen.advanced, seen.entered)
    cases = _cases(seen, target)
    if cases is None and target > seen.rate:
        earlier = _earlier_that_shows(funnel, step, target - seen.rate)
        return f"{second_look.never(before)} {second_look.better_measure(earlier)}"
    days = days_to_show(cases or 0, seen.entered / funnel.period_days, step_days or 0.0)
    knows = step_days is not None
    return second_look.can_show(before, target, cases, days, seen.source, knows_step_days=knows)


def days_until_it_shows(
    funnel: Funnel, step: int, target: float, step_days: float | None = None
) -> float | None:
    """The days until then, at today's inflow; None where it never shows."""
    seen = funnel.steps[step]
    cases = _cases(seen, target)
    if cases is None:
        return None
    return days_to_show(cases, seen.entered / funnel.period_days, step_days or 0.0)


def _cases(step: Step, target: float) -> int | None:
    cases = needed((step.advanced, step.entered), target)
    return None if cases is None or cases > MOST_CASES else cases


def _earlier_that_shows(funnel: Funnel, step: int, rise: float) -> str | None:
    """The nearest earlier step whose rate would show the same rise in points, if one would."""
    for one in reversed(funnel.steps[:step]):
        if _cases(one, min(1.0, one.rate + rise)) is not None:
            return one.name
    return None
