"""How often a second look is right, and whether remembering how estimates turned out helps.

What is drawn for each second look, in plain words:

- A step whose true rate lies between 10 and 60 %, counted for twelve months, then for three months
  after the change. Between 10 and 1,000 prospects enter in the three months, as often 10 to 100 as
  100 to 1,000, and four times as many before.
- What the change did, in log odds: nothing in 40 of 100 looks, in the others 0.1, 0.2, 0.4 or 0.8
  up, or 0.4 down. The room had set a target 0.2 to 0.8 above the rate it had counted.
- In half of the looks the rate wanders from month to month, by 0.1 to 0.3 in log odds.
- In half, the deals after the change are still partly open: they are won after 20 days on average
  and lost after 40, and the count is taken on day 90. The verdict gets the corrected rate and what
  it is worth in cases; the others count open deals as lost.
- In a third, the step was chosen because it lay furthest below its benchmark, out of four like it.
  Its two years before are known.
- In a third, the change was for one of three segments, and the market moved all three, by 0.3 in
  log odds for one standard deviation.

The verdict is told what the app knows: the months before, older years where there are any, the
other segments where the change was for one (a target is then not asked for). Right is "moved"
where the change did good, "worse" where it did harm, "reached" where the true rate is at its
target. A false alarm is "moved" or "reached" where it did nothing. Others see the same counts: the
verdict without what else is known; a z-test of two shares at 5 %, one-sided; the rate went up; it
is at its target by the later count alone, with a chance of .8, or by eye.

The second part draws companies whose gains come true by a factor of their own, a half on average,
and in each step by another one around it. After so many steps looked at, the next round's
predicted ranges are scored by the interval score: as if nothing would change, as told, multiplied
by `recalibration` (also with variances that leave out how much steps differ), and as by somebody
who knows the company's factor.

Run it as `python bench/follow_up.py [rounds]`; every figure it prints is measured in that run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import NamedTuple

import numpy as np
from measuring import machine
from scipy.special import betainc, expit, logit

from workshop.analysis.calibration import widening
from workshop.analysis.follow_up import (
    REACHED,
    STEPS_DIFFER,
    Counted,
    Word,
    difference,
    interval_score,
    needed,
    overdispersion,
    recalibration,
    shrunk_baseline,
    variance_of_gain,
    verdict,
)
from workshop.analysis.maturity import FollowUp, effective_size, truth, within_horizon

LOOKS, ROUNDS, COMPANIES = 2_000, 10, 500
EFFECTS = (0.1, 0.2, 0.4, 0.8, -0.4)
MONTHS, DAYS = 12, 90
SEGMENTS = ("ours", "second", "third")

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class Look(NamedTuple):
    """One second look: what is known, and the truth."""

    months: list[Counted]  # before, of the segment where the change was for one
    older: list[Counted]
    after: Counted  # what the app makes of open deals
    as_listed: Counted  # by who counts open ones as lost
    target: float
    others: dict[str, tuple[Counted, Counted]]
    effect: float
    at_target: bool
    traits: frozenset[str]

    @property
    def before(self) -> Counted:
        return total(self.months)


def total(counts: Iterable[Counted]) -> Counted:
    advanced, entered = np.array([*counts]).sum(axis=0)
    return float(advanced), float(entered)


def look(stream: np.random.Generator) -> Look:
    traits = frozenset(
        trait
        for trait, chance in (("wanders", 1 / 2), ("open", 1 / 2), ("chosen", 1 / 3))
        if stream.random() < chance
    )
    of_segment = stream.random() < 1 / 3
    entered = int(10 ** stream.uniform(1, 3))
    level = logit(stream.uniform(0.1, 0.6))
    wander = stream.uniform(0.1, 0.3) if "wanders" in traits else 0.0
    effect = 0.0 if stream.random() < 0.4 else float(stream.choice(EFFECTS))
    candidates = 4 if "chosen" in traits else 1
    counted = [months(stream, level, wander, entered) for _ in range(candidates)]
    benchmarks = level + stream.normal(0, 0.1, candidates)
    below = [logit_of(total(each)) - b for each, b in zip(counted, benchmarks, strict=True)]
    before = counted[int(np.argmin(below))]
    older = [total(months(stream, level, wander, entered)) for _ in range(2 * (candidates > 1))]
    market = stream.normal(0, 0.3) if of_segment else 0.0
    later = level + market + effect
    after, as_listed = count_after(stream, later, wander, entered, "open" in traits)
    others = {}
    for name in SEGMENTS[1:] if of_segment else ():
        own = level + stream.normal(0, 0.3)
        afterwards = count_after(stream, own + market, wander, entered, "open" in traits)[0]
        others[name] = total(months(stream, own, wander, entered)), afterwards
    target = float(expit(logit_of(total(before)) + stream.uniform(0.2, 0.8)))
    return Look(
        before,
        older,
        after,
        as_listed,
        target,
        others,
        effect,
        bool(expit(later) >= target),
        traits | ({"segment"} if of_segment else set()) | size(entered),
    )


def size(entered: int) -> set[str]:
    return {"10 to 49" if entered < 50 else "50 to 199" if entered < 200 else "200 to 1,000"}


def logit_of(counted: Counted) -> float:
    return float(np.log((counted[0] + 0.5) / (counted[1] - counted[0] + 0.5)))


def months(stream: np.random.Generator, level: float, wander: float, entered: int) -> list[Counted]:
    """Twelve months, a third of `entered` in each."""
    rates = expit(level + stream.normal(0, wander, MONTHS))
    each = stream.poisson(entered / 3, MONTHS)
    return [*zip(stream.binomial(each, rates).tolist(), each.tolist(), strict=True)]


def count_after(
    stream: np.random.Generator, level: float, wander: float, entered: int, is_open: bool
) -> tuple[Counted, Counted]:
    """What the app makes of three months, and what a list of the won says."""
    month = stream.integers(3, size=entered)
    won = stream.random(entered) < expit(level + stream.normal(0, wander, 3))[month]
    if not is_open:
        return (float(won.sum()), float(entered)), (float(won.sum()), float(entered))
    followed = 1 + ((2 - month) * 30 + stream.integers(30, size=entered))
    took = 1 + stream.exponential(np.where(won, 20.0, 40.0)).astype(int)
    decided = took <= followed
    day = np.where(decided, took, followed)

    def by_day(these: Array) -> Array:
        return np.bincount(day[these], minlength=DAYS + 2)[1:]

    table = FollowUp(
        24 * np.arange(1, DAYS + 2), by_day(decided & won), by_day(decided & ~won), by_day(~decided)
    )
    effective = effective_size(within_horizon(table))
    advanced = float((decided & won).sum())
    return (truth(table).corrected * effective, effective), (advanced, float(entered))


# -- the ways of judging -------------------------------------------------------------------------


def ours(seen: Look) -> Word:
    """What the app says, with all that it knows."""
    wander = overdispersion(seen.months)
    before = shrunk_baseline(seen.before, seen.older)
    if not seen.others:
        return verdict(before, seen.after, seen.target, overdispersion=wander).word
    earlier = {SEGMENTS[0]: before} | {name: counts[0] for name, counts in seen.others.items()}
    later = {SEGMENTS[0]: seen.after} | {name: counts[1] for name, counts in seen.others.items()}
    return difference(earlier, later, SEGMENTS[0], overdispersion=wander).word


def counts_alone(seen: Look) -> Word:
    """The verdict on the two counts alone, by who knows nothing else."""
    return verdict(seen.before, seen.after, seen.target).word


def went_up(seen: Look) -> Word:
    (x, n), (later, entered) = seen.before, seen.as_listed
    return Word.MOVED if later * n > x * entered else Word.WORSE


def z_test(seen: Look) -> Word:
    (x, n), (later, entered) = seen.before, seen.as_listed
    pooled = (x + later) / (n + entered)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / entered))
    z = (later / entered - x / n) / error if error else 0.0
    return Word.MOVED if z > 1.645 else Word.WORSE if z < -1.645 else Word.TOO_EARLY


def at_target_by_later_count(seen: Look) -> Word:
    """Whether the rate is at its target with a chance of .8, by Jeffreys' posterior of it alone."""
    advanced, entered = seen.after
    below = betainc(advanced + 0.5, entered - advanced + 0.5, seen.target)
    return Word.REACHED if 1 - below >= REACHED else Word.TOO_EARLY


