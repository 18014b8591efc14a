"""The period that numbers cover, found from the days of which the files speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

BEGINNING = date(1970, 1, 1)
YEAR = 365
LONGEST = 36_500
# Days are outliers where a gap of half a year and of the length of all others divides them off ...
GAP = 182
# ... and at most one lead in fifty, or one alone of five and more, has them.
FEWEST, RARE, CORE = 5, 50, 10
# Leads of which one day, or two, hold more than this share were imported, not created, then.
IMPORTED = {1: 0.5, 2: 0.9}


class PeriodBasis(StrEnum):
    """What a period was found by."""

    ENTERED = "entered"
    CLOSED = "closed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class DayCounts:
    """How many leads have which day, counted from 1970; outliers aside, from `first` to `last`."""

    counts: Mapping[int, int]
    first: int
    last: int

    @property
    def span(self) -> int:
        """Both ends counted."""
        return self.last - self.first + 1

    @property
    def outliers(self) -> dict[date, int]:
        """The days outside, with the number of leads."""
        return {
            on(day): leads
            for day, leads in sorted(self.counts.items())
            if not self.first <= day <= self.last
        }

    def on_busiest(self, days: int) -> float:
        """The share of the leads that the busiest days hold, so many of them."""
        return sum(sorted(self.counts.values())[-days:]) / sum(self.counts.values())

    @property
    def days_of_import(self) -> int | None:
        """On how many days nearly all the leads were imported; None where they were not.

        >>> two, three = DayCounts({7: 5, 8: 5}, 7, 8), DayCounts({7: 2, 8: 2, 9: 1}, 7, 9)
        >>> two.days_of_import, three.days_of_import
        (2, None)
        """
        return next((days for days in IMPORTED if self.on_busiest(days) > IMPORTED[days]), None)


@dataclass(frozen=True, slots=True)
class Period:
    """How many days numbers cover, from when to when, and how that was found."""

    days: int
    basis: PeriodBasis
    first: date | None = None
    last: date | None = None


def on(day: int) -> date:
    return BEGINNING + timedelta(days=day)


def count_days(counts: Mapping[int, int]) -> DayCounts | None:
    """The days without outliers; None where there are none.

    >>> days = count_days({100: 3, 130: 4, 200: 4, 7000: 1})
    >>> days.first, days.last, days.span
    (100, 200, 101)
    """
    if not counts:
        return None
    known = sorted(counts)
    total = sum(counts.values())
    first, last = _core(known, counts, total)
    for day in reversed(known):
        if day < first:
            if first - day > max(GAP, last - first):
                break
            first = day
    for day in known:
        if day > last:
            if day - last > max(GAP, last - first):
                break
            last = day
    outside = sum(leads for day, leads in counts.items() if not first <= day <= last)
    if outside > max(total // RARE, total >= FEWEST):
        first, last = known[0], known[-1]
    return DayCounts(counts, first, last)


def _core(known: list[int], counts: Mapping[int, int], total: int) -> tuple[int, int]:
    """The first and the last day without a tenth of the leads at either end."""
    few = max(total // CORE, 1) if total >= FEWEST else 0

    def after_few(days: list[int]) -> int:
        seen = 0
        for day in days:
            seen += counts[day]
            if seen > few:
                return day
        return days[-1]

    return after_few(known), after_few(known[::-1])


def period_of(entered: DayCounts | None, closed: DayCounts | None) -> Period:
    """The days in which leads entered; those in which they were closed where that tells nothing.

    It tells nothing where most leads were created on a day or two: they were imported then.
    """
    told = entered
    basis = PeriodBasis.ENTERED
    if closed and (entered is None or _was_imported(entered, closed)):
        told, basis = closed, PeriodBasis.CLOSED
    if told is None or (told is entered and _is_one_moment(entered)):
        return Period(YEAR, PeriodBasis.ASSUMED)
    return Period(min(told.span, LONGEST), basis, on(told.first), on(told.last))


def _was_imported(entered: DayCounts, closed: DayCounts) -> bool:
    days, leads = entered.days_of_import, sum(entered.counts.values())
    return days is not None and leads >= FEWEST and closed.days_of_import is None


def _is_one_moment(entered: DayCounts | None) -> bool:
    """Whether so many leads were created on one day alone that it says nothing of a period."""
    return entered is not None and entered.span == 1 and sum(entered.counts.values()) >= FEWEST
