"""Which texts are worded alike: two teams often have the same idea in other words."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz, process, utils


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
