"""The best plan from the workshop's ideas: records in, plans out, money a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from workshop.analysis.gains import attribution, joint_gain
from workshop.analysis.portfolio import choose, choose_within, shrunk
from workshop.analysis.ranking import assumed, effect
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

    They are chosen on cautious estimates, by which they bring `shrunk_gain`. All other money is as
    estimated, as in the ranking: the joint `gain`, which lies between `p10` and `p90` eight times
    in ten, and the `credit` of each idea, adding up to it. `chosen_as_estimated` are the ideas that
    would have been chosen on the teams' own estimates.

    `effort`, `capacity` (`inf` where there is no limit) and `shadow_price`, what the choice would
    gain with one more person-day on cautious estimates, are by side. Where it is not proven to be
    the best, another plan could bring at most `gap` more on cautious estimates.
    """

    chosen: tuple[str, ...]
    gain: float
    p10: float
    p90: float
    credit: Mapping[str, float]
    shrunk_gain: float
    chosen_as_estimated: tuple[str, ...]
    effort: Mapping[str, float]
    capacity: Mapping[str, float]
    shadow_price: Mapping[str, float]
    proven_optimal: bool
    gap: float


@dataclass(frozen=True, slots=True)
class PlanAtCapacity:
    """The best plan within some person-days of each side: its ideas by id, its money a year.

    `share` says which part of today's capacity the person-days are, or, where no side has a
    limit, of the effort of all ideas. `gain` is as estimated, `shrunk_gain` is
    on cautious estimates.
    """

    share: float
    capacity: Mapping[str, float]
    chosen: tuple[str, ...]
    gain: float
    shrunk_gain: float


@dataclass(frozen=True, slots=True)
class Task:
    """The ideas to choose from, as they were told, and what a plan of them has to respect."""

    funnel: Funnel
    told: tuple[Candidate, ...]
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
        standing = {idea.id for idea in counted}

        def pairs(demand: Demand) -> tuple[tuple[str, str], ...]:
            return tuple((called[one], called[other]) for one, other in rules[demand])

        return cls(
            assumed(funnel, assumptions),
            tuple(candidate(idea, called[idea.id], assumptions) for idea in counted),
            {called[idea.id]: idea.id for idea in counted},
            frozenset(called[one] for one, _ in rules[Demand.BAN]),
            pairs(Demand.REQUIRES),
            pairs(Demand.EXCLUDES),
            tuple(called[one] for one, _ in rules[Demand.MUST] if one in standing),
        )

    def shrunk_candidates(self) -> list[Candidate]:
        """The ideas with cautious estimates. A banned one still says how the others stand out."""
        return shrunk(self.told)

    def within(
        self,
        candidates: Sequence[Candidate],
        capacities: Sequence[Mapping[str, float]],
        seconds: float,
    ) -> list[tuple[str, ...] | None]:
        """The names of the ideas to choose within each capacity."""
        return choose_within(
            self.funnel,
            self.allowed(candidates),
            capacities,
            self.requires,
            self.excludes,
            self.must,
            seconds,
        )

    def allowed(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        return [each for each in candidates if each.name not in self.banned]

    def plans(
        self, shares: Sequence[float], capacities: Sequence[Mapping[str, float]], seconds: float
    ) -> tuple[PlanAtCapacity, ...]:
        """The best plans on cautious estimates; capacities where nothing fits are left out."""
        cautious = self.shrunk_candidates()
        found = self.within(cautious, capacities, seconds)
        return tuple(
            PlanAtCapacity(
                share,
                capacity,
                self.ids_of(chosen),
                self.gain(self.told, chosen),
                self.gain(cautious, chosen),
            )
            for share, capacity, chosen in zip(shares, capacities, found, strict=True)
            if chosen is not None
        )

    def gain(self, candidates: Sequence[Candidate], chosen: Sequence[str]) -> float:
        """What the chosen ideas bring together by these estimates, money a year."""
        return self.a_year(joint_gain(self.funnel, effects_of(candidates, chosen)))

    def a_year(self, money: float) -> float:
        return a_year(float(money), self.funnel.period_days)

    def ids_of(self, chosen: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.ids[name] for name in chosen)


def best_plan(
    funnel: Funnel, assumptions: Assumptions, ideas: Sequence[Idea], choice: Choice
) -> BestPlan:
    """The set of counted ideas with the largest joint gain that respects the choice.

    It is chosen on cautious estimates (`portfolio.shrunk`), since an estimate that stands out is
    more often too high than too low, and told in the money of the ranking.

    Raises `portfolio.Infeasible`, with a sentence for management, where nothing fits.
    """
    task, capacity = Task.of(funnel, assumptions, ideas, choice), capacities(choice)
    plan = choose(
        task.funnel,
        task.allowed(task.shrunk_candidates()),
        capacity,
        task.requires,
        task.excludes,
        task.must,
        SECONDS,
    )
    [chosen_as_estimated] = task.within(task.told, [capacity], SECONDS)
    effects = effects_of(task.told, plan.chosen)
    drawn = simulate_together(task.funnel, effects)
    low, high = np.quantile(drawn, [0.1, 0.9], method="inverted_cdf")
    chosen = task.ids_of(plan.chosen)
    credit = map(task.a_year, attribution(task.funnel, effects))
    return BestPlan(
        chosen=chosen,
        gain=task.gain(task.told, plan.chosen),
        p10=task.a_year(low),
        p90=task.a_year(high),
        credit=dict(zip(chosen, credit, strict=True)),
        shrunk_gain=task.a_year(plan.gain),
        chosen_as_estimated=task.ids_of(chosen_as_estimated or ()),
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
    capacity: such capacities are left out. More capacity never brings less on cautious estimates;
    as estimated it may, where a bold estimate makes room for a trusted one.
    """
    task, full = Task.of(funnel, assumptions, ideas, choice), capacities(choice)
    shares = SHARES if len(task.told) < MANY else SHARES_OF_MANY
    if not any(map(isfinite, full.values())):
        full = {side: sum(each.effort[side] for each in task.told) for side in full}
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


def effects_of(candidates: Sequence[Candidate], chosen: Sequence[str]) -> list[Effect]:
    """What the chosen ideas do, in the order of their candidates."""
    return [each.effect for each in candidates if each.name in chosen]


def capacities(choice: Choice) -> dict[str, float]:
    """The person-days of each side, `inf` where there is no limit."""
    return {
        Side.SALES.value: inf if choice.days_sales is None else choice.days_sales,
        Side.MARKETING.value: inf if choice.days_marketing is None else choice.days_marketing,
    }


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
