"""On which line of a file its columns are named."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from workshop.forms.number import Limits, written
from workshop.intake import Opened
from workshop.intake.lead_database import Table
from workshop.ui.text import escape_markdown
from workshop.ui.upload.answers import Answers
from workshop.wording import figures

LINES = Limits(1, 200, whole=True)
SHOWN, LETTERS = 5, 200  # of the lines above the names


def show_headers(opened: Opened) -> None:
    """Say where the columns are named, of files in which lines stand above that."""
    for table in _by_name(opened).values():
        if table.skipped:
            st.text(_where(table))
            _show_skipped(table)


def ask_headers(
    opened: Opened, answers: Answers, open_again: Callable[[Mapping[str, int]], None]
) -> None:
    """Show on which line the columns of each file are named, and let it be another one."""
    for number, table in enumerate(_by_name(opened).values()):
        with (
            st.container(key=f"header_{number}"),
            st.expander(escape_markdown(_where(table)), expanded=bool(table.skipped)),
        ):
            _show_skipped(table)
            label, guess = "The column names stand on line", written(table.header_line)
            line = answers.number(f"header_line_{number}", label, LINES, guess)
            is_same = line is None or int(line) == table.header_line
            st.button(
                "Read from that line",
                key=f"header_open_{number}",
                disabled=is_same,
                on_click=open_again,
                args=({table.name: int(line or 1)},),
            )


def _by_name(opened: Opened) -> dict[str, Table]:
    """The first table of each file in which a line names the columns; Parquet has none."""
    tables = [table for table in opened.database.tables if table.names_columns_on_a_line]
    return {table.name: table for table in reversed(tables)}


def _where(table: Table) -> str:
    return f"The column names stand on line {table.header_line} of {table.name}."


def _show_skipped(table: Table) -> None:
    if not table.skipped:
        return
    st.text("Above them, not read:")
    for text in table.skipped[:SHOWN]:
        st.text(text if len(text) <= LETTERS else f"{text[:LETTERS]} …")
    if len(table.skipped) > SHOWN:
        st.text(f"and {figures.counted(len(table.skipped) - SHOWN, 'more line')}")
