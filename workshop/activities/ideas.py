"""Ideas: silent, timed, private. The projector shows counts only."""

from __future__ import annotations

import streamlit as st

from workshop.activities.activity import Activity, Place
from workshop.activities.facts import LONGEST_HEADLINE, in_three_lines, why_they_are_lost
from workshop.activities.own_ideas import (
    ask_the_other_side,
    asked_of_me,
    below_form,
    idea_form,
)
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.people import Team
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block
from workshop.ui.stage import countdown
from workshop.ui.text import bullet_list, escape_markdown, keyed_text
from workshop.wording import figures
from workshop.wording.shortening import shorten, shorten_step

MOST_COUNTED = 12  # mini-teams beside the reasons at 1280 × 720
LONGEST_TEAM = 12  # characters


def board(seen: Snapshot) -> None:
    """The question, the loss and its reasons; the timer, and how many ideas each mini-team has."""
    timer = seen.workshop.timer
    step = seen.funnel.steps[seen.workshop.position.its_step]
    keyed_text("board_question", "What do you see that the other side does not?")
    with st.container(key="board_loss"):
        st.text(f"At {shorten_step(step, LONGEST_HEADLINE)} we lose")
        keyed_text("board_lost", figures.percent(1 - step.rate))
    with st.container(key="board_split"):
        with st.container(key="board_left"):
            why_they_are_lost(step)
        with st.container(key="board_writing"):
            with st.container(key="board_clock"):
                if timer.ends_at:
                    countdown("timer_large", timer)
                else:
                    st.text("Take your time")
            with st.container(key="board_counts"):
                counts_of(seen)


def counts_of(seen: Snapshot) -> None:
    place, teams = seen.workshop.position.its_step, seen.seated
    counts = services.store().ideas.counts(seen.who, place)
    shown = teams if len(teams) <= MOST_COUNTED else teams[: MOST_COUNTED - 1]
    lines = [count_of(team, counts.get(team.id, 0), place in team.done) for team in shown]
    if len(shown) < len(teams):
        lines.append(f"and {len(teams) - len(shown)} more mini-teams")
    if lines:
        bullet_list(lines)
    else:
        st.text("Nobody is in yet: join with the code at the top right.")


def count_of(team: Team, number: int, done: bool) -> str:
    """How many ideas a mini-team has, as markdown; style.css frames an item with emphasis."""
    name, ideas = shorten(team.name, LONGEST_TEAM), figures.counted(number, "idea")
    return f"**{escape_markdown(name)}** {ideas}" + (" *✓ done*" if done else "")


def team(seen: Snapshot) -> list[Block]:
    return [*asked_of_me(seen), in_three_lines(seen), *ask_the_other_side(seen)]


IDEAS = Activity(
    code=Phase.IDEAS,
    label="Ideas for {step}",
    short_label="Ideas",
    place=Place.AT_CHOSEN_STEPS,
    room_sees=lambda _: (
        "The room sees the loss, the timer and how many ideas each team has; no contents."
    ),
    hint=lambda _: "Say: write alone first, then talk. Nobody sees your ideas before the report.",
    board=board,
    team=team,
    team_below=below_form,
    form=idea_form,
    takes_ideas=True,
    says_numbers=True,
    minutes=USUAL_MINUTES[Phase.IDEAS],
    has_own_clock=True,
)
