"""Assumptions: what management believes about the funnel and about the ideas."""

from __future__ import annotations

import streamlit as st

from workshop.domain.access import Role
from workshop.domain.assumptions import Assumptions
from workshop.forms.assumptions import assumptions_form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import forms, management
from workshop.ui.identity import require

who = require(Role.MANAGER)


def forget_assumptions() -> None:
    services.store().assumptions.save(who, Assumptions())
    st.session_state.done = "Back to what the file says."


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
            "Back to what the file says",
            key="assume_reset",
            icon=":material/undo:",
            on_click=forget_assumptions,
            disabled=seen.assumptions == Assumptions(),
        )


management.page(who, stage)
