"""From when a commitment can show, in words."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

from workshop.analysis.follow_up import days_to_show, needed
from workshop.domain.funnel import Step
from workshop.wording import figures

MOST_CASES = 10**12  # no funnel counts more
NEVER = "Never with this baseline: "


def when_it_shows(step: Step, period_days: int, target: float, due: date) -> str:
    """From when a rate at its target can be told from what was counted before, in a sentence.

    >>> step, due = Step("MQL", "SQL", 700, 280), date(2026, 6, 1)
    >>> print(when_it_shows(step, 365, 0.5, due)[:85])
    From about 10 August 2026: by then 133 more have come to MQL, 70 days at today’s pace
    >>> print(when_it_shows(Step("Opportunity", "Won", 84, 21), 365, 0.35, due)[:79])
    Never with this baseline: 84 counted are too few to tell 35 % from 25 %. Take an
    """
    if target <= step.rate:
        return (
            f"{NEVER}the target of {figures.percent(target)} is not above the "
            f"{figures.percent(step.rate)} of today. Take a higher one."
        )
    cases = needed((step.advanced, step.entered), target)
    if cases is None or cases > MOST_CASES:
        return (
            f"{NEVER}{figures.count(step.entered)} counted are too few to tell "
            f"{figures.percent(target)} from {figures.percent(step.rate)}. Take an earlier rate, "
            "or the hours to an answer."
        )
    return _from(step, cases, step.entered / period_days, due)


def _from(step: Step, cases: int, entered_a_day: float, due: date) -> str:
    # How long one stays at the step is not known here, and is said in words.
    waiting = days_to_show(cases, entered_a_day, 0)
    assert waiting is not None, "where cases can show, somebody has entered"
    days = ceil(waiting)
    pace = f"{figures.days(days)} at today’s pace"
    if days > (date.max - due).days:
        return f"{NEVER}{figures.count(cases)} more must come to {step.source}, {pace}."
    return (
        f"From about {figures.day(due + timedelta(days=days))}: by then {figures.count(cases)} "
        f"more have come to {step.source}, {pace}. Add the time that they take to pass this step."
    )
