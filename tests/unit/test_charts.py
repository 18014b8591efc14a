import json
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop import charts
from workshop.analysis.planning import PlanAtCapacity
from workshop.charts import COLOURS, INK, LETTERS, LOSS, Spec
from workshop.charts.colours import MARKETING, SALES, TOGETHER
from workshop.domain.funnel import Funnel, Step
from workshop.domain.people import Owner
from workshop.wording.lenses import LENSES

ROOT = Path(__file__).parents[2]
FUNNEL = Funnel.from_counts(
    {"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84, "Won": 21},
    deal_value=8000,
    currency="USD",
    period_days=365,
    losses={"MQL": {"No budget": 126, "No follow-up": 210}},
)
LENS_VALUES = pd.DataFrame(
    {
        "step": [step.name for step in FUNNEL.steps],
        "rate": [0.35, 0.40, 0.30, 0.25],
        "leak": [312_000.0, 252_000.0, 392_000.0, 504_000.0],
        "plus_1pp": [4_800.0, 4_200.0, 5_600.0, 6_720.0],
        "plus_10pct": [16_800.0] * 4,
        "to_benchmark": [24_000.0, 0.0, 28_000.0, 13_440.0],
        "push": [46_468.0, 42_000.0, 51_130.0, 56_000.0],
    }
)
FIRST_ORDER = [0.0201, 0.0464, 0.1790, 0.7455]
TOTAL_ORDER = [0.0220, 0.0500, 0.1900, 0.7600]
EFFORT = {"sales": 32.0, "marketing": 5.5}
CAPACITY = {"sales": 40.0, "marketing": 10.0}
HOSTILE = [
    "**bold** [link](https://example.com) :red[x]",
    "<img src=x onerror=alert(1)>",
    r"$\frac{1}{2}$",
    "datum.row ? 'a' : width",
    "signal('letter')",
    '"}, "mark": {"type": "image"}, {"',
    "=HYPERLINK(1)",
    "'; DROP TABLE ideas; --",
    "ميزانية 🎉",
    "x" * 200,
]


def ideas(*gains: float, titles: list[str] | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "place": range(1, len(gains) + 1),
            "title": titles or [f"Idea {number}" for number in range(len(gains))],
            "step": ["MQL → SQL"] * len(gains),
            "team": ["Team 1"] * len(gains),
            "department": [list(Owner)[number % 3] for number in range(len(gains))],
            "gain": gains,
            "p10": [gain / 2 for gain in gains],
            "p90": [gain * 2 for gain in gains],
            "p_top3": [1 / (number + 2) for number in range(len(gains))],
        },
        index=[f"id-{number}" for number in range(len(gains))],
    )


def every_chart(large: bool) -> list[Spec]:
    return [
        charts.funnel_chart(FUNNEL, 1, large),
        charts.funnel_chart(FUNNEL, None, large),
        charts.reasons_chart(FUNNEL.steps[1], large),
        *(charts.lenses_chart(LENS_VALUES, "USD", large, lens) for lens in LENSES),
        charts.ranking_chart(ideas(50_400, 37_800, 25_200), "USD", large),
        charts.sobol_chart(FIRST_ORDER, TOTAL_ORDER, FUNNEL.steps, large),
        charts.capacity_chart(EFFORT, CAPACITY, large),
        *([charts.lenses_side_by_side(LENS_VALUES, "USD")] if large else []),
    ]


def data(spec: Spec) -> list[dict[str, Any]]:
    (rows,) = spec["datasets"].values()
    return list(rows)


def column(spec: Spec, field: str) -> list[Any]:
    return [row[field] for row in data(spec)]


def drawing(spec: Spec) -> str:
    """Everything but the data."""
    rest = {key: part for key, part in spec.items() if key not in ("data", "datasets")}
    return json.dumps(rest, ensure_ascii=False)


@pytest.mark.parametrize("large", [True, False])
def test_every_chart_is_valid_vega_lite_with_one_set_of_data(large: bool) -> None:
    for spec in every_chart(large):
        alt.LayerChart.validate(spec)
        assert list(spec["datasets"]) == [spec["data"]["name"]]
        assert column(spec, "row") == list(range(len(data(spec))))


def test_every_field_that_a_chart_draws_is_in_its_data() -> None:
    for spec in every_chart(True):
        fields = {
            channel["field"]
            for layer in spec["layer"]
            for channels in layer["encoding"].values()
            for channel in (channels if isinstance(channels, list) else [channels])
            if "field" in channel
        }
        assert fields <= set(data(spec)[0])


