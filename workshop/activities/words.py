"""One language: what each side means by a word, and what the room settles on."""

from __future__ import annotations

import streamlit as st

from workshop.activities import asking, cases
from workshop.activities.activity import Activity, Place
from workshop.activities.asking import Sheet
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.people import Side
from workshop.domain.question import Answered, AnswerKind, Question, QuestionState, Subject
from workshop.domain.term import term_key, terms
from workshop.forms.answers import Asked
from workshop.forms.form import Form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block
from workshop.ui.text import keyed_text
from workshop.wording import answers as said
from workshop.wording.shortening import shorten
from workshop.wording.sides import LETTERS, NAMES

LONGEST_TERM = 60  # characters in a question
LONGEST_DEFINITION = 160  # characters among the facts of a phone
MOST_LINES = 3
LONGEST_LINES = (240, 150, 100)
"""Characters of a line on the board where a side has one, two, or more of them."""


def sheet(seen: Snapshot) -> Sheet:
    """The words of the steps that the room works on, then those that every funnel has."""
    funnel = seen.measured
    steps = seen.workshop.chosen_steps(len(funnel.steps))
    asked = tuple(question_of(term) for term in terms(funnel, steps))
    return Sheet(Subject.TERM, "What does it mean here?", asked, is_settled=True)


def question_of(term: str) -> Asked:
    return Asked(
        Question(term_key(term), AnswerKind.TEXT, is_named=True, asked_of_sides=True),
        f"In one line: what does “{shorten(term, LONGEST_TERM)}” mean here?",
    )


def on_board(seen: Snapshot) -> Asked:
    """The word that the board shows."""
    words = sheet(seen)
    return words.asked[asking.shown(seen, words)]


def board(seen: Snapshot) -> None:
    """Both sides' lines, or how many have judged its cases; what is settled stands alone."""
    words = sheet(seen)
    asked = on_board(seen)
    if cases.in_state(seen, QuestionState.OPEN, asked.question.key):
        cases.board_open(seen, asked.question.key)
        return
    question = asking.current(seen, asked)
    settled = services.store().settlements.valid(seen.who).get(question.key)
    is_done = question.state is QuestionState.REVEALED
    if settled is None or not is_done or settled.round != question.round:
        lines_and_cases(seen, words, asked, question.state)
        return
    asking.board_question(asked)
    with st.container(key="board_definition"):
        st.text(settled.value)
        st.text(f"{settled.sales} for sales · {settled.marketing} for marketing")


def lines_and_cases(seen: Snapshot, words: Sheet, asked: Asked, state: QuestionState) -> None:
    """What each side means, and under it the case that splits them; either alone if need be."""
    term = asked.question.key
    if state is QuestionState.CLOSED and cases.results(seen, term):
        with st.container(key="board_question"):
            st.text(cases.or_not(seen, term))
    else:
        asking.board(seen, words, picture)
    if state is not QuestionState.OPEN:
        cases.board_results(seen, term)


def picture(_: Snapshot, asked: Asked, given: tuple[Answered, ...]) -> None:
    """Sales left, marketing right, a third side beside them where there is one."""
    by_side = {side: [one for one in given if one.side is side] for side in Side}
    sides = [side for side in Side if by_side[side] or side is not Side.OTHER]
    with st.container(key="board_lines"):
        for side in sides:
            with st.container(key=f"lines_{side}"):
                lines_of(side, by_side[side])


def lines_of(side: Side, given: list[Answered]) -> None:
    keyed_text(f"side_{side}_lines", f"{LETTERS[side]} {NAMES[side]}")
    lines = [one for one in given if one.answer.value is not None]
    longest = LONGEST_LINES[min(len(lines), MOST_LINES) - 1]
    for place, one in enumerate(lines[:MOST_LINES]):
        with st.container(key=f"line_of_{side}_{place}"):
            st.text(shorten(str(one.answer.value), longest))
            st.text(one.name)
    if not lines:
        keyed_text(f"no_lines_{side}", "No answer.")
    more = len(lines) - MOST_LINES
    if more > 0:
        keyed_text(f"more_lines_{side}", f"and {said.more_lines(more)}")
    silent = len(given) - len(lines)
    if silent:
        keyed_text(f"silent_{side}", said.cannot_say(silent))


def definitions(seen: Snapshot, step: int) -> list[str]:
    """What the two stages of a step mean, as far as that is settled."""
    settled = services.store().settlements.valid(seen.who)
    held = seen.measured.steps[step]
    return [
        f"{stage}: {shorten(settled[term_key(stage)].value, LONGEST_DEFINITION)}"
        for stage in (held.source, held.target)
        if term_key(stage) in settled
    ]


def team(seen: Snapshot) -> list[Block]:
    """What is asked now, what is settled, and how the cases on the board were judged."""
    judging, words = cases.sheet(seen), sheet(seen)
    return [
        asking.team_hint(seen, judging if judging.asked else words),
        *asking.team_settled(seen, words),
        *([] if judging.asked else cases.team_results(seen, on_board(seen).question.key)),
    ]


def form(seen: Snapshot) -> Form | None:
    """The cases while they are judged, which is soon done; else the words."""
    return cases.form(seen) or asking.sheet_form(seen, sheet(seen))


def facilitator(seen: Snapshot) -> None:
    """The word on the projector, its cases, what is settled of it, and the cases one by one."""
    words, term = sheet(seen), on_board(seen).question.key
    asking.question_box(seen, words)
    cases.facilitator(seen, term, asking.shown(seen, words))
    asking.settlement_box(seen, words)
    cases.case_list(seen, term)


WORDS = Activity(
    code=Phase.WORDS,
    label="One language",
    place=Place.WHERE_WANTED,
    room_sees=lambda _: "The room sees what each side means by a word, once you reveal it.",
    hint=lambda _: (
        "Read both lines aloud. Ask for cases that one line takes and the other does not, type "
        "them below, and let everybody judge. Settle one definition, or two words."
    ),
    board=board,
    team=team,
    form=form,
    facilitator=facilitator,
    minutes=USUAL_MINUTES[Phase.WORDS],
)
