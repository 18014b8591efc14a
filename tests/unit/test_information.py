from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from tests.examples import examples
from tests.funnels import funnels_with_ideas
from workshop.analysis import pert
from workshop.analysis.conversion import posterior
from workshop.analysis.information import worth_knowing, worth_of_rate
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Candidate, Effect, Estimate

SURE = Candidate("Call back", Effect(3, Estimate(0.1, 0.1, 0.1)), {"sales": 3})
BOLD = Candidate("New offer", Effect(3, Estimate(0.0, 0.05, 0.4)), {"sales": 9})
EARLY = Candidate("Better leads", Effect(0, Estimate(0.1, 0.14, 0.3)), {"marketing": 5})
RISKY = Candidate("Rebuild", Effect(1, Estimate(0.3, 0.5, 0.6), success=0.3), {"marketing": 30})


def test_the_most_open_rival_is_the_one_to_firm_up(funnel: Funnel) -> None:
    worth = worth_knowing(funnel, [SURE, BOLD])
    assert worth.firm_up == "New offer"
    assert worth.estimates[0] == 0
    assert worth.perfect >= worth.estimates[1] > 0


def test_nothing_is_worth_knowing_about_one_idea_or_none(funnel: Funnel) -> None:
    for candidates in ([], [BOLD]):
        worth = worth_knowing(funnel, candidates)
        assert worth.perfect == 0
        assert set(worth.estimates) <= {0.0}
        assert worth.rates == (0, 0, 0, 0)
        assert worth.firm_up is None


def test_nothing_is_worth_knowing_where_one_idea_always_wins(funnel: Funnel) -> None:
    better = Candidate("Better", Effect(3, Estimate(0.5, 0.6, 0.7)), {})
    worth = worth_knowing(funnel, [SURE, better])
    assert worth.perfect == 0
    assert worth.firm_up is None


def test_each_worth_agrees_with_a_million_draws(funnel: Funnel) -> None:
    candidates = [SURE, BOLD, EARLY, RISKY]
    stream = np.random.default_rng(1)
    size = 1_000_000
    rates = [stream.beta(*posterior(step), size) for step in funnel.steps]
    means = [a / (a + b) for a, b in map(posterior, funnel.steps)]

    def gains(rates: Sequence[Any], outcomes: Sequence[Any]) -> np.ndarray:
        whole = 2000.5 * 8000 * np.prod(np.broadcast_arrays(*rates), axis=0)
        return np.array(
            np.broadcast_arrays(
                *[
                    whole * (1 - rates[c.effect.step or 0]) / rates[c.effect.step or 0] * x
                    for c, x in zip(candidates, outcomes, strict=True)
                ]
            )
        )

    def outcome(effect: Effect) -> np.ndarray:
        low, width = effect.recovers.low, effect.recovers.high - effect.recovers.low
        works = stream.random(size) < effect.success
        return works * (low + width * stream.beta(*pert.shape(effect.recovers), size))

    outcomes = [outcome(c.effect) for c in candidates]
    expected = [c.effect.success * pert.mean(c.effect.recovers) for c in candidates]
    once = gains(means, expected).max()
    worth = worth_knowing(funnel, candidates, draws=100_000)
    everything = gains(rates, outcomes).max(axis=0).mean() - once
    assert worth.perfect == pytest.approx(everything, rel=0.02)
    for j, known in enumerate(worth.estimates):
        partly = [outcomes[k] if k == j else expected[k] for k in range(4)]
        sampled = gains(means, partly).max(axis=0).mean() - once
        assert known == pytest.approx(sampled, rel=5e-3, abs=1e-3 * once)
    for i, known in enumerate(worth.rates):
        partly = [rates[k] if k == i else means[k] for k in range(4)]
        sampled = gains(partly, expected).max(axis=0).mean() - once
        assert known == pytest.approx(sampled, rel=5e-3, abs=1e-3 * once)


def test_a_poorly_known_rate_is_worth_knowing() -> None:
    f = Funnel((Step("A", "B", 20, 10), Step("B", "C", 10_000, 5_000)), 1000, "EUR", 30)
    even = [Candidate(str(i), Effect(i, Estimate(0.2, 0.2, 0.2)), {}) for i in range(2)]
    worth = worth_knowing(f, even)
    assert worth.rates[0] > 10 * worth.rates[1] > 0


@examples(15)
@given(funnels_with_ideas(most=4))
def test_no_single_answer_is_worth_more_than_all(
    case: tuple[Funnel, list[Effect]],
) -> None:
    f, effects = case
    candidates = [Candidate(str(i), effect, {}) for i, effect in enumerate(effects)]
    worth = worth_knowing(f, candidates, draws=64)
    parts = [0.0, *worth.estimates, *worth.rates]
    assert min(parts) >= 0
    assert worth.perfect >= max(parts)
    assert np.isfinite(worth.perfect)
    assert (worth.firm_up is None) == (not any(worth.estimates))


def test_the_method_page_shows_these_worths(funnel: Funnel) -> None:
    effects = [
        Effect(1, Estimate(0.1, 0.2, 0.3), "No follow-up"),
        Effect(1, Estimate(0.1, 0.3, 0.5), "No follow-up", success=0.8),
        Effect(1, Estimate(0.05, 0.1, 0.25), "No budget"),
        Effect(3, Estimate(0.0, 0.1, 0.2)),
    ]
    ideas = [Candidate(name, effect, {}) for name, effect in zip("ABCD", effects, strict=True)]
    worth = worth_knowing(funnel, ideas)
    assert worth.perfect == pytest.approx(4_100, rel=0.03)
    assert worth.estimates == pytest.approx((0, 358, 0, 1_455), abs=0.5)
    assert worth.rates == pytest.approx((0, 0, 0, 67), abs=0.5)
    assert worth.firm_up == "D"


@pytest.mark.parametrize("gain", [5e-324, 1e-320, 1e-300])
def test_gains_too_small_to_be_told_from_nothing_have_a_worth_too(gain: float) -> None:
    assert 0 <= worth_of_rate(0.5, 700, gain, gain) <= gain
