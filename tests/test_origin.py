"""Where numbers come from, in words."""

from __future__ import annotations

from workshop.origin import Origin


def test_a_file_of_counts_says_its_name_alone() -> None:
    origin = Origin(("funnel.csv", "losses.csv"), "one row a stage, with a count")
    assert origin.sentence == "funnel.csv, losses.csv"
    assert origin.told == (
        ("Files", "funnel.csv, losses.csv"),
        ("Read as", "one row a stage, with a count"),
    )


def test_every_choice_is_told() -> None:
    origin = Origin(
        ("deals.csv",),
        "one row a deal",
        columns={"lead": "deal_id"},
        stages=("Lead", "Won"),
        meanings={"closed": "Won"},
        merged={"GTX Pro": "GTXPro"},
        dates="day first",
        counting="the deepest stage reached",
        window_days=90,
        basis="the last days are ignored",
        settled_days=1,
        segment="Fair",
        rows_read=1200,
        set_aside={"The stage is not in the funnel.": 200},
        cautions=("Half of them are still open.",),
    )
    assert origin.sentence == (
        "deals.csv: 1,000 of 1,200 rows; only Fair; the deepest stage reached; within 90 days; "
        "the last days are ignored (1)"
    )
    told = dict(origin.told)
    assert told["Stages"] == "Lead → Won"
    assert told["“closed” counts as"] == "Won"
    assert told["“GTX Pro” merged into"] == "GTXPro"
    assert told["Days ignored at the end"] == "1 day"
    assert told["Set aside: The stage is not in the funnel."] == "200"
    assert told["Caution"] == "Half of them are still open."
    assert len(told) == 16
