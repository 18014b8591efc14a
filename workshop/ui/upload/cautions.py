"""What to beware of in the numbers, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import assert_never

import streamlit as st

from workshop.intake import Caution, Code, Severity
from workshop.ui.text import escape_markdown

ABOUT_PERIOD = {Code.PERIOD_UNKNOWN, Code.PERIOD_BY_CLOSING, Code.PERIOD_SHORT}


def without(cautions: Iterable[Caution], codes: Collection[Code]) -> tuple[Caution, ...]:
    """The cautions that are about something else."""
    return tuple(one for one in cautions if one.code not in codes)


def show(cautions: Iterable[Caution]) -> None:
    """Draw them, each as loud as it is bad; those about the same stand together."""
    groups: dict[tuple[Severity, Code], list[Caution]] = {}
    for one in cautions:
        groups.setdefault((one.severity, one.code), []).append(one)
    order = list(Severity)
    for severity, code in sorted(groups, key=lambda group: -order.index(group[0])):
        told = groups[severity, code]
        match severity:
            case Severity.CRITICAL:
                st.error(f"**Check this first.** {_words(told)}", icon=":material/error:")
            case Severity.WARNING:
                st.warning(_words(told), icon=":material/warning:")
            case Severity.NOTE:
                with st.container(key=f"caution_note_{code}"):
                    for one in told:
                        st.text(str(one))
            case _:
                assert_never(severity)


def _words(cautions: Iterable[Caution]) -> str:
    return "\n\n".join(
        f"{escape_markdown(one.message)} {escape_markdown(one.remedy)}".strip() for one in cautions
    )
