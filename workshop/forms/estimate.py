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

NAME, AGAIN = "estimate", "second_estimate"
MARKS = ("low", "likely", "high")
MISSING = "Estimate low, likely and high: what share of the lost could it win back?"
OUT_OF_ORDER = "The three estimates are out of order: low ≤ likely ≤ high."


def percent_fields(label: str, kept: Estimate | None = None) -> Group:
    """Low, likely and high side by side; they may stay empty where there is one that is kept."""
    fields = (
        Field(
            mark,
            Kind.NUMBER,
            f"{mark.capitalize()} %",
            placeholder=stays,
            required="" if kept else MISSING,
            limits=PERCENT,
        )
        for mark, stays in percent_values(kept).items()
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
    idea_id, side = _about(submission)
    read = estimate_form(idea_id, side).read(submission)
    store.ideas.estimate(who, idea_id, estimate_of(read), side, submission_id=submission.id)
    return "Estimate saved."


def second_estimate_form(idea_id: str, side: Side, first: Estimate) -> Form:
    """What one side of a mini-team expects of an idea after the report back; `first` is kept where
    nothing else is written."""
    label = "What do you expect now? In percent of those lost. What you leave empty stays."
    about = {"idea": idea_id, "side": side}
    return Form(AGAIN, about, (percent_fields(label, first),), "Save our second estimate")


def take_again(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep what a side expects after the report back; returns what to say. Raises Problems."""
    idea_id, side = _about(submission)
    first = {
        idea.id: idea.first_round[side]
        for idea in store.ideas.readable(who)
        if side in idea.first_round
    }
    if idea_id not in first:
        raise Problems({"": "Your side has not estimated this idea. Load the page again."})
    kept = first[idea_id]
    read = second_estimate_form(idea_id, side, kept).read(submission)
    low, likely, high = (
        getattr(kept, mark) if read[mark] is None else read[mark] / 100 for mark in MARKS
    )
    if not low <= likely <= high:
        raise Problems({MARKS[0]: OUT_OF_ORDER})
    again = Estimate(low, likely, high)
    store.ideas.estimate_again(who, idea_id, again, side, submission_id=submission.id)
    return "Your first estimate stays." if again == kept else "Second estimate saved."


def _about(submission: Submission) -> tuple[str, Side]:
    """The idea and the side that a form is about."""
    side = submission.about.get("side", "")
    if side not in set(Side):
        raise Problems({"": "This app asks no such side. Load the page again."})
    return submission.about.get("idea", ""), Side(side)
