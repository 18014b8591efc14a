"""The agreement: read aloud, asked whether everybody can live with it, and signed by name."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from statistics import mean
from typing import assert_never

import streamlit as st

from workshop import charts
from workshop.activities import asking
from workshop.activities.activity import Activity, Place
from workshop.activities.asking import Sheet
from workshop.activities.board_cards import count_the_rest
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.agreement import Agreement, Signature, consent_question
from workshop.domain.people import Side
from workshop.domain.question import Answered, QuestionState, Subject
from workshop.forms import presses
from workshop.forms.answers import Asked
from workshop.forms.consent import consent_form
from workshop.forms.form import Form
from workshop.forms.signature import signature_form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import signing
from workshop.ui.blocks import Block, Button, Group, Style, Text
from workshop.ui.charts import draw_chart
from workshop.ui.text import keyed_text
from workshop.wording import agreement as said
from workshop.wording import answers as said_of_answers
from workshop.wording.shortening import shorten
from workshop.wording.sides import LETTERS, NAMES

ANSWERS, CLAUSES = 0, 1
"""What the board shows once the answers are revealed: these with the names, or the clauses."""
COLUMNS = 2
SIGN = "Sign it if you stand for it."
READ = "Read it. In a moment you are asked."
SIZES = {"large": (38, 9), "middle": (48, 12), "small": (57, 14)}
"""How large clauses are on the board: characters of a line, and lines that all rows may take."""
SMALLEST = "smallest"
MOST_MISSING, LONGEST_MISSING = 5, 90
MOST_NAMES, FEW_NAMES, LONGEST_NAME = 30, 8, 24


def current_of(seen: Snapshot) -> Agreement | None:
    return services.store().agreements.current(seen.who)


def sheet(agreement: Agreement) -> Sheet:
    """The one question that there is about a version."""
    asked = Asked(consent_question(agreement.version), said.QUESTION)
    return Sheet(Subject.AGREEMENT, said.QUESTION, (asked,), as_one=said.QUESTION)


def state_of(seen: Snapshot, agreement: Agreement) -> QuestionState:
    return asking.current(seen, sheet(agreement).asked[0]).state


def answers_of(seen: Snapshot, agreement: Agreement) -> tuple[Answered, ...]:
    """What was answered about a version, once it is revealed."""
    return tuple(
        one for given in asking.answers_to_all(seen, sheet(agreement)).values() for one in given
    )


def marks(given: Sequence[Answered], side: Side | None) -> list[int]:
    """The marks of a side, of all together where they are pooled: None."""
    return [
        one.answer.value for one in given if one.side is side and isinstance(one.answer.value, int)
    ]


def marks_sentence(given: Sequence[Answered]) -> str:
    """The mean mark of each side; "" where nobody has given one."""
    named = [(NAMES[side], marks(given, side)) for side in Side]
    named.append(("both sides together", marks(given, None)))
    return said.means([(name, mean(those)) for name, those in named if those])


def missing(given: Sequence[Answered]) -> list[str]:
    """What is missing, from the lowest mark up, with the letter of its side where that is shown."""
    wanting = [one for one in given if one.answer.remark]
    wanting.sort(key=lambda one: one.answer.value if isinstance(one.answer.value, int) else 0)
    return [
        f"{LETTERS[one.side]} · {one.answer.remark}" if one.side else one.answer.remark
        for one in wanting
    ]


# -- the board -------------------------------------------------------------------------------------


def board(seen: Snapshot) -> None:
    """The clauses; once people have answered, their marks; then the names of who signs."""
    agreement = current_of(seen)
    if agreement is None:
        keyed_text("board_hint", said.NOT_WRITTEN)
    elif shows_answers(seen, agreement):
        answers_board(seen, agreement)
    else:
        clauses_board(seen, agreement)


def is_past_the_clauses(seen: Snapshot, agreement: Agreement) -> bool:
    """Whether there are answers or names to show: people may sign though nobody was asked."""
    state = state_of(seen, agreement)
    is_signed = bool(signing.signed(seen.who, agreement.version))
    return state is QuestionState.REVEALED or (state is QuestionState.CLOSED and is_signed)


def shows_answers(seen: Snapshot, agreement: Agreement) -> bool:
    """Whether the board shows answers and names now."""
    return is_past_the_clauses(seen, agreement) and seen.workshop.team_shown != CLAUSES


def clauses_board(seen: Snapshot, agreement: Agreement) -> None:
    """What is promised, large, and under it what is asked and how many have answered."""
    code = size(agreement)
    with st.container(key="board_clauses"), st.container(key=f"clauses_on_board_{code}"):
        signing.clauses(agreement)
    state = state_of(seen, agreement)
    with st.container(key="board_consent"):
        st.text(said.QUESTION)
        match state:
            case QuestionState.OPEN:
                progress = asking.progress_of(seen, sheet(agreement).asked[0])
                for side, held in progress.items():
                    words = said_of_answers.answered(side, held)
                    keyed_text(f"side_{side}_answered", f"{LETTERS[side]} {words}")
                st.text("Answer on your own screen. Nobody sees it before all are shown.")
            case QuestionState.CLOSED:
                st.text("In a moment you are asked this on your own screen, without your name.")
            case QuestionState.REVEALED:
                st.text(marks_sentence(answers_of(seen, agreement)))
            case _:
                assert_never(state)


def size(agreement: Agreement) -> str:
    """How large the clauses are drawn, so that all six are read without scrolling."""
    lengths = [len(text) for _, text in agreement.clauses]
    rows = [lengths[start : start + COLUMNS] for start in range(0, len(lengths), COLUMNS)]
    for name, (characters, room) in SIZES.items():
        if sum(ceil(max(row) / characters) for row in rows) <= room:
            return name
    return SMALLEST


def answers_board(seen: Snapshot, agreement: Agreement) -> None:
    """Left the marks, right what is missing, and once somebody has signed, the names."""
    given = answers_of(seen, agreement)
    those = signing.signed(seen.who, agreement.version)
    with st.container(key="board_split"):
        with st.container(key="board_left"):
            if given:
                marks_board(given)
            else:
                with st.container(key="clauses_beside"):
                    signing.clauses(agreement)
        with st.container(key="board_right"):
            if those:
                names_board(those)
            else:
                missing_board(given)


def marks_board(given: Sequence[Answered]) -> None:
    keyed_text("board_left_title", said.QUESTION)
    shown = tuple(marks(given, side) for side in (*Side, None))
    draw_chart(
        "board_consents",
        charts.consent_chart(*shown, large=True),
        charts.consent_alt(*shown),
        charts.consent_table(*shown),
    )
    keyed_text("board_aside", marks_sentence(given))


def missing_board(given: Sequence[Answered]) -> None:
    lines = missing(given)
    keyed_text("board_right_title", said.MISSING)
    with st.container(key="board_missing"):
        for place, line in enumerate(lines[:MOST_MISSING]):
            keyed_text(f"missing_{place}", shorten(line, LONGEST_MISSING))
        if not lines:
            st.text("Nobody has written anything." if given else said_of_answers.TOO_FEW)
        count_the_rest(len(lines) - MOST_MISSING, "line")
        keyed_text("board_sign", "Who stands for it signs, each on their own screen.")


def names_board(those: Sequence[Signature]) -> None:
    """The names by side, sales first; of many the newest."""
    keyed_text("board_right_title", said.signed_by(len(those)))
    newest = those[-MOST_NAMES:]
    code = "few" if len(newest) <= FEW_NAMES else "many"
    with st.container(key="board_names"), st.container(key=f"names_{code}"):
        for side in Side:
            of_side = [one for one in newest if one.side is side]
            if of_side:
                with st.container(key=f"names_of_{side}"):
                    signing.names("board", of_side, LONGEST_NAME)
    count_the_rest(len(those) - len(newest), "name")


# -- a mini-team -----------------------------------------------------------------------------------


def own_signature(seen: Snapshot, agreement: Agreement) -> Signature | None:
    """The participant's own signature under this version, whoever has entered it."""
    person = services.store().seats.person(seen.who)
    those = signing.signed(seen.who, agreement.version)
    found = (one for one in those if one.is_of(agreement.version, person.name, person.side))
    return next(found, None)


