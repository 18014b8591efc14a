"""What the revenue becomes as one step gets better, and its chart."""

from __future__ import annotations

import altair as alt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.funnels import funnels
from workshop import charts
from workshop.analysis.conversion import revenue
from workshop.analysis.sensitivity import improvements, lenses, pushed
from workshop.domain.funnel import Funnel

FUNNEL = Funnel.from_counts(
    {"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84, "Won": 21},
    deal_value=8000,
    currency="USD",
    period_days=365,
    benchmarks={"Lead": 0.40, "MQL": 0.38, "Opportunity": 0.27},
)


def test_a_point_is_worth_what_the_lens_says() -> None:
    worths = [each.more(1) for each in improvements(FUNNEL)]
    assert worths == pytest.approx(lenses(FUNNEL)["plus_1pp"].tolist())
    assert [each.benchmark for each in improvements(FUNNEL)] == [
        pytest.approx(5),
        pytest.approx(-2),
        None,
        pytest.approx(2),
    ]


@examples(100)
@given(funnels(), st.floats(0, 20))
def test_no_step_gets_better_than_everybody(funnel: Funnel, points: float) -> None:
    for step, each, leak in zip(
        funnel.steps, improvements(funnel), lenses(funnel)["leak"], strict=True
    ):
        # Where nobody came in nobody is lost, and a point is worth what the lens says all the same.
        assert 0 <= each.more(points) <= leak * (1 + 1e-9) + 1e-6 or not step.entered
        assert each.today == pytest.approx(revenue(funnel))


@examples(100)
@given(funnels())
def test_the_same_push_never_wins_back_more_than_is_lost(funnel: Funnel) -> None:
    for step, worth, leak in zip(funnel.steps, pushed(funnel), lenses(funnel)["leak"], strict=True):
        assert -1e-6 <= worth <= leak * (1 + 1e-9) + 1e-6 or not step.entered


@pytest.mark.parametrize("large", [False, True])
@given(funnel=funnels(), points=st.floats(0, 20))
@examples(20)
def test_whatever_the_funnel_the_chart_can_be_drawn(
    funnel: Funnel, points: float, large: bool
) -> None:
    spec = charts.improvement_chart(improvements(funnel), points, "USD", large=large)
    alt.LayerChart.validate(spec)
    words = charts.improvement_table(improvements(funnel), points, "USD")
    assert len(words) == len(funnel.steps)
    assert charts.best_improvement(improvements(funnel), points, "USD")


def test_the_labels_say_what_the_chosen_improvement_brings() -> None:
    spec = charts.improvement_chart(improvements(FUNNEL), 5, "USD")
    [rows] = spec["datasets"].values()
    labels = [row["says"] for row in rows if row["shows"] == "label"]
    assert labels[3] == "Opportunity → Won: $34k for 5"
    assert [row["points"] for row in rows if row["shows"] == "benchmark"] == pytest.approx([5, 2])
    assert charts.best_improvement(improvements(FUNNEL), 1, "USD") == (
        "1 point better brings most at Opportunity → Won: $6.7k a year."
    )
    table = charts.improvement_table(improvements(FUNNEL), 5, "USD")
    assert table["Benchmark"].tolist() == [
        "5 points away",
        "reached",
        "not known",
        "2 points away",
    ]
