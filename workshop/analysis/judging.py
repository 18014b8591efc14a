"""How both sides judged the same cases: which one splits them most, and how far they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.domain.checks import refuse_outside

FEWEST_CASES = 15
"""Of fewer, agreement beyond chance cannot be told from luck."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a side said yes, of how many who judged."""

    yes: int
    of: int

    def __post_init__(self) -> None:
        refuse_outside("how many judged", self.of, 0, 1e9)
        refuse_outside("how many said yes", self.yes, 0, self.of)

    @property
    def majority(self) -> bool | None:
        """What most of the side said; None where it is split in half, or nobody judged."""
        return None if 2 * self.yes == self.of else 2 * self.yes > self.of


@dataclass(frozen=True, slots=True)
class Judged:
    """What sales and marketing said of one case."""

    sales: Tally
    marketing: Tally

    @property
    def split(self) -> float | None:
        """How far their shares of yes lie apart, 0..1; None where a side has not judged.

        >>> Judged(Tally(3, 4), Tally(0, 3)).split
        0.75
        """
        if not (self.sales.of and self.marketing.of):
            return None
        return abs(self.sales.yes / self.sales.of - self.marketing.yes / self.marketing.of)


def most_split(cases: Sequence[Judged]) -> int | None:
    """The place of the case that splits the sides most; of several alike, the first.

    None where there is none that both judged.

    >>> most_split([Judged(Tally(2, 2), Tally(1, 2)), Judged(Tally(3, 4), Tally(0, 3))])
    1
    """
    splits = [-1.0 if case.split is None else case.split for case in cases]
    most = max(splits, default=-1.0)
    return None if most < 0 else splits.index(most)


def majorities(cases: Sequence[Judged]) -> list[list[int]]:
    """How many cases most of sales called yes or no (rows), and most of marketing (columns).

    A case is left out where a side is split in half or has not judged. Shape (2, 2).

    >>> majorities([Judged(Tally(3, 4), Tally(0, 3)), Judged(Tally(1, 2), Tally(0, 3))])
    [[0, 1], [0, 0]]
    """
    table = [[0, 0], [0, 0]]
    for case in cases:
        sales, marketing = case.sales.majority, case.marketing.majority
        if sales is not None and marketing is not None:
            table[not sales][not marketing] += 1
    return table
