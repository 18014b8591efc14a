"""The gate: wrong guesses at codes, keys and links are counted, and stopped where they are many.

What is no guess but may be too much is counted here as well: seats that are taken, workshops that
are started.

Only wrong guesses count, so a room that joins at once is never too many. Where an address has
guessed too often, or all addresses together have, even a right guess is refused for as long,
since an answer would tell the guesser. Who is known at that address already goes through: a room
behind one address must get in while somebody in the same hotel guesses. docs/decisions.md works
out what is left to luck.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TypeVar

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

Found = TypeVar("Found")

_HOMES = 64  # bits of an IPv6 address that name a household; it owns all addresses below


class TooMany(Exception):  # noqa: N818 — "raise TooMany" says it
    """Too many wrong guesses, or too many workshops; a sentence says what to do."""


@dataclass(frozen=True)
class Limit:
    """How many wrong guesses are looked at, from one address and from all together."""

    name: str
    per_address: RateLimitItem
    in_total: RateLimitItem
    says: str


CODES = Limit(
    "code",
    RateLimitItemPerMinute(20),
    RateLimitItemPerMinute(300),
    "Too many wrong room codes in the last minute. Wait a minute, look at the projector again, "
    "then join.",
)
HOST_KEYS = Limit(
    "host key",
    RateLimitItemPerMinute(5),
    RateLimitItemPerMinute(20),
    "Too many wrong host keys in the last minute. Wait a minute, then try again.",
)
RECOVERY_CODES = Limit(
    "recovery code",
    RateLimitItemPerMinute(5),
    RateLimitItemPerMinute(20),
    "Too many wrong recovery codes in the last minute. Wait a minute, then type yours again.",
)
LINKS = Limit(
    "link",
    RateLimitItemPerMinute(60),
    RateLimitItemPerMinute(600),
    "Too many unknown links in the last minute. Wait a minute, then open yours again.",
)
STARTS = Limit(
    "start",
    RateLimitItemPerHour(30),
    RateLimitItemPerHour(300),
    "Too many workshops were started within an hour, from your network or on this server. Wait a "
    "while; whoever runs the server can set a host key, with which there is no such limit.",
)
# Of its own: what closes starting must not close the way back for a room that has lost its server.
RESTORES = Limit(
    "restore",
    RateLimitItemPerHour(20),
    RateLimitItemPerHour(200),
    "Too many backups were tried within an hour, from your network or on this server. Wait a "
    "while; whoever runs the server can set a host key, with which there is no such limit.",
)
# By the seat or the link of whoever sends; a room behind one address sends at once.
SUBMISSIONS = Limit(
    "submission",
    RateLimitItemPerMinute(120),
    RateLimitItemPerMinute(100_000),
    "Too many forms were sent from this seat within a minute. It goes on by itself in a minute.",
)
# A page asks three times a second at most while the room moves without end; somebody may have
# several open.
LOOKS = Limit(
    "look",
    RateLimitItemPerMinute(1_200),
    RateLimitItemPerMinute(1_000_000),
    "This seat asks for its screen too often. It goes on by itself in a minute.",
)


@dataclass(frozen=True)
class Pace:
    """How many may take a seat in a workshop at once, from one address and from all together.

    Whoever comes faster is not turned away, but waits at the door until they are let in.
    """

    name: str
    per_address: RateLimitItem
    in_total: RateLimitItem


# A room behind one address, the facilitator's or the board's, joins as a whole and at once.
SEATS_NEARBY = Pace(
    "seat nearby", RateLimitItemPerMinute(500, 10), RateLimitItemPerMinute(1_000, 10)
)
SEATS_ELSEWHERE = Pace(
    "seat elsewhere", RateLimitItemPerMinute(100, 10), RateLimitItemPerMinute(500, 10)
)


class Gate:
    """The wrong guesses of the last minutes, in memory; safe to ask from any thread."""

    def __init__(self) -> None:
        self._limits = MovingWindowRateLimiter(MemoryStorage())
        # Held while a guess is looked at: a hundred at once would all come before the count.
        self._lock = threading.Lock()

    def ask(
        self,
        limit: Limit,
        address: str,
        look: Callable[[], Found | None],
        *,
        is_known_here: Callable[[Found], bool] = lambda found: False,
    ) -> Found | None:
        """What `look` finds for this guess; None is a wrong one, and counted.

        Raises TooMany where the address, or everybody, has guessed too often, unless what was
        found is known at this address.
        """
        with self._lock:
            found = look()
            if found is not None and is_known_here(found):
                return found
            if not self._is_open(limit, address):
                raise TooMany(limit.says)
            if found is None:
                self._count(limit, address)
            return found

    def count_try(self, limit: Limit, address: str) -> None:
        """Count a try at what is limited as such, for its address alone; raises TooMany."""
        with self._lock:
            if not self._is_open(limit, address):
                raise TooMany(limit.says)
            self._limits.hit(limit.per_address, limit.name, home(address))

    def count_success(self, limit: Limit) -> None:
        """Count a try that came to something, for all together."""
        with self._lock:
            self._limits.hit(limit.in_total, limit.name)

    def keeps_pace(self, pace: Pace, address: str, workshop_id: str) -> bool:
        """Count one more seat; False where as many were taken already."""
        with self._lock:
            of_address = (pace.per_address, pace.name, workshop_id, home(address))
            of_workshop = (pace.in_total, pace.name, workshop_id)
            is_kept = self._limits.test(*of_address) and self._limits.test(*of_workshop)
            if is_kept:
                self._limits.hit(*of_address)
                self._limits.hit(*of_workshop)
            return is_kept

    def _is_open(self, limit: Limit, address: str) -> bool:
        return self._limits.test(
            limit.per_address, limit.name, home(address)
        ) and self._limits.test(limit.in_total, limit.name)

    def _count(self, limit: Limit, address: str) -> None:
        self._limits.hit(limit.per_address, limit.name, home(address))
        self._limits.hit(limit.in_total, limit.name)


@lru_cache(maxsize=10_000)
def home(address: str) -> str:
    """The network to which an address belongs, as far as one guesser can own it.

    Of IPv6 it is the /64, of which every household has one. A server that listens on both sees
    IPv4 in the clothes of IPv6.

    >>> home("::ffff:192.168.1.5"), home("2001:db8:1:2:a::5"), home("somewhere")
    ('192.168.1.5', '2001:db8:1:2::', 'somewhere')
    """
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if not isinstance(read, IPv6Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ip_network((read, _HOMES), strict=False).network_address)


def proxies(named: str) -> str:
    """The proxies of a setting, as addresses or networks, also as a server on IPv6 sees them.

    Raises ValueError for what is neither.

    >>> proxies("127.0.0.1, 10.0.0.0/8, ::1")
    '127.0.0.1/32,::ffff:127.0.0.1/128,10.0.0.0/8,::ffff:10.0.0.0/104,::1/128'
    """
    found: list[str] = []
    for name in filter(None, (part.strip() for part in named.split(","))):
        network = ip_network(name)
        found.append(str(network))
        if network.version == 4:
            found.append(f"::ffff:{network.network_address}/{96 + network.prefixlen}")
    return ",".join(found)
