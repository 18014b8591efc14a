"""The logarithm of a funnel's revenue as a function of the ideas that are carried out.

With the ideas x ∈ {0,1}ⁿ a funnel earns N·V·Π(1+u)·Πpᵢ(x). Its logarithm is a sum over levers
and steps. The rate of a step is pᵢ(x) = pᵢ + Σₖ wₖ·(1 − Π(1−gⱼ)^xⱼ), one term for each part of
its losses and each level of quality: an idea of quality .8 wins back .8 of a prospect whom no
better idea wins back, so a part is worth its lowest quality for whoever is won back at all, and
each further level for whoever is won back at that level or above. All terms are concave in x,
also between 0 and 1, and so is the logarithm: it lies below each of its tangents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workshop.analysis.conversion import Array, rates
from workshop.analysis.gains import chance, parts, refuse_foreign
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Effect

CERTAIN = 1 - 1e-12
"""The largest chance of winning a prospect back whose logarithm still keeps count of others."""


@dataclass(frozen=True, slots=True)
class LogRevenue:
    """Log N·V·Π(1+u)·Πp for any of some ideas.

    `elsewhere` is the log of N·V·Πp over the steps that none of them acts on, −inf for 0; `rates`
    are those of the other steps, shape (steps,). `weights`, shape (steps, terms), holds w where a
    term belongs to a step; `kept`, shape (terms, ideas), log(1−g) where an idea acts; both are 0
    elsewhere. `uplift` holds log(1+u), shape (ideas,).
    """

    elsewhere: float
    rates: Array
    weights: Array
    kept: Array
    uplift: Array

    @classmethod
    def of(cls, f: Funnel, effects: Sequence[Effect]) -> LogRevenue:
        """The log revenue of a funnel with any of these effects.

        >>> from workshop.domain.idea import Estimate
        >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
        ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365,
        ...     losses={"MQL": {"No follow-up": 210, "No budget": 126}})
        >>> a = Effect(1, Estimate(.2, .2, .2), "No follow-up")
        >>> b = Effect(1, Estimate(.3, .3, .3), "No follow-up")
        >>> curve = LogRevenue.of(f, [a, b])
        >>> np.exp(curve.values(np.array([[0, 1, 0, 1], [0, 0, 1, 1]]))).round().tolist()
        [168000.0, 193200.0, 205800.0, 223440.0]
        """
        refuse_foreign(f, effects)
        terms = list(terms_of(f, effects))
        on = sorted({step for step, _, _ in terms})
        with np.errstate(divide="ignore"):
            factors = np.log([f.entrants, f.deal_value, *np.delete(rates(f), on)])
        return cls(
            elsewhere=float(factors.sum()),
            rates=rates(f)[on],
            weights=np.array([[w * (step == i) for step, w, _ in terms] for i in on]).reshape(
                len(on), len(terms)
            ),
            kept=np.array([kept for _, _, kept in terms]).reshape(len(terms), len(effects)),
            uplift=np.log1p([e.quality * chance(e) if e.step is None else 0.0 for e in effects]),
        )

    def improved(self, adopted: Array) -> Array:
        """The rates with these ideas; (ideas,) to (steps,), or (ideas, sets) to (steps, sets)."""
        return (self.rates - (self.weights @ np.expm1(self.kept @ adopted)).T).T

    def values(self, adopted: Array) -> Array:
        """The log revenue with these ideas, of one set or of many; −inf where a rate stays 0."""
        with np.errstate(divide="ignore"):
            log_rates = np.log(self.improved(adopted)).sum(axis=0)
        return np.asarray(self.elsewhere + log_rates + self.uplift @ adopted)

    def tangents(self, adopted: Array) -> tuple[Array, Array]:
        """The tangent of each log rate: slopes, shape (steps, ideas), and its values at x = 0.

        Defined where every rate is above 0.
        """
        improved = self.improved(adopted)
        lost = self.weights * np.exp(self.kept @ adopted)
        slopes = -(lost @ self.kept) / improved[:, None]
        return slopes, np.log(improved) - slopes @ adopted

    def reach(self) -> Array:
        """1 where an idea acts on a step, else 0; shape (steps, ideas)."""
        return np.asarray(np.sign(np.sign(self.weights) @ (self.kept < 0)))


def terms_of(f: Funnel, effects: Sequence[Effect]) -> Iterator[tuple[int, float, Array]]:
    """The terms of Σₖ wₖ·(1 − Π(1−gⱼ)^xⱼ): the step of each, w, and log(1−g) of each effect."""
    quality = np.array([e.quality for e in effects])
    log_kept = np.log1p([-min(chance(e), CERTAIN) for e in effects])
    for index, step in enumerate(f.steps):
        here = np.array([k for k, e in enumerate(effects) if e.step == index], dtype=np.intp)
        for share, acting in parts(step, [effects[k] for k in here.tolist()]):
            on_part = here[acting]
            for lower, level in pairwise([0.0, *np.unique(quality[on_part]).tolist()]):
                good = on_part[quality[on_part] >= level]
                weight = share * (level - lower)
                if weight > 0 and log_kept[good].any():
                    kept = np.zeros(len(effects))
                    kept[good] = log_kept[good]
                    yield index, weight, kept
