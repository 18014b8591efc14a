"""Questions on the screens of an upload, and what was answered while they are not on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

from workshop.forms.number import Limits
from workshop.ui.number_field import number_field

Option = TypeVar("Option")


class Answers:
    """Draws questions, each with an answer suggested, and keeps what was answered by their keys.

    Where another answer is suggested than before, what followed from the old one is not kept.
    `looks` are passed on to Streamlit's widget.
    """

    def __init__(self) -> None:
        self._given: dict[str, Any] = {}
        self._suggested: dict[str, Any] = {}

    def select(
        self, key: str, label: str, options: Sequence[Option], suggested: Option, **looks: Any
    ) -> Option:
        """One of several; where None is suggested, perhaps none of them."""
        st.selectbox(label, options, key=self._set(key, suggested, options), **looks)
        return self._taken(key, suggested)

    def radio(
        self, key: str, label: str, options: Sequence[Option], suggested: Option, **looks: Any
    ) -> Option:
        """The same, with all of them to be seen."""
        st.radio(label, options, key=self._set(key, suggested, options), **looks)
        return self._taken(key, suggested)

    def tick(self, key: str, label: str) -> bool:
        st.checkbox(label, key=self._set(key, False))
        return self._taken(key, False)

    def number(
        self, key: str, label: str, limits: Limits, suggested: str = "", *looks: str
    ) -> float | None:
        """A number; `looks` are the placeholder and the help of its field."""
        number = number_field(label, self._set(key, suggested), limits, *looks)
        self._taken(key, suggested)
        return number

    def given(self, key: str) -> Any:
        """What was answered, also where that question is drawn further down; None if nothing."""
        return st.session_state.get(key, self._given.get(key))

    def change(self, key: str, answer: object) -> None:
        """Answer a question that was asked before, as if somebody had."""
        if key in self._given:
            self._given[key] = answer
            st.session_state.pop(key, None)

    def forget(self) -> None:
        for key in self._given:
            st.session_state.pop(key, None)
        self._given, self._suggested = {}, {}

    def _set(self, key: str, suggested: object, options: Sequence[object] | None = None) -> str:
        """Set a widget to its answer, on every run.

        A browser that was still fetching the code of the widget knows only the newest one, and
        would show the first option of all instead.
        """
        answer = suggested
        if self._suggested.get(key, suggested) == suggested:
            answer = st.session_state.get(key, self._given.get(key, suggested))
        if options is not None and answer is not None and answer not in options:
            answer = suggested
        self._suggested[key] = suggested
        st.session_state[key] = answer
        return key

    def _taken(self, key: str, suggested: Option) -> Option:
        answer: Option = st.session_state[key]
        self._given[key] = answer
        return answer
