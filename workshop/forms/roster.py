"""The form for a roster: who is expected, one person a line."""

from __future__ import annotations

from workshop.analysis import pairing
from workshop.domain.access import Visitor
from workshop.forms.form import Field, Form, Kind, Problems, Submission
from workshop.store import Store
from workshop.wording import figures

NAME = "roster"
EMPTY = "Write one person a line: name, side."


def roster_form() -> Form:
    """The empty form."""
    people = Field(
        "people",
        Kind.LONG_TEXT,
        "Paste a roster: one person a line, name and side",
        placeholder="Ada Lovelace, sales\nGrace Hopper, marketing",
        required=EMPTY,
    )
    return Form(NAME, {}, (people,), "Seat them")


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Seat whom a roster names. Raises Problems."""
    people, problems = pairing.read_roster(roster_form().read(submission)["people"])
    if problems or not people:
        raise Problems({"people": " ".join(problems) or EMPTY})
    store.seats.import_roster(who, people, submission_id=submission.id)
    return f"{figures.counted(len(people), 'person', 'people')} seated."
