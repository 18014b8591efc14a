"""The names of months and weekdays in the languages of the CRMs, as they are without accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Literal

from babel.dates import get_day_names, get_month_names

Width = Literal["wide", "abbreviated"]
Context = Literal["format", "stand-alone"]
WIDTHS: tuple[Width, ...] = ("wide", "abbreviated")
CONTEXTS: tuple[Context, ...] = ("format", "stand-alone")
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
# Not in CLDR: how German Excel shortens March, umlauts written out, and what else is usual.
ALSO = {"mrz": 3, "maerz": 3, "sept": 9, "setiembre": 9}


def without_accents(text: str) -> str:
    """A text as DuckDB's strip_accents leaves it.

    >>> without_accents("1er août, 3 de março, 5. März")
    '1er aout, 3 de marco, 5. Marz'
    """
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")


def _names(names: Callable[[Width, Context, str], Mapping[int, str]]) -> Iterator[tuple[str, int]]:
    """Each name and abbreviation in small letters, with its number."""
    for language in LANGUAGES:
        for context in CONTEXTS:
            for width in WIDTHS:
                for number, name in names(width, context, language).items():
                    yield without_accents(name).lower().removesuffix("."), number


@cache  # not when this is imported: seven languages take a quarter of a second to load
def numbers_of_months() -> Mapping[str, int]:
    """The number of a month by its name or abbreviation, in small letters and without a dot."""
    known = dict(_names(get_month_names)) | ALSO
    short = {(name[:3], number) for name, number in known.items()}
    beginnings = [beginning for beginning, _ in short]
    # The French "jui" may be June or July.
    return known | {name: number for name, number in short if beginnings.count(name) == 1}


@cache
def names_of_weekdays() -> frozenset[str]:
    """The names and abbreviations of weekdays, in small letters and without a dot."""
    return frozenset(name for name, _ in _names(get_day_names))
