"""What will probably come true of what people estimate.

Estimates are wrong in three ways. Their ranges are too narrow; of many, the high ones are more
often too high than too low (the optimizer's curse); and all of them together are too high. The
first two can be put right from the estimates themselves, the third only by what happened
elsewhere. It is done here, once, so that every later sum is of the same money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import asinh, exp, expm1, fsum, log, sqrt

from scipy.special import log_ndtr

from workshop.analysis import pert
from workshop.analysis.calibration import HALF_WIDTH_OF_90
from workshop.domain.checks import refuse_outside
from workshop.domain.idea import Effect, Estimate

UNTRIED = 2.178
"""What `calibration.widening` says of a room that has not been tried."""

REALISED = 0.77
"""What comes true, on average, of what plans to sell more set out to bring: 200 executives from ten
industries reported a gap of 23 % between goal and attainment (Chartier, Liu, Raberger & Silva 2018,
"Seven rules to crack the code on revenue synergies in M&A", McKinsey)."""

ELSEWHERE = 1 / 3
"""Of ideas that their makers believed in moved the number they were meant to move, at most (Kohavi,
Crook, Longbotham et al. 2009, "Online Experimentation at Microsoft")."""

KNOWN = 1e-9
"""The variance, on the log scale, that an estimate without a range counts with."""

LARGEST_FACTOR = 20.0
"""The factor that an estimate may be wrong by at most as told; 0 / 0 / .2 would have none."""


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A fraction whose logarithm is normal, up to 1: nobody wins back more than everybody."""

    mean: float
    variance: float

    def log_moment(self, power: int) -> float:
        """log E[X**power], power·mean + power²·variance/2 but for what would lie beyond 1."""
        if not self.variance:
            return power * self.mean
        sd = sqrt(self.variance)
        within = log_ndtr(-self.mean / sd - power * sd) - log_ndtr(-self.mean / sd)
        return float(power * self.mean + power**2 * self.variance / 2 + within)

    def relative_variance(self) -> float:
        """Variance over squared mean, as far as a number can say."""
        return max(0.0, expm1(min(self.log_moment(2) - 2 * self.log_moment(1), 500.0)))

    def skewness(self) -> float:
        """Of the whole distribution, with what would lie beyond 1; up to 6.2."""
        variance = min(self.variance, 1.0)
        return (exp(variance) + 2) * sqrt(expm1(variance))


def probable(
    effects: Sequence[Effect], widening: float = UNTRIED, realised: float = REALISED
) -> list[Effect]:
    """The same effects in the order given, but recovering what they probably will.

    An estimate is read in factors, as c/x to c·x. Made `widening` times as wide on the log scale
    it is a 90 % range about `realised` times c. Ideas of one kind, on part of a step's losses (a
    reason, a segment), on a whole step, on the volume, or on the deal value, differ from each
    other by factors too, and by how much is had from how far the estimates lie apart beyond their
    errors. Given all that was told, the truth of an idea is then lognormal about a value between
    its own and the mean of its kind, nearer to the mean the wider its estimate (Smith & Winkler
    2006, the optimizer's curse, on the log scale; Paule & Mandel 1982 for the difference).

    The mean of each estimate in the answer is the expected truth; its standard deviation is what
    remains uncertain, as far as an estimate of that mean can be so wide. An estimate without a
    range gets none, and is an estimate still: `realised` times what was told. A 0 stays, and says
    nothing about other ideas. Equal effects get equal answers, and the order does not matter.

    Raises ValueError where the widening is not between 0.1 and 10,000, or what is realised not
    between 0.001 and 10.

    >>> def told(low, likely, high):
    ...     return Effect(0, Estimate(low, likely, high), "No budget")
    >>> answer = probable([told(.2, .4, .8), told(.025, .05, .1), told(.05, .1, .2)])
    >>> [round(pert.mean(each.recovers), 4) for each in answer]
    [0.1436, 0.0856, 0.1017]
    >>> [round(pert.mean(each.recovers), 4) for each in probable([told(.2, .4, .8)])]
    [0.308]
    """
    refuse_outside("the widening", widening, 0.1, 10_000)
    refuse_outside("what is realised", realised, 0.001, 10)
    answer = list(effects)
    for one in dict.fromkeys(map(kind, effects)):
        alike = [k for k, each in enumerate(effects) if kind(each) == one]
        beliefs = of_one_kind([effects[k].recovers for k in alike], widening, realised)
        for k, belief in zip(alike, beliefs, strict=True):
            answer[k] = replace(effects[k], recovers=belief, estimated=effects[k].recovers)
    return answer


