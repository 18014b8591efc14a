"""How two sides live together: the stage they are at, and where they see it differently."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb, inf, sqrt
from statistics import fmean, variance
from typing import NamedTuple

from workshop.domain.checks import refuse_outside

BEYOND_CHANCE = 1.645  # standard errors: one-sided, 95 %
BY_CHANCE = 0.05  # the same as a chance


class Stage(StrEnum):
    """How closely sales and marketing work together, the loosest first."""

    UNDEFINED = "undefined"
    DEFINED = "defined"
    ALIGNED = "aligned"
    INTEGRATED = "integrated"


def stage(mean: float) -> Stage:
    """The stage that a mean of answers from 1 to 5 stands for.

    Below 2 undefined, below 3 defined, below 4 aligned, else integrated: the cuts of 20 items at
    40, 60 and 80 points in Kotler, Rackham & Krishnaswamy (2006), "Ending the War Between Sales
    and Marketing". A mean that only rounding keeps below a cut is at the cut.

    Raises ValueError where the mean does not lie between 1 and 5.

    >>> str(stage(1.9)), str(stage(2)), str(stage(3.5)), str(stage(4))
    ('undefined', 'defined', 'aligned', 'integrated')
    """
    refuse_outside("the mean", mean, 1, 5)
    passed = [round(mean, 9) >= cut for cut in (2, 3, 4)].count(True)
    return tuple(Stage)[passed]


def next_stage(mean: float) -> Stage | None:
    """The stage after the one that a mean stands for; None at the last.

    Raises ValueError where the mean does not lie between 1 and 5.

    >>> str(next_stage(2.4)), next_stage(4.2)
    ('aligned', None)
    """
    after = [*Stage][[*Stage].index(stage(mean)) + 1 :]
    return after[0] if after else None


def gap(a: Sequence[float], b: Sequence[float]) -> tuple[float, float]:
    """The mean of `a` less the mean of `b`, and its standard error; answers from 1 to 5.

    The error is unpooled, √(s²ₐ/nₐ + s²_b/n_b) with the sample variances (n − 1), so that the two
    may be of different size and spread (Welch 1947, "The Generalization of 'Student's' Problem").
    One answer alone has no spread to go by: the error is then `inf`. Where each side is of one
    mind it is 0.

    Raises ValueError where a side has no answer, or one does not lie between 1 and 5.

    >>> difference, error = gap([4, 5, 4, 3], [2, 3, 2, 1, 2])
    >>> round(difference, 3), round(error, 3)
    (2.0, 0.516)
    >>> gap([4], [2, 3])
    (1.5, inf)
    """
    for answers in (a, b):
        if not len(answers):
            raise ValueError("one side has not answered; both are needed for a gap")
        for answer in answers:
            refuse_outside("an answer", answer, 1, 5)
    error = sqrt(sum(variance(each) / len(each) if len(each) > 1 else inf for each in (a, b)))
    return fmean(a) - fmean(b), error


def is_beyond_chance(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether the means of two sides differ by more than chance: more than 1.645 errors.

    Where each side is of one mind the error is 0 and says nothing. Then counts how likely the
    answers would have fallen so by lot, 1 of (nₐ + n_b over nₐ) ways: beyond chance are three
    against three, not two against two. One answer alone is never beyond chance.

    Raises ValueError as `gap` does.

    >>> is_beyond_chance([4, 5, 4, 3], [2, 3, 2, 1, 2]), is_beyond_chance([4, 4], [3, 3])
    (True, False)
    """
    difference, error = gap(a, b)
    if error == 0 and difference:
        return 1 / comb(len(a) + len(b), len(a)) <= BY_CHANCE
    return abs(difference) > BEYOND_CHANCE * error


@dataclass(frozen=True, slots=True)
class Marks:
    """The answers to one statement, from 1 to 5, by side.

    `pooled` are those of all sides together, where too few of one have answered.
    """

    sales: tuple[int, ...] = ()
    marketing: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    pooled: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for answer in self.all:
            refuse_outside("an answer", answer, 1, 5)

    @property
    def all(self) -> tuple[int, ...]:
        """The answers whoever gave them."""
        return (*self.sales, *self.marketing, *self.others, *self.pooled)

    @property
    def are_compared(self) -> bool:
        """Whether both sides have answered, and each is seen for itself."""
        return bool(self.sales and self.marketing)


class Means(NamedTuple):
    """The mean of each side's answers, from 1 to 5; None where it has none of its own."""

    sales: float | None
    marketing: float | None
    others: float | None
    pooled: float | None

    @property
    def room(self) -> float | None:
        """The mean of the room: sales and marketing weigh alike, however many answered."""
        sides = [each for each in (self.sales, self.marketing) if each is not None]
        if sides:
            return fmean(sides)
        return self.others if self.pooled is None else self.pooled


def means(statements: Collection[Marks]) -> Means:
    """The means over some statements, each of which weighs alike, however many answered it.

    Sales and marketing are compared over the same statements: those that both have answered. Where
    there is none, and answers were pooled, all are taken together.

    >>> means([Marks((4, 4), (2, 1)), Marks((2, 4), (3, 3)), Marks(pooled=(5, 5, 5))])
    Means(sales=3.5, marketing=2.25, others=None, pooled=None)
    >>> means([Marks((4, 4, 4)), Marks(pooled=(1, 2, 3))]).pooled
    3.0
    """
    compared = [marks for marks in statements if marks.are_compared]
    if not compared and any(marks.pooled for marks in statements):
        return Means(None, None, None, _mean(marks.all for marks in statements))
    counted = compared or statements
    return Means(
        _mean(marks.sales for marks in counted),
        _mean(marks.marketing for marks in counted),
        _mean(marks.others for marks in counted),
        None,
    )


def widest_gaps(statements: Mapping[str, Marks], most: int = 3) -> list[str]:
    """The statements that the sides see most differently, by the codes given, the widest first.

    At most so many; none on which their means are the same, none that only one side has answered.

    >>> widest_gaps({"goals": Marks((4, 4), (3, 4)), "words": Marks((1, 2), (5, 4))})
    ['words', 'goals']
    """
    apart = {
        code: abs(gap(marks.sales, marks.marketing)[0])
        for code, marks in statements.items()
        if marks.are_compared
    }
    return sorted((code for code in apart if apart[code]), key=lambda code: -apart[code])[:most]


def lowest(statements: Mapping[str, Marks]) -> str | None:
    """The statement that the room agrees with least, by the codes given; None without answers.

    >>> lowest({"goals": Marks((4, 4), (3, 4)), "words": Marks((1, 2), (5, 4))})
    'words'
    """
    rooms = {code: means([marks]).room for code, marks in statements.items()}
    answered = {code: mean for code, mean in rooms.items() if mean is not None}
    return min(answered, key=lambda code: answered[code], default=None)


def _mean(statements: Iterable[Sequence[int]]) -> float | None:
    """The mean of the means of those that have answers."""
    answered = [fmean(each) for each in statements if each]
    return fmean(answered) if answered else None
