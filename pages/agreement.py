"""The agreement: what management drafts, who has signed which version, and what a pot would pay."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from workshop.activities import agreement
from workshop.analysis.incentive import Pot, scenarios
from workshop.analysis.planning import BestPlan
from workshop.domain.access import Role
from workshop.domain.agreement import Agreement
from workshop.forms.agreement import agreement_form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import forms, management, signing
from workshop.ui.identity import require
from workshop.ui.plan import best_plan
from workshop.ui.text import clock_time, escape_markdown, keyed_text
from workshop.wording import agreement as said
from workshop.wording import figures

USUAL_PERCENT, MOST_PERCENT = 5.0, 20.0
USUAL_SHARE = 50
SCENARIOS = ("Low", "Expected", "High")

who = require(Role.MANAGER)
store = services.store()


def draft(current: Agreement | None) -> None:
    """The clauses as management writes them."""
    st.header("What we promise each other", anchor=False)
    st.caption(
        "Short sentences: the room reads them from the board. Saved with other words, it is a new "
        "version; older ones stay with their signatures."
    )
    forms.show(who, "agreement_form", agreement_form(current), keeps_outbox=True)
    st.caption(said.NO_CONTRACT)


def signatures(current: Agreement | None) -> None:
    """Who has signed what holds now, and who signed what was before."""
    st.header("Who has signed", anchor=False)
    if current is None:
        st.text(said.NOT_WRITTEN)
    signing.signatures_of_the_current(who, current)
    for version in reversed(store.agreements.versions(who)[:-1]):
        those = signing.signed(who, version.version)
        label = f"Version {version.version}, {figures.day(version.created_at.date())}"
        box = st.expander(f"{label}: {said.signed_by(len(those)).rstrip('.')}")
        number = version.version
        with box, st.container(key=f"version_{number}"):
            signing.clauses(version)
            signing.names(f"version_{number}", those)
            st.caption(f"Saved at {clock_time(version.created_at)}.")


def heard(seen: Snapshot, current: Agreement) -> None:
    """What the room has answered, once it is revealed: what to change before anybody signs."""
    given = agreement.answers_of(seen, current)
    if given:
        st.header(said.QUESTION, anchor=False)
        st.text(agreement.marks_sentence(given))
        lines = agreement.missing(given)
        st.text(f"{said.MISSING} {'' if lines else 'Nobody has written anything.'}".strip())
        for place, line in enumerate(lines):
            keyed_text(f"heard_{place}", line)


def incentive(seen: Snapshot) -> None:
    """What a pot of so much of the verified gain would pay, in three scenarios."""
    st.header("The shared incentive: what would it pay?", anchor=False)
    percent, sales = st.columns(2)
    share = percent.slider(
        "Pot, % of the verified gain",
        0.0,
        MOST_PERCENT,
        USUAL_PERCENT,
        step=0.5,
        format="%g",
        key="incentive_share",
    )
    part = sales.slider("Of it to sales, %", 0, 100, USUAL_SHARE, step=5, key="incentive_sales")
    st.text(said.incentive_sentence(share / 100, part / 100))
    plan = best_plan(seen)
    if not isinstance(plan, BestPlan) or not plan.chosen:
        st.text("As soon as there are ideas with a gain, the amounts stand here.")
        return
    low, high = min(plan.p10, plan.gain), max(plan.p90, plan.gain)
    pots = scenarios(low, plan.gain, high, share / 100, part / 100)
    st.table(amounts(pots, seen.funnel.currency))
    st.caption(
        "If so much of what the best plan promises is verified at least, a year. Nothing of this "
        "is saved: write what you decide into the clause."
    )


def amounts(pots: tuple[Pot, Pot, Pot], currency: str) -> pd.DataFrame:
    """The scenarios as a table: what is verified, the pot, and both shares."""

    def money(worth: float) -> str:
        return escape_markdown(figures.money(worth, currency))

    rows = [
        {
            "Verified at least": money(one.lower_bound),
            "Pot": money(one.total),
            "Sales": money(one.sales),
            "Marketing": money(one.marketing),
        }
        for one in pots
    ]
    return pd.DataFrame(rows, index=list(SCENARIOS))


def stage(seen: Snapshot) -> None:
    management.done_toast()
    current = store.agreements.current(who)
    with st.container(key="agreement"):
        left, right = st.columns([7, 5], gap="large")
        with left:
            draft(current)
        with right:
            signatures(current)
            with st.container(key="heard"):
                if current is not None:
                    heard(seen, current)
        incentive(seen)


management.page(who, stage)
