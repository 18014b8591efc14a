"""What a sales director checks first: how many came in, what became of them, for how much."""

from __future__ import annotations

from workshop.analysis.conversion import revenue
from workshop.domain.funnel import Funnel
from workshop.intake.cohort import OutcomeCounts
from workshop.intake.period import Period, PeriodBasis
from workshop.wording import figures


def of_leads(leads: OutcomeCounts, period: Period, segment: str | None = None) -> tuple[str, str]:
    """How many came in, and what became of them.

    >>> from datetime import date
    >>> year = Period(365, PeriodBasis.ENTERED, date(2025, 1, 1), date(2025, 12, 31))
    >>> of_leads(OutcomeCounts(21, 1979, 0), year)[0]
    '2,000 leads came in from 1 January to 31 December 2025.'
    >>> of_leads(OutcomeCounts(21, 1979, 0), year)[1]
    '21 were won, 1,979 lost, 0 are still open.'
    """
    of = f" of “{segment}”" if segment else ""
    came = f"{figures.counted(leads.all, 'lead')}{of} came in"
    if period.first is None or period.last is None:
        came += "; the file does not say when"
    elif period.basis is PeriodBasis.CLOSED:
        came += f"; deals were closed {figures.dates(period.first, period.last)}"
    else:
        came += f" {figures.dates(period.first, period.last)}"
    won = f"{figures.count(leads.won)} {'was' if leads.won == 1 else 'were'} won"
    still = f"{figures.count(leads.open)} {'is' if leads.open == 1 else 'are'} still open"
    return f"{came}.", f"{won}, {figures.count(leads.lost)} lost, {still}."


def of_counts(funnel: Funnel) -> tuple[str, str]:
    """The same, as far as counts say it."""
    entered, won = funnel.counts[0], funnel.won
    reached = f"{figures.count(entered)} reached {funnel.stages[0]}"
    came = f"{reached} within {figures.days(funnel.period_days)}."
    were = "was" if won == 1 else "were"
    others = entered - won
    not_won = f"{figures.count(others)} {'was' if others == 1 else 'were'} not"
    return came, f"{figures.count(won)} {were} won, {not_won}."


def of_money(funnel: Funnel, *, is_valued: bool = True) -> str:
    """What a won deal is worth, and what all of them make.

    >>> of_money(Funnel.from_counts(
    ...     {"Lead": 2000, "Won": 21}, deal_value=8000, currency="EUR", period_days=365))
    'A won deal is worth €8,000 on average: €168k in the period, about €168k a year.'
    """
    if not is_valued:
        return "Say what a won deal is worth, and you see what that is a year."
    value = figures.exact_money(funnel.deal_value, funnel.currency)
    all_of_it = figures.money(revenue(funnel), funnel.currency)
    a_year = figures.a_year(revenue(funnel), funnel.period_days)
    return (
        f"A won deal is worth {value} on average: {all_of_it} in the period, "
        f"about {figures.money(a_year, funnel.currency)} a year."
    )
