"""How two sides live together: the stage they are at, and where they see it differently."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import comb, inf, sqrt
from statistics import fmean, variance

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
