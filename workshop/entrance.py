"""The entrance: room codes, links, recovery codes and the host key, each behind the gate."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from secrets import compare_digest
from string import Template

import streamlit as st

from workshop import screen
from workshop.access import Visitor, read_recovery_code
from workshop.gate import (
    CODES,
    HOST_KEYS,
    LINKS,
    RECOVERY_CODES,
    RESTORES,
    SEATS_ELSEWHERE,
    SEATS_NEARBY,
    STARTS,
    SUBMISSIONS,
    Gate,
    home,
)
from workshop.model import Side


@cache
def gate() -> Gate:
    """The gate of this process."""
    return Gate()


def here() -> str:
    """The network from which the browser before this page comes."""
    return home(st.context.ip_address or "127.0.0.1")


def join(code: str, name: str, side: Side) -> str:
    """Seat somebody by the room code; returns the token of the seat.

    Raises TooMany after too many wrong codes, except for the code of a workshop of which a
    screen is open in the same network. Where seats are taken too fast, they wait at the door.
    """
    where = here()
    workshop_id = gate().ask(
        CODES,
        where,
        lambda: screen.store().find(code),
        is_known_here=lambda workshop_id: screen.hub().is_known_at(workshop_id, where),
    )
    is_too_fast = workshop_id is not None and not gate().keeps_pace(
        SEATS_NEARBY if screen.hub().is_led_from(workshop_id, where) else SEATS_ELSEWHERE,
        where,
        workshop_id,
    )
    return screen.store().join(code, name, side, must_ask=is_too_fast)


def known(look: Callable[[], Visitor | None], where: str) -> Visitor | None:
    """Whom `look` finds by the token of a link or a cookie.

    128 bits are not guessed, so the right token passes however many wrong ones there were; after
    too many a wrong one raises TooMany.
    """
    return gate().ask(LINKS, where, look, is_known_here=lambda visitor: True)


def second_seat(held: Visitor, other: Visitor) -> str:
    """The page that asks before a browser gives up its seat for another one: the link may be
    somebody else's, who would have this browser write under their name."""
    store = screen.store()
    workshop = store.workshop(held)
    page = Template((screen.PARTS / "second_seat.html").read_text("utf-8"))
    return page.substitute(
        workshop=escape(workshop.name),
        own=escape(store.own_name(held)),
        other=escape(store.own_name(other)),
        code=workshop.code,
        mark=held.mark,
    )


def recover(typed: str) -> str | None:
    """The token of a workshop's facilitator by the recovery code; None where it is not known.

    92 bits are not guessed, so the right code passes as the right link does.
    """
    code = read_recovery_code(typed)
    found = gate().ask(
        RECOVERY_CODES,
        here(),
        lambda: screen.store().find_by_recovery_code(code),
        is_known_here=lambda workshop_id: True,
    )
    return None if found is None else screen.store().recover(code)


def host_key() -> str:
    """The key that starting a workshop asks for; empty where everybody may start one."""
    return os.environ.get("WORKSHOP_HOST_KEY", "")


def is_host(key: str) -> bool:
    """Whether this is the host key; raises TooMany after too many wrong ones."""
    is_right = compare_digest(key.encode(), host_key().encode())
    return bool(gate().ask(HOST_KEYS, here(), lambda: is_right or None))


@contextmanager
def starting() -> Iterator[None]:
    """Within it a workshop starts; raises TooMany after too many.

    What fails counts for its address alone. With a host key whoever has shown it starts as many
    as they like.
    """
    if host_key():
        yield
        return
    gate().count_try(STARTS, here())
    yield
    gate().count_success(STARTS)


def count_restoring() -> None:
    """Count a backup that is about to be tried, for its address alone; raises TooMany."""
    if not host_key():
        gate().count_try(RESTORES, here())


def count_restored() -> None:
    """Count a workshop that has come back, for all addresses together."""
    if not host_key():
        gate().count_success(RESTORES)


def count_submission(who: Visitor) -> None:
    """Count a form that somebody sends; raises TooMany."""
    gate().count_try(SUBMISSIONS, who.mark)
