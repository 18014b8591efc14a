from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from tests.funnels import funnels, steps
from workshop.analysis.conversion import (
    expected_conversion,
    leak,
    posterior,
    products_of_others,
    rate_interval,
    rates,
    revenue,
    revenue_per_rate,
    squared_variation_of_product,
)
from workshop.domain.funnel import Funnel, Step


def test_the_worked_example_has_its_rates_revenue_and_leaks(funnel: Funnel) -> None:
    assert rates(funnel) == pytest.approx([0.35, 0.40, 0.30, 0.25])
    assert revenue(funnel) == pytest.approx(168_000)
    assert leak(funnel) == pytest.approx([312_000, 252_000, 392_000, 504_000])


def test_the_worked_example_has_its_expected_conversion(funnel: Funnel) -> None:
    mean, sd = expected_conversion(funnel)
    assert mean == pytest.approx(0.0106548, abs=5e-8)
    assert sd == pytest.approx(0.0022869, abs=5e-8)


def test_the_expected_conversion_agrees_with_a_million_draws(funnel: Funnel) -> None:
    stream = np.random.default_rng(1)
    draws = np.prod([stream.beta(*posterior(step), 1_000_000) for step in funnel.steps], axis=0)
    mean, sd = expected_conversion(funnel)
    assert mean == pytest.approx(draws.mean(), rel=1e-3)
    assert sd == pytest.approx(draws.std(), rel=2e-3)


def test_a_step_that_converts_nobody_still_shows_what_it_would_be_worth() -> None:
    f = Funnel.from_counts(
        {"Lead": 100, "Trial": 50, "Won": 0},
        deal_value=10,
        currency="EUR",
        period_days=30,
    )
    assert revenue(f) == 0
    assert leak(f).tolist() == [0, 500]
    assert revenue_per_rate(f).tolist() == [0, 500]


def test_a_step_nobody_entered_has_lost_nobody() -> None:
    f = Funnel.from_counts(
        {"Lead": 100, "Trial": 0, "Won": 0},
        deal_value=10,
        currency="EUR",
        period_days=30,
    )
    assert leak(f).tolist() == [0, 0]
    assert rate_interval(f.steps[1]) == (0, 1)


def test_a_step_that_loses_nobody_has_no_leak() -> None:
    f = Funnel.from_counts({"Lead": 100, "Won": 100}, deal_value=10, currency="EUR", period_days=30)
    assert leak(f).tolist() == [0]
    assert rate_interval(f.steps[0])[1] == 1


def test_steps_counted_on_different_cohorts_are_joined_by_their_rates() -> None:
    f = Funnel((Step("A", "B", 100, 50), Step("B", "C", 10, 2)), 1000, "EUR", 30)
    assert revenue(f) == pytest.approx(100 * 0.5 * 0.2 * 1000)


def test_the_interval_holds_its_level_of_the_posterior() -> None:
    step = Step("Opportunity", "Won", 84, 21)
    for level in (0.5, 0.9, 0.99):
        low, high = rate_interval(step, level)
        assert beta.cdf([low, high], 21.5, 63.5) == pytest.approx(
            [(1 - level) / 2, (1 + level) / 2]
        )


@given(steps(0), st.floats(0.01, 0.99))
def test_the_interval_always_contains_the_measured_rate(step: Step, level: float) -> None:
    low, high = rate_interval(step, 0.5 + level / 2)
    assert 0 <= low <= high <= 1
    assert not step.entered or low <= step.rate <= high


@pytest.mark.parametrize("level", [0, 1, -0.1, 90, float("nan")])
def test_a_level_that_is_no_fraction_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match=rf"the level is {level:g}; it must lie between 0 and 1"):
        rate_interval(Step("A", "B", 10, 5), level)


@given(funnels())
def test_every_funnel_has_finite_figures(f: Funnel) -> None:
    mean, sd = expected_conversion(f)
    assert 0 < mean < 1
    assert 0 < sd < 1
    assert revenue(f) >= 0
    assert np.all(leak(f) >= 0)
    assert np.all(np.isfinite(leak(f)))
    assert squared_variation_of_product(f) > 0


@given(funnels())
def test_what_is_kept_and_what_leaks_make_up_the_whole(f: Funnel) -> None:
    entered = np.array([step.entered > 0 for step in f.steps])
    whole = revenue_per_rate(f) * entered
    assert leak(f) + revenue(f) * entered == pytest.approx(whole)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=6))
def test_products_of_others_need_no_division(factors: list[float]) -> None:
    expected = [np.prod(factors[:i] + factors[i + 1 :]) for i in range(len(factors))]
    assert products_of_others(np.array(factors)) == pytest.approx(expected)
