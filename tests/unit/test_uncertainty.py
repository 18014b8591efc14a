from __future__ import annotations

import re
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from tests.examples import examples
from tests.funnels import funnels_with_ideas
from workshop.analysis import pert
from workshop.analysis.conversion import posterior
from workshop.analysis.gains import gain, joint_gain
from workshop.analysis.uncertainty import (
    outcomes,
    places,
    rank,
    shrink,
    simulate,
    simulate_together,
)
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Effect, Estimate, Lever

A = Effect(1, Estimate(0.1, 0.2, 0.3), "No follow-up")
B = Effect(1, Estimate(0.2, 0.3, 0.5), "No follow-up", success=0.8)
C = Effect(1, Estimate(0.05, 0.1, 0.2), "No budget")
D = Effect(3, Estimate(0.0, 0.1, 0.2))
MORE_LEADS = Effect(None, Estimate(0.0, 0.2, 0.3), lever=Lever.VOLUME)
IDEAS = [A, B, C, D, MORE_LEADS]
OWN = ["gain", "p10", "p50", "p90"]
COLUMNS = [*OWN, "p_top3", "rank_low", "rank_high", "shrunk"]


def many(count: int) -> list[Effect]:
    stream = np.random.default_rng(1)
    return [
        Effect(
            int(stream.integers(4)),
            Estimate(*np.sort(stream.random(3) * 0.5)),
            success=float(stream.choice([0.6, 1.0])),
        )
        for _ in range(count)
    ]


def test_the_ranking_has_a_row_an_idea_in_the_order_given(funnel: Funnel) -> None:
    ranking = rank(funnel, IDEAS)
    assert list(ranking.columns) == COLUMNS
    assert list(ranking.index) == [0, 1, 2, 3, 4]
    assert list(ranking["gain"]) == pytest.approx([gain(funnel, effect) for effect in IDEAS])


def test_the_same_seed_gives_the_same_ranking_and_another_seed_nearly(
    funnel: Funnel,
) -> None:
    first, second = rank(funnel, IDEAS), rank(funnel, IDEAS, seed=1)
    pd.testing.assert_frame_equal(first, rank(funnel, IDEAS))
    assert (first["p50"] != second["p50"]).all()
    assert second["p50"].to_numpy() == pytest.approx(first["p50"].to_numpy(), rel=0.05)


def test_adding_an_idea_anywhere_changes_nothing_about_the_others(
    funnel: Funnel,
) -> None:
    before = rank(funnel, [A, C, D])[OWN].to_numpy()
    for position in range(4):
        ideas = [A, C, D]
        ideas.insert(position, B)
        after = np.delete(rank(funnel, ideas)[OWN].to_numpy(), position, axis=0)
        assert np.array_equal(after, before)


def test_equal_numbers_of_any_type_have_the_same_draws(funnel: Funnel) -> None:
    as_integers = Effect(np.int64(3), Estimate(0, np.float64(0.1), 1), quality=1)  # type: ignore[arg-type]
    as_fractions = Effect(3, Estimate(0.0, 0.1, 1.0), quality=1.0)
    assert outcomes.__wrapped__(as_integers, 9, 0).tolist() == (
        outcomes.__wrapped__(as_fractions, 9, 0).tolist()
    )


@examples(10)
@given(funnels_with_ideas(most=6), st.randoms(use_true_random=False))
def test_the_order_of_ideas_never_matters(
    case: tuple[Funnel, list[Effect]], random: Random
) -> None:
    f, effects = case
    order = list(range(len(effects)))
    random.shuffle(order)
    shuffled = rank(f, [effects[k] for k in order], draws=200)
    expected = rank(f, effects, draws=200).iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(shuffled, expected)


