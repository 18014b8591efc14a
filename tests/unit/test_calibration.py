from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit
from scipy.stats import norm

from tests.funnels import fractions
from workshop.analysis.calibration import flattery, widening

inner = st.floats(0.01, 0.99)


@pytest.mark.parametrize(
    ("held", "questions", "factor"),
    [(0, 0, 2.178), (1, 0, 2.178), (0.2, 4, 2.982), (0.75, 4, 1.854), (0.55, 7, 2.178)],
)
def test_ranges_are_widened_as_the_method_says(held: float, questions: int, factor: float) -> None:
    assert widening(held, questions) == pytest.approx(factor, abs=5e-4)


@given(fractions, st.integers(0, 10_000))
def test_widened_ranges_hold_the_truth_nine_times_in_ten(held: float, questions: int) -> None:
    """A normal error that its range holds with chance h̃ is held by the widened one with .9."""
    expected = (3 * questions * held + 11) / (3 * questions + 20)
    reach = norm.ppf((1 + expected) / 2) * widening(held, questions)
    assert 2 * norm.cdf(reach) - 1 == pytest.approx(0.9, abs=1e-4)


@given(fractions, fractions, st.integers(1, 100))
def test_who_was_right_more_often_is_widened_less(one: float, other: float, many: int) -> None:
    less, more = sorted([one, other])
    assert widening(more, many) <= widening(less, many)


@given(fractions, st.integers(0, 99))
def test_more_questions_lead_away_from_what_is_usual(held: float, questions: int) -> None:
    usual = widening(0, 0)
    one, other = widening(held, questions), widening(held, questions + 1)
    assert abs(other - usual) >= abs(one - usual) - 1e-12


@pytest.mark.parametrize(("held", "questions"), [(-0.1, 4), (1.1, 4), (0.5, -1), (float("nan"), 1)])
def test_what_is_no_share_is_refused(held: float, questions: int) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        widening(held, questions)


def test_a_side_that_sees_the_leak_elsewhere_flatters_itself() -> None:
    truths = [0.35, 0.40, 0.30, 0.25]
    guesses = [0.35, 0.55, 0.20, 0.25]
    mean_of_own = (logit(0.55) - logit(0.40)) / 2
    mean_of_others = (logit(0.20) - logit(0.30)) / 2
    assert flattery(guesses, truths, [0, 1]) == pytest.approx(mean_of_own - mean_of_others)
    assert flattery(guesses, truths, [2, 3]) == pytest.approx(mean_of_others - mean_of_own)


@given(st.lists(st.tuples(inner, inner), min_size=2, max_size=6), st.data())
def test_what_one_side_flatters_itself_by_the_other_is_blamed_for(
    steps: list[tuple[float, float]], data: st.DataObject
) -> None:
    guesses, truths = zip(*steps, strict=True)
    everything = set(range(len(steps)))
    own = data.draw(st.sets(st.sampled_from(sorted(everything)), min_size=1, max_size=len(steps)))
    if own == everything:
        own.pop()
    assert flattery(guesses, truths, own) == pytest.approx(
        -flattery(guesses, truths, everything - own), abs=1e-9
    )


@given(st.lists(inner, min_size=2, max_size=6))
def test_the_truth_flatters_nobody(truths: list[float]) -> None:
    assert flattery(truths, truths, [0]) == 0


@given(st.lists(st.tuples(fractions, fractions), min_size=2, max_size=6))
def test_no_guess_makes_it_infinite(steps: list[tuple[float, float]]) -> None:
    guesses, truths = zip(*steps, strict=True)
    assert isfinite(flattery(guesses, truths, [0]))


@given(fractions, fractions)
def test_a_higher_guess_at_the_own_step_never_flatters_less(one: float, other: float) -> None:
    low, high = sorted([one, other])
    assert flattery([low, 0.5], [0.3, 0.3], [0]) <= flattery([high, 0.5], [0.3, 0.3], [0])


def test_none_of_a_hundred_weighs_as_one_in_a_thousand() -> None:
    assert flattery([0, 0.4], [0.4, 0.4], [0]) == flattery([0.001, 0.4], [0.4, 0.4], [0])
    assert flattery([1, 0.4], [0.4, 0.4], [0]) == flattery([0.999, 0.4], [0.4, 0.4], [0])


@pytest.mark.parametrize("own", [[], [0, 1]])
def test_a_side_needs_steps_of_its_own_and_others(own: list[int]) -> None:
    with pytest.raises(ValueError, match="it needs some of both"):
        flattery([0.3, 0.3], [0.4, 0.4], own)


@pytest.mark.parametrize(
    ("guesses", "truths", "own", "says"),
    [
        ([0.3], [0.4, 0.4], [0], "1 guesses and 2 true rates"),
        ([0.3, 30], [0.4, 0.4], [0], "a rate is 30"),
        ([0.3, 0.3], [0.4, 0.4], [2], "there is no step 2"),
    ],
)
def test_what_does_not_fit_is_refused(
    guesses: list[float], truths: list[float], own: list[int], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        flattery(guesses, truths, own)
