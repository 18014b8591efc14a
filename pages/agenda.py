"""Change the agenda: what the room does, in which order, how long. One press undoes a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from workshop.activities import ACTIVITIES, activity_of, walk
from workshop.activities.activity import Place
from workshop.activities.templates import TEMPLATES, Template, agenda_from
from workshop.domain import agenda_lines
from workshop.domain.access import Role
from workshop.domain.agenda import Phase, Position
from workshop.domain.agenda_lines import LONGEST_LINE, Agenda, AgendaLine
from workshop.domain.funnel import Funnel
from workshop.live import services, snapshot
from workshop.live.snapshot import Snapshot
from workshop.ui import navigation
from workshop.ui.identity import require
from workshop.ui.stage import draw_stage, live_line
from workshop.ui.text import clock_time, escape_markdown, keyed_text
from workshop.wording import figures

Make = Callable[[Agenda], Agenda]
LONGEST_NAME = 60  # characters of a line

who = require(Role.FACILITATOR)
store = services.store()


def head() -> None:
    workshop = store.workshops.get(who)
    with st.container(key="numbers_head"):
        navigation.back_to_workshop(workshop.code)
        st.title("Change the agenda", anchor=False)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(workshop.name, width="content")
            live_line(who)
        st.write("Change it at any time, while the workshop runs too. All screens follow.")


def undo(seen: Snapshot) -> None:
    st.button(
        "Undo the last change",
        key="agenda_undo",
        icon=":material/undo:",
        disabled=seen.workshop.former_agenda is None,
        on_click=store.agenda.take_back_agenda,
        args=(who,),
    )


def lines(seen: Snapshot, agenda: Agenda) -> None:
    """A row for each line: when it begins, what it is, and what can be changed of it."""
    funnel, workshop = seen.measured, seen.workshop
    now = datetime.now(UTC)
    whole = walk.agenda_of(workshop, funnel)
    begins = agenda_lines.starts_from(
        whole, workshop.position, now, workshop.moved_at, workshop.timer.ends_at
    )
    begins_at = dict(zip(whole.places, begins, strict=True))
    if workshop.position not in agenda.places:
        here = walk.label(workshop.position, funnel, LONGEST_NAME)
        keyed_text("agenda_off", f"The room is at “{here}”, which is not on this agenda.")
    with st.container(key="agenda_lines"):
        for line in agenda.lines:
            is_here = line.position == workshop.position
            line_row(agenda, line, funnel, begins_at[line.position], is_here=is_here)
    count = figures.counted(len(agenda.lines), "line")
    takes = f", {figures.hours(agenda.minutes)} in all" if agenda.minutes else ", without a clock"
    keyed_text("agenda_takes", count + takes)


def line_row(
    agenda: Agenda, line: AgendaLine, funnel: Funnel, begins: datetime | None, *, is_here: bool
) -> None:
    """A line: what would do something else after its press has its place in its key."""
    position, code = line.position, f"{line.activity}_{line.step}"
    name, place = walk.label(position, funnel, LONGEST_NAME), agenda.number(position)
    with st.container(key=f"line_{'here' if is_here else 'row'}_{code}"):
        with st.container(key=f"line_name_{code}"):
            st.text(clock_time(begins) if begins and line.minutes else "")
            st.text(f"{name} (now)" if is_here else name)
        with st.container(key=f"line_moves_{code}", horizontal=True):
            minutes_field(line, name, code)
            for key, words, icon, make in (
                ("up", "Move up", "arrow_upward", agenda_lines.move_up),
                ("down", "Move down", "arrow_downward", agenda_lines.move_down),
                ("remove", "Remove", "delete", agenda_lines.remove),
            ):
                change = partial(make, position=position)
                button_key = f"line_{key}_{code}_{place}"
                change_button(button_key, f"{words}: {name}", icon, agenda, change)
            lock = partial(agenda_lines.with_lock, position=position, is_locked=not line.is_locked)
            words, icon = ("Unlock", "lock") if line.is_locked else ("Lock", "lock_open")
            change_button(f"line_lock_{code}_{place}", f"{words}: {name}", icon, agenda, lock)


def change_button(key: str, words: str, icon: str, agenda: Agenda, make: Make) -> None:
    """A button that changes the agenda; where that makes no sense, it says why and does nothing."""
    reason = refusal(agenda, make)
    st.button(
        escape_markdown(words),
        key=key,
        type="tertiary",
        icon=f":material/{icon}:",
        disabled=bool(reason),
        help=reason or None,
        on_click=store.agenda.change_agenda,
        args=(who, make),
    )


def refusal(agenda: Agenda, make: Make) -> str:
    """Why this change makes no sense; "" where it does."""
    try:
        make(agenda)
    except ValueError as problem:
        return str(problem)
    return ""


def minutes_field(line: AgendaLine, name: str, code: str) -> None:
    # A field for each number: a browser that has not seen an undo yet says the number from before
    # once more, and would change it back.
    number = line.minutes or 0
    key = f"line_minutes_{code}_{number}"
    # The records say it, unless somebody is typing: only what differs is set.
    if key not in st.session_state or st.session_state[key] != line.minutes:
        st.session_state[key] = line.minutes
    st.number_input(
        f"Minutes of {escape_markdown(name)}",
        1,
        LONGEST_LINE,
        None,
        key=key,
        placeholder="none",
        disabled=line.is_locked,
        label_visibility="collapsed",
        width=120,
        on_change=keep_minutes,
        args=(line.position, key),
    )


def keep_minutes(position: Position, key: str) -> None:
    minutes = st.session_state[key]
    store.agenda.change_agenda(
        who, partial(agenda_lines.with_minutes, position=position, minutes=minutes)
    )


def addition(seen: Snapshot, agenda: Agenda) -> None:
    """One line more: which, and before which other."""
    funnel = seen.measured
    name = partial(walk.label, funnel=funnel, longest=LONGEST_NAME)
    with st.container(border=True, key="agenda_add"):
        st.header("Add a line", anchor=False)
        what = st.selectbox(
            "What",
            missing(agenda, funnel),
            index=None,
            placeholder="Choose a line",
            format_func=name,
            key="add_what",
        )
        before = st.selectbox(
            "Before",
            [None, *agenda.places[1:]],
            format_func=lambda place: "Where it belongs" if place is None else name(place),
            key="add_before",
        )
        st.button("Add", key="add_submit", disabled=what is None, on_click=add, args=(what, before))
        added = st.session_state.get("agenda_added")
        if added in agenda.places[:-1]:
            after = agenda.places[agenda.number(added) + 1]
            keyed_text("agenda_added", f"Added: {name(added)}, before {name(after)}.")


def missing(agenda: Agenda, funnel: Funnel) -> list[Position]:
    """What could be added: what is not on the agenda, at each step where it is about one."""
    possible = []
    for activity in ACTIVITIES:
        if activity.place in (Place.AT_EACH_STEP, Place.AT_CHOSEN_STEPS):
            possible += [Position(activity.code, step) for step in range(len(funnel.steps))]
        else:
            possible.append(Position(activity.code))
    return [one for one in possible if one not in agenda.places or one.phase == Phase.BREAK]


def add(what: Position, before: Position | None) -> None:
    # A break belongs to the step that it stands before.
    is_break = what.phase == Phase.BREAK and before is not None
    step = before.step if is_break and before else what.step
    usually = activity_of(what.phase).minutes

    def make(agenda: Agenda) -> Agenda:
        minutes = agenda_lines.minutes_like(agenda, what.phase, usually)
        return agenda_lines.add(agenda, AgendaLine(what.phase, step, minutes), before)

    store.agenda.change_agenda(who, make)
    st.session_state.agenda_added = Position(what.phase, step)
    # Nothing is chosen any more: what stood next in the list, nobody has asked for.
    st.session_state.add_what = None


def templates(seen: Snapshot) -> None:
    """Another agenda as a whole."""
    by_code = {template.code: template for template in TEMPLATES}
    with st.container(border=True, key="agenda_template"):
        st.header("Begin with a template", anchor=False)
        code = st.selectbox(
            "Template",
            list(by_code),
            format_func=lambda code: by_code[code].label,
            key="template_code",
        )
        st.text(by_code[code].about)
        st.caption("It replaces the whole agenda. You can undo that.")
        st.button(
            "Use this template",
            key="template_use",
            on_click=use,
            args=(by_code[code], seen.measured),
        )


def use(template: Template, funnel: Funnel) -> None:
    store.agenda.use_template(who, template.code, agenda_from(template, funnel))


def stage() -> None:
    seen = snapshot.take(who)
    agenda = seen.workshop.made_agenda(len(seen.measured.steps))
    left, right = st.columns([7, 4], gap="large")
    with left:
        undo(seen)
        lines(seen, agenda)
    with right:
        addition(seen, agenda)
        templates(seen)


head()
draw_stage(who, stage)
