"""What somebody has chosen in a form, kept while the form is not on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

Choice = TypeVar("Choice")
Said = dict[str, Any]


def recall(said: Said, key: str, first: Any) -> str:
    """Set the widget `key` to what was chosen in it before, else to `first`; returns the key.

    Where `first` is another one than before, what followed from the old one is not kept either.
    It is set on every run: a browser that was still fetching the code of the widget knows only the
    newest one, and would show the first option of all instead.
    """
    guess = f"{key}, first"
    is_same = said.get(guess, first) == first
    chosen = st.session_state.get(key, said.get(key, first))
    said[guess] = first
    st.session_state[key] = chosen if is_same else first
    return key


def recall_one(said: Said, key: str, options: Sequence[Choice], first: Choice | None) -> str:
    """The same for a choice, which may be none of the options any more."""
    recall(said, key, first)
    if st.session_state[key] is not None and st.session_state[key] not in options:
        st.session_state[key] = first
    return key


def note(said: Said, key: str) -> Any:
    """Remember what is chosen in the widget `key`."""
    said[key] = st.session_state[key]
    return said[key]
