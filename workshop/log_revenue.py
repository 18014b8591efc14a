"""The logarithm of a funnel's revenue as a function of the ideas that are carried out.

With the ideas x ∈ {0,1}ⁿ a funnel earns N·V·Π(1+u)·Πpᵢ(x). Its logarithm is a sum over levers
and steps. The rate of a step is pᵢ(x) = pᵢ + Σₖ wₖ·(1 − Π(1−gⱼ)^xⱼ), one term for each part of
its losses and each level of quality: an idea of quality .8 wins back .8 of a prospect whom no
better idea wins back, so a part is worth its lowest quality for whoever is won back at all, and
each further level for whoever is won back at that level or above. All terms are concave in x,
also between 0 and 1, and so is the logarithm: it lies below each of its tangents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from workshop.funnel import Array
from workshop.gains import chance, parts, refuse_foreign
from workshop.model import Effect, Funnel

CERTAIN = 1 - 1e-12
"""The largest chance of winning a prospect back whose logarithm still keeps count of others."""


@dataclass(frozen=True, slots=True)
class LogRevenue:
    """Log Π(1+u)·Πp over the steps that any idea acts on; N, V and the other steps are constant.

    `rates` has shape (steps,); `step`, an index into it, and `weight` have shape (terms,); `kept`
    holds log(1−g) of each idea where it acts and 0 elsewhere, shape (terms, ideas); `uplift`
    holds log(1+u), shape (ideas,).
    """

    rates: Array
    step: npt.NDArray[np.intp]
    weight: Array
    kept: Array
    uplift: Array

    @classmethod
    def of(cls, f: Funnel, effects: Sequence[Effect]) -> LogRevenue:
        """The log revenue of a funnel with any of these effects.

        >>> from workshop.model import Estimate
        >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
        ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365,
        ...     losses={"MQL": {"No follow-up": 210, "No budget": 126}})
        >>> a = Effect(1, Estimate(.2, .2, .2), "No follow-up")
        >>> b = Effect(1, Estimate(.3, .3, .3), "No follow-up")
        >>> curve = LogRevenue.of(f, [a, b])
        >>> curve.improved(np.array([1.0, 0.0])).round(6), curve.improved(np.ones(2)).round(6)
        (array([0.46]), array([0.532]))
        """
        refuse_foreign(f, effects)
        quality = np.array([e.quality for e in effects])
        log_kept = np.log1p([-min(chance(e), CERTAIN) for e in effects])
        terms = []
        for index, step in enumerate(f.steps):
            here = [k for k, e in enumerate(effects) if e.step == index]
            for share, acting in parts(step, [effects[k] for k in here]):
                on_part = np.array([here[k] for k in acting], dtype=np.intp)
                for lower, level in pairwise([0.0, *np.unique(quality[on_part])]):
                    kept = np.zeros(len(effects))
                    good = on_part[quality[on_part] >= level]
                    kept[good] = log_kept[good]
                    if kept.any() and share * (level - lower) > 0:
                        terms.append((index, share * (level - lower), kept))
        on = sorted({index for index, _, _ in terms})
        return cls(
            rates=np.array([f.steps[index].rate for index in on]),
            step=np.array([on.index(index) for index, _, _ in terms], dtype=np.intp),
            weight=np.array([weight for _, weight, _ in terms]),
            kept=np.array([kept for _, _, kept in terms]).reshape(len(terms), len(effects)),
            uplift=np.log1p([e.quality * chance(e) if e.step is None else 0.0 for e in effects]),
        )

    def improved(self, adopted: Array) -> Array:
        """The rates with these ideas; shape (steps,)."""
        rescued = -self.weight * np.expm1(self.kept @ adopted)
        return self.rates + np.bincount(self.step, rescued, len(self.rates))

    def value(self, adopted: Array) -> float:
        """The log revenue with these ideas; −inf where a rate stays 0."""
        with np.errstate(divide="ignore"):
            return float(np.log(self.improved(adopted)).sum() + self.uplift @ adopted)

    def tangents(self, adopted: Array) -> tuple[Array, Array]:
        """The tangent of each log rate: slopes, shape (steps, ideas), and its values at x = 0.

        Defined where every rate is above 0.
        """
        improved = self.improved(adopted)
        slopes = np.zeros((len(self.rates), len(adopted)))
        lost = self.weight * np.exp(self.kept @ adopted)
        np.add.at(slopes, self.step, -lost[:, None] * self.kept)
        slopes /= improved[:, None]
        return slopes, np.log(improved) - slopes @ adopted

    def rescues(self) -> Array:
        """1 where an idea acts on a step, else 0; shape (steps, ideas)."""
        acting = np.zeros((len(self.rates), self.kept.shape[1]))
        np.maximum.at(acting, self.step, (self.kept < 0).astype(float))
        return acting
