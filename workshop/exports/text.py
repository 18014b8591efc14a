"""What people typed, as a cell may hold it."""

from __future__ import annotations

import re
import unicodedata

FORMULA_STARTS = "=+-@＝＋－＠"
UNHOLDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, §2.2


def cleaned(text: str) -> str:
    """The text without the characters no sheet can hold; every line ends with a line feed.

    >>> cleaned("one\\r\\ntwo\\x00")
    'one\\ntwo'
    """
    return UNHOLDABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


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
