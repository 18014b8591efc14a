"""From what ideas bring one by one to what they bring together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.analysis.gains import gains_alone, joint_gain
from workshop.analysis.overlap import overlap
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Effect


@dataclass(frozen=True, slots=True)
class Bridge:
    """What lies between the sum of single gains and the joint gain, in currency.

    `overlap` is what the sum counts twice, since ideas on the same losses win a prospect back only
    once. `compounding` is what comes on top, since more who pass one step meet a better next one.
    """

    alone: float
    overlap: float
    compounding: float

    @property
    def together(self) -> float:
        return self.alone - self.overlap + self.compounding


def bridge(f: Funnel, effects: Sequence[Effect]) -> Bridge:
    """The bridge from `gains_alone` to `joint_gain`.

    Raises ValueError where an effect names a step, reason or segment that the funnel lacks.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365,
    ...     losses={"MQL": {"No follow-up": 210, "No budget": 126}})
    >>> a = Effect(1, Estimate(.2, .2, .2), "No follow-up")
    >>> b = Effect(1, Estimate(.3, .3, .3), "No follow-up")
    >>> d = Effect(3, Estimate(.1, .1, .1))
    >>> found = bridge(f, [a, b, d])
    >>> [round(part) for part in (found.alone, found.overlap, found.compounding, found.together)]
    [113400, 7560, 16632, 122472]
    """
    alone, together = float(gains_alone(f, effects).sum()), joint_gain(f, effects)
    steps = {effect.step for effect in effects} - {None}
    # Ideas overlap within their step only; an uplift of volume or deal value with nothing.
    twice = sum(overlap(f, [one for one in effects if one.step == step]) for step in steps)
    # Neither is ever below 0, but for what rounding makes of it.
    return Bridge(alone, max(0.0, twice), max(0.0, together - alone + twice))
