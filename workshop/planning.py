"""The best plan from the workshop's ideas: records in, one plan out, money a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from workshop.choice import Choice, Demand
from workshop.figures import a_year
from workshop.model import Assumptions, Candidate, Funnel, Idea, Side
from workshop.portfolio import choose
from workshop.ranking import assumed, effect
from workshop.uncertainty import simulate_together

SECONDS = 2.0
"""How long is searched for the plan, and for each shadow price; small rooms need far less."""


@dataclass(frozen=True, slots=True)
class BestPlan:
    """The ideas to carry out, by id, and what they bring together, money a year.

    Eight times in ten the gain lies between `p10` and `p90`. `effort`, `capacity` (`inf` where
    there is no limit) and `shadow_price`, what one more person-day would bring, are by side.
    Where it is not proven to be the best, another plan could bring at most `gap` more.
    """

    chosen: tuple[str, ...]
    gain: float
    p10: float
    p90: float
    effort: Mapping[str, float]
    capacity: Mapping[str, float]
    shadow_price: Mapping[str, float]
    proven_optimal: bool
    gap: float


def best_plan(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea], choice: Choice
) -> BestPlan:
    """The set of counted ideas with the largest joint gain that respects the choice.

    What is demanded of an idea that was merged is demanded of the one it was merged into; what
    is demanded of a withdrawn one rests, except that an idea that requires it cannot be chosen.

    Raises `portfolio.Infeasible`, with a sentence for management, where nothing fits.
    """
    seen = assumed(funnel, assumptions)
    called, rules = names(ideas), demands(ideas, choice)
    banned = {one for one, _ in rules[Demand.BAN]}
    counted = {idea.id: idea for idea in ideas if idea.counts}
    capacity = {
        Side.SALES.value: inf if choice.days_sales is None else choice.days_sales,
        Side.MARKETING.value: inf if choice.days_marketing is None else choice.days_marketing,
    }
    plan = choose(
        seen,
        [
            candidate(idea, called[idea.id], assumptions)
            for idea in counted.values()
            if idea.id not in banned
        ],
        capacity,
        requires=[(called[one], called[other]) for one, other in rules[Demand.REQUIRES]],
        excludes=[(called[one], called[other]) for one, other in rules[Demand.EXCLUDES]],
        must=[called[one] for one, _ in rules[Demand.MUST] if one in counted],
        seconds=SECONDS,
    )
    chosen = [idea for idea in counted.values() if called[idea.id] in plan.chosen]
    drawn = simulate_together(seen, [effect(idea, assumptions) for idea in chosen])
    low, high = np.quantile(drawn, [0.1, 0.9], method="inverted_cdf")
    days = seen.period_days
    return BestPlan(
        chosen=tuple(idea.id for idea in chosen),
        gain=a_year(plan.gain, days),
        p10=a_year(float(low), days),
        p90=a_year(float(high), days),
        effort=plan.effort,
        capacity=capacity,
        shadow_price={side: a_year(worth, days) for side, worth in plan.shadow_price.items()},
        proven_optimal=plan.proven_optimal,
        gap=a_year(plan.gap, days),
    )


def candidate(idea: Idea, name: str, assumptions: Assumptions) -> Candidate:
    """An idea to choose from, under management's assumptions."""
    days = {
        Side.SALES.value: idea.draft.days_sales,
        Side.MARKETING.value: idea.draft.days_marketing,
    }
    return Candidate(name, effect(idea, assumptions), days)


def names(ideas: Sequence[Idea]) -> dict[str, str]:
    """A name for each idea by its id: its title, numbered where several have it.

    Those that count are named first, so that theirs are the plain ones.
    """
    called: dict[str, str] = {}
    taken = set[str]()
    for idea in sorted(ideas, key=lambda idea: not idea.counts):
        name, number = idea.draft.title, 1
        while name in taken:
            number += 1
            name = f"{idea.draft.title} ({number})"
        called[idea.id] = name
        taken.add(name)
    return called


def demands(ideas: Sequence[Idea], choice: Choice) -> dict[Demand, list[tuple[str, str]]]:
    """The pairs of ideas of each demand, the second one "" where there is none."""
    into = {idea.id: idea.merged_into for idea in ideas}

    def standing(idea_id: str) -> str:
        while target := into.get(idea_id):
            idea_id = target
        return idea_id

    found: dict[Demand, list[tuple[str, str]]] = {demand: [] for demand in Demand}
    for condition in choice.conditions:
        one, other = standing(condition.idea_id), standing(condition.other_id)
        if one != other:  # two ideas that were merged into one ask nothing of each other
            found[condition.demand].append((one, other))
    return found
