"""The order that stages' own names say: numbers, letters, Roman numerals, chances of winning."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category, normalize

# "3. Negotiation", "4-Proposal"
STEP_NUMBER = re.compile(r"\s*([0-9]{1,2})\s*[-.):–]\s*(?=\D)")

NUMBERING = re.compile(
    r"""(?:(?P<word>(?i:stage|step|phase|level|stufe|schritt|étape|etape|etapa|fase|passo|paso|stap
              |stadium|estágio|estagio|stadio|nr\.?|no\.?))\s*|(?P<short>[SsPp])(?=[0-9]))?
        (?:(?P<chance>[0-9]{1,3})(?:[.,][0-9]+)?\s*%
          |(?P<number>[0-9]{1,2})(?:\.(?P<part>[0-9]{1,2})|(?P<letter_part>[a-h])(?![a-z]))?
          |(?P<roman>(?i:[ivx]{2,5}))
          |(?P<letter>[A-Za-z]))
        (?:(?P<mark>\s*[.:)\]|]+[\s\-–—]*|\s+[-–—/]+\s*|[-–—]+\s*)(?![0-9])|(?P<blank>\s+)|$)""",
    re.VERBOSE,
)
CHANCE = re.compile(r"\s*[-–—:(\[]?\s*(?P<chance>[0-9]{1,3})(?:[.,][0-9]+)?\s*%\s*[)\]]?\s*$")
BRACKETED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
NUMERALS = (
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv",
)  # fmt: skip
ROMANS = {numeral: place for place, numeral in enumerate(NUMERALS, 1)}
KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"


def step_number(stage: str) -> int | None:
    """The number that a stage's name begins with: 4 of “4-Proposal”."""
    found = STEP_NUMBER.match(stage)
    return int(found[1]) if found else None


def sequence_key(stage: str) -> tuple[int, ...] | None:
    """Where a stage stands as its own name says it; None where it says nothing.

    Keys of one kind compare: numbers (with parts, 2.1 or 2b), letters, Roman numerals, chances
    in percent. A name that is a number and nothing else is an id, not a place.

    >>> [sequence_key(name) for name in ("4 - Demo", "2b) Talk", "L. Lost", "IV. Won", "S3 Demo")]
    [(4,), (2, 2), (12,), (4,), (3,)]
    >>> [sequence_key(name) for name in ("Etapa 3", "10 % - Discovery", "Demo (60%)", "E-mail")]
    [(3,), (10,), (60,), None]
    """
    return _key(stage, roman=False)


def sequence(stages: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The keys of the stages whose names say one; I, V and X are numerals where others are.

    >>> sequence(["I. Lead", "II. Demo", "V. Won"])
    {'I. Lead': (1,), 'II. Demo': (2,), 'V. Won': (5,)}
    """
    names = list(stages)
    roman = any(found["roman"] for name in names if (found := _numbering(name)))
    keys = {name: _key(name, roman) for name in names}
    return {name: key for name, key in keys.items() if key is not None}


@lru_cache(maxsize=8192)
def bare(stage: str) -> str:
    """A stage's name without its number, its chance, and what stands in brackets behind it.

    >>> bare("❌ 7. Closed Lost"), bare("Stage 2: Demo (Sales)"), bare("10% - Talk"), bare("S1")
    ('Closed Lost', 'Demo', 'Talk', 'S1')
    """
    text = _without_signs(stage)
    found = _numbering(stage)
    rest = text[found.end() :] if found else text
    rest = _without_signs(BRACKETED.sub("", CHANCE.sub("", rest)))
    return rest.strip() or text or stage


def _key(stage: str, roman: bool) -> tuple[int, ...] | None:
    found = _numbering(stage) or CHANCE.search(_without_signs(stage))
    if not found:
        return None
    says = found.groupdict()
    if says["chance"]:
        return (int(says["chance"]),)
    if says["number"]:
        part = says["part"] or says["letter_part"]
        more = () if not part else (int(part) if part.isdecimal() else _place(part),)
        return (int(says["number"]), *more)
    numeral = says["roman"] or (says["letter"] if roman else "")
    return (ROMANS[numeral.lower()] if numeral.lower() in ROMANS else _place(says["letter"]),)


def _numbering(stage: str) -> re.Match[str] | None:
    """What a name begins with, where that is a number and not a part of the name."""
    text = _without_signs(stage)
    found = NUMBERING.match(text)
    if not found or found["chance"]:
        return found
    if found["roman"] and found["roman"].lower() not in ROMANS:
        return None
    if found["word"] or found["short"]:
        return found
    if found.end() == len(text):
        return None  # an id, or a grade
    if found["blank"]:  # "1 Lead" and "IV Won", but "15 min call"
        is_letter = bool(found["letter"]) or (found["roman"] or "").islower()
        return found if text[found.end()].isupper() and not is_letter else None
    # "A. Lead" and "A - Lead", but "E-mail" and "X-Sell"
    return None if found["letter"] and found["mark"][0] in "-–—" else found


def _place(letter: str) -> int:
    """1 of A."""
    return ord(letter.lower()) - ord("a") + 1


@lru_cache(maxsize=8192)
def _without_signs(text: str) -> str:
    """A text without emoji, brackets and blanks before it; ① and 1️⃣ are numbers."""
    plain = normalize("NFKC", text.replace(KEYCAP, "."))
    plain = "".join(letter for letter in plain if category(letter) not in ("Mn", "Me", "Cf"))
    plain = " ".join(plain.split())
    start = next((place for place, letter in enumerate(plain) if letter.isalnum()), len(plain))
    return plain[start:]
