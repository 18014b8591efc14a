"""What the pages of management share: the way between them, their figures, their charts."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from workshop.analysis.conversion import revenue
from workshop.analysis.gains import joint_gain
from workshop.domain.access import Visitor
from workshop.domain.funnel import Funnel
from workshop.live import services, snapshot
from workshop.live.snapshot import Snapshot
from workshop.ui import gains
from workshop.ui.downloads import take_home
from workshop.ui.stage import draw_stage, live_line
from workshop.ui.text import escape_markdown, origin_line
from workshop.wording import figures

VIEWS = {
    "manage.py": ("Decision", ":material/gavel:"),
    "ranking.py": ("Ranking", ":material/format_list_numbered:"),
    "sensitivity.py": ("Sensitivity", ":material/align_horizontal_left:"),
    "assumptions.py": ("Assumptions", ":material/tune:"),
    "whatif.py": ("What if", ":material/sliders:"),
    "plan.py": ("Plan", ":material/task_alt:"),
    "agreement.py": ("Agreement", ":material/handshake:"),
    "answers.py": ("Answers", ":material/forum:"),
    "actions.py": ("Actions", ":material/checklist:"),
    "company.py": ("Second look", ":material/event_repeat:"),
}


def page(who: Visitor, draw: Callable[[Snapshot], None]) -> None:
    """A page of management: its header with the way to the others, below it what changes."""
    workshop = services.store().workshops.get(who)
    with st.container(key="manage_head", horizontal=True, vertical_alignment="center"):
        st.title(escape_markdown(workshop.name), anchor=False)
        with st.container(width="content"):
            live_line(who)
        take_home(who)
    with st.container(key="manage_views", horizontal=True, gap="small"):
        for file, (label, icon) in VIEWS.items():
            st.page_link(file, label=label, icon=icon, query_params={"w": workshop.code})
    draw_stage(who, lambda: draw(snapshot.take(who)))
    with st.container(key="origin"):
        origin_line(who)


def figures_row(seen: Snapshot) -> None:
    """Revenue today, what all ideas could add, how many ideas and actions there are."""
    funnel = seen.funnel
    with st.container(key="figures_row"):
        columns = st.columns([3, 5, 2, 2])
        with columns[0]:
            money_metric("Revenue today a year", revenue(funnel), funnel)
        with columns[1]:
            money_metric(
                f"All ideas together a year, {gains.how_sure(seen)}",
                joint_gain(funnel, seen.effects(seen.counted)),
                funnel,
            )
        columns[2].metric("Ideas", figures.count(len(seen.counted)))
        columns[3].metric("Actions agreed", figures.count(len(seen.actions)))


def money_metric(label: str, worth: float, funnel: Funnel) -> None:
    """The money of one period of the funnel, as money a year."""
    a_year = figures.a_year(worth, funnel.period_days)
    st.metric(
        label,
        escape_markdown(figures.money(a_year, funnel.currency)),
        help=escape_markdown(f"{figures.exact_money(a_year, funnel.currency)} a year"),
    )


def problem_line(problem: str) -> None:
    if problem:
        st.error(escape_markdown(problem), icon=":material/error:")


def done_toast() -> None:
    """Say what has just been done, once."""
    if "done" in st.session_state:
        st.toast(st.session_state.pop("done"), icon=":material/check_circle:")


def in_percent(fraction: float) -> float:
    """A fraction as a form shows it; the rounding hides that 100 · 0.07 is not 7."""
    return round(100 * fraction, 6)
