"""What became of what earlier workshops of the company promised."""

from __future__ import annotations

from typing import Any

from workshop.analysis.second_look import Look, kept
from workshop.analysis.verdicts import verdict_words
from workshop.exports.results import Results
from workshop.exports.typesetting import Table
from workshop.wording import figures
from workshop.wording import second_look as said

NO_PROOF = "That a rate moved is no proof of why."


def became(results: Results) -> dict[str, Any]:
    """How much was kept, and each promise: before, target, now, and the verdict in words."""
    rows = [_row(look) for look in results.looks]
    says = f"{said.kept(*kept(results.looks))}. {NO_PROOF}" if rows else ""
    headings = ["What was promised", "Who", "Due", "Before → target, now", "What became of it"]
    return {"says": says, "table": Table(headings, rows, [2.2, 1.2, 0.9, 1.5, 1.3])}


def _row(look: Look) -> list[str]:
    one = look.followed.commitment
    return [
        one.title,
        f"{one.owner} with {one.co_owner}",
        figures.day(one.due),
        said.change(look.before, one.target, look.after) or figures.NOT_SAID,
        verdict_words(look),
    ]
