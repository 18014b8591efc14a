"""The plan: the best set of ideas within the capacity of each side, and what it has to respect."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from workshop import charts
from workshop.analysis.explanation import twice_counted
from workshop.analysis.overlap import overlaps
from workshop.analysis.planning import BestPlan, PlanAtCapacity, names, plans_by_capacity
from workshop.domain.access import Role
from workshop.domain.choice import Choice, Condition, Demand
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Idea
from workshop.forms.capacity import capacity_form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.store import StoreError
from workshop.ui import forms, gains, management
from workshop.ui.charts import draw_chart
from workshop.ui.identity import require
from workshop.ui.plan import best_plan
from workshop.ui.render_slots import release_slot_while
from workshop.ui.text import escape_markdown
from workshop.wording import figures

FREE = "Automatic"
WISHES = {FREE: None, "must be in": Demand.MUST, "must not be in": Demand.BAN}
RELATIONS = [Demand.REQUIRES, Demand.EXCLUDES]
DEMANDS = {
    Demand.MUST: "must be in the plan",
    Demand.BAN: "must not be in the plan",
    Demand.REQUIRES: "requires",
    Demand.EXCLUDES: "excludes",
}
NO_DAYS = f"{figures.NOT_SAID}: nobody has said the person-days; such an idea takes no capacity."
WIDTHS = [10, 4, 4, 3, 4, 8]

who = require(Role.MANAGER)
store = services.store()
state = st.session_state


# -- what management asks for ----------------------------------------------------------------------


def wish(idea_id: str) -> None:
    """Pin or ban an idea, or leave it to the plan again."""
    asked = WISHES[state[f"plan_pin_{idea_id}"]]
    if asked:
        store.constraints.add(who, Condition(asked, idea_id))
        return
    for condition in wished(store.constraints.current(who), idea_id):
        store.constraints.remove(who, condition)


def wished(choice: Choice, idea_id: str) -> list[Condition]:
    return [
        condition
        for condition in choice.conditions
        if condition.idea_id == idea_id and condition.demand in (Demand.MUST, Demand.BAN)
    ]


def relate() -> None:
    try:
        store.constraints.add(who, Condition(state.plan_demand, state.plan_idea, state.plan_other))
    except (ValueError, StoreError) as problem:
        state.plan_problem = str(problem)
        return
    state.plan_problem = ""


# -- what is drawn -------------------------------------------------------------------------------


def plan_figures(seen: Snapshot, plan: BestPlan) -> None:
    currency = seen.funnel.currency
    gain = escape_markdown(figures.money(plan.gain, currency))
    st.metric(f"The best plan brings a year, {gains.how_sure(seen)}", gain)
    st.text(f"Eight times in ten {figures.range_of_money(plan.p10, plan.p90, currency)} a year.")
    if seen.assumptions.success is not None:
        told = figures.money(plan.as_estimated, currency)
        st.text(f"If all worked as the teams estimate: {told} a year.")
    if plan.proven_optimal:
        st.text("Best possible plan for these capacities.")
    else:
        gap = figures.money(plan.gap, currency)
        st.text(f"Not proven to be the best: another plan could bring up to {gap} a year more.")


def drawn_plans(seen: Snapshot) -> tuple[PlanAtCapacity, ...]:
    """The best plan at other capacities."""
    with release_slot_while(who, "Drawing the plan at other capacities …"):
        return seen.computed(
            "plans by capacity",
            lambda: plans_by_capacity(seen.measured, seen.assumptions, seen.ideas, seen.planned),
        )


def curve_view(plan: BestPlan, plans: tuple[PlanAtCapacity, ...], funnel: Funnel) -> None:
    limited = any(map(isfinite, plan.capacity.values()))
    today = PlanAtCapacity(1, plan.capacity, plan.chosen, plan.gain)
    st.header("What more capacity would bring a year", anchor=False)
    draw_chart(
        "plans_chart",
        charts.plans_chart(plans, today if limited else None, funnel.currency),
        charts.plans_alt(plans, funnel.currency),
        charts.plans_table(plans, funnel.currency),
    )


def capacity_view(plan: BestPlan, plans: tuple[PlanAtCapacity, ...], funnel: Funnel) -> None:
    st.header("What it takes", anchor=False)
    draw_chart(
        "capacity_chart",
        charts.capacity_chart(plan.effort, plan.capacity, large=False),
        charts.capacity_alt(plan.effort, plan.capacity),
        charts.capacity_table(plan.effort, plan.capacity),
    )
    st.text(next_day(plan, funnel.currency))
    st.text(next_plan(plan, plans, funnel.currency))


def next_plan(plan: BestPlan, plans: tuple[PlanAtCapacity, ...], currency: str) -> str:
    """The first of the drawn plans that is better, and what it takes."""
    better = [each for each in plans if each.share > 1 and each.gain > plan.gain * 1.000001]
    if not better:
        return "More capacity than this would bring no better plan."
    more = figures.money(better[0].gain - plan.gain, currency)
    days = charts.person_days(better[0])
    return f"The next better plan takes {days}: {more} a year more."


def next_day(plan: BestPlan, currency: str) -> str:
    """What one person-day more of each side is worth, in a sentence."""
    limited = [side for side, days in plan.capacity.items() if isfinite(days)]
    if not limited:
        return "Neither side has a limit: set one to see what one more day is worth."
    worth = {side: plan.shadow_price[side] for side in limited}
    if not any(worth.values()):
        return f"One more {' or '.join(limited)} day alone would not bring more."
    told = [
        f"one more {side} day brings {figures.money(money, currency)} a year"
        if money
        else f"one more {side} day brings nothing"
        for side, money in worth.items()
    ]
    sentence = ", ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def ideas_view(seen: Snapshot, plan: BestPlan | str) -> None:
    funnel = seen.funnel
    chosen = plan.chosen if isinstance(plan, BestPlan) else ()
    credit = plan.credit if isinstance(plan, BestPlan) else {}
    ideas = {idea.id: idea for idea in seen.counted}
    ranked = [*seen.ranked.itertuples()]
    headings = [
        "Idea",
        "Gain alone",
        "Contribution to the plan",
        "Sales days",
        "Marketing days",
        "Choice",
    ]
    inside = [row for row in ranked if row.id in chosen]
    outside = [row for row in ranked if row.id not in chosen]
    # One box with as many lines whatever is chosen: a line that moved from one box to another was
    # seen in both until the next drawing.
    with st.container(border=True, key="plan_ideas"):
        for words, rows in (("In the plan", inside), ("Left out", outside)):
            st.header(f"{words}: {len(rows)}", anchor=False)
            for column, heading in zip(st.columns(WIDTHS), headings, strict=True):
                column.caption(heading)
            for row in rows:
                share = credit.get(row.id)
                with st.container(key=f"plan_row_{row.id}"):
                    idea_row(
                        seen.choice,
                        ideas[row.id],
                        figures.money(row.gain, funnel.currency),
                        figures.NOT_SAID
                        if share is None
                        else figures.money(share, funnel.currency),
                    )
    if any(not row.days for row in ranked):
        st.caption(NO_DAYS)
    if isinstance(plan, BestPlan):
        st.caption(
            escape_markdown(
                "Gain alone is what an idea brings on its own. Its contribution is what it adds to "
                "the plan on average, in any order (Shapley value): ideas on the same losses take "
                "from each other, ideas on different steps help each other. Together they make "
                f"{figures.money(plan.gain, funnel.currency)}."
            )
        )


def idea_row(choice: Choice, idea: Idea, gain: str, share: str) -> None:
    title, money, credit, sales, marketing, asked = st.columns(WIDTHS, vertical_alignment="center")
    title.text(idea.draft.title)
    money.text(gain)
    credit.text(share)
    said = idea.draft.days > 0
    sales.text(f"{idea.draft.days_sales:g}" if said else figures.NOT_SAID)
    marketing.text(f"{idea.draft.days_marketing:g}" if said else figures.NOT_SAID)
    key = f"plan_pin_{idea.id}"
    held = [condition.demand for condition in wished(choice, idea.id)]
    wanted = next(words for words, demand in WISHES.items() if demand in (held or [None]))
    # The records say the wish: it may have been changed on another screen, and a browser that has
    # missed it would send back the first one.
    state[key] = wanted
    asked.selectbox(
        "In the plan",
        list(WISHES),
        key=key,
        label_visibility="collapsed",
        on_change=wish,
        args=(idea.id,),
    )


def conditions_view(seen: Snapshot) -> None:
    called = names(seen.ideas)
    counted = {idea.id: called[idea.id] for idea in seen.counted}
    st.header("Ideas that need or exclude each other", anchor=False)
    if len(counted) < 2:
        st.text("With two ideas or more you can say here which one needs which.")
        return
    with st.form("plan_relation", enter_to_submit=False):
        st.selectbox("Idea", list(counted), format_func=counted.get, key="plan_idea")
        st.selectbox("Relationship", RELATIONS, format_func=DEMANDS.get, key="plan_demand")
        st.selectbox(
            "Other idea", list(counted), format_func=counted.get, key="plan_other", index=1
        )
        management.problem_line(state.get("plan_problem", ""))
        st.form_submit_button("Add", key="plan_relate", on_click=relate)
    for number, condition in enumerate(seen.choice.conditions):
        if condition.other_id or condition.idea_id not in counted:
            condition_row(number, condition, called)


def condition_row(number: int, condition: Condition, called: dict[str, str]) -> None:
    words = f"'{called[condition.idea_id]}' {DEMANDS[condition.demand]}"
    if condition.other_id:
        words += f" '{called[condition.other_id]}'"
    with st.container(key=f"plan_condition_{number}", horizontal=True, vertical_alignment="center"):
        st.text(words)
        st.button(
            "Remove",
            # Of this condition, not of its place: pressed twice, it takes no other one back.
            key=f"plan_waive_{condition.demand.name}_{condition.idea_id}_{condition.other_id}",
            type="tertiary",
            on_click=store.constraints.remove,
            args=(who, condition),
        )


def overlap_view(seen: Snapshot, plan: BestPlan) -> None:
    """One element in either case: what one drawing leaves out may stay from the last one."""
    ideas = tuple(idea for idea in seen.counted if idea.id in plan.chosen)
    found = overlaps(seen.funnel, seen.effects(ideas))
    if not found:
        st.caption("No two ideas of the plan go after the same losses.")
        return
    told = [escape_markdown(twice_counted(seen.funnel, ideas, group)) for group in found]
    st.warning("\n\n".join([*told, "The plan's gain counts it once."]), icon=":material/layers:")


def stage(seen: Snapshot) -> None:
    funnel, plan = seen.funnel, best_plan(seen)
    with st.container(key="plan"):
        capacity, gain = st.columns([4, 8], gap="large")
        with capacity:
            form = capacity_form(seen.choice)
            forms.show(who, "capacity_form", form, keeps_outbox=True)
        if isinstance(plan, BestPlan):
            with gain, st.container(key="plan_gain"):
                plan_figures(seen, plan)
            plans = drawn_plans(seen)
            curve, taken = st.columns([8, 4], gap="large")
            with curve, st.container(key="plan_curve"):
                curve_view(plan, plans, funnel)
            with taken, st.container(key="plan_taken"):
                capacity_view(plan, plans, funnel)
        else:
            with gain:
                management.problem_line(plan)
        left, right = st.columns([8, 4], gap="large")
        with left:
            ideas_view(seen, plan)
        with right:
            conditions_view(seen)
            if isinstance(plan, BestPlan):
                overlap_view(seen, plan)


management.page(who, stage)
