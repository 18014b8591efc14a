"""The best set of ideas under linear rules: a search that ends with a proof.

The log rate of a step lies below each of its tangents. Maximising the log revenue under the
tangents known so far is a linear program in whole numbers; its answer is a set of ideas and an
upper bound for all sets. Tangents at each answer close the gap between the two: the outer
approximation of Duran & Grossmann (1986), "An Outer-Approximation Algorithm for a Class of
Mixed-Integer Nonlinear Programs". It begins where fractions of ideas are allowed, with the planes
of Kelley (1960), "The Cutting-Plane Method for Solving Convex Programs". The prices of that
relaxed program tell which ideas no better set can contain or lack, and these are settled before
whole numbers are asked for (Dantzig, Fulkerson & Johnson 1954, "Solution of a Large-Scale
Traveling-Salesman Problem").
"""

from __future__ import annotations

from math import inf, isfinite
from time import monotonic

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from workshop.funnel import Array
from workshop.log_revenue import LogRevenue

SCALE = 10.0
"""What all ideas together add to the log revenue, in the solver's units."""

PRECISION = 1e-5
"""How closely a set is proven, in these units; the solver itself works to 1e-6."""

RELAXATIONS = 20
"""Rounds of tangents where fractions of ideas are allowed; each costs some milliseconds."""

INFEASIBLE = 2
"""The state in which scipy's solvers find that no answer exists."""


class OuterApproximation:
    """A search for the best sets of ideas; tangents found under some rules serve the next ones.

    Rules are `rows` @ x ≤ `most` and `least` ≤ x ≤ 1, with x = 1 for an idea in the set.
    """

    def __init__(self, curve: LogRevenue) -> None:
        everything = np.ones_like(curve.uplift)
        room = curve.value(everything) - curve.value(0 * everything)
        self.curve = curve
        self.hopeless = not room > 0
        self.unit = room / SCALE if isfinite(room) else 1 / SCALE
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
        return self.curve.value(adopted) / self.unit

    def best(
        self, rows: Array, most: Array, least: Array, start: Array, seconds: float
    ) -> tuple[Array, float]:
        """The best set under the rules; `start` is any set that keeps to them.

        Also returns by how much the log revenue of any such set could exceed it: 0 where it is
        proven to be the best, more where the seconds ran out.
        """
        if self.hopeless:
            return start, 0.0
        deadline = monotonic() + seconds
        dead = self.curve.rescues()[self.curve.rates == 0]  # each needs an idea that lifts it
        rows, most = np.vstack([rows, -dead]), np.append(most, -np.ones(len(dead)))
        bound = self.bound(rows, most, least)
        best, tried = start, set[bytes]()
        while bound > self.value(best) + PRECISION:
            low, high = self.undecided(rows, most, least, self.value(best))
            answer = self.whole(rows, most, low, high, deadline - monotonic())
            if answer.status == INFEASIBLE:
                bound = self.value(best)
            if answer.x is None:
                break
            bound = min(bound, max(-answer.mip_dual_bound, self.value(best)))
            found = answer.x[: least.size].round()
            best = max(best, found, key=self.value)
            if found.tobytes() in tried:
                break
            tried.add(found.tobytes())
            self.touch(found)
        excess = bound - self.value(best) if bound > self.value(best) + PRECISION else 0.0
        return best, excess * self.unit

    def bound(self, rows: Array, most: Array, least: Array) -> float:
        """The log revenue that fractions of ideas could reach, or a little more, in units."""
        bound = -inf
        for _ in range(RELAXATIONS):
            answer = self.relaxed(rows, most, least)
            if answer.x is None:
                break
            bound, adopted = -answer.fun, answer.x[: least.size]
            if bound < self.value(adopted) + 1e-3:
                break
            self.touch(adopted)
        return bound

    def undecided(
        self, rows: Array, most: Array, least: Array, value: float
    ) -> tuple[Array, Array]:
        """The least and the largest x of every set that is worth more than `value`."""
        answer = self.relaxed(rows, most, least)
        spare = -answer.fun - value + PRECISION
        high = np.where(answer.lower.marginals[: least.size] > spare, least, 1.0)
        low = np.where(-answer.upper.marginals[: least.size] > spare, 1.0, least)
        return low, high

    def relaxed(self, rows: Array, most: Array, least: Array) -> OptimizeResult:
        """The best fractions of ideas under the rules and the tangents known so far."""
        objective, left, right = self.program(rows, most)
        steps = self.curve.rates.size
        return linprog(
            objective,
            A_ub=left,
            b_ub=right,
            bounds=[*((x, 1.0) for x in least), *[(-inf, inf)] * steps],
        )

    def whole(
        self, rows: Array, most: Array, low: Array, high: Array, seconds: float
    ) -> OptimizeResult:
        """The best whole ideas under the rules and the tangents known so far."""
        objective, left, right = self.program(rows, most)
        steps = self.curve.rates.size
        return milp(
            objective,
            integrality=np.repeat([1, 0], [low.size, steps]),
            bounds=Bounds(np.pad(low, (0, steps), constant_values=-inf), np.pad(high, (0, steps), constant_values=inf)),
            constraints=LinearConstraint(left, -inf, right),
            options={"mip_rel_gap": 0.0, "time_limit": max(seconds, 0.01)},
        )

    def program(self, rows: Array, most: Array) -> tuple[Array, Array, Array]:
        """Minimise −uplift·x − Σ log rates: the objective, and left ≤ right of the constraints.

        The log rates follow the ideas as further variables, in units.
        """
        steps = self.curve.rates.size
        log_rates = np.tile(np.eye(steps), (len(self.slopes), 1))
        objective = -np.append(self.curve.uplift / self.unit, np.ones(steps))
        left = np.block([[rows, np.zeros((len(rows), steps))], [-np.vstack(self.slopes), log_rates]])
        return objective, left, np.append(most, np.concatenate(self.at_zero))
