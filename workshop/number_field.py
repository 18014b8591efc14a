"""A field for a number, in which 8.000 and 2,5 mean what they mean in a file.

A browser's own number field turns 8.000 into 8 and 2,5 into 25, as its language wants it.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from workshop import screen
from workshop.intake.amounts import typed_number


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers that a field takes, the limits among them."""

    low: float
    high: float
    whole: bool = False

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"no number is from {self.low} to {self.high}")


PERCENT = Limits(0, 100)
MONEY = Limits(0, 1e15)
PEOPLE = Limits(0, 1e12, whole=True)
DAYS = Limits(1, 36_500, whole=True)
PERSON_DAYS = Limits(0, 10_000)
CAPACITY = Limits(0, 1_000_000)


def number_field(
    label: str,
    key: str,
    limits: Limits,
    placeholder: str | None = None,
    help_: str | None = None,
) -> float | None:
    """Ask for a number; None while there is none, and the field says why where it is no number.

    The session holds what was typed, a text, under `key`.
    """
    text = st.text_input(label, key=key, placeholder=placeholder, help=help_, autocomplete="off")
    try:
        value = read(text, limits)
    except ValueError as problem:
        st.markdown(f":small[:red[{screen.plain(str(problem))}]]")
        return None
    if value is not None and text.strip() != written(value):
        st.caption(screen.plain(f"Understood as {written(value)}"))
    return value


def typed(key: str, limits: Limits, name: str) -> float | None:
    """What was typed into a field of a form that was sent, None where it is empty.

    Raises ValueError, which names the field, where it is no number.
    """
    try:
        return read(st.session_state[key], limits)
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from None


def read(text: str, limits: Limits) -> float | None:
    """The number that a text says, None where it is blank. Raises ValueError with what to write.

    >>> [read(text, PERSON_DAYS) for text in ("8.000", "2,5", " ")]
    [8000.0, 2.5, None]
    >>> read("8.000", PERCENT)
    Traceback (most recent call last):
        ...
    ValueError: Write a number from 0 to 100.
    """
    if not text.strip():
        return None
    value = float(typed_number(text))
    if not limits.low <= value <= limits.high:
        raise ValueError(f"Write a number from {written(limits.low)} to {written(limits.high)}.")
    if limits.whole and value % 1:
        raise ValueError("Write a whole number, such as 90 or 1,000.")
    return value


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
