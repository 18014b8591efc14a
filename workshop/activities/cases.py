"""Cases: both sides judge short ones, so that the room sees where their words part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from workshop.activities import asking
from workshop.activities.asking import Sheet
from workshop.analysis.agreement import kappa
from workshop.analysis.judging import FEWEST_CASES, Judged, Tally, majorities, most_split
from workshop.domain.case import Case, Verdict
from workshop.domain.people import Side
from workshop.domain.question import QuestionKey, QuestionState, Subject
from workshop.domain.term import term_of
from workshop.forms.answers import Asked
from workshop.forms.case import case_form
from workshop.forms.form import Form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import forms
from workshop.ui.text import escape_markdown, keyed_text
from workshop.wording import cases as said
from workshop.wording.figures import counted
from workshop.wording.shortening import shorten

LABELS = {Verdict.YES.value: "Yes", Verdict.NO.value: "No"}
NO_CASE = (
    f"No case yet. Five to eight are enough to talk about. From {FEWEST_CASES} on you see how far "
    "both sides agree."
)
LONGEST_TERM = 60  # characters in a question


def of(seen: Snapshot, term: QuestionKey | None = None) -> list[Case]:
    """The cases that are judged, oldest first; of one word, or of all."""
    return [
        case
        for case in services.store().cases.all(seen.who).values()
        if not case.is_removed and term in (None, case.term)
    ]


def in_state(seen: Snapshot, state: QuestionState, term: QuestionKey | None = None) -> list[Case]:
    """The cases that are this far."""
    questions = services.store().questions.all(seen.who)
    return [
        case
        for case in of(seen, term)
        if (questions[case.key].state if case.key in questions else QuestionState.CLOSED) is state
    ]


def or_not(seen: Snapshot, term: QuestionKey) -> str:
    """The question that each case of a word is asked."""
    return f"“{shorten(term_of(term, seen.measured), LONGEST_TERM)}” or not?"


def asked(case: Case, before: str = "") -> Asked:
    return Asked(case.question, f"{before} {case.words}".strip(), labels=LABELS)


# -- how they were judged --------------------------------------------------------------------------


def tallies(seen: Snapshot, case: Case) -> dict[Side, Tally]:
    """How many of each side said yes to a case that is revealed."""
    given = services.store().questions.answers(seen.who, case.key)
    return {side: _tally([one.answer.value for one in given if one.side is side]) for side in Side}


def _tally(values: Sequence[object]) -> Tally:
    judged = [value for value in values if value is not None]
    return Tally(judged.count(Verdict.YES), len(judged))


def told(sides: Mapping[Side, Tally]) -> str:
    return said.tallies({side: (one.yes, one.of) for side, one in sides.items()})


def results(seen: Snapshot, term: QuestionKey) -> list[tuple[str, str]]:
    """Each thing there is to say about the cases of a word once they are revealed: how it is
    headed, and the sentence; the case that splits the sides first."""
    revealed = in_state(seen, QuestionState.REVEALED, term)
    by_side = [tallies(seen, case) for case in revealed]
    judged = [Judged(each[Side.SALES], each[Side.MARKETING]) for each in by_side]
    place = most_split(judged)
    if place is None:
        return []
    found = (
        (f"This case splits you most: {revealed[place].words}", told(by_side[place]))
        if judged[place].split
        else (f"{or_not(seen, term)} {counted(len(revealed), 'case')}", said.ALIKE)
    )
    table = majorities(judged)
    cases = sum(map(sum, table))
    if cases < FEWEST_CASES:
        return [found]
    return [found, ("", said.agreement(cases, table[0][0] + table[1][1], kappa(table)))]


# -- the screens -----------------------------------------------------------------------------------


def board_open(seen: Snapshot, term: QuestionKey) -> None:
    """How many have judged, and nothing of what."""
    judged = in_state(seen, QuestionState.OPEN, term)
    with st.container(key="board_question"):
        st.text(f"{or_not(seen, term)} Judge {counted(len(judged), 'case')}.")
    asking.board_progress(seen, *(asked(case) for case in judged))


def board_results(seen: Snapshot, term: QuestionKey) -> None:
    """The case that splits the room most, and from enough cases on how far the sides agree."""
    found = results(seen, term)
    if not found:
        return
    with st.container(key="board_case"):
        for heading, sentence in found:
            if heading:
                st.text(heading)
            st.text(sentence)


def sheet(seen: Snapshot) -> Sheet:
    """The cases that are open, of all words; each names its word where there are several."""
    judged = in_state(seen, QuestionState.OPEN)
    words = list(dict.fromkeys(or_not(seen, case.term) for case in judged))
    title = words[0] if len(words) == 1 else "Yes or no?"
    before = {case.key: "" if len(words) == 1 else or_not(seen, case.term) for case in judged}
    return Sheet(Subject.CASE, title, tuple(asked(case, before[case.key]) for case in judged))


def form(seen: Snapshot) -> Form | None:
    """The cases that somebody is asked to judge now; None where there are none."""
    return asking.sheet_form(seen, sheet(seen))


def team_results(seen: Snapshot, term: QuestionKey) -> None:
    found = results(seen, term)
    if found:
        with st.container(border=True, key="case_results"):
            for part in found:
                for words in filter(None, part):
                    st.text(words)


def facilitator(seen: Snapshot, term: QuestionKey, place: int) -> None:
    """The form for a case of the word on the projector, the buttons, and the cases there are."""
    word = shorten(term_of(term, seen.measured), LONGEST_TERM)
    with st.container(key="case_form"):  # always there: what is typed keeps its place
        forms.show(seen.who, "case", case_form(term, word))
    held = of(seen, term)
    with st.container(border=True, key="case_box"):
        if not held:
            st.text(NO_CASE)
        else:
            each = [asked(case) for case in held]
            asking.question_buttons(seen, each, place, "case")
            asking.progress_line(seen, *each)
        for sentence in (part for found in results(seen, term) for part in found if part):
            st.text(sentence)
        for case in held:
            case_row(seen, case)
        bring_back(seen, term)


def case_row(seen: Snapshot, case: Case) -> None:
    """A case, how it was judged once that is revealed, and the way to remove it."""
    about = case.key.about
    state = asking.current(seen, asked(case)).state
    with st.container(key=f"case_row_{about}"):
        st.text(case.words)
        if state is QuestionState.REVEALED:
            st.caption(told(tallies(seen, case)))
        st.button(
            "Remove",
            key=f"case_remove_{about}",
            type="tertiary",
            icon=":material/delete:",
            help=escape_markdown(f"Remove: {case.words}"),
            on_click=services.store().cases.remove,
            args=(seen.who, case.key),
        )


def bring_back(seen: Snapshot, term: QuestionKey) -> None:
    """The way back from what was removed last."""
    known = services.store().cases.all(seen.who).values()
    removed = [case for case in known if case.is_removed and case.term == term]
    if not removed:
        return
    last = removed[-1]
    keyed_text("case_removed", f"Removed: {last.words}")
    st.button(
        "Bring it back",
        key=f"case_back_{last.key.about}",
        type="tertiary",
        icon=":material/undo:",
        on_click=services.store().cases.remove,
        args=(seen.who, last.key),
        kwargs={"removed": False},
    )
