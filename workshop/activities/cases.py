"""Cases: both sides judge short ones, so that the room sees where their words part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from workshop.ui.blocks import Block, Group, Text
from workshop.ui.text import escape_markdown, keyed_text
from workshop.wording import cases as said
from workshop.wording.figures import counted
from workshop.wording.shortening import shorten

LABELS = {Verdict.YES.value: "Yes", Verdict.NO.value: "No"}
NO_CASE = (
    f"No case yet. Five to eight are enough to talk about. From {FEWEST_CASES} on you see how far "
    "both sides agree."
)
SPLITS_MOST = "This case splits you most:"
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


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to say about the cases of a word: the one that splits the sides most, how
    they judged it, and how far they agree on all of them; "" where there is nothing of it."""

    case: str
    judged: str
    agreed: str

    @property
    def parts(self) -> list[str]:
        """As sentences, one below the other."""
        case = f"{SPLITS_MOST} {self.case}" if self.case else ""
        return [part for part in (case, self.judged, self.agreed) if part]


def results(seen: Snapshot, term: QuestionKey) -> Found | None:
    """What the cases of a word say once they are revealed; None where no case compares."""
    revealed = in_state(seen, QuestionState.REVEALED, term)
    by_side = [tallies(seen, case) for case in revealed]
    judged = [Judged(each[Side.SALES], each[Side.MARKETING]) for each in by_side]
    place = most_split(judged)
    if place is None:
        return None
    agreed = agreement_words(majorities(judged))
    if not judged[place].split:
        return Found("", said.ALIKE, agreed)
    return Found(revealed[place].words, told(by_side[place]), agreed)


def agreement_words(table: Sequence[Sequence[int]]) -> str:
    """How far the majorities of both sides agree; "" where the cases are too few to tell."""
    count = sum(map(sum, table))
    if count < FEWEST_CASES:
        return ""
    return said.agreement(count, table[0][0] + table[1][1], kappa(table))


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
    if found is None:
        return
    with st.container(key="board_case"):
        if found.case:
            keyed_text("board_case_heading", SPLITS_MOST)
            keyed_text("board_case_told", found.case)
        keyed_text("board_case_judged", found.judged)
    if found.agreed:
        keyed_text("board_aside", found.agreed)


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


def team_results(seen: Snapshot, term: QuestionKey) -> list[Block]:
    found = results(seen, term)
    if found is None:
        return []
    return [Group("case_results", [*map(Text, found.parts)], is_framed=True)]


def facilitator(seen: Snapshot, term: QuestionKey, place: int) -> None:
    """The form for a case of the word on the projector, the buttons, and what was found."""
    word = shorten(term_of(term, seen.measured), LONGEST_TERM)
    with st.container(key="case_form"):  # always there: what is typed keeps its place
        forms.show(seen.who, "case", case_form(term, word))
    each = [asked(case) for case in of(seen, term)]
    with st.container(border=True, key="case_box"):
        if not each:
            st.text(NO_CASE)
            return
        st.text(f"{or_not(seen, term)} {counted(len(each), 'case')}")
        asking.question_buttons(seen, each, place, "case")
        asking.progress_line(seen, *each)
        found = results(seen, term)
        for part in found.parts if found else ():
            st.text(part)


def case_list(seen: Snapshot, term: QuestionKey) -> None:
    """Each case of a word, how it was judged, and the ways to remove it and to bring it back."""
    with st.container(key="case_list"):
        for case in of(seen, term):
            case_row(seen, case)
        bring_back(seen, term)


def case_row(seen: Snapshot, case: Case) -> None:
    """A case, how it was judged once that is revealed, and the way to remove it."""
    state = asking.current(seen, asked(case)).state
    with st.container(
        key=f"case_row_{case.key.about}", horizontal=True, vertical_alignment="center"
    ):
        with st.container():
            st.text(case.words)
            if state is QuestionState.REVEALED:
                st.caption(told(tallies(seen, case)))
        st.button(
            "Remove",
            key=f"case_remove_{case.key.about}",
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
