"""What it is worth to know more before choosing an idea.

The choice is the idea with the largest expected gain. Knowing something beforehand is worth the
gain of the choices it would change (Raiffa & Schlaifer 1961; for one unknown at a time, Felli &
Hazen 1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from workshop.analysis import pert
from workshop.analysis.conversion import Array, posterior
from workshop.analysis.gains import chance, portion, stakes, target
from workshop.analysis.uncertainty import Draws, simulate
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Candidate, Effect


@dataclass(frozen=True, slots=True)
class WorthKnowing:
    """What knowing is worth before the best idea is chosen, in currency.

    `perfect` is for knowing everything: entrants, rates, and what each idea wins back. No single
    question is worth more. `estimates` has, for each candidate in the order given, the worth of
    knowing exactly what it wins back and whether it works; `rates` that of knowing each step's
    true rate. `firm_up` names the candidate whose estimate is most worth firming up, or is None
    where none would change the choice.
    """

    perfect: float
    estimates: tuple[float, ...]
    rates: tuple[float, ...]
    firm_up: str | None


def worth_knowing(
    f: Funnel, candidates: Sequence[Candidate], draws: int = 4096, seed: int = 0
) -> WorthKnowing:
    """The expected value of perfect information, of all unknowns and of each one alone.

    Each alone is a closed form; all together are simulated with the draws of `rank`.

    Raises ValueError where an effect does not fit the funnel, or draws are not 1 to 1,000,000.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365)
    >>> sure = Candidate("Call back", Effect(3, Estimate(.1, .1, .1)), {})
    >>> bold = Candidate("New offer", Effect(3, Estimate(0, .05, .4)), {})
    >>> worth_knowing(f, [sure, bold]).firm_up
    'New offer'
    """
    effects = [candidate.effect for candidate in candidates]
    simulated = simulate(f, effects, draws, seed)
    means, per_unit = expected_gains(f, effects)
    estimates = tuple(
        worth_of_estimate(effect, float(per_unit[j]), best_of(np.delete(means, j)))
        for j, effect in enumerate(effects)
    )
    at_step = np.array([-1 if effect.step is None else effect.step for effect in effects])
    each_rate = tuple(
        worth_of_rate(*posterior(step), best_of(means[at_step == i]), best_of(means[at_step != i]))
        for i, step in enumerate(f.steps)
    )
    # Simulated, it wanders a little; it cannot be worth less than any part of it.
    perfect = max(perfect_information(simulated), *estimates, *each_rate)
    best = int(np.argmax(estimates)) if any(estimates) else None
    return WorthKnowing(
        perfect, estimates, each_rate, None if best is None else candidates[best].name
    )


def expected_gains(f: Funnel, effects: Sequence[Effect]) -> tuple[Array, Array]:
    """Gains expected under the posteriors of the counts, in currency, each of shape (effects,).

    First with the means of the estimates, then if each idea won back everybody it is after.
    """
    rates = np.array([a / (a + b) for a, b in map(posterior, f.steps)])
    at_stake = f.deal_value * (f.entrants + 0.5) * stakes(rates, 1 - rates)
    per_unit = np.array([at_stake[target(f, e)] * portion(f, e) for e in effects])
    return per_unit * np.array([chance(e) for e in effects]), per_unit


def best_of(means: Array) -> float:
    """The largest of the gains; 0, for doing nothing, where there is none."""
    return float(means.max(initial=0.0))


def perfect_information(simulated: Draws) -> float:
    """How much better than the best choice made once is the best choice made in every draw."""
    if not len(simulated):
        return 0.0
    every_time = simulated.max(axis=0).mean(dtype=float)
    return max(0.0, float(every_time - simulated.mean(axis=1, dtype=float).max()))


def worth_of_estimate(effect: Effect, per_unit: float, otherwise: float) -> float:
    """The worth of knowing what one idea wins back, where the best other brings `otherwise`.

    E[max(X, M)] − max(E[X], M) for X the idea's gain, 0 where it fails, and M the other's.
    `per_unit` is the gain in currency if the idea won back everybody it is after.
    """
    if not per_unit:
        return 0.0
    surplus = effect.success * pert.surplus(effect.recovers, otherwise / per_unit)
    without_knowing = max(0.0, chance(effect) - otherwise / per_unit)
    return max(0.0, per_unit * (surplus - without_knowing))


def worth_of_rate(a: float, b: float, here: float, elsewhere: float) -> float:
    """The worth of knowing a step's rate, a Beta(a, b), in the currency of the two gains.

    The gain of the best idea on the step, `here`, is proportional to 1 − p, and that of the
    best idea anywhere else to p. The choice turns where the two lines cross.
    """
    slope, other_slope = here * a, elsewhere * b
    if not (slope and other_slope):  # or so near to 0 that no float holds them
        return 0.0
    turn = slope / (slope + other_slope)
    best = here * betainc(a, b + 1, turn) + elsewhere * (1 - betainc(a + 1, b, turn))
    return max(0.0, float(best) - max(here, elsewhere))