def chance_of_success(of_ten: float) -> float:
    """What to reckon with where management says that so many of ten such ideas really work here.

    Ten cases leave a rate open as ten leads would, so it is (of_ten + ½)/11, Jeffreys' mean; and
    what people say of their own plans weighs no more than how such plans went elsewhere (the
    inside and the outside view, Kahneman & Lovallo 1993): halfway between the two in log odds.

    Raises ValueError where the answer is not between 0 and 10.

    >>> [round(chance_of_success(answer), 3) for answer in (0, 3, 7, 10)]
    [0.134, 0.326, 0.509, 0.764]
    """
    refuse_outside("the number of ten ideas", of_ten, 0, 10)
    here, elsewhere = (of_ten + 0.5) / 11, ELSEWHERE
    return 1 / (1 + sqrt((1 - here) / here * (1 - elsewhere) / elsewhere))


def kind(effect: Effect) -> tuple[str, bool]:
    """What an estimate is a fraction of: ideas of one kind can be compared by it."""
    return effect.lever, effect.reason is None and effect.segment is None


def of_one_kind(estimates: Sequence[Estimate], widening: float, realised: float) -> list[Estimate]:
    """What will probably come true of the estimates of comparable ideas, in the order given."""
    told = [as_told(each, widening, realised) for each in estimates if pert.mean(each)]
    beliefs = iter(given_each_other(told))
    return [next(beliefs) if pert.mean(each) else each for each in estimates]


def given_each_other(told: Sequence[LogNormal]) -> list[Estimate]:
    """The truths, each by its own estimate and by those of all the others."""
    values, errors = [each.mean for each in told], [max(each.variance, KNOWN) for each in told]
    apart = real_variance(values, errors)
    weights = [1 / (apart + error) for error in errors]
    mean = weighted_mean(values, weights)

    def belief(own: LogNormal, error: float, weight: float) -> Estimate:
        if not own.variance:
            return as_estimate(exp(own.mean), own)
        kept = apart * weight
        truth = LogNormal(mean + kept * (own.mean - mean), kept * error)
        # Where the mean lies is not certain either; that is no reason to expect more.
        wider = replace(truth, variance=truth.variance + (1 - kept) ** 2 / fsum(weights))
        return as_estimate(exp(truth.log_moment(1)), wider)

    return [belief(*each) for each in zip(told, errors, weights, strict=True)]


def as_told(estimate: Estimate, widening: float, realised: float) -> LogNormal:
    """The truth by this estimate alone, which is not of 0."""
    value, factor = in_factors(estimate)
    error = widening * log(factor) / HALF_WIDTH_OF_90
    return LogNormal(log(realised * value), error**2)


def in_factors(estimate: Estimate) -> tuple[float, float]:
    """The value c and the factor x for which c/x, c, c·x has the estimate's mean and width.

    With r = width / (2·mean) that is 3·(x − 1/x) = r·(x + 4 + 1/x), quadratic in x.

    >>> [round(value, 6) for value in in_factors(Estimate(0.05, 0.1, 0.2))]
    [0.1, 2.0]
    """
    mean, most = pert.mean(estimate), LARGEST_FACTOR
    r = (estimate.high - estimate.low) / (2 * mean)
    r = min(r, 3 * (most - 1 / most) / (most + 4 + 1 / most))
    x = (2 * r + sqrt(9 + 3 * r**2)) / (3 - r)
    return 6 * mean / (x + 4 + 1 / x), x


def real_variance(values: Sequence[float], errors: Sequence[float]) -> float:
    """The variance of the truths: what makes values scatter as their errors alone do not.

    The root of Σ (value − mean)²/(real + error) = n − 1, the mean weighted alike; 0 where the
    errors would make them scatter more (Paule & Mandel 1982).
    """

    def excess(real: float) -> float:
        weights = [1 / (real + error) for error in errors]
        mean = weighted_mean(values, weights)
        scatter = fsum(w * (value - mean) ** 2 for w, value in zip(weights, values, strict=True))
        return scatter - (len(values) - 1)

    if len(values) < 2 or excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, (max(values) - min(values)) ** 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return high


def weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Whatever the order: the sums are exact."""
    return fsum(w * v for w, v in zip(weights, values, strict=True)) / (fsum(weights) or 1.0)


def as_estimate(mean: float, truth: LogNormal) -> Estimate:
    """The estimate with this mean, and with the relative spread and the skewness of the truth.

    A PERT estimate from mean − below to mean + above has the variance below·above/7 and the
    skewness (k−1)/√k · √7/4 with k = above/below. Its likely value lies within for k up to 5.
    """
    variance = mean**2 * truth.relative_variance()
    k = min(5.0, exp(2 * asinh(2 * truth.skewness() / sqrt(7))))
    below = min(sqrt(7 * variance / k), mean)
    above = min(7 * variance / below, 5 * below, 1 - mean) if below else 0.0
    below = min(7 * variance / above, 5 * above, mean) if above else 0.0
    if not below:
        return Estimate(mean, mean, mean)
    low, high = mean - below, mean + above
    return Estimate(low, min(max(mean + (below - above) / 4, low), high), high)
