"""A mini-team's laptop or phone: what the room is at, the idea form, the team's own ideas."""

from __future__ import annotations

import streamlit as st

from workshop.activities import activity_of, guess, own_ideas, walk
from workshop.domain.access import Role
from workshop.live import services, snapshot
from workshop.live.snapshot import Snapshot
from workshop.ui import arrivals, forms
from workshop.ui.identity import require
from workshop.ui.stage import announce, countdown, draw_stage, live_line
from workshop.ui.text import seat, spoken_title

who = require(Role.PARTICIPANT)


def at_door() -> None:
    """Who is not let in yet sees nothing of the workshop."""
    with st.container(key="team_lobby"):
        st.title("You are at the door.", anchor=False)
        st.write(
            "The facilitator has been told, and will let you in. Keep this page open: it goes on "
            "by itself."
        )


def header(seen: Snapshot) -> None:
    """Who you are and who sits with you."""
    team = own_ideas.own_team(seen)
    with st.container(key="team_head", horizontal=True, vertical_alignment="center"):
        st.text(team.name)
        for mate in team.people:
            seat(mate)
        countdown("timer", seen.workshop.timer)


def stage() -> None:
    if services.store().door.is_waiting(who):
        at_door()
        return
    with st.container(key="second_devices"):  # always there: what follows keeps its place
        arrivals.own_second_devices(who)
    seen = snapshot.take(who)
    place = walk.label(seen.workshop.position, seen.funnel)
    spoken_title(place)
    announce(place)
    activity = activity_of(seen.workshop.position.phase)
    header(seen)
    own_ideas.hand_back_when_answered(seen)
    # The form at one place of the page whatever stands above: what is typed stays.
    with st.container(key="above_form"):
        if is_awaited := guess.is_awaited(seen, activity):
            guess.team_waits(seen)
        else:
            activity.team(seen)
    form = guess.form(seen) if is_awaited else activity.form(seen)
    forms.show(who, "idea_form", form, keeps_outbox=True, on_left=own_ideas.stop_editing)
    if form is not None and not is_awaited:
        activity.team_below(seen)


with st.container(key="team_page"):
    with st.container(key="team_line"):
        live_line(who)
    draw_stage(who, stage)
