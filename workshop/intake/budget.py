"""What imports may take together, so that the room goes on beside them.

Of the memory of the machine, or of the container, two fifths are for imports. A large file takes
half of that, a small one a twelfth; who does not fit in waits, and files that nobody has asked
anything of for two minutes make room for them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Protocol

from workshop.intake.locked_duckdb import Limits

FOR_IMPORTS = 0.4
LARGE, SMALL = 1 / 2, 1 / 12
MOST_AT_ONCE = 6
IDLE_SECONDS = 120.0
SMALL_TEXT, SMALL_PACKED = 20_000_000, 1_000_000
"""Bytes of a text, and of a workbook or Parquet file, which hold more than one sees."""
LEAST_MEMORY = 256_000_000  # what a large file cannot be read without
OF_THE_DISK = 1 / 4  # of what is free when a file is opened
LOOKS_AGAIN_SECONDS = 0.1

PACKED = (b"PAR1", b"PK\x03\x04")
CONTAINER = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


class Opened(Protocol):
    """Files that are open: how much of the budget they have, and since when nobody asks."""

    @property
    def share(self) -> float: ...

    @property
    def idle_seconds(self) -> float: ...

    def evict(self) -> None: ...


class Budget:
    """Shares of a memory in bytes, taken and given back by files that are open."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self._open: list[Opened] = []
        self._lock = Lock()

    def limits(self, share: float) -> Limits:
        """What DuckDB may take for a share of the budget."""
        memory = max(int(self.memory * share), int(LEAST_MEMORY * share / LARGE))
        disk = int(shutil.disk_usage(tempfile.gettempdir()).free * OF_THE_DISK)
        most = Limits()
        return Limits(min(memory, most.memory), min(disk, most.disk))

    def take(self, files: Opened, wait: Callable[[], None]) -> None:
        """Returns once there is room for these files; `wait` is called while there is none.

        What `wait` raises comes through, and nothing was taken.
        """
        while not self._took(files):
            wait()
            time.sleep(LOOKS_AGAIN_SECONDS)

    def give_back(self, files: Opened) -> None:
        with self._lock, suppress(ValueError):
            self._open.remove(files)

    def _took(self, files: Opened) -> bool:
        with self._lock:
            if self._fits(files):
                self._open.append(files)
                return True
            idle = max(self._open, key=lambda one: one.idle_seconds)
        if idle.idle_seconds >= IDLE_SECONDS:
            idle.evict()
        return False

    def _fits(self, files: Opened) -> bool:
        taken = sum(one.share for one in self._open)
        return len(self._open) < MOST_AT_ONCE and taken + files.share <= 1


def share(paths: Sequence[Path]) -> float:
    """The share of the budget that files need."""
    is_small = all(path.stat().st_size <= _small(path) for path in paths)
    return SMALL if is_small else LARGE


def _small(path: Path) -> int:
    with path.open("rb") as file:
        return SMALL_PACKED if file.read(4) in PACKED else SMALL_TEXT


def memory_of_machine() -> int:
    """The memory of this machine, or of the container in which this process runs, in bytes."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")] if PAGES else [8 << 30]
    for path in CONTAINER:
        with suppress(OSError, ValueError):  # without a container, or without a limit: "max"
            limits.append(int(path.read_text("ascii")))
    return min(limits)


PAGES = hasattr(os, "sysconf")  # not on Windows
BUDGET = Budget(int(memory_of_machine() * FOR_IMPORTS))
