"""How good a room's estimates were: by step, side and round, never by person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from workshop.analysis.conversion import posterior
from workshop.analysis.follow_up import (
    Counted,
    Word,
    interval_score,
    recalibration,
    variance_of_gain,
)
from workshop.analysis.gains import improved_rate
from workshop.analysis.pert import pooled
from workshop.analysis.second_look import Look
from workshop.analysis.uncertainty import simulated_won_back
from workshop.domain.funnel import Step
from workshop.domain.idea import Effect, Estimate, Idea
from workshop.domain.people import Side

DRAWS, SEED = 4096, 0


@dataclass(frozen=True, slots=True)
class Score:
    """How well a side foresaw a step in a round: 1 before the report back, 2 after it.

    `low` and `high` hold 80 of 100 of what it expected to be counted, `outcome` was counted: rates,
    0..1. `score` is that of the range, in rates, and `no_change` that of expecting nothing; of both
    less is better. `skill` is above 0 where the side foresaw more than who expects nothing.
    """

    step: str
    side: Side
    round: int
    low: float
    high: float
    outcome: float
    score: float
    no_change: float

    @property
    def skill(self) -> float:
        return 1 - self.score / self.no_change if self.no_change else 0.0


def scores(seen: Sequence[Look]) -> tuple[Score, ...]:
    """The estimates of all steps that were counted again, scored (Gneiting & Raftery 2007).

    Ideas on one step cannot be told apart, so they are scored together; what was not done says
    nothing about estimates and is left out. A side is scored where it has estimated every one of
    them.
    """
    found = []
    for looks in by_step(seen).values():
        step, after = _counts(looks)
        same = _scored_range([], step, after)
        outcome = after[0] / after[1]
        no_change = interval_score(*same, outcome)
        ideas = [_idea(look) for look in looks]
        for side, number in product(Side, (1, 2)):
            estimates = [_said(idea, side, number) for idea in ideas]
            if all(estimates):
                effects = [
                    _effect(idea, estimate)
                    for idea, estimate in zip(ideas, estimates, strict=True)
                    if estimate
                ]
                low, high = _scored_range(effects, step, after)
                score = interval_score(low, high, outcome)
                found.append(Score(step.name, side, number, low, high, outcome, score, no_change))
    return tuple(found)


def by_step(seen: Sequence[Look]) -> Mapping[tuple[str, str], list[Look]]:
    """The improvements that were done and counted again, by workshop and step."""
    steps: dict[tuple[str, str], list[Look]] = {}
    for look in seen:
        step = look.followed.step
        by_hand = bool(look.followed.readings)
        if step and look.after and look.after[1] and not by_hand and look.word is not Word.NOT_DONE:
            steps.setdefault((look.followed.workshop_id, step.name), []).append(look)
    return steps


def turned_out(seen: Sequence[Look]) -> float | None:
    """By what factor the estimated gains of this company have come true; None before any look.

    As `follow_up.recalibration`: one step is one look.
    """
    looks = list(by_step(seen).values())
    if not looks:
        return None
    counts = [_counts(one) for one in looks]
    predicted = [_predicted(step, one) for (step, _), one in zip(counts, looks, strict=True)]
    before = [(step.advanced, step.entered) for step, _ in counts]
    after = [counted for _, counted in counts]
    variances = [
        variance_of_gain(rate, old, new)
        for rate, old, new in zip(predicted, before, after, strict=True)
    ]
    return recalibration(
        predicted,
        [step.rate for step, _ in counts],
        [x / n for x, n in after],
        variances,
    )


def _counts(looks: Sequence[Look]) -> tuple[Step, Counted]:
    step, after = looks[0].followed.step, looks[0].after
    assert step is not None
    assert after is not None
    return step, after


def _idea(look: Look) -> Idea:
    assert look.followed.idea is not None
    return look.followed.idea


def _said(idea: Idea, side: Side, number: int) -> Estimate | None:
    """What a side estimated in a round; None where it said nothing then."""
    if number == 1:
        return idea.first_round.get(side)
    return dict(idea.estimates).get(side) if side in dict(idea.first) else None


def _effect(idea: Idea, estimate: Estimate) -> Effect:
    draft = idea.draft
    return Effect(idea.step, estimate, draft.reason, segment=draft.segment)


def _predicted(step: Step, looks: Sequence[Look]) -> float:
    """The rate that was expected of all ideas on a step together, pooled over the sides."""
    effects = [_effect(_idea(look), pooled(_idea(look).beliefs)) for look in looks]
    return min(1.0, improved_rate(step, effects, 1.0))


def _scored_range(effects: Sequence[Effect], step: Step, after: Counted) -> tuple[float, float]:
    """The rates between which 80 of 100 counts like the later one should lie with these ideas."""
    stream = np.random.default_rng([SEED, 2])
    rate = stream.beta(*posterior(step), DRAWS)
    won = simulated_won_back(step, effects, DRAWS, SEED)
    expected = np.clip(rate + (1 - rate) * won, 0.0, 1.0)
    entered = max(1, round(after[1]))
    low, high = np.quantile(stream.binomial(entered, expected) / entered, [0.1, 0.9])
    return float(low), float(high)
