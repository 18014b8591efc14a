"""Where ideas go after the same losses: what is then counted twice when gains are added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.analysis.gains import gains_alone, joint_gain
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Effect


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ideas that go after the same losses, by their indices.

    `alone` is the sum of their gains, `together` their joint gain, both in currency.
    """

    ideas: tuple[int, ...]
    alone: float
    together: float

    @property
    def twice(self) -> float:
        """What the sum of the gains counts twice, in currency."""
        return self.alone - self.together


def same_losses(one: Effect, other: Effect) -> bool:
    """Whether some prospect is lost whom both would win back."""
    if one.step is None or one.step != other.step:
        return False
    return all(
        mine is None or theirs is None or mine == theirs
        for mine, theirs in ((one.reason, other.reason), (one.segment, other.segment))
    )


def overlap(f: Funnel, effects: Sequence[Effect]) -> float:
    """The sum of the gains alone less the joint gain, in currency.

    At least 0 for ideas on one step; below 0 where gains of different steps multiply.

    Raises ValueError where an effect names a step, reason or segment that the funnel lacks.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365,
    ...     losses={"MQL": {"No follow-up": 210, "No budget": 126}})
    >>> a = Effect(1, Estimate(.2, .2, .2), "No follow-up")
    >>> b = Effect(1, Estimate(.3, .3, .3), "No follow-up")
    >>> c = Effect(1, Estimate(.1, .1, .1), "No budget")
    >>> round(overlap(f, [a, b])), abs(round(overlap(f, [a, c])))
    (7560, 0)
    """
    return float(gains_alone(f, effects).sum()) - joint_gain(f, effects)


def overlaps(f: Funnel, effects: Sequence[Effect]) -> tuple[Overlap, ...]:
    """The groups of ideas that go after the same losses, the costliest overlap first.

    An idea belongs to a group where it shares losses with any idea in it. Groups whose gains
    simply add up, because nothing is won back, are left out.
    """
    found = []
    for group in groups(effects):
        own = [effects[k] for k in group]
        alone = float(gains_alone(f, own).sum())
        found.append(Overlap(tuple(group), alone, joint_gain(f, own)))
    told = [group for group in found if group.twice > 1e-9 * group.alone]
    return tuple(sorted(told, key=lambda group: -group.twice))


def groups(effects: Sequence[Effect]) -> list[list[int]]:
    """The indices of two or more effects that share losses, directly or through others.

    >>> from workshop.domain.idea import Estimate
    >>> some = Estimate(.1, .1, .1)
    >>> groups([Effect(0, some, "a"), Effect(0, some, "b"), Effect(1, some), Effect(0, some, "a")])
    [[0, 3]]
    """
    joined: list[list[int]] = []
    for k, effect in enumerate(effects):
        sharing = [
            group for group in joined if any(same_losses(effects[other], effect) for other in group)
        ]
        joined = [group for group in joined if group not in sharing]
        joined.append(sorted([*(other for group in sharing for other in group), k]))
    return [group for group in joined if len(group) > 1]
