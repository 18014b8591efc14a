"""What became of a deal, as a stage or a status says it in one of seven languages.

Outcomes are whole words anywhere in a name: “7. Closed Lost”, “Abgeschlossen und verloren”.
“Wonderland demo” has none of them, “nicht gewonnen” says lost, and “likely won” says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Literal

from workshop.intake.layout import Outcome
from workshop.intake.numbering import bare
from workshop.intake.vocabulary import joined, spelled_apart, table, words

Kind = Literal["won", "lost"]
Phrase = tuple[int, int, str]  # the places of its words, and its code

NEAR = 6  # how many words before an outcome may deny it: “is not as yet a won deal”
# What follows on an outcome: "Absage - zu teuer", "Dead: no reply", "Cancelled by customer".
SAID_FURTHER = re.compile(
    r"\s[-–—]\s|[:;,(\[]|\.\s"
    r"|\s(?:by|due to|because|durch|vom|von|wegen|par|à cause|por|devido|da|dal|per|door|wegens)\s"
)


def meaning(written: str) -> Outcome | None:
    """What a stage says that is none of the funnel's; None where it may be one of them.

    >>> meaning("Fermée/Perdue"), meaning("Nicht qualifiziert"), meaning("Lossless trial")
    (<Outcome.LOST: 'lost'>, <Outcome.LOST: 'lost'>, None)
    """
    if _kind(written) == "lost":
        return Outcome.LOST
    return Outcome.LEFT_OUT if _is_alone(written, "left out alone") else None


def is_won(written: str) -> bool:
    """Whether a stage says that the deal is won.

    >>> is_won("7-Closed Won"), is_won("Customer"), is_won("Contract sent")
    (True, True, False)
    """
    return _kind(written) == "won" or is_customer(written)


def is_open(written: str) -> bool:
    """Whether a status says that a deal is neither won nor lost yet."""
    return _is_alone(written, "open alone")


def is_customer(written: str) -> bool:
    """Whether a stage of the life cycle says that somebody has bought."""
    return _is_name(written, "customer")


def won_among(stages: Iterable[str]) -> tuple[str, ...]:
    """The stages that say won, of those of one funnel, by the surest word for it.

    Where one of them is called won, the contract signed before it is a step on the way.

    >>> won_among(["Demo", "Contract signed", "Closed won"]), won_among(["Demo", "Signed"])
    (('Closed won',), ('Signed',))
    """
    names = list(stages)
    for says in (_says_won, lambda name: _kind(name) == "won", is_customer):
        if found := tuple(name for name in names if says(name)):
            return found
    return ()


@lru_cache(maxsize=8192)
def _kind(written: str) -> Kind | None:
    said = _said(words(written)) or _said(words(spelled_apart(written)))
    if said:
        return None if said == "neither" else said
    first = SAID_FURTHER.split(bare(written), maxsplit=1)[0]
    if _is_alone(written, "lost alone") or _is_alone(first, "lost alone"):
        return "lost"
    return "won" if _is_alone(written, "won alone") or _is_alone(first, "won alone") else None


def _says_won(written: str) -> bool:
    return "won" in (_said(words(written)), _said(words(spelled_apart(written))))


def _said(name: tuple[str, ...]) -> Kind | Literal["neither"] | None:
    """What the words of a name say: the first of them does, and two at once say nothing.

    “neither” where there are such words, and they do not say what became of a deal.
    """
    phrases = list(_phrases(name))
    likely = next((start for start, _, code in phrases if code == "undecided"), len(name))
    found = [phrase for phrase in phrases if phrase[2] in ("won", "lost", "lacking")]
    said = [(one, kind) for one in found if one[0] < likely and (kind := _as_denied(name, one))]
    if any(code == "revived" for _, _, code in phrases):
        said = [(one, kind) for one, kind in said if kind == "won"]
    if not said:
        return "neither" if any(code != "lacking" for _, _, code in found) else None
    if len({kind for _, kind in said}) > 1:
        others = {word for start, end, _ in found for word in name[start:end]}
        if set(name) <= others | _words("or") | _words("filler"):
            return "neither"  # “won/lost”
    return said[0][1]


def _as_denied(name: tuple[str, ...], phrase: Phrase) -> Kind | None:
    """What an outcome means after the words before it: “not won” is lost, “not yet won” nothing."""
    start, end, code = phrase
    before = name[max(0, start - NEAR) : start]
    near = [word for word in before if word not in _words("filler")][-2:]
    yet = _words("yet") & {*near, *name[end : end + 1]}
    is_denied = bool(_words("not").intersection(near if yet else near[-1:]))
    if not is_denied:
        return "won" if code == "won" else "lost" if code == "lost" else None
    return None if yet or code == "lost" else "lost"


def _phrases(name: tuple[str, ...]) -> Iterator[Phrase]:
    """The known phrases in a name, the longest first at each word: start, end and code."""
    known, longest = _known_phrases()
    start = 0
    while start < len(name):
        ends = range(min(start + longest, len(name)), start, -1)
        end = next((end for end in ends if name[start:end] in known), None)
        if end is not None:
            yield start, end, known[name[start:end]]
        start = end or start + 1


@cache
def _known_phrases() -> tuple[dict[tuple[str, ...], str], int]:
    known: dict[tuple[str, ...], str] = {}
    for code in ("won", "lost", "lacking", "undecided", "revived"):
        for phrase in table("outcomes")[code]:
            known.setdefault(words(phrase), code)
    return known, max(map(len, known))


@cache
def _words(code: str) -> frozenset[str]:
    return frozenset(word for phrase in table("outcomes")[code] for word in words(phrase))


@cache
def _names(code: str) -> frozenset[str]:
    return joined(table("outcomes"), code)


def _is_name(written: str, code: str) -> bool:
    """Whether a name, without its numbers, is one of a table's."""
    return any(
        "".join(word for word in words(name) if not word.isdecimal()) in _names(code)
        for name in (written, bare(written))
    )


def _is_alone(written: str, code: str) -> bool:
    """Whether a name says one of a table's names, and beside it only closed, deal and the like."""
    rest = [word for word in words(bare(written)) if word not in _words("filler")]
    return _is_name(written, code) or _is_name(" ".join(rest), code)
