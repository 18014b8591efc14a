"""A screen is drawn when the render queue calls it; long work lets others be drawn meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import streamlit as st

from workshop.domain.access import Role, Visitor, cookie_name
from workshop.live import services
from workshop.live.visitors import admitted
from workshop.server.gate import home

# Who is drawn first when many want to be: the whole room looks at the projector.
URGENCY = {Role.PROJECTOR: 0, Role.FACILITATOR: 1, Role.PARTICIPANT: 2, Role.MANAGER: 3}


def screen_slot(who: Visitor) -> AbstractContextManager[None]:
    """The slot in which a screen of this visitor's is drawn; everybody else waits for its end."""
    return services.render_queue.acquire(URGENCY[who.role], who.workshop_id)


def page_slot() -> AbstractContextManager[None]:
    """The slot of a page that is opened, as one of the workshop this browser is let into.

    Who is in nowhere waits with the others of the same network.
    """
    code, cookies = st.query_params.get("w", ""), st.context.cookies.to_dict()
    doors = (role for role in Role if cookie_name(role, code) in cookies)
    visitors = (admitted(cookies, role, code) for role in doors)
    found = next(filter(None, visitors), None)
    whose = found.workshop_id if found else home(st.context.ip_address or "")
    return services.render_queue.acquire(URGENCY[Role.PARTICIPANT], whose)


@contextmanager
def release_slot_while(who: Visitor, words: str) -> Iterator[None]:
    """What takes longer than a screen may: says so, and lets others be drawn meanwhile."""
    with st.spinner(words), services.render_queue.release(URGENCY[who.role]):
        yield


def yield_render_slot(who: Visitor) -> None:
    """Between two parts of a costly screen: whoever is more urgent is drawn first."""
    with services.render_queue.release(URGENCY[who.role]):
        pass
