"""A field of Streamlit's for a number.

A browser's own number field turns 8.000 into 8 and 2,5 into 25, as its language wants it.
"""

from __future__ import annotations

import streamlit as st

from workshop.forms.number import Limits, read, written
from workshop.ui.text import escape_markdown


def number_field(
    label: str,
    key: str,
    limits: Limits,
    placeholder: str | None = None,
    help_: str | None = None,
) -> float | None:
    """Ask for a number; None while there is none, and the field says why where it is no number.

    The session holds what was typed, a text, under `key`.
    """
    text = st.text_input(label, key=key, placeholder=placeholder, help=help_, autocomplete="off")
    try:
        value = read(text, limits)
    except ValueError as problem:
        st.markdown(f":small[:red[{escape_markdown(str(problem))}]]")
        return None
    if value is not None and text.strip() != written(value):
        st.caption(escape_markdown(f"Understood as {written(value)}"))
    return value


def typed(key: str, limits: Limits, name: str) -> float | None:
    """What was typed into a field of a page, None where it is empty.

    Raises ValueError, which names the field, where it is no number.
    """
    try:
        return read(st.session_state[key], limits)
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from None
