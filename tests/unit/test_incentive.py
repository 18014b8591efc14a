"""The shared incentive: paid on what is verified, shared as was said."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.incentive import pot, scenarios

gains = st.floats(-1e12, 1e12)
shares = st.floats(0, 1)


@given(gains, shares, shares)
def test_the_pot_is_never_below_zero_nor_above_its_part_of_the_gain(
    lower_bound: float, share: float, sales_share: float
) -> None:
    paid = pot(lower_bound, share, sales_share)
    assert paid.sales >= 0
    assert paid.marketing >= 0
    assert isclose(paid.total, share * max(0.0, lower_bound), abs_tol=1e-6)
    if lower_bound <= 0:
        assert paid.total == 0


@given(gains, shares)
def test_both_sides_get_the_same_unless_management_says_otherwise(
    lower_bound: float, share: float
) -> None:
    paid = pot(lower_bound, share)
    assert paid.sales == paid.marketing


@given(st.lists(gains, min_size=3, max_size=3).map(sorted), shares, shares)
def test_a_better_scenario_never_pays_anybody_less(
    bounds: list[float], share: float, sales_share: float
) -> None:
    low, expected, high = scenarios(bounds[0], bounds[1], bounds[2], share, sales_share)
    assert low.sales <= expected.sales <= high.sales
    assert low.marketing <= expected.marketing <= high.marketing


def test_scenarios_are_in_order() -> None:
    with pytest.raises(ValueError, match="are not low, expected and high"):
        scenarios(2, 1, 3, 0.1)


@pytest.mark.parametrize(("share", "sales_share"), [(1.1, 0.5), (-0.1, 0.5), (0.1, 2)])
def test_a_share_is_a_part(share: float, sales_share: float) -> None:
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        pot(100, share, sales_share)
