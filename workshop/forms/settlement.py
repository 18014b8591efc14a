"""The form in which the facilitator writes down what the room has settled on."""

from __future__ import annotations

from workshop.domain.access import Visitor
from workshop.domain.checks import NAME_LENGTH
from workshop.domain.question import QuestionKey
from workshop.domain.settlement import Settlement
from workshop.forms.form import Field, Form, Kind, Problems, Submission
from workshop.store import Store

NAME = "settlement"
LONGEST = 300
STANDS_FOR = tuple(
    Field(
        side,
        Kind.TEXT,
        f"Who stands for it in {side}",
        required=f"Name somebody of {side}.",
        longest=NAME_LENGTH,
    )
    for side in ("sales", "marketing")
)


def settlement_form(key: QuestionKey, held: Settlement | None, words: str = "") -> Form:
    """What is settled, and who stands for it on each side."""
    return Form(
        NAME,
        {"question": str(key)},
        (
            Field(
                "value",
                Kind.LONG_TEXT,
                words or "What the room settles on",
                required="Write what you settle on.",
                longest=LONGEST,
            ),
            *STANDS_FOR,
        ),
        "Settle",
        values={"value": held.value, "sales": held.sales, "marketing": held.marketing}
        if held
        else {},
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep what is settled. Raises Problems."""
    try:
        key = QuestionKey.read(submission.about.get("question", ""))
    except ValueError as problem:
        raise Problems({"": "This question is not known. Load the page again."}) from problem
    read = settlement_form(key, None).read(submission)
    store.settlements.settle(
        who, key, read["value"], read["sales"], read["marketing"], submission_id=submission.id
    )
    return "Settled. It holds until the room settles on something else."
