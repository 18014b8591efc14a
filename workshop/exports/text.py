"""What people typed, as a cell may hold it."""

from __future__ import annotations

import unicodedata

from workshop.text import cleaned

FORMULA_STARTS = "=+-@＝＋－＠"


def neutral(text: str) -> str:
    """The cleaned text, with an apostrophe in front where a spreadsheet could calculate it.

    That is where it starts with a tab or a line feed, or where its first visible character is
    one of = + - @ or their full-width twins.

    >>> neutral("=1+1"), neutral("1+1"), neutral("  ＝1+1")
    ("'=1+1", '1+1', "'  ＝1+1")
    """
    text = cleaned(text)
    visible = (c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
    risky = text.startswith(("\t", "\n")) or next(visible, " ") in FORMULA_STARTS
    return f"'{text}" if risky else text
