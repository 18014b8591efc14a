"""Spellings that seem to mean the same thing, offered for merging; nothing is merged unasked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from workshop.intake.cells import key

# What people put between words, or leave out. Signs such as < + # & % make a difference.
BETWEEN = re.compile(r"[\s\-‐‑–—_./,;:'’\"()]+")
LETTERS = 5  # shorter words differ by a letter and mean something else: Won and One
CHUNK = 500  # words compared with all others at once, so that memory stays small
LONG_WORD = 10  # two slips are likely to be slips in a word of ten letters


@dataclass(frozen=True, slots=True)
class Proposal:
    """Spellings that seem to mean the same: the most frequent one, and what it stands for."""

    keep: str
    others: tuple[str, ...]


def near_duplicates(counts: Mapping[str, int]) -> tuple[Proposal, ...]:
    """Which spellings of a reason, segment or owner differ by blanks, marks or a slip alone.

    `counts` says how often each is written; case and stray blanks make no difference, so
    spellings that only differ in them are taken together and not offered. A slip is an edit
    (two in words of ten letters) inside one word, after its first letter; numbers are never
    slips. The most frequent first. RapidFuzz's optimal string alignment counts the edits.

    >>> near_duplicates({"No budget": 9, "no-budget": 4, "No Budgets": 1, "Q1": 8, "Q2": 7})
    (Proposal(keep='No budget', others=('no-budget', 'No Budgets')),)
    >>> near_duplicates({"inbound": 3, "outbound": 2, "Tier 1": 3, "Tier 2": 1})
    ()
    """
    written = _one_spelling_each(counts)
    place = {spelling: number for number, spelling in enumerate(written)}
    alike: dict[str, set[str]] = defaultdict(set)
    for one, other in (*_same_letters(written), *_slips(written)):
        alike[one].add(other)
        alike[other].add(one)
    taken: set[str] = set()
    proposals = []
    for spelling in written:
        if spelling in taken:
            continue
        others = sorted(alike[spelling] - taken, key=place.__getitem__)
        taken |= {spelling, *others}
        if others:
            proposals.append(Proposal(spelling, tuple(others)))
    return tuple(proposals)


def _one_spelling_each(counts: Mapping[str, int]) -> list[str]:
    """The most frequent spelling of each name, the most frequent name first."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for spelling in sorted(counts, key=lambda spelling: (-counts[spelling], spelling)):
        spellings[key(spelling)].append(spelling)
    totals = {
        first: sum(counts[each] for each in (first, *rest)) for first, *rest in spellings.values()
    }
    return sorted(totals, key=lambda spelling: -totals[spelling])


def _same_letters(written: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs that are the same once blanks, hyphens and the like are left out."""
    first: dict[tuple[str, ...], str] = {}
    for spelling in written:
        plain = BETWEEN.sub("", _folded(spelling))
        # 10-20 is not 1020: what stands between numbers matters.
        same = (plain, *re.findall("[0-9]+", spelling))
        if len(plain) > 1 and first.setdefault(same, spelling) != spelling:
            yield first[same], spelling


def _slips(written: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs that are the same but for a slip in one word."""
    gaps: dict[tuple[tuple[str, ...], tuple[str, ...], str], dict[str, str]] = defaultdict(dict)
    for spelling in written:
        words = tuple(filter(None, BETWEEN.split(_folded(spelling))))
        for place, word in enumerate(words):
            if len(word) >= LETTERS and word.isalpha():
                gaps[words[:place], words[place + 1 :], word[0]].setdefault(word, spelling)
    for found in gaps.values():
        words = tuple(found)
        yield from ((found[words[one]], found[words[other]]) for one, other in _alike(words))


def _alike(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of two words that are one edit apart, or two where both are long."""
    lengths = np.array([len(word) for word in words])
    for start in range(0, len(words), CHUNK):
        edits = process.cdist(
            words[start : start + CHUNK], words, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8
        )
        shorter = np.minimum(lengths[start : start + CHUNK, None], lengths)
        ones, others = np.nonzero(edits <= np.where(shorter >= LONG_WORD, 2, 1))
        for one, other in zip(ones + start, others, strict=True):
            if one < other:
                yield int(one), int(other)


def _folded(spelling: str) -> str:
    return key(normalize("NFKC", spelling))
