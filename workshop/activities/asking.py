"""What the room is asked: one drawing for every question, on the board, phones and in the lead.

Both sides answer by themselves, the room sees both, the room settles. An activity says what it
asks (`Sheet`) and how its answers look; the rest is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

import streamlit as st

from workshop.domain.people import Side
from workshop.domain.question import (
    Answered,
    Progress,
    Question,
    QuestionKey,
    QuestionState,
    Subject,
)
from workshop.domain.settlement import Settlement
from workshop.forms.answers import Asked, answers_form
from workshop.forms.form import Form
from workshop.forms.settlement import settlement_form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import forms
from workshop.ui.blocks import Block, Group, Style, Text
from workshop.ui.text import keyed_text
from workshop.wording import answers as said
from workshop.wording.hand_offs import settled_words
from workshop.wording.shortening import shorten
from workshop.wording.sides import LETTERS

Picture = Callable[[Snapshot, Asked, tuple[Answered, ...]], None]
PictureOfAll = Callable[[Snapshot, Mapping[str, tuple[Answered, ...]]], None]
"""Draws the answers of a whole sheet, by what each question is about."""
ABOUT_TO_ASK = "The facilitator is about to ask you something. This screen follows."
LONGEST_QUESTION = 110  # characters on the board
NOBODY_SEES = (
    "Nobody sees your answers before they are shown to all. Until then you can change them."
)

ALL_ARE_SHOWN = "All answers are on the projector. Talk about where you differ."


@dataclass(frozen=True)
class Sheet:
    """The questions of one subject, in the order they are asked. `title` heads them on a phone.

    `help` is said there once, under the first of them.

    `together` is how many in a row are opened and revealed by one press, all where that is 0.
    `settlement` is the form in which the room's word is written down, where it `is_settled`.
    Where there is an `as_one`, all of them are opened and revealed together, and the board shows
    them as one picture (`board_of_all`) under these words.
    """

    subject: Subject
    title: str
    asked: tuple[Asked, ...]
    is_settled: bool = False
    as_one: str = ""
    help: str = ""
    together: int = 0
    settlement: Callable[[QuestionKey, Settlement | None, str], Form] = settlement_form

    def beside(self, place: int) -> tuple[Asked, ...]:
        """The questions that are opened and revealed with the one at a place."""
        first = place // self.together * self.together if self.together else 0
        return self.asked[first : first + (self.together or len(self.asked))]


def current(seen: Snapshot, asked: Asked) -> Question:
    """The question as far as it is."""
    questions = services.store().questions.all(seen.who)
    return questions.get(asked.question.key, asked.question)


def in_state(seen: Snapshot, sheet: Sheet, *states: QuestionState) -> list[Asked]:
    """The questions of a sheet that are this far."""
    return [asked for asked in sheet.asked if current(seen, asked).state in states]


def shown(seen: Snapshot, sheet: Sheet) -> int:
    """The place of the question that the board shows."""
    return min(seen.workshop.team_shown, len(sheet.asked) - 1)


def progress_of(seen: Snapshot, *asked: Asked) -> dict[Side, Progress]:
    """How many of each side have answered; of several questions, the one that most have."""
    progress = services.store().questions.progress(seen.who)
    most: dict[Side, Progress] = {}
    for one in asked:
        for side, held in progress.get(one.question.key, {}).items():
            most[side] = max(most.get(side, held), held, key=lambda each: each.answered)
    return most


def by_state(seen: Snapshot, sheet: Sheet, *, closed: str, is_open: str, revealed: str) -> str:
    """Words for how far a sheet is that is asked as one."""
    state = current(seen, sheet.asked[-1]).state
    match state:
        case QuestionState.CLOSED:
            return closed
        case QuestionState.OPEN:
            return is_open
        case QuestionState.REVEALED:
            return revealed
        case _:
            assert_never(state)


def nothing_shown(question: Question) -> str:
    """Why a question has no answers to show though it is revealed."""
    return said.NO_ANSWER if question.is_named else said.TOO_FEW


# -- a mini-team -----------------------------------------------------------------------------------


def sheet_form(seen: Snapshot, sheet: Sheet) -> Form | None:
    """What somebody is asked now; None where nothing of the sheet is open."""
    is_open = in_state(seen, sheet, QuestionState.OPEN)
    if not is_open:
        return None
    if sheet.help:
        is_open[0] = replace(is_open[0], help=sheet.help)
    own = services.store().questions.own(seen.who, sheet.subject)
    return answers_form(sheet.subject, is_open, own, sheet.title)


def team(seen: Snapshot, sheet: Sheet) -> list[Block]:
    """What stands above the sheet: whether anybody is asked, and what is settled."""
    return [team_hint(seen, sheet), *team_settled(seen, sheet)]


def team_hint(seen: Snapshot, sheet: Sheet) -> Text:
    """Whether anybody is asked, and that nobody looks on."""
    if in_state(seen, sheet, QuestionState.OPEN):
        return Text(NOBODY_SEES, Style.NOTE)
    if in_state(seen, sheet, QuestionState.REVEALED):
        is_any = any(answers_to_all(seen, sheet).values())
        words = ALL_ARE_SHOWN if is_any else nothing_shown(sheet.asked[0].question)
        return Text(words, Style.NOTE)
    return Text(ABOUT_TO_ASK, Style.NOTE)


def team_settled(seen: Snapshot, sheet: Sheet) -> list[Block]:
    """What the room has settled on."""
    settled = services.store().settlements.valid(seen.who)
    return [
        Group(
            f"settled_{asked.question.key.about}",
            (Text(asked.words), Text(settled_words(settled[asked.question.key]))),
            is_framed=True,
        )
        for asked in sheet.asked
        if asked.question.key in settled
    ]


# -- the board -------------------------------------------------------------------------------------


def board(seen: Snapshot, sheet: Sheet, picture: Picture) -> None:
    """One question, how many have answered it, and once it is revealed, the answers."""
    asked = sheet.asked[shown(seen, sheet)]
    question = current(seen, asked)
    board_question(asked)
    if question.state is QuestionState.REVEALED:
        given = services.store().questions.answers(seen.who, question.key)
        if given:
            picture(seen, asked, given)
        else:
            keyed_text("board_hint", nothing_shown(question))
    else:
        board_progress(seen, asked)
    settled = services.store().settlements.valid(seen.who).get(question.key)
    if settled is not None:
        with st.container(key="board_settled"):
            st.text(f"Settled: {settled_words(settled)}")
            st.text(f"{settled.sales} for sales · {settled.marketing} for marketing")


def board_of_all(seen: Snapshot, sheet: Sheet, picture: PictureOfAll) -> None:
    """A sheet that is shown as one: how many have answered it, and once it is revealed, what."""
    with st.container(key="board_question"):
        st.text(shorten(sheet.as_one, LONGEST_QUESTION))
    given = answers_to_all(seen, sheet)
    if not in_state(seen, sheet, QuestionState.REVEALED):
        board_progress(seen, *sheet.asked)
    elif any(given.values()):
        picture(seen, given)
    else:
        keyed_text("board_hint", nothing_shown(sheet.asked[0].question))


def answers_to_all(seen: Snapshot, sheet: Sheet) -> dict[str, tuple[Answered, ...]]:
    """What was answered to the questions that are revealed, by what each is about."""
    store = services.store().questions
    return {
        asked.question.key.about: store.answers(seen.who, asked.question.key)
        for asked in in_state(seen, sheet, QuestionState.REVEALED)
    }


def board_question(asked: Asked) -> None:
    with st.container(key="board_question"):
        st.text(shorten(asked.words, LONGEST_QUESTION))


def board_progress(seen: Snapshot, *asked: Asked) -> None:
    """How many have answered; nothing of what."""
    if all(current(seen, one).state is QuestionState.CLOSED for one in asked):
        keyed_text("board_hint", "In a moment you are asked this on your own screen.")
        return
    with st.container(key="board_answered"):
        for side, progress in progress_of(seen, *asked).items():
            words = said.answered(side, progress)
            keyed_text(f"side_{side}_answered", f"{LETTERS[side]} {words}")
    keyed_text("board_hint", "Answer on your own screen. Nobody sees it before all are shown.")


# -- the facilitator -------------------------------------------------------------------------------


def facilitator(seen: Snapshot, sheet: Sheet) -> None:
    """Which question the board shows, and the buttons that ask, reveal, ask again and settle."""
    if sheet.as_one:
        with st.container(border=True, key="question_box"):
            st.text(sheet.as_one)
            question_buttons(seen, sheet.asked, 0)
            progress_line(seen, *sheet.asked)
            given = answers_to_all(seen, sheet)
            if given and not any(given.values()):
                st.caption(nothing_shown(sheet.asked[0].question))
        return
    question_box(seen, sheet)
    settlement_box(seen, sheet)


def question_box(seen: Snapshot, sheet: Sheet) -> None:
    """The question on the projector, the way to the others, and what can be done with it."""
    place = shown(seen, sheet)
    asked = sheet.asked[place]
    with st.container(border=True, key="question_box"):
        st.text(f"On the projector, {place + 1} of {len(sheet.asked)}: {asked.words}")
        if len(sheet.asked) > 1:
            turn_buttons(seen, place, len(sheet.asked))
        question_buttons(seen, [asked], place)
        progress_line(seen, asked)
        all_at_once(seen, sheet.beside(place))


def settlement_box(seen: Snapshot, sheet: Sheet) -> None:
    with st.container(key="settlement_form"):  # always there: what is typed keeps its place
        settle(seen, sheet.asked[shown(seen, sheet)], sheet)


def turn_buttons(
    seen: Snapshot,
    place: int,
    count: int,
    back: str = "Previous question",
    ahead: str = "Next question",
) -> None:
    """Buttons of this place alone: pressed twice, they go one on."""
    show = services.store().agenda.show_team
    with st.container(horizontal=True, key="question_turn"):
        st.button(
            back,
            key=f"question_back_at_{place}",
            icon=":material/arrow_back:",
            disabled=place == 0,
            on_click=show,
            args=(seen.who, place - 1),
        )
        st.button(
            ahead,
            key=f"question_next_at_{place}",
            icon=":material/arrow_forward:",
            disabled=place == count - 1,
            on_click=show,
            args=(seen.who, place + 1),
        )


def question_buttons(
    seen: Snapshot, asked: Sequence[Asked], place: int, code: str = "question"
) -> None:
    """What can be done with a question now, and the way back from what was done last.

    Where there are more, they are done alike; the last one says how far they are. `code` begins
    the keys of the buttons.
    """
    store, question = services.store().questions, current(seen, asked[-1])
    keys = [one.question.key for one in asked]
    with st.container(horizontal=True, key=f"{code}_buttons"):
        match question.state:
            case QuestionState.CLOSED:
                st.button(
                    "Open",
                    key=f"{code}_open_at_{place}",
                    type="primary",
                    icon=":material/lock_open:",
                    on_click=store.open,
                    args=(seen.who, *(one.question for one in asked)),
                )
            case QuestionState.OPEN:
                st.button(
                    "Reveal",
                    key=f"{code}_reveal_at_{place}",
                    type="primary",
                    icon=":material/visibility:",
                    on_click=store.reveal,
                    args=(seen.who, *keys),
                )
                is_again = question.round > 1
                st.button(
                    "Back to the answers before" if is_again else "Close again",
                    key=f"{code}_close_at_{place}",
                    icon=":material/undo:",
                    on_click=store.take_back_round if is_again else store.close,
                    args=(seen.who, *keys),
                )
            case QuestionState.REVEALED:
                st.button(
                    "Ask again",
                    key=f"{code}_again_at_{place}",
                    icon=":material/replay:",
                    on_click=store.ask_again,
                    args=(seen.who, *keys),
                )
                st.button(
                    "Hide again",
                    key=f"{code}_hide_at_{place}",
                    icon=":material/visibility_off:",
                    on_click=store.hide,
                    args=(seen.who, *keys),
                )
            case _:
                assert_never(question.state)


def progress_line(seen: Snapshot, *asked: Asked) -> None:
    if any(current(seen, one).state is QuestionState.OPEN for one in asked):
        st.text(said.progress(progress_of(seen, *asked)))


def all_at_once(seen: Snapshot, beside: Sequence[Asked]) -> None:
    """Opens or reveals what is left of these questions, where that is more than the one shown."""
    store = services.store().questions
    closed = [asked for asked in beside if current(seen, asked).state is QuestionState.CLOSED]
    is_open = [asked for asked in beside if current(seen, asked).state is QuestionState.OPEN]
    with st.container(horizontal=True, key="question_all"):
        if len(closed) > 1:
            st.button(
                f"Open all {len(closed)}",
                key="questions_open",
                on_click=store.open,
                args=(seen.who, *(asked.question for asked in closed)),
            )
        if len(is_open) > 1:
            st.button(
                f"Reveal all {len(is_open)}",
                key="questions_reveal",
                on_click=store.reveal,
                args=(seen.who, *(asked.question.key for asked in is_open)),
            )


def settle(seen: Snapshot, asked: Asked, sheet: Sheet) -> None:
    """The form for what the room settles on, and the way back."""
    key, code = asked.question.key, asked.question.key.about
    is_asked = current(seen, asked).state is QuestionState.REVEALED
    held = services.store().settlements.valid(seen.who).get(key)
    form = sheet.settlement(key, held, asked.words) if sheet.is_settled and is_asked else None
    forms.show(seen.who, "settle", form)
    if held is not None and sheet.is_settled:
        st.button(
            "Take back what was settled",
            key=f"unsettle_{code}",
            type="tertiary",
            icon=":material/undo:",
            on_click=services.store().settlements.take_back,
            args=(seen.who, key),
        )
