"""Who owns what: who finds, who decides, who acts next and who tells the refused back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workshop.activities import asking, choices
from workshop.activities.activity import Activity, Place
from workshop.activities.asking import Sheet
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.funnel import Funnel
from workshop.domain.hand_off import Doer, Duty, key_of, place_of
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
from workshop.forms.hand_off import hand_off_form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block
from workshop.ui.text import keyed_text
from workshop.wording.figures import percent
from workshop.wording.hand_offs import DOERS, DUTIES, agreement_words
from workshop.wording.shortening import shorten_step

LONGEST_STEP = 70  # characters in a question


def sheet(seen: Snapshot) -> Sheet:
    """Four questions a step, for the steps that the room works on."""
    funnel = seen.measured
    steps = seen.workshop.chosen_steps(len(funnel.steps))
    return Sheet(
        Subject.HAND_OFF,
        "Who does what?",
        tuple(question_of(funnel, step, duty) for step in steps for duty in Duty),
        is_settled=True,
        together=len(Duty),
        settlement=hand_off_form,
    )


def question_of(funnel: Funnel, step: int, duty: Duty) -> Asked:
    return Asked(
        Question(
            key_of(step, duty),
            AnswerKind.CHOICE,
            tuple(Doer),
            is_named=True,
            asked_of_sides=True,
        ),
        f"{shorten_step(funnel.steps[step], LONGEST_STEP)}: who {DUTIES[duty]}?",
        labels={doer.value: words for doer, words in DOERS.items()},
    )


def board(seen: Snapshot) -> None:
    asking.board(seen, sheet(seen), picture)


def picture(seen: Snapshot, asked: Asked, given: tuple[Answered, ...]) -> None:
    """What both sides chose, how far they agree, and on which duty of the step least."""
    choices.picture(asked, given)
    shown = asked.question.key
    step, _ = place_of(shown)
    agreed = agreements(seen, [question_of(seen.measured, step, duty) for duty in Duty])
    if shown not in agreed:
        return
    keyed_text("board_agreement", agreement_words(agreed[shown]))
    if len(agreed) > 1:
        duties(agreed)


def duties(agreed: dict[QuestionKey, float]) -> None:
    """How far the sides agree on each duty of a step; the least agreed one is marked."""
    least = min(agreed.values())
    with st.container(key="board_duties"):
        for place, (key, agreement) in enumerate(agreed.items()):
            _, duty = place_of(key)
            is_least = agreement == least < 1
            with st.container(key=f"duty_{'least' if is_least else 'other'}_{place}"):
                st.text(f"{'▶ ' if is_least else ''}{DUTIES[duty]}")
                st.text(f"{percent(agreement)} agree")


def agreements(seen: Snapshot, asked: Sequence[Asked]) -> dict[QuestionKey, float]:
    """How far sales and marketing agree on each of the questions that are revealed, 0..1."""
    agreed = {}
    for one in asked:
        key = one.question.key
        if asking.current(seen, one).state is QuestionState.REVEALED:
            share = choices.agreement_of(services.store().questions.answers(seen.who, key))
            if share is not None:
                agreed[key] = share
    return agreed


def team(seen: Snapshot) -> list[Block]:
    return asking.team(seen, sheet(seen))


def form(seen: Snapshot) -> Form | None:
    return asking.sheet_form(seen, sheet(seen))


def facilitator(seen: Snapshot) -> None:
    asking.facilitator(seen, sheet(seen))
    least_agreed(seen, sheet(seen))


def least_agreed(seen: Snapshot, asked: Sheet) -> None:
    """The way to the question on which the sides agree least, once more than one is revealed."""
    agreed = agreements(seen, asked.asked)
    if len(agreed) < 2 or min(agreed.values()) == 1:
        return
    least = min(agreed, key=lambda key: agreed[key])
    keys = [one.question.key for one in asked.asked]
    with st.container(border=True, key="least_agreed"):
        st.text(f"You agree least here: {asked.asked[keys.index(least)].words}")
        st.button(
            "Show it",
            key="least_agreed_show",
            disabled=keys.index(least) == asking.shown(seen, asked),
            on_click=services.store().agenda.show_team,
            args=(seen.who, keys.index(least)),
        )


HAND_OFFS = Activity(
    code=Phase.HAND_OFFS,
    label="Who does what",
    place=Place.WHERE_WANTED,
    room_sees=lambda _: "The room sees who owns what, as each side thinks, once you reveal it.",
    hint=lambda _: (
        "Ask about the row where they agree least: what happened to the last one you refused? "
        "Then settle one owner, and write down who stands for it on each side."
    ),
    board=board,
    team=team,
    form=form,
    facilitator=facilitator,
    minutes=USUAL_MINUTES[Phase.HAND_OFFS],
)
