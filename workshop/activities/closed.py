"""The end: what was agreed stays on the projector."""

from __future__ import annotations

import streamlit as st

from workshop.activities.activity import Activity, Place
from workshop.activities.commit import agreed_actions, last_due
from workshop.activities.ranking import list_of_ideas
from workshop.analysis.agreed import wanted
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.live.snapshot import Snapshot
from workshop.ui.text import keyed_text


def board(seen: Snapshot) -> None:
    if not wanted(seen.actions):
        with st.container(key="board_headline"):
            st.text("What we agreed")
        keyed_text("board_hint", "No action was agreed. The ideas are kept.")
        return
    agreed_actions(seen, f"See you after {last_due(seen)}: we will measure again.")


def team(seen: Snapshot) -> None:
    list_of_ideas(seen, CLOSED.label)


CLOSED = Activity(
    code=Phase.CLOSED,
    label="Closed",
    place=Place.AFTER_THE_STEPS,
    room_sees=lambda _: "The room sees the agreed actions.",
    hint=lambda _: "Export the list before you leave, and say when you will measure again.",
    board=board,
    team=team,
    says_numbers=True,
    minutes=USUAL_MINUTES[Phase.CLOSED],
)
