"""The entrance: room codes, links, recovery codes and the host key, each behind the gate."""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from secrets import compare_digest
from typing import TypeVar

import streamlit as st

from workshop.domain.access import Visitor, fingerprint, read_recovery_code
from workshop.domain.people import Side
from workshop.live import services
from workshop.server import operating
from workshop.server.gate import (
    CODES,
    HOST_KEYS,
    LINKS,
    LOOKS,
    RECOVERY_CODES,
    RESTORES,
    SEATS_ELSEWHERE,
    SEATS_NEARBY,
    STARTS,
    SUBMISSIONS,
    Gate,
    home,
)
from workshop.store import UnknownCode

Holder = TypeVar("Holder")
# Not among the cookies that a session is bound to: it ends by itself.
HOST_COOKIE = "workshop_host"
HALF_A_DAY = 12 * 3600
MOST_DIGITS = 12


@cache
def gate() -> Gate:
    """The gate of this process."""
    return Gate()


def here() -> str:
    """The network from which the browser before this page comes."""
    return home(st.context.ip_address or "127.0.0.1")


def find(code: str, where: str) -> str:
    """The workshop of a room code.

    Raises UnknownCode, and TooMany after too many wrong codes, except for the code of a workshop
    of which a screen is open in the same network.
    """
    workshop_id = gate().ask(
        CODES,
        where,
        lambda: services.store().workshops.find(code),
        is_known_here=lambda workshop_id: services.hub().is_known_at(workshop_id, where),
    )
    if workshop_id is None:
        raise UnknownCode(code)
    return workshop_id


def join(code: str, name: str, side: Side, where: str, token: str = "") -> str:
    """Seat somebody by the room code; returns the token of the seat.

    With the `token` of the seat that their form names, joining twice is joining once. Where seats
    are taken too fast, they wait at the door. Raises as `find` and `Store.join` do.
    """
    workshop_id = find(code, where)
    is_too_fast = not gate().keeps_pace(
        SEATS_NEARBY if services.hub().is_led_from(workshop_id, where) else SEATS_ELSEWHERE,
        where,
        workshop_id,
    )
    return services.store().seats.join(code, name, side, must_ask=is_too_fast, token=token)


def known(look: Callable[[], Holder | None], where: str) -> Holder | None:
    """Whom `look` finds by the token of a link or a cookie.

    128 bits are not guessed, so the right token passes however many wrong ones there were; after
    too many a wrong one raises TooMany.
    """
    return gate().ask(LINKS, where, look, is_known_here=lambda holder: True)


def recover(typed: str) -> str | None:
    """The token of a workshop's facilitator by the recovery code; None where it is not known.

    92 bits are not guessed, so the right code passes as the right link does.
    """
    code = read_recovery_code(typed)
    found = gate().ask(
        RECOVERY_CODES,
        here(),
        lambda: services.store().tokens.find_by_recovery_code(code),
        is_known_here=lambda workshop_id: True,
    )
    return None if found is None else services.store().tokens.recover(code)


def host_key() -> str:
    """The key that starting a workshop asks for; empty where everybody may start one."""
    return os.environ.get("WORKSHOP_HOST_KEY", "")


def is_host_key(key: str, where: str) -> bool:
    """Whether this is the host key; raises TooMany after too many wrong ones."""
    is_right = compare_digest(key.encode(), host_key().encode())
    return bool(gate().ask(HOST_KEYS, where, lambda: is_right or None))


def host_proof() -> str:
    """What proves for half a day that a browser has shown the host key; "" where none can be made.

    The moment at which it ends, and a hash of it and the host key, keyed with what lies beside the
    records while the server runs. So it says nothing about the host key, and another host key, or
    another start of the server, ends it.
    """
    return _proof(int(time.time()) + HALF_A_DAY)


def is_host(cookies: Mapping[str, str]) -> bool:
    """Whether a browser may start workshops: all may where there is no host key."""
    if not host_key():
        return True
    shown = cookies.get(HOST_COOKIE, "")
    ends, _, _ = shown.partition(".")
    if not (ends.isdecimal() and ends.isascii() and time.time() < int(ends[:MOST_DIGITS])):
        return False
    right = _proof(int(ends[:MOST_DIGITS]))
    return right != "" and compare_digest(shown.encode(), right.encode())


def _proof(ends: int) -> str:
    key = operating.key()
    if not key:
        return ""
    said = f"{ends} {host_key()}".encode()
    return f"{ends}.{hmac.new(key, said, 'sha256').hexdigest()}"


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


def count_look(who: Visitor) -> None:
    """Count that a mini-team's page asks what it shows; raises TooMany."""
    gate().count_try(LOOKS, who.mark)


def count_check_in(token: str) -> None:
    """Count what the holder of a check-in link sends; raises TooMany."""
    gate().count_try(SUBMISSIONS, fingerprint(token))
