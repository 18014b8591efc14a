"""What ideas are worth: one alone, several together, and to whom the joint gain is due.

An idea wins back a fraction of those whom a step loses, all of them or those lost for one
reason, in one segment, or both. Several ideas each try on the prospects that they share,
independently; a prospect whom two of them would win back is won back once, at the better of their
qualities. Everything here is linear in each single estimate, so expectations over independent
estimates are had by inserting their means: nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import TypeVar

import numpy as np
from scipy.special import roots_legendre

from workshop.analysis import pert
from workshop.analysis.conversion import Array, products_of_others, rates, share_of_entered
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Effect, Lever

Adopted = TypeVar("Adopted", float, Array)
"""The chance that each idea is carried out: 1.0, or an array of chances to evaluate at once."""


def refuse_foreign(f: Funnel, effects: Iterable[Effect]) -> None:
    """Raise ValueError where an effect names a step, reason or segment that the funnel lacks."""
    for effect in effects:
        if effect.step is None:
            continue
        if effect.step >= len(f.steps):
            raise ValueError(
                f"the step is {effect.step}; this funnel has the steps 0 to {len(f.steps) - 1}"
            )
        step = f.steps[effect.step]
        if effect.reason is not None and effect.reason not in step.losses:
            known = ", ".join(f"'{reason}'" for reason in step.losses) or "none"
            raise ValueError(
                f"'{effect.reason}' is not a loss reason at {step.name}; known there: {known}"
            )
        if effect.segment is not None and effect.segment not in step.segments:
            known = ", ".join(f"'{segment}'" for segment in step.segments) or "none"
            raise ValueError(
                f"'{effect.segment}' is not a segment at {step.name}; known there: {known}"
            )


def chance(effect: Effect) -> float:
    """The expected fraction won back (or uplift): mean of the estimate times success."""
    return effect.success * pert.mean(effect.recovers)


def stakes(conversion: Array, lost: Array) -> Array:
    """What is there to gain for each deal's worth of entrants, at each step and by the levers.

    `conversion` and `lost` are the rates and the shares lost of each step, shape (steps, …).
    Returns shape (steps + 2, …): the leak of each step, then twice the whole conversion, which
    an uplift of the volume or of the deal value would multiply.
    """
    whole = np.prod(conversion, axis=0, keepdims=True)
    return np.concatenate([lost * products_of_others(conversion), whole, whole])


def target(f: Funnel, effect: Effect) -> int:
    """Which of the `stakes` an effect goes after."""
    if effect.step is not None:
        return effect.step
    return len(f.steps) + (effect.lever is Lever.DEAL_VALUE)


def portion(f: Funnel, effect: Effect) -> float:
    """The part of its stake that an effect would bring in if it won back everybody it is after:
    the share of its loss reason and segment among the lost, times its quality."""
    if effect.step is None or (effect.reason is None and effect.segment is None):
        return effect.quality
    step = f.steps[effect.step]
    return effect.quality * step.lost_to(effect.reason, effect.segment) / max(step.lost, 1)


def gains_alone(f: Funnel, effects: Sequence[Effect]) -> Array:
    """The `gain` of each idea alone, in currency; shape (effects,)."""
    refuse_foreign(f, effects)
    lost = np.array([share_of_entered(step, step.lost) for step in f.steps])
    stake = f.entrants * f.deal_value * stakes(rates(f), lost)
    return np.array([stake[target(f, e)] * portion(f, e) * chance(e) for e in effects])


def gain(f: Funnel, effect: Effect) -> float:
    """Expected extra revenue of a cohort with this idea alone, in currency.

    At the measured rates, with the mean of the estimate, times its chance of success.

    Raises ValueError where the effect names a step, reason or segment that the funnel lacks.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365,
    ...     losses={"MQL": {"No follow-up": 210}})
    >>> round(gain(f, Effect(1, Estimate(.2, .2, .2), "No follow-up")))
    25200
    >>> round(gain(f, Effect(1, Estimate(.2, .2, .2), "No follow-up", quality=.8)))
    20160
    """
    return float(gains_alone(f, [effect])[0])


def joint_gain(f: Funnel, effects: Iterable[Effect]) -> float:
    """Expected extra revenue of a cohort with all these ideas together, in currency.

    At the measured rates, with the means of the estimates. The order does not matter.

    Raises ValueError where an effect names a step, reason or segment that the funnel lacks.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365,
    ...     losses={"MQL": {"No follow-up": 210, "No budget": 126}})
    >>> a = Effect(1, Estimate(.2, .2, .2), "No follow-up")
    >>> b = Effect(1, Estimate(.3, .3, .3), "No follow-up")
    >>> c = Effect(1, Estimate(.1, .1, .1), "No budget")
    >>> d = Effect(3, Estimate(.1, .1, .1))
    >>> round(joint_gain(f, [a, b, c, d]))
    132300
    """
    effects = tuple(effects)
    refuse_foreign(f, effects)
    before, gained = 1.0, 0.0
    for rate, won in changes(f, effects):
        # (before + gained)·(rate + won) − before·rate, without a difference of large numbers
        gained = gained * (rate + won) + before * won
        before *= rate
    return f.entrants * f.deal_value * gained


def changes(f: Funnel, effects: Sequence[Effect]) -> Iterator[tuple[float, float]]:
    """The factors of the revenue per entrant and deal value, each with what ideas add to it."""
    for i, step in enumerate(f.steps):
        yield step.rate, won_share(step, [e for e in effects if e.step == i], 1.0)
    for effect in effects:
        if effect.step is None:
            yield 1.0, effect.quality * chance(effect)


def improved_rate(step: Step, effects: Sequence[Effect], adopted: Adopted) -> Adopted:
    """The conversion rate of a step with these ideas, the rescued counted at their quality."""
    return step.rate + won_share(step, effects, adopted)


def won_share(step: Step, effects: Sequence[Effect], adopted: Adopted) -> Adopted:
    """What these ideas win back of those who entered a step, 0..1, counted at their quality."""
    won = adopted * 0.0
    for share, acting in parts(step, effects):
        won = won + share * won_back([effects[k] for k in acting], adopted)
    return won


def parts(step: Step, effects: Sequence[Effect]) -> Iterator[tuple[float, list[int]]]:
    """The losses of a step, split so that within a part the same ideas act on everybody.

    A part is one reason in one segment, of those that effects name; None stands for the others.
    Yields each as a share of those who entered, with the indices of the effects on it, best
    quality last. The last part is the rest, which only ideas on everybody reach.
    """
    by_quality = sorted(range(len(effects)), key=lambda k: effects[k].quality)
    reasons = [*dict.fromkeys(e.reason for e in effects if e.reason is not None), None]
    segments = [*dict.fromkeys(e.segment for e in effects if e.segment is not None), None]
    for (reason, segment), lost in lost_apart(step, reasons, segments).items():
        on_reason = (None, reason)
        on_segment = (None, segment)
        acting = [
            k
            for k in by_quality
            if effects[k].reason in on_reason and effects[k].segment in on_segment
        ]
        yield share_of_entered(step, lost), acting


def lost_apart(
    step: Step, reasons: Sequence[str | None], segments: Sequence[str | None]
) -> dict[tuple[str | None, str | None], int]:
    """How many a step loses for each reason in each segment; the last of each, None, is the rest.

    >>> step = Step("MQL", "SQL", 700, 280, {"No budget": 126},
    ...     segments={"Search": {"No budget": 60, "": 40}})
    >>> list(lost_apart(step, ["No budget", None], ["Search", None]).values())
    [60, 66, 40, 254]
    """
    lost = {cell: step.lost_to(*cell) for cell in product(reasons, segments)}
    for reason in reasons:
        lost[reason, None] -= sum(lost[reason, segment] for segment in segments[:-1])
    for segment in segments:
        lost[None, segment] -= sum(lost[reason, segment] for reason in reasons[:-1])
    return lost


def won_back(acting: Sequence[Effect], adopted: Adopted) -> Adopted:
    """What becomes of one lost prospect, 0..1: the expected quality at which ideas win them back.

    `acting` comes best quality last. A prospect goes to the best idea that succeeds, so this is
    Σ qₖ·gₖ·Π(1−gⱼ) over the better ideas j; where all qualities are 1 it is 1 − Π(1−g).

    >>> from workshop.domain.idea import Estimate
    >>> poor, good = (Effect(0, Estimate(.5, .5, .5), quality=q) for q in (.6, 1.0))
    >>> won_back([poor, good], 1.0)
    0.65
    """
    value = adopted * 0.0
    for effect in acting:
        share = adopted * chance(effect)
        value = share * effect.quality + (1 - share) * value
    return value


def uplift(effects: Sequence[Effect], adopted: Adopted) -> Adopted:
    """The factor by which the volume or the deal value grows with these ideas."""
    factor = adopted * 0.0 + 1
    for effect in effects:
        factor = factor * (1 + adopted * effect.quality * chance(effect))
    return factor


def attribution(f: Funnel, effects: Sequence[Effect]) -> Array:
    """The Shapley credit of each idea, in currency, adding up to the joint gain.

    Exact for any number of ideas, without sampling: the joint gain of ideas adopted with a
    chance t each is a polynomial in t, and the Shapley value is the integral over 0 ≤ t ≤ 1 of
    its slope for the idea (Owen 1972, "Multilinear Extensions of Games"). Gauss–Legendre
    quadrature with half as many nodes as ideas integrates such a polynomial exactly.

    Returns shape (effects,), in the order given.
    Raises ValueError where an effect names a step, reason or segment that the funnel lacks.

    >>> from workshop.domain.idea import Estimate
    >>> f = Funnel.from_counts({"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84,
    ...     "Won": 21}, deal_value=8000, currency="EUR", period_days=365,
    ...     losses={"MQL": {"No follow-up": 210, "No budget": 126}})
    >>> a = Effect(1, Estimate(.2, .2, .2), "No follow-up")
    >>> b = Effect(1, Estimate(.3, .3, .3), "No follow-up")
    >>> c = Effect(1, Estimate(.1, .1, .1), "No budget")
    >>> d = Effect(3, Estimate(.1, .1, .1))
    >>> attribution(f, [a, b, c, d]).round(6).tolist()
    [24444.0, 38934.0, 8694.0, 60228.0]
    """
    effects = tuple(effects)
    refuse_foreign(f, effects)
    nodes, weights = roots_legendre(max(1, (len(effects) + 1) // 2))
    adopted = (nodes + 1) / 2
    factors = np.empty((len(f.steps) + 2, len(adopted)))
    slopes = np.empty((len(effects), len(adopted)))
    targets = np.array([target(f, effect) for effect in effects], dtype=int)
    for i in range(len(factors)):
        here = np.flatnonzero(targets == i)
        own = [effects[k] for k in here]
        if i < len(f.steps):
            factors[i] = improved_rate(f.steps[i], own, adopted)
            slopes[here] = rate_slopes(f.steps[i], own, adopted)
        else:
            factors[i] = uplift(own, adopted)
            slopes[here] = uplift_slopes(own, adopted)
    elsewhere = f.entrants * f.deal_value * products_of_others(factors)
    return np.asarray((elsewhere[targets] * slopes) @ (weights / 2))


def rate_slopes(step: Step, effects: Sequence[Effect], adopted: Array) -> Array:
    """How the improved rate grows as one idea is adopted; shape (effects, chances)."""
    slopes = np.zeros((len(effects), len(adopted)))
    for share, acting in parts(step, effects):
        slopes[acting] += share * won_back_slopes([effects[k] for k in acting], adopted)
    return slopes


def won_back_slopes(acting: Sequence[Effect], adopted: Array) -> Array:
    """How `won_back` grows as one idea is adopted; shape (effects, chances).

    Adopting an idea helps a prospect whom no better idea wins back, by its quality less what
    the lesser ideas would have made of them.
    """
    slopes = np.empty((len(acting), len(adopted)))
    lesser = np.zeros_like(adopted)
    for k, effect in enumerate(acting):
        slopes[k] = chance(effect) * (effect.quality - lesser)
        share = adopted * chance(effect)
        lesser = share * effect.quality + (1 - share) * lesser
    missed = np.ones_like(adopted)
    for k, effect in reversed(list(enumerate(acting))):
        slopes[k] *= missed
        missed = missed * (1 - adopted * chance(effect))
    return slopes


def uplift_slopes(effects: Sequence[Effect], adopted: Array) -> Array:
    """How `uplift` grows as one idea is adopted; shape (effects, chances)."""
    own = np.array([effect.quality * chance(effect) for effect in effects])[:, np.newaxis]
    return np.asarray(uplift(effects, adopted) * own / (1 + adopted * own))
