"""What to decide: what is agreed, the best plan of what is not, why it, and who signs for it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import pandas as pd
import streamlit as st

from workshop import charts
from workshop.analysis.agreed import overbooked, wanted
from workshop.analysis.bridge import Bridge, bridge
from workshop.analysis.conversion import revenue
from workshop.analysis.explanation import reckoned
from workshop.analysis.planning import BestPlan
from workshop.analysis.ranking import goes_after
from workshop.domain.access import Role
from workshop.domain.commitment import Commitment
from workshop.domain.idea import Idea
from workshop.forms.capacity import capacity_form
from workshop.forms.commitments import commitments_form
from workshop.forms.success import success_form
from workshop.live.snapshot import Snapshot
from workshop.ui import forms, gains, management
from workshop.ui.charts import draw_chart
from workshop.ui.identity import require
from workshop.ui.plan import best_plan
from workshop.ui.text import escape_markdown, keyed_text
from workshop.wording import figures
from workshop.wording.commitments import STATUSES

MOST_ACTIONS = 5
SMALL = 0.05
"""So little between the sum of the gains and the joint one needs no words."""

MOST_AT_ONCE = 5
"""So many ideas are signed for in one form."""

who = require(Role.MANAGER)


def agreed(seen: Snapshot) -> None:
    """What is agreed, and what it brings together."""
    st.header("Agreed so far", anchor=False)
    if not seen.actions:
        st.text("Nothing yet.")
        return
    st.text(gains.agreed_together(seen))
    if over := overbooked(seen.choice, seen.planned):
        st.warning(over, icon=":material/event_busy:")
    for action in seen.actions[:MOST_ACTIONS]:
        st.text(told(action))
    if len(seen.actions) > MOST_ACTIONS:
        st.text(f"And {len(seen.actions) - MOST_ACTIONS} more, under Actions.")


def told(action: Commitment) -> str:
    return (
        f"{action.title}: {action.owner} with {action.co_owner}, by {figures.day(action.due)} "
        f"({STATUSES[action.status]})"
    )


def decision(
    seen: Snapshot, plan: BestPlan, chosen: Sequence[Idea], undecided: Sequence[Idea]
) -> None:
    """The best plan in a sentence, its chosen ideas, and how their gains add up."""
    funnel = seen.funnel
    st.header("Decide next", anchor=False)
    keyed_text("decision_headline", headline(seen, plan, undecided))
    keyed_text("decision_how_sure", how_sure(seen, plan))
    rows = [row(seen, idea, plan.credit[idea.id], idea not in undecided) for idea in chosen]
    if rows:
        # One element, however many ideas: each is sent to the browser by itself.
        st.table(pd.DataFrame(rows).map(escape_markdown), border="horizontal", hide_index=True)
    if not undecided:
        st.page_link(
            "actions.py",
            label="To the actions: print and sign",
            icon=":material/checklist:",
            query_params={"w": seen.workshop.code},
        )
    a_year = of_a_year(bridge(funnel, seen.effects(chosen)), funnel.period_days)
    if abs(a_year.together - a_year.alone) < SMALL * a_year.alone:
        return
    st.header("Why not simply add them up?", anchor=False)
    st.text(
        "Two ideas on the same losses win a prospect back only once. And whoever gets past one "
        "step meets the better steps after it."
    )
    draw_chart(
        "bridge_chart",
        charts.bridge_chart(a_year, funnel.currency),
        charts.bridge_alt(a_year, funnel.currency),
        charts.bridge_table(a_year, funnel.currency),
    )


def in_plan(seen: Snapshot, plan: BestPlan) -> list[Idea]:
    """The ideas of the plan, the largest contribution first."""
    chosen = [idea for idea in seen.counted if idea.id in plan.chosen]
    return sorted(chosen, key=lambda idea: -plan.credit[idea.id])


def of_a_year(one: Bridge, days: int) -> Bridge:
    return Bridge(
        *(figures.a_year(part, days) for part in (one.alone, one.overlap, one.compounding))
    )


def headline(seen: Snapshot, plan: BestPlan, undecided: Sequence[Idea]) -> str:
    """What to do, in one sentence."""
    brings = gains.said_a_year(seen, plan.gain)
    if not plan.chosen:
        return "No idea fits this capacity. Give more person-days, or find smaller ideas."
    if not undecided:
        return f"The best plan is agreed: {brings}."
    if is_open(plan, undecided):
        return (
            f"All {len(plan.chosen)} ideas together: {brings}. Enter the days that your teams can "
            "spare, and the best set of ideas for them stands here."
        )
    these = "this idea" if len(undecided) == 1 else f"these {len(undecided)} ideas"
    if len(undecided) < len(plan.chosen):
        adds = gains.said_a_year(seen, plan.gain - seen.agreed_gain)
        it = "it adds" if len(undecided) == 1 else "they add"
        brings = f"{it} {adds}. With what is agreed that is {brings}"
    return f"Commit to {these}: {brings}, more than any other choice within {capacity(plan)}."


def is_open(plan: BestPlan, undecided: Sequence[Idea]) -> bool:
    """Whether several ideas are left and nothing limits them: then there is nothing to choose."""
    return len(undecided) > 1 and not any(map(isfinite, plan.capacity.values()))


def capacity(plan: BestPlan) -> str:
    """The person-days there are, in words."""
    limited = [f"{days:g} {side} days" for side, days in plan.capacity.items() if isfinite(days)]
    return " and ".join(limited) or "any capacity"


def how_sure(seen: Snapshot, plan: BestPlan) -> str:
    """The range of the plan, and the other money, smaller."""
    currency = seen.funnel.currency
    today = figures.a_year(revenue(seen.funnel), seen.funnel.period_days)
    sentences = [
        f"Eight times in ten {figures.range_of_money(plan.p10, plan.p90, currency)} more a year, "
        f"on top of {figures.money(today, currency)} today."
    ]
    if seen.assumptions.success is not None:
        sentences.append(
            f"If all worked as the teams estimate: {figures.money(plan.as_estimated, currency)}."
        )
        sentences.append(
            f"{reckoned(seen.assumptions.success)} Plans to sell more usually bring about three "
            "quarters of what was set out, and estimates that stand out are usually too high. All "
            "of that is taken off already."
        )
    if not plan.proven_optimal:
        gap = figures.money(plan.gap, currency)
        sentences.append(f"Another choice could bring up to {gap} more.")
    return " ".join(sentences)


def row(seen: Snapshot, idea: Idea, credit: float, is_agreed: bool) -> dict[str, str]:
    """An idea of the plan, in words: what it goes after, what it adds, what it takes."""
    days = f"S {idea.draft.days_sales:g} · M {idea.draft.days_marketing:g}"
    return {
        "Idea": f"{idea.draft.title} (agreed ✓)" if is_agreed else idea.draft.title,
        "What it goes after": f"{seen.funnel.steps[idea.step].name}: {goes_after(idea.draft)}",
        "Adds to the total": figures.money(credit, seen.funnel.currency),
        "Days: sales S, marketing M": days if idea.draft.days else figures.NOT_SAID,
    }


def questions(seen: Snapshot, plan: BestPlan | str, undecided: Sequence[Idea]) -> None:
    """What only management can say. Each form at one place: what is typed stays."""
    unasked = seen.assumptions.success is None
    with st.container(key="question_success"):
        if unasked:
            st.header("1. How many ideas work?", anchor=False)
    forms.show(who, "success_form", success_form() if unasked else None, keeps_outbox=True)
    st.header(f"{2 if unasked else 1}. How many days are there?", anchor=False)
    forms.show(who, "capacity_form", capacity_form(seen.choice))
    ready = undecided if isinstance(plan, BestPlan) and not is_open(plan, undecided) else ()
    with st.container(key="commit_head"):
        if ready:
            st.header(f"{3 if unasked else 2}. Who signs for it?", anchor=False)
        if len(ready) > MOST_AT_ONCE:
            st.text(f"The first {MOST_AT_ONCE} of {len(ready)}; the others follow.")
    form = commitments_form(ready[:MOST_AT_ONCE]) if ready else None
    forms.show(who, "commitments_form", form)


def stage(seen: Snapshot) -> None:
    plan = best_plan(seen)
    known = {action.idea_id for action in wanted(seen.actions)}
    chosen = in_plan(seen, plan) if isinstance(plan, BestPlan) else []
    undecided = [idea for idea in chosen if idea.id not in known]
    with st.container(key="decision"):
        left, right = st.columns([7, 4], gap="large")
        with left:
            with st.container(key="agreed"):
                agreed(seen)
            with st.container(key="decide"):
                if not seen.counted:
                    st.info(
                        "No ideas yet. The moment the mini-teams save some, the best choice "
                        "stands here.",
                        icon=":material/lightbulb:",
                    )
                elif isinstance(plan, BestPlan):
                    decision(seen, plan, chosen, undecided)
                else:
                    management.problem_line(plan)
        with right:
            questions(seen, plan, undecided)


management.page(who, stage)
