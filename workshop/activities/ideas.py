"""Ideas: silent, timed, private. The projector shows counts only."""

from __future__ import annotations

import streamlit as st

from workshop.activities.activity import Activity, Place
from workshop.activities.board_cards import MOST_TEAMS
from workshop.activities.facts import in_three_lines
from workshop.activities.own_ideas import ask_the_other_side, below_form
from workshop.domain.agenda import Phase
from workshop.domain.people import Team
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui.stage import countdown
from workshop.ui.text import keyed_text
from workshop.wording import figures


def board(seen: Snapshot) -> None:
    """The timer, and how many ideas each mini-team has."""
    ends_at = seen.workshop.timer.ends_at
    keyed_text("board_question", "What do you see that the other side does not?")
    with st.container(key="board_split"):
        with st.container(key="board_clock"):
            if ends_at:
                countdown("timer_large", ends_at)
            else:
                st.text("Take your time")
        with st.container(key="board_counts"):
            counts_of(seen)


def counts_of(seen: Snapshot) -> None:
    place, teams = seen.workshop.position.its_step, seen.seated
    counts = services.store().ideas.counts(seen.who, place)
    for team in teams[:MOST_TEAMS]:
        count_of(team, counts.get(team.id, 0), place in team.done)
    if not teams:
        st.text("Nobody is in yet: join with the code at the top right.")
    if len(teams) > MOST_TEAMS:
        keyed_text("board_more", f"and {len(teams) - MOST_TEAMS} more mini-teams")


def count_of(team: Team, number: int, done: bool) -> None:
    ideas = figures.counted(number, "idea")
    with st.container(key=f"count_{'done' if done else 'open'}_{team.id}"):
        st.text(team.name)
        st.text(f"{ideas} ✓ done" if done else ideas)


def team(seen: Snapshot) -> None:
    in_three_lines(seen)
    ask_the_other_side(seen)


IDEAS = Activity(
    code=Phase.IDEAS,
    label="Ideas for {step}",
    short_label="Ideas",
    place=Place.AT_CHOSEN_STEPS,
    room_sees=lambda _: "The room sees the timer and how many ideas each team has, no contents.",
    hint="Say: write alone first, then talk. Nobody sees your ideas before the report.",
    board=board,
    team=team,
    team_below=below_form,
    takes_ideas=True,
    has_own_clock=True,
)