def test_the_board_has_its_height_from_the_page_and_the_laptop_from_its_rows() -> None:
    assert all("height" not in spec for spec in every_chart(True))
    for spec in every_chart(False):
        assert spec["height"] >= 30 * len(data(spec))


def test_departments_are_told_by_letter_as_well_as_by_colour() -> None:
    spec = charts.ranking_chart(ideas(3, 2, 1), "USD", large=True)
    assert column(spec, "colour") == [COLOURS[owner] for owner in Owner]
    assert column(spec, "letter") == [LETTERS[owner] for owner in Owner] == ["S", "M", "S+M"]


def test_the_funnel_has_a_bar_a_stage_as_long_as_its_count() -> None:
    spec = charts.funnel_chart(FUNNEL, None, large=True)
    assert column(spec, "name") == ["Lead", "MQL", "SQL", "Opportunity", "Won"]
    assert column(spec, "entered") == ["2,000", "700", "280", "84", "21"]
    assert column(spec, "reach") == [1, 0.35, 0.14, 0.042, 0.0105]
    assert column(spec, "solid") == [0.35, 0.14, 0.042, 0.0105, 0.0105]
    assert column(spec, "at_the_end") == [
        "65 % lost",
        "60 % lost",
        "70 % lost",
        "75 % lost",
        "",
    ]


def test_the_step_that_is_pointed_out_is_the_only_strong_one() -> None:
    spec = charts.funnel_chart(FUNNEL, 1, large=True)
    assert column(spec, "pointed_out") == [False, True, False, False, False]
    assert column(spec, "hatch") == [INK, LOSS, INK, INK, INK]
    strength = column(spec, "strength")
    assert strength[1] > max(strength[:1] + strength[2:])


def test_a_bar_far_longer_than_the_step_pointed_out_is_cut_and_says_so() -> None:
    spec = charts.funnel_chart(FUNNEL, 3, large=True)
    assert column(spec, "reach") == [1, 1, 280 / 420, 0.2, 0.05]
    assert column(spec, "at_the_end") == [
        "··· 65 % lost",
        "··· 60 % lost",
        "70 % lost",
        "75 % lost",
        "",
    ]


def test_stages_from_different_cohorts_keep_their_own_counts() -> None:
    funnel = Funnel((Step("A", "B", 100, 50), Step("B", "C", 200, 20)), 1, "EUR", 365)
    spec = charts.funnel_chart(funnel, None, large=True)
    assert column(spec, "reach") == [0.5, 1, 0.1]
    assert column(spec, "solid") == [0.25, 0.1, 0.1]


@pytest.mark.parametrize("step", [None, 0])
def test_a_funnel_that_nobody_entered_is_drawn_without_bars(step: int | None) -> None:
    funnel = Funnel.from_counts({"A": 0, "B": 0}, deal_value=1, currency="EUR", period_days=365)
    spec = charts.funnel_chart(funnel, step, large=True)
    assert column(spec, "reach") == [0, 0]
    assert column(spec, "at_the_end") == ["", ""]
    assert charts.funnel_table(funnel)["Lost"].tolist() == ["0 (0 %)", ""]
    assert "0 of 0 are lost, 0 %" in charts.funnel_alt(funnel, 0)


def test_the_funnel_in_words() -> None:
    table = charts.funnel_table(FUNNEL)
    assert list(table) == ["Stage", "Came in", "Moved on", "Lost"]
    assert table.iloc[1].tolist() == ["MQL", "700", "280", "420 (60 %)"]
    assert charts.funnel_alt(FUNNEL, None) == "Funnel from 2,000 Lead to 21 Won."
    assert charts.funnel_alt(FUNNEL, 1).endswith("At MQL → SQL 420 of 700 are lost, 60 %.")


def test_reasons_come_most_frequent_first_and_the_unexplained_rest_last() -> None:
    spec = charts.reasons_chart(FUNNEL.steps[1], large=True)
    assert column(spec, "name") == ["No follow-up", "No budget", "unexplained"]
    assert column(spec, "figure") == ["210 · 50 %", "126 · 30 %", "84 · 20 %"]
    assert column(spec, "reach") == [1, 0.6, 0.4]


def test_only_the_unexplained_rest_is_hatched() -> None:
    spec = charts.reasons_chart(FUNNEL.steps[1], large=True)
    hatched = [row["reach"] - row["solid"] for row in data(spec)]
    assert hatched == [0, 0, 0.4]
    assert column(spec, "solid")[2] == 0


