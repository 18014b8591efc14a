"""Long work on files, in a thread of its own: the screen goes on, and it can be called off."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any, Generic, TypeVar
from weakref import WeakSet

import duckdb

from workshop.intake.lead_database import TOO_MUCH, RunningQuery
from workshop.intake.problems import IntakeError, Problem

Made = TypeVar("Made")


RUNNING: WeakSet[Job[Any]] = WeakSet()


class Cancelled(BaseException):
    """Somebody has called the work off; no problem, and none of the Exceptions."""


class Job(Generic[Made]):
    """Work in a thread of its own.

    `work` is given the job: it says by `at` what it has come to, and passes `check_cancelled` on
    to the database it works with. It has to clean up behind itself when an exception comes
    through it.
    """

    def __init__(self, work: Callable[[Job[Made]], Made]) -> None:
        self.words = ""
        self.problems: list[Problem] = []
        self._made: Made | None = None
        self._broken: BaseException | None = None
        self._done_before, self._done_after, self._progress = 0.0, 0.0, 0.0
        self._running: RunningQuery | None = None
        self._cancelled = Event()
        self._thread = Thread(target=self._run, args=(work,), name="import", daemon=True)
        RUNNING.add(self)
        self._thread.start()

    # -- for who waits -----------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    @property
    def progress(self) -> float:
        """How much is done, 0..1: of all the work, and of the statement that is running."""
        if self.is_over:
            return 1.0
        of_statement = 0.0
        if self._running is not None:
            with suppress(duckdb.Error):  # it was closed a moment ago
                of_statement = max(0.0, self._running.query_progress()) / 100
        now = self._done_before + (self._done_after - self._done_before) * min(1.0, of_statement)
        self._progress = max(self._progress, now)
        return self._progress

    def cancel(self) -> None:
        """Call the work off; when this returns, the thread is gone, and so is what it made."""
        self._cancelled.set()
        while not self.is_over:
            if self._running is not None:
                with suppress(duckdb.Error):
                    self._running.interrupt()
            self._thread.join(0.05)

    def wait(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)

    @property
    def made(self) -> Made:
        """What the work has made. Raises IntakeError where the files could not be used."""
        if self._broken is not None:
            raise self._broken
        if self.problems:
            raise IntakeError(self.problems)
        if self._made is None:
            raise ValueError("the work is not done yet, or was called off; there is nothing made")
        return self._made

    # -- for the work ------------------------------------------------------------------------------

    def at(self, words: str, until: float) -> None:
        """The work has come to something: what it is, and how much is done after it, 0..1."""
        self.words = words
        self._done_before, self._done_after = self._done_after, until

    def check_cancelled(self, running: RunningQuery | None) -> None:
        """What a database calls on the way. Raises Cancelled where the work was called off."""
        self._running = running or self._running
        if self._cancelled.is_set():
            raise Cancelled

    def _run(self, work: Callable[[Job[Made]], Made]) -> None:
        try:
            self._made = work(self)
        except IntakeError as error:
            self.problems = error.problems
        except (duckdb.InterruptException, Cancelled):
            pass
        except (MemoryError, OSError):
            self.problems = [TOO_MUCH]
        except BaseException as error:
            self._broken = error
