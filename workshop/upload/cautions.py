"""What to beware of in the numbers, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import assert_never

import streamlit as st

from workshop import screen
from workshop.intake import Caution, Code, Severity

ABOUT_PERIOD = {Code.PERIOD_UNKNOWN, Code.PERIOD_BY_CLOSING, Code.PERIOD_SHORT}


def without(cautions: Iterable[Caution], codes: Collection[Code]) -> tuple[Caution, ...]:
    """The cautions that are about something else."""
    return tuple(one for one in cautions if one.code not in codes)


def show(cautions: Iterable[Caution]) -> None:
    """Draw them, each as loud as it is bad; the quiet ones stand together."""
    order = list(Severity)
    worst_first = sorted(cautions, key=lambda one: -order.index(one.severity))
    notes = [one for one in worst_first if one.severity is Severity.NOTE]
    for one in worst_first:
        match one.severity:
            case Severity.CRITICAL:
                st.error(f"**Check this first.** {_words(one)}", icon=":material/error:")
            case Severity.WARNING:
                st.warning(_words(one), icon=":material/warning:")
            case Severity.NOTE:
                pass
            case _:
                assert_never(one.severity)
    if notes:
        with st.container(key=f"cautions_notes_{notes[0].code}"):
            for one in notes:
                st.text(str(one))


def _words(caution: Caution) -> str:
    return f"{screen.plain(caution.message)} {screen.plain(caution.remedy)}".strip()
