"""Ids as the app gives them, under names that a test can read."""

from __future__ import annotations

from hashlib import sha256


def named_id(name: str) -> str:
    """The same 32 hex digits for the same name, in the order of what the names begin with.

    >>> named_id("A")[:16]
    '4100000000000000'
    """
    return name.encode().hex()[:16].ljust(16, "0") + sha256(name.encode()).hexdigest()[:16]


ONE, TWO = named_id("one"), named_id("two")
