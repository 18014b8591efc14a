from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workshop.analysis.agreement import agreement, kappa

OWNERS = ["sales", "marketing", "both", "another department", "nobody"]


@st.composite
def shares(draw: st.DrawFn) -> list[float]:
    counts = draw(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any))
    return [count / sum(counts) for count in counts]


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    size = draw(st.integers(1, 4))
    row = st.lists(st.integers(0, 9), min_size=size, max_size=size)
    return draw(st.lists(row, min_size=size, max_size=size))


@given(shares(), shares())
def test_agreement_is_the_chance_that_two_people_say_the_same(
    sales: list[float], marketing: list[float]
) -> None:
    together = np.outer(sales, marketing)
    assert agreement(sales, marketing) == pytest.approx(np.trace(together))
    assert agreement(sales, marketing) == agreement(marketing, sales)
    assert 0 <= agreement(sales, marketing) <= 1 + 1e-12


@given(shares(), shares())
def test_shares_by_code_and_in_order_agree_alike(
    sales: list[float], marketing: list[float]
) -> None:
    given_only = {code: share for code, share in zip(OWNERS, sales, strict=True) if share}
    by_code = dict(zip(reversed(OWNERS), reversed(marketing), strict=True))
    assert agreement(given_only, by_code) == pytest.approx(agreement(sales, marketing))


def test_of_one_mind_is_full_agreement_and_no_common_answer_none() -> None:
    assert agreement({"sales": 1}, {"sales": 1}) == 1
    assert agreement({"sales": 1}, {"marketing": 1}) == 0
    assert agreement([0.333, 0.333, 0.333], [1, 0, 0]) == pytest.approx(0.333)


@pytest.mark.parametrize(
    ("sales", "marketing", "says"),
    [
        ([0.5, 0.5], [1.0], "there are 2 shares of sales, 1 of marketing"),
        ([0.5, 0.3], [0.5, 0.5], "the shares of sales add up to 0.8"),
        ([0.5, 0.5], [0, 0], "the shares of marketing add up to 0"),
        ([1.5, -0.5], [0.5, 0.5], "a share of sales is 1.5"),
    ],
)
def test_shares_that_are_none_are_refused(
    sales: list[float], marketing: list[float], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        agreement(sales, marketing)


def test_kappa_has_its_known_value() -> None:
    # 35 of 50 alike; .5 · .6 + .5 · .4 = .5 by chance.
    assert kappa([[20, 5], [10, 15]]) == pytest.approx(0.4)
    # Less alike than chance: .29 of the cases, where .5 · .4 + .3 · .3 + .2 · .3 = .35 would be.
    three = np.array([[0.25, 0.13, 0.12], [0.12, 0.02, 0.16], [0.03, 0.15, 0.02]]) * 100
    assert kappa(three) == pytest.approx((0.29 - 0.35) / (1 - 0.35))


@given(tables())
def test_kappa_is_agreement_beyond_chance(table: list[list[int]]) -> None:
    found = kappa(table)
    assume(found is not None)
    counts = np.array(table) / np.sum(table)
    by_chance = agreement(list(counts.sum(axis=1)), list(counts.sum(axis=0)))
    assert found == pytest.approx((np.trace(counts) - by_chance) / (1 - by_chance))
    assert -1 - 1e-9 <= float(found or 0) <= 1 + 1e-9


@given(tables())
def test_kappa_does_not_depend_on_the_side_or_the_order_of_answers(table: list[list[int]]) -> None:
    counts = np.array(table)
    assert kappa(counts) == pytest.approx(kappa(counts.T), nan_ok=True)
    assert kappa(counts) == pytest.approx(kappa(counts[::-1, ::-1]), nan_ok=True)


def test_full_agreement_is_one_and_agreement_by_chance_none() -> None:
    assert kappa([[7, 0], [0, 3]]) == 1
    assert kappa([[4, 4], [4, 4]]) == 0
    assert kappa([[0, 5], [5, 0]]) == -1


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[15, 0], [0, 0]], [[3]]])
def test_kappa_is_not_defined_where_nothing_was_told_apart(table: list[list[float]]) -> None:
    assert kappa(table) is None


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ([[1, 2, 3], [4, 5, 6]], "not square"),
        ([], "not square"),
        ([[1, -1], [0, 2]], "a count is -1"),
        ([[1, float("nan")], [0, 2]], "a count is nan"),
    ],
)
def test_tables_that_are_none_are_refused(table: list[list[float]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        kappa(table)
