"""The second look: did a rate move, when can it show, and how good were the estimates.

A count is a pair (advanced, entered). Both may have fractions: of a step with open deals they are
the effective numbers of the corrected rate, `rate · m` and `m` (`maturity`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, fsum, inf, isfinite, log, sqrt

from scipy.special import logit, ndtr, ndtri

from workshop.domain.checks import refuse_outside

Counted = tuple[float, float]

PRIOR_SD = 0.4
"""Of a change in log odds, before anything is counted: half of all changes lie within ±0.27, from
40 % that is 34 to 47 %."""

REACHED = 0.8  # the chance that the rate is at its target, at least; it must have moved as well
MOVED = 0.9  # the chance that the rate went up, at least; worse where that it fell is as likely
ERRORS = 1.6
"""Standard errors that a change must also have, at least. Of many cases the prior says little, and
a chance of 0.9 alone would come by luck in one of ten; `bench/follow_up.py` shows it."""

SURE = 1.28 + 0.84  # standard errors: one-sided 10 %, power 80 %
FEWEST_MONTHS = 6  # to tell months that wander from chance
PRIOR_LOOKS = 4.0  # the weight of "as told", before any look is known: a variance of 1/4
STEPS_DIFFER = 0.5  # standard deviation of how estimates of one company come true


class Word(StrEnum):
    """What a second look says of a commitment.

    Not done is what its owners say, whatever the numbers are; no count gives it.
    """

    NOT_DONE = "not_done"
    REACHED = "reached"
    MOVED = "moved"
    WORSE = "worse"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a rate after a change.

    `p_up` is the chance, 0..1, that it went up, `p_target` that it is at its target or above
    (None without a target). `mean` and `sd` are of the change in log odds, after the sceptical
    prior. `word` is what follows from the chances; without others to compare with it says that
    the rate moved, never because of what.
    """

    p_up: float
    p_target: float | None
    mean: float
    sd: float
    word: Word


def verdict(
    before: Counted,
    after: Counted,
    target: float | None = None,
    prior_sd: float = PRIOR_SD,
    overdispersion: float = 1.0,
) -> Verdict:
    """Whether a rate went up between two counts, and whether it is at its target, 0..1.

    With L = ln((x+½)/(n−x+½)) and its variance 1/(x+½) + 1/(n−x+½) (Gart & Zweifel 1967), times
    the `overdispersion` of the months, the change D = L₁ − L₀ of variance V meets a sceptical
    prior N(0, prior_sd²): m = prior_sd²·D/(prior_sd² + V), s² = prior_sd²·V/(prior_sd² + V),
    p_up = Φ(m/s). The target is asked of the same posterior, with what both counts and the prior
    say of the later rate, and not of the later count alone: that would call one deal of one a
    target of 50 % reached. The word is "reached" only of a rate that has moved as well, unless the
    target was not above the rate before: one close to it would too often be reached by chance.

    Raises ValueError where more advanced than entered, or a number is out of its range.

    >>> seen = verdict((280, 700), (40, 81), target=0.5)
    >>> round(seen.p_up, 3), round(seen.p_target, 3), str(seen.word)
    (0.92, 0.284, 'moved')
    >>> round(verdict((280, 700), (36, 81)).p_up, 3), round(verdict((21, 84), (5, 10)).p_up, 3)
    (0.751, 0.807)
    """
    refuse_outside("the overdispersion", overdispersion, 1, 1e6)
    (old, old_variance), (new, new_variance) = log_odds(before), log_odds(after)
    old_variance, new_variance = overdispersion * old_variance, overdispersion * new_variance
    seen = judged(new - old, old_variance + new_variance, prior_sd)
    if target is None:
        return seen
    refuse_outside("the target", target, 0, 1)
    # The later rate as expected before it was counted, then with the count.
    expected = old_variance + prior_sd**2
    known = expected + new_variance
    later = (new * expected + old * new_variance) / known
    p_target = float(ndtr((later - logit(target)) / sqrt(expected * new_variance / known)))
    rose = seen.word is Word.MOVED or logit(target) <= old
    word = Word.REACHED if p_target >= REACHED and rose else seen.word
    return replace(seen, p_target=p_target, word=word)


