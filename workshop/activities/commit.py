"""Committing: management turns ideas into actions with two owners and a date."""

from __future__ import annotations

import streamlit as st

from workshop.activities.activity import Activity, Place
from workshop.activities.board_cards import MOST_CARDS, card, count_the_rest
from workshop.activities.ranking import list_of_ideas
from workshop.domain.agenda import Phase
from workshop.live.snapshot import Snapshot
from workshop.ui.text import keyed_text
from workshop.wording import figures


def board(seen: Snapshot) -> None:
    if not seen.actions:
        with st.container(key="board_headline"):
            st.text("What will we do?")
        keyed_text("board_hint", "Management turns ideas into actions now: two owners, one date.")
        return
    number = figures.counted(len(seen.actions), "action")
    agreed_actions(seen, f"{number}, the last due on {last_due(seen)}.")


def last_due(seen: Snapshot) -> str:
    return figures.day(max(action.due for action in seen.actions))


def agreed_actions(seen: Snapshot, sentence: str) -> None:
    """What was agreed, as far as it fits; there is at least one action."""
    with st.container(key="board_headline"):
        st.text("What we agreed")
    with st.container(key="board_sentence"):
        st.text(sentence)
    with st.container(key="board_cards"):
        for action in seen.actions[:MOST_CARDS]:
            card(
                action.id,
                action.title,
                f"{action.owner} with {action.co_owner}",
                f"by {figures.day(action.due)}",
            )
    count_the_rest(len(seen.actions) - MOST_CARDS, "action")


def team(seen: Snapshot) -> None:
    list_of_ideas(seen, COMMIT.label)


COMMIT = Activity(
    code=Phase.COMMIT,
    label="Commit to actions",
    place=Place.AFTER_THE_STEPS,
    room_sees=lambda _: "The room sees the actions as they are agreed.",
    hint="No action without an owner from one side and a co-owner from the other.",
    board=board,
    team=team,
    minutes=25,
)
