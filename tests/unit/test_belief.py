from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from tests.funnels import estimates, funnels_with_ideas
from workshop.analysis import (
    attribution,
    chance_of_success,
    gains_alone,
    joint_gain,
    pert,
    probable,
    rank,
    simulate_together,
)
from workshop.analysis.belief import (
    ELSEWHERE,
    REALISED,
    UNTRIED,
    LogNormal,
    as_estimate,
    in_factors,
)
from workshop.analysis.calibration import widening
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Effect, Estimate, Lever

widenings = st.floats(0.1, 20) | st.sampled_from([500.0, 10_000.0])


def told(low: float, likely: float, high: float) -> Effect:
    return Effect(0, Estimate(low, likely, high), "No budget")


def in_a_factor(likely: float, factor: float = 2.0) -> Effect:
    return told(likely / factor, likely, likely * factor)


def expected(effects: list[Effect], wide: float = UNTRIED) -> list[float]:
    return [pert.mean(each.recovers) for each in probable(effects, wide)]


@given(funnels_with_ideas(segmented=True), widenings)
def test_only_the_estimates_change(case: tuple[Funnel, list[Effect]], wide: float) -> None:
    _, effects = case
    answer = probable(effects, wide)
    assert [
        replace(after, recovers=before.recovers, estimated=None)
        for before, after in zip(effects, answer, strict=True)
    ] == effects
    assert [each.estimated for each in answer] == [each.recovers for each in effects]


@given(case=funnels_with_ideas(), data=st.data())
def test_the_order_of_the_ideas_changes_not_a_bit(
    case: tuple[Funnel, list[Effect]], data: st.DataObject
) -> None:
    _, effects = case
    order = data.draw(st.permutations(range(len(effects))))
    answer = probable(effects)
    assert probable([effects[k] for k in order]) == [answer[k] for k in order]


@given(st.lists(estimates(), max_size=5), st.lists(estimates(), max_size=5))
def test_ideas_of_another_kind_change_nothing(one: list[Estimate], other: list[Estimate]) -> None:
    on_reason = [Effect(0, each, "No budget") for each in one]
    on_volume = [Effect(None, each, lever=Lever.VOLUME) for each in other]
    answer = probable([*on_volume, *on_reason])
    assert answer == [*probable(on_volume), *probable(on_reason)]


@given(st.lists(estimates(), min_size=1, max_size=5))
def test_equal_ideas_get_equal_answers(given_: list[Estimate]) -> None:
    effects = [Effect(0, each) for each in given_]
    answer = probable([*effects, *effects])
    assert answer[: len(effects)] == answer[len(effects) :]


@given(
    st.lists(st.tuples(st.floats(0.01, 0.1), st.floats(1.1, 3)), min_size=1, max_size=6),
    st.floats(0.01, 1),
)
def test_estimates_in_another_unit_get_answers_in_it(
    pairs: list[tuple[float, float]], unit: float
) -> None:
    # Far below 1, so that nothing is cut there.
    small = [in_a_factor(likely / 1000, factor) for likely, factor in pairs]
    smaller = [in_a_factor(likely / 1000 * unit, factor) for likely, factor in pairs]
    assert expected(smaller) == pytest.approx([unit * each for each in expected(small)], rel=1e-6)


@given(st.lists(st.floats(0.001, 0.45), min_size=2, max_size=8), st.floats(1.01, 2))
def test_estimates_of_one_width_keep_their_order(likely: list[float], factor: float) -> None:
    answer = expected([in_a_factor(each, factor) for each in sorted(likely)])
    assert all(a <= b * (1 + 1e-9) for a, b in pairwise(answer))


def test_the_bold_are_pulled_down_and_the_timid_up_the_more_the_wider_ranges_are() -> None:
    effects = [in_a_factor(0.4), in_a_factor(0.05), in_a_factor(0.1)]
    distances = [
        log(high / low)
        for high, low, _ in (expected(effects, wide) for wide in (1.0, 1.854, 2.178, 2.982))
    ]
    assert distances == sorted(distances, reverse=True)
    assert distances[0] < log(0.4 / 0.05)
    assert distances[-1] == pytest.approx(0, abs=1e-12)  # no wider apart than their errors


def test_one_idea_alone_keeps_its_middle_but_for_what_plans_never_bring() -> None:
    [alone] = probable([told(0.1, 0.2, 0.4)])
    assert pert.mean(alone.recovers) == pytest.approx(REALISED * 0.2)
    assert alone.recovers.low < 0.1 * REALISED
    assert alone.recovers.high > 0.4 * REALISED


def test_an_estimate_without_a_range_draws_the_others_near() -> None:
    sure = [told(0.1, 0.1, 0.1)] * 3
    guess = told(0.2, 0.4, 0.8)
    answer = expected([guess, *sure])
    assert answer[1:] == pytest.approx([REALISED * 0.1] * 3)
    assert REALISED * 0.1 <= answer[0] < expected([guess])[0]


def test_of_two_equal_claims_the_one_with_the_wider_range_is_believed_less() -> None:
    others = [in_a_factor(each, 1.3) for each in (0.03, 0.05, 0.1)]
    wide, narrow, *_ = expected([in_a_factor(0.3, 2.5), in_a_factor(0.3, 1.3), *others])
    assert wide < narrow < REALISED * 0.3


@given(st.lists(st.floats(0, 1), max_size=5))
def test_without_a_range_there_is_none_and_nothing_is_pulled(
    values: list[float],
) -> None:
    for value, effect in zip(values, probable([told(*[v] * 3) for v in values]), strict=True):
        assert effect.recovers.low == effect.recovers.high
        assert effect.recovers.likely == pytest.approx(REALISED * value)


