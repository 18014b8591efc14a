"""The process of a lead database is forked from one that is ready, and goes with its owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.uploads import start_opening
from workshop import intake
from workshop.intake import Opened
from workshop.intake.fork_server import FORK_SERVER, ForkedProcess

ROOT = Path(__file__).parents[2]
HISTORY = b"lead,stage,entered_at\na,Lead,2026-01-05\na,Won,2026-01-09\nb,Lead,2026-01-06\n"
# Opens a file, says which processes there are now, and is killed.
OPENS = f"""
from pathlib import Path
from tempfile import TemporaryDirectory
from workshop.intake import start_opening
from workshop.intake.fork_server import FORK_SERVER
with TemporaryDirectory() as folder:
    path = Path(folder, "history.csv")
    path.write_bytes({HISTORY!r})
    job = start_opening([(path.name, path)])
job.wait(60)
print(FORK_SERVER._process.pid, job.made.database._process._process._number, flush=True)
input()
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")


def opened() -> Opened:
    job = start_opening(("history.csv", HISTORY))
    job.wait(60)
    return job.made


def fork_of(files: Opened) -> ForkedProcess:
    process: ForkedProcess = files.database._process._process  # type: ignore[attr-defined]
    return process


def is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def files() -> Iterator[Opened]:
    one = opened()
    yield one
    one.close()


def ready() -> int:
    """The number of the process that is forked."""
    assert FORK_SERVER._process is not None
    return FORK_SERVER._process.pid


def test_the_next_file_is_opened_by_a_fork_of_the_same_process(files: Opened) -> None:
    first = ready()
    second = opened()
    assert ready() == first
    assert fork_of(second)._number not in (first, fork_of(files)._number)
    second.close()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux says so")
def test_what_is_forked_has_one_thread_and_no_file(files: Opened) -> None:
    assert len(list(Path(f"/proc/{ready()}/task").iterdir())) == 1
    held = {one.name: os.readlink(one) for one in Path(f"/proc/{ready()}/fd").iterdir()}
    ours = [name for one, name in held.items() if int(one) > 2]
    assert not [name for name in ours if "funnel-" in name or name.startswith("pipe:")]


def test_a_closed_desk_leaves_no_process(files: Opened) -> None:
    number = fork_of(files)._number
    assert is_there(number)
    files.close()
    assert not is_there(number)


def test_files_are_opened_again_after_the_process_that_is_forked_was_killed() -> None:
    opened().close()
    os.kill(ready(), signal.SIGKILL)
    again = opened()
    assert again.values("stage") == {"Lead": 2, "Won": 1}
    again.close()


def test_a_server_that_stops_ends_it_and_one_that_goes_on_starts_it_anew(files: Opened) -> None:
    first, number = ready(), fork_of(files)._number
    intake.close_all()
    assert not is_there(first)
    assert not is_there(number)
    opened().close()
    assert ready() != first


def test_a_server_that_is_killed_leaves_no_process() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OPENS], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        numbers = [*map(int, server.stdout.readline().split())]
        assert len(numbers) == 2
        assert all(map(is_there, numbers))
        server.kill()
    until(lambda: not any(map(is_there, numbers)))
