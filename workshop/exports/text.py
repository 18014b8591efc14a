"""What people typed, as a cell may hold it."""

from __future__ import annotations

import re
import unicodedata

from workshop.domain.text import cleaned

FORMULA_STARTS = "=+-@＝＋－＠"
# Where a spreadsheet may begin a new cell or row: which one it takes depends on the country and
# on what somebody chooses when they open the file, and quotes count only at the start of a cell.
SEPARATOR = re.compile("([,;|\t\n\x85\u2028\u2029])")


def neutral(text: str) -> str:
    """The cleaned text, with an apostrophe wherever a cell could begin that is calculated.

    That is in front, where the text starts with a tab or a line feed; and in front of each part
    between two separators whose first visible character, quotes aside, is one of = + - @ or their
    full-width twins.

    >>> neutral("=1+1"), neutral("1+1"), neutral("  ＝1+1")
    ("'=1+1", '1+1', "'  ＝1+1")
    >>> neutral("Call;=1+1"), neutral('Plan: "=1+1"'), neutral('a; "=1+1"')
    ("Call;'=1+1", 'Plan: "=1+1"', 'a;\\' "=1+1"')
    """
    text = cleaned(text)
    neutralised = "".join(map(_neutral_part, SEPARATOR.split(text)))
    return f"'{neutralised}" if text.startswith(("\t", "\n")) else neutralised


def _neutral_part(part: str) -> str:
    visible = (c for c in part if not (c == '"' or c.isspace() or unicodedata.category(c) == "Cf"))
    return f"'{part}" if next(visible, " ") in FORMULA_STARTS else part
