"""How far a room's guesses can be trusted: ranges that are too narrow, and leaks seen elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from scipy.special import logit, ndtri

from workshop.domain.checks import refuse_outside

USUALLY_HELD = 0.55  # of people's 90 % ranges hold the truth (Hubbard 2014)
WEIGHT_OF_USUAL = 20  # ranges that what is usual counts for
RANGES_A_QUESTION = 3  # people in one room err together: more answers to a question tell no more
HALF_WIDTH_OF_90 = 1.645  # standard deviations, as far as a 90 % range should reach
NEAREST = 0.001  # to 0 and to 1: what lies beyond is said in one breath with none, or all


def widening(held: float, questions: int) -> float:
    """The factor by which the low–high ranges of this room have to grow to be 90 % ranges.

    `held` is the share of the room's 90 % ranges, 0..1, that held the truth, over so many
    questions. A question counts as three ranges, however many people answered, and the usual 55
    of 100 (Hubbard 2014, "How to Measure Anything") as twenty: of normal errors, ranges that hold
    the share h̃ = (n·held + 20·0.55)/(n + 20) are 1.645/Φ⁻¹((1 + h̃)/2) times too narrow. It is
    below 1 where the ranges held more than 90 of 100.

    Raises ValueError where `held` is no share, or there are more than 10,000 questions.

    >>> round(widening(0, questions=0), 3)
    2.178
    >>> round(widening(0.2, questions=4), 3), round(widening(0.75, questions=4), 3)
    (2.982, 1.854)
    """
    refuse_outside("the share of ranges that held the truth", held, 0, 1)
    refuse_outside("the number of questions", questions, 0, 10_000)
    ranges = RANGES_A_QUESTION * questions
    expected = (ranges * held + WEIGHT_OF_USUAL * USUALLY_HELD) / (ranges + WEIGHT_OF_USUAL)
    return HALF_WIDTH_OF_90 / float(ndtri((1 + expected) / 2))


def flattery(
    guesses: Sequence[float], truths: Sequence[float], own_steps: Collection[int]
) -> float:
    """How much better a side thinks of its own steps than of the others, in log odds.

    `guesses` and `truths` are the rates of all steps, 0..1, in order; `own_steps` are the indexes
    of the steps that this side owns. It is the mean of logit(guess) − logit(truth) over its own
    steps less the same over the other steps: above 0, the side sees the leak elsewhere. That all
    is thought better, or worse, than it is cancels out.

    A guess or truth nearer to 0 or 1 than one in a thousand counts as one in a thousand: a guess
    of 0 then weighs much, but not without limit, and a rate of 0 guessed as 0 is no error.

    Raises ValueError where the lengths differ, a rate is none, or the side owns no step or all.

    >>> round(flattery([0.55, 0.4, 0.3], [0.4, 0.4, 0.4], own_steps=[0]), 3)
    0.827
    >>> flattery([0, 1], [0, 1], own_steps=[1])
    0.0
    """
    if len(guesses) != len(truths):
        raise ValueError(f"there are {len(guesses)} guesses and {len(truths)} true rates")
    for rate in (*guesses, *truths):
        refuse_outside("a rate", rate, 0, 1)
    for step in own_steps:
        if step not in range(len(truths)):
            raise ValueError(f"there is no step {step}; there are {len(truths)}, from 0")
    own = np.isin(np.arange(len(truths)), list(own_steps))
    if own.all() or not own.any():
        raise ValueError("a side is compared by its own steps and others; it needs some of both")
    guessed, true = (np.clip(rates, NEAREST, 1 - NEAREST) for rates in (guesses, truths))
    errors = logit(guessed) - logit(true)
    return float(errors[own].mean() - errors[~own].mean())