def team(seen: Snapshot) -> list[Block]:
    """The clauses, and what they are for; who has signed may take it back."""
    agreement = current_of(seen)
    if agreement is None:
        return [Text(said.NOT_WRITTEN, Style.NOTE)]
    words: list[Block] = [
        Text(f"Our agreement, version {agreement.version}"),
        *(
            Group(f"clause_{place}", (Text(said.CLAUSES[kind]), Text(" ".join(text.split()))))
            for place, (kind, text) in enumerate(agreement.clauses)
        ),
        Text(said.NO_CONTRACT),
    ]
    return [Group("clauses", words, is_framed=True), *what_next(seen, agreement)]


def what_next(seen: Snapshot, agreement: Agreement) -> list[Block]:
    """What a participant is asked about the current version, and what they have said."""
    own, state = own_signature(seen, agreement), state_of(seen, agreement)
    signed = [] if own is None else signed_blocks(own)
    if state is QuestionState.OPEN:
        return [Text(asking.NOBODY_SEES, Style.NOTE), *signed]
    if own is not None:
        return signed
    is_asked = state is QuestionState.REVEALED
    return [Text(SIGN if is_asked else READ, Style.NOTE)]


def signed_blocks(own: Signature) -> list[Block]:
    """That somebody has signed, and the way back."""
    return [
        Text("Signed at {time}.", Style.DONE, moment=own.signed_at),
        Button(
            f"unsign_own_{own.version}",
            "Take my signature back",
            sends=presses.UNSIGN,
            about={"version": str(own.version)},
            is_quiet=True,
        ),
    ]


