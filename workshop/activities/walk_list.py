"""The agenda on the facilitator's screen: every place of the walk, for how long, and from when."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from workshop.activities import walk
from workshop.domain.access import Visitor
from workshop.domain.agenda_lines import starts_from
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui.text import clock_time, escape_markdown, heard_too
from workshop.wording import figures


def walk_list(seen: Snapshot) -> None:
    """The walk, a group a step; every line can be jumped to."""
    funnel, here = seen.measured, seen.workshop.position
    lines, begins = walk.agenda_of(seen.workshop, funnel).lines, _starts(seen)
    with st.container(key="agenda"):
        st.header("The walk", anchor=False)
        choose_steps(seen)
        with st.container(key="agenda_change"):
            st.page_link(
                "agenda.py",
                label="Change the agenda",
                icon=":material/edit_calendar:",
                query_params={"w": seen.workshop.code},
            )
        heading = ""
        for place, line in enumerate(lines):
            position = line.position
            at = walk.step_at(position)
            step = "" if at is None else funnel.steps[at].name
            if step and step != heading:
                st.text(step)
            heading = step
            words = heard_too(walk.short_label(position, funnel), step)
            st.button(
                words + _when(line.minutes, begins[place]),
                key=f"jump_{place}",
                type="primary" if position == here else "tertiary",
                icon=":material/arrow_right:" if position == here else None,
                on_click=services.store().agenda.move_to,
                args=(seen.who, position),
                width="stretch",
            )


def _starts(seen: Snapshot) -> tuple[datetime | None, ...]:
    workshop, agenda = seen.workshop, walk.agenda_of(seen.workshop, seen.measured)
    return starts_from(
        agenda, workshop.position, datetime.now(UTC), workshop.moved_at, workshop.timer.ends_at
    )


def _when(minutes: int | None, begins: datetime | None) -> str:
    """How long a line takes, and when it begins if that is still to come; as style.css sets it."""
    if minutes is None:
        return ""
    long = f"{minutes} min"
    return f" *{clock_time(begins)} · {long}*" if begins else f" *{long}*"


def choose_steps(seen: Snapshot) -> None:
    """Which steps the room works on; how long the walk then takes."""
    funnel = seen.measured
    every = range(len(funnel.steps))
    chosen = seen.workshop.chosen_steps(len(every))
    minutes = walk.agenda_of(seen.workshop, funnel).minutes
    popover = st.popover(
        "Choose the steps",
        icon=":material/checklist:",
        key="choose_steps",
        on_change="rerun",
        width="stretch",
    )
    takes = f", about {figures.hours(minutes)}" if minutes else ""
    st.caption(f"{len(chosen)} of {len(every)}{takes}.")
    if not popover.open:
        return
    # The records say what is chosen, on every run: see "What is chosen is said on every run".
    st.session_state.steps_chosen = list(chosen)
    with popover:
        st.pills(
            "Steps the room works on. Of the others it sees the facts.",
            every,
            selection_mode="multi",
            format_func=lambda step: escape_markdown(funnel.steps[step].name),
            key="steps_chosen",
            on_change=_keep_steps,
            args=(seen.who,),
        )


def _keep_steps(who: Visitor) -> None:
    if chosen := st.session_state.steps_chosen:
        services.store().agenda.choose_steps(who, chosen)
