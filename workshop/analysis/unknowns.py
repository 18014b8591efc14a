"""What nobody knows yet, in sentences: which rate, and which estimate to firm up first."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.analysis.conversion import rate_interval
from workshop.analysis.information import worth_knowing
from workshop.analysis.planning import candidate, names
from workshop.analysis.ranking import assumed
from workshop.analysis.sensitivity import first_order
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Idea
from workshop.wording.figures import a_year, count, money, percent


def least_known(funnel: Funnel) -> str:
    """The rate that most of the doubt about the revenue comes from, and how sure it is.

    >>> known = Funnel.from_counts({"SQL": 280, "Won": 21}, deal_value=8000, currency="EUR",
    ...     period_days=365)
    >>> least_known(known).removeprefix("Least known is SQL → Won, ")
    'counted on 280 SQL: it lies between 5.2 % and 10 %, nine times in ten.'
    """
    step, _ = _most_doubtful(funnel)
    low, high = (percent(rate) for rate in rate_interval(step))
    return (
        f"Least known is {step.name}, counted on {count(step.entered)} {step.source}: it lies "
        f"between {low} and {high}, nine times in ten."
    )


def share_of_uncertainty(funnel: Funnel) -> str:
    """How much of the doubt about the revenue the least known rate makes; of one rate, nothing.

    >>> known = Funnel.from_counts({"MQL": 700, "SQL": 280, "Won": 21}, deal_value=8000,
    ...     currency="EUR", period_days=365)
    >>> share_of_uncertainty(known)
    '95 % of the doubt about that lies in the rate SQL → Won.'
    """
    if len(funnel.steps) == 1:
        return ""
    step, share = _most_doubtful(funnel)
    return f"{percent(share)} of the doubt about that lies in the rate {step.name}."


def _most_doubtful(funnel: Funnel) -> tuple[Step, float]:
    """The step whose rate makes most of the doubt about the revenue, and its share of it."""
    shares = first_order(funnel).tolist()
    share = max(shares)
    return funnel.steps[shares.index(share)], share


def worth_finding_out(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea]
) -> tuple[str, ...]:
    """What to find out before deciding and what that is worth, the estimate to firm up first."""
    counted = [idea for idea in ideas if idea.counts]
    if len(counted) < 2:
        return ("With two ideas or more it says here which estimate is worth firming up first.",)
    seen, called = assumed(funnel, assumptions), names(ideas)
    known = worth_knowing(seen, [candidate(idea, called[idea.id], assumptions) for idea in counted])

    def worth(amount: float) -> str:
        return f"{money(a_year(amount, seen.period_days), seen.currency)} a year"

    if known.firm_up is None:
        first = "No single estimate could change which idea is best: the choice stands."
    else:
        first = (
            f"Firm up first what '{known.firm_up}' wins back: to know it is worth up to "
            f"{worth(max(known.estimates))}, since it could change which idea is best."
        )
    rate = max(range(len(known.rates)), key=known.rates.__getitem__)
    if known.rates[rate] > 0:
        second = (
            f"Of the rates, {seen.steps[rate].name} matters most to that choice: up to "
            f"{worth(known.rates[rate])}."
        )
    else:
        second = "No rate, known exactly, would change which idea is best."
    return (
        first,
        second,
        f"To know everything would be worth {worth(known.perfect)}; never spend more than that on "
        "finding out.",
    )