def form(seen: Snapshot) -> Form | None:
    """The question while it is open; from the reveal on, the line to sign on."""
    agreement = current_of(seen)
    if agreement is None:
        return None
    store, version, state = services.store(), agreement.version, state_of(seen, agreement)
    match state:
        case QuestionState.OPEN:
            own = store.questions.own(seen.who, Subject.AGREEMENT)
            return consent_form(version, own.get(consent_question(version).key))
        case QuestionState.REVEALED:
            is_signed = own_signature(seen, agreement) is not None
            return None if is_signed else signature_form(version, store.seats.person(seen.who))
        case QuestionState.CLOSED:
            return None
        case _:
            assert_never(state)


# -- the facilitator -------------------------------------------------------------------------------


def facilitator(seen: Snapshot) -> None:
    """The buttons of the question, what the board shows, and who signs on this screen."""
    agreement = current_of(seen)
    if agreement is None:
        st.warning(
            "Management writes it on its page “Agreement”. It stands here as soon as it is saved.",
            icon=":material/edit_document:",
        )
        return
    if is_past_the_clauses(seen, agreement):
        is_clauses = seen.workshop.team_shown == CLAUSES
        st.button(
            "Show the answers and names" if is_clauses else "Show the clauses",
            key=f"agreement_turn_{'answers' if is_clauses else 'clauses'}",
            on_click=services.store().agenda.show_team,
            args=(seen.who, ANSWERS if is_clauses else CLAUSES),
        )
    asking.facilitator(seen, sheet(agreement))
    with st.container(border=True, key="signing_box"):
        signing.signatures_of_the_current(seen.who, agreement)


def room_sees(seen: Snapshot) -> str:
    agreement = current_of(seen)
    if agreement is None:
        return "The room sees that there is no agreement yet."
    if shows_answers(seen, agreement):
        return "The room sees the marks without names, and the names of who signs."
    return f"The room sees the clauses of version {agreement.version}."


def hint(seen: Snapshot) -> str:
    agreement = current_of(seen)
    if agreement is None:
        return "Let management read its promises aloud, then write and save them."
    return asking.by_state(
        seen,
        sheet(agreement),
        closed="Let management read each clause aloud. Then press Open: can I live with it?",
        is_open="Nobody has to explain a mark. Once most have answered, press Reveal.",
        revealed=(
            "Ask what would make a 2 a 4. If management changes a clause, that is a new version "
            "and is asked anew. Then everybody who stands for it signs. Nobody has to."
        ),
    )


AGREEMENT = Activity(
    code=Phase.AGREEMENT,
    label="Agreement",
    place=Place.WHERE_WANTED,
    room_sees=room_sees,
    hint=hint,
    board=board,
    team=team,
    form=form,
    facilitator=facilitator,
    minutes=USUAL_MINUTES[Phase.AGREEMENT],
)