def by_eye(seen: Look) -> Word:
    later, entered = seen.as_listed
    return Word.REACHED if later >= seen.target * entered else Word.TOO_EARLY


WAYS: dict[str, Callable[[Look], Word]] = {
    "the verdict": ours,
    "its two counts alone": counts_alone,
    "z-test at 5 %": z_test,
    "the rate went up": went_up,
    "at target, later count": at_target_by_later_count,
    "at target, by eye": by_eye,
}


def is_right(said: Word, seen: Look) -> bool:
    match said:
        case Word.REACHED:
            return seen.at_target
        case Word.MOVED:
            return seen.effect > 0
        case Word.WORSE:
            return seen.effect < 0
        case _:
            return True


def share(which: Iterable[bool]) -> float:
    which = [*which]
    return sum(which) / len(which) if which else float("nan")


GOOD = (Word.REACHED, Word.MOVED)


def false_alarms(said: Sequence[tuple[Look, Word]]) -> float:
    return share(word in GOOD for seen, word in said if seen.effect == 0)


def found(said: Sequence[tuple[Look, Word]], least: float) -> float:
    return share(word in GOOD for seen, word in said if seen.effect >= least)


def figures(said: Sequence[tuple[Look, Word]]) -> list[float]:
    return [
        false_alarms(said),
        share(word is Word.WORSE for seen, word in said if seen.effect == 0),
        *(
            share(is_right(word, seen) for seen, word in said if word is one)
            for one in (Word.REACHED, Word.MOVED, Word.WORSE)
        ),
        found(said, 0.4),
        share(word is Word.TOO_EARLY for _, word in said),
    ]


