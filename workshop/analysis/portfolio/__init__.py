"""The best set of ideas within the capacity of each department."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import compress
from math import exp

import numpy as np

from workshop.analysis.conversion import Array, revenue
from workshop.analysis.gains import joint_gain
from workshop.analysis.portfolio.log_revenue import LogRevenue
from workshop.analysis.portfolio.outer_approximation import OuterApproximation
from workshop.analysis.portfolio.rules import Inequalities, Infeasible, Rules
from workshop.analysis.portfolio.shrinkage import shrunk
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Candidate

__all__ = ["Infeasible", "Plan", "choose", "choose_within", "shrunk"]


NOTHING = 1e-9
"""What an idea may add and still count as idle, where all ideas together add 10."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The ideas to carry out, by name in the order they were given, and what they bring together.

    `gain` is the joint gain in currency; `effort` the person-days used, by department;
    `shadow_price` what the best plan would gain more with one more person-day of a department,
    in currency a day. `gap` is how much more any plan could gain at most, in currency: 0 where
    this one is proven to be the best.
    """

    chosen: tuple[str, ...]
    gain: float
    effort: Mapping[str, float]
    shadow_price: Mapping[str, float]
    proven_optimal: bool
    gap: float


def choose(
    f: Funnel,
    candidates: Iterable[Candidate],
    capacity: Mapping[str, float],
    requires: Iterable[tuple[str, str]] = (),
    excludes: Iterable[tuple[str, str]] = (),
    must: Iterable[str] = (),
    seconds: float = 5.0,
) -> Plan:
    """The set of ideas with the largest joint gain within the capacity of each department.

    Ideas are spoken of by name. `capacity` gives the person-days of every department that any
    idea needs, `inf` where there is no limit. `requires` pairs an idea with its prerequisite,
    `excludes` two ideas that cannot both be carried out, `must` names those that have to be. To
    ban an idea leave it out of the candidates: what requires it cannot be chosen then either.
    An idea that adds nothing is not chosen unless another one needs it.

    The search for the plan, and for each shadow price, ends after `seconds`; a plan that is not
    proven by then says so and states its gap. A shadow price is the difference to the best plan
    with one day more: 0 where a single day is not enough for anything better.

    Raises Infeasible where `must` cannot be satisfied, and ValueError for two ideas of one name,
    a capacity below 0, a department without a capacity, an idea that excludes itself, and an
    effect that names a step or a loss reason that the funnel lacks.

    >>> from workshop.domain.idea import Effect, Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365,
    ...     losses={"MQL": {"No follow-up": 210, "No budget": 126}})
    >>> def idea(name, step, recovers, reason, days):
    ...     effect = Effect(step, Estimate(recovers, recovers, recovers), reason)
    ...     return Candidate(name, effect, {"sales": days})
    >>> ideas = [idea("A", 1, .2, "No follow-up", 5), idea("B", 1, .3, "No follow-up", 8),
    ...     idea("C", 1, .1, "No budget", 2), idea("D", 3, .1, None, 10)]
    >>> plan = choose(f, ideas, {"sales": 15})
    >>> plan.chosen, round(plan.gain), plan.effort, plan.proven_optimal
    (('A', 'D'), 83160, {'sales': 15.0}, True)
    """
    given = tuple(candidates)
    ideas = tuple(sorted(given, key=lambda idea: idea.name))
    effects = [idea.effect for idea in ideas]
    rules = Rules(ideas, capacity, tuple(requires), tuple(excludes), tuple(must))
    inequalities = rules.inequalities()
    search = OuterApproximation(LogRevenue.of(f, effects))

    def gain(adopted: Array) -> float:
        return joint_gain(f, compress(effects, adopted))

    best, bound = search.best(inequalities, inequalities.low, seconds)
    best = without_idle(best, inequalities, search.value)
    chosen = set(compress(rules.names, best))
    return Plan(
        chosen=tuple(idea.name for idea in given if idea.name in chosen),
        gain=gain(best),
        effort=rules.effort(chosen),
        shadow_price={
            department: max(0.0, gain(search.best(more, best, seconds)[0]) - gain(best))
            for department, more in rules.with_a_day_more()
        },
        proven_optimal=bound is None,
        gap=0.0 if bound is None else exp(bound) - revenue(f) - gain(best),
    )


def choose_within(
    f: Funnel,
    candidates: Iterable[Candidate],
    capacities: Iterable[Mapping[str, float]],
    requires: Iterable[tuple[str, str]] = (),
    excludes: Iterable[tuple[str, str]] = (),
    must: Iterable[str] = (),
    seconds: float = 5.0,
) -> list[tuple[str, ...] | None]:
    """What `choose` chooses within each of several capacities, by name; None where nothing fits.

    One search finds them all, without shadow prices, and starts where the last one ended: of
    growing capacities none brings less than the one before, also where the seconds for each are
    too few for a proof.

    Raises ValueError as `choose` does.

    >>> from workshop.domain.idea import Effect, Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700}, deal_value=8000, currency="EUR",
    ...     period_days=365)
    >>> ideas = [Candidate(name, Effect(0, Estimate(share, share, share)), {"sales": days})
    ...     for name, share, days in (("A", .2, 5), ("B", .3, 8))]
    >>> choose_within(f, ideas, [{"sales": 4}, {"sales": 9}, {"sales": 13}], must=["A"])
    [None, ('A',), ('A', 'B')]
    """
    given = tuple(candidates)
    ideas = tuple(sorted(given, key=lambda idea: idea.name))
    pairs, apart, wanted = tuple(requires), tuple(excludes), tuple(must)
    search = OuterApproximation(LogRevenue.of(f, [idea.effect for idea in ideas]))
    best, found = np.zeros(len(ideas)), list[tuple[str, ...] | None]()
    for capacity in capacities:
        try:
            rules = Rules(ideas, capacity, pairs, apart, wanted).inequalities()
        except Infeasible:
            found.append(None)
            continue
        best, _ = search.best(rules, best if rules.hold(best) else rules.low, seconds)
        best = without_idle(best, rules, search.value)
        chosen = set(compress([idea.name for idea in ideas], best))
        found.append(tuple(idea.name for idea in given if idea.name in chosen))
    return found


def without_idle(adopted: Array, rules: Inequalities, value: Callable[[Array], float]) -> Array:
    """The same ideas without those that add nothing and that no other one needs."""
    worth, fewer, before = value(adopted), adopted.copy(), np.empty(0)
    while not np.array_equal(fewer, before):
        before = fewer.copy()
        for idea in np.flatnonzero(before):
            fewer[idea] = 0
            if not rules.hold(fewer) or value(fewer) < worth - NOTHING:
                fewer[idea] = 1
    return fewer