def test_a_reason_called_unexplained_stays_apart_from_the_unexplained_rest() -> None:
    step = Step("A", "B", 10, 0, {"unexplained": 7})
    assert column(charts.reasons_chart(step, large=True), "figure") == ["7 · 70 %", "3 · 30 %"]


def test_reasons_that_do_not_fit_are_summed() -> None:
    step = Step("A", "B", 100, 0, {f"Reason {number}": number for number in range(1, 11)})
    spec = charts.reasons_chart(step, large=True)
    assert column(spec, "name")[-2:] == ["other reasons (5)", "unexplained"]
    assert column(spec, "number") == ["10", "9", "8", "7", "6", "15", "45"]


@given(st.lists(st.integers(0, 50), max_size=20), st.integers(0, 50))
def test_the_reasons_never_take_more_than_seven_bars_and_add_up_to_the_lost(
    counts: list[int], unexplained: int
) -> None:
    losses = {f"Reason {number}": lost for number, lost in enumerate(counts)}
    step = Step("A", "B", sum(counts) + unexplained, 0, losses)
    table = charts.reasons_table(step)
    assert len(table) <= 7
    assert sum(int(lost.replace(",", "")) for lost in table["Lost"]) == step.lost


def test_where_nobody_was_lost_there_is_nothing_to_draw() -> None:
    step = Step("A", "B", 10, 10, {"No budget": 0})
    spec = charts.reasons_chart(step, large=True)
    alt.LayerChart.validate(spec)
    assert data(spec) == []
    assert charts.reasons_table(step).empty
    assert charts.reasons_alt(step) == "Nobody was lost at A → B."


def test_the_reasons_in_words() -> None:
    table = charts.reasons_table(FUNNEL.steps[1])
    assert list(table) == ["Reason", "Lost", "Share of the lost"]
    assert table.iloc[0].tolist() == ["No follow-up", "210", "50 %"]
    assert charts.reasons_alt(FUNNEL.steps[1]) == (
        "Why 420 are lost at MQL → SQL: No follow-up 50 %, No budget 30 %, unexplained 20 %."
    )


def test_a_lens_shows_what_each_step_is_worth_and_the_best_strong() -> None:
    spec = charts.lenses_chart(LENS_VALUES, "USD", large=True, lens="to_benchmark")
    assert column(spec, "name") == [step.name for step in FUNNEL.steps]
    assert column(spec, "figure") == ["$24k", "$0", "$28k", "$13k"]
    assert column(spec, "exact") == ["$24,000", "$0", "$28,000", "$13,440"]
    assert column(spec, "solid") == [24 / 28, 0, 1, 0.48]
    strength = column(spec, "strength")
    assert strength[2] > max(strength[:2] + strength[3:])


def test_ten_percent_more_is_the_same_bar_at_every_step() -> None:
    spec = charts.lenses_chart(LENS_VALUES, "USD", large=True, lens="plus_10pct")
    assert column(spec, "solid") == [1, 1, 1, 1]
    assert len(set(column(spec, "strength"))) == 1


def test_steps_that_are_worth_nothing_have_no_bars_and_none_is_best() -> None:
    spec = charts.lenses_chart(LENS_VALUES.assign(leak=0.0), "USD", large=True, lens="leak")
    assert column(spec, "solid") == [0, 0, 0, 0]
    assert len(set(column(spec, "strength"))) == 1


def test_the_lenses_in_words() -> None:
    table = charts.lenses_table(LENS_VALUES, "USD")
    assert list(table) == ["Step", *(words.name for words in LENSES.values())]
    assert table["+1 point"].tolist() == ["$4.8k", "$4.2k", "$5.6k", "$6.7k"]
    assert "+1 point" in charts.lenses_alt()


def test_what_we_do_not_know_shows_a_rates_own_share_and_hatches_the_shared_rest() -> None:
    spec = charts.sobol_chart(FIRST_ORDER, TOTAL_ORDER, FUNNEL.steps, large=True)
    assert column(spec, "figure") == ["2 % · 2.2 %", "4.6 % · 5 %", "18 % · 19 %", "75 % · 76 %"]
    assert column(spec, "reach")[3] == 1
    assert column(spec, "solid")[3] == pytest.approx(0.7455 / 0.76)
    table = charts.sobol_table(FIRST_ORDER, TOTAL_ORDER, FUNNEL.steps)
    assert table.iloc[3].tolist() == ["Opportunity → Won", "75 %", "76 %"]
    assert "Opportunity → Won 75 %" in charts.sobol_alt(FIRST_ORDER, TOTAL_ORDER, FUNNEL.steps)