HEADINGS = ("false", "worse at", "reached", "moved", "worse", "0.4 up", "too")
BELOW = ("alarms", "no effect", "right", "right", "right", "found", "early")


def judge(rounds: int) -> None:
    said: dict[str, list[list[tuple[Look, Word]]]] = {name: [] for name in WAYS}
    for seed in range(rounds):
        stream = np.random.default_rng(seed)
        looks = [look(stream) for _ in range(LOOKS)]
        for name, way in WAYS.items():
            said[name].append([(seen, way(seen)) for seen in looks])
    print(f"{LOOKS:,} second looks, {rounds} rounds: median (least to most), %")
    print(f"{'':<22}" + "".join(f"{word:>18}" for word in HEADINGS))
    print(f"{'':<22}" + "".join(f"{word:>18}" for word in BELOW))
    for name, by_round in said.items():
        told = np.array([figures(each) for each in by_round]) * 100
        print(f"{name:<22}" + "".join(f"{spread(column):>18}" for column in told.T))
    print()
    print("false alarms, %" + "".join(f"{name:>24}" for name in WAYS))
    for trait in (
        "all", "10 to 49", "50 to 199", "200 to 1,000", "wanders", "open", "chosen", "segment",
        "none of these",
    ):  # fmt: skip
        row = [
            spread(100 * np.array([false_alarms(of_trait(each, trait)) for each in by_round]))
            for by_round in said.values()
        ]
        print(f"{trait:<15}" + "".join(f"{cell:>24}" for cell in row))


def of_trait(said: Sequence[tuple[Look, Word]], trait: str) -> list[tuple[Look, Word]]:
    plain = {"wanders", "open", "chosen", "segment"}
    return [
        (seen, word)
        for seen, word in said
        if trait == "all"
        or trait in seen.traits
        or (trait == "none of these" and not plain & seen.traits)
    ]


def spread(values: Array) -> str:
    values = values[~np.isnan(values)]
    if not len(values):
        return "–"
    return f"{median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


# -- when it can show ----------------------------------------------------------------------------


