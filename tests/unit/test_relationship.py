from __future__ import annotations

from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from workshop.analysis.relationship import (
    Marks,
    Means,
    Stage,
    gap,
    is_beyond_chance,
    lowest,
    means,
    next_stage,
    stage,
    widest_gaps,
)

answers = st.lists(st.integers(1, 5), min_size=1, max_size=12)
several = st.lists(st.integers(1, 5), min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("mean", "code"),
    [
        (1, "undefined"),
        (1.999, "undefined"),
        (2, "defined"),
        (2.999, "defined"),
        (3, "aligned"),
        (3.999, "aligned"),
        (4, "integrated"),
        (5, "integrated"),
    ],
)
def test_a_mean_stands_for_its_stage(mean: float, code: str) -> None:
    assert stage(mean) == code


@pytest.mark.parametrize("cut", [2, 3, 4])
def test_rounding_keeps_nobody_below_a_stage(cut: int) -> None:
    assert stage(sum([cut / 7] * 7)) == stage(cut)
    assert stage(cut - 1e-12) == stage(cut)


@given(st.floats(1, 5), st.floats(1, 5))
def test_a_higher_mean_is_never_an_earlier_stage(one: float, other: float) -> None:
    low, high = sorted([one, other])
    assert [*Stage].index(stage(low)) <= [*Stage].index(stage(high))


@pytest.mark.parametrize("mean", [0.9, 5.1, float("nan"), 20])
def test_what_is_no_mean_of_answers_is_refused(mean: float) -> None:
    with pytest.raises(ValueError, match="the mean is"):
        stage(mean)


@given(several, several)
def test_the_gap_is_that_of_welchs_test(a: list[int], b: list[int]) -> None:
    assume(len(set(a)) > 1 and len(set(b)) > 1)
    difference, error = gap(a, b)
    assert difference / error == pytest.approx(ttest_ind(a, b, equal_var=False).statistic)


@given(answers, answers)
def test_the_gap_turns_round_with_the_sides(a: list[int], b: list[int]) -> None:
    difference, error = gap(a, b)
    assert gap(b, a) == (-difference, pytest.approx(error))
    assert is_beyond_chance(a, b) == is_beyond_chance(b, a)


def test_one_answer_alone_has_no_error_to_go_by() -> None:
    assert gap([5], [1, 1, 1, 1]) == (4, inf)
    assert not is_beyond_chance([5], [1] * 30)


def test_sides_of_one_mind_differ_beyond_chance_from_three_against_three() -> None:
    assert gap([4, 4, 4], [2, 2, 2]) == (2, 0)
    assert is_beyond_chance([4, 4, 4], [2, 2, 2])
    assert not is_beyond_chance([4, 4], [2, 2])
    assert not is_beyond_chance([4, 4, 4], [4, 4, 4])


def test_a_gap_below_1_645_errors_is_no_more_than_chance() -> None:
    wide, narrow = ([4, 5, 4, 3], [2, 3, 2, 1, 2]), ([4, 2, 4, 3], [2, 3, 2, 4, 2])
    for sides, beyond in ((wide, True), (narrow, False)):
        difference, error = gap(*sides)
        assert (abs(difference) > 1.645 * error) is beyond
        assert is_beyond_chance(*sides) is beyond


@pytest.mark.parametrize(
    ("a", "b", "says"), [([], [3], "has not answered"), ([0], [3], "an answer is 0")]
)
def test_what_are_no_answers_is_refused(a: list[float], b: list[float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        gap(a, b)


marks = st.lists(st.integers(1, 5), max_size=6).map(tuple)
by_side = st.builds(Marks, marks, marks, marks)
pooled = st.builds(Marks, pooled=marks)
statements = st.dictionaries(st.sampled_from("abcdefgh"), by_side | pooled, max_size=8)


def test_the_stages_follow_each_other_and_the_last_has_no_next() -> None:
    assert [next_stage(mean) for mean in (1, 2, 3, 4, 5)] == [*Stage][1:] + [None] * 2


def test_who_left_a_statement_empty_does_not_move_the_comparison() -> None:
    both = [Marks((4, 4, 5), (2, 2, 2)), Marks((2, 2, 3), (3, 3, 3))]
    alone = [Marks((1, 1, 1)), Marks(pooled=(5, 5, 5)), Marks()]
    assert means([*both, *alone]) == means(both)


def test_each_statement_weighs_alike_however_many_answered_it() -> None:
    few, many = Marks((1, 1, 1), (2,) * 3), Marks((5,) * 9, (4,) * 3)
    assert means([few, many]) == Means(3, 3, None, None)


def test_what_is_pooled_everywhere_is_one_mark() -> None:
    assert means([Marks(pooled=(1, 2, 3)), Marks(pooled=(4, 4, 4))]) == Means(None, None, None, 3)


@given(statements)
def test_the_room_is_between_its_sides(given: dict[str, Marks]) -> None:
    found = means(given.values())
    known = [each for each in found if each is not None]
    assert (found.room is None) is (not known)
    if found.room is not None:
        assert min(known) - 1e-9 <= found.room <= max(known) + 1e-9
    assert found.pooled is None or known == [found.pooled]


@given(statements)
def test_the_widest_gaps_are_those_and_no_others(given: dict[str, Marks]) -> None:
    def width(code: str) -> float:
        return abs(gap(given[code].sales, given[code].marketing)[0])

    compared = [code for code in given if given[code].sales and given[code].marketing]
    widest = widest_gaps(given)
    assert len(widest) == min(3, sum(width(code) > 0 for code in compared))
    assert set(widest) <= set(compared)
    assert [width(code) for code in widest] == sorted(map(width, compared), reverse=True)[
        : len(widest)
    ]


@given(statements)
def test_nothing_is_lower_than_the_lowest(given: dict[str, Marks]) -> None:
    rooms = {code: means([each]).room for code, each in given.items()}
    known = [mean for mean in rooms.values() if mean is not None]
    found = lowest(given)
    assert (found is None) is (not known)
    assert found is None or rooms[found] == min(known)


@pytest.mark.parametrize("wrong", [0, 6])
def test_a_mark_beside_the_scale_is_refused(wrong: int) -> None:
    with pytest.raises(ValueError, match="an answer is"):
        Marks(sales=(3, wrong))