def judged(change: float, variance: float, prior_sd: float) -> Verdict:
    """The verdict on a change of log odds, after the prior N(0, prior_sd²), without a target."""
    refuse_outside("the standard deviation of the prior", prior_sd, 1e-6, 1e6)
    prior = prior_sd**2
    mean = prior * change / (prior + variance)
    sd = sqrt(prior * variance / (prior + variance))
    p_up, errors = float(ndtr(mean / sd)), change / sqrt(variance)
    word = Word.TOO_EARLY
    if p_up >= MOVED and errors >= ERRORS:
        word = Word.MOVED
    elif p_up <= 1 - MOVED and errors <= -ERRORS:
        word = Word.WORSE
    return Verdict(p_up, None, mean, sd, word)


def log_odds(counted: Counted) -> tuple[float, float]:
    """The log odds of a rate, and their variance, from a count."""
    advanced, entered = counted
    refuse_outside("the number that entered", entered, 0, 1e12)
    refuse_outside("the number that advanced", advanced, 0, entered)
    won, lost = advanced + 0.5, entered - advanced + 0.5
    return log(won / lost), 1 / won + 1 / lost


def difference(
    before: Mapping[str, Counted],
    after: Mapping[str, Counted],
    segment: str,
    prior_sd: float = PRIOR_SD,
    overdispersion: float = 1.0,
) -> Verdict:
    """How a segment changed beyond the others: the verdict on an idea that was for it alone.

    From the change D of the segment is taken that of the other segments, their mean weighted by
    1/V, and its variance 1/Σ(1/V) is added (difference in differences): what moved all of them
    does not count, and segments that have become larger or smaller do not either. Whether the
    segment is at its target is for `verdict` to say.

    Raises ValueError where the segment, or any other one, was not counted both times.

    >>> before = {"Search": (80, 200), "Fair": (60, 150), "Mail": (30, 100)}
    >>> after = {"Search": (100, 200), "Fair": (75, 150), "Mail": (39, 100)}
    >>> round(verdict(before["Search"], after["Search"]).p_up, 3)
    0.963
    >>> round(difference(before, after, "Search").p_up, 3)
    0.504
    """
    changes = {
        name: change(before[name], after[name], overdispersion) for name in before if name in after
    }
    if segment not in changes:
        raise ValueError(f"'{segment}' was not counted both times; there is nothing to compare")
    own, own_variance = changes.pop(segment)
    if not changes:
        raise ValueError(f"no other segment than '{segment}' was counted both times")
    weight = fsum(1 / variance for _, variance in changes.values())
    others = fsum(moved / variance for moved, variance in changes.values()) / weight
    return judged(own - others, own_variance + 1 / weight, prior_sd)


def change(before: Counted, after: Counted, overdispersion: float = 1.0) -> tuple[float, float]:
    """The change of the log odds between two counts, and its variance."""
    refuse_outside("the overdispersion", overdispersion, 1, 1e6)
    (old, old_variance), (new, new_variance) = log_odds(before), log_odds(after)
    return new - old, overdispersion * (old_variance + new_variance)


def needed(before: Counted, target: float) -> int | None:
    """How many must have entered afterwards until a rate at its target can be told from before.

    n = z²·p₁(1−p₁)/[(p₁−p₀)² − z²·p₀(1−p₀)/n₀] with z = 1.28 + 0.84: one-sided 10 %, and a rate
    that is truly at its target shows in 80 of 100 cases.

    None where it never shows: nobody was counted before, so few that no later count makes up for
    it, or the target is not above what was counted.

    Raises ValueError where more advanced than entered, or the target is no rate.

    >>> needed((280, 700), 0.5), needed((21, 84), 0.35)
    (133, None)
    """
    advanced, entered = before
    log_odds(before)
    refuse_outside("the target", target, 0, 1)
    if entered == 0:
        return None
    rate = advanced / entered
    shows = (target - rate) ** 2 - SURE**2 * rate * (1 - rate) / entered
    if target <= rate or shows <= 0:
        return None
    return max(1, ceil(SURE**2 * target * (1 - target) / shows - 1e-9))


