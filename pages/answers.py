"""What the room has answered, as far as it is revealed, and what it has settled on."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from workshop import charts
from workshop.activities import asking, cases, obstacles, read_aloud, relationship, town_hall
from workshop.activities.asking import Sheet
from workshop.analysis.relationship import Marks, means
from workshop.domain.access import Role
from workshop.domain.hand_off import Duty, key_of
from workshop.domain.question import Subject
from workshop.domain.settlement import Settlement
from workshop.domain.term import term_key, term_of, terms
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import management
from workshop.ui.charts import draw_chart
from workshop.ui.identity import require
from workshop.ui.text import keyed_text
from workshop.wording.hand_offs import DUTIES, settled_words
from workshop.wording.sides import NAMES

NOT_YET = "Not asked, or not revealed yet."

who = require(Role.MANAGER)


def together(seen: Snapshot) -> None:
    """Where both sides stand, where they differ most, and what helps."""
    st.header("How sales and marketing work together", anchor=False)
    marks = relationship.revealed(seen)
    sides = means(marks.values())
    if all(mean is None for mean in sides):
        st.text(NOT_YET)
        return
    relationship.draw_stages("answers_stages", sides)
    st.text(relationship.stage_sentence(sides))
    differences(marks)
    found = relationship.weakest(marks)
    if found is not None:
        st.text(relationship.next_sentence(marks))
        st.text(f"What helps: {found[0].play}")


def differences(marks: Mapping[str, Marks]) -> None:
    sides, apart = means(marks.values()), relationship.gaps(marks)
    if apart:
        st.subheader("Where the two sides differ most, from 1 to 5", anchor=False)
        draw_chart(
            "answers_gaps",
            charts.gaps_chart(apart),
            charts.gaps_alt(apart),
            charts.gaps_table(apart),
            height="content",
        )
    elif sides.sales is not None and sides.marketing is not None:
        st.text(relationship.ALIKE)
    else:
        st.text(relationship.NOT_COMPARED)


def sentences(seen: Snapshot, heading: str, sheet: Sheet, key: str) -> None:
    """What was written, in the order in which it is read out."""
    st.header(heading, anchor=False)
    written = read_aloud.sentences(asking.answers_to_all(seen, sheet))
    if not written:
        st.text(NOT_YET)
    for place, sentence in enumerate(written):
        by = sentence.name or (NAMES[sentence.side] if sentence.side else "")
        with st.container(key=f"{key}_{place}"):
            st.text(read_aloud.words_of(sentence))
            if by:
                st.text(by)


def hand_offs(seen: Snapshot) -> None:
    """Who does what, from the top of the funnel down."""
    st.header("Who does what", anchor=False)
    settled = services.store().settlements.valid(seen.who)
    held = [
        (f"{step.name}: who {DUTIES[duty]}", settled[key_of(number, duty)])
        for number, step in enumerate(seen.measured.steps)
        for duty in Duty
        if key_of(number, duty) in settled
    ]
    if not held:
        st.text("Nothing is settled yet.")
    for heading, one in held:
        settlement(heading, one)


def words(seen: Snapshot) -> None:
    """What the words mean, and how both sides judged cases of them."""
    st.header("One language", anchor=False)
    settled = services.store().settlements.valid(seen.who)
    known = [term_key(term) for term in terms(seen.measured, range(len(seen.measured.steps)))]
    keys = [*known, *(key for key in settled if key.subject is Subject.TERM and key not in known)]
    found = {key: cases.results(seen, key) for key in keys}
    if not any(key in settled or found[key] for key in keys):
        st.text("Nothing is settled yet.")
    for key in keys:
        if key in settled:
            settlement(term_of(key, seen.measured), settled[key])
        judged = found[key]
        if judged is not None:
            with st.container(key=f"answers_case_{key.about}"):
                st.text(cases.or_not(seen, key))
                for part in judged.parts:
                    st.text(part)


def settlement(heading: str, one: Settlement) -> None:
    with st.container(key=f"answers_settled_{one.key.about}"):
        st.text(heading)
        st.text(settled_words(one))
        keyed_text(
            f"answers_names_{one.key.about}",
            f"{one.sales} for sales, {one.marketing} for marketing",
        )


def stage(seen: Snapshot) -> None:
    with st.container(key="answers"):
        left, right = st.columns(2, gap="large")
        with left:
            together(seen)
            sentences(seen, "What gets in the way", obstacles.SHEET, "answers_obstacle")
        with right:
            if town_hall.is_town_hall(seen):
                sentences(seen, "One commitment each", town_hall.SHEET, "answers_commitment")
            hand_offs(seen)
            words(seen)


management.page(who, stage)
