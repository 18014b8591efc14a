"""The best set of ideas under linear rules: a search that ends with a proof.

The log rate of a step lies below each of its tangents. Maximising the log revenue under the
tangents known so far is a linear program, whose answer bounds every set of ideas from above.

1. Fractions of ideas are allowed, and tangents added at each answer until they fit there: Kelley
   (1960), "The Cutting-Plane Method for Solving Convex Programs".
2. The prices of that program say how far a set falls short of the bound at least, for every idea
   in which it differs from the answer and every day it leaves idle. So all sets within a short
   distance of the bound can be listed; if the best of them is that close itself, it is the best
   of all, else the distance grows. The argument is that of Dantzig, Fulkerson & Johnson (1954),
   "Solution of a Large-Scale Traveling-Salesman Problem". Mostly the search ends here.
3. Where the list grows too long, the sets are split into those with and those without an idea
   that is in doubt, and each half is searched: Land & Doig (1960), "An Automatic Method of
   Solving Discrete Programming Problems".
4. After a few splits the program is solved in whole numbers, and tangents added at its answer
   until the bound is reached: Duran & Grossmann (1986), "An Outer-Approximation Algorithm for a
   Class of Mixed-Integer Nonlinear Programs".
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from workshop.analysis.conversion import Array
from workshop.analysis.portfolio.log_revenue import LogRevenue
from workshop.analysis.portfolio.rules import ROUNDING, Inequalities

if TYPE_CHECKING:
    # The solvers are loaded with the first program: many a workshop never asks for a plan.
    from scipy.optimize import OptimizeResult

SCALE = 10.0
"""What all ideas together add to the log revenue, in the solver's units."""

PRECISION = 1e-5
"""How closely a set is proven, in these units; the solver itself works to 1e-6."""

FIT = 1e-3
"""How closely the tangents have to fit where fractions of ideas are allowed, in units."""

RELAXATIONS = 20
"""Rounds of tangents there at most."""

LONGEST = 1_000_000
"""Entries that a list of sets may have while it is made: sets times ideas."""

SPLITS = 3
"""How often the sets are split into those with and those without an idea, to shorten the list."""

INFEASIBLE = 2
"""The state in which scipy's solvers find that no answer exists."""


