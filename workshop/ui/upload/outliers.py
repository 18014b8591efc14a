"""Rows dated far from all others: shown, and left out where somebody wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import streamlit as st

from workshop.intake import Read
from workshop.intake.layout import Layout
from workshop.intake.period import DayCounts, on
from workshop.intake.report import Cause
from workshop.wording import figures

SHOWN = 5
KEY = "leave_out_far_dates"


def offer(read: Read, layout: Layout, read_as: Callable[[Layout], None]) -> None:
    """Draw the dates far from all others, if there are any, and whether their rows count."""
    queries = read.cohort.follow_up
    days = [days for days in (queries.entered_days, queries.ended_days) if days is not None]
    far = far_dates(days)
    if not far and layout.between is None:
        return

    def turn() -> None:
        between = usual_dates(days) if st.session_state[KEY] else None
        read_as(replace(layout, between=between))

    with st.container(key="far_dates"):
        if layout.between is None:
            st.text("Dates far from all others")
            for day, leads in list(far.items())[:SHOWN]:
                st.text(f"{figures.day(day)}: {figures.counted(leads, 'lead')}")
            if len(far) > SHOWN:
                st.text(f"and {figures.counted(len(far) - SHOWN, 'more day')}")
        else:
            rows = read.cohort.report.set_aside.get(Cause.OUTLIER, 0)
            st.text(
                f"{figures.counted(rows, 'row is', 'rows are')} left out: only dates "
                f"{figures.dates(*layout.between)} count."
            )
        st.session_state[KEY] = layout.between is not None
        st.checkbox("Leave these rows out", key=KEY, on_change=turn)


def far_dates(known: list[DayCounts]) -> dict[date, int]:
    """The days outside, with the number of leads that have one as first or last."""
    far: dict[date, int] = {}
    for days in known:
        for day, leads in days.outliers.items():
            far[day] = max(leads, far.get(day, 0))
    return dict(sorted(far.items()))


def usual_dates(known: list[DayCounts]) -> tuple[date, date]:
    """The first and the last day that are not far from all others."""
    return on(min(days.first for days in known)), on(max(days.last for days in known))
