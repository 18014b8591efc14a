"""The other end of a `SeparateDesk`: the process that answers questions about its files."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from time import monotonic, sleep
from typing import IO

import duckdb

from workshop.intake.desk import TOO_MUCH, Desk, Limits, Running
from workshop.intake.problems import IntakeError, Problem
from workshop.intake.separate import MOST_ANSWERED, read, write

NICE = 5
BESIDE_DUCKDB = 400_000_000
"""Bytes that this process may take for all else: Python, and a workbook while it is unpacked."""
RESERVED = 2
"""So many times what it keeps within does DuckDB reserve: it gives memory back late."""
MOST_SECONDS = 15 * 60.0
LOOKS_EVERY_SECONDS = 0.2
TOO_LONG = Problem(
    None,
    None,
    f"These files take longer than {MOST_SECONDS / 60:.0f} minutes to read.",
    "Leave out columns that say nothing about the funnel, or import fewer months.",
)


class Answers:
    """Answers questions about the files of one desk, one at a time."""

    def __init__(self, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._questions, self._answers = questions, answers
        self._lock = Lock()
        self._desk: Desk | None = None
        self._running: Running | None = None
        self._asked_at: float | None = None

    def give(self) -> None:
        """Answer until nobody asks any more."""
        with suppress(EOFError, BrokenPipeError):
            while True:
                question = read(self._questions, MOST_ANSWERED)
                self._asked_at = monotonic()
                answer = self._answer(*question)
                self._asked_at = None
                try:
                    self._say(*answer)
                except MemoryError:
                    self._say("problems", [TOO_MUCH])

    def watch(self) -> None:
        """Say how far the answer is, and end what takes too long, or what nobody waits for."""
        parent = os.getppid()
        while os.getppid() == parent:
            sleep(LOOKS_EVERY_SECONDS)
            asked_at, running = self._asked_at, self._running
            if asked_at is None or running is None:
                continue
            with suppress(duckdb.Error, BrokenPipeError):
                self._say("progress", running.query_progress())
                if monotonic() - asked_at > MOST_SECONDS:
                    running.interrupt()
        os._exit(1)

    def _answer(self, kind: str, *question: object) -> tuple[str, object]:
        try:
            return "answer", self._ask(kind, *question)
        except IntakeError as error:
            return "problems", error.problems
        except duckdb.InterruptException:
            return "problems", [TOO_LONG]
        except (MemoryError, OSError):
            return "problems", [TOO_MUCH]
        except Exception:
            return "broken", traceback.format_exc()

    def _ask(self, kind: str, *question: object) -> object:
        match kind, question, self._desk:
            case "open", (Path() as folder, list(paths), dict(lines), Limits() as limits), None:
                return self._open(folder, paths, lines, limits)
            case "ask", (str(statement), *values), Desk() as desk:
                return desk.ask(statement, *values)
            case "frame", (str(statement),), Desk() as desk:
                return desk.frame(statement)
        raise ValueError(f"nobody can answer {kind}")

    def _open(
        self, folder: Path, paths: list[Path], header_lines: dict[str, int], limits: Limits
    ) -> object:
        take_no_more_than(RESERVED * limits.memory + BESIDE_DUCKDB)
        self._desk = Desk(paths, self._pause, header_lines, limits, within=folder)
        return self._desk.tables

    def _pause(self, running: Running | None) -> None:
        self._running = running

    def _say(self, kind: str, said: object) -> None:
        with self._lock:
            write(self._answers, (kind, said), MOST_ANSWERED)


def stand_back() -> None:
    """Let the room go first, and let the system end this process where memory runs out."""
    if sys.platform != "win32":
        os.nice(NICE)
    with suppress(OSError):  # it is there on Linux
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def take_no_more_than(memory: int) -> None:
    """Fail rather than take more bytes of memory than this, where the system can see to it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer_until_nobody_asks(questions: IO[bytes], answers: IO[bytes]) -> None:
    """What the process of a desk does, from its start to its end."""
    stand_back()
    ours = Answers(questions, answers)
    Thread(target=ours.watch, daemon=True).start()
    ours.give()
    os._exit(0)  # the folder belongs to who has asked