def days_to_show(cases: int, entered_a_day: float, step_days: float) -> float | None:
    """The days until so many have entered and passed the step; None where nobody enters.

    `entered_a_day` is today's inflow, `step_days` the days within which 90 of 100 pass the step.

    Raises ValueError where a number is below 0.

    >>> round(days_to_show(133, 700 / 365, 30))
    99
    """
    refuse_outside("the number of cases", cases, 0, 1e12)
    refuse_outside("the number that enter a day", entered_a_day, 0, 1e12)
    refuse_outside("the days of the step", step_days, 0, 36_500)
    return cases / entered_a_day + step_days if entered_a_day else None


def more_needed(
    before: Counted,
    after: Counted,
    target: float | None = None,
    prior_sd: float = PRIOR_SD,
    overdispersion: float = 1.0,
) -> int | None:
    """About how many more must enter until it is no longer too early to say; 0 where it is not.

    With a target: what `needed` asks for, less those that have entered, as long as that is more
    than none. Else so many that a change as large as it now looks, after the prior, would show.

    None where that never shows with this baseline.

    Raises ValueError as `verdict` does.

    >>> more_needed((280, 700), (36, 81), target=0.5)
    52
    >>> more_needed((280, 700), (40, 81))
    0
    """
    seen = verdict(before, after, target, prior_sd, overdispersion)
    if seen.word is not Word.TOO_EARLY:
        return 0
    asked = None if target is None else needed(before, target)
    if asked is not None and asked > after[1]:
        return ceil(asked - after[1])
    # The variance V of the change at which m/s is just far enough: V² + prior·V = prior·(D/z)².
    prior, distance = prior_sd**2, seen.mean / float(ndtri(MOVED))
    enough = (sqrt(prior**2 + 4 * prior * distance**2) - prior) / 2
    left = min(enough, (seen.mean / ERRORS) ** 2) / overdispersion - log_odds(before)[1]
    if left <= 0:
        return None
    rate = (after[0] + 0.5) / (after[1] + 1)
    return max(1, ceil(1 / (left * rate * (1 - rate)) - after[1]))


def overdispersion(months: Sequence[Counted]) -> float:
    """How much more the rate of a step wanders from month to month than chance: a factor ≥ 1.

    max(1, χ²/(k − 1)) over k months that somebody entered, from six on; of fewer it is 1, since
    they cannot tell (McCullagh & Nelder 1989, "Generalized Linear Models", quasi-likelihood).
    Variances of counts of this step are to be multiplied by it.

    Raises ValueError where more advanced than entered.

    >>> round(overdispersion([(20, 50), (30, 50), (15, 50), (25, 50), (35, 50), (25, 50)]), 3)
    4.0
    >>> overdispersion([(20, 50), (30, 50)])
    1.0
    """
    counted = [month for month in months if log_odds(month) and month[1] > 0]
    return heterogeneity(counted) if len(counted) >= FEWEST_MONTHS else 1.0


def heterogeneity(counted: Sequence[Counted]) -> float:
    """max(1, χ²/(k − 1)) of counts that would have one rate."""
    entered = fsum(n for _, n in counted)
    rate = fsum(x for x, _ in counted) / entered if entered else 0.0
    if not 0 < rate < 1 or len(counted) < 2:
        return 1.0
    squares = fsum((x - n * rate) ** 2 / (n * rate * (1 - rate)) for x, n in counted if n > 0)
    return max(1.0, squares / (len(counted) - 1))


def shrunk_baseline(before: Counted, older: Sequence[Counted]) -> Counted:
    """The count before, pulled towards the older ones of the same step: a pair like them.

    A step that was chosen because it was the worst was so in part by chance, and would have come
    back by itself (regression towards the mean). The older counts are added to the one before,
    divided by how much more they all differ than by chance: w = n/(n + m) of the rate is its own,
    m being what the older counts tell. Without older ones the count stays.

    Raises ValueError where more advanced than entered.

    >>> advanced, entered = shrunk_baseline((20, 100), older=[(30, 100), (32, 100)])
    >>> round(advanced / entered, 3), round(entered)
    (0.254, 196)
    """
    counts = [before, *older]
    for counted in counts:
        log_odds(counted)
    differ = heterogeneity([counted for counted in counts if counted[1] > 0])
    advanced = before[0] + fsum(x for x, _ in older) / differ
    entered = before[1] + fsum(n for _, n in older) / differ
    return min(advanced, entered), entered


