"""A town hall: without a clock, and with a commitment of each instead of actions."""

from __future__ import annotations

from workshop.activities import asking, read_aloud
from workshop.activities.asking import Sheet
from workshop.domain.question import AnswerKind, Question, QuestionKey, Subject
from workshop.forms.answers import Asked
from workshop.forms.form import Form
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block

QUESTION = "What will I do?"
SHEET = Sheet(
    Subject.PROMISE,
    "Your commitment",
    (
        Asked(
            Question(QuestionKey(Subject.PROMISE), AnswerKind.TEXT, is_named=True),
            QUESTION,
            "One sentence that you can keep by yourself. It is read aloud with your name.",
        ),
    ),
    as_one=QUESTION,
)
LISTEN = "One commitment after the other is on the projector, with its name. Listen for yours."


def is_town_hall(seen: Snapshot) -> bool:
    """Whether the agenda is without a clock, as only that of a town hall is."""
    return not seen.workshop.made_agenda(len(seen.measured.steps)).is_timed


# -- one commitment each ---------------------------------------------------------------------------


def board(seen: Snapshot) -> None:
    read_aloud.board(seen, SHEET)


def form(seen: Snapshot) -> Form | None:
    return asking.sheet_form(seen, SHEET)


def team(seen: Snapshot) -> list[Block]:
    return read_aloud.team(seen, SHEET, LISTEN)


def facilitator(seen: Snapshot) -> None:
    read_aloud.facilitator(seen, SHEET)


def room_sees(seen: Snapshot) -> str:
    return asking.by_state(
        seen,
        SHEET,
        closed="The room sees the question, and cannot answer it yet.",
        is_open="The room sees how many have written, and no commitment.",
        revealed="The room sees one commitment at a time, with its name.",
    )


def hint(seen: Snapshot) -> str:
    return asking.by_state(
        seen,
        SHEET,
        closed="Press Open: everybody writes one sentence on their own screen, with their name.",
        is_open="Say that it is read aloud with the name. Once most have written, press Reveal.",
        revealed="Let each read their own aloud. Nobody comments: the other side says “thank you”.",
    )
