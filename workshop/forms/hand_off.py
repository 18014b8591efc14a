"""The form in which the facilitator writes down who has a duty at a step, and how it is done."""

from __future__ import annotations

from typing import assert_never

from workshop.domain.access import Visitor
from workshop.domain.hand_off import Doer, Duty, place_of
from workshop.domain.question import QuestionKey
from workshop.domain.settlement import MOST_HOURS, Settlement
from workshop.forms.form import Field, Form, Kind, Option, Problems, Submission
from workshop.forms.number import Limits, written
from workshop.forms.settlement import LONGEST, STANDS_FOR
from workshop.store import Store
from workshop.wording.hand_offs import DOERS

NAME = "hand_off"
HOURS = Limits(0.25, MOST_HOURS)
NOT_CHOSEN = Option("", "Not settled yet")


def hand_off_form(key: QuestionKey, held: Settlement | None, words: str = "") -> Form:
    """Who does it, how, and who stands for that on each side."""
    _, duty = place_of(key)
    # Nobody is what a room may find, and not what it may settle on.
    doers = (Option(doer, DOERS[doer]) for doer in Doer if doer is not Doer.NOBODY)
    owner = Field(
        "owner",
        Kind.CHOICE,
        words or "Who does it",
        required="Choose who does it.",
        options=(NOT_CHOSEN, *doers),
    )
    return Form(
        NAME,
        {"question": str(key)},
        (owner, _how(duty), *STANDS_FOR),
        "Settle",
        values=_values(held) if held else {},
    )


def _how(duty: Duty) -> Field:
    match duty:
        case Duty.FINDS:
            return Field("value", Kind.TEXT, "How, if you like", longest=LONGEST)
        case Duty.DECIDES:
            return _must("Passes when …", "they have asked for a price", "Write when they pass.")
        case Duty.ACTS:
            return Field(
                "hours",
                Kind.NUMBER,
                "Answered within … hours",
                placeholder="4",
                required="Write within how many hours.",
                limits=HOURS,
            )
        case Duty.TELLS:
            return _must("Refused with a reason to …", "Bo, on Fridays", "Write who is told.")
        case _:
            assert_never(duty)


def _must(label: str, example: str, required: str) -> Field:
    return Field("value", Kind.TEXT, label, placeholder=example, required=required, longest=LONGEST)


def _values(held: Settlement) -> dict[str, str]:
    return {
        "owner": held.owner or "",
        "value": held.value,
        "hours": written(held.hours),
        "sales": held.sales,
        "marketing": held.marketing,
    }


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep who has a duty. Raises Problems."""
    try:
        key = QuestionKey.read(submission.about.get("question", ""))
        place_of(key)
    except ValueError as problem:
        raise Problems({"": "This question is not known. Load the page again."}) from problem
    read = hand_off_form(key, None).read(submission)
    store.settlements.settle(
        who,
        key,
        read.get("value", ""),
        read["sales"],
        read["marketing"],
        owner=Doer(read["owner"]),
        hours=read.get("hours"),
        submission_id=submission.id,
    )
    return "Settled. It holds until the room settles on something else."
