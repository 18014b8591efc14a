"""The projector: read-only, one thing very large, never a scroll bar."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from workshop.activities import activity_of, guess, walk
from workshop.domain.access import Role
from workshop.domain.funnel import Funnel
from workshop.live import services, snapshot
from workshop.live.snapshot import Snapshot
from workshop.ui.identity import require
from workshop.ui.stage import countdown, draw_stage, live_line
from workshop.ui.text import bullet_list, escape_markdown, keyed_text, spoken_title
from workshop.wording import figures
from workshop.wording.shortening import shorten

MOST_DOTS = 30
# In characters: what the row of stages has room for, and what a stage takes beside its name.
ROOM_FOR_STAGES, AROUND_A_STAGE = 88, 5
LONGEST_STAGE, LONGEST_NAME = 30, 28

who = require(Role.PROJECTOR)


def top(seen: Snapshot) -> None:
    """Where we are, and the code to join."""
    workshop, activity = seen.workshop, activity_of(seen.workshop.position.phase)
    with st.container(key="board_top"):
        stages(seen.funnel, walk.step_at(workshop.position))
        keyed_text("board_phase", walk.short_label(workshop.position, seen.funnel))
        keyed_text("board_name", shorten(workshop.name, LONGEST_NAME))
        if not activity.has_own_clock:
            countdown("timer", workshop.timer)
        keyed_text("board_room", workshop.code)


def stages(funnel: Funnel, place: int | None) -> None:
    """The stages in a row, the two of the current step bold: style.css lays them in one frame."""
    here = () if place is None else (place, place + 1)
    shown = {at: escape_markdown(name) for at, name in shown_stages(funnel.stages, place).items()}
    with st.container(key="board_walk"):
        bullet_list([f"**{name}**" if at in here else name for at, name in shown.items()])


def shown_stages(names: tuple[str, ...], place: int | None) -> dict[int, str]:
    """All stages by their number; where they do not fit, the two of the step or the two ends."""
    last = len(names) - 1
    if sum(len(name) + AROUND_A_STAGE for name in names) <= ROOM_FOR_STAGES:
        return dict(enumerate(names))
    first, second = (0, last) if place is None else (place, place + 1)
    ends = {at: shorten(names[at], LONGEST_STAGE) for at in (first, second)}
    if place is not None:
        return {-1: f"Step {place + 1} of {last}", **ends}
    between = {1: f"{last - 1} more"} if last > 1 else {}
    return {0: ends[0], **between, last: ends[last]}


def bottom(seen: Snapshot) -> None:
    """Who is here, how many ideas there are, and which mini-teams are done."""
    place, teams = seen.workshop.position.step, seen.seated
    people = sum(len(team.people) for team in teams)
    ideas = sum(
        sum(services.store().ideas.counts(who, step).values())
        for step in range(len(seen.funnel.steps))
    )
    with st.container(key="board_foot"):
        if place is not None and teams and activity_of(seen.workshop.position.phase).takes_ideas:
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
        spoken_title(walk.label(seen.workshop.position, seen.funnel))
        top(seen)
        shown = seen.workshop.position, seen.workshop.board_view, seen.workshop.team_shown
        with turned_page((*shown, seen.shown_steps)):
            activity = activity_of(seen.workshop.position.phase)
            (guess.board_waits if guess.is_awaited(seen, activity) else activity.board)(seen)
        bottom(seen)


def turned_page(shown: object) -> DeltaGenerator:
    """The place to draw in; where something else was `shown` before, the other one of two.

    Streamlit takes away what is not drawn any more only after the last stroke: until then the
    mini-teams of the lobby would stand among the facts. So the page before is hidden as a whole.
    """
    before, page = st.session_state.get("board_page", (shown, 0))
    if before != shown:
        page = 1 - page
    st.session_state.board_page = (shown, page)
    pages = [st.container(key="board_stage" if n == page else f"board_gone_{n}") for n in (0, 1)]
    return pages[page]


draw_stage(who, stage)
with st.container(key="board_line"):
    live_line(who)
