"""The order in which unnamed sentences are read aloud: it tells nothing about their authors."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from itertools import zip_longest

from workshop.domain.people import Side
from workshop.domain.question import Answered


def reading_order(sentences: Collection[Answered]) -> tuple[Answered, ...]:
    """Each sentence once, the sides taking turns, the one that has most of them first.

    The order depends on the words alone, by their SHA-256, so it is the same on every screen, and
    says neither who wrote a sentence nor when. Where a side has no more, the others go on.
    """
    by_side: dict[Side | None, list[Answered]] = {}
    for sentence in sorted(sentences, key=_drawn):
        by_side.setdefault(sentence.side, []).append(sentence)
    sides = sorted(by_side.values(), key=lambda own: (-len(own), _drawn(own[0]), own[0].side or ""))
    return tuple(one for turn in zip_longest(*sides) for one in turn if one is not None)


def _drawn(sentence: Answered) -> bytes:
    """What the words of a sentence draw as their lot."""
    return sha256(str(sentence.answer.value).encode()).digest()
