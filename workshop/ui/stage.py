"""The part of a page that is drawn again on a tick, and the line on which ticks come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from workshop import metrics
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Timer
from workshop.live import services
from workshop.live.hub import APART_SECONDS
from workshop.live.visitors import topics
from workshop.store import StoreError
from workshop.ui.components import STYLE, load_component
from workshop.ui.identity import LINK_CLOSED, SEAT_CLOSED, closed_door, is_in
from workshop.ui.render_slots import screen_slot
from workshop.ui.text import escape_markdown

# How far apart, in milliseconds, a screen is drawn anew while one change follows the other. After
# a pause each is drawn at once.
APART = {
    Role.PROJECTOR: 150,
    Role.FACILITATOR: 500,
    Role.PARTICIPANT: round(1000 * APART_SECONDS),
    Role.MANAGER: 1_000,
}

_live, _drawn, _clock, _announce = map(load_component, ("live", "drawn", "clock", "announce"))


@st.fragment(key="stage")
def draw_stage(who: Visitor, draw: Callable[[], None]) -> None:
    """The part of the page that is drawn again on a tick.

    The browser learns first how new it is, by the stamp of its beginning, so that what changes
    meanwhile is still to be drawn, and so that a drawing which fails can be asked for again.
    """
    metrics.RUNS.labels(who.role).inc()
    with screen_slot(who):
        stamp = services.hub().stamp(who.workshop_id, topics(who))
        _drawn(key="drawn", data={"stamp": stamp}, on_tick_change=lambda: None)
        if is_in(who):
            draw()
        else:
            closed_door(*(SEAT_CLOSED if who.role is Role.PARTICIPANT else LINK_CLOSED))


def show_store_error(error: Exception) -> bool:
    """Say on the screen what the records could not do; whether that was what went wrong.

    For whatever page or button it was: what is typed stays, since the form is not touched.
    """
    if not isinstance(error, StoreError):
        return False
    # What fails in a button's call is drawn from the top, in the place of the style.
    st.html(STYLE)
    st.toast(escape_markdown(str(error)), icon=":material/error:", duration=20)
    return True


def live_line(who: Visitor) -> None:
    """The page's line to the server: on a tick the stage is drawn again.

    Shows in words whether the line is up. What it is told stays the same while the server runs:
    new data would mount it anew.
    """
    _live(
        key="live",
        data={
            "code": services.store().workshops.get(who).code,
            "role": who.role.value,
            "epoch": services.hub().epoch,
            "apart": APART[who.role],
        },
        height="content",
        width="content",
    )


def announce(place: str) -> None:
    """Where the room is, said to who does not see it: whenever it has changed, and only then."""
    _announce(key="announce", data={"place": place}, height="content")


def countdown(key: str, timer: Timer) -> None:
    """A countdown to a moment of the server's clock; nothing where the timer does not run.

    In its last part it is amber and says so in words; at zero it says that too.
    """
    data = countdown_of(timer)
    if data is not None:
        _clock(key=key, data=data, width="content")


def countdown_of(timer: Timer) -> dict[str, Any] | None:
    """What the clock has to know; None where the timer does not run."""
    if timer.ends_at is None:
        return None
    warns_at = timer.warns_at or timer.ends_at
    return {
        "ends_at": timer.ends_at.timestamp() * 1000,
        "warns_at": warns_at.timestamp() * 1000,
        "nearly": "Nearly over",
        "over": "Time is up",
    }
