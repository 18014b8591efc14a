"""Processes forked from one that has imported all that reading files needs.

To start Python and import DuckDB and the words of seven languages takes half a second, for which
everybody who opened a file would wait. The process that is forked sees no file itself.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "workshop.server.intake_process"]
NUMBER = struct.Struct(">q")


class ForkedProcess:
    """A forked process and its pipes, with what `IntakeProcess` uses of `subprocess.Popen`."""

    def __init__(
        self, number: int, stdin: IO[bytes], stdout: IO[bytes], reap: Callable[[int], None]
    ) -> None:
        self.stdin, self.stdout = stdin, stdout
        self._number, self._reap = number, reap
        self._is_there = True
        self._lock = Lock()

    def kill(self) -> None:
        with self._lock, suppress(ProcessLookupError):
            if self._is_there:  # until it is reaped, no other process has its number
                os.kill(self._number, signal.SIGKILL)

    def wait(self) -> None:
        """Wait for the end of a process that was killed."""
        with self._lock:
            if self._is_there:
                self._reap(self._number)
                self._is_there = False


class ForkServer:
    """The process that is forked, as who needs its forks sees it; started by the first of them."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None
        self._lock = Lock()

    def start(self) -> ForkedProcess:
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        stdin, stdout = os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb")
        try:
            with self._lock:
                number = self._forked(theirs_in, theirs_out)
        except BaseException:
            stdin.close()
            stdout.close()
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        return ForkedProcess(number, stdin, stdout, self._reap)

    def close(self) -> None:
        """End the process; the next fork starts it again."""
        with self._lock:
            self._end()

    def _forked(self, *pipes: int) -> int:
        if self._requests is not None:
            with suppress(OSError):
                return _request(self._requests, 0, *pipes)
            self._end()  # something has killed it
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(COMMAND, cwd=ROOT, stdin=theirs.fileno(), stdout=2)
        self._requests = ours
        return _request(ours, 0, *pipes)

    def _reap(self, number: int) -> None:
        with self._lock, suppress(OSError):  # without it the system reaps
            if self._requests is not None:
                _request(self._requests, number)

    def _end(self) -> None:
        if self._requests is not None:
            self._requests.close()
            self._requests = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _request(requests: socket.socket, number: int, *pipes: int) -> int:
    """The answer to a request. Raises OSError where nobody answers."""
    socket.send_fds(requests, [NUMBER.pack(number)], pipes)
    answer = requests.recv(NUMBER.size, socket.MSG_WAITALL)
    if len(answer) < NUMBER.size:
        raise ConnectionResetError
    return int(NUMBER.unpack(answer)[0])


def serve_forks(work: Callable[[IO[bytes], IO[bytes]], None]) -> None:
    """Fork for each two pipes that are sent, and reap the forks whose numbers are."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks stops asking
    gc.freeze()  # what the forks collect would be copied
    requests = socket.socket(fileno=os.dup(0))
    while True:
        request, pipes, *_ = socket.recv_fds(requests, NUMBER.size, 2)
        if not request:
            os._exit(0)  # without the lines in which DuckDB counts what is left of it
        [number] = NUMBER.unpack(request)
        if not pipes:
            with suppress(ChildProcessError):
                os.waitpid(number, 0)
        elif not (number := os.fork()):
            requests.close()
            os.close(0)
            _work(work, *pipes)
        for pipe in pipes:
            os.close(pipe)
        requests.sendall(NUMBER.pack(number))


def _work(work: Callable[[IO[bytes], IO[bytes]], None], questions: int, answers: int) -> None:
    try:
        work(os.fdopen(questions, "rb"), os.fdopen(answers, "wb"))
    except BaseException:
        traceback.print_exc()
    os._exit(0)  # what the other process has opened is its own


FORK_SERVER = ForkServer()
