"""The front door: join a workshop, start one, look at an example, or come back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import compare_digest

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from workshop import charts, demo, figures, intake, screen
from workshop.access import Role, Visitor, read_code
from workshop.funnel import revenue
from workshop.intake import IntakeError, Problem
from workshop.model import NAME_LENGTH, TITLE_LENGTH, Funnel, Side
from workshop.store import StoreError

PERIODS = {"A year": 365, "Half a year": 182, "A quarter": 91, "A month": 30}
CURRENCIES = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CAD", "AUD", "JPY", "BRL"]
FILES = ["csv", "txt", "tsv", "xlsx", "parquet"]

PROBLEMS_TOLD = 50
WRONG_KEY = (
    "The host key is not right. Write it into “Host key”; whoever runs this server knows it."
)

store = screen.store()


# -- join --------------------------------------------------------------------------------------


def join() -> None:
    with st.container(border=True, key="join_card", height="stretch"):
        st.subheader("Join", anchor=False)
        if "join_code" not in st.session_state:
            st.session_state.join_code = read_code(st.query_params.get("code", ""))
        with st.form("join", border=False):
            st.text_input("Room code, from the projector", key="join_code", max_chars=9)
            st.text_input("Your name", key="join_name", max_chars=NAME_LENGTH)
            st.radio(
                "Your side",
                list(Side),
                index=None,
                format_func=str.capitalize,
                horizontal=True,
                key="join_side",
            )
            if st.form_submit_button("Join", key="join_submit", type="primary", width="stretch"):
                take_seat()


def take_seat() -> None:
    state = st.session_state
    if not state.join_name.strip():
        st.error("Write your name, so that your team knows you.")
    elif state.join_side is None:
        st.error("Choose your side: teams are mixed from both.")
    else:
        try:
            token = store.join(read_code(state.join_code), state.join_name, state.join_side)
        except (StoreError, ValueError) as problem:
            st.error(screen.plain(str(problem)))
        else:
            leave(f"/enter/{token}")


# -- start -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    """What the start card asks for: a name, the host's key, and a file or the example."""

    name: str
    key: str
    source: UploadedFile | None
    example: bool

    @property
    def has_funnel(self) -> bool:
        return self.example or self.source is not None