def test_rates_that_are_all_certain_have_no_bars() -> None:
    spec = charts.sobol_chart([0.0], [0.0], FUNNEL.steps[:1], large=True)
    assert column(spec, "reach") == [0]


def test_the_lenses_stand_side_by_side_but_the_one_that_cannot_rank() -> None:
    spec = charts.lenses_side_by_side(LENS_VALUES, "USD")
    assert "plus_10pct_figure" not in data(spec)[0]
    assert column(spec, "leak_figure") == ["$312k", "$252k", "$392k", "$504k"]
    assert column(spec, "to_benchmark_strength") == [0.35, 0.35, 0.7, 0.35]
    # A column begins where its heading does, and its longest bar is the same in all.
    assert column(spec, "plus_1pp_end")[3] == pytest.approx(0.28 + 0.15)
    assert column(spec, "to_benchmark_end")[1:3] == pytest.approx([0.46, 0.46 + 0.15])


def test_a_plan_is_drawn_against_the_capacity_of_each_side() -> None:
    spec = charts.capacity_chart(EFFORT, CAPACITY, large=False)
    assert column(spec, "name") == ["Sales (S)", "Marketing (M)"]
    assert column(spec, "figure") == ["32 of 40 days", "5.5 of 10 days"]
    assert column(spec, "solid") == [0.8, 5.5 / 40]
    assert column(spec, "reach") == [1, 0.25]
    assert column(spec, "colour") == [COLOURS[Owner.SALES], COLOURS[Owner.MARKETING]]
    assert charts.capacity_table(EFFORT, CAPACITY).iloc[0].tolist() == [
        "Sales (S)",
        "32 of 40 days",
    ]


def test_a_side_without_a_limit_has_nothing_left_over() -> None:
    spec = charts.capacity_chart(EFFORT, CAPACITY | {"sales": float("inf")}, large=False)
    assert column(spec, "figure")[0] == "32 days, no limit"
    assert column(spec, "reach")[0] == column(spec, "solid")[0] == 1


def test_a_plan_of_nothing_within_nothing_has_no_bars() -> None:
    nothing = {"sales": 0.0, "marketing": 0.0}
    assert column(charts.capacity_chart(nothing, nothing, large=False), "reach") == [0, 0]


def test_the_best_plan_is_drawn_against_the_capacity_with_today_marked() -> None:
    none, some, more = (
        PlanAtCapacity(share, {"sales": 40 * share, "marketing": 7 * share}, ideas, gain)
        for share, ideas, gain in ((0, (), 0), (1, ("A",), 25_200), (1.5, ("A", "B"), 63_000))
    )
    spec = charts.plans_chart([none, some, more], some, "USD")
    alt.LayerChart.validate(spec)
    assert column(spec, "days") == [0, 47, 70.5, 47]
    assert column(spec, "shows") == ["drawn", "drawn", "drawn", "today"]
    assert column(spec, "label")[3] == "your capacity: $25k"
    assert charts.plans_table([none, some, more], "USD").iloc[1].tolist() == [
        "40 + 7 person-days",
        "$25k",
        "1",
    ]
    assert "$0 with 0 + 0 person-days, $63k with 60 + 10.5" in charts.plans_alt([none, more], "USD")


def test_without_a_limit_nothing_is_marked_as_today() -> None:
    plan = PlanAtCapacity(1, {"sales": 40, "marketing": float("inf")}, (), 0)
    spec = charts.plans_chart([plan], None, "USD")
    assert "today" not in column(spec, "shows")
    assert "Person-days of sales" in drawing(spec)


def test_an_idea_shows_its_gain_its_range_and_its_chance() -> None:
    spec = charts.ranking_chart(ideas(50_400, 37_800), "USD", large=True)
    first, second = data(spec)
    assert (first["place"], first["gain"], first["top"]) == ("1", "$50k", "top 3: 50 %")
    assert (first["exact"], first["range"]) == ("$50,400", "$25k–101k")
    assert (first["low"], first["expected"], first["high"]) == (0.25, 0.5, 1)
    assert (second["low"], second["expected"], second["high"]) == (0.1875, 0.375, 0.75)


def test_a_gain_beyond_its_range_stays_on_the_chart() -> None:
    unlikely = ideas(1_000).assign(p10=0.0, p90=0.0)
    (row,) = data(charts.ranking_chart(unlikely, "USD", large=True))
    assert (row["low"], row["high"], row["expected"]) == (0, 0, 1)


