"""How long the numbers cover: what the files say of it, and what somebody chooses instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from workshop.domain.funnel import Funnel
from workshop.domain.import_codes import PeriodSource
from workshop.forms.number import DAYS, written
from workshop.intake.period import YEAR, Period, PeriodBasis
from workshop.ui.upload.answers import Answers
from workshop.wording import figures
from workshop.wording.import_words import how_long

PERIODS = {"A year": 365, "Half a year": 182, "A quarter": 91, "A month": 30}
FOUND, OTHER = "found", "Another number of days"


@dataclass(frozen=True, slots=True)
class Covered:
    """The days that the numbers cover, and how that is known."""

    days: int
    source: PeriodSource
    first: date | None = None
    last: date | None = None

    @property
    def how(self) -> str:
        """How it was found, in words."""
        return how_long(self.source, self.first, self.last)

    @property
    def label(self) -> str:
        """What it is called among the choices.

        >>> found_in(Period(365, PeriodBasis.ASSUMED)).label
        'A year, assumed'
        """
        if self.source is PeriodSource.ASSUMED:
            return "A year, assumed"
        before = self.source is PeriodSource.AS_BEFORE
        return f"{figures.days(self.days)}, as {'before' if before else 'in the file'}"


SOURCES = {
    PeriodBasis.ENTERED: PeriodSource.ENTERED,
    PeriodBasis.CLOSED: PeriodSource.CLOSED,
    PeriodBasis.ASSUMED: PeriodSource.ASSUMED,
}


def found_in(period: Period) -> Covered:
    """The period of a cohort."""
    return Covered(period.days, SOURCES[period.basis], period.first, period.last)


def of_counts(before: Funnel | None) -> Covered:
    """The period of counts, which do not say it: that of the funnel they replace, or a year."""
    if before is None:
        return Covered(YEAR, PeriodSource.ASSUMED)
    return Covered(before.period_days, PeriodSource.AS_BEFORE)


def ask_period(found: Covered, answers: Answers) -> Covered | None:
    """Show how long the numbers cover and how that was found, and let it be changed.

    None while another number of days is chosen and none is typed.
    """
    options = [FOUND, *PERIODS, OTHER]
    with st.container(key="period"):
        chosen = answers.select(
            "start_period",
            "The numbers cover",
            options,
            FOUND,
            format_func=lambda one: found.label if one == FOUND else one,
        )
        days: float | None = PERIODS.get(chosen)
        if chosen == OTHER:
            suggested = written(found.days)
            days = answers.number("start_period_days", "How many days", DAYS, suggested)
        st.text(f"{figures.days(found.days)}, {found.how}." if chosen == FOUND else _instead(found))
    if chosen == FOUND:
        return found
    return None if days is None else Covered(int(days), PeriodSource.CHOSEN)


def _instead(found: Covered) -> str:
    if found.source in (PeriodSource.ASSUMED, PeriodSource.AS_BEFORE):
        return "Chosen by hand: the file does not say it."
    return f"Chosen by hand. In the file: {figures.days(found.days)}, {found.how}."
