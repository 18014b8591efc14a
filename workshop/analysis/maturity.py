"""What share of the leads will have advanced once those still open are decided too.

Who counts the open ones as lost says too little; who leaves them out listens only to those who
were quick. Of an open lead it is known that nothing happened until the export, and that is
enough. Times are hours since a lead entered the step, rates are fractions 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from workshop.analysis.conversion import CERTAIN, Array, jeffreys_interval
from workshop.domain.import_codes import Basis as Basis
from workshop.wording import figures

LEVEL = 0.9
HOURS_OF_A_DAY = 24
FEWEST_TO_MISS = 5.0  # where 5 are expected, the chance to see none is e⁻⁵, less than 1 %


@dataclass(frozen=True, slots=True, eq=False)
class FollowUp:
    """The leads of one step, grouped by the hours since they entered it; arrays of one length.

    `advanced` and `lost` count who left after so many hours, `open` who was still there at the
    export, so many hours after entering. In one and the same hour, who left did so first.

    Raises ValueError where the hours do not increase from 0 on, or a count is not a whole number.

    >>> followed = FollowUp([24, 48, 72, 96], [2, 1, 1, 0], [1, 0, 1, 0], [0, 2, 0, 2])
    >>> followed.entered, followed.at_risk.tolist()
    (10, [10.0, 7.0, 4.0, 2.0])
    """

    hours: Array
    advanced: Array
    lost: Array
    open: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", _increasing(self.hours))
        for name in ("advanced", "lost", "open"):
            counts = _counts(f"the number {name}", getattr(self, name), len(self.hours))
            object.__setattr__(self, name, counts)

    @property
    def entered(self) -> int:
        return int(self.decided.sum() + self.open.sum())

    @property
    def decided(self) -> Array:
        """How many advanced or were lost after so many hours."""
        return np.asarray(self.advanced + self.lost)

    @property
    def at_risk(self) -> Array:
        """How many were followed so long, and still there just before each hour."""
        return np.asarray((self.decided + self.open)[::-1].cumsum()[::-1])

    @property
    def remaining(self) -> Array:
        """The share still undecided just before each hour, were nobody's follow-up cut short.

        Kaplan & Meier (1958), with advanced and lost as one event.
        """
        leaving = self.decided / np.maximum(self.at_risk, 1)
        return np.cumprod(np.concatenate([[1.0], 1 - leaving]))[:-1]

    def until(self, rows: int) -> FollowUp:
        """The same leads, with whatever happened to them after the first rows left unseen."""
        later = np.zeros(rows)
        later[-1:] = (self.decided + self.open)[rows:].sum()
        return FollowUp(
            self.hours[:rows], self.advanced[:rows], self.lost[:rows], self.open[:rows] + later
        )


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """The share of all who entered that has advanced after so many hours: a step function."""

    hours: Array
    cumulative: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", _increasing(self.hours))
        shares = np.array(self.cumulative, np.float64)
        object.__setattr__(self, "cumulative", shares)
        if len(shares) != len(self.hours):
            raise ValueError(
                f"there are {len(shares)} shares; it must be {len(self.hours)}, one an hour"
            )
        for share in shares[~((shares >= 0) & (shares <= 1))]:
            raise ValueError(f"a share is {share:g}; it must lie between 0 and 1")
        for k in np.flatnonzero(np.diff(shares) < 0):
            raise ValueError(f"share {shares[k + 1]:g} follows {shares[k]:g}; it cannot fall")

    def after(self, hours: Array) -> Array:
        """The share that has advanced by then; past the last hour, the last share.

        >>> Incidence([24, 48], [0.2, 0.3]).after([0, 24, 30, 500]).tolist()
        [0.0, 0.2, 0.2, 0.3]
        """
        steps = np.concatenate([[0.0], self.cumulative])
        return np.asarray(steps[np.searchsorted(self.hours, hours, side="right")])


@dataclass(frozen=True, slots=True)
class Truth:
    """One step's rate, said in three ways, each with its 90 % interval.

    `naive` takes the open leads for lost; `closed_only` leaves them out; `corrected` is the share
    that has advanced within `horizon_days` of entering, by all that is known of the open ones.
    Where nobody entered, or nobody is closed, the rate is 0 and its interval 0 to 1.
    """

    entered: int
    advanced: int
    lost: int
    naive: float
    naive_low: float
    naive_high: float
    closed_only: float
    closed_low: float
    closed_high: float
    corrected: float
    low: float
    high: float
    open_share: float
    horizon_days: float


def truth(followed: FollowUp) -> Truth:
    """The rate of one step, naive, of the closed ones only, and corrected for the open ones.

    >>> told = truth(FollowUp([24, 48, 72, 96], [2, 1, 1, 0], [1, 0, 1, 0], [0, 2, 0, 2]))
    >>> round(told.naive, 4), round(told.closed_only, 4), round(told.corrected, 4)
    (0.4, 0.6667, 0.45)
    >>> round(told.low, 4), round(told.high, 4), told.open_share, told.horizon_days
    (0.2036, 0.719, 0.4, 4.0)
    """
    entered = followed.entered
    advanced, lost = float(followed.advanced.sum()), float(followed.lost.sum())
    seen = within_horizon(followed)
    corrected = float(incidence(seen).cumulative[-1]) if entered else 0.0
    size = effective_size(seen)
    return Truth(
        entered,
        int(advanced),
        int(lost),
        *_rate_and_interval(advanced, entered - advanced),
        *_rate_and_interval(advanced, lost),
        corrected,
        *jeffreys_interval(corrected * size, (1 - corrected) * size, LEVEL),
        open_share=float(followed.open.sum()) / entered if entered else 0.0,
        horizon_days=float(seen.hours[-1]) / HOURS_OF_A_DAY if entered else 0.0,
    )


def incidence(followed: FollowUp) -> Incidence:
    """The cumulative incidence of advancing, with being lost as the competing event.

    Aalen & Johansen (1978), "An Empirical Transition Matrix for Non-Homogeneous Markov Chains
    Based on Censored Observations": of those remaining, a share advanced/at risk advances.

    >>> followed = FollowUp([24, 48, 72, 96], [2, 1, 1, 0], [1, 0, 1, 0], [0, 2, 0, 2])
    >>> incidence(followed).cumulative.round(4).tolist()
    [0.2, 0.3, 0.45, 0.45]
    """
    increments = followed.remaining * followed.advanced / np.maximum(followed.at_risk, 1)
    return Incidence(followed.hours, np.minimum(increments.cumsum(), 1))


def variance(followed: FollowUp) -> float:
    """Variance of the last value of the cumulative incidence of advancing, by the delta method.

    Marubini & Valsecchi (1995), "Analysing Survival Data from Clinical Trials and Observational
    Studies", chapter 10. Without open leads it is F·(1 − F)/entered.

    >>> followed = FollowUp([24, 48, 72, 96], [2, 1, 1, 0], [1, 0, 1, 0], [0, 2, 0, 2])
    >>> round(variance(followed), 6)
    0.030375
    """
    n, d, won, before = followed.at_risk, followed.decided, followed.advanced, followed.remaining
    n = np.maximum(n, 1)
    reached = incidence(followed).cumulative
    to_come = reached[-1:] - reached
    of_all = to_come**2 * d / (n * np.where(n > d, n - d, 1))  # nothing is to come where n = d
    of_advanced = before**2 * (n - won) * won / n**3
    of_both = to_come * before * won / n**2
    return float((of_all + of_advanced - 2 * of_both).sum())


def effective_size(followed: FollowUp) -> float:
    """How many leads with a known end would say as much as these do.

    F·(1 − F)/variance (Cutler & Ederer 1958; Dorey & Korn 1987, "Effective Sample Sizes for
    Confidence Intervals for Survival Probabilities"), and never more than entered. Where all or
    none advanced there is no variance to go by; then it is those whose end is known at the last
    hour.

    >>> followed = FollowUp([24, 48, 72, 96], [2, 1, 1, 0], [1, 0, 1, 0], [0, 2, 0, 2])
    >>> round(effective_size(followed), 3)
    8.148
    """
    if not followed.entered:
        return 0.0
    share = float(incidence(followed).cumulative[-1])
    if CERTAIN < share < 1 - CERTAIN:
        return min(share * (1 - share) / variance(followed), float(followed.entered))
    known_at_the_end = followed.entered - float(followed.open[:-1].sum())
    return known_at_the_end if followed.hours[-1] else float(followed.decided.sum())


def rows_that_count(followed: FollowUp) -> int:
    """How many rows rest on enough leads: where the horizon lies.

    The incidence gives what is seen after t hours the weight entered·remaining/at risk: for so
    many leads one lead stands, itself and those whose follow-up ended before. It is 1 until the
    first open one and only grows. The horizon is the last hour at which it is at most 20, and at
    most a tenth of all; of fewer than 20 leads, at most 2. Leads that entered in the hour of the
    export say nothing and do not count.

    >>> rows_that_count(FollowUp([24, 48, 72, 96], [2, 1, 1, 0], [1, 0, 1, 0], [0, 2, 0, 2]))
    4
    """
    just_entered = float(followed.open[followed.hours == 0].sum())
    entered = followed.entered - just_entered
    weights = entered * followed.remaining / np.maximum(followed.at_risk, 1)
    counts = (followed.at_risk > 0) & (weights <= np.clip(entered / 10, 2, 20) * (1 + 1e-9))
    return int(np.flatnonzero(counts)[-1]) + 1 if counts.any() else 0


def within_horizon(followed: FollowUp) -> FollowUp:
    """The same leads, seen up to the horizon only.

    >>> followed = FollowUp([24, 48, 5000], [90, 0, 1], [10, 0, 0], [0, 98, 1])
    >>> incidence(within_horizon(followed)).cumulative.tolist()
    [0.45, 0.45]
    """
    return followed.until(rows_that_count(followed))


def disagreement(told: Truth) -> str | None:
    """A warning where a simpler rate lies outside the interval of the corrected one.

    >>> told = disagreement(truth(FollowUp([24, 48], [200, 0], [300, 0], [0, 500])))
    >>> told.split("; ")[0]
    '50 % are still open: leaving them out gives 40 %'
    >>> told.split("; ")[1]
    'corrected for them it is 20 % within 2 days (18 % to 22 %).'
    """
    sayings = [
        (told.naive, "counting them as lost gives {}"),
        (told.closed_only, "leaving them out gives {}"),
    ]
    outside = [
        saying.format(figures.percent(rate))
        for rate, saying in sayings
        if not told.low <= rate <= told.high
    ]
    if not outside:
        return None
    sentence = (
        f"{figures.percent(told.open_share)} are still open: {' and '.join(outside)}; corrected "
        f"for them it is {figures.percent(told.corrected)} within "
        f"{figures.days(max(1, round(told.horizon_days)))} "
        f"({figures.percent(told.low)} to {figures.percent(told.high)})."
    )
    return sentence if told.lost else f"{sentence} No loss is recorded."


def expected_before(hours: Array, leads: Array, curve: Incidence) -> float:
    """How many should have advanced before a date, of leads that entered before it.

    `leads` counts those who entered so many `hours` before the date; `curve` is best drawn from
    leads that entered after it: `incidence(within_horizon(…))`.

    >>> expected_before([30, 500], [10, 100], Incidence([24, 48], [0.2, 0.3]))
    32.0
    """
    return float(_counts("the number of leads", leads, len(hours)) @ curve.after(hours))


def truncation(expected: float, first: date, won: str = "Won") -> str | None:
    """A warning where nobody is recorded as won before a date, though 5 or more were expected.

    >>> truncation(45.2, date(2017, 12, 5)).split(": ")[0]
    'Nobody is recorded as Won before 5 December 2017, though about 45 should have been'
    >>> truncation(4.9, date(2017, 12, 5))
    """
    if expected < FEWEST_TO_MISS:
        return None
    return (
        f"Nobody is recorded as {won} before {figures.day(first)}, though about "
        f"{figures.count(expected)} should have been: leads from before that day look worse "
        "than they were."
    )


def _rate_and_interval(advanced: float, others: float) -> tuple[float, float, float]:
    everyone = advanced + others
    rate = advanced / everyone if everyone else 0.0
    return (rate, *jeffreys_interval(advanced, others, LEVEL))


def _increasing(hours: Array) -> Array:
    times = np.array(hours, np.float64)
    for hour in times[~np.isfinite(times) | (times < 0)]:
        raise ValueError(f"an hour is {hour:g}; it must be 0 or more")
    for k in np.flatnonzero(np.diff(times) <= 0):
        raise ValueError(f"hour {times[k + 1]:g} follows hour {times[k]:g}; hours must increase")
    return times


def _counts(name: str, numbers: Array, length: int) -> Array:
    counts = np.array(numbers, np.float64)
    if len(counts) != length:
        raise ValueError(f"{name} has {len(counts)} entries; it must have {length}, one an hour")
    for count in counts[~((counts >= 0) & (np.floor(counts) == counts) & (counts < np.inf))]:
        raise ValueError(f"{name} is {count:g}; it must be a whole number from 0 on")
    return counts
