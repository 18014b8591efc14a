"""The best plan: how long it takes, whether it is right, and what simpler rules leave behind.

The instances are drawn at random: four steps with four loss reasons each and an unexplained rest,
ideas on any of them or on a whole step, estimates in whole percent, efforts in whole days of
sales, marketing or both, one prerequisite and one exclusion for every eight ideas, and capacity
for 15 to 50 % of all the work.

Run it as `python bench/portfolio.py`; every figure it prints is measured in that run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median

import numpy as np
from measuring import machine, spread, timed
from picking import picked
from scipy.optimize import Bounds, LinearConstraint, milp

from workshop.analysis.gains import chance, gains_alone, joint_gain, parts
from workshop.analysis.portfolio import Plan, choose
from workshop.analysis.portfolio.rules import Rules
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Candidate, Effect, Estimate

REASONS = ["No budget", "No follow-up", "Competitor", "Bad fit"]
LARGE, LARGE_IDEAS = 50, 60
SMALL, SMALL_IDEAS = 200, 16


@dataclass(frozen=True)
class Instance:
    funnel: Funnel
    ideas: tuple[Candidate, ...]
    capacity: dict[str, float]
    requires: tuple[tuple[str, str], ...]
    excludes: tuple[tuple[str, str], ...]

    def plan(self) -> Plan:
        return choose(self.funnel, self.ideas, self.capacity, self.requires, self.excludes)

    def gain(self, chosen: list[Candidate]) -> float:
        return joint_gain(self.funnel, [idea.effect for idea in chosen])


def instance(count: int, seed: int) -> Instance:
    stream = np.random.default_rng(seed)
    f = funnel(stream)
    ideas = tuple(idea(f"idea {k}", stream) for k in range(count))
    share = stream.uniform(0.15, 0.5)
    capacity = {
        side: float(round(share * sum(i.effort[side] for i in ideas)))
        for side in ("sales", "marketing")
    }
    return Instance(f, ideas, capacity, pairs(count, stream), pairs(count, stream))


def funnel(stream: np.random.Generator) -> Funnel:
    counts, losses = [20_000], []
    for _ in range(4):
        counts.append(int(counts[-1] * stream.uniform(0.2, 0.6)))
        shares = stream.dirichlet(np.full(len(REASONS) + 1, 2.0))[:-1]
        losses.append(
            {r: int((counts[-2] - counts[-1]) * s) for r, s in zip(REASONS, shares, strict=True)}
        )
    stages = ["Lead", "MQL", "SQL", "Opportunity", "Won"]
    return Funnel.from_counts(
        dict(zip(stages, counts, strict=True)),
        deal_value=8000,
        currency="EUR",
        period_days=365,
        losses=dict(zip(stages[:-1], losses, strict=True)),
    )


def idea(name: str, stream: np.random.Generator) -> Candidate:
    likely = min(50, round(stream.lognormal(np.log(10), 0.6)))
    estimate = Estimate(likely // 2 / 100, likely / 100, 2 * likely / 100)
    effect = Effect(
        int(stream.integers(4)),
        estimate,
        str(stream.choice(REASONS)) if stream.random() < 0.75 else None,
        quality=float(stream.choice([0.8, 1.0])),
        success=float(stream.choice([0.5, 0.8, 1.0])),
    )
    sales, marketing = np.ceil(stream.lognormal(np.log(6), 0.7, 2))
    side = stream.integers(3)
    effort = {"sales": float(sales * (side != 1)), "marketing": float(marketing * (side != 0))}
    return Candidate(name, effect, effort)


def pairs(count: int, stream: np.random.Generator) -> tuple[tuple[str, str], ...]:
    drawn = [stream.choice(count, 2, replace=False) for _ in range(count // 8)]
    return tuple((f"idea {a}", f"idea {b}") for a, b in drawn)


def by_brute_force(case: Instance) -> float:
    """The largest joint gain of all sets that keep to the rules, each one calculated."""
    count = len(case.ideas)
    sets = ((np.arange(2**count) >> np.arange(count)[:, None]) & 1).astype(float)
    at = {idea.name: k for k, idea in enumerate(case.ideas)}
    effort = np.array([[idea.effort[side] for idea in case.ideas] for side in case.capacity])
    allowed = (effort @ sets <= np.array(list(case.capacity.values()))[:, None] + 1e-9).all(axis=0)
    for one, other in case.requires:
        allowed &= sets[at[one]] <= sets[at[other]]
    for one, other in case.excludes:
        allowed &= sets[at[one]] + sets[at[other]] <= 1
    sets = sets[:, allowed]
    conversion = np.ones(sets.shape[1])
    for number, step in enumerate(case.funnel.steps):
        here = [k for k, idea in enumerate(case.ideas) if idea.effect.step == number]
        rate = np.full(sets.shape[1], step.rate)
        for share, acting in parts(step, [case.ideas[k].effect for k in here]):
            worth = np.zeros(sets.shape[1])
            for k in (here[k] for k in acting):  # best quality last
                won = sets[k] * chance(case.ideas[k].effect)
                worth = won * case.ideas[k].effect.quality + (1 - won) * worth
            rate += share * worth
        conversion *= rate
    best = sets[:, conversion.argmax()]
    return case.gain([idea for idea, taken in zip(case.ideas, best, strict=True) if taken])


def by_gain_per_day(case: Instance) -> float:
    """Down the list of stand-alone gain for each person-day, taking what still fits."""
    alone = dict(
        zip(
            (i.name for i in case.ideas),
            gains_alone(case.funnel, [i.effect for i in case.ideas]),
            strict=True,
        )
    )
    order = sorted(case.ideas, key=lambda i: -alone[i.name] / sum(i.effort.values()))
    return case.gain(picked(order, case.capacity, case.requires, case.excludes))


def by_knapsack(case: Instance) -> float:
    """The proven best under the same rules if gains simply added up."""
    rules = Rules(case.ideas, case.capacity, case.requires, case.excludes).inequalities()
    alone = gains_alone(case.funnel, [idea.effect for idea in case.ideas])
    answer = milp(
        -alone / alone.max(),
        integrality=np.ones(len(case.ideas), dtype=int),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rules.left, -np.inf, rules.right),
        options={"mip_rel_gap": 0.0},
    )
    taken = np.asarray(answer.x).round()
    return case.gain([idea for idea, x in zip(case.ideas, taken, strict=True) if x])


def times() -> list[tuple[Instance, Plan]]:
    cases = [instance(LARGE_IDEAS, seed) for seed in range(LARGE)]
    cases[0].plan()  # so that the first time is not the imports'
    taken, plans = timed(lambda k: cases[k].plan(), LARGE)
    proven = sum(plan.proven_optimal for plan in plans)
    print(
        f"{LARGE_IDEAS} ideas, two departments, {LARGE_IDEAS // 8} prerequisites, "
        f"{LARGE_IDEAS // 8} exclusions; {LARGE} instances, with both shadow prices"
    )
    print(f"  the best plan            {spread(taken)}")
    print(f"  slower than a second     {sum(t > 1000 for t in taken)} of {LARGE}")
    print(f"  proven to be the best    {proven} of {LARGE}")
    return list(zip(cases, plans, strict=True))


def correctness() -> None:
    cases = [instance(1 + seed % SMALL_IDEAS, 10_000 + seed) for seed in range(SMALL)]
    same = sum(
        abs(case.plan().gain - by_brute_force(case)) <= 1e-9 * max(1, by_brute_force(case))
        for case in cases
    )
    print(f"\nsame gain as brute force, 1 to {SMALL_IDEAS} ideas: {same} of {SMALL} instances")


def left_behind(solved: list[tuple[Instance, Plan]]) -> None:
    print(
        "\nwhat simpler rules leave behind of the best plan's gain, "
        f"{LARGE_IDEAS} ideas, {LARGE} instances"
    )
    print(f"{'':36}mean  median   worst   mean money left")
    rules: dict[str, Callable[[Instance], float]] = {
        "gain per day, down the list": by_gain_per_day,
        "knapsack of stand-alone gains": by_knapsack,
    }
    for name, rule in rules.items():
        gains = [(plan.gain, rule(case)) for case, plan in solved]
        lost = [100 * (1 - got / best) for best, got in gains]
        money = mean(best - got for best, got in gains)
        print(
            f"  {name:32}{mean(lost):5.2f} % {median(lost):5.2f} % {max(lost):5.1f} %"
            f"   EUR {money:,.0f}"
        )


if __name__ == "__main__":
    print(machine("numpy", "scipy"))
    solved = times()
    correctness()
    left_behind(solved)
