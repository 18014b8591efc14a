"""A server of this app in a process of its own; it can be stopped, killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Client
from pathlib import Path
from typing import Self, TypeVar, TypeVarTuple

from workshop.store import Store

ROOT = Path(__file__).parents[1]
OURS = "app.py"
RECORDS_PORT, RECORDS_KEY = "RECORDS_PORT", b"tests"
Given = TypeVarTuple("Given")
Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A program of this app, by its path from the root, on a database of its own; its settings
    are added to the environment."""

    database: Path
    program: str = OURS
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    @property
    def log(self) -> Path:
        return self.database.with_suffix(".log")

    def start(self) -> None:
        environment = os.environ | {"WORKSHOP_DB": str(self.database), "PORT": str(self.port)}
        environment |= {"PYTHONPATH": str(ROOT), **self.settings}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, self.program], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 180
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the server did not start:\n{self.log.read_text('utf-8')}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2):
                return True
        except OSError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Pull the plug."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class ReachableServer(Server):
    """A server whose records a test fills and changes while it runs; tests/reachable.py."""

    program: str = "tests/reachable.py"

    def __post_init__(self) -> None:
        self.records_port = free_port()
        self.settings = {**self.settings, RECORDS_PORT: str(self.records_port)}

    def records(self, function: Callable[[Store, *Given], Found], *given: *Given) -> Found:
        """What a function, called by the server with its own store, gives; raises what it does."""
        with Client(("127.0.0.1", self.records_port), authkey=RECORDS_KEY) as line:
            line.send((function, given))
            found, problem = line.recv()
        if problem is not None:
            raise problem
        return found  # type: ignore[no-any-return]
