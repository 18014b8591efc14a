"""Who does what at a step, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from workshop.domain.hand_off import Doer, Duty, place_of
from workshop.domain.question import Subject
from workshop.domain.settlement import Settlement
from workshop.wording.figures import per_hundred

DOERS: Mapping[Doer, str] = MappingProxyType(
    {
        Doer.SALES: "Sales",
        Doer.MARKETING: "Marketing",
        Doer.BOTH: "Both",
        Doer.OTHER: "Another department",
        Doer.NOBODY: "Nobody",
    }
)
DUTIES: Mapping[Duty, str] = MappingProxyType(
    {
        Duty.FINDS: "finds them",
        Duty.DECIDES: "decides that they pass",
        Duty.ACTS: "acts next",
        Duty.TELLS: "tells the refused back",
    }
)


def answered_within(hours: float) -> str:
    """How soon somebody answers.

    >>> answered_within(4), answered_within(1), answered_within(0.5)
    ('answered within 4 hours', 'answered within 1 hour', 'answered within 0.5 hours')
    """
    return f"answered within {hours:,.4g} {'hour' if hours == 1 else 'hours'}"


def rule(settled: Settlement) -> str:
    """How a duty is done, as far as that is settled; "" where it is not."""
    _, duty = place_of(settled.key)
    match duty:
        case Duty.FINDS:
            return settled.value
        case Duty.DECIDES:
            return f"passes when {settled.value}" if settled.value else ""
        case Duty.ACTS:
            return "" if settled.hours is None else answered_within(settled.hours)
        case Duty.TELLS:
            return f"refused with a reason to {settled.value}" if settled.value else ""
        case _:
            assert_never(duty)


def settled_words(settled: Settlement) -> str:
    """What is settled, in a line.

    >>> from datetime import UTC, datetime
    >>> from workshop.domain.hand_off import key_of
    >>> settled_words(Settlement(key_of(1, Duty.DECIDES), "they asked for a price", "Ada", "Bo",
    ...     datetime.now(UTC), Doer.SALES))
    'Sales · passes when they asked for a price'
    """
    if settled.key.subject is not Subject.HAND_OFF:
        return settled.value
    assert settled.owner is not None
    return " · ".join(part for part in (DOERS[settled.owner], rule(settled)) if part)


def agreement_words(agreement: float) -> str:
    """How far the sides agree, 0..1 as `analysis.agreement` says it, in a sentence.

    >>> agreement_words(0.125), agreement_words(1)
    ('Of 100 pairs of one each, 13 say the same.', 'Sales and marketing say the same.')
    """
    if agreement == 1:
        return "Sales and marketing say the same."
    if agreement == 0:
        return "Nobody in sales says what anybody in marketing says."
    return f"Of 100 pairs of one each, {per_hundred(agreement)} say the same."
