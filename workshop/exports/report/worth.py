"""What the ideas are worth, and the best plan in the capacity there is."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from workshop import charts
from workshop.analysis.conversion import revenue
from workshop.analysis.planning import BestPlan
from workshop.domain.people import Side
from workshop.exports.report.said import Drawings, days, money, rate
from workshop.exports.results import Results
from workshop.exports.rows import Row, planned, steps
from workshop.exports.typesetting import Table
from workshop.wording import figures
from workshop.wording.gains import how_sure, said_a_year

MOST_RANKED = 10
"""Ideas in the ranking; the appendix has all."""


def key_figures(results: Results) -> list[dict[str, str]]:
    """The numbers at the top: today, the leak that costs most, what is agreed, what could be."""
    funnel, sure = results.funnel, how_sure(results.assumptions)
    most = max(steps(funnel), key=lambda row: row["leak"])
    today = figures.a_year(revenue(funnel), funnel.period_days)
    told = [
        (today, "revenue a year today"),
        (most["leak"], f"a year is lost at {most['step']}"),
        (results.agreed_gain, f"a year from what is agreed, {sure}"),
    ]
    if results.plan is not None:
        told.append((results.plan.gain, f"a year from the best plan, {sure}"))
    return [{"number": money(results, worth), "says": says} for worth, says in told]


def worth(results: Results, drawings: Drawings) -> dict[str, Any]:
    """The first ideas, as a chart and in a table."""
    counted = [row for row in results.idea_rows if row["state"] == "counts"]
    if not counted:
        return {"says": ["Nobody has written an idea yet."], "ranking": None}
    first = results.ranking[results.ranking["state"] == "counts"].head(MOST_RANKED)
    chart = charts.ranking_chart(first, results.funnel.currency, False, most=MOST_RANKED)
    says = [
        f"{figures.counted(len(counted), 'idea')}, each as if it alone were carried out. The gain "
        f"is revenue a year, {how_sure(results.assumptions)}: the mean of all that may come of it; "
        "eight times in ten it lies within the range. Gains do not simply add up: two ideas "
        "cannot win back the same prospect."
    ]
    if len(counted) > MOST_RANKED:
        says.append(
            f"The first {MOST_RANKED} stand here, {len(counted) - MOST_RANKED} more in the "
            "appendix."
        )
    return {
        "says": says,
        "ranking": drawings.add(chart, charts.RANKING_ALT),
        "ideas": _ranked(results, counted[:MOST_RANKED]),
    }


def _ranked(results: Results, rows: list[Row]) -> Table:
    return Table(
        ["Place", "Idea", "Step", "Expected a year", "10 to 90 %", "Top 3"],
        [
            [
                figures.count(row["place"]),
                row["title"],
                row["step"],
                money(results, row["gain"]),
                figures.range_of_money(row["p10"], row["p90"], results.funnel.currency),
                rate(row["p_top3"]),
            ]
            for row in rows
        ],
        widths=[0, 2, 1.1, 0, 0, 0],
        right=[0, 3, 4, 5],
    )


def plan(results: Results) -> dict[str, Any]:
    """The best plan in a sentence, and its ideas."""
    best, currency = results.plan, results.funnel.currency
    if best is None:
        return {"says": "No plan fits what management asks of it.", "ideas": None}
    if not best.chosen:
        return {"says": "No idea fits the person-days that there are.", "ideas": None}
    says = (
        f"The best plan{_within(best.capacity)} brings "
        f"{said_a_year(best.gain, currency, results.assumptions)} "
        f"({figures.range_of_money(best.p10, best.p90, currency)}, from 10 to 90 %)."
    )
    if not any(map(isfinite, best.capacity.values())):
        says += " Nobody has said how many person-days there are."
    return {"says": says, "ideas": _chosen(results, best)}


def _chosen(results: Results, best: BestPlan) -> Table:
    rows = [row for row in planned(results.idea_rows, best) if row["in_plan"] == "yes"]
    together = [days(best.effort[side.value]) for side in (Side.SALES, Side.MARKETING)]
    return Table(
        ["Idea in the plan", "Step", "Adds a year", "Days of sales", "Days of marketing"],
        [
            *(
                [
                    row["title"],
                    row["step"],
                    money(results, row["contribution"]),
                    days(row["days_sales"]),
                    days(row["days_marketing"]),
                ]
                for row in rows
            ),
            ["Together", "", money(results, best.gain), *together],
        ],
        widths=[2, 1.1, 0, 0, 0],
        right=[2, 3, 4],
        has_sum=True,
    )


def _within(capacity: Mapping[str, float]) -> str:
    limits = [f"{limit:g} of {side}" for side, limit in capacity.items() if isfinite(limit)]
    return f" within the person-days there are ({' and '.join(limits)})" if limits else ""
