"""Which ideas come out on top when nobody knows the numbers exactly.

Every draw is one possible truth: the entrants and the rates, shared by all ideas (common random
numbers), and for each idea what it wins back and whether it works at all. An idea's own draws
come from a stream that only its step, reason, segment, lever and estimate decide. So the same
question has the same answer, other ideas change nothing about it, and ideas that say exactly the
same share their fate and their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pandas as pd

from workshop.analysis import pert
from workshop.analysis.conversion import Array, posterior, share_of_entered
from workshop.analysis.gains import gains_alone, parts, portion, refuse_foreign, stakes, target
from workshop.domain.checks import refuse_outside
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Effect, Estimate

Draws = npt.NDArray[np.float32]

PLACES = 100_000
LEAST_DRAWS = 500
"""Places are costly to count: of many ideas' draws only the first so many are, at least these."""

LARGEST = 1e100
"""Gains and standard deviations beyond this are a mistake, and their squares would overflow."""


def rank(f: Funnel, effects: Sequence[Effect], draws: int = 4096, seed: int = 0) -> pd.DataFrame:
    """What each idea may be worth alone, and which place it may take among these ideas.

    A row an idea, in the order given:

    - `gain`: expected extra revenue of a cohort, as `gain` has it, in currency;
    - `p10`, `p50`, `p90`: that fraction of the draws brings in at most so much, in currency;
    - `p_top3`: the chance, 0..1, of being among the best three (equals share the places left);
    - `rank_low`, `rank_high`: the place, from 1, that 10 % and 90 % of the draws do not exceed;
      equals take the better place;
    - `shrunk`: `gain` after `shrink`, with what the estimate alone leaves uncertain as its sd.

    Raises ValueError where an effect does not fit the funnel, or draws are not 1 to 1,000,000.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> ranking = rank(f, [Effect(3, Estimate(.1, .1, .1)), Effect(0, Estimate(0, .1, .2))])
    >>> ranking["gain"].round().tolist()
    [50400.0, 31200.0]
    """
    effects = tuple(effects)
    simulated = simulate(f, effects, draws, seed)
    enough = max(LEAST_DRAWS, PLACES // max(1, len(effects)))
    first_places = np.sort(places(simulated[:, :enough]), axis=1)
    expected = gains_alone(f, effects)
    spread = np.array([relative_sd(effect.recovers) for effect in effects])
    return pd.DataFrame(
        {
            "gain": expected,
            **percentiles(simulated),
            "p_top3": chance_of_top(simulated, 3),
            "rank_low": at(first_places, 10),
            "rank_high": at(first_places, 90),
            "shrunk": shrink(expected, expected * spread),
        }
    )


def alone(
    f: Funnel, effects: Sequence[Effect], draws: int = 4096, seed: int = 0
) -> dict[str, Array]:
    """What each idea may be worth alone: the columns `gain`, `p10`, `p50`, `p90` of `rank`.

    Without the places, which only a comparison of all ideas has.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> alone(f, [Effect(3, Estimate(.1, .1, .1))])["gain"].round().tolist()
    [50400.0]
    """
    return {"gain": gains_alone(f, effects), **percentiles(simulate(f, effects, draws, seed))}


def percentiles(simulated: Draws) -> dict[str, Array]:
    """`p10`, `p50`, `p90`: that percentage of an idea's draws brings in at most so much."""
    ordered = np.sort(simulated, axis=1)
    return {f"p{percent}": at(ordered, percent).astype(float) for percent in (10, 50, 90)}


def simulate(f: Funnel, effects: Sequence[Effect], draws: int, seed: int) -> Draws:
    """The gain of each idea alone in each draw, in currency; shape (effects, draws).

    Single precision: seven digits are more than any estimate has, at half the time and memory.
    """
    refuse_outside("the number of draws", draws, 1, 1_000_000)
    refuse_outside("the seed", seed, 0, 2**63)
    refuse_foreign(f, effects)
    at_stake = simulated_stakes(f, draws, seed).astype(np.float32)
    simulated = np.empty((len(effects), draws), dtype=np.float32)
    for row, effect in zip(simulated, effects, strict=True):
        np.multiply(outcomes(effect, draws, seed), at_stake[target(f, effect)], out=row)
        row *= np.float32(portion(f, effect))
    return simulated


def simulate_together(
    f: Funnel, effects: Sequence[Effect], draws: int = 4096, seed: int = 0
) -> Array:
    """The gain of all these ideas together in each draw, in currency; shape (draws,).

    The same possible truths as in `simulate`; a prospect whom several ideas win back counts once,
    at the best of their qualities, and gains multiply across steps, as `joint_gain` has it.

    Raises ValueError where an effect does not fit the funnel, or draws are not 1 to 1,000,000.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> one = Effect(3, Estimate(.05, .1, .2))
    >>> bool(np.allclose(simulate_together(f, [one]), simulate(f, [one], 4096, 0)[0]))
    True
    """
    refuse_outside("the number of draws", draws, 1, 1_000_000)
    refuse_foreign(f, effects)
    entrants, conversion = simulated_truth(f, draws, seed)
    before, gained = np.ones(draws), np.zeros(draws)
    for i, step in enumerate(f.steps):
        own = [effect for effect in effects if effect.step == i]
        won = (1 - conversion[i]) * simulated_won_back(step, own, draws, seed)
        gained = gained * (conversion[i] + won) + before * won
        before = before * conversion[i]
    for effect in effects:
        if effect.step is None:
            uplift = effect.quality * outcomes(effect, draws, seed)
            gained = gained * (1 + uplift) + before * uplift
    return np.asarray(f.deal_value * entrants * gained)


def simulated_won_back(step: Step, effects: Sequence[Effect], draws: int, seed: int) -> Array:
    """What becomes of the lost of a step in each draw, 0..1 of them, counted at their quality."""
    won = np.zeros(draws)
    lost = share_of_entered(step, step.lost) or 1.0
    for share, acting in parts(step, effects):
        value = np.zeros(draws)
        for effect in (effects[k] for k in acting):
            tried = outcomes(effect, draws, seed)
            value = tried * effect.quality + (1 - tried) * value
        won += share / lost * value
    return won


def simulated_stakes(f: Funnel, draws: int, seed: int) -> Array:
    """The `stakes` of each draw in currency."""
    entrants, conversion = simulated_truth(f, draws, seed)
    return np.asarray(f.deal_value * entrants * stakes(conversion, 1 - conversion))


def simulated_truth(f: Funnel, draws: int, seed: int) -> tuple[Array, Array]:
    """The entrants, shape (draws,), and the rates, shape (steps, draws), of each draw.

    From the posteriors of the counts (Jeffreys).
    """
    return _truth(f.entrants, tuple(posterior(step) for step in f.steps), draws, seed)


@lru_cache(maxsize=8)
def _truth(
    entered: int, posteriors: tuple[tuple[float, float], ...], draws: int, seed: int
) -> tuple[Array, Array]:
    # Kept, because every mini-team asks about its own ideas in the same funnel.
    entrants = np.random.default_rng([seed, 0]).gamma(entered + 0.5, size=draws)
    conversion = np.array(
        [
            np.random.default_rng([seed, 0, number]).beta(*of_a_step, draws)
            for number, of_a_step in enumerate(posteriors, start=1)
        ]
    )
    entrants.flags.writeable = conversion.flags.writeable = False
    return entrants, conversion


@lru_cache(maxsize=4096)
def outcomes(effect: Effect, draws: int, seed: int) -> Draws:
    """What an idea wins back in each draw: a draw from its estimate, or 0 where it fails.

    Kept, because a ranking asks for the same ideas again and again while others change.
    """
    own = int.from_bytes(blake2b(content(effect).encode(), digest_size=16).digest())
    stream = np.random.default_rng([seed, 1, own])
    works = stream.random(draws, dtype=np.float32) < effect.success
    low, width = effect.recovers.low, effect.recovers.high - effect.recovers.low
    won_back = (low + width * stream.beta(*pert.shape(effect.recovers), draws)) * works
    kept: Draws = won_back.astype(np.float32)
    kept.flags.writeable = False
    return kept


def content(effect: Effect) -> str:
    """What decides the draws of an idea; the same for equal numbers of different types."""
    said = effect.estimated or effect.recovers
    low, likely, high = (f"{value + 0.0:.17g}" for value in (said.low, said.likely, said.high))
    aim = "everybody" if effect.reason is None else f"lost to {effect.reason}"
    within = "" if effect.segment is None else f"{effect.segment!r} "
    return f"{within}{low} {likely} {high} {effect.lever} {effect.step} {aim}"


def at(ordered: npt.NDArray[np.generic], percent: int) -> npt.NDArray[np.generic]:
    """The smallest value that so many percent of each sorted row do not exceed."""
    return ordered[:, -(-percent * ordered.shape[1] // 100) - 1]


def chance_of_top(simulated: Draws, count: int) -> Array:
    """The chance of each idea to be among the best `count`; equals share the places left."""
    best = np.zeros((count, simulated.shape[1]), dtype=np.float32)
    for row in simulated:
        for place in best:
            worse = np.minimum(place, row)
            np.maximum(place, row, out=place)
            row = worse
    last = best[-1]
    idea, draw = np.divmod(np.flatnonzero(simulated == last), len(last))
    room = count - (best > last).sum(axis=0)
    share = np.minimum(1, room / np.maximum(1, np.bincount(draw, minlength=len(last))))
    level = np.bincount(idea, share[draw], minlength=len(simulated))
    return np.asarray((np.count_nonzero(simulated > last, axis=1) + level) / len(last))


def places(simulated: Draws) -> npt.NDArray[np.int32]:
    """The place of each idea in each draw, from 1; equals take the better one.

    Shape (effects, draws) as given.

    >>> places(np.array([[5.0], [7.0], [5.0], [1.0]], dtype=np.float32)).ravel().tolist()
    [2, 1, 2, 4]
    """
    costs = np.ascontiguousarray((-simulated).T)
    order = np.argsort(costs, axis=1)
    order += len(simulated) * np.arange(len(costs))[:, np.newaxis]
    costs.sort(axis=1)
    place = np.ones(costs.shape, dtype=np.int32)
    own = np.arange(2, len(simulated) + 1, dtype=np.int32)
    np.multiply(costs[:, 1:] != costs[:, :-1], own, out=place[:, 1:])
    np.maximum.accumulate(place, axis=1, out=place)
    taken = np.empty_like(place)
    taken.ravel()[order.ravel()] = place.ravel()
    return taken.T


def relative_sd(estimate: Estimate) -> float:
    """Standard deviation over mean of an estimate; 0 where the mean is 0."""
    mean = pert.mean(estimate)
    return pert.sd(estimate) / mean if mean else 0.0


def shrink(gains: Sequence[float] | Array, sds: Sequence[float] | Array) -> Array:
    """Gains pulled toward their mean, the more the less certain they are.

    The best-looking of many uncertain estimates is likely to be too high: the optimizer's curse
    (Smith & Winkler 2006). Each gain keeps τ²/(τ² + sd²) of its distance from the mean, where
    τ² = max(0, variance of the gains − mean sd²) is how much the ideas really differ.

    `gains` and `sds` share a unit and a shape; so does the answer. One idea, and a gain known
    for certain, stay what they are.
    Raises ValueError where the shapes differ, or a value is not a number in range.

    >>> shrink([10.0, 20.0, 30.0], [5.0, 5.0, 5.0]).tolist()
    [12.5, 20.0, 27.5]
    """
    values, errors = np.array(gains, dtype=float), np.array(sds, dtype=float)
    if values.shape != errors.shape:
        raise ValueError(f"there are {values.size} gains and {errors.size} standard deviations")
    for value in values:
        refuse_outside("a gain", value, -LARGEST, LARGEST)
    for error in errors:
        refuse_outside("a standard deviation", error, 0, LARGEST)
    if len(values) < 2:
        return values
    between = max(0.0, float(values.var(ddof=1) - np.mean(errors**2)))
    total = between + errors**2
    kept = np.divide(between, total, out=np.ones_like(total), where=total > 0)
    return np.asarray(values.mean() + kept * (values - values.mean()))
