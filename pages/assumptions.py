"""Assumptions: what management believes about the funnel and about the ideas."""

from __future__ import annotations

import streamlit as st

from workshop import figures, management, screen
from workshop.access import Role
from workshop.forms.number import DAYS, MONEY, PERCENT, Limits, written
from workshop.management import in_percent, refuse_blanks
from workshop.model import Assumptions, Funnel
from workshop.number_field import number_field, typed
from workshop.store import StoreError

TO_ASSUME = {
    "assume_deal_value": "the deal value",
    "assume_period": "the period",
    "assume_quality": "the downstream quality",
    "assume_success": "the chance of success",
}

who = screen.require(Role.MANAGER)
store = screen.store()
state = st.session_state


def fill_assume(funnel: Funnel, assumptions: Assumptions) -> None:
    """Put what is assumed now into the form; where nothing is, what the file says."""
    state.assume_problem = ""
    state.update(
        assume_deal_value=written(round(funnel.deal_value, 2)),
        assume_period=written(funnel.period_days),
        assume_quality=written(in_percent(assumptions.quality)),
        assume_success=written(in_percent(assumptions.success)),
    )
    for place, step in enumerate(funnel.steps):
        known = step.benchmark
        state[f"assume_benchmark_{place}"] = written(None if known is None else in_percent(known))


def believed() -> Assumptions:
    """The form as assumptions; what equals the file is left to the file."""
    refuse_blanks(TO_ASSUME)
    funnel = store.funnel(who)
    benchmarks = tuple(
        None if percent is None else percent / 100
        for percent in (
            typed(f"assume_benchmark_{place}", PERCENT, step.name)
            for place, step in enumerate(funnel.steps)
        )
    )
    measured = tuple(step.benchmark for step in funnel.steps)
    deal_value, period = given("assume_deal_value", MONEY), round(given("assume_period", DAYS))
    return Assumptions(
        None if deal_value == round(funnel.deal_value, 2) else deal_value,
        None if period == funnel.period_days else period,
        None if benchmarks == measured else benchmarks,
        given("assume_quality", PERCENT) / 100,
        given("assume_success", PERCENT) / 100,
    )


def given(key: str, limits: Limits) -> float:
    """What one of the fields of TO_ASSUME, none of which is empty, says."""
    name = TO_ASSUME[key]
    return typed(key, limits, f"{name[:1].upper()}{name[1:]}") or 0.0


def assume() -> None:
    try:
        store.assume(who, believed())
    except (ValueError, StoreError) as problem:
        state.assume_problem = str(problem)
        return
    state.assume_problem = ""
    state.done = "Saved. Every screen counts with it now."


def forget_assumptions() -> None:
    store.assume(who, Assumptions())
    state.pop("assumptions_in_form", None)
    state.done = "Back to what the file says."


def assumptions_form() -> None:
    funnel = management.seen_funnel(who)
    measured, assumptions = store.funnel(who), store.assumptions(who)
    # Somebody else's change must be seen before it is saved over.
    if state.get("assumptions_in_form") != assumptions or "assume_deal_value" not in state:
        fill_assume(funnel, assumptions)
    with st.form("assume", enter_to_submit=False):
        money, ideas, steps = st.columns(3, gap="large")
        with money:
            st.subheader("Money", anchor=False)
            number_field(f"Deal value, {funnel.currency}", "assume_deal_value", MONEY)
            file_says = figures.exact_money(measured.deal_value, funnel.currency)
            st.caption(
                screen.plain(f"What a won deal brings on average. The file says {file_says}.")
            )
            number_field("Period, days", "assume_period", DAYS)
            st.caption(
                "How many days the counts cover; money is spoken of by the year. "
                f"The file says {measured.period_days}."
            )
        with ideas:
            st.subheader("Ideas", anchor=False)
            number_field("Downstream quality, %", "assume_quality", PERCENT)
            st.caption("How well prospects who are won back close; ordinary ones are 100 %.")
            number_field("Chance of success, %", "assume_success", PERCENT)
            st.caption("How likely it is that an idea works at all.")
        with steps:
            st.subheader("Benchmarks", anchor=False)
            for place, step in enumerate(measured.steps):
                number_field(
                    f"{screen.plain(step.name)}, %",
                    f"assume_benchmark_{place}",
                    PERCENT,
                    f"Not known; today {figures.percent(step.rate)}",
                )
            st.caption("What comparable companies convert: it counts under Sensitivity.")
        management.problem_line(state.assume_problem)
        with st.container(horizontal=True):
            st.form_submit_button("Save", key="assume_submit", type="primary", on_click=assume)
            st.form_submit_button(
                "Back to what the file says",
                key="assume_reset",
                on_click=forget_assumptions,
                disabled=assumptions == Assumptions(),
            )
    state.assumptions_in_form = assumptions


def stage() -> None:
    management.done_toast()
    management.figures_row(who)
    assumptions_form()


management.page(who, stage)
