"""Assumptions: what management believes about the funnel and about the ideas."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from workshop.domain.access import Role
from workshop.domain.assumptions import Assumptions
from workshop.forms.assumptions import assumptions_form
from workshop.forms.outcome import outcome_form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import forms, management
from workshop.ui.identity import require

who = require(Role.MANAGER)


def forget_assumptions() -> None:
    store = services.store()
    store.assumptions.save(who, of_the_file(store.assumptions.current(who)))
    st.session_state.done = "The file's numbers count again."


def of_the_file(assumptions: Assumptions) -> Assumptions:
    """The same beliefs about ideas; deal value, period and benchmarks as the file has them."""
    return replace(assumptions, deal_value=None, period_days=None, benchmarks=None)


def stage(seen: Snapshot) -> None:
    management.done_toast()
    management.figures_row(seen)
    with st.container(key="assumptions"):
        forms.show(
            who,
            "assumptions_form",
            assumptions_form(seen.measured, seen.assumptions),
            keeps_outbox=True,
        )
        st.button(
            "Back to the file's numbers",
            key="assume_reset",
            icon=":material/undo:",
            on_click=forget_assumptions,
            disabled=seen.assumptions == of_the_file(seen.assumptions),
        )
    with st.container(key="outcome"):
        forms.show(who, "outcome_form", outcome_form(seen.funnel, seen.assumptions))


management.page(who, stage)
