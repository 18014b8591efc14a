"""Who does what until when, and from when it can show."""

from __future__ import annotations

from typing import Any

from workshop.analysis.ranking import goes_after
from workshop.exports.report.said import money
from workshop.exports.results import Results
from workshop.exports.rows import Row
from workshop.exports.summary import next_look, together
from workshop.exports.when_it_shows import when_it_shows
from workshop.wording import figures
from workshop.wording.gains import how_sure


def actions(results: Results) -> dict[str, Any]:
    """The actions that nobody has dropped, and what they bring together."""
    each = [_action(results, row) for row in results.wanted]
    return {"each": each, "says": [together(results), *([next_look(results)] if each else [])]}


def _action(results: Results, row: Row) -> dict[str, Any]:
    idea = next(idea for idea in results.ideas if idea.id == row["idea_id"])
    measured = results.measured
    shows = when_it_shows(
        measured.steps[idea.step], measured.period_days, row["target"], row["due"]
    )
    says = [
        ("Who", f"{row['owner']} with {row['co_owner']}"),
        ("First step", row["first_step"]),
        ("Why", f"{measured.steps[idea.step].name}: {goes_after(idea.draft)}"),
        ("Brings", f"{money(results, row['gain'])} a year, {how_sure(results.assumptions)}"),
        ("Measured by", f"{row['kpi']}: {figures.from_to(row['baseline'], row['target'])}"),
        ("Can show", shows),
        ("Status", row["status"]),
    ]
    due = f"by {figures.day(row['due'])}"
    return {"title": row["title"], "due": due, "says": says}
