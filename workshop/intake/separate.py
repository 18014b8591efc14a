"""Files on a desk in a process of its own, for files of people whom nobody knows.

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
from workshop.intake.desk import TOO_MUCH, Desk, Limits, Pause, Row
from workshop.intake.forks import COMMAND, FORKS, ROOT, Fork
from workshop.intake.problems import IntakeError, Problem

if TYPE_CHECKING:
    import pandas as pd

MOST_ANSWERED = 100_000_000
"""Bytes of an answer: what a screen shows of a file is small, whatever the file holds."""
LENGTH = struct.Struct(">Q")

PUT_AWAY = Problem(
    None,
    None,
    "Other files needed the place, because nothing was done with these for a while.",
    "Choose the files again.",
)


class DeskProcess:
    """The process of a desk: not there yet, at work, or gone."""

    def __init__(self, budget: Budget, share: float) -> None:
        self.share = share
        self.was_put_away = False
        self._budget = budget
        self._process: subprocess.Popen[bytes] | Fork | None = None
        self._progress = 0.0
        self._answered_at: float | None = time.monotonic()
        self._lock = Lock()

    @property
    def limits(self) -> Limits:
        return self._budget.limits(self.share)

    @property
    def idle_seconds(self) -> float:
        return 0.0 if self._answered_at is None else time.monotonic() - self._answered_at

    def start(self) -> None:
        if sys.platform == "win32":
            self._process = subprocess.Popen(
                COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        else:
            self._process = FORKS.start()

    def answer(self, *question: object) -> Any:
        """What the process answers. Raises IntakeError; EOFError where the process is gone."""
        with self._lock:
            if self._process is None or self._process.stdin is None or self._process.stdout is None:
                raise EOFError
            self._answered_at, self._progress = None, 0.0
            try:
                write(self._process.stdin, question, MOST_ANSWERED)
                return self._heard(self._process.stdout)
            except (BrokenPipeError, ValueError) as error:  # closed while somebody wrote or read
                raise EOFError from error
            finally:
                self._answered_at = time.monotonic()

    def _heard(self, answers: IO[bytes]) -> Any:
        while True:
            match read(answers, MOST_ANSWERED):
                case ("progress", float(done)):
                    self._progress = done
                case ("problems", problems):
                    raise IntakeError(problems)
                case ("broken", said):
                    raise RuntimeError(said)
                case ("answer", answer):
                    return answer

    def query_progress(self) -> float:
        return self._progress

    def interrupt(self) -> None:
        """End the process: an answer that is waited for does not come."""
        if self._process is not None:
            self._process.kill()

    def put_away(self) -> None:
        self.was_put_away = True
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


class SeparateDesk(Desk):
    """A desk whose files are opened, and whose questions are answered, by another process.

    That has its place in the budget already, and gives it back when the desk is closed.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        process: DeskProcess,
        pause: Pause,
        header_lines: Mapping[str, int],
    ) -> None:
        self._process = process
        super().__init__(paths, pause, header_lines, process.limits)

    def _open(self, folder: Path, paths: Sequence[Path], header_lines: Mapping[str, int]) -> None:
        self.on_close(self._process.end)
        self._process.start()
        self.tables = self._asked("open", folder, paths, dict(header_lines), self.limits)

    def ask(self, statement: str, *values: object) -> list[Row]:
        rows: list[Row] = self._asked("ask", statement, *values)
        return rows

    def frame(self, statement: str) -> pd.DataFrame:
        frame: pd.DataFrame = self._asked("frame", statement)
        return frame

    def _asked(self, *question: object) -> Any:
        self.pause(self._process)
        try:
            return self._process.answer(*question)
        except EOFError as error:
            self.pause(self._process)  # where somebody has called it off, that is why
            self.close()
            raise IntakeError([PUT_AWAY if self._process.was_put_away else TOO_MUCH]) from error


def write(to: IO[bytes], said: object, most: int) -> None:
    """Write for `read` at the other end. Raises MemoryError where that is too much."""
    content = pickle.dumps(said)
    if len(content) > most:
        raise MemoryError
    to.write(LENGTH.pack(len(content)) + content)
    to.flush()


def read(source: IO[bytes], most: int) -> Any:
    """What was written at the other end. Raises EOFError where that is closed, or says too much."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size or (length := LENGTH.unpack(head)[0]) > most:
        raise EOFError
    content = source.read(length)
    if len(content) < length:
        raise EOFError
    return pickle.loads(content)
