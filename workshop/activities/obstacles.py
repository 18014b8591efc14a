"""Obstacles: what gets in the way of one side and is not seen by the other, read out one by one."""

from __future__ import annotations

from workshop.activities import asking, read_aloud
from workshop.activities.activity import Activity, Place
from workshop.activities.asking import Sheet
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.question import (
    AnswerKind,
    Question,
    QuestionKey,
    Subject,
)
from workshop.forms.answers import Asked
from workshop.forms.form import Form
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block

QUESTION = "What gets in your way that the other side cannot see?"
SHEET = Sheet(
    Subject.OBSTACLE,
    "In your way",
    (
        Asked(
            Question(QuestionKey(Subject.OBSTACLE), AnswerKind.TEXT),
            QUESTION,
            "One sentence. It is read aloud with the side you are from, and without your name.",
        ),
    ),
    as_one=QUESTION,
)
LISTEN = "One sentence after the other is on the projector. Listen first."


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
        is_open="The room sees how many have written, and no sentence.",
        revealed="The room sees one sentence at a time.",
    )


def hint(seen: Snapshot) -> str:
    return asking.by_state(
        seen,
        SHEET,
        closed="Press Open: everybody writes one sentence on their own screen, without a name.",
        is_open="Say that it will be read aloud. Once most have written, press Reveal.",
        revealed=(
            "Read each sentence aloud, slowly, as it stands. No answers yet: the other side only "
            "says “thank you”."
        ),
    )


OBSTACLES = Activity(
    code=Phase.OBSTACLES,
    label="What gets in our way",
    place=Place.WHERE_WANTED,
    room_sees=room_sees,
    hint=hint,
    board=board,
    team=team,
    form=form,
    facilitator=facilitator,
    minutes=USUAL_MINUTES[Phase.OBSTACLES],
)
