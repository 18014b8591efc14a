"""Which texts are worded alike: two teams often have the same idea in other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process, utils

ALIKE = 85.0
"""How alike two names must be, of 100, to be one: a slip in a name of seven letters."""


def most_alike(text: str, others: Mapping[str, str]) -> list[str]:
    """The keys of `others`, whose text is most like this one first.

    Word order, case and punctuation do not count (RapidFuzz's token set ratio).

    >>> most_alike("Call within a day", {"a": "Show prices", "b": "within one day, call!"})
    ['b', 'a']
    """
    scored = process.extract(
        text, others, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=None
    )
    return [key for _, _, key in scored]


def same_stages(read: Sequence[str], known: Sequence[str]) -> bool:
    """Whether these are the known stages in the same order, only written otherwise.

    Each is most like the one in its own place, and alike enough: case, blanks, hyphens and a
    plural do not count, nor does a slip of a letter in a longer name.

    >>> same_stages(["leads", "MQLs", "Oportunity"], ["Lead", "MQL", "Opportunity"])
    True
    >>> same_stages(["Lead", "SQL", "Won"], ["Lead", "MQL", "Won"])
    False
    """
    if len(read) != len(known):
        return False
    ours = [_bare(name) for name in known]
    for place, name in enumerate(read):
        scored = [fuzz.ratio(_bare(name), other) for other in ours]
        if scored[place] < max(ALIKE, *scored):
            return False
    return True


def _bare(name: str) -> str:
    """A name without case, blanks, marks and the s of a plural."""
    letters = "".join(utils.default_process(name).split())
    return letters.removesuffix("s") or letters
