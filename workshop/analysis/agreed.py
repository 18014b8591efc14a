"""What was agreed brings together: the actions that are still meant to happen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workshop.analysis.gains import joint_gain
from workshop.analysis.ranking import assumed, effects
from workshop.domain.action import Action, Status
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Idea
from workshop.wording.figures import a_year


def wanted(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The actions that nobody has dropped."""
    return tuple(action for action in actions if action.status is not Status.DROPPED)


def agreed_gain(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea], actions: Iterable[Action]
) -> float:
    """What the wanted actions bring together, money a year; overlaps count once.

    `funnel` is the measured one. An action whose idea counts no more brings nothing.
    """
    seen = assumed(funnel, assumptions)
    counted = [idea for idea in ideas if idea.counts]
    signed = {action.idea_id for action in wanted(actions)}
    acting = [
        effect
        for idea, effect in zip(counted, effects(counted, assumptions), strict=True)
        if idea.id in signed
    ]
    return a_year(joint_gain(seen, acting), seen.period_days)
