from __future__ import annotations

from itertools import permutations, product
from math import factorial, prod
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.funnels import fractions, funnels_with_ideas
from workshop.analysis import pert
from workshop.analysis.conversion import revenue
from workshop.analysis.gains import attribution, gain, improved_rate, joint_gain
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Effect, Estimate, Lever


def certain(value: float) -> Estimate:
    return Estimate(value, value, value)


A = Effect(1, certain(0.2), "No follow-up")
B = Effect(1, certain(0.3), "No follow-up")
C = Effect(1, certain(0.1), "No budget")
D = Effect(3, certain(0.1))
MORE_LEADS = Effect(None, certain(0.1), lever=Lever.VOLUME)
HIGHER_PRICE = Effect(None, certain(0.05), lever=Lever.DEAL_VALUE)


def worth(f: Funnel) -> float:
    """The unit in which rounding is judged: what the funnel could bring in at all."""
    return max(1.0, f.entrants * f.deal_value)


def test_the_worked_example_has_its_gains(funnel: Funnel) -> None:
    alone = [gain(funnel, effect) for effect in (A, B, C, D)]
    assert alone == pytest.approx([25_200, 37_800, 7_560, 50_400])
    assert sum(alone) == pytest.approx(120_960)
    assert gain(funnel, Effect(1, certain(0.2), "No follow-up", quality=0.8)) == pytest.approx(
        20_160
    )


def test_the_worked_example_has_its_joint_gain_and_rates(funnel: Funnel) -> None:
    assert improved_rate(funnel.steps[1], [A, B, C], 1.0) == pytest.approx(0.55)
    assert improved_rate(funnel.steps[3], [D], 1.0) == pytest.approx(0.325)
    assert joint_gain(funnel, [A, B, C, D]) == pytest.approx(132_300)


def test_the_worked_example_has_its_credits(funnel: Funnel) -> None:
    credits = attribution(funnel, [A, B, C, D])
    assert list(credits) == pytest.approx([24_444, 38_934, 8_694, 60_228])
    assert sum(credits) == pytest.approx(132_300)


