"""Outcome backward: what the revenue that management wants takes, and what stops us first."""

from __future__ import annotations

import streamlit as st

from workshop.activities import asking, choices
from workshop.activities.activity import Activity, Place
from workshop.activities.asking import Sheet
from workshop.activities.board_cards import count_the_rest
from workshop.analysis.conversion import revenue
from workshop.analysis.outcome import equal_push, first_limit, needed_entrants
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.funnel import Funnel
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
from workshop.ui.blocks import Block, Text
from workshop.ui.text import keyed_text
from workshop.wording import figures
from workshop.wording import outcome as said
from workshop.wording.shortening import shorten, shorten_step

ASKED, NUMBERS = 0, 1
"""What the board shows once people are asked what stops us: that, or the numbers again."""
ELSEWHERE = {
    "product": "The product",
    "price": "The price",
    "delivery": "Delivery",
    "something_else": "Something else",
}
LONGEST_STEP, LONGEST_STAGE = 40, 40  # characters
MOST_RATES = 6


def sheet(seen: Snapshot) -> Sheet:
    return Sheet(Subject.LIMIT, "What stops us first?", (question_of(seen),))


def question_of(seen: Snapshot) -> Asked:
    """What stops us: a step that the room works on, or what lies outside the funnel."""
    funnel = seen.measured
    steps = {
        f"step_{step}": shorten_step(funnel.steps[step], LONGEST_STEP)
        for step in seen.workshop.chosen_steps(len(funnel.steps))
    }
    labels = {**steps, **ELSEWHERE}
    return Asked(
        Question(QuestionKey(Subject.LIMIT), AnswerKind.CHOICE, tuple(labels)),
        "What stops us first?",
        labels=labels,
    )


# -- the numbers -----------------------------------------------------------------------------------


def entrants_wanted(funnel: Funnel, wanted: float) -> str:
    """How many have to enter in a year at today's rates; why not, where no number does."""
    return figures.count(needed_entrants(funnel, wanted))


def today(funnel: Funnel) -> str:
    """How many come in and what they bring, a year."""
    entrants = figures.a_year(float(funnel.entrants), funnel.period_days)
    brings = figures.a_year(revenue(funnel), funnel.period_days)
    stage = shorten(funnel.stages[0], LONGEST_STAGE)
    return said.today(entrants, stage, brings, funnel.currency)


def rates_wanted(funnel: Funnel, wanted: float) -> list[tuple[str, str]]:
    """Each step, and its rate today and after the same push on all; ValueError where none does."""
    pushed = equal_push(funnel, wanted / figures.a_year(1.0, funnel.period_days))
    return [
        (shorten_step(step, LONGEST_STEP), said.rates(step.rate, rate))
        for step, rate in zip(funnel.steps, map(float, pushed), strict=True)
    ]


def limit(seen: Snapshot, wanted: float) -> str:
    """Which stage stops us before the revenue is reached; "" where no capacity is known."""
    funnel = seen.funnel
    known = {stage: most for stage, most in seen.assumptions.capacities if stage in funnel.stages}
    first = first_limit(funnel, known)
    if first is None:
        return ""
    stage, won = first
    brings = won * funnel.deal_value
    if brings >= wanted:
        return said.ENOUGH
    short = shorten(stage, LONGEST_STAGE)
    return said.limited(short, known[stage], won, brings, funnel.currency)


def told(seen: Snapshot) -> list[str]:
    """What it takes, in sentences."""
    funnel, wanted = seen.funnel, seen.assumptions.revenue
    if wanted is None:
        return [said.NOT_SAID]
    try:
        needs = entrants_wanted(funnel, wanted)
    except ValueError as problem:
        return [sentence(problem)]
    first = f"{said.needed(wanted, funnel.currency)} {needs} {today(funnel)}"
    return [part for part in (first, limit(seen, wanted)) if part]


def sentence(problem: ValueError) -> str:
    """Why something cannot be computed, as a sentence."""
    words = str(problem)
    return f"{words[:1].upper()}{words[1:]}."


# -- the board -------------------------------------------------------------------------------------


def board(seen: Snapshot) -> None:
    """What it takes; then, once people are asked, what stops us."""
    is_asked = asking.current(seen, question_of(seen)).state is not QuestionState.CLOSED
    if is_asked and seen.workshop.team_shown != NUMBERS:
        asking.board(seen, sheet(seen), picture)
    else:
        numbers_board(seen)


def picture(_: Snapshot, asked: Asked, given: tuple[Answered, ...]) -> None:
    choices.picture(asked, given)


def numbers_board(seen: Snapshot) -> None:
    """How many have to come in, or which rates do as well, and which stage stops us first."""
    funnel, wanted = seen.funnel, seen.assumptions.revenue
    if wanted is None:
        keyed_text("board_hint", said.NOT_SAID)
        return
    try:
        needs = entrants_wanted(funnel, wanted)
    except ValueError as problem:
        keyed_text("board_hint", sentence(problem))
        return
    with st.container(key="board_headline"):
        st.text(said.needed(wanted, funnel.currency))
        keyed_text("board_needed", needs)
    keyed_text("board_sentence", today(funnel))
    rates_board(funnel, wanted)
    limits = limit(seen, wanted)
    if limits:
        keyed_text("board_firm_up", limits)


def rates_board(funnel: Funnel, wanted: float) -> None:
    """The rates that would do as well, a card a step."""
    try:
        pushed = rates_wanted(funnel, wanted)
    except ValueError:
        return
    keyed_text("board_left_title", "Or these rates, each pushed alike:")
    with st.container(key="board_rates"):
        for place, (step, rates) in enumerate(pushed[:MOST_RATES]):
            with st.container(key=f"rate_{place}"):
                st.text(step)
                st.text(rates)
    count_the_rest(len(pushed) - MOST_RATES, "step")


# -- a mini-team, and the facilitator --------------------------------------------------------------


def team(seen: Snapshot) -> list[Block]:
    return [*map(Text, told(seen)), *asking.team(seen, sheet(seen))]


def form(seen: Snapshot) -> Form | None:
    return asking.sheet_form(seen, sheet(seen))


def facilitator(seen: Snapshot) -> None:
    for line in told(seen):
        st.text(line)
    if asking.current(seen, question_of(seen)).state is not QuestionState.CLOSED:
        is_numbers = seen.workshop.team_shown == NUMBERS
        st.button(
            "Show the question" if is_numbers else "Show the numbers",
            key=f"outcome_turn_{'question' if is_numbers else 'numbers'}",
            on_click=services.store().agenda.show_team,
            args=(seen.who, ASKED if is_numbers else NUMBERS),
        )
    asking.facilitator(seen, sheet(seen))


OUTCOME = Activity(
    code=Phase.OUTCOME,
    label="Outcome backward",
    place=Place.WHERE_WANTED,
    room_sees=lambda _: "The room sees what the revenue that management wants takes.",
    hint=lambda _: (
        "Read the sentence aloud, then ask everybody: what stops us first? The answer may be: "
        "neither of you."
    ),
    board=board,
    team=team,
    form=form,
    facilitator=facilitator,
    minutes=USUAL_MINUTES[Phase.OUTCOME],
    says_numbers=True,
)
