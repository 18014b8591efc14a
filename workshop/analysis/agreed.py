"""What was agreed: the actions that are still meant to happen, what they bring and take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workshop.analysis.gains import joint_gain
from workshop.analysis.ranking import assumed, effects
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Choice, Condition, Demand
from workshop.domain.commitment import Commitment, Status
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Idea
from workshop.domain.people import Side
from workshop.wording.figures import a_year


def wanted(actions: Iterable[Commitment]) -> tuple[Commitment, ...]:
    """The actions that nobody has dropped."""
    return tuple(action for action in actions if action.status is not Status.DROPPED)


def agreed_gain(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea], actions: Iterable[Commitment]
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


def agreed_ideas(
    choice: Choice, ideas: Sequence[Idea], actions: Iterable[Commitment]
) -> tuple[Idea, ...]:
    """The ideas of the wanted actions that count, but for those that must not be in the plan."""
    signed = {action.idea_id for action in wanted(actions)}
    banned = {one.idea_id for one in choice.conditions if one.demand is Demand.BAN}
    return tuple(idea for idea in ideas if idea.counts and idea.id in signed - banned)


def with_agreed(choice: Choice, ideas: Sequence[Idea], actions: Iterable[Commitment]) -> Choice:
    """The choice in which what is agreed is in the plan, and has its person-days first.

    Where it takes more days than there are, there are as many as it takes.
    """
    agreed = agreed_ideas(choice, ideas, actions)
    held = {one.idea_id for one in choice.conditions if one.demand is Demand.MUST}
    musts = tuple(Condition(Demand.MUST, idea.id) for idea in agreed if idea.id not in held)
    sales = sum(idea.draft.days_sales for idea in agreed)
    marketing = sum(idea.draft.days_marketing for idea in agreed)
    return Choice(
        None if choice.days_sales is None else max(choice.days_sales, sales),
        None if choice.days_marketing is None else max(choice.days_marketing, marketing),
        (*choice.conditions, *musts),
    )


def overbooked(choice: Choice, room: Choice) -> str:
    """A sentence where what is agreed takes more person-days than there are, else "".

    `room` is what `with_agreed` makes of the choice.
    """
    over = [
        f"{needed:g} of {there:g} {side} days"
        for side, there, needed in (
            (Side.SALES, choice.days_sales, room.days_sales),
            (Side.MARKETING, choice.days_marketing, room.days_marketing),
        )
        if there is not None and needed is not None and needed > there
    ]
    if not over:
        return ""
    return f"What is agreed takes {' and '.join(over)}. Give more days, or drop an action."
