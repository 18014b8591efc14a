"""Deal values in several currencies: the one that counts, and what the others are worth in it."""

from __future__ import annotations

import streamlit as st

from workshop.forms.number import Limits
from workshop.intake import Caution, Opened
from workshop.intake.currencies import UNNAMED, main_currency, mixed
from workshop.intake.layout import Field, Layout
from workshop.ui.upload.answers import Answers
from workshop.wording import figures

RATES = Limits(0.000001, 1_000_000)


def ask_currency(
    opened: Opened, layout: Layout, answers: Answers
) -> tuple[str | None, dict[str, float], tuple[Caution, ...]]:
    """The currency that counts, the rates of others in it, and what to beware of in that."""
    if Field.VALUE not in layout.columns:
        return None, {}, ()
    found = opened.currencies(layout)
    codes = [code for code, _ in found.most_common() if code != UNNAMED]
    if len(codes) < 2:
        return main_currency(found), {}, ()
    with st.container(key="layout_currency"):
        chosen = answers.select(
            "currency",
            "Which currency counts?",
            codes,
            codes[0],
            format_func=lambda code: f"{code}: {figures.counted(found[code], 'deal value')}",
        )
        rates = {
            code: rate
            for code in codes
            if code != chosen and (rate := _ask_rate(code, chosen, answers)) is not None
        }
    return chosen, rates, mixed(found, chosen, rates)


def left_out(opened: Opened, layout: Layout) -> tuple[Caution, ...]:
    """What to beware of in deal values in several currencies, read by this layout."""
    if Field.VALUE not in layout.columns:
        return ()
    return mixed(opened.currencies(layout), layout.currency, layout.exchange)


def _ask_rate(code: str, chosen: str, answers: Answers) -> float | None:
    return answers.number(
        f"rate_{code.lower()}_{chosen.lower()}",
        f"1 {code} is worth … {chosen}",
        RATES,
        "",
        "left out of the mean",
        f"Without it, deals in {code} do not count in the mean value.",
    )
