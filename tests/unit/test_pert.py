from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta

from tests.funnels import estimates, fractions
from workshop.analysis import pert
from workshop.domain.idea import Estimate

WORKED = Estimate(0.05, 0.10, 0.25)
EDGES = [
    Estimate(0, 0, 1),
    Estimate(0, 1, 1),
    Estimate(0.1, 0.1, 0.4),
    Estimate(0.1, 0.4, 0.4),
]


def test_the_worked_example_has_its_mean_and_spread() -> None:
    assert pert.mean(WORKED) == pytest.approx(0.116667, abs=5e-7)
    assert pert.sd(WORKED) == pytest.approx(0.035635, abs=5e-7)


@pytest.mark.parametrize("value", [0.0, 0.1, 0.2, 1 / 3, 1.0])
def test_a_certain_estimate_is_exactly_its_value(value: float) -> None:
    certain = Estimate(value, value, value)
    assert (pert.mean(certain), pert.sd(certain)) == (value, 0.0)


@pytest.mark.parametrize("estimate", [WORKED, *EDGES])
def test_the_closed_forms_agree_with_a_million_draws(estimate: Estimate) -> None:
    width = estimate.high - estimate.low
    stream = np.random.default_rng(1)
    draws = estimate.low + width * stream.beta(*pert.shape(estimate), 1_000_000)
    assert pert.mean(estimate) == pytest.approx(draws.mean(), rel=2e-3)
    assert pert.sd(estimate) == pytest.approx(draws.std(), rel=2e-3)
    threshold = estimate.low + 0.3 * width
    surplus = np.maximum(0, draws - threshold).mean()
    assert pert.surplus(estimate, threshold) == pytest.approx(surplus, rel=3e-3)


@pytest.mark.parametrize("estimate", [WORKED, *EDGES])
@pytest.mark.parametrize("part", [0.01, 0.5, 0.99])
def test_the_surplus_is_the_integral_of_the_upper_tail(estimate: Estimate, part: float) -> None:
    width = estimate.high - estimate.low
    threshold = estimate.low + part * width
    a, b = pert.shape(estimate)
    tail, _ = quad(lambda x: beta.sf((x - estimate.low) / width, a, b), threshold, estimate.high)
    assert pert.surplus(estimate, threshold) == pytest.approx(tail, rel=1e-6, abs=1e-12)


@given(estimates(), st.floats(-0.5, 1.5))
def test_the_surplus_lies_between_its_bounds(estimate: Estimate, threshold: float) -> None:
    surplus = pert.surplus(estimate, threshold)
    assert max(0.0, pert.mean(estimate) - threshold) - 1e-9 <= surplus
    assert surplus <= max(0.0, estimate.high - threshold) + 1e-9


@given(estimates(), fractions)
def test_the_mean_grows_with_every_part_of_the_estimate(estimate: Estimate, by: float) -> None:
    def up(value: float, limit: float) -> float:
        return min(limit, value + by)

    for better in (
        Estimate(up(estimate.low, estimate.likely), estimate.likely, estimate.high),
        Estimate(estimate.low, up(estimate.likely, estimate.high), estimate.high),
        Estimate(estimate.low, estimate.likely, up(estimate.high, 1.0)),
    ):
        assert pert.mean(better) >= pert.mean(estimate) - 1e-15


SALES, MARKETING = Estimate(0.05, 0.10, 0.20), Estimate(0.15, 0.30, 0.50)
voices = st.lists(estimates(), min_size=1, max_size=3)


def test_the_pool_of_the_worked_example() -> None:
    both = pert.pooled([SALES, MARKETING])
    assert (both.low, both.high) == (0.05, 0.5)
    assert both.likely == pytest.approx(0.175)
    assert pert.mean(both) == pytest.approx(0.208333, abs=5e-7)


def test_there_is_no_pool_of_nobody() -> None:
    with pytest.raises(ValueError, match="0 estimates"):
        pert.pooled([])


@given(estimates(), st.integers(1, 3))
def test_who_is_alone_or_agrees_is_taken_at_their_word(estimate: Estimate, people: int) -> None:
    assert pert.pooled([estimate] * people) == estimate


@given(voices.flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_who_spoke_first_makes_no_difference(orders: tuple[list[Estimate], list[Estimate]]) -> None:
    one, other = orders
    assert pert.pooled(one) == pert.pooled(other)


@given(voices)
def test_the_pool_holds_every_range_and_the_mean_of_means_where_it_can(
    told: list[Estimate],
) -> None:
    both = pert.pooled(told)
    low = min(estimate.low for estimate in told)
    high = max(estimate.high for estimate in told)
    middle = sum(map(pert.mean, told)) / len(told)
    least, most = (5 * low + high) / 6, (low + 5 * high) / 6
    assert (both.low, both.high) == (low, high)
    assert pert.mean(both) == pytest.approx(min(max(middle, least), most), abs=1e-12)


@given(voices, estimates(), fractions)
def test_the_pool_grows_with_every_part_of_every_estimate(
    others: list[Estimate], estimate: Estimate, by: float
) -> None:
    def up(value: float, limit: float) -> float:
        return min(limit, value + by)

    before = pert.mean(pert.pooled([*others, estimate]))
    for better in (
        Estimate(up(estimate.low, estimate.likely), estimate.likely, estimate.high),
        Estimate(estimate.low, up(estimate.likely, estimate.high), estimate.high),
        Estimate(estimate.low, estimate.likely, up(estimate.high, 1.0)),
    ):
        assert pert.mean(pert.pooled([*others, better])) >= before - 1e-12
