"""What a cell says: a name, a count, a rate or an owner. ValueError where it says none."""

from __future__ import annotations

import re
from typing import TypeAlias

from workshop.domain.checks import TITLE_LENGTH
from workshop.domain.people import Owner
from workshop.domain.text import cleaned
from workshop.intake.amounts import bare_number

Cell: TypeAlias = str | int | float

MAX_COUNT = 10**12
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

RATE = re.compile(r"(?P<number>[0-9]+[.,]?[0-9]*|[.,][0-9]+)\s*(?P<percent>%?)")


def name(cell: Cell) -> str:
    """A name as it was written."""
    written = text(cell)
    if len(written) > TITLE_LENGTH:
        raise ValueError(f"{quoted(cell)} has {len(written):,} characters")
    if CONTROL.search(written):
        raise ValueError(f"{quoted(cell)} holds a character that cannot be shown")
    return written


def count(cell: Cell) -> int:
    """A number of people, however its thousands are grouped.

    >>> [count(cell) for cell in ("1,234", "1.234", "1 234", "1'234", "700.0", 700.0)]
    [1234, 1234, 1234, 1234, 700, 700]
    """
    number = bare_number(cell) if isinstance(cell, str) else cell
    if number is None or number != number:
        raise ValueError(f"{quoted(cell)} is not a number")
    if number < 0:
        raise ValueError(f"{quoted(cell)} is negative")
    if number > MAX_COUNT:
        raise ValueError(f"{quoted(cell)} is more than {MAX_COUNT:,}")
    if number % 1:
        raise ValueError(f"{quoted(cell)} is not a whole number")
    return int(number)


def rate(cell: Cell) -> float:
    """A rate as a fraction 0..1.

    >>> [rate(cell) for cell in (".4", "0,4", "40 %", "40%", 0.4)]
    [0.4, 0.4, 0.4, 0.4, 0.4]
    """
    fraction = _fraction(cell) if isinstance(cell, str) else cell
    if fraction is None:
        raise ValueError(f"{quoted(cell)} is not a rate")
    if not 0 <= fraction <= 1:
        raise ValueError(f"{quoted(cell)} is not between 0 and 100 %")
    return float(fraction)


def _fraction(cell: str) -> float | None:
    match = RATE.fullmatch(cell)
    if not match:
        return None
    return float(match["number"].replace(",", ".")) / (100 if match["percent"] else 1)


def owner(cell: Cell) -> Owner:
    """The department that answers for a step."""
    try:
        return Owner(key(text(cell)))
    except ValueError:
        raise ValueError(f"{quoted(cell)} is not an owner") from None


def key(written: str) -> str:
    """What makes two names the same: neither case nor stray blanks, nor what nothing can hold.

    >>> key(" No  Budget") == key("no budget")
    True
    """
    return " ".join(cleaned(written).split()).casefold()


def text(cell: Cell) -> str:
    """A cell as its owner would write it."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def quoted(cell: Cell) -> str:
    """A cell in a sentence, cut where it is long."""
    written = text(cell)
    return f"“{written}”" if len(written) <= 40 else f"“{written[:40]}…”"
