"""Who has signed the agreement, and the form for those who sign on the screen of who leads."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workshop.domain.access import Visitor, fingerprint
from workshop.domain.agreement import Agreement, Signature
from workshop.domain.checks import NAME_LENGTH
from workshop.forms.signature import signature_for_form
from workshop.live import services
from workshop.ui import forms
from workshop.ui.text import keyed_text
from workshop.wording.agreement import CLAUSES, signed_by
from workshop.wording.shortening import shorten
from workshop.wording.sides import LETTERS


def signed(who: Visitor, version: int) -> tuple[Signature, ...]:
    """Who has signed a version, in the order they did."""
    signatures = services.store().agreements.signatures(who)
    return tuple(one for one in signatures if one.version == version)


def clauses(agreement: Agreement) -> None:
    """The clauses, each under its heading."""
    for place, (kind, text) in enumerate(agreement.clauses):
        with st.container(key=f"clause_{place}"):
            st.text(CLAUSES[kind])
            st.text(" ".join(text.split()))


def names(prefix: str, signatures: Sequence[Signature], longest: int = NAME_LENGTH) -> None:
    """Names with the letter and the colour of their side; `prefix` tells them from others."""
    for one in signatures:
        key = f"side_{one.side}_{_code(prefix, one)}"
        keyed_text(key, f"{LETTERS[one.side]} {shorten(one.name, longest)}")


def signatures_of_the_current(who: Visitor, current: Agreement | None) -> None:
    """Who has signed, each with the way back; then the form. What is typed keeps its place."""
    with st.container(key="signatures"):
        if current is not None:
            those = signed(who, current.version)
            st.text(f"Version {current.version}. {signed_by(len(those))}")
            for one in those:
                code = _code("own", one)
                with st.container(
                    key=f"signature_{code}",
                    horizontal=True,
                    vertical_alignment="center",
                ):
                    names("now", [one])
                    st.button(
                        "Take back",
                        key=f"unsign_{code}",
                        type="tertiary",
                        icon=":material/undo:",
                        on_click=services.store().agreements.take_back,
                        args=(who, one.version, one.name, one.side),
                    )
    form = None if current is None else signature_for_form(current.version)
    forms.show(who, "signature_form", form)


def _code(prefix: str, one: Signature) -> str:
    """Fit for the key of an element, whatever the name."""
    return f"{prefix}_{one.version}_{fingerprint(f'{one.side} {one.name}')[:16]}"
