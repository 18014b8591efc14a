"""Where numbers come from, in words."""

from __future__ import annotations

from typing import Any

import pytest

from workshop.domain.import_codes import Basis, Cause, Counting, Shape
from workshop.domain.origin import Origin
from workshop.wording.import_words import in_full, in_one_line


def test_a_file_of_counts_says_its_name_alone() -> None:
    origin = Origin(("funnel.csv", "losses.csv"), Shape.COUNTS)
    assert in_one_line(origin) == "funnel.csv, losses.csv"
    assert in_full(origin) == (
        ("Files", "funnel.csv, losses.csv"),
        ("Read as", "one row a stage, with a count"),
    )


def test_every_choice_is_told() -> None:
    origin = Origin(
        ("deals.csv",),
        Shape.DEALS,
        columns={"lead": "deal_id"},
        stages=("Lead", "Won"),
        meanings={"closed": "Won"},
        merged={"GTX Pro": "GTXPro"},
        day_first=True,
        counting=Counting.DEEPEST,
        window_days=90,
        basis=Basis.SETTLED,
        settled_days=1,
        segment="Fair",
        rows_read=1200,
        set_aside={Cause.UNKNOWN_STAGE: 200},
        cautions=("Half of them are still open.",),
    )
    assert in_one_line(origin) == (
        "deals.csv: 1,000 of 1,200 rows; only Fair; the deepest stage reached; within 90 days; "
        "the last days are ignored (1)"
    )
    told = dict(in_full(origin))
    assert told["Stages"] == "Lead → Won"
    assert told["“closed” counts as"] == "Won"
    assert told["“GTX Pro” merged into"] == "GTXPro"
    assert told["Days ignored at the end"] == "1 day"
    assert told["Set aside: The stage is not in the funnel."] == "200"
    assert told["Caution"] == "Half of them are still open."
    assert len(told) == 16


@pytest.mark.parametrize(
    "nonsense",
    [
        {"counting": "the deepest stage reached"},
        {"basis": ""},
        {"period": "chosen by hand"},
        {"columns": {"entered at": "Date"}},
        {"columns": {"leads.channel": "Source"}},
        {"set_aside": {"No date.": 3}},
        {"first_day": "1 January 2025"},
    ],
)
def test_what_is_no_code_is_refused(nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"is not a valid|Invalid isoformat"):
        Origin(("deals.csv",), Shape.DEALS, **nonsense)
