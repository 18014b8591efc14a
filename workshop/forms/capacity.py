"""The form for the person-days that each side has for the plan."""

from __future__ import annotations

from workshop.domain.access import Visitor
from workshop.domain.choice import Choice
from workshop.domain.people import Side
from workshop.forms.form import Field, Form, Group, Kind, Submission
from workshop.forms.number import CAPACITY, written
from workshop.store import Store

NAME = "capacity"


def capacity_form(choice: Choice) -> Form:
    """The form with the capacity as it is; an empty field is no limit."""
    sides = tuple(
        Field(side, Kind.NUMBER, side.capitalize(), placeholder="no limit", limits=CAPACITY)
        for side in (Side.SALES, Side.MARKETING)
    )
    return Form(
        NAME,
        {},
        (Group("Capacity, person-days", sides),),
        "Find the best plan",
        values={
            Side.SALES: written(choice.days_sales),
            Side.MARKETING: written(choice.days_marketing),
        },
        enter_sends=True,
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep the capacity of each side. Raises Problems."""
    read = capacity_form(Choice()).read(submission)
    store.constraints.set_capacity(
        who, read[Side.SALES], read[Side.MARKETING], submission_id=submission.id
    )
    return "Saved. The plan stays within it."
