"""Numbers that can be accepted, and what every screen of an upload shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from workshop import charts, figures, screen
from workshop.funnel import revenue
from workshop.intake import Problem
from workshop.model import Funnel
from workshop.number_field import MONEY, number_field, written
from workshop.origin import Origin

PERIODS = {"A year": 365, "Half a year": 182, "A quarter": 91, "A month": 30}
CURRENCIES = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CAD", "AUD", "JPY", "BRL"]
PROBLEMS_TOLD = 50


@dataclass(frozen=True)
class Numbers:
    """A funnel that was understood, and where it comes from."""

    funnel: Funnel
    origin: Origin


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


def preview(funnel: Funnel, *, is_valued: bool = True) -> None:
    """What was understood, before it is accepted; money only where a deal's value is known."""
    a_year = figures.a_year(revenue(funnel), funnel.period_days)
    with st.container(key="start_preview"):
        st.text("This is the funnel. Is it yours?")
        screen.chart(
            "preview_funnel",
            charts.funnel_chart(funnel, None, large=False),
            charts.funnel_alt(funnel, None),
            charts.funnel_table(funnel),
            height="content",
        )
        value = figures.exact_money(funnel.deal_value, funnel.currency)
        st.text(known_reasons(funnel))
        won = f"{figures.count(funnel.won)} won"
        if not is_valued:
            st.text(f"{won}. Say what a won deal is worth, and you see what that is a year.")
            return
        st.text(f"{won} at {value} each: about {figures.money(a_year, funnel.currency)} a year.")


def known_reasons(funnel: Funnel) -> str:
    lost = sum(step.lost for step in funnel.steps)
    explained = lost - sum(step.unexplained for step in funnel.steps)
    if not explained:
        return "Why prospects were lost is not in the file: the teams will only see how many."
    return f"Why is known for {figures.count(explained)} of {figures.count(lost)} lost."


def deal_value(known: float | None, before: Funnel | None) -> tuple[float | None, str]:
    """Ask for the mean value of a won deal, filled in where the files say it, and the currency.

    Where they do not, both are those of the funnel of `before`; without one nobody's guess stands
    there, and the value is None until it is given.
    """
    usual, money = (before.deal_value, before.currency) if before else (None, "EUR")
    filled = usual if known is None else known
    help_ = "The mean of the won deals in the files." if known is not None else None
    value, currency = st.columns([3, 2])
    fill("start_deal_value", written(None if filled is None else round(filled, 2)))
    with value:
        given = number_field("Mean value of a won deal", "start_deal_value", MONEY, "18,500", help_)
    return given, currency.selectbox(
        "Currency", CURRENCIES, index=CURRENCIES.index(money), key="start_currency"
    )


def fill(key: str, text: str) -> None:
    """Put a text into a field, and another one when it changes, but never over what was typed."""
    state = st.session_state
    if state.get(key, "") in ("", state.get(f"{key}_filled", "")):
        state[key] = text
    state[f"{key}_filled"] = text
