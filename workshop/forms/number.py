"""A number that somebody types, in which 8.000 and 2,5 mean what they mean in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workshop.intake.amounts import typed_number

# One mark before three digits: thousands to some, decimals to others.
ONE_MARK = re.compile(r"([1-9]\d{0,2})([.,])(\d{3})")


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers that a field takes, the limits among them."""

    low: float
    high: float
    whole: bool = False

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"no number is from {self.low} to {self.high}")

    def takes(self, value: float) -> bool:
        return self.low <= value <= self.high and not (self.whole and value % 1)


PERCENT = Limits(0, 100)
MONEY = Limits(0, 1e15)
OF_TEN = Limits(0, 10)
PEOPLE = Limits(0, 1e12, whole=True)
DAYS = Limits(1, 36_500, whole=True)
PERSON_DAYS = Limits(0, 10_000)
CAPACITY = Limits(0, 1_000_000)

NO_NUMBER = "Write a number, such as 8,000 or 2.5."
NOT_WHOLE = "Write a whole number, such as 90 or 1,000."
WHICH_ONE = "Do you mean {grouped} or {decimal}? Write it so that it can only be that."


def out_of(limits: Limits) -> str:
    """What to write instead of a number that is too small or too large."""
    return f"Write a number from {written(limits.low)} to {written(limits.high)}."


def read(text: str, limits: Limits, decimal_mark: str = "") -> float | None:
    """The number that a text says, None where it is blank. Raises ValueError with what to write.

    `decimal_mark` is the one of the writer's language. Where 1.000 could then be one as well as a
    thousand, and the limits allow both, nobody guesses; without it such a mark groups.

    >>> [read(text, PERSON_DAYS) for text in ("8.000", "2,5", " ")]
    [8000.0, 2.5, None]
    >>> read("8.000", PERSON_DAYS, ","), read("12.345", PERCENT, ".")
    (8000.0, 12.345)
    >>> read("8.000", PERSON_DAYS, ".")
    Traceback (most recent call last):
        ...
    ValueError: Do you mean 8000 or 8? Write it so that it can only be that.
    >>> read("8.000", PERCENT)
    Traceback (most recent call last):
        ...
    ValueError: Write a number from 0 to 100.
    """
    if not text.strip():
        return None
    value = _with_decimals(text, limits, decimal_mark)
    if value is None:
        value = float(typed_number(text))
    if not limits.low <= value <= limits.high:
        raise ValueError(out_of(limits))
    if not limits.takes(value):
        raise ValueError(NOT_WHOLE)
    return value


def _with_decimals(text: str, limits: Limits, decimal_mark: str) -> float | None:
    """What one mark before three digits says as a decimal mark, where it can be no other.

    Raises ValueError where it may group as well.
    """
    found = ONE_MARK.fullmatch(re.sub(r"[\s%]", "", text))
    if found is None or found[2] != decimal_mark:
        return None
    grouped, decimal = int(found[1] + found[3]), float(f"{found[1]}.{found[3]}")
    if not limits.takes(decimal):
        return None
    if limits.takes(grouped):
        raise ValueError(WHICH_ONE.format(grouped=grouped, decimal=f"{decimal:g}"))
    return decimal


def written(value: float | None) -> str:
    """A number as a field shows it, to six decimals; typed again, it is the same number.

    >>> [written(value) for value in (8000, 2.5, 12.345, None)]
    ['8,000', '2.5', '12.3450', '']
    """
    if value is None:
        return ""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    # Three decimals alone would be read as thousands.
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def in_percent(fraction: float | None) -> str:
    """A fraction as a field in percent shows it; the rounding hides that 100 · 0.07 is not 7.

    >>> [in_percent(fraction) for fraction in (0.07, 0.125, None)]
    ['7', '12.5', '']
    """
    return written(None if fraction is None else round(100 * fraction, 6))
