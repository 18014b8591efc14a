"""What a measured funnel says by itself: its revenue, its leaks, and how sure its rates are.

Every function takes a `Funnel` and returns numbers; arrays have one entry a step, in order.
"""

from __future__ import annotations

from math import prod, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from workshop.domain.funnel import Funnel, Step

Array = npt.NDArray[np.float64]

CERTAIN = 1e-9


def rates(f: Funnel) -> Array:
    """The measured conversion rate of each step, 0..1; shape (steps,).

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> rates(f).tolist()
    [0.35, 0.4, 0.3, 0.25]
    """
    return np.array([step.rate for step in f.steps])


def products_of_others(factors: Array) -> Array:
    """For each factor the product of all others along axis 0; no division, so zeros are welcome.

    >>> products_of_others(np.array([2.0, 0.0, 5.0])).tolist()
    [0.0, 10.0, 0.0]
    """
    one = np.ones_like(factors[:1])
    before = np.concatenate([one, np.cumprod(factors[:-1], axis=0)])
    after = np.concatenate([np.cumprod(factors[:0:-1], axis=0)[::-1], one])
    return np.asarray(before * after)


def revenue(f: Funnel) -> float:
    """Revenue of one cohort, N·Πp·V, in the funnel's currency.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> round(revenue(f))
    168000
    """
    return f.entrants * prod(step.rate for step in f.steps) * f.deal_value


def revenue_per_rate(f: Funnel) -> Array:
    """∂R/∂p: what a step would bring in if it converted everybody, in currency; shape (steps,).

    It is R/p wherever p > 0, and still defined where p = 0.
    """
    return np.asarray(f.entrants * f.deal_value * products_of_others(rates(f)))


def leak(f: Funnel) -> Array:
    """What is lost at each step, valued at today's rates after it, in currency; shape (steps,).

    It is R·(1−p)/p. A step that nobody entered has lost nobody: its leak is 0.

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> leak(f).round().tolist()
    [312000.0, 252000.0, 392000.0, 504000.0]
    """
    lost = np.array([share_of_entered(step, step.lost) for step in f.steps])
    return np.asarray(revenue_per_rate(f) * lost)


def share_of_entered(step: Step, count: int) -> float:
    """A count as a fraction of those who entered; 0 where nobody did."""
    return count / step.entered if step.entered else 0.0


def posterior(step: Step) -> tuple[float, float]:
    """α and β of the Beta distribution of a step's rate, from Jeffreys' prior.

    >>> posterior(Step("Opportunity", "Won", 84, 21))
    (21.5, 63.5)
    """
    return step.advanced + 0.5, step.lost + 0.5


def rate_interval(step: Step, level: float = 0.9) -> tuple[float, float]:
    """The central Jeffreys interval of a step's rate, as fractions.

    Brown, Cai & DasGupta (2001), "Interval Estimation for a Binomial Proportion": the
    lower end is 0 where nobody advanced, the upper end is 1 where nobody was lost, so that the
    interval contains the measured rate at every usual level.

    Raises ValueError unless 0 < level < 1.

    >>> low, high = rate_interval(Step("Opportunity", "Won", 84, 21))
    >>> round(low, 4), round(high, 4)
    (0.1792, 0.3333)
    """
    if not 0 < level < 1:
        raise ValueError(f"the level is {level:g}; it must lie between 0 and 1, both excluded")
    return jeffreys_interval(step.advanced, step.lost, level)


def jeffreys_interval(advanced: float, lost: float, level: float) -> tuple[float, float]:
    """The central Jeffreys interval of a rate, of counts that may have fractions.

    Counts of less than a billionth are none: of fewer than a billion leads no share lies nearer
    to 0 or 1.

    >>> jeffreys_interval(0, 10, 0.9)[0], jeffreys_interval(10, 0, 0.9)[1]
    (0.0, 1.0)
    """
    tails = np.array([1 - level, 1 + level]) / 2
    low, high = betaincinv(advanced + 0.5, lost + 0.5, tails)
    return (float(low) if advanced > CERTAIN else 0.0, float(high) if lost > CERTAIN else 1.0)


def squared_variations(f: Funnel) -> Array:
    """Squared coefficient of variation of each step's rate, β/(α(α+β+1)); shape (steps,)."""
    a, b = np.array([posterior(step) for step in f.steps]).T
    return np.asarray(b / (a * (a + b + 1)))


def expected_conversion(f: Funnel) -> tuple[float, float]:
    """Mean and standard deviation of the whole funnel's conversion Πp, in closed form.

    The rates are independent Beta posteriors, so E[Πp] = ΠE[p] and
    Var[Πp] = E[Πp]²·(Π(1+c²) − 1), with c the coefficient of variation of a rate
    (Goodman 1962, "The Variance of the Product of K Random Variables").

    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> mean, sd = expected_conversion(f)
    >>> round(mean, 7), round(sd, 7)
    (0.0106548, 0.0022869)
    """
    mean = prod(a / (a + b) for a, b in map(posterior, f.steps))
    return mean, mean * sqrt(squared_variation_of_product(f))


def squared_variation_of_product(f: Funnel) -> float:
    """Squared coefficient of variation of Πp, Π(1+c²) − 1."""
    return float(np.expm1(np.log1p(squared_variations(f)).sum()))
