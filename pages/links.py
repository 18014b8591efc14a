"""All ways into a workshop on one page, to print and to keep."""

from __future__ import annotations

import streamlit as st

from workshop.domain.access import Role
from workshop.live import services
from workshop.ui import links, navigation
from workshop.ui.identity import require
from workshop.ui.text import escape_markdown

who = require(Role.FACILITATOR)
workshop = services.store().workshops.get(who)


def recovery() -> None:
    """The code, as long as this session knows it; else the way to a new one."""
    st.header("Recovery code", anchor=False)
    if code := links.recovery_code():
        st.code(code, language=None)
        st.text("Type it on the home page, under “I lost the facilitator's screen”.")
        return
    if not who.is_starter:
        st.text("The facilitator who started the workshop has it.")
        return
    st.text("It is shown once, when it is made. A new one ends the one before it.")
    st.button(
        "Make a new recovery code",
        key="recovery_new",
        icon=":material/key:",
        on_click=links.new_recovery_code,
        args=(who,),
    )


with st.container(key="print_page"):
    st.title(escape_markdown(workshop.name), anchor=False)
    with st.container(key="print_head"):
        st.image(navigation.qr(workshop.code), width=180, alt="QR code to join")
        with st.container(key="print_code"):
            st.text("Room code")
            st.text(workshop.code)
            st.text("Join: " + navigation.join_address(workshop.code))
    for role, name in links.LINKS.items():
        st.header(name, anchor=False)
        st.code(links.door(who, role), language=None, wrap_lines=True)
    recovery()
    with st.container(key="print_notes"):
        st.text("Whoever holds this page may open all of these screens: keep it in private.")
        st.text("To print it, press Ctrl+P (on a Mac ⌘P).")
    st.page_link(
        "facilitate.py",
        label="Back to the workshop",
        icon=":material/arrow_back:",
        query_params={"w": workshop.code},
    )
