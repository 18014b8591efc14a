"""Management: what the ideas are worth, what that rests on, and who signs for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from workshop import charts, figures, screen
from workshop.access import Role
from workshop.funnel import revenue
from workshop.model import (
    NAME_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Action,
    Assumptions,
    Funnel,
    Idea,
    Status,
)
from workshop.ranking import aim, assumed, effect, lenses_a_year, target_rate
from workshop.sensitivity import joint_gain
from workshop.store import IDEAS, PLAN, StoreError

DAYS_TO_ACT = 42
LENSES_SAY = {
    "plus_1pp": "One more prospect in a hundred goes on at this step.",
    "to_benchmark": "The step reaches its benchmark; nothing where none is known, or it is there.",
    "equal_effort": "The same push everywhere: it moves a rate of 50 % most, 0 or 100 % never.",
    "leak": "All that this step loses, at today's rates further down.",
    "plus_10pct": "A tenth more of the rate. It is worth the same at every step, so it ranks none.",
}
TO_SIGN = {
    "commit_title": "the action",
    "commit_owner": "the owner",
    "commit_co_owner": "the co-owner",
    "commit_kpi": "the KPI",
    "commit_baseline": "the rate today",
    "commit_target": "the target",
    "commit_due": "the due date",
    "commit_first_step": "the first step",
}
TO_ASSUME = {
    "assume_deal_value": "the deal value",
    "assume_period": "the period",
    "assume_quality": "the downstream quality",
    "assume_success": "the chance of success",
}
COLUMNS = {
    "place": st.column_config.NumberColumn("Place", width=60),
    "title": st.column_config.TextColumn("Idea", width=330),
    "step": st.column_config.TextColumn("Step", width=150),
    "gain": st.column_config.Column("Gain a year", width=90),
    "range": st.column_config.TextColumn("10–90 % range", width=110),
    "days_sales": st.column_config.NumberColumn("Sales days", format="%g", width=85),
    "days_marketing": st.column_config.NumberColumn("Marketing days", format="%g", width=110),
    "gain_per_day": st.column_config.Column("Gain per person-day", width=140),
    "p_top3": st.column_config.ProgressColumn(
        "Chance of the top 3", format="%.0f %%", min_value=0, max_value=100, width=150
    ),
}

who = screen.require(Role.MANAGER)
store = screen.store()
state = st.session_state


# -- the forms: what they hold, and what happens when they are sent ------------------------------


def in_percent(fraction: float) -> float:
    """A fraction as a form shows it; the rounding hides that 100 · 0.07 is not 7."""
    return round(100 * fraction, 6)


def refuse_blanks(fields: dict[str, str]) -> None:
    """Raise ValueError naming every field of a form that is still empty."""
    blank = [
        name
        for field, name in fields.items()
        if state[field] is None or not str(state[field]).strip()
    ]
    if blank:
        raise ValueError(f"Still missing: {', '.join(blank)}.")


def agreed(idea_id: str) -> Action | None:
    """The action that this idea has become, if it has."""
    return next((action for action in store.actions(who) if action.idea_id == idea_id), None)


def idea_of(idea_id: str) -> Idea:
    return next(idea for idea in store.ideas(who) if idea.id == idea_id)


def fill_commit(idea_id: str) -> None:
    """Put an idea into the form: as the action it is, or as the one it could become."""
    idea, action = idea_of(idea_id), agreed(idea_id)
    step = store.funnel(who).steps[idea.step]
    target = target_rate(store.funnel(who), idea)
    state.commit_problem = ""
    state.update(
        commit_title=action.title if action else idea.draft.title,
        commit_owner=action.owner if action else idea.draft.owner,
        commit_co_owner=action.co_owner if action else "",
        commit_kpi=action.kpi if action else f"Conversion rate {step.name}"[:TITLE_LENGTH],
        commit_baseline=in_percent(action.baseline if action else round(step.rate, 4)),
        commit_target=in_percent(action.target if action else round(target, 4)),
        commit_due=action.due if action else date.today() + timedelta(days=DAYS_TO_ACT),
        commit_first_step=action.first_step if action else "",
    )


def signed(idea_id: str) -> Action:
    """The form as an action; ValueError says what is missing."""
    refuse_blanks(TO_SIGN)
    known = agreed(idea_id)
    return Action(
        # An idea becomes one action: two managers who commit it at once do not make two.
        id=known.id if known else idea_id,
        idea_id=idea_id,
        title=state.commit_title.strip(),
        owner=state.commit_owner.strip(),
        co_owner=state.commit_co_owner.strip(),
        kpi=state.commit_kpi.strip(),
        baseline=state.commit_baseline / 100,
        target=state.commit_target / 100,
        due=state.commit_due,
        first_step=state.commit_first_step.strip(),
        status=known.status if known else Status.OPEN,
    )


def commit() -> None:
    try:
        store.commit(who, signed(state.idea_in_form))
    except (ValueError, StoreError) as problem:
        state.commit_problem = str(problem)
        return
    state.commit_problem = ""
    state.done = "Agreed. It is on the list of actions."


def fill_assume(funnel: Funnel, assumptions: Assumptions) -> None:
    """Put what is assumed now into the form; where nothing is, what the file says."""
    state.assume_problem = ""
    state.update(
        assume_deal_value=float(funnel.deal_value),
        assume_period=funnel.period_days,
        assume_quality=in_percent(assumptions.quality),
        assume_success=in_percent(assumptions.success),
    )
    for place, step in enumerate(funnel.steps):
        known = step.benchmark is not None
        state[f"assume_benchmark_{place}"] = in_percent(step.benchmark) if known else None


def believed() -> Assumptions:
    """The form as assumptions; what equals the file is left to the file."""
    refuse_blanks(TO_ASSUME)
    funnel = store.funnel(who)
    typed = [state[f"assume_benchmark_{place}"] for place in range(len(funnel.steps))]
    benchmarks = tuple(None if percent is None else percent / 100 for percent in typed)
    measured = tuple(step.benchmark for step in funnel.steps)
    return Assumptions(
        None if state.assume_deal_value == funnel.deal_value else state.assume_deal_value,
        None if state.assume_period == funnel.period_days else state.assume_period,
        None if benchmarks == measured else benchmarks,
        state.assume_quality / 100,
        state.assume_success / 100,
    )


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
    del state.assumptions_in_form
    state.done = "Back to what the file says."


def problem_line(problem: str) -> None:
    if problem:
        st.error(screen.plain(problem), icon=":material/error:")


def percent_input(label: str, key: str, placeholder: str | None = None) -> None:
    st.number_input(label, 0.0, 100.0, None, 1.0, "%g", key=key, placeholder=placeholder)


# -- what is drawn -------------------------------------------------------------------------------


def figures_row(funnel: Funnel) -> None:
    ideas = [idea for idea in store.ideas(who) if idea.counts]
    effects = [effect(idea, store.assumptions(who)) for idea in ideas]
    worths = {
        "Revenue today a year": revenue(funnel),
        "All ideas together a year, overlap counted once": joint_gain(funnel, effects),
    }
    with st.container(key="figures_row"):
        columns = st.columns([3, 5, 2, 2])
        for column, (label, worth) in zip(columns, worths.items(), strict=False):
            a_year = figures.a_year(worth, funnel.period_days)
            column.metric(
                label,
                screen.plain(figures.money(a_year, funnel.currency)),
                help=screen.plain(f"{figures.exact_money(a_year, funnel.currency)} a year"),
            )
        columns[2].metric("Ideas", figures.count(len(ideas)))
        columns[3].metric("Actions agreed", figures.count(len(store.actions(who))))


def ranking_view(funnel: Funnel) -> None:
    table = screen.ranking(who)
    counted = table[table["state"] == "counts"]
    with st.container(key="ranking"):
        if counted.empty:
            st.info(
                "No ideas yet. They appear here, best first, the moment a mini-team saves one. "
                "Meanwhile, look at Sensitivity: it says where an idea would pay most.",
                icon=":material/lightbulb:",
            )
            return
        chosen = idea_chosen(list(counted["id"]))
        ranking_table(counted, chosen, funnel.currency)
        left, right = st.columns(2, gap="large")
        with left, st.container(key="commit"):
            commit_form(counted, chosen, funnel)
        with right:
            st.subheader("How sure is that?", anchor=False)
            st.write(
                "The dot is the expected gain a year. Eight times in ten, the gain lies in the bar."
            )
            screen.chart(
                "ranking_chart",
                built(
                    "ranking", lambda: charts.ranking_chart(counted, funnel.currency, large=False)
                ),
                charts.RANKING_ALT,
                charts.ranking_table(counted, funnel.currency),
            )


def built(name: str, build: Callable[[], charts.Spec]) -> charts.Spec:
    """A chart, built once for each state of the records: building costs more than sending."""
    version = store.version(who.workshop_id, IDEAS, PLAN)
    chart: charts.Spec = screen.once(f"manage {name}", (who.workshop_id, version), build)
    return chart


def idea_chosen(known: list[str]) -> str:
    """The idea that somebody chose; until then, or when it counts no longer, the best one."""
    if state.get("idea_chosen") not in known:
        state.idea_chosen = known[0]
    chosen: str = state.idea_chosen
    return chosen


def ranking_table(counted: pd.DataFrame, chosen: str, currency: str) -> None:
    """The ranking; a click on a row chooses its idea."""
    ids = list(counted["id"])

    def choose_row() -> None:
        for row in state.ranking_table["selection"]["rows"]:
            state.idea_chosen = ids[row]

    def money(amount: float) -> str:
        return figures.money(amount, currency)

    ranges = [
        figures.range_of_money(low, high, currency)
        for low, high in zip(counted["p10"], counted["p90"], strict=True)
    ]
    # A live change may have given the marked row to another idea.
    marked = {"rows": [ids.index(chosen)], "columns": [], "cells": []}
    if state.get("ranking_table", {}).get("selection") != marked:
        state.ranking_table = {"selection": marked}
    st.dataframe(
        counted.assign(range=ranges, p_top3=100 * counted["p_top3"]).style.format(
            {"gain": money, "gain_per_day": money}
        ),
        placeholder="–",
        key="ranking_table",
        alt="The ideas, best first; the row that is marked is in the form below",
        hide_index=True,
        on_select=choose_row,
        selection_mode="single-row",
        column_order=list(COLUMNS),
        column_config=COLUMNS,
    )


def commit_form(counted: pd.DataFrame, chosen: str, funnel: Funnel) -> None:
    titles = {idea.id: f"{idea.place}. {idea.title}" for idea in counted.itertuples()}

    def choose() -> None:
        state.idea_chosen = state.commit_idea

    st.subheader("Commit to an action", anchor=False)
    if state.get("commit_idea") != chosen:
        state.commit_idea = chosen
    st.selectbox(
        "Idea to commit",
        list(titles),
        format_func=titles.get,
        key="commit_idea",
        on_change=choose,
    )
    idea, action = idea_of(chosen), agreed(chosen)
    [row] = counted[counted["id"] == chosen].itertuples()
    st.text(
        f"{aim(funnel.steps[idea.step], idea.draft.reason)}. "
        f"Winning back {figures.percent(row.low)} to "
        f"{figures.percent(row.high)} of them brings about "
        f"{figures.money(row.gain, funnel.currency)} a year."
    )
    if action:
        st.text(f"It is an action already: {action.status}, due {figures.day(action.due)}.")
    if state.get("idea_in_form") != chosen or "commit_title" not in state:
        fill_commit(chosen)
    with st.form("commit", enter_to_submit=False):
        st.text_input("Action", key="commit_title", max_chars=TITLE_LENGTH)
        owner, co_owner = st.columns(2)
        owner.text_input("Owner", key="commit_owner", max_chars=NAME_LENGTH)
        co_owner.text_input(
            "Co-owner from the other side",
            key="commit_co_owner",
            max_chars=NAME_LENGTH,
            placeholder=others(action.owner if action else idea.draft.owner),
        )
        st.text_input("KPI", key="commit_kpi", max_chars=TITLE_LENGTH)
        baseline, target, due = st.columns(3)
        with baseline:
            percent_input("Today, %", "commit_baseline")
        with target:
            percent_input("Target, %", "commit_target")
        due.date_input("Due", None, key="commit_due", format="YYYY-MM-DD")
        st.text_area(
            "First step",
            key="commit_first_step",
            max_chars=TEXT_LENGTH,
            height=80,
            placeholder="What happens this week, and who starts it?",
        )
        problem_line(state.commit_problem)
        st.form_submit_button(
            "Save changes" if action else "Commit",
            key="commit_submit",
            type="primary",
            on_click=commit,
        )
    # Only now: a live tick may cut a run short, and what was not drawn must be filled again.
    state.idea_in_form = chosen


def others(owner: str) -> str:
    """Who in the room could be the co-owner: those who are not on the owner's side."""
    people = [person for team in store.teams(who) for person in team.people]
    sides = {person.side for person in people if person.name == owner}
    names = [person.name for person in people if person.side not in sides]
    return f"For instance {' or '.join(names[:2])}" if names else ""


