"""The best plan from the workshop's ideas: records in, plans out, money a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from workshop.analysis.gains import attribution, joint_gain
from workshop.analysis.portfolio import choose, choose_within
from workshop.analysis.ranking import as_estimated, assumed, effects
from workshop.analysis.uncertainty import simulate_together
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Choice, Demand
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Candidate, Effect, Idea
from workshop.domain.people import Side
from workshop.wording.figures import a_year

SECONDS = 2.0
"""How long is searched for the plan, and for each shadow price; small rooms need far less."""

SHARES = tuple(tenths / 10 for tenths in range(16))
"""The parts of today's capacity at which the best plan is drawn."""

SHARES_OF_MANY = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
MANY = 40
"""With so many ideas or more it is drawn at fewer parts: each takes longer to find."""

SECONDS_A_SHARE = 0.1
"""How long is searched for each of these; where that is too short, a good plan is drawn."""


@dataclass(frozen=True, slots=True)
class BestPlan:
    """The ideas to carry out, by id, and what they bring together, money a year.

    All money is of the `ranking.effects` that the ideas are chosen by, except `as_estimated`, which
    is what the teams' own estimates come to. The joint `gain` lies between `p10` and `p90` eight
    times in ten; the `credit` of each idea adds up to it.

    `effort`, `capacity` (`inf` where there is no limit) and `shadow_price`, what the choice would
    gain with one more person-day, are by side. Where it is not proven to be the best, another plan
    could bring at most `gap` more.
    """

    chosen: tuple[str, ...]
    gain: float
    p10: float
    p90: float
    credit: Mapping[str, float]
    as_estimated: float
    effort: Mapping[str, float]
    capacity: Mapping[str, float]
    shadow_price: Mapping[str, float]
    proven_optimal: bool
    gap: float


@dataclass(frozen=True, slots=True)
class PlanAtCapacity:
    """The best plan within some person-days of each side: its ideas by id, its money a year.

    `share` says which part of today's capacity the person-days are, or, where no side has a
    limit, of the effort of all ideas.
    """

    share: float
    capacity: Mapping[str, float]
    chosen: tuple[str, ...]
    gain: float


@dataclass(frozen=True, slots=True)
class Task:
    """The ideas to choose from, by what is counted on, and what a plan of them has to respect."""

    funnel: Funnel
    candidates: tuple[Candidate, ...]
    ids: Mapping[str, str]
    banned: frozenset[str]
    requires: tuple[tuple[str, str], ...]
    excludes: tuple[tuple[str, str], ...]
    must: tuple[str, ...]

    @classmethod
    def of(
        cls, funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea], choice: Choice
    ) -> Task:
        """The task that the records set.

        What is demanded of an idea that was merged is demanded of the one it was merged into;
        what is demanded of a withdrawn one rests, except that an idea that requires it cannot be
        chosen.
        """
        called, rules = names(ideas), demands(ideas, choice)
        counted = [idea for idea in ideas if idea.counts]
        acting = effects(counted, assumptions)
        standing = {idea.id for idea in counted}

        def pairs(demand: Demand) -> tuple[tuple[str, str], ...]:
            return tuple((called[one], called[other]) for one, other in rules[demand])

        return cls(
            assumed(funnel, assumptions),
            tuple(map(candidate, counted, [called[idea.id] for idea in counted], acting)),
            {called[idea.id]: idea.id for idea in counted},
            frozenset(called[one] for one, _ in rules[Demand.BAN]),
            pairs(Demand.REQUIRES),
            pairs(Demand.EXCLUDES),
            tuple(called[one] for one, _ in rules[Demand.MUST] if one in standing),
        )

    @property
    def allowed(self) -> list[Candidate]:
        return [each for each in self.candidates if each.name not in self.banned]

    def plans(
        self, shares: Sequence[float], capacities: Sequence[Mapping[str, float]], seconds: float
    ) -> tuple[PlanAtCapacity, ...]:
        """The best plan within each capacity; those within which nothing fits are left out."""
        found = choose_within(
            self.funnel,
            self.allowed,
            capacities,
            self.requires,
            self.excludes,
            self.must,
            seconds,
        )
        return tuple(
            PlanAtCapacity(share, capacity, self.ids_of(chosen), self.gain(chosen))
            for share, capacity, chosen in zip(shares, capacities, found, strict=True)
            if chosen is not None
        )

    def effects(self, chosen: Sequence[str]) -> list[Effect]:
        """What the chosen ideas do, in the order of their candidates."""
        return [each.effect for each in self.candidates if each.name in chosen]

    def gain(self, chosen: Sequence[str]) -> float:
        """What the chosen ideas bring together, money a year."""
        return self.a_year(joint_gain(self.funnel, self.effects(chosen)))

    def a_year(self, money: float) -> float:
        return a_year(float(money), self.funnel.period_days)

    def ids_of(self, chosen: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.ids[name] for name in chosen)


