"""A break: when everybody is back, if the timer runs."""

from __future__ import annotations

import streamlit as st

from workshop.activities.activity import Activity, Place
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block, Group, Style, Text
from workshop.ui.text import clock_time, keyed_text

SOON = "Back soon."


def board(seen: Snapshot) -> None:
    with st.container(key="board_headline"):
        st.text("Break")
    keyed_text("board_back", back_at(seen))


def team(seen: Snapshot) -> list[Block]:
    ends_at = seen.workshop.timer.ends_at
    back = Text("Back at {time}.", moment=ends_at) if ends_at else Text(SOON)
    return [
        Group("team_break", (Text("Break", Style.TITLE), back, Text("What you typed is kept.")))
    ]


def back_at(seen: Snapshot) -> str:
    """When it goes on; the timer is started by the facilitator."""
    ends_at = seen.workshop.timer.ends_at
    return f"Back at {clock_time(ends_at)}." if ends_at else SOON


BREAK = Activity(
    code=Phase.BREAK,
    label="Break",
    place=Place.WHERE_WANTED,
    room_sees=lambda _: "The room sees when everybody should be back, once you start the timer.",
    hint=lambda _: (
        "Say the time at which you go on, and start the timer: the board then says it too."
    ),
    board=board,
    team=team,
    minutes=USUAL_MINUTES[Phase.BREAK],
)
