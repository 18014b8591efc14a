"""Charts of what both sides answered, and the words and tables that stand in for them."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from statistics import median
from typing import Any

import altair as alt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from workshop import charts
from workshop.charts import COLOURS, Gap, Spec
from workshop.charts.guesses import COLUMNS
from workshop.domain.people import Owner
from workshop.wording.answers import NO_MORE_THAN_CHANCE, guess_sentence
from workshop.wording.figures import percent

GUESSES = st.lists(st.floats(0, 1), max_size=150)
MARKS = st.lists(st.integers(1, 5), max_size=60)
MEANS = st.floats(1, 5)
LONG = "Sales tells marketing within a week what became of a lead, and why. " * 3
SIDES = ["sales (S)", "marketing (M)", "the third side (O)", "both sides (S+M)"]


def data(spec: Spec) -> list[dict[str, Any]]:
    (rows,) = spec["datasets"].values()
    return list(rows)


def dots(row: dict[str, Any]) -> list[tuple[int, int]]:
    """The column and the height of each dot."""
    columns, heights = (map(int, row[field].split()) for field in ("columns", "heights"))
    return list(zip(columns, heights, strict=True))


@examples(60)
@given(st.tuples(GUESSES, GUESSES, GUESSES, GUESSES))
def test_every_guess_is_drawn_exactly_once_and_near_where_it_is(
    sides: tuple[list[float], list[float], list[float], list[float]],
) -> None:
    rows = {row["name"]: row for row in data(charts.guesses_chart(*sides, 0.4))}
    assert list(rows) == [name for name, side in zip(SIDES, sides, strict=True) if side]
    for name, side in zip(SIDES, sides, strict=True):
        drawn = dots(rows[name]) if side else []
        assert len(set(drawn)) == len(drawn) == len(side)
        for (column, _), guess in zip(sorted(drawn), sorted(side), strict=True):
            assert abs(column / COLUMNS - guess) <= 0.5 / COLUMNS + 1e-9
        for stack in Counter(column for column, _ in drawn).items():
            assert {(stack[0], height) for height in range(stack[1])} <= set(drawn)


@examples(60)
@given(st.tuples(MARKS, MARKS, MARKS, MARKS))
def test_every_mark_is_drawn_exactly_once_and_where_it_is(
    sides: tuple[list[int], list[int], list[int], list[int]],
) -> None:
    rows = {row["name"]: row for row in data(charts.consent_chart(*sides))}
    assert list(rows) == [name for name, side in zip(SIDES, sides, strict=True) if side]
    said = charts.consent_table(*sides).set_index("Side")
    for name, side in zip(SIDES, sides, strict=True):
        drawn = dots(rows[name]) if side else []
        assert sorted(1 + column for column, _ in drawn) == sorted(side)
        assert len(set(drawn)) == len(side)
        if side:
            assert said.loc[name, "In the middle"] == f"{median(side):g}"
            assert f"{name} {median(side):g} of {len(side)}" in charts.consent_alt(*sides)


@examples(60)
@given(GUESSES, GUESSES, st.one_of(st.none(), st.floats(0, 1)))
def test_the_table_and_the_sentence_say_what_the_dots_show(
    sales: list[float], marketing: list[float], truth: float | None
) -> None:
    asked = (sales, marketing, [], [], truth)
    rows = data(charts.guesses_chart(*asked))
    table = charts.guesses_table(*asked)
    assert list(table["Side"]) == [row["name"] for row in rows] + ["it is"] * (truth is not None)
    for row, (_, said) in zip(rows, table.iterrows(), strict=False):
        side = sales if row["name"] == SIDES[0] else marketing
        times = [
            each.partition(" (")[2].split(" ")[0] or 1 for each in said["All of them"].split(", ")
        ]
        assert sum(map(int, times)) == int(said["Answers"]) == len(dots(row)) == len(side)
        assert said["In the middle"] == percent(median(side)) == percent(row["median"])
        assert f"{row['name']} {said['In the middle']}" in charts.guesses_alt(*asked)
    if truth is not None:
        assert table["In the middle"].iloc[-1] == percent(truth)


@pytest.mark.parametrize("large", [True, False])
def test_forty_equal_guesses_are_forty_dots_and_say_so(large: bool) -> None:
    row, other = data(charts.guesses_chart([0.5] * 40, [0.5] * 5, [], [], None, large=large))
    assert dots(row) == [(20, height) for height in range(40)]
    assert (row["many"], row["highest"], other["many"]) == ("40", 40, "")


def test_multiples_of_five_percent_stand_where_they_are() -> None:
    guesses = [place / 20 for place in range(21)]
    (row,) = data(charts.guesses_chart(guesses, [], [], [], None))
    assert [column / COLUMNS for column, _ in dots(row)] == guesses


def test_the_truth_is_there_only_once_it_is_given() -> None:
    before, after = (charts.guesses_chart([0.55], [], [], [], truth) for truth in (None, 0.4))
    assert [row["truth_says"] for row in data(before)] == [""]
    assert [row["truth_says"] for row in data(after)] == ["it is 40"]
    assert before | {"datasets": {}} == after | {"datasets": {}}


def test_a_figure_stands_on_the_side_where_the_truth_is_not() -> None:
    near, far = data(charts.guesses_chart([0.38], [0.55], [], [], 0.4))
    assert (near["median_side"], far["median_side"]) == (-1, 1)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, 55, float("nan")])
def test_what_is_no_share_is_no_guess(wrong: float) -> None:
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        charts.guesses_chart([0.5, wrong], [], [], [], None)
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        charts.guesses_chart([0.5], [], [], [], wrong)


def test_the_sides_are_told_by_shape_as_well_as_by_colour() -> None:
    rows = data(charts.guesses_chart([0.5], [0.5], [0.5], [], None))
    assert len({row["shape"] for row in rows}) == len({row["colour"] for row in rows}) == 3
    assert [row["colour"] for row in rows[:2]] == [COLOURS[Owner.SALES], COLOURS[Owner.MARKETING]]


def test_guesses_in_a_sentence() -> None:
    assert guess_sentence(0.55, 0.38, truth=0.4) == "Sales thought 55, marketing 38. It is 40."
    assert guess_sentence(0.55, None, truth=None) == "Sales thought 55."
    assert guess_sentence(None, None, pooled=0.5, truth=0.4) == (
        "Both sides together thought 50. It is 40."
    )


@examples(60)
@given(MEANS, MEANS)
def test_the_stages_show_both_means_and_the_table_says_the_same(
    sales: float, marketing: float
) -> None:
    (row,) = data(charts.stages_chart(sales, marketing))
    table = charts.stages_table(sales, marketing)
    assert row["upper_says"] == f"S {table['Mean, from 1 to 5'][0]}"
    assert row["lower_says"] == f"M {table['Mean, from 1 to 5'][1]}"
    assert 1 + 4 * row["upper_at"] == pytest.approx(sales)
    assert 1 + 4 * row["lower_at"] == pytest.approx(marketing)
    assert (row["upper_known"], row["lower_known"]) == (True, True)
    # A quarter of the line is a stage; the first quarter is called "undefined".
    names = ["undefined", "defined", "aligned", "integrated"]
    assert table["Stage"][0] == names[min(3, int(4 * row["upper_at"] + 1e-9))]
    assert charts.stages_alt(sales, marketing).count(table["Stage"][0]) >= 1


def test_who_has_not_answered_has_no_mark() -> None:
    (alone,) = data(charts.stages_chart(2.4, None))
    assert (alone["upper_known"], alone["lower_known"]) == (True, False)
    (pooled,) = data(charts.stages_chart(None, None, 3.2))
    assert (pooled["upper_says"], pooled["lower_known"]) == ("S+M 3.2", False)
    assert charts.stages_alt(None, None, 3.2).endswith("both sides (S+M) 3.2, aligned.")
    (nobody,) = data(charts.stages_chart(None, None))
    assert not nobody["upper_known"]
    assert charts.stages_alt(None, None).endswith(": nobody has answered.")


@examples(60)
@given(st.lists(st.builds(Gap, st.text(max_size=300), MEANS, MEANS, st.booleans()), max_size=12))
def test_each_gap_is_drawn_once_and_says_where_it_is_no_more_than_chance(gaps: list[Gap]) -> None:
    rows, table = data(charts.gaps_chart(gaps)), charts.gaps_table(gaps)
    assert len(rows) == len(table) == len(gaps)
    for row, (_, said), gap in zip(rows, table.iterrows(), gaps, strict=True):
        assert row["statement"] == said["Statement"] == gap.statement
        assert row["upper_says"] == f"S {said['Sales, from 1 to 5']}"
        assert 1 + 4 * row["lower_at"] == pytest.approx(gap.marketing)
        assert (NO_MORE_THAN_CHANCE in row["verdict"]) is not gap.beyond_chance
        assert row["verdict"] == said["Difference"]
        assert row["verdict"] in charts.gaps_alt(gaps)


COUNTS = st.lists(
    st.tuples(st.text(max_size=80), st.integers(0, 150), st.integers(0, 150)), max_size=12
)


@examples(60)
@given(COUNTS)
def test_the_bars_are_each_sides_shares_and_the_table_has_their_counts(
    counts: list[tuple[str, int, int]],
) -> None:
    options, sales, marketing = ([row[place] for row in counts] for place in range(3))
    head, *rows = data(charts.choices_chart(options, sales, marketing, large=True))
    assert head["sales_says"] == f"sales (S), {sum(sales)}"
    table = charts.choices_table(options, sales, marketing)
    assert [row["sales_says"] for row in rows] == list(table["Sales (S)"]) == list(map(str, sales))
    assert [row["marketing_says"] for row in rows] == list(map(str, marketing))
    assert list(table["Answer"]) == options
    assert sum(row["left"] for row in rows) == pytest.approx(1 if any(sales) else 0)
    for one, other in pairwise(rows):
        assert one["left"] * int(other["sales"]) == pytest.approx(other["left"] * int(one["sales"]))


def test_only_what_the_sides_agree_on_least_is_bold() -> None:
    def bold(sales: list[int], marketing: list[int]) -> list[str]:
        rows = data(charts.choices_chart(["A", "B", "C"], sales, marketing))
        return [row["option"] for row in rows if row["weight"] == "bold"]

    assert bold([6, 2, 1], [1, 3, 4]) == ["A"]
    assert bold([2, 1, 0], [4, 2, 0]) == []
    assert bold([2, 1, 0], [0, 0, 0]) == []


def test_counts_that_are_not_as_many_as_the_options_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        charts.choices_chart(["A", "B"], [1], [1, 2])


@pytest.mark.parametrize("large", [True, False])
def test_whatever_was_answered_the_charts_are_valid(large: bool) -> None:
    many = [place / 149 for place in range(150)]
    for spec in (
        charts.guesses_chart([], [], [], [], None, large=large),
        charts.guesses_chart([0.0], [], [], [], 1.0, large=large),
        charts.guesses_chart(many, many, [0.5], [], 0.0, large=large),
        charts.guesses_chart([], [], [], [0.3, 0.4], 0.033, large=large),
        charts.consent_chart([], [], [], [], large=large),
        charts.consent_chart([1] * 60, [5], [3], [2], large=large),
        charts.stages_chart(None, 5, large=large),
        charts.gaps_chart([], large=large),
        charts.gaps_chart([Gap(LONG, 1, 5, True)] * 3, large=large),
        charts.choices_chart([], [], [], large=large),
        charts.choices_chart([LONG, "nobody"], [150, 0], [0, 0], large=large),
    ):
        alt.LayerChart.validate(spec)
        assert ("height" in spec) is not large
        assert [row["row"] for row in data(spec)] == list(range(len(data(spec))))


def test_on_the_board_a_long_option_ends_with_a_whole_word_and_the_table_has_all_of_it() -> None:
    _, row = data(charts.choices_chart([LONG], [1], [0], large=True))
    assert row["label"].endswith("within a week …")
    assert charts.choices_table([LONG], [1], [0])["Answer"][0] == LONG
