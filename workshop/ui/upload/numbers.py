"""Numbers that can be accepted, and what every screen of an upload shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from workshop import charts
from workshop.domain.funnel import Funnel
from workshop.domain.origin import Origin
from workshop.forms.number import MONEY, written
from workshop.intake import Problem
from workshop.ui.charts import draw_chart
from workshop.ui.number_field import number_field
from workshop.ui.text import escape_markdown
from workshop.ui.upload import sentences
from workshop.wording import figures

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
            "Column": escape_markdown(problem.column or ""),
            "What is wrong": escape_markdown(problem.message),
            "How to mend it": escape_markdown(problem.remedy),
        }
        for problem in problems[:PROBLEMS_TOLD]
    )
    with st.container(key="start_problems"):
        st.table(rows, hide_index=True)
    if len(problems) > PROBLEMS_TOLD:
        more = figures.count(len(problems) - PROBLEMS_TOLD)
        st.text(f"And {more} more of the kind. Mend these first, then try again.")


def preview(funnel: Funnel, told: Sequence[str] = ()) -> None:
    """What was understood, before it is accepted; `told` are the sentences to check first."""
    with st.container(key="start_preview"):
        st.text("This is the funnel. Is it yours?")
        with st.container(key="preview_sentences"):
            for sentence in told or (*sentences.of_counts(funnel), sentences.of_money(funnel)):
                st.text(sentence)
        draw_chart(
            "preview_funnel",
            charts.funnel_chart(funnel, None, large=False),
            charts.funnel_alt(funnel, None),
            charts.funnel_table(funnel),
            height="content",
        )
        st.text(known_reasons(funnel))


def known_reasons(funnel: Funnel) -> str:
    lost = sum(step.lost for step in funnel.steps)
    explained = lost - sum(step.unexplained for step in funnel.steps)
    if not explained:
        return "Why prospects were lost is not in the file: the teams will only see how many."
    return f"We know the reason for {figures.count(explained)} of {figures.count(lost)} losses."


def deal_value(
    known: float | None, before: Funnel | None, currency: str | None = None
) -> tuple[float | None, str]:
    """Ask for the mean value of a won deal, filled in where the files say it, and the currency.

    Where they do not, both are those of the funnel of `before`; without one nobody's guess stands
    there, and the value is None until it is given. `currency` is that of the files.
    """
    usual, money = (before.deal_value, before.currency) if before else (None, "EUR")
    money = currency or money
    currencies = CURRENCIES if money in CURRENCIES else [money, *CURRENCIES]
    filled = usual if known is None else known
    help_ = "The mean of the won deals in the files." if known is not None else None
    left, right = st.columns([3, 2])
    fill("start_deal_value", written(None if filled is None else round(filled, 2)))
    with left:
        given = number_field("Mean value of a won deal", "start_deal_value", MONEY, "18,500", help_)
    return given, right.selectbox(
        "Currency", currencies, index=currencies.index(money), key="start_currency"
    )


def fill(key: str, text: str) -> None:
    """Put a text into a field, and another one when it changes, but never over what was typed.

    What is in the field already is not said again: that would empty what is being typed there.
    """
    state = st.session_state
    held = state.get(key, "")
    if held != text and held in ("", state.get(f"{key}_filled", "")):
        state[key] = text
    state[f"{key}_filled"] = text
