"""How numbers are said: money, shares, counts, days and periods in plain words.

A number is rounded as people speak it, but never to a nought or to a whole that it is not.
The functions that say a number raise ValueError where it is not finite.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from math import isfinite
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from babel.dates import format_date
from babel.numbers import get_currency_precision, get_currency_symbol

LOCALE = "en_US"
DAYS_OF_A_YEAR = 365
NOT_SAID = "–"
MAGNITUDES = {"tn": 10**12, "bn": 10**9, "m": 10**6, "k": 10**3}
PERIODS = {
    "a year": range(360, 371),
    "a quarter": range(88, 94),
    "a month": range(28, 32),
    "a week": range(7, 8),
}
ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)  # every float has its place in it

Money = TypeVar("Money", float, npt.NDArray[np.float64], "pd.Series[float]", pd.DataFrame)


def money(amount: float, currency: str) -> str:
    """Money as people speak: two significant digits, three in the hundreds.

    >>> [money(amount, "USD") for amount in (25200, 1_310_000, 840, -3000, 0, 0.2)]
    ['$25k', '$1.3m', '$840', '−$3k', '$0', '< $1']
    """
    before = symbol(currency)
    return _signed(_decimal(amount), Decimal(1), lambda size: before + _spoken(size))


def exact_money(amount: float, currency: str) -> str:
    """Money to the unit; to the cent where it is less than a thousand.

    >>> exact_money(25200, "EUR"), exact_money(-9.5, "USD"), exact_money(25200, "CHF")
    ('€25,200', '−$9.50', 'CHF\\xa025,200')
    """
    places = get_currency_precision(currency) if abs(amount) < 1000 else 0

    def say(size: Decimal) -> str:
        rounded = _rounded(size, places)
        whole = rounded == rounded.to_integral_value()
        return symbol(currency) + (f"{rounded:,.0f}" if whole else f"{rounded:,f}")

    return _signed(_decimal(amount), Decimal(1).scaleb(-places), say)


def range_of_money(low: float, high: float, currency: str) -> str:
    """Two amounts as one range; one amount where both are said alike.

    Raises ValueError where low is above high.

    >>> range_of_money(19_200, 61_000, "USD"), range_of_money(-3000, 12_000, "EUR")
    ('$19k–61k', '−€3k to €12k')
    """
    if low > high:
        raise ValueError(f"the range {low:g} to {high:g} is out of order; it must be low ≤ high")
    first, last = money(low, currency), money(high, currency)
    if first == last:
        return first
    if first.startswith(symbol(currency)):
        return f"{first}–{last.removeprefix(symbol(currency))}"
    return f"{first} to {last}"


@cache
def symbol(currency: str) -> str:
    """What stands before an amount; a code in letters takes a space that no line breaks at.

    >>> symbol("EUR"), symbol("CHF")
    ('€', 'CHF\\xa0')
    """
    sign: str = get_currency_symbol(currency, LOCALE)
    return f"{sign}\xa0" if sign[-1].isalpha() else sign


def percent(fraction: float) -> str:
    """A share in percent: one decimal below 10 %, none above; 100 % is said of all alone.

    >>> [percent(share) for share in (0.6, 0.042, 0.003, 0.0004, 0.996, 1, 0)]
    ['60 %', '4.2 %', '0.3 %', '< 0.1 %', '> 99 %', '100 %', '0 %']
    """
    if Decimal("0.995") <= _decimal(fraction) < 1:
        return "> 99 %"
    return f"{_hundredths(fraction)} %"


def from_to(baseline: float, target: float) -> str:
    """How far a rate is meant to go, as exactly as it was typed.

    >>> from_to(0.4, 0.475)
    '40 % → 47.5 %'
    """
    return f"{100 * baseline:.4g} % → {100 * target:.4g} %"


def per_hundred(fraction: float) -> str:
    """A share as so many of a hundred, said as `percent` says it.

    >>> per_hundred(0.4), per_hundred(0.042)
    ('40', '4.2')
    """
    return percent(fraction).removesuffix(" %")


def count(number: float) -> str:
    """People, in whole numbers; an expected number of them may come with a fraction.

    >>> count(2000), count(17.3), count(0.2)
    ('2,000', '17', '< 1')
    """
    return _signed(_decimal(number), Decimal(1), lambda size: _digits(size, 0))


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun, which takes an s unless `many` says otherwise.

    >>> counted(1, "mini-team"), counted(1200, "person", "people")
    ('1 mini-team', '1,200 people')
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def days(number: float) -> str:
    """Person-days, to the hundredth.

    >>> days(3), days(1), days(0.5)
    ('3 days', '1 day', '0.5 days')
    """
    spoken = _signed(_decimal(number), Decimal("0.01"), lambda size: _digits(size, 2))
    return f"{spoken} day" if spoken == "1" else f"{spoken} days"


def hours(minutes: int) -> str:
    """How long something takes.

    >>> hours(50), hours(60), hours(165)
    ('50 min', '1 h', '2 h 45 min')
    """
    whole, rest = divmod(minutes, 60)
    return " ".join(f"{number} {unit}" for number, unit in ((whole, "h"), (rest, "min")) if number)


def period(period_days: int) -> str:
    """The period of a funnel, as it follows "17 more SQLs".

    >>> period(365), period(91), period(30), period(7), period(45)
    ('a year', 'a quarter', 'a month', 'a week', 'in 45 days')
    """
    for words, lengths in PERIODS.items():
        if period_days in lengths:
            return words
    return f"in {days(period_days)}"


def a_year(amount: Money, period_days: int) -> Money:
    """Money of one period, as money of a year of 365 days.

    >>> a_year(10_000.0, 73)
    50000.0
    """
    return amount * DAYS_OF_A_YEAR / period_days


def day(when: date) -> str:
    """A date in words.

    >>> day(date(2026, 3, 14))
    '14 March 2026'
    """
    return format_date(when, "d MMMM y", locale=LOCALE)


def dates(first: date, last: date) -> str:
    """From one day to another, in words.

    >>> dates(date(2025, 1, 1), date(2025, 12, 31)), dates(date(2025, 1, 1), date(2025, 1, 1))
    ('from 1 January to 31 December 2025', 'on 1 January 2025')
    >>> dates(date(2025, 12, 30), date(2026, 1, 2))
    'from 30 December 2025 to 2 January 2026'
    """
    if first == last:
        return f"on {day(first)}"
    begun = format_date(first, "d MMMM", locale=LOCALE) if first.year == last.year else day(first)
    return f"from {begun} to {day(last)}"


def _signed(number: Decimal, least: Decimal, say: Callable[[Decimal], str]) -> str:
    """The number with its sign; what would round to nought is said to be less than `least`."""
    size = abs(number)
    if 0 < size < least / 2:
        return f"< {say(least)}" if number > 0 else f"> −{say(least)}"
    return f"−{say(size)}" if number < 0 else say(size)


def _spoken(size: Decimal) -> str:
    for letter, magnitude in MAGNITUDES.items():
        if size >= magnitude * Decimal("0.9995"):  # 999.6k is said 1m, not 1000k
            return _two_digits(size / magnitude) + letter
    return _digits(size, 0)


def _hundredths(fraction: float) -> str:
    return _signed(_decimal(fraction) * 100, Decimal("0.1"), _two_digits)


def _two_digits(size: Decimal) -> str:
    return _digits(size, 1 if size < Decimal("9.95") else 0)


def _digits(size: Decimal, places: int) -> str:
    """Grouped by thousands, at most that many decimals, without idle noughts."""
    return f"{_rounded(size, places).normalize(ROUNDING):,f}"


def _rounded(size: Decimal, places: int) -> Decimal:
    return size.quantize(Decimal(1).scaleb(-places), context=ROUNDING)


def _decimal(number: float) -> Decimal:
    """The number as it is written: 0.285 is 0.285, where its binary value is a little less."""
    if not isfinite(number):
        raise ValueError(f"{number} cannot be said; it must be finite")
    return Decimal(str(float(number)))
