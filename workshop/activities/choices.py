"""What each side chose: how many chose what, and how far the sides agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from workshop import charts
from workshop.activities.board_cards import count_the_rest
from workshop.analysis.agreement import agreement
from workshop.domain.people import Side
from workshop.domain.question import Answered
from workshop.forms.answers import Asked
from workshop.ui.charts import draw_chart
from workshop.ui.text import keyed_text
from workshop.wording import answers as said

MOST_OPTIONS, MOST_ROWS = 9, 6
"""As many as are read from six metres: rows of the chart, and rows where there is none."""


def counts(given: Sequence[Answered], side: Side | None) -> Counter[str]:
    """How many of a side chose what, by its code; of all together where sides are pooled: None."""
    return Counter(
        one.answer.value
        for one in given
        if one.side is side and isinstance(one.answer.value, str) and one.answer.value
    )


def agreement_of(given: Sequence[Answered]) -> float | None:
    """How far sales and marketing agree, 0..1; None where one of them has not chosen."""
    sales, marketing = (counts(given, side) for side in (Side.SALES, Side.MARKETING))
    if not sales or not marketing:
        return None
    return agreement(_shares(sales), _shares(marketing))


def _shares(chosen: Counter[str]) -> dict[str, float]:
    return {code: number / chosen.total() for code, number in chosen.items()}


def picture(asked: Asked, given: Sequence[Answered]) -> None:
    """Sales left, marketing right; who belongs to neither, and who cannot say, in a line."""
    pooled = counts(given, None)
    if pooled:
        in_rows(asked, pooled)
        return
    sales, marketing = (counts(given, side) for side in (Side.SALES, Side.MARKETING))
    codes = most_chosen(asked.question.options, sales + marketing)
    labels = [asked.labels.get(code, code) for code in codes]
    columns = [sales[code] for code in codes], [marketing[code] for code in codes]
    with st.container(key="board_whole"):
        draw_chart(
            "board_choices",
            charts.choices_chart(labels, *columns, large=True),
            charts.choices_alt(labels, *columns),
            charts.choices_table(labels, *columns),
        )
    count_the_rest(len(asked.question.options) - len(codes), "possible answer")
    aside = in_a_line(asked, given)
    if aside:
        keyed_text("board_aside", aside)


def most_chosen(options: Sequence[str], chosen: Counter[str]) -> list[str]:
    """The options that the board has room for, in their order."""
    kept = sorted(options, key=lambda code: -chosen[code])[:MOST_OPTIONS]
    return [code for code in options if code in kept]


def in_rows(asked: Asked, chosen: Counter[str]) -> None:
    """How many of all together chose what, most first."""
    with st.container(key="board_pooled"):
        for place, (code, number) in enumerate(chosen.most_common(MOST_ROWS)):
            with st.container(key=f"pooled_{place}"):
                st.text(str(number))
                st.text(asked.labels.get(code, code))
    count_the_rest(len(chosen) - MOST_ROWS, "answer")
    keyed_text("board_aside", said.POOLED)


def told(asked: Asked, chosen: Counter[str]) -> str:
    """How many chose what, most first."""
    return " · ".join(
        f"{asked.labels.get(code, code)} {number}" for code, number in chosen.most_common()
    )


def in_a_line(asked: Asked, given: Sequence[Answered]) -> str:
    """What the two columns leave out; "" where that is nothing."""
    others = counts(given, Side.OTHER)
    silent = sum(one.answer.value is None for one in given)
    parts = [f"The third side: {told(asked, others)}."] if others else []
    parts += [said.cannot_say(silent)] if silent else []
    return " ".join(parts)
