from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.agreement import kappa
from workshop.analysis.judging import Judged, Tally, majorities, most_split


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    judged = draw(st.integers(0, 6))
    return Tally(draw(st.integers(0, judged)), judged)


judged = st.lists(st.builds(Judged, tallies(), tallies()), max_size=20)


@given(judged)
def test_no_case_splits_the_sides_more_than_the_one_that_is_named(cases: list[Judged]) -> None:
    place = most_split(cases)
    splits = [case.split for case in cases if case.split is not None]
    if place is None:
        assert not splits
    else:
        assert cases[place].split == max(splits)
        assert all(case.split != max(splits) for case in cases[:place])


@given(judged)
def test_a_split_does_not_depend_on_which_side_is_which(cases: list[Judged]) -> None:
    turned = [Judged(case.marketing, case.sales) for case in cases]
    assert most_split(turned) == most_split(cases)
    (yes, sales_only), (marketing_only, no) = majorities(cases)
    assert majorities(turned) == [[yes, marketing_only], [sales_only, no]]


@given(judged)
def test_a_case_counts_once_where_both_sides_have_a_majority(cases: list[Judged]) -> None:
    both = [c for c in cases if None not in (c.sales.majority, c.marketing.majority)]
    table = majorities(cases)
    assert sum(map(sum, table)) == len(both)
    alike = sum(case.sales.majority == case.marketing.majority for case in both)
    assert table[0][0] + table[1][1] == alike


def test_a_worked_example_of_fifteen_cases() -> None:
    yes, no = Tally(2, 3), Tally(1, 3)
    cases = 8 * [Judged(yes, yes)] + 3 * [Judged(yes, no)] + 4 * [Judged(no, no)]
    assert majorities(cases) == [[8, 3], [0, 4]]
    # p_o = 12/15; by chance (11·8 + 4·7)/15² = 116/225.
    assert kappa(majorities(cases)) == pytest.approx((180 - 116) / (225 - 116))


@pytest.mark.parametrize(("yes", "of"), [(2, 1), (-1, 1), (0, -1)])
def test_a_tally_that_is_none_is_refused(yes: int, of: int) -> None:
    with pytest.raises(ValueError, match="how many"):
        Tally(yes, of)
