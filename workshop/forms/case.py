"""The form for a case by which both sides judge a word."""

from __future__ import annotations

from workshop.domain.access import Visitor
from workshop.domain.checks import TITLE_LENGTH
from workshop.domain.question import QuestionKey, Subject
from workshop.forms.form import Field, Form, Kind, Problems, Submission
from workshop.store import Store

NAME = "case"
UNKNOWN = "This word is not known. Load the page again."


def case_form(term: QuestionKey, word: str = "") -> Form:
    """One case for a word."""
    return Form(
        NAME,
        {"term": str(term)},
        (
            Field(
                "words",
                Kind.TEXT,
                f"A short case: “{word}” or not?",
                "One sentence, without the name of a person or a customer.",
                required="Write the case in a few words.",
                longest=TITLE_LENGTH,
            ),
        ),
        "Add the case",
        enter_sends=True,
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep the case. Raises Problems."""
    try:
        term = QuestionKey.read(submission.about.get("term", ""))
    except ValueError as problem:
        raise Problems({"": UNKNOWN}) from problem
    if term.subject is not Subject.TERM:
        raise Problems({"": UNKNOWN})
    read = case_form(term).read(submission)
    store.cases.add(who, term, read["words"], submission_id=submission.id)
    return "Added. Open the cases when you have a few."
