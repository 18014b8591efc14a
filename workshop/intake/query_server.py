"""The process of an `IsolatedLeadDatabase`, which runs the queries about its files."""

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

from workshop.intake.isolated_database import MOST_ANSWERED, receive, send
from workshop.intake.lead_database import TOO_MUCH, LeadDatabase, RunningQuery
from workshop.intake.locked_duckdb import Limits
from workshop.intake.problems import IntakeError, Problem

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


class QueryServer:
    """Runs the requests of one `IsolatedLeadDatabase`, one at a time."""

    def __init__(self, requests: IO[bytes], replies: IO[bytes]) -> None:
        self._requests, self._replies = requests, replies
        self._lock = Lock()
        self._database: LeadDatabase | None = None
        self._running: RunningQuery | None = None
        self._started_at: float | None = None

    def serve(self) -> None:
        """Answer until nobody asks any more."""
        with suppress(EOFError, BrokenPipeError):
            while True:
                request = receive(self._requests, MOST_ANSWERED)
                self._started_at = monotonic()
                reply = self._reply(*request)
                self._started_at = None
                try:
                    self._send(*reply)
                except MemoryError:
                    self._send("problems", [TOO_MUCH])

    def watch(self) -> None:
        """Say how far the answer is, and end what takes too long, or what nobody waits for."""
        parent = os.getppid()
        while os.getppid() == parent:
            sleep(LOOKS_EVERY_SECONDS)
            started_at, running = self._started_at, self._running
            if started_at is None or running is None:
                continue
            with suppress(duckdb.Error, BrokenPipeError):
                self._send("progress", running.query_progress())
                if monotonic() - started_at > MOST_SECONDS:
                    running.interrupt()
        os._exit(1)

    def _reply(self, kind: str, *request: object) -> tuple[str, object]:
        try:
            return "answer", self._run(kind, *request)
        except IntakeError as error:
            return "problems", error.problems
        except duckdb.InterruptException:
            return "problems", [TOO_LONG]
        except (MemoryError, OSError):
            return "problems", [TOO_MUCH]
        except Exception:
            return "broken", traceback.format_exc()

    def _run(self, kind: str, *request: object) -> object:
        match kind, request, self._database:
            case "open", (Path() as folder, list(paths), dict(lines), Limits() as limits), None:
                return self._open(folder, paths, lines, limits)
            case "query", (str(statement), *values), LeadDatabase() as database:
                return database.query(statement, *values)
            case "query_frame", (str(statement),), LeadDatabase() as database:
                return database.query_frame(statement)
        raise ValueError(f"nobody can answer {kind}")

    def _open(
        self, folder: Path, paths: list[Path], header_lines: dict[str, int], limits: Limits
    ) -> object:
        limit_memory(RESERVED * limits.memory + BESIDE_DUCKDB)
        self._database = LeadDatabase(
            paths, self._check_cancelled, header_lines, limits, within=folder
        )
        return self._database.tables

    def _check_cancelled(self, running: RunningQuery | None) -> None:
        self._running = running

    def _send(self, kind: str, content: object) -> None:
        with self._lock:
            send(self._replies, (kind, content), MOST_ANSWERED)


def lower_priority() -> None:
    """Let the room go first, and let the system end this process where memory runs out."""
    if sys.platform != "win32":
        os.nice(NICE)
    with suppress(OSError):  # it is there on Linux
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def limit_memory(memory: int) -> None:
    """Fail rather than take more bytes of memory than this, where the system can see to it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve_queries(requests: IO[bytes], replies: IO[bytes]) -> None:
    """What the process of a lead database does, from its start to its end."""
    lower_priority()
    server = QueryServer(requests, replies)
    Thread(target=server.watch, daemon=True).start()
    server.serve()
    os._exit(0)  # the folder belongs to who has asked
