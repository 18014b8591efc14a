"""A start that fits the job, and an end that comes even where a browser holds on."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
import threading
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.server_process import free_port
from workshop import log
from workshop.server import startup
from workshop.server.startup import UNSETTLED

ROOT = Path(__file__).parents[2]


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_a_settled_process_may_open_many_sockets_and_keeps_nobody_waiting_for_long() -> None:
    said = run(
        "import resource as r; from workshop.server import startup;"
        "most = r.getrlimit(r.RLIMIT_NOFILE)[1]; r.setrlimit(r.RLIMIT_NOFILE, (256, most));"
        "startup.settle(); print(r.getrlimit(r.RLIMIT_NOFILE) == (most, most));"
        "import gc; print(gc.get_freeze_count() > 1000); startup.warn_if_unsettled();"
        "import sys; print(sys.getswitchinterval() < 0.005)"
    )
    assert said.stdout.split() == ["True", "True", "True"]
    assert not said.stderr


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have one heap")
def test_the_threads_of_a_settled_process_share_one_heap() -> None:
    heaps = (
        "import ctypes, threading; from workshop.server import startup; {settle};"
        "kept = []; wait = threading.Barrier(9);"
        "work = lambda: (kept.append(bytearray(50_000)), wait.wait());"
        "[threading.Thread(target=work).start() for _ in range(8)]; wait.wait();"
        "c = ctypes.CDLL(None); c.fdopen.restype = ctypes.c_void_p;"
        "out = ctypes.c_void_p(c.fdopen(1, b'w')); c.malloc_info(0, out); c.fflush(out)"
    )
    settled, as_it_comes = (
        run(heaps.format(settle=settle)).stdout.count("<heap nr=")
        for settle in ("startup.settle()", "pass")
    )
    assert settled == 1 < as_it_comes


def test_a_start_that_loses_the_settings_is_told_how_to_start() -> None:
    said = run("from workshop.server import startup; startup.warn_if_unsettled()")
    assert said.stderr.strip() == UNSETTLED
    assert "`python app.py`" in UNSETTLED


def test_a_stop_that_hangs_ends_all_the_same_and_closes_the_records() -> None:
    said = run(
        "import os, signal, time; from workshop.server import startup;"
        "startup.STOPS_WITHIN_SECONDS = 0.2;"
        "signal.signal(signal.SIGTERM, lambda *_: print('asked', flush=True));"
        "startup.end_in_time(lambda: print('closed', flush=True));"
        "os.kill(os.getpid(), signal.SIGTERM); time.sleep(30); print('hung')"
    )
    assert (said.returncode, said.stdout.split()) == (0, ["asked", "closed"])


@pytest.mark.parametrize("level", ["loud", "INFO"])
def test_a_level_of_the_log_that_there_is_not_is_named(level: str) -> None:
    with pytest.raises(ValueError, match=f"WORKSHOP_LOG is “{level}”; it must be one of info,"):
        log.start(level)


def test_a_level_of_the_log_that_there_is_not_ends_the_start_with_a_sentence(
    tmp_path: Path,
) -> None:
    environment = os.environ | {"WORKSHOP_LOG": "loud", "WORKSHOP_DB": str(tmp_path / "w.duckdb")}
    server = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert server.returncode == 1
    assert "WORKSHOP_LOG is “loud”" in server.stderr
    assert "Traceback" not in server.stderr


LEADS_TO = {
    "Facilitator": "/facilitate",
    "Board": "/board",
    "Management": "/manage",
    "Phone": "",
    "Second look": "/facilitate",
    "Its board": "/board",
    "Check-in": "",
}
"""The page that each address of the example leads to; "" where it is a page itself."""


def where(port: int, path: str) -> tuple[str, str]:
    """The page that an address leads to and the workshop there, both empty where it is a page."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
    assert answer.status in (200, 303)
    page, _, workshop = (answer.headers["location"] or "").partition("?")
    return page, workshop


def test_the_addresses_are_the_last_thing_that_a_start_prints_and_the_server_answers_there(
    tmp_path: Path,
) -> None:
    """And the filling of the example says nothing before them."""
    port = free_port()
    environment = os.environ | {"WORKSHOP_DB": str(tmp_path / "w.duckdb"), "PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "app.py", "--demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,  # a line read is all that is read: the rest is still there at the end
    )
    try:
        assert server.stdout is not None
        told = [server.stdout.readline().decode() for _ in range(1 + len(LEADS_TO))]
        assert told[0] == "Funnel Reality Check is starting. Ctrl+C stops it.\n"
        named = [line.split(":", 1) for line in told[1:]]
        ways = {name.strip(): way.strip().split(str(port))[1] for name, way in named}
        found = {name: where(port, way) for name, way in ways.items()}
    finally:
        server.terminate()
        rest, _ = server.communicate(timeout=60)
    assert {name: page for name, (page, _) in found.items()} == LEADS_TO
    rooms = {name: workshop for name, (_, workshop) in found.items()}
    assert rooms["Facilitator"] == rooms["Board"] == rooms["Management"]
    assert rooms["Facilitator"] != rooms["Second look"] == rooms["Its board"]
    assert rest == b""


def test_nothing_is_printed_before_the_server_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """The port is taken from the beginning, and its server busy until it accepts."""
    with socket.create_server(("127.0.0.1", 0)) as busy:
        welcome = threading.Thread(
            target=startup._print_once_up, args=(busy.getsockname()[1], "Come in.")
        )
        welcome.start()
        first, _ = busy.accept()
        assert capsys.readouterr().out == ""
        first.close()  # as from a server that gives up: asked again
        second, _ = busy.accept()
        assert second.recv(1000).startswith(b"GET /healthz")
        assert capsys.readouterr().out == ""
        second.sendall(b"HTTP/1.1 503 Failing\r\nContent-Length: 0\r\n\r\n")
        welcome.join(60)
        second.close()
    assert capsys.readouterr().out == "Come in.\n"
