"""Turns: one screen is drawn at a time, the projector first.

One interpreter runs one thread at a time. Screens that are drawn at the same time only take its
time from each other in small slices, and queue for every lock of the web framework in between:
sixty of them took three times as long together as one after the other.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count


class Turns:
    """Who may draw now. Of those who wait, the most urgent is next; of these, who came first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[int, int, threading.Event]] = []
        self._arrivals = count()
        self._is_taken = False
        self._mine = threading.local()

    @contextmanager
    def taken(self, urgency: int) -> Iterator[None]:
        """Wait for the turn and hold it; the least number is the most urgent.

        A thread that holds it already goes on with it.
        """
        if self._is_mine():
            yield
            return
        self._take(urgency)
        try:
            yield
        finally:
            self._pass_on()

    @contextmanager
    def lent(self, urgency: int) -> Iterator[None]:
        """Let others draw while this thread works on something long; then wait for the turn."""
        if not self._is_mine():
            yield
            return
        self._pass_on()
        try:
            yield
        finally:
            self._take(urgency)

    def _is_mine(self) -> bool:
        return getattr(self._mine, "is_held", False)

    def _take(self, urgency: int) -> None:
        called = threading.Event()
        with self._lock:
            if self._is_taken:
                heapq.heappush(self._waiting, (urgency, next(self._arrivals), called))
            else:
                self._is_taken = True
                called.set()
        called.wait()
        self._mine.is_held = True

    def _pass_on(self) -> None:
        self._mine.is_held = False
        with self._lock:
            if self._waiting:
                _, _, called = heapq.heappop(self._waiting)
                called.set()
            else:
                self._is_taken = False
