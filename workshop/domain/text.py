"""What people type, and ids that browsers and files name, before anything is made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Neither XML nor a database nor a screen can hold these: XML 1.0, §2.2.
UNHOLDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile(r"\r\n|[\r\x0b\x0c]")
ID = re.compile(r"[0-9a-f]{32}")


def cleaned(text: str) -> str:
    """The text without the characters nothing can hold; every line ends with a line feed.

    >>> cleaned("one\\r\\ntwo\\x00"), cleaned("as slides\\x0bbreak lines")
    ('one\\ntwo', 'as slides\\nbreak lines')
    """
    return UNHOLDABLE.sub("", LINE_END.sub("\n", text))


def clean_fields(value: Any, *names: str) -> None:
    """Clean these texts of a frozen value while it is made; what is no text stays as it is."""
    for name in names:
        text = getattr(value, name)
        if isinstance(text, str):
            object.__setattr__(value, name, cleaned(text))


def clean_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by cleaned names; those of names that are the same then add up.

    >>> clean_counts({"No budget": 2, "No budget\\x00": 1})
    {'No budget': 3}
    """
    clean: dict[str, int] = {}
    for name, count in counts.items():
        clean[cleaned(name)] = clean.get(cleaned(name), 0) + count
    return clean


def is_id(text: str) -> bool:
    """Whether a text is an id: 32 hex digits, as `uuid4().hex` writes them.

    >>> is_id("0f" * 16), is_id("0F" * 16), is_id("title_1")
    (True, False, False)
    """
    return ID.fullmatch(text) is not None


def refuse_id(name: str, text: str) -> None:
    """Raise ValueError unless a text is an id.

    >>> refuse_id("the idea", "title_1")
    Traceback (most recent call last):
        ...
    ValueError: the idea has an id that this app does not give; load the page again
    """
    if not is_id(text):
        raise ValueError(f"{name} has an id that this app does not give; load the page again")
