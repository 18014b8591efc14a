"""The form for the revenue that management wants, and how many each stage can serve."""

from __future__ import annotations

from dataclasses import replace

from workshop.domain.access import Visitor
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel
from workshop.forms.form import Field, Form, Group, Kind, Submission
from workshop.forms.number import MONEY, PEOPLE, written
from workshop.store import Store
from workshop.wording import figures

NAME = "outcome"


def outcome_form(funnel: Funnel, assumptions: Assumptions) -> Form:
    """The form with what management has said; all of it may stay empty."""
    revenue = Field(
        "revenue",
        Kind.NUMBER,
        f"The revenue you want a year, {funnel.currency}",
        "The board then says what it takes, at the outcome.",
        placeholder="Nobody has said",
        limits=MONEY,
    )
    capacities = Group(
        "How many can you serve in a year?",
        tuple(_capacity(place, funnel) for place in range(len(funnel.stages))),
        "Leave empty what has no limit, or none that you know.",
    )
    limits = dict(assumptions.capacities)
    values = {
        f"capacity_{place}": written(limits.get(stage)) for place, stage in enumerate(funnel.stages)
    }
    return Form(
        NAME,
        {},
        (revenue, capacities),
        "Save outcome",
        title="Outcome: where do you want to be?",
        values={"revenue": written(assumptions.revenue), **values},
    )


def _capacity(place: int, funnel: Funnel) -> Field:
    today = figures.a_year(float(reached(funnel)[place]), funnel.period_days)
    return Field(
        f"capacity_{place}",
        Kind.NUMBER,
        funnel.stages[place],
        f"Today {figures.count(today)} a year.",
        placeholder="No limit",
        limits=PEOPLE,
    )


def reached(funnel: Funnel) -> tuple[int, ...]:
    """How many reached each stage in the period."""
    return (*(step.entered for step in funnel.steps), funnel.steps[-1].advanced)


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep the outcome beside what else is assumed. Raises Problems."""
    funnel = store.funnels.current(who)
    read = outcome_form(funnel, Assumptions()).read(submission)
    capacities = {stage: read[f"capacity_{place}"] for place, stage in enumerate(funnel.stages)}
    assumptions = replace(
        store.assumptions.current(who),
        revenue=read["revenue"],
        capacities=tuple((stage, most) for stage, most in capacities.items() if most is not None),
    )
    store.assumptions.save(who, assumptions, submission_id=submission.id)
    return "Saved. The board says at the outcome what it takes."
