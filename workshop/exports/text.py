"""What people typed, as a cell of a spreadsheet or a line of Markdown may hold it."""

from __future__ import annotations

import re
import unicodedata

from workshop.domain.text import cleaned

FORMULA_STARTS = "=+-@＝＋－＠"
# Where a spreadsheet may begin a new cell or row: which one it takes depends on the country and
# on what somebody chooses when they open the file, and quotes count only at the start of a cell.
SEPARATOR = re.compile("([,;|\t\n\x85\u2028\u2029])")

# What Markdown and the wikis beside it read between words. Entities hold where a backslash does
# not: a table is split into cells, and tags are looked for, before anything is unescaped.
MARKUP = str.maketrans(
    {mark: f"\\{mark}" for mark in "\\`*_{}[]()#!~$^="}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
)
# Addresses, people, topics and :signs: are looked for in the finished text as well, and marks that
# stand twice are lines or letters of other kinds: an invisible word joiner keeps them apart.
MADE_INTO_SOMETHING = re.compile(
    r"""(?<=[:@\#])(?=\S)|(?<=\S)(?=@)|(?<=\.)(?=[^\W\d_])|(?<=[-+=/'"~^])(?=[-+=/'"~^>])"""
)
WORD_JOINER = "\u2060"


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


def one_line(text: str) -> str:
    """The cleaned text in one line of Markdown that shows it letter by letter.

    No wiki makes markup, HTML, a link, a mention or another cell of it.

    >>> print(one_line("*now* | <b>at\\nonce</b>"))
    \\*now\\* &#124; &lt;b&gt;at once&lt;/b&gt;
    """
    kept_apart = MADE_INTO_SOMETHING.sub(WORD_JOINER, " ".join(cleaned(text).split()))
    return kept_apart.translate(MARKUP)