def sensitivity_view(funnel: Funnel) -> None:
    lenses = lenses_a_year(funnel)
    with st.container(key="sensitivity"):
        left, right = st.columns(2, gap="large")
        with left:
            st.subheader("What improving each step is worth, a year", anchor=False)
            lens = st.segmented_control(
                "How much better",
                list(charts.LENSES),
                format_func=lambda lens: screen.plain(charts.LENSES[lens]),
                default="plus_1pp",
                required=True,
                key="lens",
            )
            st.text(LENSES_SAY[lens])
            screen.chart(
                "lenses_chart",
                built(lens, lambda: charts.lenses_chart(lenses, funnel.currency, False, lens)),
                charts.lenses_alt(lens),
                charts.lenses_table(lenses, funnel.currency),
            )
        with right:
            st.subheader("The same steps, seen five ways", anchor=False)
            st.table(charts.lenses_table(lenses, funnel.currency).map(screen.plain))
            st.write(
                "**+10 % is worth the same at every step**: revenue is the product of all the "
                "rates, so a tenth more at any of them is a tenth more revenue (elasticity 1). "
                "It cannot say which step to improve. The other four can."
            )


def assumptions_view(funnel: Funnel) -> None:
    measured, assumptions = store.funnel(who), store.assumptions(who)
    # Somebody else's change must be seen before it is saved over.
    if state.get("assumptions_in_form") != assumptions or "assume_deal_value" not in state:
        fill_assume(funnel, assumptions)
    with st.form("assume", enter_to_submit=False):
        money, ideas, steps = st.columns(3, gap="large")
        with money:
            st.subheader("Money", anchor=False)
            st.number_input(
                f"Deal value, {funnel.currency}",
                0.0,
                1e15,
                None,
                100.0,
                "%.2f",
                key="assume_deal_value",
            )
            file_says = figures.exact_money(measured.deal_value, funnel.currency)
            st.caption(
                screen.plain(f"What a won deal brings on average. The file says {file_says}.")
            )
            st.number_input("Period, days", 1, 36_500, None, 1, key="assume_period")
            st.caption(
                "How many days the counts cover; money is spoken of by the year. "
                f"The file says {measured.period_days}."
            )
        with ideas:
            st.subheader("Ideas", anchor=False)
            percent_input("Downstream quality, %", "assume_quality")
            st.caption("How well prospects who are won back close; ordinary ones are 100 %.")
            percent_input("Chance of success, %", "assume_success")
            st.caption("How likely it is that an idea works at all.")
        with steps:
            st.subheader("Benchmarks", anchor=False)
            for place, step in enumerate(measured.steps):
                percent_input(
                    f"{screen.plain(step.name)}, %",
                    f"assume_benchmark_{place}",
                    f"Not known; today {figures.percent(step.rate)}",
                )
            st.caption("What comparable companies convert: it counts under Sensitivity.")
        problem_line(state.assume_problem)
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
    funnel = assumed(store.funnel(who), store.assumptions(who))
    if "done" in state:
        st.toast(state.pop("done"), icon=":material/check_circle:")
    figures_row(funnel)
    ranking, sensitivity, assumptions = st.tabs(
        ["Ranking", "Sensitivity", "Assumptions"], key="views"
    )
    with ranking:
        ranking_view(funnel)
    with sensitivity:
        sensitivity_view(funnel)
    with assumptions:
        assumptions_view(funnel)


def header() -> None:
    workshop = store.workshop(who)
    with st.container(key="manage_head", horizontal=True, vertical_alignment="center"):
        st.title(screen.plain(workshop.name), anchor=False)
        with st.container(width="content"):
            screen.live(who)
        screen.exports(who)
        st.page_link(
            "actions.py",
            label="Actions",
            icon=":material/checklist:",
            query_params={"w": workshop.code},
        )


header()
screen.stage(who, stage)
