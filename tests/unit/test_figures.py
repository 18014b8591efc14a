from datetime import date
from math import inf, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.wording.figures import (
    a_year,
    count,
    day,
    days,
    exact_money,
    money,
    percent,
    period,
    range_of_money,
)

AMOUNTS = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False)
SIZES = {"k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}


def heard(words: str) -> float:
    """The number a listener takes down."""
    if words[0] in "<>":
        return 0.0
    sign = -1 if words.startswith("−") else 1
    digits = words.lstrip("−").lstrip("$").replace(",", "")
    letters = digits.lstrip("0123456789.")
    return sign * float(digits.removesuffix(letters)) * SIZES.get(letters, 1)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "$0"),
        (0.49, "< $1"),
        (0.5, "$1"),
        (-0.2, "> −$1"),
        (840, "$840"),
        (999.4, "$999"),
        (999.6, "$1k"),
        (1000, "$1k"),
        (7560, "$7.6k"),
        (9950, "$10k"),
        (25_200, "$25k"),
        (-3000, "−$3k"),
        (168_000, "$168k"),
        (999_499, "$999k"),
        (999_600, "$1m"),
        (1_310_000, "$1.3m"),
        (-77_968_800, "−$78m"),
        (2.5e9, "$2.5bn"),
        (1e15, "$1,000tn"),
    ],
)
def test_money_is_said_in_two_or_three_digits(amount: float, words: str) -> None:
    assert money(amount, "USD") == words


@given(AMOUNTS)
def test_spoken_money_is_within_five_percent_of_the_amount(amount: float) -> None:
    assert abs(heard(money(amount, "USD")) - amount) <= max(0.5, 0.05 * abs(amount)) * 1.000001


@given(AMOUNTS, AMOUNTS)
def test_more_money_never_sounds_like_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert heard(money(low, "USD")) <= heard(money(high, "USD"))


@given(AMOUNTS.filter(lambda amount: amount != 0))
def test_only_nothing_is_said_to_be_nothing(amount: float) -> None:
    assert money(amount, "USD") != "$0"
    assert exact_money(amount, "USD") not in ("$0", "−$0")
    assert count(amount) not in ("0", "−0")


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (25_200, "EUR", "€25,200"),
        (25_199.999999999996, "EUR", "€25,200"),
        (-25_200, "EUR", "−€25,200"),
        (9.5, "USD", "$9.50"),
        (840, "USD", "$840"),
        (999.999, "USD", "$1,000"),
        (0.004, "USD", "< $0.01"),
        (9.5, "JPY", "¥10"),
        (0, "EUR", "€0"),
        (25_200, "CHF", "CHF\xa025,200"),
        (3e29, "USD", "$300" + ",000" * 9),
    ],
)
def test_exact_money_keeps_every_unit(amount: float, currency: str, words: str) -> None:
    assert exact_money(amount, currency) == words


def test_a_range_says_the_currency_once() -> None:
    assert range_of_money(19_200, 61_000, "USD") == "$19k–61k"
    assert range_of_money(0, 950, "EUR") == "€0–950"
    assert range_of_money(950_000, 1.3e6, "EUR") == "€950k–1.3m"


def test_a_range_below_nothing_is_said_with_to() -> None:
    assert range_of_money(-3000, 12_000, "USD") == "−$3k to $12k"
    assert range_of_money(0.2, 12_000, "USD") == "< $1 to $12k"


def test_a_range_too_narrow_to_tell_is_one_amount() -> None:
    assert range_of_money(25_100, 25_200, "USD") == "$25k"


def test_a_range_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="61000 to 19000 is out of order"):
        range_of_money(61_000, 19_000, "USD")


@pytest.mark.parametrize(
    ("fraction", "words"),
    [
        (0, "0 %"),
        (1e-9, "< 0.1 %"),
        (0.0005, "0.1 %"),
        (0.003, "0.3 %"),
        (0.042, "4.2 %"),
        (0.05, "5 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.285, "29 %"),
        (0.6, "60 %"),
        (0.9949, "99 %"),
        (0.995, "> 99 %"),
        (1 - 1e-12, "> 99 %"),
        (1, "100 %"),
        (1.1, "110 %"),
        (-0.042, "−4.2 %"),
        (-1e-9, "> −0.1 %"),
    ],
)
def test_a_share_is_said_in_percent(fraction: float, words: str) -> None:
    assert percent(fraction) == words


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_some_is_never_said_to_be_none_or_all(fraction: float) -> None:
    assert percent(fraction) not in ("0 %", "100 %")


def test_people_are_counted_whole() -> None:
    assert count(2000) == "2,000"
    assert count(10**12) == "1,000,000,000,000"
    assert count(16.6) == "17"
    assert count(0.3) == "< 1"


def test_one_day_is_singular() -> None:
    assert days(1) == "1 day"
    assert days(0) == "0 days"
    assert days(0.25) == "0.25 days"
    assert days(1200) == "1,200 days"
    assert days(0.001) == "< 0.01 days"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (359, "in 359 days"),
        (360, "a year"),
        (370, "a year"),
        (371, "in 371 days"),
        (88, "a quarter"),
        (93, "a quarter"),
        (94, "in 94 days"),
        (28, "a month"),
        (31, "a month"),
        (7, "a week"),
        (1, "in 1 day"),
        (36_500, "in 36,500 days"),
    ],
)
def test_a_usual_period_has_a_name(length: int, words: str) -> None:
    assert period(length) == words


def test_money_of_a_quarter_is_said_a_year() -> None:
    assert a_year(10_000.0, 73) == 50_000
    assert a_year(np.array([1.0, 2.0]), 73).tolist() == [5, 10]
    assert a_year(pd.DataFrame({"gain": [1.0]}), 73)["gain"].tolist() == [5]


def test_money_of_a_year_of_365_days_is_left_as_it_is() -> None:
    assert a_year(168_000.1, 365) == pytest.approx(168_000.1, rel=1e-15)


def test_a_date_is_said_in_words() -> None:
    assert day(date(2026, 3, 14)) == "14 March 2026"


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_what_is_not_a_number_cannot_be_said(number: float) -> None:
    for say in (percent, count, days, lambda n: money(n, "EUR")):
        with pytest.raises(ValueError, match="must be finite"):
            say(number)


def test_numbers_of_numpy_are_said_like_any_other() -> None:
    assert money(np.float64(25_200), "EUR") == "€25k"
    assert percent(np.float64(0.6)) == "60 %"
    assert count(np.int64(2000)) == "2,000"
