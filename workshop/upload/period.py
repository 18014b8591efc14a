"""How long the numbers cover: what the files say of it, and what somebody chooses instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import streamlit as st

from workshop import figures
from workshop.forms.number import DAYS, written
from workshop.intake.period import YEAR, Period, PeriodBasis
from workshop.model import Funnel
from workshop.number_field import number_field
from workshop.upload.memory import Said, note, recall, recall_one

PERIODS = {"A year": 365, "Half a year": 182, "A quarter": 91, "A month": 30}
FOUND, OTHER = "found", "Another number of days"
ASSUMED = "not in the file: a year is assumed"
SAME = "not in the file: the same as before"


@dataclass(frozen=True, slots=True)
class Found:
    """A period in days, how it was found, and what to call it among the choices."""

    days: int
    how: str
    label: str


@dataclass(frozen=True, slots=True)
class Covered:
    """The days that the numbers cover, None until they are typed, and how that is known."""

    days: int | None
    how: str
    is_chosen: bool


def found_in(period: Period) -> Found:
    """The period of a cohort.

    >>> found_in(Period(365, PeriodBasis.ASSUMED)).label
    'A year, assumed'
    """
    label = f"{figures.days(period.days)}, as in the file"
    when = f"{figures.dates(period.first, period.last)}: " if period.first and period.last else ""
    match period.basis:
        case PeriodBasis.ENTERED:
            return Found(period.days, f"{when}the days on which leads came in", label)
        case PeriodBasis.CLOSED:
            return Found(period.days, f"{when}the days on which deals were closed", label)
        case PeriodBasis.ASSUMED:
            return Found(period.days, ASSUMED, "A year, assumed")
        case _:
            assert_never(period.basis)


def of_counts(before: Funnel | None) -> Found:
    """The period of counts, which do not say it: that of the funnel they replace, or a year."""
    if before is None:
        return Found(YEAR, ASSUMED, "A year, assumed")
    return Found(before.period_days, SAME, f"{figures.days(before.period_days)}, as before")


def ask_period(found: Found, said: Said) -> Covered:
    """Show how long the numbers cover and how that was found, and let it be changed."""
    options = [FOUND, *PERIODS, OTHER]
    with st.container(key="period"):
        st.selectbox(
            "The numbers cover",
            options,
            format_func=lambda one: found.label if one == FOUND else one,
            key=recall_one(said, "start_period", options, FOUND),
        )
        chosen: str = note(said, "start_period")
        days: float | None = found.days
        if chosen == OTHER:
            key = recall(said, "start_period_days", written(found.days))
            days = number_field("How many days", key, DAYS)
            note(said, key)
        elif chosen != FOUND:
            days = PERIODS[chosen]
        st.text(f"{figures.days(found.days)}, {found.how}." if chosen == FOUND else _instead(found))
    if chosen == FOUND:
        return Covered(found.days, found.how, is_chosen=False)
    return Covered(None if days is None else int(days), "chosen by hand", is_chosen=True)


def _instead(found: Found) -> str:
    if found.how in (ASSUMED, SAME):
        return "Chosen by hand: the file does not say it."
    return f"Chosen by hand. In the file: {figures.days(found.days)}, {found.how}."