@examples(15)
@given(funnels_with_ideas(most=6))
def test_every_funnel_and_idea_has_a_defined_ranking(
    case: tuple[Funnel, list[Effect]],
) -> None:
    f, effects = case
    ranking = rank(f, effects, draws=100)
    assert len(ranking) == len(effects)
    assert np.isfinite(ranking.to_numpy(dtype=float)).all()
    assert (ranking["p10"] <= ranking["p50"]).all()
    assert (ranking["p50"] <= ranking["p90"]).all()
    assert ranking["p_top3"].between(0, 1).all()
    assert ranking["p_top3"].sum() == pytest.approx(min(3, len(effects)))
    assert (ranking["rank_low"] <= ranking["rank_high"]).all()
    assert ranking["rank_low"].between(1, max(1, len(effects))).all()
    assert ranking["rank_high"].between(1, max(1, len(effects))).all()


def test_no_ideas_one_idea_and_a_thousand_have_a_ranking(funnel: Funnel) -> None:
    assert list(rank(funnel, []).columns) == COLUMNS
    alone = rank(funnel, [A]).iloc[0]
    assert (alone["p_top3"], alone["rank_low"], alone["rank_high"]) == (1, 1, 1)
    assert alone["shrunk"] == alone["gain"]
    thousand = rank(funnel, many(1000))
    assert len(thousand) == 1000
    assert np.isfinite(thousand.to_numpy(dtype=float)).all()


@pytest.mark.parametrize(
    ("counts", "deal_value"),
    [
        ({"Lead": 100, "Trial": 0, "Won": 0}, 8000),
        ({"Lead": 100, "Trial": 50, "Won": 0}, 8000),
        ({"Lead": 100, "Trial": 100, "Won": 100}, 8000),
        ({"Lead": 0, "Trial": 0, "Won": 0}, 8000),
        ({"Lead": 100, "Trial": 50, "Won": 5}, 0),
    ],
)
def test_a_funnel_without_wins_or_worth_has_a_ranking(
    counts: dict[str, int], deal_value: float
) -> None:
    f = Funnel.from_counts(counts, deal_value=deal_value, currency="EUR", period_days=30)
    ideas = [Effect(0, Estimate(0, 0.1, 1)), Effect(1, Estimate(0.2, 0.2, 0.2))]
    assert np.isfinite(rank(f, ideas).to_numpy(dtype=float)).all()


def test_equals_share_their_numbers_and_their_place(funnel: Funnel) -> None:
    ranking = rank(funnel, [A, C, A, C, A])
    for column in ranking:
        assert ranking[column].iloc[[0, 2, 4]].nunique() == 1
        assert ranking[column].iloc[[1, 3]].nunique() == 1
    # Ideas worth nothing are equal too: three places for four of them.
    nothing = [Effect(0, Estimate(0, 0, 0), success=s) for s in (0.1, 0.2, 0.3, 0.4)]
    assert list(rank(funnel, nothing)["p_top3"]) == pytest.approx([0.75] * 4)


def test_the_draws_have_the_means_and_spreads_of_the_closed_forms(
    funnel: Funnel,
) -> None:
    simulated = simulate(funnel, IDEAS, 1_000_000, seed=3).astype(float)

    def moments(
        effect: Effect, share: float, factors: list[tuple[float, float]]
    ) -> tuple[float, float]:
        """Mean and standard deviation of a product of independent factors."""
        estimate = effect.recovers
        mean = effect.success * pert.mean(estimate)
        square = effect.success * (pert.mean(estimate) ** 2 + pert.sd(estimate) ** 2)
        for first, second in factors:
            mean, square = mean * first, square * second
        scale = share * funnel.deal_value
        return scale * mean, scale * float(np.sqrt(square - mean**2))

    kept, lost = [], []
    for step in funnel.steps:
        a, b = posterior(step)
        n = a + b
        kept.append((a / n, a * (a + 1) / (n * (n + 1))))
        lost.append((b / n, b * (b + 1) / (n * (n + 1))))
    entrants = (2000.5, 2000.5 * 2001.5)
    for row, effect in zip(simulated, IDEAS, strict=True):
        share = funnel.steps[1].losses[effect.reason] / funnel.steps[1].lost if effect.reason else 1
        factors = [lost[i] if i == effect.step else kept[i] for i in range(4)]
        mean, sd = moments(effect, share, [entrants, *factors])
        assert row.mean() == pytest.approx(mean, rel=2e-3)
        assert row.std() == pytest.approx(sd, rel=3e-3)


