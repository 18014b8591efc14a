"""The one question that decides how much of a plan comes true: how many ideas really work here."""

from __future__ import annotations

from dataclasses import replace

from workshop.domain.access import Visitor
from workshop.forms.form import Field, Form, Kind, Submission
from workshop.forms.number import OF_TEN, written
from workshop.store import Store

NAME = "success"


def success_field(required: str = "") -> Field:
    return Field(
        "success",
        Kind.NUMBER,
        "Of ten such ideas, how many really work here?",
        "Elsewhere fewer than a third of well-meant ideas moved their number "
        "(Kohavi and others, 2009).",
        placeholder="Nobody has said",
        required=required,
        limits=OF_TEN,
    )


def success_form() -> Form:
    """The form with this question alone."""
    field = success_field("Write how many of ten ideas work.")
    return Form(NAME, {}, (field,), "Save", enter_sends=True)


def of_ten(success: float | None) -> str:
    """The answer, given as a fraction, as a field shows it; empty where nobody has answered."""
    return written(None if success is None else round(10 * success, 6))


def share(of_ten: float) -> float:
    """The answer as a fraction; the rounding hides that 0.7 / 10 is not 0.07."""
    return round(of_ten / 10, 9)


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep the answer beside what else is assumed. Raises Problems."""
    read = success_form().read(submission)
    assumptions = replace(store.assumptions.current(who), success=share(read["success"]))
    store.assumptions.save(who, assumptions, submission_id=submission.id)
    return "Saved. All sums now say what you can realistically expect. Change it under Assumptions."
