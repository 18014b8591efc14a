"""How a room has guessed: how sure it was, and where each side saw the leak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from workshop.analysis.calibration import flattery, widening
from workshop.domain.funnel import Funnel
from workshop.domain.people import Owner, Side
from workshop.domain.question import Answered, Guess

OWNER_OF = {Side.SALES: Owner.SALES, Side.MARKETING: Owner.MARKETING, Side.OTHER: None}


@dataclass(frozen=True, slots=True)
class Sureness:
    """Of how many ranges that somebody was sure of how many held the truth, over all questions.

    `times` is how much wider the room's ranges have to be taken (`calibration.widening`).
    """

    held: int
    ranges: int
    times: float


def sureness(guesses: Mapping[int, Sequence[Answered]], funnel: Funnel) -> Sureness | None:
    """How sure the room was, by what was guessed of each step; None where nobody gave a range.

    >>> from workshop.domain.funnel import Step
    >>> from workshop.domain.question import Answer
    >>> funnel = Funnel((Step("MQL", "SQL", 700, 280),), 8000, "EUR", 365)
    >>> sure = [Answered(Answer(Guess(0.5, low, 0.6)), None) for low in (0.3, 0.45)]
    >>> told = sureness({0: sure}, funnel)
    >>> told.held, told.ranges, round(told.times, 2)
    (1, 2, 2.21)
    """
    held = [
        [
            is_held
            for one in given
            if isinstance(one.answer.value, Guess)
            and (is_held := one.answer.value.holds(funnel.steps[step].rate)) is not None
        ]
        for step, given in guesses.items()
    ]
    asked = [ranges for ranges in held if ranges]
    count = sum(map(len, asked))
    if not count:
        return None
    good = sum(map(sum, asked))
    return Sureness(good, count, widening(good / count, len(asked)))


def sees_the_leak_elsewhere(
    side: Side, guesses: Mapping[int, Sequence[Answered]], funnel: Funnel
) -> float | None:
    """How much better a side thinks of its own steps than of the others (`flattery`), log odds.

    By its median guess of each step that it guessed; None where it owns none of them, or all.
    """
    middles = {
        step: median(own) for step, given in guesses.items() if (own := likely_of(side, given))
    }
    steps = sorted(middles)
    owned = [
        place for place, step in enumerate(steps) if funnel.steps[step].owner is OWNER_OF[side]
    ]
    if not owned or len(owned) == len(steps):
        return None
    truths = [funnel.steps[step].rate for step in steps]
    return flattery([middles[step] for step in steps], truths, owned)


def likely_of(side: Side | None, given: Sequence[Answered]) -> list[float]:
    """What a side holds likely, 0..1; None stands for all where they were pooled."""
    return [
        one.answer.value.likely
        for one in given
        if one.side is side and isinstance(one.answer.value, Guess)
    ]
