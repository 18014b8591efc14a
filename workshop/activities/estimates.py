"""Estimates scored: how well each side foresaw what came, by step and round, never by person."""

from __future__ import annotations

import streamlit as st

from workshop.activities.activity import Activity, Place
from workshop.analysis.scoring import Score, scores, turned_out
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block, Style, Text
from workshop.ui.text import keyed_text
from workshop.wording import second_look as said
from workshop.wording.sides import LETTERS, NAMES

MOST_LINES = 6  # on the board, at 1280 × 720
NOTHING = (
    "No estimate can be scored yet. It takes an action that was done, and new numbers of its step."
)
ROUNDS = {1: "first", 2: "after talking"}


def line(score: Score) -> str:
    """What a side expected of a step in a round, and what came."""
    side = NAMES[score.side]
    foreseen = said.foreseen(score.low, score.high, score.outcome)
    return f"{score.step}, {side}, {ROUNDS[score.round]}: {foreseen}"


def talking(found: tuple[Score, ...]) -> str:
    """Whether the second round was better than the first, where there are both."""
    first = {(one.step, one.side): one.score for one in found if one.round == 1}
    pairs = [(first[one.step, one.side], one.score) for one in found if one.round == 2]
    if not pairs:
        return ""
    better = sum(after < before for before, after in pairs)
    return f"Talking made {better} of {len(pairs)} estimates better."


def board(seen: Snapshot) -> None:
    """What each side expected beside what came, and how much of what we estimate comes true."""
    found = scores(seen.looks)
    with st.container(key="board_headline"):
        st.text("How well did we foresee it?")
    if not found:
        keyed_text("board_hint", NOTHING)
        return
    with st.container(key="board_sentence"):
        st.text(" ".join(filter(None, (said.turned_out(turned_out(seen.looks)), talking(found)))))
    with st.container(key="board_scores"):
        for place, score in enumerate(found[:MOST_LINES]):
            with st.container(key=f"score_{place}"):
                keyed_text(f"badge_{score.side}_{place}", LETTERS[score.side])
                keyed_text(f"score_says_{place}", line(score))


def team(_: Snapshot) -> list[Block]:
    return [Text("How well both sides foresaw it is on the projector.", Style.NOTE)]


ESTIMATES = Activity(
    code=Phase.ESTIMATES,
    label="How well we foresaw it",
    place=Place.WHERE_WANTED,
    room_sees=lambda _: "The room sees what each side expected, and what came.",
    hint=lambda _: (
        "Nobody is scored, only sides: ask what each side knew that the other did not. Management "
        "may then reckon with it: under Ranking, “as ours have turned out”."
    ),
    board=board,
    team=team,
    says_numbers=True,
    minutes=USUAL_MINUTES[Phase.ESTIMATES],
)