def start() -> Wish:
    with st.container(border=True, key="start_card", height="stretch"):
        st.subheader("Start a workshop", anchor=False)
        name = st.text_input(
            "Name of the workshop",
            key="start_name",
            max_chars=TITLE_LENGTH,
            placeholder="Spring off-site",
        )
        key = st.text_input("Host key", key="start_key", type="password") if host_key() else ""
        source = st.file_uploader(
            "Funnel numbers: CSV, Excel or Parquet, one row a stage",
            key="start_funnel",
            type=FILES,
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            example = st.checkbox("Use the example funnel", key="start_example")
            templates()
        wish = Wish(name, key, source, example)
        if not wish.has_funnel:
            start_button(wish, None)
    return wish


def make_ready(wish: Wish) -> None:
    """Once there is a funnel: what was understood of it, and what the file does not say."""
    with st.container(border=True, key="start_ready"):
        left, right = st.columns([3, 2], gap="large")
        if wish.source is not None and not wish.example:
            with right:
                terms = ask()
            with left:
                funnel = read(wish.source, *terms)
        else:
            funnel = intake.example()
        if funnel is not None:
            with left:
                preview(funnel)
        with right:
            start_button(wish, funnel)


def ask() -> tuple[UploadedFile | None, float, str, int]:
    """What a file of stages does not say: why people were lost, deal value, currency, days."""
    value, currency = st.columns([3, 2])
    deal_value = value.number_input(
        "Mean value of a won deal", 0.0, 1e12, 10_000.0, 500.0, "%g", key="start_deal_value"
    )
    money = currency.selectbox("Currency", CURRENCIES, key="start_currency")
    days = st.selectbox("The numbers cover", list(PERIODS), key="start_period")
    losses = st.file_uploader(
        "Why prospects were lost, if you know: stage, reason, count",
        key="start_losses",
        type=FILES,
        help="Optional. It may be a second sheet of the funnel's Excel file as well.",
    )
    return losses, deal_value, money, PERIODS[days]


def start_button(wish: Wish, funnel: Funnel | None) -> None:
    if st.button("Start the workshop", key="start_submit", type="primary", width="stretch"):
        open_workshop(wish.name, wish.key, funnel)


def read(
    source: UploadedFile,
    losses: UploadedFile | None,
    deal_value: float,
    currency: str,
    period_days: int,
) -> Funnel | None:
    """The uploaded funnel, or every problem of the file at once."""
    try:
        with st.spinner("Reading the file …"):
            return intake.read_upload(
                source.name,
                source.getvalue(),
                (losses.name, losses.getvalue()) if losses else None,
                deal_value=deal_value,
                currency=currency,
                period_days=period_days,
            )
    except IntakeError as error:
        tell(error.problems)
        return None


def tell(problems: Sequence[Problem]) -> None:
    """What is wrong with a file and how to mend it: all of it, the first fifty in full."""
    st.error("This file cannot be used yet; nothing was changed. What to mend:")
    rows = pd.DataFrame(
        {
            "Line": "" if problem.line is None else figures.count(problem.line),
            "Column": screen.plain(problem.column or ""),
            "What is wrong": screen.plain(problem.message),
            "How to mend it": screen.plain(problem.remedy),
        }
        for problem in problems[:PROBLEMS_TOLD]
    )
    with st.container(key="start_problems"):
        st.table(rows, hide_index=True)
    if len(problems) > PROBLEMS_TOLD:
        more = figures.count(len(problems) - PROBLEMS_TOLD)
        st.text(f"And {more} more of the kind. Mend these first, then try again.")


def preview(funnel: Funnel) -> None:
    """What was understood, before it is accepted."""
    a_year = figures.a_year(revenue(funnel), funnel.period_days)
    with st.container(key="start_preview"):
        st.text("This is the funnel. Is it yours?")
        screen.chart(
            "preview_funnel",
            charts.funnel_chart(funnel, None, large=False),
            charts.funnel_alt(funnel, None),
            charts.funnel_table(funnel),
        )
        value = figures.exact_money(funnel.deal_value, funnel.currency)
        st.text(known_reasons(funnel))
        st.text(
            f"{figures.count(funnel.won)} won at {value} each: "
            f"about {figures.money(a_year, funnel.currency)} a year."
        )


def known_reasons(funnel: Funnel) -> str:
    lost = sum(step.lost for step in funnel.steps)
    explained = lost - sum(step.unexplained for step in funnel.steps)
    if not explained:
        return "Why prospects were lost is not in the file: the teams will only see how many."
    return f"Why is known for {figures.count(explained)} of {figures.count(lost)} lost."


def templates() -> None:
    with st.popover("Templates to fill in"):
        for template in sorted((screen.DATA / "templates").iterdir()):
            st.download_button(
                template.name,
                template.read_bytes(),
                template.name,
                on_click="ignore",
                key=f"template_{template.name.replace('.', '_')}",
            )


def may_host(key: str) -> bool:
    return compare_digest(key.encode(), host_key().encode())


def host_key() -> str:
    return os.environ.get("WORKSHOP_HOST_KEY", "")


def open_workshop(name: str, key: str, funnel: Funnel | None) -> None:
    if not name.strip():
        st.error("Give the workshop a name.")
    elif funnel is None:
        st.error("Upload the funnel numbers, or use the example funnel.")
    elif not may_host(key):
        st.error(WRONG_KEY)
    else:
        enter(store.start(name, funnel))


def enter(facilitator: Visitor) -> None:
    leave(f"/enter/{store.issue(facilitator, Role.FACILITATOR)}")


def leave(path: str) -> None:
    """Go to a screen; remembered, so that a run that overtakes this one goes there too."""
    st.session_state.way = path
    screen.go_to(path)


# -- example, and coming back --------------------------------------------------------------------


def example() -> None:
    with st.container(border=True, key="demo_card", height="stretch"):
        st.subheader("See an example", anchor=False)
        st.write(
            "A filled workshop: three mini-teams, their ideas, the ranking. Yours to play with."
        )
        if st.button("Open the example", key="start_demo", width="stretch"):
            if not may_host(st.session_state.get("start_key", "")):
                st.error(WRONG_KEY)
                return
            with st.spinner("Filling the example …"):
                facilitator = demo.fill(store)
            enter(facilitator)


def known_workshops() -> None:
    """The workshops this browser has been let into."""
    doors = []
    for cookie in st.context.cookies.to_dict():
        kind, _, rest = cookie.partition("_")
        role, _, code = rest.partition("_")
        if kind == "funnel" and role in set(Role) and (who := screen.visitor(Role(role), code)):
            doors.append((store.workshop(who), who.role))
    if not doors:
        return
    st.subheader("Your workshops", anchor=False)
    for workshop, role in sorted(doors, key=lambda door: door[0].created_at, reverse=True):
        with st.container(key=f"known_{role}_{workshop.code}"):
            st.text(workshop.name)
            st.text(workshop.code)
            st.page_link(
                f"{screen.PAGES[role]}.py",
                label=f"Go on as {role}",
                query_params={"w": workshop.code},
                icon=":material/arrow_forward:",
            )


if "way" in st.session_state:
    screen.go_to(st.session_state.way)
with st.container(key="home_title"):
    st.title("Run a Funnel Reality Check", anchor=False)
    st.write(
        "Sales and marketing look at the same numbers: what share of prospects is lost at each "
        "step, why, and what fixing it is worth."
    )
if "door" in st.query_params:
    st.warning("That link is not known here. Ask the facilitator for a new one.")
left, middle, right = st.columns([3, 4, 3], gap="medium")
with left:
    join()
with middle:
    wish = start()
with right:
    example()
if wish.has_funnel:
    make_ready(wish)
known_workshops()
