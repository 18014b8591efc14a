"""What ideas bring, in words: money a year, and how sure that is."""

from __future__ import annotations

from workshop.domain.assumptions import Assumptions
from workshop.wording import figures


def how_sure(assumptions: Assumptions) -> str:
    """What the money of ideas is worth: what to count on, or only what the teams think.

    >>> how_sure(Assumptions()), how_sure(Assumptions(success=0.4))
    ('as estimated', 'probably')
    >>> how_sure(Assumptions(turned_out=0.6))
    'as ours have turned out'
    """
    if assumptions.turned_out is not None:
        return "as ours have turned out"
    return "as estimated" if assumptions.success is None else "probably"


def said_a_year(worth: float, currency: str, assumptions: Assumptions) -> str:
    """What ideas bring a year, and how sure that is.

    >>> said_a_year(25200, "EUR", Assumptions()), said_a_year(9000, "EUR", Assumptions(success=0.4))
    ('€25k a year, as estimated', 'probably €9k a year')
    """
    money = f"{figures.money(worth, currency)} a year"
    sure = how_sure(assumptions)
    is_said_first = assumptions.success is not None and assumptions.turned_out is None
    return f"{sure} {money}" if is_said_first else f"{money}, {sure}"


def said_together(number: int, worth: float, currency: str, assumptions: Assumptions) -> str:
    """What so many actions bring together.

    >>> said_together(2, 25200, "EUR", Assumptions())
    '2 actions: together €25k a year, as estimated.'
    """
    brings = said_a_year(worth, currency, assumptions)
    return f"{figures.counted(number, 'action')}: together {brings}."
