"""The ranked list: records in, one table out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workshop.analysis.ranking import (
    as_estimated,
    assumed,
    lenses_a_year,
    ranking,
    target_rate,
    worth,
)
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, Idea, IdeaDraft
from workshop.domain.people import Side

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def idea(id_: str, step: int, reason: str | None, share: float, **fields: object) -> Idea:
    draft = IdeaDraft(id_, Estimate(share, share, share), "", reason, 4, 1)
    return replace(Idea(id_, step, "t", "Ada", draft, NOW), **fields)


A = idea("A", 1, "No follow-up", 0.2)
B = idea("B", 1, "No follow-up", 0.3)
D = idea("D", 3, None, 0.1)


def test_ideas_are_ranked_by_what_they_bring_a_year(funnel: Funnel) -> None:
    table = ranking(funnel, Assumptions(), [A, B, D], {"t": "Team 1"})
    assert table["id"].tolist() == ["D", "B", "A"]
    assert table["place"].tolist() == [1, 2, 3]
    assert table["gain"].tolist() == pytest.approx([50_400, 37_800, 25_200])
    assert table["gain_per_day"].tolist() == pytest.approx([10_080, 7_560, 5_040])
    assert (table["p10"] < table["p90"]).all()


def test_money_is_a_year_whatever_the_numbers_cover(funnel: Funnel) -> None:
    quarter = replace(funnel, period_days=73)
    table = ranking(quarter, Assumptions(), [A], {})
    assert table["gain"].tolist() == pytest.approx([5 * 25_200])
    assert lenses_a_year(quarter)["leak"].tolist() == pytest.approx(
        [5 * leak for leak in (312_000, 252_000, 392_000, 504_000)]
    )


def test_an_idea_is_worth_alone_what_the_table_says_of_it(funnel: Funnel) -> None:
    quarter = replace(funnel, period_days=73)
    table = ranking(quarter, Assumptions(quality=0.8), [A, B, D], {}).set_index("id")
    alone = worth(quarter, Assumptions(quality=0.8), [B, D])
    assert list(alone) == ["B", "D"]
    for id_, told in alone.items():
        assert told == pytest.approx(table.loc[id_, list(told)].to_dict())
    assert worth(quarter, Assumptions(), []) == {}


def test_withdrawn_and_merged_ideas_stay_in_the_list_without_a_place(funnel: Funnel) -> None:
    ideas = [A, replace(B, withdrawn=True), replace(D, merged_into="A")]
    table = ranking(funnel, Assumptions(), ideas, {}).set_index("id")
    assert table.loc["A", "place"] == 1
    assert table.loc[["B", "D"], "place"].isna().all()
    assert table["state"].to_dict() == {"A": "counts", "B": "withdrawn", "D": "merged into A"}


def test_no_ideas_make_an_empty_table_with_all_columns(funnel: Funnel) -> None:
    table = ranking(funnel, Assumptions(), [], {})
    assert table.empty
    assert {"place", "title", "gain", "p_top3", "state"} <= set(table.columns)


def test_assumptions_change_what_ideas_are_worth(funnel: Funnel) -> None:
    halved = ranking(funnel, Assumptions(deal_value=4000, quality=0.8), [A], {})
    assert halved["gain"].tolist() == pytest.approx([25_200 / 2 * 0.8])


def test_what_management_does_not_say_stays_as_the_file_said(funnel: Funnel) -> None:
    assert assumed(funnel, Assumptions()) == funnel
    changed = assumed(funnel, Assumptions(period_days=91, benchmarks=(0.4, None, None, None)))
    assert changed.period_days == 91
    assert changed.steps[0].benchmark == 0.4
    assert changed.deal_value == funnel.deal_value


def test_where_the_sides_differ_the_pool_is_ranked_and_both_are_told(funnel: Funnel) -> None:
    sales, marketing = Estimate(0.05, 0.1, 0.2), Estimate(0.15, 0.3, 0.5)
    both = replace(A, estimates=((Side.SALES, sales), (Side.MARKETING, marketing)))
    row = ranking(funnel, Assumptions(), [both, B], {}).set_index("id").loc["A"]
    assert row[["low", "likely", "high"]].tolist() == pytest.approx([0.05, 0.175, 0.5])
    assert row["gain"] == pytest.approx(126_000 * 0.625 / 3)
    assert row[["said_sales", "said_marketing"]].tolist() == [0.1, 0.3]
    assert row[["said_other"]].isna().all()
    assert as_estimated(both, Assumptions()).recovers.high == 0.5
    assert target_rate(funnel, both) == pytest.approx(0.4 + 0.3 * 0.625 / 3)


def test_an_idea_of_nobody_knows_which_side_has_just_its_estimate(funnel: Funnel) -> None:
    row = ranking(funnel, Assumptions(), [A], {}).iloc[0]
    assert row["likely"] == 0.2
    assert row[["said_sales", "said_marketing", "said_other"]].isna().all()


def test_an_idea_merged_into_one_that_must_not_be_read_says_so(funnel: Funnel) -> None:
    table = ranking(funnel, Assumptions(), [replace(A, merged_into="unread")], {})
    assert table["state"].tolist() == ["merged into another idea"]