def test_a_nought_says_nothing_about_the_others() -> None:
    guesses = [told(0.2, 0.4, 0.8), told(0, 0.1, 0.2)]
    nought = told(0, 0, 0)
    first, *others = probable([nought, *guesses])
    assert (first.recovers, others) == (nought.recovers, probable(guesses))
    assert probable([]) == []


@given(st.floats(0.01, 0.2), st.floats(1.01, 4))
def test_a_range_even_in_factors_is_read_as_told(likely: float, factor: float) -> None:
    estimate = Estimate(likely / factor, likely, likely * factor)
    assert in_factors(estimate) == pytest.approx((likely, factor))


@given(st.floats(-9, -0.001), st.floats(0, 20), st.floats(0, 20))
def test_an_estimate_holds_the_mean_and_as_much_of_the_spread_as_it_can(
    middle: float, variance: float, more: float
) -> None:
    truth, wider = LogNormal(middle, variance), LogNormal(middle, variance + more)
    mean = np.exp(truth.log_moment(1))
    estimate = as_estimate(mean, truth)
    assert 0 < mean <= 1
    assert pert.mean(estimate) == pytest.approx(mean, rel=1e-9)
    widest = np.sqrt(min(mean, 5 * (1 - mean)) * min(1 - mean, 5 * mean) / 7)
    spread = min(mean * np.sqrt(truth.relative_variance()), widest)
    assert pert.sd(estimate) <= spread * (1 + 1e-6) + 1e-12
    if variance < 0.3 and mean < 0.1:
        assert pert.sd(estimate) == pytest.approx(spread, rel=1e-6, abs=1e-9)
        assert pert.sd(as_estimate(mean, wider)) >= pert.sd(estimate) * (1 - 1e-9)


def test_moments_up_to_1_are_those_of_draws_up_to_1() -> None:
    draws = np.exp(np.random.default_rng(1).normal(-1, 1, 1_000_000))
    draws = draws[draws < 1]
    truth = LogNormal(-1.0, 1.0)
    assert np.exp(truth.log_moment(1)) == pytest.approx(draws.mean(), rel=2e-3)
    assert truth.relative_variance() == pytest.approx(draws.var() / draws.mean() ** 2, rel=5e-3)


def test_the_best_of_many_brings_what_was_to_be_expected_and_lies_in_its_range() -> None:
    stream = np.random.default_rng(1)
    promised, hoped, came, inside = [], [], [], []
    for _ in range(400):
        truth = np.exp(stream.normal(log(0.05), 0.6, 25))
        error = stream.uniform(0.3, 0.7, 25)
        likely = truth / REALISED * np.exp(stream.normal(0, error))
        factor = np.exp(1.645 * error / 2.178)
        effects = [in_a_factor(*each) for each in zip(likely, factor, strict=True) if each[0] < 0.4]
        answer = probable(effects)
        best = int(np.argmax([pert.mean(each.recovers) for each in answer]))
        chosen, came_true = answer[best].recovers, truth[likely < 0.4][best]
        place = (came_true - chosen.low) / (chosen.high - chosen.low)
        promised.append(pert.mean(chosen))
        hoped.append(pert.mean(effects[best].recovers))
        came.append(came_true)
        inside.append(0.1 < beta.cdf(place, *pert.shape(chosen)) < 0.9)
    assert np.mean(hoped) / np.mean(came) > 1.6
    assert np.mean(promised) / np.mean(came) == pytest.approx(1, abs=0.1)
    assert 0.7 < np.mean(inside) < 0.9


@given(funnels_with_ideas(), widenings)
def test_every_sum_can_be_had_of_the_answer_and_they_agree(
    case: tuple[Funnel, list[Effect]], wide: float
) -> None:
    f, effects = case
    answer = probable(effects, wide)
    assert rank(f, answer, draws=50)["gain"].tolist() == gains_alone(f, answer).tolist()
    joint = joint_gain(f, answer)
    assert attribution(f, answer).sum() == pytest.approx(joint, rel=1e-9, abs=1e-6)
    assert np.isfinite(simulate_together(f, answer, draws=50)).all()


def test_a_draw_of_all_together_brings_the_joint_gain_on_average(funnel: Funnel) -> None:
    effects = probable(
        [
            Effect(1, Estimate(0.1, 0.2, 0.4), "No follow-up", success=0.6),
            Effect(3, Estimate(0.0, 0.1, 0.3), success=0.6),
            Effect(2, Estimate(0.1, 0.2, 0.3)),
        ]
    )
    drawn = simulate_together(funnel, effects, draws=200_000)
    assert drawn.mean() == pytest.approx(joint_gain(funnel, effects), rel=0.02)


def test_an_untried_room_has_the_widening_of_its_calibration() -> None:
    assert round(widening(0, questions=0), 3) == UNTRIED


@pytest.mark.parametrize("wide", [0, -1, 20_000, float("nan")])
def test_a_widening_that_is_none_is_refused(wide: float) -> None:
    with pytest.raises(ValueError, match=re.escape(f"the widening is {wide:g}; ")):
        probable([], wide)


@given(st.floats(0, 10), st.floats(0, 10))
def test_the_chance_grows_with_what_management_says_and_leans_to_what_happened_elsewhere(
    one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert 0.1 < chance_of_success(low) <= chance_of_success(high) < 0.8
    said = (one + 0.5) / 11
    assert min(said, ELSEWHERE) - 1e-12 <= chance_of_success(one) <= max(said, ELSEWHERE) + 1e-12


@pytest.mark.parametrize("of_ten", [-1, 11, float("nan")])
def test_more_or_fewer_than_ten_of_ten_are_refused(of_ten: float) -> None:
    with pytest.raises(ValueError, match=re.escape(f"the number of ten ideas is {of_ten:g}; ")):
        chance_of_success(of_ten)
