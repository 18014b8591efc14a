"""The form for what somebody has counted by hand, where no file of numbers says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workshop.domain.access import Visitor
from workshop.domain.commitment import Commitment, Reading
from workshop.forms.form import Field, Form, Group, Kind, Option, Problems, Submission
from workshop.forms.number import PEOPLE
from workshop.store import Store

NAME = "reading"
NOT_THAT_MANY = "No more can be as promised than there were."


def reading_form(promised: Sequence[Commitment]) -> Form:
    """The form about these commitments, of which there is at least one.

    The first reading of a commitment is what later ones are compared with.
    """
    counts = (
        Field(
            "advanced",
            Kind.NUMBER,
            "As promised",
            placeholder="18",
            required="Write how many were as promised.",
            limits=PEOPLE,
        ),
        Field(
            "entered",
            Kind.NUMBER,
            "Of how many",
            placeholder="50",
            required="Write how many there were.",
            limits=PEOPLE,
        ),
    )
    return Form(
        NAME,
        {},
        (
            Field(
                "commitment",
                Kind.CHOICE,
                "What did you count for?",
                options=tuple(Option(one.id, one.title) for one in promised),
            ),
            Group("Counted", counts, ordered=NOT_THAT_MANY),
            Field("day", Kind.DATE, "Counted on", required="Choose the day."),
        ),
        "Save the count",
        values={"commitment": promised[0].id, "day": date.today().isoformat()},
    )


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep what was counted. Raises Problems."""
    promised = [one for one in store.commitments.all(who) if not one.is_improvement]
    if not promised:
        raise Problems({"": "This is not in the records of this workshop. Copy your words."})
    read = reading_form(promised).read(submission)
    if read["entered"] < 1:
        raise Problems({"entered": "Count at least one."})
    reading = Reading(read["commitment"], read["day"], int(read["advanced"]), int(read["entered"]))
    store.commitments.save_reading(who, reading, submission_id=submission.id)
    return "Saved. A second count, later, tells whether it has moved."
