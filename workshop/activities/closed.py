"""The end: what was agreed stays on the projector."""

from __future__ import annotations

import streamlit as st

from workshop.activities.activity import Activity, Place
from workshop.activities.commit import agreed_actions, last_due
from workshop.activities.ranking import list_of_ideas
from workshop.activities.town_hall import is_town_hall
from workshop.analysis.agreed import wanted
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block
from workshop.ui.text import keyed_text

OVER = "It is over"


def board(seen: Snapshot) -> None:
    """What was agreed, and what comes next; a town hall ends here."""
    if wanted(seen.commitments):
        then = f"See you after {last_due(seen)}: we will measure again."
        agreed_actions(seen, f"{OVER}. Thank you." if is_town_hall(seen) else then)
        return
    with st.container(key="board_headline"):
        st.text(OVER if is_town_hall(seen) else "What we agreed")
    nothing_agreed = "No action was agreed. The ideas are kept."
    keyed_text("board_hint", "Thank you." if is_town_hall(seen) else nothing_agreed)


def room_sees(seen: Snapshot) -> str:
    if is_town_hall(seen):
        return f"The room sees “{OVER}”, and the actions if any were agreed."
    return "The room sees the agreed actions."


def team(seen: Snapshot) -> list[Block]:
    return list_of_ideas(seen, CLOSED.label)


CLOSED = Activity(
    code=Phase.CLOSED,
    label="Closed",
    place=Place.AFTER_THE_STEPS,
    room_sees=room_sees,
    hint=lambda _: "Export the list before you leave, and say when you will measure again.",
    board=board,
    team=team,
    says_numbers=True,
    minutes=USUAL_MINUTES[Phase.CLOSED],
)
