"""Sensitivity: what moves the revenue, idea by idea, step by step, and what nobody knows yet."""

from __future__ import annotations

from typing import assert_never

import streamlit as st

from workshop import charts
from workshop.activities.ranking import VIEWS, how_the_room_guessed, to_find_out
from workshop.analysis.ranking import improvements_a_year, lenses_a_year
from workshop.analysis.sensitivity import first_order, total_order
from workshop.analysis.unknowns import least_known
from workshop.domain.access import Role
from workshop.domain.agenda import BoardView, Phase
from workshop.domain.lens import Lens
from workshop.domain.workshop import MOST_POINTS, Workshop
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import management
from workshop.ui.charts import draw_chart
from workshop.ui.identity import require
from workshop.ui.text import escape_markdown
from workshop.wording import figures
from workshop.wording.lenses import LENSES, SEEN_BY_ALL

MOST_IDEAS = 12

who = require(Role.MANAGER)
state = st.session_state


def ideas_view(seen: Snapshot) -> None:
    counted, currency = seen.ranked, seen.funnel.currency
    st.header("What each idea could bring a year", anchor=False)
    if counted.empty:
        st.info(
            "No ideas yet. Until the first one comes, Steps says where an idea would pay most.",
            icon=":material/lightbulb:",
        )
        return
    st.text(
        "The dot is the expected gain of the idea alone. Eight times in ten the gain lies in the "
        "bar; top 3 is the chance of being among the best three."
    )
    draw_chart(
        "ideas_chart",
        seen.computed(
            "tornado chart", lambda: charts.ranking_chart(counted, currency, False, MOST_IDEAS)
        ),
        charts.RANKING_ALT,
        charts.ranking_table(counted, currency),
    )
    if len(counted) > MOST_IDEAS:
        st.text(f"The first {MOST_IDEAS} of {figures.count(len(counted))}; all are in the ranking.")


def show_points() -> None:
    services.store().agenda.show_points(who, state.points)


def improvement_view(seen: Snapshot) -> None:
    funnel, points = seen.funnel, seen.workshop.points
    st.subheader("What the revenue becomes as one step gets better", anchor=False)
    # The records say it, on every run: it may have been changed on another screen.
    state.points = points
    st.slider(
        "Percentage points better",
        0.0,
        float(MOST_POINTS),
        step=0.5,
        format="%g",
        key="points",
        on_change=show_points,
        help="Everybody sees the same: the board follows.",
    )
    improvements = improvements_a_year(funnel)
    st.text(
        f"{charts.best_improvement(improvements, points, funnel.currency)} A diamond marks where a "
        "step reaches its benchmark."
    )
    draw_chart(
        "improvement_chart",
        charts.improvement_chart(improvements, points, funnel.currency),
        charts.IMPROVEMENT_ALT,
        charts.improvement_table(improvements, points, funnel.currency),
    )


def steps_view(seen: Snapshot) -> None:
    funnel = seen.funnel
    lenses = lenses_a_year(funnel)
    left, right = st.columns(2, gap="large")
    with left:
        st.header("What improving each step is worth, a year", anchor=False)
        lens = st.segmented_control(
            "How much better",
            list(LENSES),
            format_func=lambda lens: escape_markdown(LENSES[lens].name),
            default=Lens.PLUS_1PP,
            required=True,
            key="lens",
        )
        st.text(LENSES[lens].sentence)
        draw_chart(
            "lenses_chart",
            seen.computed(
                f"chart of {lens}",
                lambda: charts.lenses_chart(lenses, funnel.currency, False, lens),
            ),
            charts.lenses_alt(lens),
            charts.lenses_table(lenses, funnel.currency),
        )
    with right:
        st.header(f"The same steps, seen {SEEN_BY_ALL}", anchor=False)
        st.table(charts.lenses_table(lenses, funnel.currency).map(escape_markdown))
        st.write(
            "**+10 % is worth the same at every step**: revenue is the product of all the "
            "rates, so a tenth more at any of them is a tenth more revenue (elasticity 1). "
            "It cannot say which step to improve. The other four can."
        )


def unknown_view(seen: Snapshot) -> None:
    funnel = seen.funnel
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Where the uncertainty about revenue comes from", anchor=False)
        own, total = first_order(funnel).tolist(), total_order(funnel).tolist()
        st.text(
            "Each rate was counted on a limited number of cases. The solid bar and the first "
            "figure show how much of the uncertainty would go if this rate were known exactly. "
            "The hatched bar and the second figure add what it does together with the others."
        )
        draw_chart(
            "sobol_chart",
            seen.computed("sobol", lambda: charts.sobol_chart(own, total, funnel.steps, False)),
            charts.sobol_alt(own, total, funnel.steps),
            charts.sobol_table(own, total, funnel.steps),
        )
        st.text(least_known(funnel))
    with right, st.container(key="worth_knowing"):
        st.header("What to find out before deciding", anchor=False)
        for sentence in to_find_out(seen):
            st.text(sentence)
        how_the_room_guessed(seen)


def on_the_board(workshop: Workshop, view: BoardView) -> None:
    """Show the room what is looked at here."""
    shown = workshop.board_view is view
    ranking = workshop.position.phase == Phase.RANK
    with st.container(
        key="show_on_board", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.button(
            "The board shows this" if shown else "Show this on the board",
            key="show_view",
            icon=":material/check:" if shown else ":material/cast:",
            disabled=shown,
            on_click=services.store().agenda.show_view,
            args=(who, view),
        )
        if not ranking:
            st.caption("The board shows it once the room is at the ranking.")


def stage(seen: Snapshot) -> None:
    with st.container(key="sensitivity"):
        with st.container(key="sensitivity_head", horizontal=True, vertical_alignment="center"):
            view = st.segmented_control(
                "What to look at",
                list(BoardView),
                format_func=VIEWS.get,
                default=BoardView.IDEAS,
                required=True,
                key="sensitivity_view",
                label_visibility="collapsed",
            )
            on_the_board(seen.workshop, view)
        match view:
            case BoardView.IDEAS:
                ideas_view(seen)
            case BoardView.IMPROVEMENT:
                improvement_view(seen)
            case BoardView.STEPS:
                steps_view(seen)
            case BoardView.UNKNOWN:
                unknown_view(seen)
            case _:
                assert_never(view)


management.page(who, stage)
