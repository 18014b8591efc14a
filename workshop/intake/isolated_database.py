"""A lead database in a process of its own, for files of people whom nobody knows.

Whatever such a file does to who reads it, it does to that process: takes all memory, crashes the
reader, comes to no end. The room goes on.
"""

from __future__ import annotations

import pickle
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Any

from workshop.intake.budget import Budget
from workshop.intake.fork_server import COMMAND, FORK_SERVER, ROOT, ForkedProcess
from workshop.intake.lead_database import TOO_MUCH, CancellationCheck, LeadDatabase, Record
from workshop.intake.locked_duckdb import Limits
from workshop.intake.problems import IntakeError, Problem

if TYPE_CHECKING:
    import pandas as pd

MOST_ANSWERED = 100_000_000
"""Bytes of an answer: what a screen shows of a file is small, whatever the file holds."""
LENGTH = struct.Struct(">Q")

EVICTED = Problem(
    None,
    None,
    "Other files needed the place, because nothing was done with these for a while.",
    "Choose the files again.",
)


class IntakeProcess:
    """The process of a lead database: not there yet, at work, or gone."""

    def __init__(self, budget: Budget, share: float) -> None:
        self.share = share
        self.was_evicted = False
        self._budget = budget
        self._process: subprocess.Popen[bytes] | ForkedProcess | None = None
        self._progress = 0.0
        self._replied_at: float | None = time.monotonic()
        self._lock = Lock()

    @property
    def limits(self) -> Limits:
        return self._budget.limits(self.share)

    @property
    def idle_seconds(self) -> float:
        return 0.0 if self._replied_at is None else time.monotonic() - self._replied_at

    def start(self) -> None:
        if sys.platform == "win32":
            self._process = subprocess.Popen(
                COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        else:
            self._process = FORK_SERVER.start()

    def request(self, *message: object) -> Any:
        """What the process answers. Raises IntakeError; EOFError where the process is gone."""
        with self._lock:
            if self._process is None or self._process.stdin is None or self._process.stdout is None:
                raise EOFError
            self._replied_at, self._progress = None, 0.0
            try:
                send(self._process.stdin, message, MOST_ANSWERED)
                return self._receive_reply(self._process.stdout)
            except (BrokenPipeError, ValueError) as error:  # closed while somebody wrote or read
                raise EOFError from error
            finally:
                self._replied_at = time.monotonic()

    def _receive_reply(self, replies: IO[bytes]) -> Any:
        while True:
            match receive(replies, MOST_ANSWERED):
                case ("progress", float(done)):
                    self._progress = done
                case ("problems", problems):
                    raise IntakeError(problems)
                case ("broken", trace):
                    raise RuntimeError(trace)
                case ("answer", answer):
                    return answer

    def query_progress(self) -> float:
        return self._progress

    def interrupt(self) -> None:
        """End the process: an answer that is waited for does not come."""
        if self._process is not None:
            self._process.kill()

    def evict(self) -> None:
        self.was_evicted = True
        self.end()

    def end(self) -> None:
        """End the process, and give back what it had of the budget."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        with self._lock:
            if self._process is not None and self._process.stdin and self._process.stdout:
                self._process.stdin.close()
                self._process.stdout.close()
            self._process = None
        self._budget.give_back(self)


class IsolatedLeadDatabase(LeadDatabase):
    """A database whose files are opened, and whose queries are run, by another process.

    That has its place in the budget already, and gives it back when the database is closed.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        process: IntakeProcess,
        check_cancelled: CancellationCheck,
        header_lines: Mapping[str, int],
    ) -> None:
        self._process = process
        super().__init__(paths, check_cancelled, header_lines, process.limits)

    def open_files(
        self, folder: Path, paths: Sequence[Path], header_lines: Mapping[str, int]
    ) -> None:
        self.on_close(self._process.end)
        self._process.start()
        self.tables = self._request("open", folder, paths, dict(header_lines), self.limits)

    def query(self, statement: str, *values: object) -> list[Record]:
        rows: list[Record] = self._request("query", statement, *values)
        return rows

    def query_frame(self, statement: str) -> pd.DataFrame:
        frame: pd.DataFrame = self._request("query_frame", statement)
        return frame

    def _request(self, *message: object) -> Any:
        self.check_cancelled(self._process)
        try:
            return self._process.request(*message)
        except EOFError as error:
            self.check_cancelled(self._process)  # where somebody has called it off, that is why
            self.close()
            raise IntakeError([EVICTED if self._process.was_evicted else TOO_MUCH]) from error


def send(to: IO[bytes], content: object, most: int) -> None:
    """Write for `receive` at the other end. Raises MemoryError where that is too much."""
    message = pickle.dumps(content)
    if len(message) > most:
        raise MemoryError
    to.write(LENGTH.pack(len(message)) + message)
    to.flush()


def receive(source: IO[bytes], most: int) -> Any:
    """What was written at the other end. Raises EOFError where that is closed, or says too much."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size or (length := LENGTH.unpack(head)[0]) > most:
        raise EOFError
    content = source.read(length)
    if len(content) < length:
        raise EOFError
    return pickle.loads(content)
