"""The report, for people who were not there: two to six pages to print.

A module a part of it; each makes of the results what the template shows, in words.
"""

from __future__ import annotations

from workshop.exports.report import actions, became, losses, settled, sources, worth
from workshop.exports.report.said import Drawings
from workshop.exports.results import Results
from workshop.exports.typesetting import KIND, typeset
from workshop.wording import figures

__all__ = ["report_pdf"]


def report_pdf(results: Results, *, own_fonts: bool = True) -> bytes:
    """What we lose, what the ideas are worth, who does what, our words, our sources, all ideas.

    `own_fonts` is that of `typesetting.typeset`.
    """
    drawings = Drawings()
    parts = {
        "name": results.workshop_name,
        "under": f"Report, {figures.day(results.day)}",
        "foot": f"{KIND} · {results.workshop_name}",
        "figures": worth.key_figures(results),
        "losses": losses.losses(results, drawings),
        "worth": worth.worth(results, drawings),
        "plan": worth.plan(results),
        "actions": actions.actions(results),
        "became": became.became(results),
        "settled": settled.settled(results),
        "sources": sources.sources(results),
        "ideas": sources.all_ideas(results),
    }
    parts["drawings"] = drawings.drawn()
    title = f"{KIND}: {results.workshop_name}"
    return typeset("report", title, parts, results.day, own_fonts=own_fonts)
