"""Guess and reveal: what each side believes about a step, before it sees the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import streamlit as st

from workshop import charts
from workshop.activities import asking
from workshop.activities.activity import Activity
from workshop.activities.asking import Sheet
from workshop.analysis.guessing import likely_of, sees_the_leak_elsewhere, sureness
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.domain.people import Side
from workshop.domain.question import (
    Answered,
    AnswerKind,
    Question,
    QuestionKey,
    QuestionState,
    Subject,
)
from workshop.forms.answers import Asked
from workshop.forms.form import Form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block, Style, Text
from workshop.ui.charts import draw_chart
from workshop.ui.text import keyed_text
from workshop.wording import answers as said
from workshop.wording.shortening import shorten

LONGEST_STAGE = 40  # characters in a question
HOW_TO_GUESS = (
    "Write a number from 0 to 100. The two outer ones may stay empty: between them the truth "
    "surely lies."
)
ROOM_WAITS = "The room sees no numbers yet: it waits for you to reveal its guesses."
REVEAL_FIRST = "Reveal the guesses here, or go back to the facts and do it step by step."
GUESSES, FACTS = 0, 1
"""What the board shows of a step whose guesses are revealed."""


def sheet(funnel: Funnel) -> Sheet:
    """A question for each step."""
    return Sheet(
        Subject.GUESS,
        "Guess before you see it",
        tuple(question_of(funnel, step) for step in range(len(funnel.steps))),
        help=HOW_TO_GUESS,
    )


def question_of(funnel: Funnel, step: int) -> Asked:
    source = shorten(funnel.steps[step].source, LONGEST_STAGE)
    target = shorten(funnel.steps[step].target, LONGEST_STAGE)
    return Asked(
        Question(QuestionKey(Subject.GUESS, str(step)), AnswerKind.PERCENT),
        f"Of 100 at {source}, how many go on to {target}?",
    )


def form(seen: Snapshot) -> Form | None:
    """The sheet of guesses, as long as any is open."""
    return asking.sheet_form(seen, sheet(seen.funnel))


def is_going_on(seen: Snapshot) -> bool:
    """Whether any step is guessed now."""
    return bool(asking.in_state(seen, sheet(seen.funnel), QuestionState.OPEN))


def state_at(seen: Snapshot, step: int) -> QuestionState:
    return asking.current(seen, question_of(seen.funnel, step)).state


def guesses_at(seen: Snapshot, step: int) -> tuple[Answered, ...]:
    """What was guessed of a step; nothing before it is revealed."""
    if state_at(seen, step) is not QuestionState.REVEALED:
        return ()
    key = question_of(seen.funnel, step).question.key
    return services.store().questions.answers(seen.who, key)


# -- where numbers would be shown that are still guessed -------------------------------------------


def is_awaited(seen: Snapshot, activity: Activity) -> bool:
    """Whether an activity would say what the visitor is still to guess."""
    return activity.says_numbers and seen.is_masked(seen.workshop.position.step)


def board_waits(_: Snapshot) -> None:
    keyed_text("board_hint", "The guesses come first. The facilitator reveals them at the facts.")


TEAM_WAITS = Text(
    "Guess first. You see the numbers once the facilitator has revealed them.", Style.NOTE
)


def still_guessed(seen: Snapshot, activity: Activity) -> list[Asked]:
    """The questions for whose reveal the room waits where an activity says their numbers."""
    if not activity.says_numbers:
        return []
    step = seen.workshop.position.step
    asked = sheet(seen.measured).asked[: None if step is None else step + 1]
    return [one for one in asked if asking.current(seen, one).state is QuestionState.OPEN]


def facilitator_waits(seen: Snapshot, awaited: Sequence[Asked]) -> None:
    """Reveals what the room waits for, wherever it is."""
    with st.container(border=True, key="question_box"):
        for one in awaited:
            st.text(one.words)
        asking.question_buttons(seen, awaited, int(awaited[-1].question.key.about))
        asking.progress_line(seen, *awaited)


# -- the lobby -------------------------------------------------------------------------------------


def to_guess(seen: Snapshot) -> Sheet:
    """The guesses that the agenda has a place to reveal: of each step whose facts are on it.

    Any other would stay masked, and with it the ranking.
    """
    funnel = seen.measured
    places = seen.workshop.made_agenda(len(funnel.steps)).places
    guesses = sheet(funnel)
    asked = (one for step, one in enumerate(guesses.asked) if Position(Phase.FACTS, step) in places)
    return replace(guesses, asked=tuple(asked))


def lobby_facilitator(seen: Snapshot) -> None:
    """Lets people guess while they arrive."""
    guesses = sheet(seen.measured)
    store = services.store().questions
    closed = asking.in_state(seen, to_guess(seen), QuestionState.CLOSED)
    is_open = asking.in_state(seen, guesses, QuestionState.OPEN)
    with st.container(border=True, key="question_box"):
        if is_open:
            st.text("People guess on their own screens.")
            asking.progress_line(seen, is_open[0])
            st.button(
                "Stop the guessing",
                key="guesses_close",
                icon=":material/undo:",
                on_click=store.close,
                args=(seen.who, *(asked.question.key for asked in is_open)),
            )
        elif closed:
            st.text(
                "Let people guess each step while they arrive. Until you reveal a step at its "
                "facts, they see none of its numbers."
            )
            st.button(
                "Open the guesses",
                key="guesses_open",
                icon=":material/lock_open:",
                on_click=store.open,
                args=(seen.who, *(asked.question for asked in closed)),
            )
        else:
            st.text("All guesses are revealed.")


def lobby_board(seen: Snapshot) -> None:
    """How many have guessed, while they arrive."""
    is_open = asking.in_state(seen, sheet(seen.funnel), QuestionState.OPEN)
    if is_open:
        words = said.progress(asking.progress_of(seen, is_open[0]))
        keyed_text("board_guessed", f"Guess on your own screen. {words}")


# -- the facts -------------------------------------------------------------------------------------


def is_first_picture(seen: Snapshot, step: int) -> bool:
    """Whether the board shows the guesses of a step and not yet its facts."""
    is_turned = seen.workshop.team_shown != GUESSES
    return seen.is_masked(step) or (not is_turned and bool(guesses_at(seen, step)))


def facts_board(seen: Snapshot, step: int) -> None:
    """The question and who has answered it; then what each side thought, and what is true."""
    asked = question_of(seen.funnel, step)
    asking.board_question(asked)
    if seen.is_masked(step):
        asking.board_progress(seen, asked)
        return
    given = guesses_at(seen, step)
    truth = seen.funnel.steps[step].rate
    sales, marketing, others, pooled = by_side(given)
    with st.container(key="board_sentence"):
        st.text(sentence(given, truth))
    with st.container(key="board_whole"):
        draw_chart(
            "board_guesses",
            charts.guesses_chart(sales, marketing, others, pooled, truth, large=True),
            charts.guesses_alt(sales, marketing, others, pooled, truth),
            charts.guesses_table(sales, marketing, others, pooled, truth),
        )


def by_side(given: tuple[Answered, ...]) -> tuple[list[float], ...]:
    """The guesses of sales, marketing, others, and of all where they were pooled; 0..1."""
    order = (Side.SALES, Side.MARKETING, Side.OTHER, None)
    return tuple(likely_of(side, given) for side in order)


def sentence(given: tuple[Answered, ...], truth: float) -> str:
    """What each side thought, and what is."""
    sales, marketing, others, pooled = (
        median(shares) if shares else None for shares in by_side(given)
    )
    return said.guess_sentence(sales, marketing, others, pooled, truth)


def how_the_room_guessed(seen: Snapshot) -> list[str]:
    """How sure the room was, and where each side saw the leak; nothing before all is revealed."""
    given = {
        step: found for step in range(len(seen.measured.steps)) if (found := guesses_at(seen, step))
    }
    if seen.is_masked() or not given:
        return []
    sure = sureness(given, seen.measured)
    elsewhere = [
        sees_the_leak_elsewhere(side, given, seen.measured) for side in (Side.SALES, Side.MARKETING)
    ]
    told = [said.how_sure(sure.held, sure.ranges, sure.times)] if sure else []
    return [*told, *said.where_the_leak_is_seen(*elsewhere)]


def facts_team(seen: Snapshot, step: int) -> list[Block]:
    """What both sides thought, above the facts."""
    given = guesses_at(seen, step)
    return [Text(sentence(given, seen.funnel.steps[step].rate), Style.NOTE)] if given else []


def facts_facilitator(seen: Snapshot) -> None:
    """Reveals the guesses of this step, then shows its facts."""
    step = seen.workshop.position.its_step
    state = state_at(seen, step)
    if state is QuestionState.CLOSED:
        return
    asked = [question_of(seen.measured, one) for one in range(step + 1)]
    hidden = [one for one in asked if asking.current(seen, one).state is QuestionState.OPEN]
    with st.container(border=True, key="question_box"):
        st.text(asked[-1].words)
        if hidden:
            asking.question_buttons(seen, hidden, step)
            asking.progress_line(seen, asked[-1])
            if len(hidden) > 1:
                st.caption(f"Reveals {len(hidden)} steps: this one would tell those before it.")
        else:
            revealed_buttons(seen, asked[-1])


def revealed_buttons(seen: Snapshot, asked: Asked) -> None:
    """From the guesses to the facts and back; and back to before the reveal."""
    store, place = services.store(), seen.workshop.position.its_step
    with st.container(horizontal=True, key="question_buttons"):
        if guesses_at(seen, place):
            is_turned = seen.workshop.team_shown != GUESSES
            st.button(
                "Show the guesses" if is_turned else "Show the facts",
                key=f"facts_turn_{'guesses' if is_turned else 'facts'}",
                type="secondary" if is_turned else "primary",
                on_click=store.agenda.show_team,
                args=(seen.who, GUESSES if is_turned else FACTS),
            )
        st.button(
            "Hide again",
            key=f"question_hide_at_{place}",
            icon=":material/visibility_off:",
            on_click=store.questions.hide,
            args=(seen.who, asked.question.key),
        )
    if not guesses_at(seen, place):
        st.caption(said.TOO_FEW)
