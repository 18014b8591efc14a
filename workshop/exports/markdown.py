"""The results as Markdown, for a wiki or a chat.

Whatever people typed stands in a cell or behind a heading's mark, as `one_line` makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from workshop.exports.results import Results
from workshop.exports.rows import Row, brought, steps
from workshop.exports.settled import hand_offs, words
from workshop.exports.summary import next_look, together
from workshop.exports.text import one_line
from workshop.wording import figures
from workshop.wording.gains import how_sure

MOST_IDEAS = 10


def markdown(results: Results) -> bytes:
    """What is lost, what is done about it, what that brings and the first ideas; UTF-8."""
    blocks = [
        f"# {one_line(results.workshop_name)}",
        f"Funnel Reality Check, {figures.day(results.day)}",
        "## What we lose",
        _losses(results),
        "## What we do",
        *_actions(results),
        *_others(results),
        "## What it brings",
        _brings(results),
        "## The first ideas",
        *_ideas(results),
        *_hand_offs(results),
        *_words(results),
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def _losses(results: Results) -> str:
    return _table(
        ["Step", "Came in", "Lost", "Share lost", "Worth a year"],
        [
            [
                row["step"],
                figures.count(row["entered"]),
                figures.count(row["lost"]),
                figures.percent(row["lost_share"]),
                _money(results, row["leak"]),
            ]
            for row in steps(results.funnel)
        ],
    )


def _actions(results: Results) -> list[str]:
    if not results.wanted:
        return [one_line(together(results))]
    headings = [
        "Action",
        "Owner",
        "Co-owner",
        "First step",
        "KPI",
        "Due",
        "Status",
        "Brings a year",
    ]
    rows = [[*_signed(row), _money(results, row["gain"])] for row in results.wanted]
    return [_table(headings, rows), one_line(together(results)), next_look(results)]


def _others(results: Results) -> list[str]:
    headings = ["What", "Kind", "Owner", "Co-owner", "Due, or from when on", "How often", "Status"]
    rows = [
        [
            row["title"],
            row["kind_name"],
            row["owner"],
            row["co_owner"],
            figures.day(row["due"]),
            row["rhythm"],
            row["status"],
        ]
        for row in results.other_rows
    ]
    return ["## What else is promised", _table(headings, rows)] if rows else []


def _signed(row: Row) -> list[str]:
    return [
        row["title"],
        row["owner"],
        row["co_owner"],
        row["first_step"],
        f"{row['kpi']}: {figures.from_to(row['baseline'], row['target'])}",
        figures.day(row["due"]),
        row["status"],
    ]


def _brings(results: Results) -> str:
    rows = brought(results.funnel, results.assumptions, results.agreed_gain, results.plan)
    return _table(["What", "Money"], [[row["what"], _money(results, row["worth"])] for row in rows])


def _ideas(results: Results) -> list[str]:
    counted = [row for row in results.idea_rows if row["state"] == "counts"]
    if not counted:
        return ["No ideas yet."]
    table = _table(
        ["Place", "Idea", "Step", "Goes after", f"Brings a year, {how_sure(results.assumptions)}"],
        [
            [
                figures.count(row["place"]),
                row["title"],
                row["step"],
                row["reason"],
                _money(results, row["gain"]),
            ]
            for row in counted[:MOST_IDEAS]
        ],
    )
    left = len(counted) - MOST_IDEAS
    return [table, f"And {left} more, in the Excel file."] if left > 0 else [table]


def _hand_offs(results: Results) -> list[str]:
    rows = [
        [row["step"], row["duty"], row["doer"], row["rule"], row["sales"], row["marketing"]]
        for row in hand_offs(results.measured, results.settled)
    ]
    headings = ["Step", "What", "Who", "How", "For sales", "For marketing"]
    return ["## Who does what", _table(headings, rows)] if rows else []


def _words(results: Results) -> list[str]:
    rows = [
        [row["word"], row["meaning"], row["sales"], row["marketing"]]
        for row in words(results.measured, results.settled)
    ]
    headings = ["Word", "What it means here", "For sales", "For marketing"]
    return ["## What we call things", _table(headings, rows)] if rows else []


def _money(results: Results, worth: float) -> str:
    return figures.NOT_SAID if pd.isna(worth) else figures.money(worth, results.funnel.currency)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_row(headings), _row(["---"] * len(headings))]
    return "\n".join([*lines, *(_row([one_line(cell) for cell in row]) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
