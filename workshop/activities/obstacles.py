"""Obstacles: what gets in the way of one side and is not seen by the other, read out one by one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from workshop.activities import asking
from workshop.activities.activity import Activity, Place
from workshop.activities.asking import Sheet
from workshop.analysis.reading_order import reading_order
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.question import (
    Answered,
    AnswerKind,
    Question,
    QuestionKey,
    Subject,
)
from workshop.forms.answers import Asked
from workshop.forms.form import Form
from workshop.live.snapshot import Snapshot
from workshop.ui.text import keyed_text
from workshop.wording.sides import LETTERS

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
LONG = 120
"""Characters from which a sentence is drawn smaller."""
NOTHING = "Nobody has written anything."


def sentences(given: Mapping[str, tuple[Answered, ...]]) -> tuple[Answered, ...]:
    """What is read out, in its order; who only said why they cannot answer is left out."""
    return reading_order(
        [one for answers in given.values() for one in answers if one.answer.value is not None]
    )


def shown(seen: Snapshot, count: int) -> int:
    """The place of the sentence that the board shows, of so many."""
    return min(seen.workshop.team_shown, count - 1)


def board(seen: Snapshot) -> None:
    asking.board_of_all(seen, SHEET, read_out)


def read_out(seen: Snapshot, given: Mapping[str, tuple[Answered, ...]]) -> None:
    """One sentence, very large, with the letter of its side where that may be shown."""
    all_of_them = sentences(given)
    if not all_of_them:
        keyed_text("board_hint", NOTHING)
        return
    place = shown(seen, len(all_of_them))
    side, words = all_of_them[place].side, words_of(all_of_them[place])
    with st.container(key="board_obstacle"):
        if side is not None:
            keyed_text(f"badge_{side}", LETTERS[side])
        keyed_text(f"obstacle_{'long' if len(words) > LONG else 'short'}", words)
    keyed_text("board_read", read_words(place, len(all_of_them)))


def words_of(sentence: Answered) -> str:
    """A sentence on one line, whatever breaks were typed."""
    return " ".join(str(sentence.answer.value).split())


def read_words(place: int, count: int) -> str:
    """How many are read where the board shows the one at `place`, of so many.

    >>> read_words(11, 16), read_words(3, 4)
    ('12 read · 4 still unread', '4 read · none unread')
    """
    left = count - place - 1
    return f"{place + 1} read · {f'{left} still unread' if left else 'none unread'}"


def form(seen: Snapshot) -> Form | None:
    return asking.sheet_form(seen, SHEET)


def team(seen: Snapshot) -> None:
    if sentences(asking.answers_to_all(seen, SHEET)):
        st.info("One sentence after the other is on the projector. Listen first.")
    else:
        asking.team(seen, SHEET)


def facilitator(seen: Snapshot) -> None:
    """The way from one sentence to the next, once they are read out; the buttons of the question.

    The way stands above whatever is long or short: its buttons keep their place.
    """
    all_of_them = sentences(asking.answers_to_all(seen, SHEET))
    if all_of_them:
        place = shown(seen, len(all_of_them))
        with st.container(border=True, key="obstacle_box"):
            asking.turn_buttons(seen, place, len(all_of_them), "Previous sentence", "Next sentence")
            st.text(f"On the projector, {read_words(place, len(all_of_them))}:")
            st.text(words_of(all_of_them[place]))
    asking.facilitator(seen, SHEET)


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
