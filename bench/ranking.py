"""How fast the ranking answers, and how our Sobol indices compare with sampled ones.

Run it as `python bench/ranking.py`; every figure it prints is measured in that run.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import prod
from statistics import median

import numpy as np
from measuring import machine, spread, timed
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sampling
from scipy.stats import beta

from workshop.analysis.gains import attribution, joint_gain
from workshop.analysis.sensitivity import first_order, total_order
from workshop.analysis.uncertainty import rank
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Effect, Estimate

REPEATS = 15
FUNNEL = Funnel.from_counts(
    {"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84, "Won": 21},
    deal_value=8000,
    currency="USD",
    period_days=365,
    losses={"MQL": {"No follow-up": 210, "No budget": 126}},
)


def ideas(count: int, seed: int = 0) -> list[Effect]:
    """Ideas on all steps, half of those at MQL on a loss reason, some of which may fail."""
    stream = np.random.default_rng(seed)

    def idea() -> Effect:
        step = int(stream.integers(4))
        reason = str(stream.choice(["No follow-up", "No budget"]))
        return Effect(
            step,
            Estimate(*np.sort(0.5 * stream.random(3))),
            reason if step == 1 and stream.random() < 0.5 else None,
            success=float(stream.choice([0.6, 0.8, 1.0])),
        )

    return [idea() for _ in range(count)]


def ranking_times() -> None:
    thousand, fifty, added = ideas(1000), ideas(50, seed=1), ideas(REPEATS, seed=2)
    prices = 8000 + np.arange(REPEATS)

    # A seed never used before: nothing that an earlier call has kept can be of use.
    from_scratch, _ = timed(lambda k: rank(FUNNEL, thousand, seed=100 + k), REPEATS)
    rank(FUNNEL, thousand)
    one_added, _ = timed(lambda k: rank(FUNNEL, [*thousand, added[k]]), REPEATS)
    moved, _ = timed(lambda k: rank(replace(FUNNEL, deal_value=prices[k]), thousand), REPEATS)
    new_fifty, _ = timed(lambda k: rank(FUNNEL, fifty, seed=100 + k), REPEATS)
    rank(FUNNEL, fifty)
    refresh, _ = timed(
        lambda k: rank(replace(FUNNEL, deal_value=prices[k]), [*fifty[1:], added[k]]),
        REPEATS,
    )
    print("Ranking, 4,096 draws: median (fastest to slowest)")
    print(f"  1,000 ideas from scratch             {spread(from_scratch)}   target 500 ms")
    print(f"  1,000 ideas, one added               {spread(one_added)}   target  60 ms")
    print(f"  1,000 ideas, the deal value moved    {spread(moved)}")
    print(f"  50 ideas from scratch                {spread(new_fifty)}")
    print(f"  50 ideas, one and the deal value new {spread(refresh)}   target  10 ms")

    credits = attribution(FUNNEL, thousand)
    together = joint_gain(FUNNEL, thousand)
    shared, _ = timed(lambda _: attribution(FUNNEL, thousand), REPEATS)
    print(f"  exact Shapley credit of 1,000 ideas  {spread(shared)}", end="")
    print(f"   off the joint gain by {abs(credits.sum() / together - 1):.0e} of it")


def exact_indices() -> np.ndarray:
    """First and total order in rational arithmetic, rounded once at the end; shape (2, steps)."""
    squared = []
    for step in FUNNEL.steps:
        a, b = step.advanced + Fraction(1, 2), step.lost + Fraction(1, 2)
        squared.append(b / (a * (a + b + 1)))
    whole = prod(1 + c for c in squared) - 1
    first = [c / whole for c in squared]
    total = [c * (whole + 1) / (1 + c) / whole for c in squared]
    return np.array([[float(x) for x in first], [float(x) for x in total]])


def sampled_indices(samples: int, seed: int) -> np.ndarray:
    """The same through SALib: Saltelli's scheme over Sobol' points; shape (2, steps)."""
    problem = {
        "num_vars": len(FUNNEL.steps),
        "names": [step.name for step in FUNNEL.steps],
        "bounds": [[0, 1]] * len(FUNNEL.steps),
    }
    points = sampling.sample(problem, samples, calc_second_order=False, seed=seed)
    rates = [
        beta.ppf(column, step.advanced + 0.5, step.lost + 0.5)
        for column, step in zip(points.T, FUNNEL.steps, strict=True)
    ]
    conversion = np.prod(rates, axis=0)
    # Its confidence intervals are not asked for: as few resamples as it takes.
    found = analysis.analyze(
        problem, conversion, calc_second_order=False, num_resamples=2, seed=seed
    )
    return np.array([found["S1"], found["ST"]])


def sobol_comparison() -> None:
    exact = exact_indices()
    print("Sobol indices of the four rates, first and total order")
    print(f"  {'':34}{'median (fastest to slowest)':38}worst error of an index, median")

    def report(name: str, times: list[float], answers: list[np.ndarray]) -> None:
        error = median(float(np.abs(answer - exact).max()) for answer in answers)
        print(f"  {name:34}{spread(times):38}{error:.1e}")

    def ours(_: int) -> np.ndarray:
        return np.array([first_order(FUNNEL), total_order(FUNNEL)])

    report("closed form", *timed(ours, REPEATS))
    for samples in (1024, 8192, 65_536):
        evaluations = samples * (len(FUNNEL.steps) + 2)
        theirs = timed(partial(sampled_indices, samples), 5)
        report(f"SALib, {evaluations:,} evaluations", *theirs)


if __name__ == "__main__":
    print(machine("numpy", "scipy", "pandas", "SALib"))
    ranking_times()
    sobol_comparison()
