"""A closer look at one step: by segment, why, and how long it takes."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from workshop import charts
from workshop.analysis.maturity import Basis
from workshop.domain.import_codes import Counting
from workshop.intake import Cohort, Read
from workshop.ui.charts import draw_chart
from workshop.ui.text import escape_markdown
from workshop.ui.upload.counting import Counted
from workshop.wording import figures


def look_closer(read: Read, counting: Counting, window: timedelta | None) -> None:
    """Draw what is known of one step."""
    cohort = read.cohort
    with st.container(key="closer"):
        st.header("A closer look", anchor=False)
        st.selectbox(
            "At the step",
            range(len(cohort.steps)),
            format_func=lambda place: cohort.steps[place],
            key="closer_step",
            width=340,
        )
        step: int = st.session_state.closer_step
        segments, why, days = st.tabs(["By segment", "Why", "How long it takes"])
        with segments:
            _by_segment(read, counting, window, step)
        with why:
            _why(read, counting, window, step)
        with days:
            _days(read, step)


def _by_segment(read: Read, counting: Counting, window: timedelta | None, step: int) -> None:
    reached = read.cohort.by_segment(counting, window)
    if len(reached) < 2:
        st.text("No column says which segment or channel a lead came from.")
        return
    draw_chart(
        "segments",
        charts.segments_chart(reached, step),
        charts.segments_alt(reached, step),
        charts.segments_table(reached, step),
        height="content",
    )


def _why(read: Read, counting: Counting, window: timedelta | None, step: int) -> None:
    funnel = Counted(counting, window, Basis.NAIVE, None, None).funnel(read)
    left, right = st.columns(2, gap="large")
    with left:
        st.text("Why they did not go on")
        draw_chart(
            "why_lost",
            charts.reasons_chart(funnel.steps[step], large=False),
            charts.reasons_alt(funnel.steps[step]),
            charts.reasons_table(funnel.steps[step]),
            height="content",
        )
    with right:
        won = read.cohort.won_reasons()
        st.text("Why customers bought")
        if won:
            reasons, counts = map(escape_markdown, won), map(figures.count, won.values())
            rows = {"Reason": [*reasons], "Won": [*counts]}
            st.table(pd.DataFrame(rows), hide_index=True)
        else:
            st.text("No column says why they bought.")


def _days(read: Read, step: int) -> None:
    took = read.cached("days", Cohort.days)
    if took["median"].isna().all():
        st.text("Of no lead two dates are known, so nobody can tell how long a step takes.")
        return
    months = read.cached("months", Cohort.days_by_month)
    here = months[months["step"] == read.cohort.steps[step]]
    left, right = st.columns(2, gap="large")
    with left:
        days = charts.days_table(took)
        st.table(days.map(lambda cell: escape_markdown(str(cell))), hide_index=True)
    with right:
        st.text("Half of those who go on do so within … days, by the month in which they entered")
        if here.empty:
            st.text("Nobody went on whose two dates are known.")
            return
        draw_chart(
            "months",
            charts.months_chart(here),
            charts.months_alt(here),
            charts.months_table(here),
            height="content",
        )
