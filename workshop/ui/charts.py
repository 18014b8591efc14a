"""A chart on a page, with the words and the table that stand in for it."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import streamlit as st

from workshop.ui.text import escape_markdown


def draw_chart(
    key: str,
    spec: dict[str, Any],
    alt: str,
    table: pd.DataFrame,
    height: Literal["stretch", "content"] = "stretch",
) -> None:
    """Draw a chart; for a screen reader, its sentence and its figures as a table.

    It fills the height that the page gives, or takes its own (`content`).
    """
    with st.container(key=key, height=height):
        st.vega_lite_chart(spec=spec, theme="streamlit", alt=alt, height=height)
    with st.container(key=f"{key}_words"):
        st.table(table.map(lambda cell: escape_markdown(str(cell))).rename(columns=escape_markdown))