def test_the_quantiles_and_chances_are_those_of_the_draws(funnel: Funnel) -> None:
    simulated = simulate(funnel, IDEAS, 4096, seed=0)
    ranking = rank(funnel, IDEAS)
    for percent in (10, 50, 90):
        expected = np.quantile(simulated, percent / 100, axis=1, method="inverted_cdf")
        assert list(ranking[f"p{percent}"]) == pytest.approx(list(expected))
    place = rankdata(-simulated, method="min", axis=0)
    assert list(ranking["p_top3"]) == pytest.approx(list((place <= 3).mean(axis=1)))
    for column, fraction in (("rank_low", 0.1), ("rank_high", 0.9)):
        expected = np.quantile(place, fraction, axis=1, method="inverted_cdf")
        assert list(ranking[column]) == list(expected)


def test_common_random_numbers_let_the_surely_better_idea_always_win(
    funnel: Funnel,
) -> None:
    better, worse = (
        Effect(3, Estimate(0.2, 0.2, 0.2)),
        Effect(3, Estimate(0.19, 0.19, 0.19)),
    )
    ranking = rank(funnel, [worse, better])
    assert list(ranking["rank_low"]) == [2, 1]
    assert list(ranking["rank_high"]) == [2, 1]
    assert ranking["p10"][1] < ranking["p90"][0], "alone, their ranges overlap"


def test_a_certain_funnel_and_idea_have_no_range() -> None:
    many_counted = Funnel((Step("Lead", "Won", 10**12, 4 * 10**11),), 1.0, "EUR", 365)
    row = rank(many_counted, [Effect(0, Estimate(0.5, 0.5, 0.5))]).iloc[0]
    assert row["gain"] == pytest.approx(3e11)
    assert row["p10"] == pytest.approx(3e11, rel=1e-4)
    assert row["p90"] == pytest.approx(3e11, rel=1e-4)


def test_scaling_the_deal_value_scales_the_whole_ranking(funnel: Funnel) -> None:
    doubled = Funnel(funnel.steps, 16_000, "USD", 365)
    money = [*OWN, "shrunk"]
    assert rank(doubled, IDEAS)[money].to_numpy() == pytest.approx(
        2 * rank(funnel, IDEAS)[money].to_numpy()
    )


def test_places_are_competition_ranks() -> None:
    simulated = np.random.default_rng(1).integers(0, 6, (7, 300)).astype(np.float32)
    assert np.array_equal(places(simulated), rankdata(-simulated, "min", axis=0))


@pytest.mark.parametrize("draws", [0, -1, 2_000_000])
def test_an_impossible_number_of_draws_is_refused(funnel: Funnel, draws: int) -> None:
    with pytest.raises(ValueError, match=re.escape(f"the number of draws is {draws:g}; ")):
        rank(funnel, [A], draws=draws)


def test_an_idea_that_does_not_fit_the_funnel_is_refused(funnel: Funnel) -> None:
    with pytest.raises(ValueError, match="the step is 9"):
        rank(funnel, [A, Effect(9, Estimate(0, 0.1, 0.2))])


def test_shrinkage_keeps_what_the_ideas_really_differ() -> None:
    # Variance 100, of which 25 is noise: three quarters of each distance stay.
    assert shrink([10, 20, 30], [5, 5, 5]).tolist() == [12.5, 20, 27.5]


def test_gains_no_wider_apart_than_their_noise_are_all_alike() -> None:
    assert shrink([10, 20, 30], [50, 50, 50]).tolist() == [20, 20, 20]


