"""What values refuse, and how long texts may be."""

from __future__ import annotations

from math import isfinite

TITLE_LENGTH = 200


TEXT_LENGTH = 10_000


NAME_LENGTH = 80


def refuse_outside(name: str, value: float, low: float, high: float) -> None:
    """Raise ValueError unless low ≤ value ≤ high; says the number and the allowed range.

    >>> refuse_outside("quality", 1.2, 0, 1)
    Traceback (most recent call last):
        ...
    ValueError: quality is 1.2; it must lie between 0 and 1
    """
    if not (isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} is {value:g}; it must lie between {low:g} and {high:g}")


def refuse_text(name: str, text: str, longest: int) -> None:
    """Raise ValueError where a text that must be there is blank or too long."""
    if not text.strip():
        raise ValueError(f"{name} is empty; write a few words")
    refuse_long(name, text, longest)


def refuse_long(name: str, text: str, longest: int) -> None:
    """Raise ValueError where a text is too long; says by how much.

    >>> refuse_long("the title", "a" * 230, 200)
    Traceback (most recent call last):
        ...
    ValueError: the title has 230 characters and is limited to 200; take 30 away
    """
    if len(text) > longest:
        raise ValueError(
            f"{name} has {len(text):,} characters and is limited to {longest:,}; "
            f"take {len(text) - longest:,} away"
        )