class OuterApproximation:
    """A search for the best sets of ideas; tangents found under some rules serve the next ones."""

    def __init__(self, curve: LogRevenue) -> None:
        everything = np.ones_like(curve.uplift)
        room = float(curve.values(everything)) - float(curve.values(0 * everything))
        self.curve = curve
        self.hopeless = not room > 0
        self.unit = room / SCALE if 0 < room < inf else 1 / SCALE
        self.slopes: list[Array] = []
        self.at_zero: list[Array] = []
        if not self.hopeless:
            self.touch(everything)

    def touch(self, adopted: Array) -> None:
        """Add the tangents at these ideas, or fractions of ideas."""
        slopes, at_zero = self.curve.tangents(adopted)
        self.slopes.append(slopes / self.unit)
        self.at_zero.append(at_zero / self.unit)

    def value(self, adopted: Array) -> float:
        """The log revenue with these ideas, in units."""
        return float(self.curve.values(adopted)) / self.unit

    def bound(self, objective: float) -> float:
        """The log revenue that an objective of the linear program stands for, in units."""
        return self.curve.elsewhere / self.unit - objective

    def best(self, rules: Inequalities, start: Array, seconds: float) -> tuple[Array, float | None]:
        """The best set under the rules; `start` is any set that keeps to them.

        Where the seconds ran out before that was proven, also an upper bound of the log revenue
        of all such sets; else None.
        """
        if self.hopeless:
            return start, None
        deadline = monotonic() + seconds
        best, bound = self.best_of(self.lifting(rules), start, SPLITS, deadline)
        return best, bound * self.unit if bound > self.value(best) + PRECISION else None

    def best_of(
        self, rules: Inequalities, best: Array, splits: int, deadline: float
    ) -> tuple[Array, float]:
        """The better of `best` and the best set under the rules, and a bound for these, in units.

        The bound is −inf where it is proven that none of them is better.
        """
        relaxed = self.fitted(rules)
        if relaxed.status == INFEASIBLE:
            return best, -inf
        best, proven = self.best_near(rules, relaxed, best)
        if proven:
            return best, -inf
        if not splits:
            return self.best_whole(rules, best, deadline)
        in_doubt = int(np.abs(relaxed.x[: best.size] - 0.5).argmin())
        best, bound = self.best_of(rules.taking(in_doubt), best, splits - 1, deadline)
        best, other = self.best_of(rules.leaving(in_doubt), best, splits - 1, deadline)
        return best, max(bound, other)

    def lifting(self, rules: Inequalities) -> Inequalities:
        """The rules, and that some idea lifts each rate of 0: else nothing is gained at all."""
        dead = self.curve.reach()[self.curve.rates == 0]
        return replace(
            rules,
            left=np.vstack([rules.left, -dead]),
            right=np.append(rules.right, -np.ones(len(dead))),
        )

    def fitted(self, rules: Inequalities) -> OptimizeResult:
        """The best fractions of ideas, once tangents have been added where they bind."""
        for _ in range(RELAXATIONS):
            answer = self.relaxed(rules)
            if answer.status == INFEASIBLE:
                break
            adopted = answer.x[: rules.low.size]
            if self.bound(answer.fun) <= self.value(adopted) + FIT:
                break
            self.touch(adopted)
        return answer

    def best_near(
        self, rules: Inequalities, relaxed: OptimizeResult, best: Array
    ) -> tuple[Array, bool]:
        """The best of `best` and the sets close to the bound; whether it is the best of all."""
        distance = 0.0
        while distance < 100 * SCALE:
            missing = self.bound(relaxed.fun) - self.value(best) + PRECISION
            if missing <= distance or missing <= PRECISION:
                return best, True
            distance = min(max(1.5 * distance, FIT), missing)
            sets = sets_within(distance, rules, relaxed)
            if sets is None:
                break
            if sets.size:
                best = max(best, sets[:, self.curve.values(sets).argmax()], key=self.value)
        return best, False

    def best_whole(self, rules: Inequalities, best: Array, deadline: float) -> tuple[Array, float]:
        """The same as `best_of`, by whole numbers."""
        tried = set[bytes]()
        while True:
            relaxed = self.relaxed(rules)
            answer = self.whole(rules, relaxed, self.value(best), deadline - monotonic())
            if answer.status == INFEASIBLE:
                return best, -inf
            if answer.x is None:
                return best, self.bound(relaxed.fun)
            bound = self.bound(answer.mip_dual_bound)
            found = answer.x[: best.size].round()
            best = max(best, found, key=self.value)
            if bound <= self.value(best) + PRECISION:
                return best, -inf
            if found.tobytes() in tried or monotonic() > deadline:
                return best, bound
            tried.add(found.tobytes())
            self.touch(found)

    def relaxed(self, rules: Inequalities) -> OptimizeResult:
        """The best fractions of ideas under the rules and the tangents known so far."""
        from scipy.optimize import linprog

        objective, left, right = self.program(rules)
        steps = self.curve.rates.size
        bounds = [*zip(rules.low, rules.high, strict=True), *[(-inf, inf)] * steps]
        return linprog(objective, left, right, bounds=bounds)

    def whole(
        self, rules: Inequalities, relaxed: OptimizeResult, value: float, seconds: float
    ) -> OptimizeResult:
        """The best set under the rules and the tangents, of those that may exceed a value.

        An idea is settled beforehand where the other choice alone would cost too much.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        objective, left, right = self.program(rules)
        steps = self.curve.rates.size
        distance = self.bound(relaxed.fun) - value + PRECISION
        too_much_to_add = relaxed.lower.marginals > distance
        too_much_to_drop = -relaxed.upper.marginals > distance
        low = np.append(rules.low, np.full(steps, -inf))
        high = np.append(rules.high, np.full(steps, inf))
        return milp(
            objective,
            integrality=np.isfinite(low),
            bounds=Bounds(
                np.where(too_much_to_drop, high, low), np.where(too_much_to_add, low, high)
            ),
            constraints=LinearConstraint(left, -inf, right),
            options={"mip_rel_gap": 0.0, "time_limit": max(seconds, 0.0)},
        )

    def program(self, rules: Inequalities) -> tuple[Array, Array, Array]:
        """The objective, to be made small, and left ≤ right, of uplift·x + Σ log rates.

        The log rates follow the ideas as further variables; all in units.
        """
        steps = self.curve.rates.size
        log_rates = np.tile(np.eye(steps), (len(self.slopes), 1))
        return (
            -np.append(self.curve.uplift / self.unit, np.ones(steps)),
            np.block(
                [
                    [rules.left, np.zeros((len(rules.left), steps))],
                    [-np.vstack(self.slopes), log_rates],
                ]
            ),
            np.append(rules.right, np.concatenate(self.at_zero)),
        )


def sets_within(distance: float, rules: Inequalities, relaxed: OptimizeResult) -> Array | None:
    """All sets that may come within a distance of the relaxed bound; shape (ideas, sets).

    Every other set under the rules falls short of it by more, at the relaxed program's prices.
    None where the list would grow too long.
    """
    ideas, limits = rules.low.size, rules.right[:, None]
    to_add, to_drop = relaxed.lower.marginals[:ideas], -relaxed.upper.marginals[:ideas]
    per_idle_day = -relaxed.ineqlin.marginals[: limits.size]
    resting = np.where(to_drop > 0, rules.high, rules.low)
    price = np.where(rules.low == rules.high, inf, to_add + to_drop)
    dearest_first = np.argsort(-price, kind="stable")
    movable = dearest_first[price[dearest_first] <= distance]
    moves = rules.left[:, movable] * (1 - 2 * resting[movable])
    may_free, may_use = later_sums(np.maximum(-moves, 0)), later_sums(np.maximum(moves, 0))
    moved = np.zeros((ideas, 1), dtype=bool)
    paid, used = np.zeros(1), (rules.left @ resting)[:, None]
    for k, idea in enumerate(movable):
        moved = np.hstack([moved, moved])
        moved[idea, paid.size :] = True
        paid = np.append(paid, paid + price[idea])
        used = np.hstack([used, used + moves[:, [k]]])
        stays_idle = np.maximum(0, limits - used - may_use[:, [k]])
        possible = paid + per_idle_day @ stays_idle <= distance
        possible &= (used - may_free[:, [k]] <= limits + ROUNDING).all(axis=0)
        moved, paid, used = moved[:, possible], paid[possible], used[:, possible]
        if moved.size > LONGEST:
            return None
    return np.where(moved, 1 - resting[:, None], resting[:, None])


def later_sums(moves: Array) -> Array:
    """For each column the sum of those after it.

    >>> later_sums(np.array([[1.0, 2.0, 4.0]])).tolist()
    [[6.0, 4.0, 0.0]]
    """
    return np.cumsum(moves[:, ::-1], axis=1)[:, ::-1] - moves
