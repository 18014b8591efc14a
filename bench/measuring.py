"""What every bench needs: the machine in one line, and times with their spread."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar

Answer = TypeVar("Answer")

sys.path.insert(0, str(Path(__file__).parents[1]))


def machine(*packages: str) -> str:
    """The processor, its cores, and the versions of Python and of these packages."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    processor = names[0] if names else platform.machine()
    return f"{processor}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions}"


def timed(action: Callable[[int], Answer], repeats: int) -> tuple[list[float], list[Answer]]:
    """The milliseconds that each of `action(0)`, `action(1)`, … takes, and their answers."""
    times, answers = [], []
    for repeat in range(repeats):
        start = perf_counter()
        answers.append(action(repeat))
        times.append(1000 * (perf_counter() - start))
    return times, answers


def spread(times: list[float]) -> str:
    """Median, and the fastest and slowest in brackets, in milliseconds."""
    return f"{median(times):9.2f} ms  ({min(times):.2f} to {max(times):.2f})"


def loop_seconds() -> float:
    """What a fixed loop takes here; about 0.6 s on the machine that the goals were set for."""
    started, total = perf_counter(), 0
    for number in range(10**7):
        total += number * number
    return perf_counter() - started
