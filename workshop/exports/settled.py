"""The rows of what the room has settled on: who does what at a step, and what words mean."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.domain.funnel import Funnel
from workshop.domain.hand_off import Duty, place_of
from workshop.domain.question import Subject
from workshop.domain.settlement import Settlement
from workshop.domain.term import term_key, term_of
from workshop.exports.rows import Row
from workshop.wording.hand_offs import DOERS, DUTIES, rule


def hand_offs(funnel: Funnel, settled: Sequence[Settlement]) -> list[Row]:
    """The rows of HAND_OFFS, from the top of the funnel down; of steps that are still there."""
    by_place = {place_of(one.key): one for one in settled if one.key.subject is Subject.HAND_OFF}
    return [
        {
            "step": step.name,
            "duty": DUTIES[duty],
            "doer": DOERS[one.owner],
            "rule": rule(one),
            "sales": one.sales,
            "marketing": one.marketing,
            "day": one.settled_at.date(),
        }
        for number, step in enumerate(funnel.steps)
        for duty in Duty
        if (one := by_place.get((number, duty))) is not None and one.owner is not None
    ]


def words(funnel: Funnel, settled: Sequence[Settlement]) -> list[Row]:
    """The rows of WORDS, in the order of the funnel's stages, the others after them."""
    places = {term_key(stage): place for place, stage in enumerate(funnel.stages)}
    held = [one for one in settled if one.key.subject is Subject.TERM]
    return [
        {
            "word": term_of(one.key, funnel),
            "meaning": one.value,
            "sales": one.sales,
            "marketing": one.marketing,
        }
        for one in sorted(held, key=lambda one: places.get(one.key, len(places)))
    ]