def test_a_certain_gain_is_not_shrunk() -> None:
    assert shrink([10, 20, 60], [0, 0, 0]).tolist() == [10, 20, 60]
    assert shrink([10, 20, 60], [0, 90, 90])[0] == 10
    assert shrink([7], [3]).tolist() == [7]
    assert shrink([], []).tolist() == []


def test_shrinkage_cures_the_optimizers_curse() -> None:
    stream = np.random.default_rng(1)
    promised, shrunk, true = [], [], []
    for _ in range(2000):
        truth = stream.normal(100, 20, 30)
        seen = truth + stream.normal(0, 20, 30)
        chosen = int(seen.argmax())
        promised.append(seen[chosen])
        shrunk.append(shrink(seen, np.full(30, 20.0))[chosen])
        true.append(truth[chosen])
    assert np.mean(promised) - np.mean(true) > 15
    assert abs(np.mean(shrunk) - np.mean(true)) < 3


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=8))
def test_shrunk_gains_lie_between_the_gain_and_the_mean(
    pairs: list[tuple[float, float]],
) -> None:
    gains, sds = np.array(pairs).T
    shrunk = shrink(gains, sds)
    mean = gains.mean()
    assert np.all(shrunk >= np.minimum(gains, mean) - 1e-6)
    assert np.all(shrunk <= np.maximum(gains, mean) + 1e-6)


def test_a_spread_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="a standard deviation is -1"):
        shrink([1, 2], [1, -1])
    with pytest.raises(ValueError, match="a gain is nan"):
        shrink([1, float("nan")], [1, 1])
    with pytest.raises(ValueError, match="2 gains and 1 standard deviations"):
        shrink([1, 2], [1])


def test_the_method_page_shows_this_ranking(funnel: Funnel) -> None:
    ranking = rank(
        funnel,
        [
            Effect(1, Estimate(0.1, 0.2, 0.3), "No follow-up"),
            Effect(1, Estimate(0.1, 0.3, 0.5), "No follow-up", success=0.8),
            Effect(1, Estimate(0.05, 0.1, 0.25), "No budget"),
            Effect(3, Estimate(0.0, 0.1, 0.2)),
        ],
    )
    for column, shown in {
        "gain": [25_200, 30_240, 8_820, 50_400],
        "p10": [16_718, 0, 5_086, 24_643],
        "p50": [24_932, 32_784, 8_477, 49_032],
        "p90": [35_524, 53_240, 13_514, 77_194],
        "p_top3": [1.00, 0.80, 0.22, 0.99],
        "rank_low": [2, 1, 3, 1],
        "rank_high": [3, 4, 4, 2],
        "shrunk": [25_586, 29_857, 9_586, 35_894],
    }.items():
        assert ranking[column].tolist() == pytest.approx(shown, rel=1e-4, abs=5e-3)


def test_the_range_of_ideas_together_lies_around_their_joint_gain() -> None:
    many = Funnel.from_counts(
        {"Lead": 2_000_000, "MQL": 700_000, "SQL": 280_000, "Opportunity": 84_000, "Won": 21_000},
        deal_value=8,
        currency="USD",
        period_days=365,
        losses={"MQL": {"No follow-up": 210_000}},
    )
    estimate = Estimate(0.1, 0.2, 0.4)
    effects = [
        Effect(1, estimate, "No follow-up", quality=0.6),
        Effect(1, estimate, success=0.7),
        Effect(1, estimate, "No follow-up"),
        Effect(3, estimate),
        Effect(None, estimate, lever=Lever.VOLUME),
    ]
    drawn = simulate_together(many, effects, draws=200_000)
    expected = joint_gain(many, effects)
    assert drawn.mean() == pytest.approx(expected, abs=4 * drawn.std() / 200_000**0.5)


def test_nothing_together_is_worth_nothing(funnel: Funnel) -> None:
    assert not simulate_together(funnel, []).any()
