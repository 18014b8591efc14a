"""Three-point estimates read as Beta-PERT distributions.

A low / likely / high estimate is a Beta distribution on [low, high] with α + β = 6 and its
mode at `likely` (Malcolm, Roseboom, Clark & Fazar 1959).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

from scipy.special import betainc

from workshop.domain.idea import Estimate


def mean(estimate: Estimate) -> float:
    """The mean, (low + 4·likely + high)/6, which rounding never carries out of the estimate.

    >>> round(mean(Estimate(0.05, 0.10, 0.25)), 6)
    0.116667
    """
    middle = (estimate.low + 4 * estimate.likely + estimate.high) / 6
    return min(max(middle, estimate.low), estimate.high)


def sd(estimate: Estimate) -> float:
    """The standard deviation, √((mean − low)(high − mean)/7).

    >>> round(sd(Estimate(0.05, 0.10, 0.25)), 6)
    0.035635
    """
    middle = mean(estimate)
    return sqrt((middle - estimate.low) * (estimate.high - middle) / 7)


def shape(estimate: Estimate) -> tuple[float, float]:
    """α and β on [low, high]; an estimate without width has no shape to speak of: (3, 3).

    >>> shape(Estimate(0.0, 0.25, 1.0))
    (2.0, 4.0)
    """
    width = estimate.high - estimate.low
    if not width:
        return 3.0, 3.0
    alpha = 1 + 4 * (estimate.likely - estimate.low) / width
    return alpha, 6 - alpha


def pooled(estimates: Sequence[Estimate]) -> Estimate:
    """Several people's estimates as one: what all of them think possible, their mean on average.

    From the lowest low to the highest high, as far as the equally weighted opinion pool (Stone
    1961) reaches, and with its mean, the mean of theirs, as nearly as an estimate of that range
    can have it.

    Raises ValueError where there is no estimate.

    >>> both = pooled([Estimate(0.05, 0.10, 0.20), Estimate(0.15, 0.30, 0.50)])
    >>> both.low, round(both.likely, 6), both.high, round(mean(both), 6)
    (0.05, 0.175, 0.5, 0.208333)
    """
    if not estimates:
        raise ValueError("there are 0 estimates to pool; there must be at least 1")
    if len(set(estimates)) == 1:
        return estimates[0]
    low = min(estimate.low for estimate in estimates)
    high = max(estimate.high for estimate in estimates)
    middle = fsum(map(mean, estimates)) / len(estimates)
    likely = (6 * middle - low - high) / 4
    return Estimate(low, min(max(likely, low), high), high)


def surplus(estimate: Estimate, threshold: float) -> float:
    """By how much the truth is expected to exceed a threshold, E[max(0, X − threshold)].

    >>> round(surplus(Estimate(0.0, 0.5, 1.0), 0.5), 5)
    0.07812
    """
    if threshold <= estimate.low:
        return mean(estimate) - threshold
    if threshold >= estimate.high:
        return 0.0
    a, b = shape(estimate)
    width = estimate.high - estimate.low
    y = (threshold - estimate.low) / width
    return width * float(a / 6 * (1 - betainc(a + 1, b, y)) - y * (1 - betainc(a, b, y)))
