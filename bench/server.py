"""A server of this app, and what the system says about its process."""

from __future__ import annotations

import os
from pathlib import Path

import measuring  # noqa: F401 — makes the tests' own folder importable

from tests import server_process

OURS = server_process.OURS
POLLING = "bench/polling.py"
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class Server(server_process.Server):
    """A server whose process is looked at while it runs."""

    def cpu_seconds(self) -> float:
        """Processor time since the start, of all its threads."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND

    def memory_mb(self) -> float:
        """What it holds in memory now."""
        lines = self._proc("status").splitlines()
        [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
        return int(kilobytes) / 1024

    def descriptors(self) -> int:
        assert self.process is not None
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def _proc(self, name: str) -> str:
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/{name}").read_text()
