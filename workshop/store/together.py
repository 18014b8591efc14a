"""What a whole room sends at one moment is kept in one transaction.

Whoever comes while others are being kept waits, and what waits is kept together: three hundred
people who send within a second take as long as a few.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from workshop.domain.access import Forbidden, Role, Visitor
from workshop.store.database import Change, Database
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
Taken = TypeVar("Taken", bound=Sent, contravariant=True)


class Batch(Protocol[Taken]):
    """What is about to be written of all that was sent."""

    def add(self, sent: Taken, /) -> None:
        """Take one in, all of it or nothing; raises what is wrong with it."""

    def write(self) -> None:
        """Keep what was taken in."""


class Together(Generic[One]):
    """The queue of what participants have sent about a topic.

    `make_batch` begins the batch of all that waits of one workshop.
    """

    def __init__(
        self,
        database: Database,
        topic: str,
        make_batch: Callable[[Change, Sequence[One]], Batch[One]],
    ) -> None:
        self._database = database
        self._topic = topic
        self._make_batch = make_batch
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
        nobody = Visitor(Role.PARTICIPANT, sent[0].visitor.workshop_id)
        try:
            with self._database.change(nobody, self._topic) as change:
                batch = self._make_batch(change, sent)
                _try_each(sent, batch)
                batch.write()
        except Exception as problem:  # the file cannot be written: nothing of it is kept
            for one in sent:
                one.problem = one.problem or problem
        finally:
            for one in sent:
                one.is_done = True


def _try_each(sent: Sequence[One], batch: Batch[One]) -> None:
    """Add each by itself; of what cannot be kept it is noted why."""
    for one in sent:
        try:
            batch.add(one)
        except REFUSALS as problem:
            one.problem = problem