def interval_score(low: float, high: float, outcome: float, level: float = 0.8) -> float:
    """How good a range was, in its own unit; less is better.

    (u − l) + 2/(1 − level)·(how far the outcome lies outside): narrow is good, and to be outside
    costs ten times the distance at a level of 0.8. Who states the range that they believe in
    expects the best score (Gneiting & Raftery 2007, "Strictly Proper Scoring Rules").

    Raises ValueError where the range is no range, or unless 0 < level < 1.

    >>> round(interval_score(0.4, 0.5, 0.45), 3), round(interval_score(0.4, 0.5, 0.53), 3)
    (0.1, 0.4)
    """
    if not 0 < level < 1:
        raise ValueError(f"the level is {level:g}; it must lie between 0 and 1, both excluded")
    if not low <= high or not all(map(isfinite, (low, high, outcome))):
        raise ValueError(f"the range is {low:g} to {high:g}, the outcome {outcome:g}; mend these")
    return (high - low) + 2 / (1 - level) * max(low - outcome, outcome - high, 0.0)


def variance_of_gain(predicted: float, before: Counted, after: Counted) -> float:
    """The variance of r = (p₁ − p₀)/(predicted − p₀) of one look, for `recalibration`.

    That of the two counted rates over the square of the predicted gain, and 0.25 for what differs
    from step to step, so that one look counts no more than all that is believed before. `inf`
    where no gain was predicted.

    Raises ValueError where more advanced than entered, or `predicted` is no rate.

    >>> round(variance_of_gain(0.5, (280, 700), (43, 100)), 3)
    0.527
    """
    refuse_outside("the predicted rate", predicted, 0, 1)
    for counted in (before, after):
        log_odds(counted)
    gain = predicted - (before[0] / before[1] if before[1] else 0.0)
    if not gain:
        return inf
    smooth = [((x + 0.5) / (n + 1), n + 1) for x, n in (before, after)]
    return fsum(rate * (1 - rate) / n for rate, n in smooth) / gain**2 + STEPS_DIFFER**2


def recalibration(
    predicted: Sequence[float],
    before: Sequence[float],
    after: Sequence[float],
    variances: Sequence[float],
) -> float:
    """By what factor this company's estimated gains have come true: to multiply the next ones by.

    For each step that was looked at again, `predicted` is the rate that was expected, `before`
    and `after` those counted, 0..1, and `variances` those of r = (after − before)/(predicted −
    before), as `variance_of_gain` has them. The factor is the mean of the r weighted by
    1/variance, with a belief of weight 4 that all comes true as told, (Σ r/v + 4)/(Σ 1/v + 4). A
    step that nobody expected to move says nothing and is left out. Where rates went the other way
    the factor may lie below 0: then nothing of what is told can be expected.

    Raises ValueError where the lengths differ, a rate is none, or a variance is not above 0.

    >>> round(recalibration([0.5, 0.35], [0.4, 0.25], [0.43, 0.25], [0.25, 0.5]), 3)
    0.52
    """
    if len({len(predicted), len(before), len(after), len(variances)}) > 1:
        raise ValueError("each look needs a predicted rate, one before, one after, and a variance")
    told, weights = PRIOR_LOOKS, PRIOR_LOOKS
    for expected, old, new, variance in zip(predicted, before, after, variances, strict=True):
        for rate in (expected, old, new):
            refuse_outside("a rate", rate, 0, 1)
        if not variance > 0:
            raise ValueError(f"a variance is {variance:g}; it must be above 0")
        if expected != old:
            told += (new - old) / (expected - old) / variance
            weights += 1 / variance
    return told / weights
