"""One screen is drawn at a time, fairly between workshops, and the projector first in each.

One interpreter runs one thread at a time. Screens that are drawn at the same time only take its
time from each other in small slices, and queue for every lock of the web framework in between:
sixty of them took three times as long together as one after the other.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter

# After so long the next one is drawn, while the one that takes longer goes on beside it.
LONGEST_SECONDS = 1.0
# A workshop with so many that go on beside the others waits for one of them to end.
MOST_BESIDE = 2


@dataclass(eq=False)
class Slot:
    """One drawing, from its wish for a slot to its end; `since` is when it began."""

    workshop: str
    urgency: int
    arrival: int
    called: threading.Event = field(default_factory=threading.Event)
    since: float = 0.0


class RenderQueue:
    """Who may draw now.

    Next is the workshop that has drawn the shortest time, as in fair queueing: one that comes back
    begins where the others are. In it the most urgent is next; of these, who came first.
    """

    def __init__(
        self, longest: float = LONGEST_SECONDS, clock: Callable[[], float] = perf_counter
    ) -> None:
        self._longest = longest
        self._clock = clock
        self._lock = threading.Lock()
        self._arrivals = count()
        self._waiting: list[Slot] = []
        self._holder: Slot | None = None
        self._beside: list[Slot] = []
        # The seconds of each workshop, as far as they matter, and of the one called last.
        self._drawn: defaultdict[str, float] = defaultdict(float)
        self._least = 0.0
        self._mine = threading.local()

    @contextmanager
    def acquire(self, urgency: int, workshop: str = "") -> Iterator[None]:
        """Wait for the slot and hold it; the least number is the most urgent.

        `workshop` is whose it is, any word that tells one from another. A thread that holds the
        slot already goes on with it.
        """
        if self._own() is not None:
            yield
            return
        self._take(urgency, workshop)
        try:
            yield
        finally:
            self._end()

    @contextmanager
    def release(self, urgency: int) -> Iterator[None]:
        """Let others draw while this thread works on something long; then wait for the slot."""
        own = self._own()
        if own is None:
            yield
            return
        self._end()
        try:
            yield
        finally:
            self._take(urgency, own.workshop)

    def _own(self) -> Slot | None:
        own: Slot | None = getattr(self._mine, "slot", None)
        return own

    def _take(self, urgency: int, workshop: str) -> None:
        with self._lock:
            slot = Slot(workshop, urgency, next(self._arrivals))
            if not self._is_active(workshop):
                self._drawn[workshop] = max(self._drawn[workshop], self._least)
            self._waiting.append(slot)
            self._call_next()
        while not slot.called.wait(self._patience()):
            self._relieve()
        self._mine.slot = slot

    def _end(self) -> None:
        slot = self._mine.slot
        self._mine.slot = None
        with self._lock:
            self._drawn[slot.workshop] += self._clock() - slot.since
            if slot is self._holder:
                self._holder = None
            else:
                self._beside.remove(slot)
            self._forget()
            self._call_next()

    def _patience(self) -> float:
        """How long whoever waits lets the one who draws go on."""
        with self._lock:
            held = 0.0 if self._holder is None else self._clock() - self._holder.since
        return max(self._longest - held, 0.0)

    def _relieve(self) -> None:
        """Call the next one where the one who draws has had its time."""
        with self._lock:
            holder = self._holder
            if holder is not None and self._clock() - holder.since >= self._longest:
                self._beside.append(holder)
                self._holder = None
                self._call_next()

    # The rest is called with the lock held.

    def _call_next(self) -> None:
        beside = Counter(slot.workshop for slot in self._beside)
        ready = [slot for slot in self._waiting if beside[slot.workshop] < MOST_BESIDE]
        if self._holder is not None or not ready:
            return
        drawn = {workshop: self._drawn_by(workshop) for workshop in {t.workshop for t in ready}}
        slot = min(ready, key=lambda one: (drawn[one.workshop], one.urgency, one.arrival))
        self._waiting.remove(slot)
        self._least = max(self._least, drawn[slot.workshop])
        self._holder, slot.since = slot, self._clock()
        slot.called.set()

    def _drawn_by(self, workshop: str) -> float:
        """The seconds a workshop has drawn, those under way included."""
        now = self._clock()
        under_way = (now - slot.since for slot in self._beside if slot.workshop == workshop)
        return self._drawn[workshop] + sum(under_way)

    def _is_active(self, workshop: str) -> bool:
        at_work = [*self._waiting, *self._beside, *filter(None, [self._holder])]
        return any(slot.workshop == workshop for slot in at_work)

    def _forget(self) -> None:
        """Of a workshop that rests nothing is kept where the others have drawn as much, or none."""
        nobody_draws = not (self._waiting or self._beside or self._holder)
        for workshop, seconds in list(self._drawn.items()):
            if nobody_draws or (seconds <= self._least and not self._is_active(workshop)):
                del self._drawn[workshop]
