"""Who does what at a step: four duties, and who may have them."""

from __future__ import annotations

from enum import StrEnum

from workshop.domain.question import QuestionKey, Subject


class Duty(StrEnum):
    """What somebody has to do where prospects are handed over."""

    FINDS = "finds"
    DECIDES = "decides"
    ACTS = "acts"
    TELLS = "tells"


class Doer(StrEnum):
    """Who has a duty."""

    SALES = "sales"
    MARKETING = "marketing"
    BOTH = "both"
    OTHER = "other"
    NOBODY = "nobody"


def key_of(step: int, duty: Duty) -> QuestionKey:
    """The question who has a duty at the step with this index.

    >>> str(key_of(1, Duty.FINDS))
    'hand_off/1_finds'
    """
    return QuestionKey(Subject.HAND_OFF, f"{step}_{duty}")


def place_of(key: QuestionKey) -> tuple[int, Duty]:
    """The index of the step and the duty that a question is about; ValueError where it is no such.

    >>> place_of(key_of(1, Duty.FINDS)) == (1, Duty.FINDS)
    True
    """
    step, _, duty = key.about.partition("_")
    if key.subject is not Subject.HAND_OFF or not step.isdecimal():
        raise ValueError(f"'{key}' is no question of who does what")
    return int(step), Duty(duty)
