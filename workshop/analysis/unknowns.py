"""What nobody knows yet, in sentences: which rate, and which estimate to check first."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.analysis.conversion import rate_interval
from workshop.analysis.gains import gains_alone
from workshop.analysis.information import worth_knowing
from workshop.analysis.planning import names
from workshop.analysis.ranking import assumed, effects
from workshop.analysis.sensitivity import first_order
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Candidate, Idea
from workshop.wording.figures import a_year, count, money, percent
from workshop.wording.shortening import shorten, shorten_step

SMALL = 0.02
"""What knowing everything is worth, of the best idea's gain, that nobody should look into."""

LONGEST_TITLE, LONGEST_STEP, LONGEST_SOURCE = 70, 80, 30
"""Characters of an idea and of a step in a sentence."""


def least_known(funnel: Funnel) -> str:
    """The rate that most of the uncertainty about the revenue comes from, and how sure it is.

    >>> known = Funnel.from_counts({"SQL": 280, "Won": 21}, deal_value=8000, currency="EUR",
    ...     period_days=365)
    >>> least_known(known).removeprefix("Least known is SQL → Won, ")
    'counted on 280 at SQL: it lies between 5.2 % and 10 %, nine times in ten.'
    """
    step = _least_certain(funnel)
    low, high = (percent(rate) for rate in rate_interval(step))
    return (
        f"Least known is {shorten_step(step, LONGEST_STEP)}, counted on {count(step.entered)} at "
        f"{shorten(step.source, LONGEST_SOURCE)}: it lies between {low} and {high}, nine times in "
        "ten."
    )


def biggest_uncertainty(funnel: Funnel) -> str:
    """Which rate makes most of the uncertainty about the revenue; nothing where there is one.

    >>> known = Funnel.from_counts({"MQL": 700, "SQL": 280, "Won": 21}, deal_value=8000,
    ...     currency="EUR", period_days=365)
    >>> biggest_uncertainty(known)
    'The biggest uncertainty is the rate SQL → Won.'
    """
    if len(funnel.steps) == 1:
        return ""
    step = _least_certain(funnel)
    return f"The biggest uncertainty is the rate {shorten_step(step, LONGEST_STEP)}."


def _least_certain(funnel: Funnel) -> Step:
    """The step whose rate makes most of the uncertainty about the revenue."""
    return funnel.steps[int(first_order(funnel).argmax())]


def worth_finding_out(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea]
) -> tuple[str, ...]:
    """What to find out before deciding and what that is worth, the estimate to check first."""
    counted = [idea for idea in ideas if idea.counts]
    if len(counted) < 2:
        return ("With two ideas or more, this says which estimate to check first.",)
    seen, called = assumed(funnel, assumptions), names(ideas)
    acting = effects(counted, assumptions)
    known = worth_knowing(
        seen,
        [Candidate(called[idea.id], own, {}) for idea, own in zip(counted, acting, strict=True)],
    )

    gains = gains_alone(seen, acting)
    if known.perfect < SMALL * max(gains):
        return ("Better data would not change which idea is best.",)

    def worth(amount: float) -> str:
        return f"{money(a_year(amount, seen.period_days), seen.currency)} a year"

    if known.firm_up is None:
        first = "No single estimate could change which idea is best."
    else:
        title = shorten(known.firm_up, LONGEST_TITLE)
        first = (
            f"Check this estimate first: what '{title}' wins back. It could change which "
            f"single idea is best, and knowing it is worth up to {worth(max(known.estimates))}."
        )
    rate = max(range(len(known.rates)), key=known.rates.__getitem__)
    if known.rates[rate] > 0:
        second = (
            f"Of the rates, {seen.steps[rate].name} matters most to that choice: up to "
            f"{worth(known.rates[rate])}."
        )
    else:
        second = "Better data on the rates would not change which idea is best."
    return (
        first,
        second,
        f"Knowing everything would be worth {worth(known.perfect)}. Never spend more than that on "
        "finding out.",
    )
