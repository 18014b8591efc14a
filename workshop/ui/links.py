"""The links and the recovery code that a facilitator hands on, prints or keeps."""

from __future__ import annotations

import streamlit as st

from workshop.domain.access import Role, Visitor, in_groups
from workshop.live import services
from workshop.ui import navigation

# What each link opens, in the order they are handed out.
LINKS = {
    Role.PROJECTOR: "Board (projector, read-only)",
    Role.MANAGER: "Management",
    Role.FACILITATOR: "Co-facilitator (a second browser with this screen)",
}


def door(who: Visitor, role: Role) -> str:
    """A link for another screen; made once a session, since only its hash is kept."""
    key = f"door_{role}"
    if key not in st.session_state:
        st.session_state[key] = f"/enter/{services.store().tokens.issue(who, role)}"
    return navigation.address() + str(st.session_state[key])


def link(who: Visitor, role: Role) -> None:
    """The link for a screen, and the way to close all that were ever given."""
    st.text(LINKS[role])
    st.code(door(who, role), language=None)
    sure = st.checkbox(
        "Revoke all links to this screen. Everyone using one is signed out at once.",
        key=f"withdraw_sure_{role}",
    )
    if sure:
        st.button(
            "Revoke them and make a new link",
            key=f"withdraw_{role}",
            icon=":material/link_off:",
            on_click=_withdraw,
            args=(who, role),
        )


def _withdraw(who: Visitor, role: Role) -> None:
    services.store().tokens.withdraw_links(who, role)
    st.session_state.pop(f"door_{role}", None)
    st.session_state[f"withdraw_sure_{role}"] = False


def new_recovery_code(who: Visitor) -> None:
    """Make a code that brings the facilitator back; this session shows it until it is put away."""
    st.session_state.recovery = in_groups(services.store().tokens.renew_recovery_code(who))


def recovery_code() -> str:
    """The code that this session has made; empty where it has made none, or put it away."""
    return str(st.session_state.get("recovery", ""))


def notice(who: Visitor) -> None:
    """At the start of a workshop, once: the recovery code, before anything else."""
    if not who.is_starter:
        return
    workshop = services.store().workshops.get(who)
    if not (workshop.is_demo or services.store().tokens.has_recovery_code(who)):
        new_recovery_code(who)
    if not recovery_code():
        return
    with st.container(key="recovery", horizontal=True, vertical_alignment="center"):
        st.text("Your recovery code, shown this once. It brings back this screen:")
        st.code(recovery_code(), language=None)
        print_link(workshop.code)
        st.button("I have kept it", key="recovery_kept", on_click=_put_away)


def _put_away() -> None:
    st.session_state.pop("recovery", None)


def print_link(code: str) -> None:
    """The way to the page with all links."""
    st.page_link(
        "links.py", label="Links to print", icon=":material/print:", query_params={"w": code}
    )
