"""Estimates made cautious before a choice is based on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from workshop.analysis import pert
from workshop.analysis.belief import kind
from workshop.analysis.uncertainty import shrink
from workshop.domain.idea import Candidate, Estimate

TOO_NARROW = 2.18
"""People's 90 % ranges hold the truth 55 times in 100 (Hubbard 2014, "How to Measure Anything"):
a normal error then has 1.645/0.755 times the standard deviation that the range suggests."""


def shrunk(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same ideas, their fractions pulled toward the mean of their kind.

    A choice made by estimates favours those that are too high: the optimizer's curse. What is
    uncertain about an idea is the fraction, while the losses it goes after have been counted; so
    the fractions are shrunk, the more the wider the estimate, and not the gains. Of one kind are
    ideas on part of a step's losses (a reason, a segment), on a whole step, on the volume, and on
    the deal value.

    Each estimate becomes a certain one, to be used for choosing and for what to expect.

    >>> from workshop.domain.idea import Effect
    >>> def idea(name, low, likely, high):
    ...     return Candidate(name, Effect(0, Estimate(low, likely, high)), {})
    >>> cautious = shrunk([idea("guess", .1, .3, .9), idea("A", .1, .1, .1), idea("B", .1, .1, .1)])
    >>> [round(each.effect.recovers.likely, 3) for each in cautious]
    [0.189, 0.1, 0.1]
    """
    fractions = np.array([pert.mean(each.effect.recovers) for each in candidates])
    errors = TOO_NARROW * np.array([pert.sd(each.effect.recovers) for each in candidates])
    kinds = [kind(each.effect) for each in candidates]
    for one in set(kinds):
        alike = np.array([each == one for each in kinds])
        fractions[alike] = shrink(fractions[alike], errors[alike]).clip(0, 1)
    return [
        replace(each, effect=replace(each.effect, recovers=Estimate(fraction, fraction, fraction)))
        for each, fraction in zip(candidates, fractions.tolist(), strict=True)
    ]
