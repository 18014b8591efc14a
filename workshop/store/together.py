"""What a whole room sends at one moment is kept in one transaction.

Whoever comes while others are being kept waits, and what waits is kept together: three hundred
people who send within a second take as long as a few.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from workshop.domain.access import Forbidden, Visitor
from workshop.store.errors import Repeated, StoreError

REFUSALS = (StoreError, Forbidden, Repeated, ValueError)


@dataclass(eq=False, kw_only=True)
class Sent:
    """What one participant has sent, and what has become of it."""

    visitor: Visitor
    submission_id: str
    is_done: bool = False
    problem: Exception | None = None


One = TypeVar("One", bound=Sent)


class Together(Generic[One]):
    """The queue of what participants have sent; `keep` keeps all of one workshop that waits."""

    def __init__(self, keep: Callable[[Sequence[One]], None]) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: list[One] = []

    def take(self, sent: One) -> None:
        """Keep it, together with what waits; raises what is wrong with it."""
        with self._lock:
            self._waiting.append(sent)
        with self._turn:
            if not sent.is_done:
                self._keep_all(self._all_of(sent.visitor.workshop_id))
        if sent.problem is not None:
            raise sent.problem

    def _all_of(self, workshop_id: str) -> list[One]:
        with self._lock:
            taken = [one for one in self._waiting if one.visitor.workshop_id == workshop_id]
            self._waiting = [one for one in self._waiting if one not in taken]
        return taken

    def _keep_all(self, sent: Sequence[One]) -> None:
        try:
            self._keep(sent)
        except Exception as problem:  # the file cannot be written: nothing of it is kept
            for one in sent:
                one.problem = one.problem or problem
        finally:
            for one in sent:
                one.is_done = True


def try_each(sent: Sequence[One], add: Callable[[One], None]) -> None:
    """Add each by itself; of what cannot be kept it is noted why."""
    for one in sent:
        try:
            add(one)
        except REFUSALS as problem:
            one.problem = problem
