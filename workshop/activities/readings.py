"""Readings: weeks later, what became of everything that was promised."""

from __future__ import annotations

import streamlit as st

from workshop.activities.activity import Activity, Place
from workshop.activities.board_cards import count_the_rest
from workshop.analysis.follow_up import Word
from workshop.analysis.second_look import Look, Uncounted, kept
from workshop.analysis.verdicts import verdict_words
from workshop.charts import Reread, second_look_alt, second_look_chart, second_look_table
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block, Style, Text
from workshop.ui.charts import draw_chart
from workshop.ui.text import escape_markdown, keyed_text
from workshop.wording import second_look as said
from workshop.wording.shortening import shorten

MOST_ROWS = 6  # on the board, at 1280 × 720
LONGEST_TITLE, LONGEST_SENTENCE = 90, 160
NOTHING = "Nothing was promised in an earlier workshop of this company."
KEY = "○ before   │ target   ◆ now, and where it may lie"
NO_NUMBERS = "The new numbers are not here yet."


def drawn(seen: Look) -> Reread:
    commitment = seen.followed.commitment
    return Reread(
        shorten(commitment.title, LONGEST_TITLE),
        verdict_words(seen),
        seen.before,
        commitment.target,
        seen.after,
    )


def best_sentence(looks: tuple[Look, ...]) -> str:
    """What an owner learned, in their words: of what was reached first, else of what moved."""
    for word in (Word.REACHED, Word.MOVED, None):
        for look in looks:
            spoken = look.followed.last_said
            if spoken and spoken.sentence and look.word is word:
                line = " ".join(spoken.sentence.split())
                return f"“{shorten(line, LONGEST_SENTENCE)}” {spoken.name}"
    return ""


def board(seen: Snapshot) -> None:
    """How much was kept, then rate by rate, and the best sentence."""
    looks = seen.looks
    if not looks:
        with st.container(key="board_headline"):
            st.text("What became of it?")
        keyed_text("board_hint", NOTHING)
        return
    with st.container(key="board_headline"):
        st.text(said.kept(*kept(looks)))
    if sentence := best_sentence(looks):
        with st.container(key="board_sentence"):
            st.text(sentence)
    rows = [drawn(look) for look in looks[:MOST_ROWS]]
    draw_chart(
        "board_readings",
        second_look_chart(rows, large=True),
        second_look_alt(rows),
        second_look_table(rows),
    )
    keyed_text("board_key", KEY)
    count_the_rest(len(looks) - MOST_ROWS, "commitment")


def team(_: Snapshot) -> list[Block]:
    return [Text("What became of everything that you promised is on the projector.", Style.NOTE)]


def facilitator(seen: Snapshot) -> None:
    """What to ask about, in this order, and what its owners have said."""
    with st.container(border=True, key="readings_box"):
        if any(look.uncounted is Uncounted.NO_NEW_NUMBERS for look in seen.looks):
            st.warning(
                f"{NO_NUMBERS} Read them under “New numbers”, on the left.",
                icon=":material/upload_file:",
            )
        for look in seen.looks:
            commitment, spoken = look.followed.commitment, look.followed.last_said
            st.text(f"{commitment.title}: {verdict_words(look)}")
            who = f"{commitment.owner} with {commitment.co_owner}"
            words = f"{who}. {spoken.name}: {spoken.sentence}" if spoken else f"{who} have not said"
            st.caption(escape_markdown(words))


READINGS = Activity(
    code=Phase.READINGS,
    label="What became of it",
    place=Place.WHERE_WANTED,
    room_sees=lambda _: "The room sees every commitment: before, target, now, and the verdict.",
    hint=lambda _: (
        "Begin with what management promised, then with what was not done: what stood in the way? "
        "Say “moved”, never “because of”: nobody knows what would have happened without it."
    ),
    board=board,
    team=team,
    facilitator=facilitator,
    says_numbers=True,
    minutes=USUAL_MINUTES[Phase.READINGS],
)
