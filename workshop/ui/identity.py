"""Who is looking at a page, and what somebody sees who is not let in."""

from __future__ import annotations

import streamlit as st

from workshop.domain.access import Role, Visitor
from workshop.live import services
from workshop.live.visitors import admitted

SCREENS = {
    Role.FACILITATOR: "the facilitator's screen",
    Role.MANAGER: "management's screen",
    Role.PROJECTOR: "the board",
    Role.PARTICIPANT: "a mini-team's screen",
}
# What an open page says once the door it came by has been closed.
LINK_CLOSED = (
    "This link no longer works",
    "The facilitator has revoked it. Ask for a new one.",
)
SEAT_CLOSED = (
    "You are no longer on the list",
    "The facilitator has taken you off the list of this workshop; your ideas stay. If that was a "
    "mistake, ask to be taken back, then load this page again.",
)


def visitor(role: Role, code: str) -> Visitor | None:
    """Who this browser is in the workshop with this code, by its cookie for the role."""
    return admitted(st.context.cookies.to_dict(), role, code)


def require(*roles: Role) -> Visitor:
    """The visitor of this page, in the first of these roles that this browser has.

    Anybody else is told how to come in, and the page ends.
    """
    code = st.query_params.get("w", "")
    found = next((known for role in roles if (known := visitor(role, code))), None)
    if found is None:
        closed_door(*needs_link(roles[0]))
        st.stop()
    return found


def needs_link(role: Role) -> tuple[str, str]:
    """What who has not been let in reads in the place of a screen: a title, and a way in."""
    return (
        "This screen needs its link",
        f"It is {SCREENS[role]} of a workshop, and this browser has not been let in. "
        "Open the link that the facilitator gave you, or join with the room code.",
    )


def closed_door(title: str, words: str) -> None:
    """What somebody sees who is not let in, or no more."""
    with st.container(key="closed_door"):
        st.title(title)
        st.write(words)
        st.page_link("home.py", label="Join or start a workshop", icon=":material/home:")


def is_in(who: Visitor) -> bool:
    """Whether the link or the seat of this open page still holds."""
    return visitor(who.role, services.store().workshops.get(who).code) == who
