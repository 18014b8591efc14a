"""Exports of CRMs, recognised by their columns or told; held against counts of their own rows."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from workshop.intake import IntakeError, read_deals
from workshop.intake.guess import guess
from workshop.intake.layout import Field
from workshop.intake.lead_database import LeadDatabase

EXPORTS = Path(__file__).parents[1] / "exports"


def rows(name: str) -> list[dict[str, str]]:
    with (EXPORTS / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";" if name.startswith("pipedrive_d") else ","))


def test_a_history_counts_the_leads_that_reached_each_stage() -> None:
    stages = ["Lead", "MQL", "SQL", "Security review", "Won"]
    seen = defaultdict(set)
    for row in rows("event_log.csv"):
        if row["event"] in stages:
            seen[row["lead_id"]].add(stages.index(row["event"]))
    expected = [sum(max(places) >= place for places in seen.values()) for place in range(5)]
    with read_deals(EXPORTS / "event_log.csv") as cohort:
        assert cohort.stages == tuple(stages)
        assert list(cohort.reached()) == expected


def test_dates_of_stages_count_the_deepest_one_that_is_filled() -> None:
    names = ["Lead", "Marketing Qualified Lead", "Sales Qualified Lead"]
    columns = [
        column for column in rows("hubspot_contacts_lifecycle.csv")[0] if column.startswith("Becam")
    ]
    deepest = [
        max(place for place, column in enumerate(columns) if row[column])
        for row in rows("hubspot_contacts_lifecycle.csv")
    ]
    expected = [sum(one >= place for one in deepest) for place in range(len(columns))]
    with read_deals(EXPORTS / "hubspot_contacts_lifecycle.csv") as cohort:
        assert list(cohort.stages[:3]) == names
        assert list(cohort.reached()) == expected


def test_deals_that_keep_their_stage_when_lost_fill_the_whole_funnel() -> None:
    told = rows("pipedrive_deals.csv")
    won = sum(row["Deal - Status"] == "won" for row in told)
    with read_deals(EXPORTS / "pipedrive_deals.csv") as cohort:
        assert cohort.reached()[0] == len(told)
        assert cohort.reached()[-1] == won
        lost = cohort.reasons()
        assert lost["leads"].sum() == len(told) - won


def test_deals_and_the_leads_they_came_from_are_joined() -> None:
    leads = {row["mql_id"] for row in rows("mql.csv")}
    won = {row["mql_id"] for row in rows("closed.csv")} & leads
    for paths in (
        {"path": EXPORTS / "closed.csv", "leads": EXPORTS / "mql.csv"},
        {"path": [EXPORTS / "closed.csv", EXPORTS / "mql.csv"]},
    ):
        with read_deals(**paths) as cohort:  # type: ignore[arg-type]
            assert cohort.stages == ("MQL", "Won")
            assert cohort.reached() == (len(leads), len(won))


ODD = "nummer,fase,begin,einde,bedrag,waarom\n" + "".join(
    f"{number},{fase},2026-01-0{number},2026-02-0{number},{number}00,{why}\n"
    for number, (fase, why) in enumerate(
        [("gewonnen", ""), ("verloren", "duur"), ("verloren", "te laat"), ("gewonnen", "")], 1
    )
)


def test_columns_of_any_name_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(ODD)
    with read_deals(
        path,
        deal="nummer",
        status="fase",
        created_at="begin",
        closed_at="einde",
        value="bedrag",
        reason="waarom",
    ) as cohort:
        assert cohort.reached() == (4, 2)
        assert cohort.mean_value() == 250
        assert set(cohort.reasons()["reason"]) == {"duur", "te laat"}


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(ODD)
    with pytest.raises(IntakeError) as refused:
        read_deals(path, deal="number")
    assert refused.value.problems[0].column == "number"


def test_stages_can_be_told_in_their_order() -> None:
    with read_deals(
        EXPORTS / "event_log.csv", stages=("Lead", "SQL", "Security review", "Won")
    ) as cohort:
        assert cohort.stages == ("Lead", "SQL", "Security review", "Won")
        assert cohort.reached() == (16, 9, 5, 2)


def test_files_that_name_no_leads_say_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "weather.csv"
    path.write_text("day,rain\n2026-01-01,3\n2026-01-02,5\n")
    with pytest.raises(IntakeError) as refused:
        read_deals(path)
    assert all(problem.message and problem.remedy for problem in refused.value.problems)


def test_counts_are_not_deals() -> None:
    with pytest.raises(IntakeError, match="counts of stages"):
        read_deals(EXPORTS.parents[1] / "data" / "example" / "funnel.csv")


def test_stages_that_nobody_knows_are_placed_by_when_they_come(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    names = ("Zeta", "Alpha", "Mu", "Won")
    lines = [
        f"{lead},{names[place]},2026-01-{1 + place:02}"
        for lead in range(6)
        for place in reversed(range(4))
    ]
    path.write_text("\n".join(["lead_id,stage,entered_at", *lines]))
    with LeadDatabase([path]) as database:
        layout = guess(database).layout
        assert layout is not None
        assert layout.stages == names


def test_what_is_said_of_a_column_is_not_guessed_from_another(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("id,ref,stage,create date\n1,a,Won,2026-01-01\n2,b,Lost,2026-01-02\n")
    with LeadDatabase([path]) as database:
        layout = guess(database, {Field.LEAD: "ref"}).layout
        assert layout is not None
        assert layout.columns[Field.LEAD] == "ref"