def show(rounds: int) -> None:
    """How often a rate that is truly at its target shows once `needed` cases have entered."""
    shown: dict[str, list[list[bool]]] = {}
    for seed in range(rounds):
        stream = np.random.default_rng(seed)
        by_size: dict[str, list[bool]] = {}
        for _ in range(LOOKS):
            entered = int(10 ** stream.uniform(2, 3.6))
            rate = stream.uniform(0.1, 0.6)
            before = float(stream.binomial(entered, rate)), float(entered)
            target = float(expit(logit_of(before) + stream.uniform(0.2, 0.8)))
            cases = needed(before, target)
            if cases is None:
                by_size.setdefault("never", []).append(True)
                continue
            later = float(stream.binomial(cases, target)), float(cases)
            word = verdict(before, later, target).word
            for name in ("all that can show", *size(max(10, min(cases, 999)))):
                by_size.setdefault(name, []).append(word in GOOD)
        for name, answers in by_size.items():
            shown.setdefault(name, []).append(answers)
    print("\na rate truly at its target, counted on `needed` cases: called moved or reached, %")
    for name in ("all that can show", "10 to 49", "50 to 199", "200 to 1,000"):
        print(f"  {name:<20}{spread(100 * np.array([share(each) for each in shown[name]])):>20}")
    never = np.array([len(each) for each in shown["never"]]) / LOOKS
    print(f"  never, says `needed`{spread(100 * never):>20}")


# -- whether it helps to remember how estimates turned out ---------------------------------------


class Step(NamedTuple):
    """An estimate of a step's rate, and what became of it."""

    predicted: float
    before: Counted
    after: Counted

    @property
    def rates(self) -> tuple[float, float]:
        return self.before[0] / self.before[1], self.after[0] / self.after[1]


def step(stream: np.random.Generator, comes_true: float) -> Step:
    """A step whose predicted gain comes true by a factor around the company's."""
    entered = int(10 ** stream.uniform(2, 3.3))
    rate, gain = stream.uniform(0.15, 0.5), stream.uniform(0.03, 0.12)
    counted = float(stream.binomial(entered, rate)), float(entered)
    true = np.clip(rate + gain * stream.normal(comes_true, 0.5), 0.01, 0.99)
    later = max(10, entered // 4)
    after = float(stream.binomial(later, true)), float(later)
    return Step(counted[0] / counted[1] + gain, counted, after)


def factor(steps: Sequence[Step], sampling_alone: bool = False) -> float:
    variances = [variance_of_gain(each.predicted, each.before, each.after) for each in steps]
    if sampling_alone:
        variances = [variance - STEPS_DIFFER**2 for variance in variances]
    old, new = zip(*(each.rates for each in steps), strict=True) if steps else ((), ())
    return recalibration([each.predicted for each in steps], old, new, variances)


def score(stepped: Step, by: float) -> float:
    """The interval score, in points, of the range of the later rate if gains come true by `by`."""
    old, new = stepped.rates
    gain = by * (stepped.predicted - old)
    rate = min(max(old + gain, 0.01), 0.99)
    sampling = rate * (1 - rate) / stepped.after[1] + old * (1 - old) / stepped.before[1]
    reach = 1.2816 * np.sqrt(sampling + (TOLD_SD * widening(0, 0) * gain) ** 2)
    return 100 * interval_score(old + gain - reach, old + gain + reach, new)


TOLD_SD = 0.3  # of a gain, as a part of it: what rooms say, and too little


def remember(rounds: int) -> None:
    print("\nnext round's ranges, interval score in points (less is better)")
    columns = ("no change", "as told", "1 look", "2 looks", "4 looks", "4, no spread", "known")
    print(f"{'gains come true by':<22}" + "".join(f"{name:>18}" for name in columns))
    for name, mean, sd in (("0.5 ± 0.3", 0.5, 0.3), ("1.0 ± 0.15", 1.0, 0.15), ("0 ± 0.3", 0, 0.3)):
        by_round = []
        for seed in range(rounds):
            stream, scores = np.random.default_rng(seed), []
            for _ in range(COMPANIES):
                comes_true = stream.normal(mean, sd)
                seen = [step(stream, comes_true) for _ in range(4)]
                ways = [0.0, 1.0, *(factor(seen[:looks]) for looks in (1, 2, 4))]
                ways += [factor(seen, sampling_alone=True), comes_true]
                following = [step(stream, comes_true) for _ in range(4)]
                scores += [[score(each, by) for by in ways] for each in following]
            by_round.append(np.array(scores).mean(axis=0))
        print(f"{name:<22}" + "".join(f"{spread(col):>18}" for col in np.array(by_round).T))


if __name__ == "__main__":
    print(machine("numpy", "scipy"))
    of_rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    judge(of_rounds)
    show(of_rounds)
    remember(of_rounds)