def test_a_tenth_more_everywhere_compounds() -> None:
    f = Funnel.from_counts(
        {"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84, "Won": 21},
        deal_value=8000,
        currency="EUR",
        period_days=365,
    )
    tenth_more = [
        Effect(i, certain(0.1 * step.rate / (1 - step.rate))) for i, step in enumerate(f.steps)
    ]
    assert [gain(f, effect) for effect in tenth_more] == pytest.approx([16_800] * 4)
    assert joint_gain(f, tenth_more) == pytest.approx(77_968.80)


def test_success_scales_the_expected_gain(funnel: Funnel) -> None:
    likely_to_fail = Effect(1, certain(0.2), "No follow-up", success=0.25)
    assert gain(funnel, likely_to_fail) == pytest.approx(25_200 / 4)


def test_an_idea_on_no_particular_reason_reaches_the_unexplained_rest_too(
    funnel: Funnel,
) -> None:
    assert gain(funnel, Effect(1, certain(0.1))) == pytest.approx(25_200)
    everything = [
        Effect(1, certain(1.0), "No follow-up"),
        Effect(1, certain(1.0), "No budget"),
    ]
    assert improved_rate(funnel.steps[1], everything, 1.0) == pytest.approx(1 - 84 / 700)
    assert improved_rate(funnel.steps[1], [Effect(1, certain(1.0))], 1.0) == pytest.approx(1)


def test_two_ideas_on_one_reason_cannot_claim_the_same_prospect(funnel: Funnel) -> None:
    assert joint_gain(funnel, [A, B]) == pytest.approx(126_000 * (1 - 0.8 * 0.7))
    assert joint_gain(funnel, [Effect(1, certain(1.0), "No follow-up")] * 3) == (
        pytest.approx(126_000)
    )


def test_a_prospect_two_ideas_would_rescue_goes_to_the_better_one(
    funnel: Funnel,
) -> None:
    poor = Effect(1, certain(0.5), "No follow-up", quality=0.6)
    good = Effect(1, certain(0.5), "No follow-up")
    # Half are rescued by the good idea at full worth, half of the others at 0.6.
    assert joint_gain(funnel, [poor, good]) == pytest.approx(126_000 * 0.65)


def test_levers_multiply_the_entrants_and_the_deal_value(funnel: Funnel) -> None:
    assert gain(funnel, MORE_LEADS) == pytest.approx(16_800)
    assert gain(funnel, HIGHER_PRICE) == pytest.approx(8_400)
    assert joint_gain(funnel, [MORE_LEADS, HIGHER_PRICE]) == pytest.approx(
        168_000 * (1.1 * 1.05 - 1)
    )
    assert joint_gain(funnel, [MORE_LEADS, MORE_LEADS]) == pytest.approx(168_000 * 0.21)
    poor_leads = Effect(None, certain(0.1), quality=0.5, lever=Lever.VOLUME)
    assert gain(funnel, poor_leads) == pytest.approx(8_400)


def test_no_ideas_bring_in_nothing(funnel: Funnel) -> None:
    assert joint_gain(funnel, []) == 0
    assert len(attribution(funnel, [])) == 0


def test_a_funnel_without_wins_gains_at_the_step_that_blocks_it() -> None:
    f = Funnel.from_counts(
        {"Lead": 100, "Trial": 50, "Won": 0},
        deal_value=10,
        currency="EUR",
        period_days=30,
    )
    upstream, downstream = Effect(0, certain(0.5)), Effect(1, certain(0.5))
    assert gain(f, upstream) == 0
    assert gain(f, downstream) == pytest.approx(250)
    assert joint_gain(f, [upstream, downstream]) == pytest.approx(375)
    assert attribution(f, [upstream, downstream]) == pytest.approx([62.5, 312.5])


def test_a_step_nobody_entered_has_nobody_to_win_back() -> None:
    f = Funnel.from_counts(
        {"Lead": 100, "Trial": 0, "Won": 0},
        deal_value=10,
        currency="EUR",
        period_days=30,
    )
    assert gain(f, Effect(1, certain(0.5))) == 0
    assert joint_gain(f, [Effect(0, certain(0.5)), Effect(1, certain(0.5))]) == 0


@pytest.mark.parametrize(
    ("effect", "message"),
    [
        (Effect(4, certain(0.1)), "the step is 4; this funnel has the steps 0 to 3"),
        (
            Effect(1, certain(0.1), "Price"),
            "'Price' is not a loss reason at MQL → SQL; known there: 'No follow-up', 'No budget'",
        ),
        (
            Effect(0, certain(0.1), "Price"),
            "'Price' is not a loss reason at Lead → MQL; known there: none",
        ),
    ],
)
def test_an_idea_that_does_not_fit_the_funnel_is_refused(
    funnel: Funnel, effect: Effect, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        gain(funnel, effect)
    with pytest.raises(ValueError, match=message):
        joint_gain(funnel, [A, effect])
    with pytest.raises(ValueError, match=message):
        attribution(funnel, [A, effect])


def lost_prospects(step: Step) -> list[tuple[str, str | None, int]]:
    """How many of the lost share a reason, "" for none, and a segment, None for none."""
    counted = []
    for reason, count in [*step.losses.items(), ("", step.unexplained)]:
        within = [(segment, lost.get(reason, 0)) for segment, lost in step.segments.items()]
        rest = count - sum(lost for _, lost in within)
        counted += [(reason, segment, lost) for segment, lost in [*within, (None, rest)]]
    return counted


def enumerated(f: Funnel, effects: list[Effect]) -> float:
    """The joint gain from first principles: every pattern of successes, prospect by prospect."""
    chances = [e.success * pert.mean(e.recovers) for e in effects]

    def better(step: Step, own: list[int]) -> float:
        rate = step.rate
        for reason, segment, count in lost_prospects(step):
            acting = [
                k
                for k in own
                if effects[k].reason in (None, reason) and effects[k].segment in (None, segment)
            ]
            for pattern in product([False, True], repeat=len(acting)):
                likelihood = prod(
                    chances[k] if works else 1 - chances[k]
                    for k, works in zip(acting, pattern, strict=True)
                )
                best = max(
                    (effects[k].quality for k, w in zip(acting, pattern, strict=True) if w),
                    default=0,
                )
                rate += likelihood * best * count / max(1, step.entered)
        return rate

    whole = f.entrants * f.deal_value
    for i, step in enumerate(f.steps):
        whole *= better(step, [k for k, e in enumerate(effects) if e.step == i])
    for effect, likelihood in zip(effects, chances, strict=True):
        if effect.step is None:
            whole *= 1 + effect.quality * likelihood
    return whole - revenue(f)


@examples(40)
@given(funnels_with_ideas())
def test_the_joint_gain_is_what_counting_every_prospect_gives(
    case: tuple[Funnel, list[Effect]],
) -> None:
    f, effects = case
    assert joint_gain(f, effects) == pytest.approx(enumerated(f, effects), abs=1e-9 * worth(f))


def test_the_joint_gain_agrees_with_a_million_draws(funnel: Funnel) -> None:
    effects = [
        Effect(1, Estimate(0.1, 0.2, 0.5), "No follow-up", success=0.7),
        Effect(1, Estimate(0.0, 0.3, 0.4), quality=0.6),
        Effect(3, Estimate(0.05, 0.1, 0.3), success=0.5),
        Effect(None, Estimate(0.0, 0.1, 0.2), lever=Lever.VOLUME),
    ]
    stream = np.random.default_rng(1)

    def drawn(effect: Effect) -> np.ndarray:
        low, width = effect.recovers.low, effect.recovers.high - effect.recovers.low
        outcome = low + width * stream.beta(*pert.shape(effect.recovers), 1_000_000)
        return outcome * (stream.random(1_000_000) < effect.success)

    called, offered, closed, leads = map(drawn, effects)
    no_follow_up = called + (1 - called) * 0.6 * offered
    second = 0.4 + 0.3 * no_follow_up + 0.3 * 0.6 * offered
    revenues = 2000 * (1 + leads) * 0.35 * second * 0.3 * (0.25 + 0.75 * closed) * 8000
    assert joint_gain(funnel, effects) == pytest.approx(revenues.mean() - 168_000, rel=1e-3)


@given(funnels_with_ideas())
def test_gain_is_the_joint_gain_of_one(case: tuple[Funnel, list[Effect]]) -> None:
    f, effects = case
    for effect in effects:
        assert gain(f, effect) == pytest.approx(joint_gain(f, [effect]), abs=1e-12 * worth(f))


@given(funnels_with_ideas())
def test_conversion_stays_between_0_and_1(case: tuple[Funnel, list[Effect]]) -> None:
    f, effects = case
    for i, step in enumerate(f.steps):
        rate = improved_rate(step, [e for e in effects if e.step == i], 1.0)
        assert step.rate <= rate <= 1 + 1e-12


@given(funnels_with_ideas(), st.randoms(use_true_random=False))
def test_the_order_of_ideas_never_matters(
    case: tuple[Funnel, list[Effect]], random: Random
) -> None:
    f, effects = case
    order = list(range(len(effects)))
    random.shuffle(order)
    shuffled = [effects[k] for k in order]
    close = 1e-10 * worth(f)
    assert joint_gain(f, shuffled) == pytest.approx(joint_gain(f, effects), abs=close)
    assert attribution(f, shuffled) == pytest.approx(attribution(f, effects)[order], abs=close)


@given(funnels_with_ideas(), st.data())
def test_together_on_one_reason_ideas_bring_at_most_their_sum(
    case: tuple[Funnel, list[Effect]], data: st.DataObject
) -> None:
    f, effects = case
    assume(any(e.step is not None for e in effects))
    one = data.draw(st.sampled_from([e for e in effects if e.step is not None]))
    on_one = [e for e in effects if (e.step, e.reason) == (one.step, one.reason)]
    total = sum(gain(f, effect) for effect in on_one)
    assert joint_gain(f, on_one) <= total + 1e-10 * worth(f)


@given(funnels_with_ideas())
def test_across_steps_ideas_bring_at_least_their_sum(
    case: tuple[Funnel, list[Effect]],
) -> None:
    f, effects = case
    one_each = list({(e.step, e.lever): e for e in effects}.values())
    total = sum(gain(f, effect) for effect in one_each)
    assert joint_gain(f, one_each) >= total - 1e-10 * worth(f)


@given(funnels_with_ideas(most=6))
def test_credits_add_up_to_the_joint_gain_and_none_is_negative(
    case: tuple[Funnel, list[Effect]],
) -> None:
    f, effects = case
    credits = attribution(f, effects)
    assert credits.sum() == pytest.approx(joint_gain(f, effects), abs=1e-10 * worth(f))
    assert np.all(credits >= -1e-10 * worth(f))


@examples(15)
@given(funnels_with_ideas(most=5))
def test_credits_are_the_average_over_all_orders_of_joining(
    case: tuple[Funnel, list[Effect]],
) -> None:
    f, effects = case
    expected = np.zeros(len(effects))
    for order in permutations(range(len(effects))):
        for place, k in enumerate(order):
            before = [effects[j] for j in order[:place]]
            expected[k] += joint_gain(f, [*before, effects[k]]) - joint_gain(f, before)
    expected /= factorial(len(effects))
    assert attribution(f, effects) == pytest.approx(expected, abs=1e-10 * worth(f))


def test_credits_of_a_thousand_ideas_are_still_exact(funnel: Funnel) -> None:
    stream = np.random.default_rng(1)
    effects = [
        Effect(
            int(stream.integers(4)),
            Estimate(*np.sort(stream.random(3))),
            quality=float(stream.choice([0.5, 1.0])),
        )
        for _ in range(1000)
    ]
    credits = attribution(funnel, effects)
    assert credits.sum() == pytest.approx(joint_gain(funnel, effects), rel=1e-12)
    assert np.all(credits >= 0)


@given(funnels_with_ideas(), fractions, st.data())
def test_gain_grows_with_every_estimate_quality_and_chance(
    case: tuple[Funnel, list[Effect]], by: float, data: st.DataObject
) -> None:
    f, effects = case
    assume(effects)
    k = data.draw(st.integers(0, len(effects) - 1))
    old = effects[k]
    low, likely, high = old.recovers.low, old.recovers.likely, old.recovers.high
    for estimate, quality, success in [
        (Estimate(min(likely, low + by), likely, high), old.quality, old.success),
        (Estimate(low, min(high, likely + by), high), old.quality, old.success),
        (Estimate(low, likely, min(1.0, high + by)), old.quality, old.success),
        (old.recovers, min(1.0, old.quality + by), old.success),
        (old.recovers, old.quality, min(1.0, old.success + by)),
    ]:
        new = Effect(old.step, estimate, old.reason, quality, success, old.lever)
        better = [*effects[:k], new, *effects[k + 1 :]]
        assert gain(f, new) >= gain(f, old) - 1e-12 * worth(f)
        assert joint_gain(f, better) >= joint_gain(f, effects) - 1e-10 * worth(f)


@given(funnels_with_ideas(), st.floats(0.01, 100))
def test_scaling_the_deal_value_scales_every_gain(
    case: tuple[Funnel, list[Effect]], factor: float
) -> None:
    f, effects = case
    scaled = Funnel(f.steps, f.deal_value * factor, f.currency, f.period_days)
    close = 1e-10 * worth(f) * max(1, factor)
    assert joint_gain(scaled, effects) == pytest.approx(factor * joint_gain(f, effects), abs=close)
    assert attribution(scaled, effects) == pytest.approx(
        factor * attribution(f, effects), abs=close
    )