def best_plan(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea], choice: Choice
) -> BestPlan:
    """The set of counted ideas with the largest joint gain that respects the choice.

    Raises `portfolio.Infeasible`, with a sentence for management, where nothing fits.
    """
    task, capacity = Task.of(funnel, assumptions, ideas, choice), capacities(choice)
    plan = choose(
        task.funnel,
        task.allowed,
        capacity,
        task.requires,
        task.excludes,
        task.must,
        SECONDS,
    )
    effects, chosen = task.effects(plan.chosen), task.ids_of(plan.chosen)
    drawn = simulate_together(task.funnel, effects)
    low, high = np.quantile(drawn, [0.1, 0.9], method="inverted_cdf")
    credit = map(task.a_year, attribution(task.funnel, effects))
    told = [as_estimated(idea, assumptions) for idea in ideas if idea.id in chosen]
    return BestPlan(
        chosen=chosen,
        gain=task.gain(plan.chosen),
        p10=task.a_year(low),
        p90=task.a_year(high),
        credit=dict(zip(chosen, credit, strict=True)),
        as_estimated=task.a_year(joint_gain(task.funnel, told)),
        effort=plan.effort,
        capacity=capacity,
        shadow_price={side: task.a_year(worth) for side, worth in plan.shadow_price.items()},
        proven_optimal=plan.proven_optimal,
        gap=task.a_year(plan.gap),
    )


def plans_by_capacity(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea], choice: Choice
) -> tuple[PlanAtCapacity, ...]:
    """The best plan at nothing, a tenth, … one and a half times today's capacity of both sides.

    A side without a limit keeps none beside one that has; where no side has one, both grow from
    nothing to the effort of all ideas. What must be in the plan may need more than a small
    capacity: such capacities are left out. More capacity never brings less.
    """
    task, full = Task.of(funnel, assumptions, ideas, choice), capacities(choice)
    shares = SHARES if len(task.candidates) < MANY else SHARES_OF_MANY
    if not any(map(isfinite, full.values())):
        full = {side: sum(each.effort[side] for each in task.candidates) for side in full}
        shares = tuple(share for share in shares if share <= 1)
    drawn = [
        {side: days * share if isfinite(days) else inf for side, days in full.items()}
        for share in shares
    ]
    return task.plans(shares, drawn, SECONDS_A_SHARE)


def plan_today(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea], choice: Choice
) -> PlanAtCapacity | None:
    """The best plan within today's capacity and no more about it; None where nothing fits."""
    task = Task.of(funnel, assumptions, ideas, choice)
    return next(iter(task.plans([1.0], [capacities(choice)], SECONDS)), None)


def capacities(choice: Choice) -> dict[str, float]:
    """The person-days of each side, `inf` where there is no limit."""
    return {
        Side.SALES.value: inf if choice.days_sales is None else choice.days_sales,
        Side.MARKETING.value: inf if choice.days_marketing is None else choice.days_marketing,
    }


def candidate(idea: Idea, name: str, effect: Effect) -> Candidate:
    """An idea to choose from, by what it does."""
    days = {
        Side.SALES.value: idea.draft.days_sales,
        Side.MARKETING.value: idea.draft.days_marketing,
    }
    return Candidate(name, effect, days)


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
