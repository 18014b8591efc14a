from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tests.funnels import funnels
from workshop import analysis, domain
from workshop.analysis.conversion import posterior, revenue
from workshop.analysis.sensitivity import first_order, lenses, total_order
from workshop.domain.funnel import Funnel

MONEY = ["leak", "plus_1pp", "plus_10pct", "to_benchmark", "equal_effort"]


def with_benchmarks(f: Funnel, *benchmarks: float | None) -> Funnel:
    steps = tuple(
        replace(step, benchmark=benchmark)
        for step, benchmark in zip(f.steps, benchmarks, strict=True)
    )
    return replace(f, steps=steps)


def test_the_worked_example_has_its_lenses(funnel: Funnel) -> None:
    table = lenses(with_benchmarks(funnel, 0.40, 0.38, 0.35, 0.27))
    assert list(table.columns) == ["step", "rate", *MONEY]
    assert table["step"].tolist() == [
        "Lead → MQL",
        "MQL → SQL",
        "SQL → Opportunity",
        "Opportunity → Won",
    ]
    assert table["rate"].tolist() == pytest.approx([0.35, 0.40, 0.30, 0.25])
    assert table["leak"].tolist() == pytest.approx([312_000, 252_000, 392_000, 504_000])
    assert table["plus_1pp"].tolist() == pytest.approx([4_800, 4_200, 5_600, 6_720])
    assert table["plus_10pct"].tolist() == pytest.approx([16_800] * 4)
    assert table["to_benchmark"].tolist() == pytest.approx([24_000, 0, 28_000, 13_440])
    assert table["equal_effort"].tolist() == pytest.approx([109_200, 100_800, 117_600, 126_000])


def test_a_tenth_more_is_worth_the_same_at_every_step(funnel: Funnel) -> None:
    assert lenses(funnel)["plus_10pct"].nunique() == 1


def test_without_a_benchmark_there_is_nothing_to_reach(funnel: Funnel) -> None:
    assert lenses(funnel)["to_benchmark"].tolist() == [0, 0, 0, 0]


def test_a_step_with_rate_0_has_lenses() -> None:
    f = Funnel.from_counts(
        {"Lead": 100, "Trial": 50, "Won": 0},
        deal_value=10,
        currency="EUR",
        period_days=30,
        benchmarks={"Trial": 0.2},
    )
    last = lenses(f).iloc[1]
    assert last["leak"] == pytest.approx(500)
    assert last["plus_1pp"] == pytest.approx(5)
    assert last["to_benchmark"] == pytest.approx(100)
    assert last["plus_10pct"] == last["equal_effort"] == 0


@given(funnels())
def test_every_funnel_has_lenses_and_indices(f: Funnel) -> None:
    money = lenses(f)[MONEY].to_numpy()
    assert np.isfinite(money).all()
    assert (money >= 0).all()
    first, total = first_order(f), total_order(f)
    assert np.all(first > 0)
    assert np.all(total >= first - 1e-12)
    assert np.all(total <= 1 + 1e-12)
    assert first.sum() <= 1 + 1e-12 <= total.sum() + 2e-12


@given(funnels())
def test_the_lenses_scale_with_the_deal_value(f: Funnel) -> None:
    tripled = replace(f, deal_value=3 * f.deal_value)
    assert lenses(tripled)[MONEY].to_numpy() == pytest.approx(3 * lenses(f)[MONEY].to_numpy())


def test_the_worked_example_has_its_sobol_indices(funnel: Funnel) -> None:
    assert first_order(funnel).tolist() == pytest.approx([0.0201, 0.0464, 0.1790, 0.7455], abs=5e-5)


def test_the_sobol_indices_agree_with_a_million_draws(funnel: Funnel) -> None:
    stream = np.random.default_rng(1)
    rates = np.array([stream.beta(*posterior(step), 1_000_000) for step in funnel.steps])
    conversion = rates.prod(axis=0)
    for i, (first, total) in enumerate(zip(first_order(funnel), total_order(funnel), strict=True)):
        # The expected revenue is linear in one rate, and in the product of the others.
        others = np.delete(rates, i, axis=0).prod(axis=0)
        assert first == pytest.approx(np.corrcoef(conversion, rates[i])[0, 1] ** 2, abs=1.5e-3)
        assert total == pytest.approx(1 - np.corrcoef(conversion, others)[0, 1] ** 2, abs=1.5e-3)


def test_one_step_explains_everything() -> None:
    f = Funnel.from_counts({"Lead": 100, "Won": 10}, deal_value=10, currency="EUR", period_days=30)
    assert first_order(f).tolist() == pytest.approx([1])
    assert total_order(f).tolist() == pytest.approx([1])


def test_the_whole_contract_is_offered_in_one_place(funnel: Funnel) -> None:
    for name in (*analysis.__all__, *domain.__all__):
        assert (getattr(analysis, name, None) or getattr(domain, name)).__doc__
    assert {
        "attribution",
        "expected_conversion",
        "first_order",
        "gain",
        "joint_gain",
        "leak",
        "lenses",
        "probable",
        "rank",
        "rate_interval",
        "revenue",
        "shrink",
        "total_order",
        "worth_knowing",
    } <= {*analysis.__all__}
    assert revenue(funnel) * 0.1 == pytest.approx(lenses(funnel)["plus_10pct"][0])
