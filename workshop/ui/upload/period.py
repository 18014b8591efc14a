"""How long the numbers cover: what the files say of it, and what somebody chooses instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import assert_never

import streamlit as st

from workshop.domain.funnel import Funnel
from workshop.domain.import_codes import PeriodSource
from workshop.forms.number import DAYS, written
from workshop.intake.period import YEAR, Period, PeriodBasis
from workshop.ui.number_field import number_field
from workshop.ui.upload.memory import Said, note, recall, recall_one
from workshop.wording import figures
from workshop.wording.import_words import how_long

PERIODS = {"A year": 365, "Half a year": 182, "A quarter": 91, "A month": 30}
FOUND, OTHER = "found", "Another number of days"


@dataclass(frozen=True, slots=True)
class Found:
    """A period in days, how it was found, and what to call it among the choices."""

    days: int
    source: PeriodSource
    label: str
    first: date | None = None
    last: date | None = None

    @property
    def how(self) -> str:
        """How it was found, in words."""
        return how_long(self.source, self.first, self.last)


@dataclass(frozen=True, slots=True)
class Covered:
    """The days that the numbers cover, None until they are typed, and how that is known."""

    days: int | None
    source: PeriodSource
    first: date | None = None
    last: date | None = None


def found_in(period: Period) -> Found:
    """The period of a cohort.

    >>> found_in(Period(365, PeriodBasis.ASSUMED)).label
    'A year, assumed'
    """
    label = f"{figures.days(period.days)}, as in the file"
    match period.basis:
        case PeriodBasis.ENTERED:
            source = PeriodSource.ENTERED
        case PeriodBasis.CLOSED:
            source = PeriodSource.CLOSED
        case PeriodBasis.ASSUMED:
            source, label = PeriodSource.ASSUMED, "A year, assumed"
        case _:
            assert_never(period.basis)
    return Found(period.days, source, label, period.first, period.last)


def of_counts(before: Funnel | None) -> Found:
    """The period of counts, which do not say it: that of the funnel they replace, or a year."""
    if before is None:
        return Found(YEAR, PeriodSource.ASSUMED, "A year, assumed")
    label = f"{figures.days(before.period_days)}, as before"
    return Found(before.period_days, PeriodSource.AS_BEFORE, label)


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
        return Covered(found.days, found.source, found.first, found.last)
    return Covered(None if days is None else int(days), PeriodSource.CHOSEN)


def _instead(found: Found) -> str:
    if found.source in (PeriodSource.ASSUMED, PeriodSource.AS_BEFORE):
        return "Chosen by hand: the file does not say it."
    return f"Chosen by hand. In the file: {figures.days(found.days)}, {found.how}."
