"""The projector: read-only, one thing very large, never a scroll bar."""

from __future__ import annotations

import streamlit as st

from workshop.activities import activity_of, walk
from workshop.domain.access import Role
from workshop.domain.funnel import Funnel
from workshop.live import services, snapshot
from workshop.live.snapshot import Snapshot
from workshop.ui.identity import require
from workshop.ui.stage import countdown, draw_stage, live_line
from workshop.ui.text import keyed_text
from workshop.wording import figures

MOST_DOTS = 30

who = require(Role.PROJECTOR)


def top(seen: Snapshot) -> None:
    """Where we are, and the code to join."""
    workshop, activity = seen.workshop, activity_of(seen.workshop.position.phase)
    with st.container(key="board_top"):
        stages(seen.funnel, workshop.position.step)
        keyed_text("board_phase", walk.short_label(workshop.position, seen.funnel))
        keyed_text("board_name", workshop.name)
        if workshop.timer.ends_at and not activity.has_own_clock:
            countdown("timer", workshop.timer.ends_at)
        keyed_text("board_room", workshop.code)


def stages(funnel: Funnel, place: int | None) -> None:
    """The stages in a row, the two of the current step in one frame."""
    with st.container(key="board_walk"):
        here = {} if place is None else {place: "from", place + 1: "to"}
        for number, stage in enumerate(funnel.stages):
            keyed_text(f"stage_{here.get(number, 'off')}_{number}", stage)


def bottom(seen: Snapshot) -> None:
    """Who is here, how many ideas there are, and which mini-teams are done."""
    place, teams = seen.workshop.position.step, seen.seated
    people = sum(len(team.people) for team in teams)
    ideas = sum(
        sum(services.store().ideas.counts(who, step).values())
        for step in range(len(seen.funnel.steps))
    )
    with st.container(key="board_foot"):
        if place is not None and teams:
            done = sum(place in team.done for team in teams)
            if len(teams) <= MOST_DOTS:
                keyed_text("board_dots", "●" * done + "○" * (len(teams) - done))
            st.text(f"{done} of {len(teams)} done")
        st.text(
            f"{figures.counted(len(teams), 'mini-team')} · "
            f"{figures.counted(people, 'person', 'people')} · {figures.counted(ideas, 'idea')}"
        )


def stage() -> None:
    seen = snapshot.take(who)
    with st.container(key="board"):
        top(seen)
        with st.container(key="board_stage"):
            activity_of(seen.workshop.position.phase).board(seen)
        bottom(seen)


draw_stage(who, stage)
with st.container(key="board_line"):
    live_line(who)
