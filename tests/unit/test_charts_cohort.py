"""The charts of leads one by one, and the words that stand in for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from workshop import charts
from workshop.analysis.maturity import Basis, FollowUp, Truth, truth
from workshop.charts import Spec

STEPS = ("MQL → SQL", "SQL → Won")
OPEN = truth(FollowUp([24, 48, 72, 96], [2, 1, 1, 0], [1, 0, 1, 0], [0, 2, 0, 2]))
NO_LOSS = truth(FollowUp([24, 48], [20, 5], [0, 0], [0, 30]))
NOBODY = truth(FollowUp([], [], [], []))
WAYS = ("naive", "closed", "corrected")
REACHED = pd.DataFrame(
    [("fair", 200, 90, 4), ("search", 800, 300, 120), ("(none)", 0, 0, 0)],
    columns=["segment", "Lead", "SQL", "Won"],
)
MONTHS = pd.DataFrame(
    {
        "month": pd.to_datetime(["2025-11-01", "2025-12-01", "2026-01-01"]),
        "leads": [1200, 30, 4],
        "median": [14.4, 0.5, 3.25],
    }
)
MARKUP = [
    "**bold** [link](https://example.com) :red[x]",
    "<img src=x onerror=alert(1)>",
    "datum.row ? 'a' : width",
    '"}, "mark": {"type": "image"}, {"',
    "ميزانية 🎉",
    "x" * 200,
]


def rows_of(spec: Spec) -> list[dict[str, Any]]:
    """The data of a chart that is valid Vega-Lite, and JSON as browsers read it."""
    alt.LayerChart.validate(spec)
    json.dumps(spec, allow_nan=False)
    (rows,) = spec["datasets"].values()
    return list(rows)


def column(spec: Spec, field: str) -> list[Any]:
    return [row[field] for row in rows_of(spec)]


def drawing(spec: Spec) -> str:
    """Everything but the data."""
    return json.dumps({key: part for key, part in spec.items() if key != "datasets"})


def every_chart() -> list[Spec]:
    return [
        *(charts.truth_chart(STEPS, [OPEN, NO_LOSS], basis) for basis in Basis),
        charts.segments_chart(REACHED, 1),
        charts.months_chart(MONTHS),
    ]


def colours(part: object) -> set[str]:
    """The colours that a chart names, wherever it does."""
    if isinstance(part, Mapping):
        named = {str(part[key]) for key in ("color", "stroke", "fill") if key in part}
        return named.union(*map(colours, part.values()))
    if isinstance(part, list):
        return set().union(*map(colours, part))
    return set()


def test_every_field_that_a_chart_draws_is_in_its_data() -> None:
    for spec in every_chart():
        fields = {
            channel["field"]
            for layer in spec["layer"]
            for channels in layer["encoding"].values()
            for channel in (channels if isinstance(channels, list) else [channels])
            if "field" in channel
        }
        assert fields <= set(rows_of(spec)[0])
        assert column(spec, "row") == list(range(len(rows_of(spec))))


def test_nothing_is_told_by_a_colour() -> None:
    for spec in every_chart():
        assert colours(spec["layer"]) <= {"currentColor", "{'expr': \"'currentColor'\"}"}


# -- what the open ones make of a rate -----------------------------------------------------------


def test_a_step_has_its_rate_in_three_ways_with_their_intervals() -> None:
    spec = charts.truth_chart(STEPS[:1], [OPEN], Basis.CORRECTED)
    (row,) = rows_of(spec)
    assert [row[f"{way}_short"] for way in WAYS] == ["40 %", "67 %", "45 %"]
    longest = OPEN.closed_high
    assert [row[f"{way}_rate"] * longest for way in WAYS] == pytest.approx([0.4, 2 / 3, 0.45])
    assert row["closed_high"] == 1
    for way in WAYS:
        assert 0 <= row[f"{way}_low"] < row[f"{way}_rate"] < row[f"{way}_high"] <= 1


@pytest.mark.parametrize(("basis", "strong"), list(zip(Basis, [*WAYS, None], strict=True)))
def test_the_way_that_the_workshop_uses_is_the_only_strong_one(
    basis: Basis, strong: str | None
) -> None:
    spec = charts.truth_chart(STEPS, [OPEN, NO_LOSS], basis)
    for row in rows_of(spec):
        assert [way for way in WAYS if row[f"{way}_strong"]] == [strong] * (strong is not None)


def test_the_three_ways_have_three_shapes_and_three_names() -> None:
    spec = charts.truth_chart(STEPS, [OPEN, OPEN], Basis.NAIVE)
    shapes = [layer["mark"]["shape"] for layer in spec["layer"] if "shape" in layer["mark"]]
    assert len(shapes) == len(set(shapes)) == 3
    assert len({rows_of(spec)[0][f"{way}_name"] for way in WAYS}) == 3


def test_where_no_loss_is_recorded_the_decided_ones_say_nothing() -> None:
    spec = charts.truth_chart(STEPS[:1], [NO_LOSS], Basis.CORRECTED)
    (row,) = rows_of(spec)
    assert (row["closed_short"], row["closed_name"]) == ("", "no loss is recorded")
    assert row["naive_high"] == pytest.approx(
        1
    )  # the certain win of the decided ones does not set the scale
    table = charts.truth_table(STEPS[:1], [NO_LOSS])
    assert table["Decided ones only"].tolist() == ["no loss is recorded"]
    told = charts.truth_alt(STEPS[:1], [NO_LOSS], Basis.CORRECTED)
    assert "MQL → SQL 45 %, no loss is recorded, 45 %" in told


def test_a_step_that_nobody_entered_has_no_marks() -> None:
    (row,) = rows_of(charts.truth_chart(STEPS[:1], [NOBODY], Basis.CORRECTED))
    assert [row[f"{way}_short"] for way in WAYS] == ["", "", ""]
    assert row["still_open"] == "nobody entered"
    told = charts.truth_table(STEPS[:1], [NOBODY]).iloc[0].tolist()
    assert told == [STEPS[0], *["nobody entered"] * 5]


def test_the_truth_in_words() -> None:
    table = charts.truth_table(STEPS[:1], [OPEN])
    assert table.to_dict("records") == [
        {
            "Step": "MQL → SQL",
            "Open ones counted as lost": "40 % (19 % to 65 %)",
            "Decided ones only": "67 % (34 % to 90 %)",
            "Corrected": "45 % (20 % to 72 %)",
            "Corrected looks ahead": "4 days after entering",
            "Still open": "40 %",
        }
    ]
    assert charts.truth_alt(STEPS[:1], [OPEN], Basis.CORRECTED) == (
        "The rate of each step, said in three ways (open ones counted as lost, decided ones only, "
        "corrected): MQL → SQL 40 %, 67 %, 45 %. “corrected” is strong."
    )
    assert charts.truth_alt(STEPS[:1], [OPEN], Basis.SETTLED).endswith(" None is strong.")


def test_fifty_steps_are_fifty_rows_and_none_are_none() -> None:
    fifty = charts.truth_chart([f"{k} → {k + 1}" for k in range(50)], [OPEN] * 50, Basis.NAIVE)
    assert len(rows_of(fifty)) == 50
    assert fifty["height"] >= 50 * 70
    assert rows_of(charts.truth_chart([], [], Basis.NAIVE)) == []
    assert charts.truth_table([], []).empty


def test_steps_and_truths_belong_together() -> None:
    with pytest.raises(ValueError, match="zip"):
        charts.truth_chart(STEPS, [OPEN], Basis.NAIVE)


@examples(8)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), max_size=6))
def test_whatever_happened_the_marks_stay_on_the_chart(counts: list[tuple[int, int, int]]) -> None:
    hours = 24 * np.arange(1, len(counts) + 1)
    told: Truth = truth(FollowUp(hours, *np.array(counts, float).reshape(-1, 3).T))
    (row,) = rows_of(charts.truth_chart(STEPS[:1], [told], Basis.CORRECTED))
    for way in WAYS:
        assert 0 <= row[f"{way}_low"] <= row[f"{way}_high"] <= 1
        assert 0 <= row[f"{way}_rate"] <= 1


# -- where leads come from -----------------------------------------------------------------------


def test_the_largest_segment_comes_first_after_all_together() -> None:
    spec = charts.segments_chart(REACHED, 1)
    assert column(spec, "name") == ["All leads", "search", "fair", "(none)"]
    assert column(spec, "leads") == ["1,000", "800", "200", "0"]
    assert column(spec, "whole") == ["12 %", "15 %", "2 %", "nobody"]
    assert column(spec, "step") == ["32 %", "40 %", "4.4 %", "nobody"]


def test_the_first_row_names_the_columns_and_the_others_have_bars() -> None:
    spec = charts.segments_chart(REACHED, 1)
    assert column(spec, "whole_heading") == ["All steps, Lead → Won", "", "", ""]
    assert column(spec, "step_heading") == ["One step, SQL → Won", "", "", ""]
    filters = [layer["transform"][0]["filter"] for layer in spec["layer"] if "transform" in layer]
    assert filters == ["datum.row > 0"] * 4


def test_each_columns_bars_are_measured_by_its_best_segment() -> None:
    spec = charts.segments_chart(REACHED, 1)
    begin, end = 0.14, 0.48
    rates = [0.124, 0.15, 0.02, 0]
    assert column(spec, "whole_end") == pytest.approx(
        [begin + (end - begin) * rate / 0.15 for rate in rates]
    )
    assert set(column(spec, "whole_of_all")) == {column(spec, "whole_end")[0]}
    assert max(column(spec, "step_end")) == pytest.approx(1)


@examples(8)
@given(st.integers(1, 30))
def test_at_most_twelve_segments_are_drawn_and_no_lead_is_left_out(segments: int) -> None:
    reached = pd.DataFrame(
        [(f"segment {k}", 100 + k, 10) for k in range(segments)], columns=["segment", "A", "B"]
    )
    table = charts.segments_table(reached, 0)
    every, *leads = (int(told.replace(",", "")) for told in table["Leads"])
    assert len(leads) <= 12
    assert sum(leads) == every == reached["A"].sum()
    assert (table["Segment"].iloc[-1] == f"other segments ({segments - 11})") == (segments > 12)


def test_one_segment_says_the_same_as_all() -> None:
    table = charts.segments_table(REACHED.head(1), 0)
    assert table.iloc[0, 1:].tolist() == table.iloc[1, 1:].tolist()


def test_a_cohort_that_nobody_won_has_no_bars() -> None:
    spec = charts.segments_chart(REACHED.assign(Won=0), 1)
    assert set(column(spec, "whole_end")) == {0.14}
    assert column(spec, "whole")[:2] == ["0 %", "0 %"]


def test_a_funnel_of_one_step_keeps_its_two_columns_apart() -> None:
    table = charts.segments_table(REACHED[["segment", "Lead", "Won"]], 0)
    assert list(table) == ["Segment", "Leads", "All steps, Lead → Won", "One step, Lead → Won"]


def test_the_segments_in_words() -> None:
    assert charts.segments_alt(REACHED.head(2), 0) == (
        "1,000 leads. All steps, Lead → Won: 12 %. One step, Lead → SQL: 39 %. "
        "The same by segment: search 15 %, 38 %; fair 2 %, 45 %."
    )


# -- how long it takes ---------------------------------------------------------------------------


def test_the_months_are_points_in_order_with_how_many_leads_each_rests_on() -> None:
    spec = charts.months_chart(MONTHS)
    assert column(spec, "month") == ["2025-11-01", "2025-12-01", "2026-01-01"]
    assert column(spec, "median") == [14.4, 0.5, 3.25]
    assert column(spec, "leads") == ["1,200", "30", "4"]
    assert column(spec, "name") == ["November 2025", "December 2025", "January 2026"]


def test_a_month_without_a_median_is_left_out() -> None:
    holes = MONTHS.assign(median=[14.4, np.nan, 3.25])
    assert column(charts.months_chart(holes), "name") == ["November 2025", "January 2026"]


def test_the_months_in_words() -> None:
    assert charts.months_table(MONTHS).iloc[1].tolist() == ["December 2025", "30", "0.5 days"]
    told = charts.months_alt(MONTHS)
    assert "November 2025 14 days; December 2025 0.5 days; January 2026 3.2 days." in told
    assert told.endswith("Of the last months only the quick ones have advanced yet.")


def test_where_nobody_advanced_there_is_no_line() -> None:
    nothing = MONTHS.head(0)
    assert rows_of(charts.months_chart(nothing)) == []
    assert charts.months_table(nothing).empty
    assert charts.months_alt(nothing) == "Nobody advanced whose two dates are known."


def test_the_days_of_each_step_in_words() -> None:
    days = pd.DataFrame(
        {"step": STEPS, "mean": [20.0, np.nan], "median": [14.0, np.nan], "p90": [63.6, np.nan]}
    )
    assert charts.days_table(days).to_numpy().tolist() == [
        ["MQL → SQL", "14 days", "64 days"],
        ["SQL → Won", "not known", "not known"],
    ]


# -- what people typed ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", MARKUP)
def test_what_files_say_is_data_and_nothing_else(text: str) -> None:
    reached = REACHED.assign(segment=text).set_axis(["segment", text, "B", "C"], axis="columns")
    for spec in (
        charts.truth_chart([text], [OPEN], Basis.NAIVE),
        charts.segments_chart(reached, 0),
    ):
        assert text in rows_of(spec)[-1]["name"]
        assert text not in drawing(spec)
        assert json.dumps(text)[1:-1] not in drawing(spec)
