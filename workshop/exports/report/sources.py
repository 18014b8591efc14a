"""Assumptions, where the numbers come from, and all ideas."""

from __future__ import annotations

from typing import Any, assert_never

import pandas as pd

from workshop.exports.columns import Kind
from workshop.exports.report.said import days, money
from workshop.exports.results import Results
from workshop.exports.rows import HOW_TO_READ, Row, explanations
from workshop.exports.typesetting import Table
from workshop.wording import figures
from workshop.wording.import_words import in_full


def sources(results: Results) -> list[dict[str, Any]]:
    """What is assumed, and how the numbers were read."""
    explained = explanations(results.workshop_name, results.funnel, results.assumptions)
    assumed = [
        [row["number"], _value(results, row), row["meaning"]]
        for row in explained
        if row["kind"] is not Kind.TEXT
    ]
    to_read = [[words, meaning] for words, meaning in HOW_TO_READ]
    read = [] if results.origin is None else [list(pair) for pair in in_full(results.origin)]
    return [
        {
            "title": "Assumptions",
            "says": "",
            "table": Table(["Number", "Value", "What it means"], assumed, [2, 0.8, 3.2], [1]),
        },
        {
            "title": "Where the numbers come from",
            "says": "Nobody has noted where the numbers come from.",
            "table": Table(["What was read or chosen", "How"], read, [1, 2]),
        },
        {
            "title": "How to read the numbers",
            "says": "",
            "table": Table(["Word", "What it means"], to_read, [1, 3]),
        },
    ]


def _value(results: Results, row: Row) -> str:
    """A number of the assumptions, without the unit that its name says."""
    value, kind = row["value"], row["kind"]
    if value is None:
        return ""
    match kind:
        case Kind.WHOLE:
            return figures.count(value)
        case Kind.MONEY:
            return figures.exact_money(value, results.funnel.currency)
        case Kind.SHARE:
            return figures.percent(value)
        case Kind.TEXT | Kind.DAYS | Kind.DATE:
            raise ValueError(f"no assumption is a {kind}")
        case _:
            assert_never(kind)


def all_ideas(results: Results) -> Table:
    """Every idea, best first; those that do not count last, with their reason."""
    return Table(
        ["", "Idea", "Goes after", "Wins back", "Gain a year", "Days S + M", "From"],
        [_idea(results, row) for row in results.idea_rows],
        widths=[0, 3, 1.9, 0, 0, 0, 1.3],
        right=[0, 3, 4, 5],
    )


def _idea(results: Results, row: Row) -> list[str]:
    counts = row["state"] == "counts"
    within = f" in {row['segment']}" if row["segment"] else ""
    titles = [row["title"], row["plan"], "" if counts else f"({row['state']})"]
    effort = f"{days(row['days_sales'])} + {days(row['days_marketing'])}"
    return [
        "" if pd.isna(row["place"]) else figures.count(row["place"]),
        "\n".join(part for part in titles if part),
        f"{row['step']}\n{row['reason']}{within}",
        "–".join(figures.per_hundred(row[end]) for end in ("low", "high")) + " %",
        money(results, row["gain"]),
        effort if row["days"] else figures.NOT_SAID,
        "\n".join(part for part in (row["team"], row["author"]) if part),
    ]
