"""Who does what until when, and from when it can show."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from typing import Any

from workshop.analysis.ranking import goes_after
from workshop.analysis.when_it_shows import can_show, days_until_it_shows
from workshop.domain.commitment import Rhythm
from workshop.domain.funnel import Funnel
from workshop.exports.report.said import money
from workshop.exports.results import Results
from workshop.exports.rows import Row
from workshop.exports.summary import next_look, together
from workshop.exports.typesetting import Table
from workshop.wording import figures
from workshop.wording.commitments import RHYTHMS
from workshop.wording.gains import how_sure

ONCE = RHYTHMS[Rhythm.ONCE]


def actions(results: Results) -> dict[str, Any]:
    """The actions that nobody has dropped, and what they bring together."""
    each = [_action(results, row) for row in results.wanted]
    says = [together(results), *([next_look(results)] if each else [])]
    return {"each": each, "says": says, "others": _others(results)}


def _others(results: Results) -> Table:
    """Habits, hand-offs and clauses: what, who, and in which rhythm."""
    rows = [
        [
            row["title"],
            row["kind_name"],
            f"{row['owner']} with {row['co_owner']}",
            f"{row['rhythm']}, {'by' if row['rhythm'] == ONCE else 'from'} "
            f"{figures.day(row['due'])}",
            row["status"],
        ]
        for row in results.other_rows
    ]
    return Table(["What", "Kind", "Who", "When", "Status"], rows, [2, 1.2, 1.4, 1.4, 0])


def _action(results: Results, row: Row) -> dict[str, Any]:
    idea = next(idea for idea in results.ideas if idea.id == row["idea_id"])
    measured = results.measured
    says = [
        ("Who", f"{row['owner']} with {row['co_owner']}"),
        ("First step", row["first_step"]),
        ("Why", f"{measured.steps[idea.step].name}: {goes_after(idea.draft)}"),
        ("Brings", f"{money(results, row['gain'])} a year, {how_sure(results.assumptions)}"),
        ("Measured by", f"{row['kpi']}: {figures.from_to(row['baseline'], row['target'])}"),
        ("Can show", _when_it_shows(measured, idea.step, row["target"], row["due"])),
        ("Status", row["status"]),
    ]
    due = f"by {figures.day(row['due'])}"
    return {"title": row["title"], "due": due, "says": says}


def _when_it_shows(funnel: Funnel, step: int, target: float, due: date) -> str:
    """What was said before it was signed, and which day that is."""
    says, days = can_show(funnel, step, target), days_until_it_shows(funnel, step, target)
    if days is None or days > (date.max - due).days:
        return says
    day = figures.day(due + timedelta(days=ceil(days)))
    return f"{says} Counted from the day it is due, that is about {day}."
