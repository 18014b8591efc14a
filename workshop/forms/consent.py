"""The form that asks whether somebody can live with the agreement, and what is missing in it."""

from __future__ import annotations

from workshop.domain.access import Visitor
from workshop.domain.agreement import consent_question
from workshop.domain.checks import TITLE_LENGTH
from workshop.domain.question import Answer
from workshop.forms.form import Field, Form, Kind, Problems, Submission
from workshop.forms.signature import version_of
from workshop.store import Store
from workshop.wording.agreement import MISSING, QUESTION, SCALE_HELP

NAME = "consent"
NOTHING = "Mark a number, or write what is missing."
HELP = "Only if something is. It is shown with your side at most, and without your name."


def consent_form(version: int, own: Answer | None) -> Form:
    """The mark from 1 to 5 and what is missing, with what was answered before."""
    mark = Field("mark", Kind.SCALE, QUESTION, SCALE_HELP)
    missing = Field("missing", Kind.TEXT, MISSING, HELP, longest=TITLE_LENGTH)
    value = own.value if own else None
    return Form(
        NAME,
        {"version": str(version)},
        (mark, missing),
        "Save",
        values={"mark": "" if value is None else str(value), "missing": own.remark if own else ""},
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep what somebody answers about the current version. Raises Problems."""
    version = version_of(store, who, submission)
    read = consent_form(version, None).read(submission)
    if read["mark"] is None and not read["missing"]:
        raise Problems({"": NOTHING})
    given = {consent_question(version).key: Answer(read["mark"], read["missing"])}
    store.questions.answer(who, given, submission_id=submission.id)
    return "Saved."