def test_two_ideas_with_one_title_stay_two() -> None:
    spec = charts.ranking_chart(ideas(2, 1, titles=["Call", "Call"]), "USD", large=True)
    assert column(spec, "title") == ["Call", "Call"]
    assert column(spec, "row") == [0, 1]
    assert column(spec, "key") == ["id-0", "id-1"]


def test_an_idea_that_moves_keeps_its_key_and_the_drawing_stays() -> None:
    before = ideas(9, 8, 7)
    after = ideas(9_000_000, 8_000, 7, 6, titles=list("cabd")).set_axis(
        ["id-2", "id-0", "id-1", "id-3"]
    )
    first = charts.ranking_chart(before, "USD", large=True)
    then = charts.ranking_chart(after, "USD", large=True)
    assert column(then, "key") == ["id-2", "id-0", "id-1", "id-3"]
    assert drawing(first) == drawing(then)


def test_the_board_keeps_its_places_free_until_ideas_come() -> None:
    none = charts.ranking_chart(ideas(), "USD", large=True)
    alt.LayerChart.validate(none)
    assert data(none) == []
    assert drawing(none) == drawing(charts.ranking_chart(ideas(*range(8)), "USD", large=True))


def test_only_the_first_ideas_of_a_thousand_are_drawn_and_all_are_told() -> None:
    ranking = ideas(*range(1_000, 0, -1))
    assert len(data(charts.ranking_chart(ranking, "USD", large=True))) == 8
    assert len(data(charts.ranking_chart(ranking, "USD", large=False, most=30))) == 30
    assert len(charts.ranking_table(ranking, "USD")) == 1_000


def test_the_ranking_in_words() -> None:
    table = charts.ranking_table(ideas(50_400), "USD")
    assert table.to_dict("records") == [
        {
            "Place": "1",
            "Idea": "Idea 0",
            "Department": "sales (S)",
            "Expected gain a year": "$50,400",
            "10–90 % range": "$25k–101k",
            "Chance of the top 3": "50 %",
        }
    ]
    assert list(charts.ranking_table(ideas(), "USD")) == list(table)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_typed_is_data_and_nothing_else(text: str) -> None:
    funnel = Funnel.from_counts(
        {text: 10, "B": 4, f"{text}"[:190] + " won": 1},
        deal_value=1,
        currency="EUR",
        period_days=365,
        losses={text: {text: 3}},
    )
    named = LENS_VALUES.assign(step=[text] * 4)
    for spec, field in (
        (charts.funnel_chart(funnel, 0, large=True), "name"),
        (charts.reasons_chart(funnel.steps[0], large=True), "name"),
        (charts.lenses_chart(named, "EUR", large=True), "name"),
        (charts.ranking_chart(ideas(1, titles=[text]), "EUR", large=True), "title"),
        (charts.sobol_chart([1.0], [1.0], funnel.steps[:1], large=True), "name"),
    ):
        assert text in data(spec)[0][field]
        assert text not in drawing(spec)
        assert json.dumps(text)[1:-1] not in drawing(spec)


def test_names_of_one_length_make_one_drawing() -> None:
    def drawn(stage: str) -> str:
        funnel = Funnel.from_counts(
            {stage: 10, "B": 4}, deal_value=1, currency="EUR", period_days=365
        )
        return drawing(charts.funnel_chart(funnel, 0, large=True))

    assert drawn("datum.row") == drawn("Prospects")


def test_pages_use_the_colours_of_the_charts() -> None:
    """Said once in charts/colours.py, and where no Python reaches: the same there."""
    style = (ROOT / "workshop/ui/components/style.css").read_text("utf-8")
    plain = (ROOT / "workshop/server/templates/theme.css").read_text("utf-8")
    team = (ROOT / "workshop/team/page.css").read_text("utf-8")
    theme = (ROOT / ".streamlit/config.toml").read_text("utf-8")
    named = {"sales": SALES, "marketing": MARKETING, "together": TOGETHER, "loss": LOSS}
    variables = " ".join(f"--{name}: {colour};" for name, colour in named.items())
    assert variables in style
    assert variables in team
    for name in ("sales", "marketing"):
        assert f".{name} {{ background: {named[name]};" in plain
    assert f'primaryColor = "{SALES}"' in theme
    assert SALES not in team.replace(variables, "")
    for script in (ROOT / "workshop/ui/components").rglob("*.css"):
        for name, colour in named.items():
            elsewhere = script.read_text("utf-8").replace(f"--{name}: {colour};", "")
            assert colour not in elsewhere, f"{script.name}: use var(--{name})"
