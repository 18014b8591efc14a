"""The lenses in words, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workshop.domain.lens import Lens


@dataclass(frozen=True, slots=True)
class LensWords:
    """What a lens is called, what it means in a few words, and in a sentence.

    `ranks` says whether it can tell one step from another.
    """

    name: str
    meaning: str
    sentence: str
    ranks: bool = True


LENSES: Mapping[Lens, LensWords] = MappingProxyType(
    {
        Lens.PLUS_1PP: LensWords(
            "+1 point",
            "one more in a hundred",
            "One more prospect in a hundred goes on at this step.",
        ),
        Lens.TO_BENCHMARK: LensWords(
            "reach the benchmark",
            "as good as others",
            "The step reaches its benchmark, where one is known.",
        ),
        Lens.PUSH: LensWords(
            "the same push",
            "lifts 50 % to 60 %",
            "The same push at every step: one that lifts a rate of 50 % to 60 %, one of 25 % to "
            "33 %, one of 90 % to 93 %.",
        ),
        Lens.LEAK: LensWords(
            "if nobody dropped out",
            "no losses at all",
            "All that this step loses, at today's later conversion rates.",
        ),
        Lens.PLUS_10PCT: LensWords(
            "+10 %",
            "a tenth more",
            "A tenth more of the rate. It is worth the same at every step, so it cannot rank them.",
            ranks=False,
        ),
    }
)

RANKING_LENSES = tuple(lens for lens, words in LENSES.items() if words.ranks)
"""The lenses that can say which step to improve."""

WAYS = ("no way", "one way", "two ways", "three ways", "four ways", "five ways", "six ways")
SEEN_BY_ALL = WAYS[len(LENSES)]
SEEN_BY_RANKING = WAYS[len(RANKING_LENSES)]
"""How many views there are, as a sentence says it."""
