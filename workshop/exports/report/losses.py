"""What we lose, where and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workshop import charts
from workshop.domain.funnel import Step
from workshop.exports.report.said import Drawings, money, rate
from workshop.exports.results import Results
from workshop.exports.rows import Row, steps
from workshop.exports.typesetting import Table
from workshop.wording import figures

HALF = 340  # of a chart beside another one, in pixels
MOST_EXPLAINED = 6
"""Steps whose reasons are drawn, those first that cost most."""


def losses(results: Results, drawings: Drawings) -> dict[str, Any]:
    """The funnel as on the board, its steps in a table, and why they lose."""
    funnel, rows = results.funnel, steps(results.funnel)
    known = [step for step in funnel.steps if any(step.losses.values())]
    worths = {row["step"]: row["leak"] for row in rows}
    explained = sorted(known, key=lambda step: -worths[step.name])[:MOST_EXPLAINED]
    return {
        "says": worst(results, rows),
        "funnel": drawings.add(
            charts.funnel_chart(funnel, None, False), charts.funnel_alt(funnel, None)
        ),
        "steps": _table(results, rows),
        "reasons": [_reasons(step, drawings) for step in explained],
        "unsaid": _unsaid(funnel.steps, known),
    }


def worst(results: Results, rows: Sequence[Row]) -> str:
    """The whole funnel and the loss that costs most, in words."""
    funnel, most = results.funnel, max(rows, key=lambda row: row["leak"])
    whole = (
        f"Of {figures.count(funnel.entrants)} that come in at {funnel.stages[0]} "
        f"{figures.period(funnel.period_days)}, {figures.count(funnel.won)} reach "
        f"{funnel.stages[-1]}."
    )
    if not most["lost"]:
        return f"{whole} Nobody is lost on the way."
    return (
        f"{whole} The loss that costs most is at {most['step']}: of "
        f"{figures.count(most['entered'])} that come there, {figures.count(most['lost'])} are lost "
        f"({figures.percent(most['lost_share'])}). At today’s rates further down they would bring "
        f"{money(results, most['leak'])} a year."
    )


def _table(results: Results, rows: Sequence[Row]) -> Table:
    return Table(
        ["Step", "Came in", "Lost", "Share lost", "Worth a year", "Benchmark", "Owner"],
        [
            [
                row["step"],
                figures.count(row["entered"]),
                figures.count(row["lost"]),
                figures.percent(row["lost_share"]),
                money(results, row["leak"]),
                rate(row["benchmark"]),
                row["owner"],
            ]
            for row in rows
        ],
        widths=[1, 0, 0, 0, 0, 0, 0],
        right=[1, 2, 3, 4, 5],
    )


def _reasons(step: Step, drawings: Drawings) -> dict[str, Any]:
    chart = drawings.add(charts.reasons_chart(step, False), charts.reasons_alt(step), HALF)
    return {"title": f"{step.name}: {figures.count(step.lost)} lost", "chart": chart}


def _unsaid(all_steps: Sequence[Step], known: Sequence[Step]) -> str:
    """Of which steps nobody knows why they lose, or which are told elsewhere."""
    unknown = [step.name for step in all_steps if step.lost and step not in known]
    says = []
    if len(known) > MOST_EXPLAINED:
        says.append(f"{len(known) - MOST_EXPLAINED} more are in the Excel file.")
    if unknown:
        says.append(f"The numbers do not say why at {', '.join(unknown)}.")
    return " ".join(says)
