"""The words of CRM exports: the tables of data/crm, and what makes two names the same."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import category, normalize

TABLES = Path(__file__).parents[2] / "data" / "crm"
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

WORD = re.compile(r"[^\W\d_]+|[0-9]+")
APOSTROPHE = re.compile(r"['’`´]")
# Articles that lose their vowel before another: l'opportunité, dell'affare. Won't is one word.
ELISION = re.compile(r"\b(l|d|qu|n|s|j|c|un|all|dell|nell|sull|dall)['’`´](?=\w)")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@cache
def table(name: str) -> dict[str, tuple[str, ...]]:
    """The names of each code of a table, in its order, in all languages.

    German names stand there with ä and with ae, as keyboards without umlauts write them.
    """
    found: dict[str, dict[str, None]] = {}
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = found.setdefault(row["code"], {})
            for word in row["words"].split("|"):
                names[word] = None
                if row["language"] == "de":
                    names[word.translate(UMLAUTS)] = None
    return {code: tuple(names) for code, names in found.items()}


def folded(text: str) -> str:
    """A text without case and accents.

    >>> folded("Étape PERDUE"), folded("Größe")
    ('etape perdue', 'grosse')
    """
    if text.isascii():
        return text.casefold()
    apart = normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if category(letter) != "Mn")


def squeezed(text: str) -> str:
    """The letters and digits of a text alone, without case and accents."""
    return "".join(filter(str.isalnum, folded(text)))


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, without case, accents and signs.

    >>> words("7. Fermée/Perdue"), words("Won't buy"), words("Date de l'offre")
    (('7', 'fermee', 'perdue'), ('wont', 'buy'), ('date', 'de', 'l', 'offre'))
    """
    apart = ELISION.sub(r"\1 ", folded(text))
    return tuple(WORD.findall(APOSTROPHE.sub("", apart)))


def spelled_apart(text: str) -> str:
    """A name as programs write it, with its words apart.

    >>> spelled_apart("CloseDate"), spelled_apart("deal_ID"), spelled_apart("HTTPStatus")
    ('Close Date', 'deal ID', 'HTTP Status')
    """
    return HUMP.sub(" ", text.replace("_", " "))


def joined(codes_of: dict[str, tuple[str, ...]], *codes: str) -> frozenset[str]:
    """The names of some codes of a table, squeezed."""
    return frozenset(squeezed(name) for code in codes for name in codes_of[code])
