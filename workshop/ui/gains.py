"""What ideas bring, as every screen says it: what to count on, or only what the teams think."""

from __future__ import annotations

from workshop.live.snapshot import Snapshot
from workshop.wording import figures


def how_sure(seen: Snapshot) -> str:
    """What the money of ideas is worth: what to count on, or only what the teams think."""
    return "as estimated" if seen.assumptions.success is None else "probably"


def said(seen: Snapshot, worth: float) -> str:
    """What ideas bring in one period of the funnel, said as money a year."""
    return said_a_year(seen, figures.a_year(worth, seen.funnel.period_days))


def said_a_year(seen: Snapshot, worth: float) -> str:
    """What ideas bring a year, and how sure that is."""
    money = f"{figures.money(worth, seen.funnel.currency)} a year"
    return f"{money}, as estimated" if seen.assumptions.success is None else f"probably {money}"
