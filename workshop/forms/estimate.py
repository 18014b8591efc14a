"""The form for an estimate: low, likely and high, in percent of those lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workshop.domain.access import Visitor
from workshop.domain.idea import Estimate
from workshop.domain.people import Side
from workshop.forms.form import Field, Form, Group, Kind, Problems, Submission
from workshop.forms.number import PERCENT, in_percent
from workshop.store import Store

NAME = "estimate"
MARKS = ("low", "likely", "high")
MISSING = "Estimate low, likely and high: what share of the lost could it win back?"
OUT_OF_ORDER = "The three estimates are out of order: low ≤ likely ≤ high."


def percent_fields(label: str) -> Group:
    """Low, likely and high side by side."""
    fields = (
        Field(mark, Kind.NUMBER, f"{mark.capitalize()} %", required=MISSING, limits=PERCENT)
        for mark in MARKS
    )
    return Group(label, tuple(fields), ordered=OUT_OF_ORDER)


def percent_values(estimate: Estimate | None) -> dict[str, str]:
    """An estimate as these fields show it; empty where there is none.

    >>> percent_values(Estimate(0.05, 0.1, 0.25))
    {'low': '5', 'likely': '10', 'high': '25'}
    """
    return {mark: in_percent(getattr(estimate, mark) if estimate else None) for mark in MARKS}


def estimate_of(read: Mapping[str, Any]) -> Estimate:
    """The three fields as fractions.

    >>> estimate_of({"low": 5.0, "likely": 10.0, "high": 25.0})
    Estimate(low=0.05, likely=0.1, high=0.25)
    """
    low, likely, high = (read[mark] / 100 for mark in MARKS)
    return Estimate(low, likely, high)


def estimate_form(idea_id: str, side: Side) -> Form:
    """What one side of a mini-team expects of an idea."""
    return Form(
        NAME,
        {"idea": idea_id, "side": side},
        (percent_fields("How many of these could it win back? In percent of those lost."),),
        "Save our estimate",
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep what a side expects; returns what to say. Raises Problems."""
    idea_id, side = submission.about.get("idea", ""), submission.about.get("side", "")
    if side not in set(Side):
        raise Problems({"": "This app asks no such side. Load the page again."})
    read = estimate_form(idea_id, Side(side)).read(submission)
    store.ideas.estimate(who, idea_id, estimate_of(read), Side(side), submission_id=submission.id)
    return "Estimate saved."
