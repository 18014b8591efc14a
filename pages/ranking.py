"""The ranking: what the ideas are worth, why each is where it is, and who signs for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from workshop import charts
from workshop.activities import ranking
from workshop.analysis.agreed import wanted
from workshop.analysis.explanation import Standing, explanation
from workshop.analysis.ranking import aim
from workshop.analysis.scoring import turned_out
from workshop.domain.access import Role
from workshop.domain.people import Team
from workshop.forms.commitment import action_of, commitment_form
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import forms, gains, management
from workshop.ui.charts import draw_chart
from workshop.ui.identity import require
from workshop.ui.render_slots import yield_render_slot
from workshop.ui.text import escape_markdown
from workshop.wording import figures
from workshop.wording import second_look as said
from workshop.wording.commitments import STATUSES
from workshop.wording.outcome import HELD_UP

COLUMNS = {
    "place": st.column_config.NumberColumn("Place", width=60),
    "title": st.column_config.TextColumn("Idea", width=330),
    "step": st.column_config.TextColumn("Step", width=150),
    "gain": st.column_config.Column("Gain a year", width=90),
    "range": st.column_config.TextColumn("10–90 % range", width=110),
    "days_sales": st.column_config.NumberColumn("Sales days", format="%g", width=85),
    "days_marketing": st.column_config.NumberColumn("Marketing days", format="%g", width=110),
    "gain_per_day": st.column_config.Column(
        "Gain per person-day", width=140, help=f"{figures.NOT_SAID} where no person-days were said."
    ),
    "p_top3": st.column_config.ProgressColumn(
        "Chance of the top 3", format="%.0f %%", min_value=0, max_value=100, width=150
    ),
}

who = require(Role.MANAGER)
store = services.store()
state = st.session_state


def ranking_view(seen: Snapshot) -> None:
    counted, currency = seen.ranked, seen.funnel.currency
    yield_render_slot(who)
    with st.container(key="ranking"):
        if counted.empty:
            st.info(
                "No ideas yet. They appear here, best first, the moment a mini-team saves one. "
                "Meanwhile, look at Sensitivity: it says where an idea would pay most.",
                icon=":material/lightbulb:",
            )
            return
        chosen = idea_chosen(list(counted["id"]))
        if limited := ranking.limited(seen):
            st.warning(escape_markdown(limited), icon=":material/block:")
        agreed = {action.idea_id for action in wanted(seen.actions)}
        held_up = {idea_id for idea_id in counted["id"] if seen.is_held_up(idea_id)}
        ranking_table(counted, chosen, currency, agreed, held_up)
        yield_render_slot(who)
        left, right = st.columns(2, gap="large")
        with left, st.container(key="commit"):
            commit_form(seen, chosen)
        with right:
            why_view(seen, chosen)
            yield_render_slot(who)
            st.header("How sure is that?", anchor=False)
            st.write(
                "The dot is the expected gain a year. Eight times in ten, the gain lies in the bar."
            )
            with st.container(key="sensitivity"):
                draw_chart(
                    "ranking_chart",
                    seen.computed(
                        "ranking chart",
                        lambda: charts.ranking_chart(counted, currency, large=False),
                    ),
                    charts.RANKING_ALT,
                    charts.ranking_table(counted, currency),
                )


def why_view(seen: Snapshot, chosen: str) -> None:
    """The arithmetic of the chosen idea, sentence by sentence."""
    [row] = seen.ranked[seen.ranked["id"] == chosen].itertuples()
    st.header("Why is it here?", anchor=False)
    with st.container(key="why", border=True):
        for sentence in explanation(
            seen.measured,
            seen.assumptions,
            seen.idea(chosen),
            Standing(row.p10, row.p90, row.p_top3),
            seen.counted,
        ):
            st.text(sentence)


def idea_chosen(known: list[str]) -> str:
    """The idea that somebody chose; until then, or when it counts no longer, the best one."""
    if state.get("idea_chosen") not in known:
        state.idea_chosen = known[0]
    chosen: str = state.idea_chosen
    return chosen


def ranking_table(
    counted: pd.DataFrame,
    chosen: str,
    currency: str,
    agreed: Collection[str],
    held_up: Collection[str],
) -> None:
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
    said = counted["days"] > 0
    shown = counted.assign(
        title=[
            f"{f'{HELD_UP}: ' if idea_id in held_up else ''}{title}"
            f"{' ✓ agreed' if idea_id in agreed else ''}"
            for idea_id, title in zip(ids, counted["title"], strict=True)
        ],
        range=ranges,
        p_top3=100 * counted["p_top3"],
        days_sales=counted["days_sales"].where(said),
        days_marketing=counted["days_marketing"].where(said),
    )
    st.dataframe(
        # Every cell of a styled table is formatted, whether it is shown or not.
        shown[list(COLUMNS)].style.format(
            {"gain": money, "gain_per_day": money}, na_rep=figures.NOT_SAID
        ),
        placeholder=figures.NOT_SAID,
        key="ranking_table",
        alt="The ideas, best first; the row that is marked is in the form below",
        hide_index=True,
        on_select=choose_row,
        selection_mode="single-row",
        column_config=COLUMNS,
    )


def as_turned_out(seen: Snapshot) -> None:
    """The switch between what teams estimate and how much of that has come true here before."""
    factor = turned_out(seen.looks)
    if factor is None and seen.assumptions.turned_out is None:
        return
    # The records say it, on every run: it may have been switched on another screen.
    state.turned_out = seen.assumptions.turned_out is not None
    st.toggle(
        "As ours have turned out",
        key="turned_out",
        help="Multiplies every estimate by what earlier ones have come to, in place of how many of "
        "ten ideas work.",
        on_change=switch_turned_out,
        args=(factor,),
    )
    st.caption(escape_markdown(said.turned_out(factor)))


def switch_turned_out(factor: float | None) -> None:
    assumed = services.store().assumptions.current(who)
    reckoned = factor if state.turned_out else None
    services.store().assumptions.save(who, replace(assumed, turned_out=reckoned))


def commit_form(seen: Snapshot, chosen: str) -> None:
    funnel, idea, action = seen.funnel, seen.idea(chosen), action_of(store, who, chosen)
    # The form at one place of the page whatever stands above: what is typed stays.
    with st.container(key="above_commitment"):
        choose_idea(seen.ranked, chosen)
        [row] = seen.ranked[seen.ranked["id"] == chosen].itertuples()
        st.text(
            f"{aim(funnel.steps[idea.step], idea.draft)}. "
            f"Winning back {figures.percent(row.low)} to "
            f"{figures.percent(row.high)} of them would bring about "
            f"{figures.money(row.as_estimated, funnel.currency)} a year."
        )
        if seen.assumptions.success is not None:
            st.text(
                f"Allowing for ideas that fail and for hope: {gains.said_a_year(seen, row.gain)}."
            )
        st.text("The ranking is by gain. The plan looks at the person-days as well.")
        if action:
            st.text(f"Agreed already: {STATUSES[action.status]}, due {figures.day(action.due)}.")
    co_owners = others(seen.teams, action.owner if action else idea.draft.owner)
    form = commitment_form(idea, seen.measured, action, co_owners)
    forms.show(who, "commitment_form", form, keeps_outbox=True)


def choose_idea(counted: pd.DataFrame, chosen: str) -> None:
    titles = {idea.id: f"{idea.place}. {idea.title}" for idea in counted.itertuples()}

    def choose() -> None:
        state.idea_chosen = state.commit_idea

    st.header("Commit to an action", anchor=False)
    if state.get("commit_idea") != chosen:
        state.commit_idea = chosen
    st.selectbox(
        "Idea to commit",
        list(titles),
        format_func=titles.get,
        key="commit_idea",
        on_change=choose,
    )


def others(teams: Sequence[Team], owner: str) -> str:
    """Who in the room could be the co-owner: those who are not on the owner's side."""
    people = [person for team in teams for person in team.people]
    sides = {person.side for person in people if person.name == owner}
    names = [person.name for person in people if person.side not in sides]
    return f"For instance {' or '.join(names[:2])}" if names else ""


def stage(seen: Snapshot) -> None:
    management.figures_row(seen)
    as_turned_out(seen)
    ranking_view(seen)


management.page(who, stage)
