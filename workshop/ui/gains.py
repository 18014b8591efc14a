"""What ideas bring, as every screen says it."""

from __future__ import annotations

from workshop.analysis.agreed import wanted
from workshop.live.snapshot import Snapshot
from workshop.wording import figures, gains


def how_sure(seen: Snapshot) -> str:
    """What the money of ideas is worth: what to count on, or only what the teams think."""
    return gains.how_sure(seen.assumptions)


def said(seen: Snapshot, worth: float) -> str:
    """What ideas bring in one period of the funnel, said as money a year."""
    return said_a_year(seen, figures.a_year(worth, seen.funnel.period_days))


def said_a_year(seen: Snapshot, worth: float) -> str:
    """What ideas bring a year, and how sure that is."""
    return gains.said_a_year(worth, seen.funnel.currency, seen.assumptions)


def agreed_together(seen: Snapshot) -> str:
    """What the actions that nobody has dropped bring together, in a sentence; "" without any."""
    number = len(wanted(seen.actions))
    if not number:
        return ""
    return gains.said_together(number, seen.agreed_gain, seen.funnel.currency, seen.assumptions)
