"""The actions: the table that people sign, and how far each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from workshop.analysis.agreed import wanted
from workshop.analysis.explanation import twice_counted
from workshop.analysis.overlap import overlaps
from workshop.analysis.ranking import aim
from workshop.domain.access import Role
from workshop.domain.commitment import Commitment, Status
from workshop.forms.promise import promise_form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import forms, gains, management
from workshop.ui.identity import require
from workshop.ui.text import escape_markdown, keyed_text
from workshop.wording import figures
from workshop.wording.commitments import KINDS, RHYTHMS, STATUSES

HEADINGS = {"Action": 5, "Who": 3, "KPI": 3, "First step": 4, "Due": 2, "Status": 2.4}

who = require(Role.MANAGER)
state = st.session_state


def change_status(action: Commitment) -> None:
    services.store().commitments.save(
        who, replace(action, status=state[f"action_status_{action.id}"])
    )


def why(seen: Snapshot, action: Commitment) -> str:
    """The step, the losses, and the money that the idea is expected to bring."""
    if not action.is_improvement:
        return f"{KINDS[action.kind]}, {RHYTHMS[action.rhythm]}"
    idea, funnel = seen.idea(action.idea_id), seen.measured
    losses = aim(funnel.steps[idea.step], idea.draft)
    if not idea.counts:
        return f"{losses}. The idea no longer counts in the ranking."
    gain = seen.ranking.set_index("id").loc[idea.id, "gain"]
    return f"{losses}. Expected: {figures.money(gain, funnel.currency)} a year."


def head(seen: Snapshot) -> None:
    """The sum above the table; on paper the day as well."""
    with st.container(key="actions_head"):
        keyed_text("printed_day", f"Agreed actions, {figures.day(date.today())}")
        keyed_text("actions_together", gains.agreed_together(seen))
        keyed_text("print_hint", "To print and sign: Ctrl+P (on a Mac ⌘P).")


def signatures(names: Sequence[str]) -> None:
    """Lines to sign on, on paper only."""
    for place, column in enumerate(st.columns(len(names))):
        column.text(names[place])


def action_row(seen: Snapshot, action: Commitment) -> None:
    with st.container(border=True, key=f"action_{action.id}"):
        title, people, kpi, first_step, due, status = st.columns(list(HEADINGS.values()))
        with st.container(key=f"printed_signatures_{action.id}"):
            signatures([f"Owner: {action.owner}", f"Co-owner: {action.co_owner}"])
    with title:
        st.text(action.title)
        st.caption(escape_markdown(why(seen, action)))
    with people:
        st.text(action.owner)
        st.text(f"with {action.co_owner}")
    with kpi:
        if action.baseline is not None and action.target is not None:
            st.text(action.kpi)
            st.text(f"{100 * action.baseline:.4g} % → {100 * action.target:.4g} %")
    first_step.text(action.first_step)
    due.text(figures.day(action.due))
    # The records say the status: it may have been changed on another screen, and a browser that
    # has missed it would send back the first one.
    key = f"action_status_{action.id}"
    state[key] = action.status
    with status:
        keyed_text(f"printed_status_{action.id}", STATUSES[action.status])
    status.selectbox(
        "Status",
        list(Status),
        format_func=STATUSES.get,
        key=key,
        label_visibility="collapsed",
        on_change=change_status,
        args=(action,),
    )


def warnings(seen: Snapshot) -> None:
    """Actions that are still meant to happen and go after the same losses."""
    signed = {action.idea_id for action in wanted(seen.actions)}
    ideas = tuple(idea for idea in seen.counted if idea.id in signed)
    for found in overlaps(seen.funnel, seen.effects(ideas)):
        words = twice_counted(seen.funnel, ideas, found)
        st.warning(escape_markdown(words), icon=":material/layers:")


def promise() -> None:
    """What comes from no idea: a habit, a hand-off, a clause. The form at one place of the page."""
    with st.expander("Add a habit, a hand-off or a clause", icon=":material/add:"):
        forms.show(who, "promise_form", promise_form(), keeps_outbox=True)


def stage(seen: Snapshot) -> None:
    promise()
    if not seen.commitments:
        st.info(
            "Nothing is agreed yet. Choose an idea in the ranking and commit to it: with an "
            "owner, a co-owner from the other side, a target rate and a date.",
            icon=":material/checklist:",
        )
        return
    warnings(seen)
    head(seen)
    with st.container(key="actions"):
        with st.container(border=True):
            columns = st.columns(list(HEADINGS.values()))
        for column, heading in zip(columns, HEADINGS, strict=True):
            column.text(heading)
        for action in seen.commitments:
            action_row(seen, action)
        with st.container(key="printed_signatures_management"):
            signatures(["For management", "Date"])


management.page(who, stage)
