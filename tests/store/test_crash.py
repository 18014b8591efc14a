"""Plugs are pulled and disks fill up: what was said to be saved is in the file."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import duckdb
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.burst import PLAN, bursts, opened
from tests.server_process import ROOT, Server
from workshop.domain.access import Role, Visitor, cookie_name
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Store, StoreError, Unsaved

CRASHES = 5  # bench/crashes.py pulls it two hundred times


# -- the pulled plug -----------------------------------------------------------------------------


def test_every_acknowledged_idea_is_in_the_file_once_however_often_the_plug_is_pulled(
    tmp_path: Path,
) -> None:
    path, moments = tmp_path / "workshop.duckdb", [random.uniform(0, 0.5) for _ in range(CRASHES)]
    acknowledged: set[str] = set()
    with bursts() as crash:
        for moment in moments:
            found = crash(path, moment)
            acknowledged |= found.acknowledged
            assert found.acknowledged, "the burst saved nothing"
            assert acknowledged <= found.kept, moments
            assert not found.torn, moments
            assert found.timer_is_right, moments


def test_a_stopped_server_closes_every_socket_and_leaves_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "workshop.duckdb"
    store = Store(path)
    facilitator = opened(store)
    code, token = (
        store.workshops.get(facilitator).code,
        store.tokens.issue(facilitator, Role.FACILITATOR),
    )
    store.close()
    cookie = {"Cookie": f"{cookie_name(Role.FACILITATOR, code)}={token}"}
    with Server(path) as server, ExitStack() as stack:
        sockets = [
            stack.enter_context(connect(f"ws://{server.host}{at}", additional_headers=cookie))
            for at in [f"/live?w={code}&role=facilitator"] * 4 + ["/_stcore/stream"] * 2
        ]
        assert server.process is not None
        server.process.terminate()
        assert {closing_code(socket) for socket in sockets} <= {1001, 1012}
    assert "Traceback" not in path.with_suffix(".log").read_text("utf-8")
    assert not path.with_name(f"{path.name}.wal").exists()


def closing_code(socket: ClientConnection) -> int | None:
    """What the server said when it closed the socket; None where it was just cut."""
    try:
        while True:
            socket.recv(timeout=20)
    except ConnectionClosed as closed:
        return closed.rcvd and closed.rcvd.code


# -- the full disk -------------------------------------------------------------------------------


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """As on a full disk, no file of this process can grow beyond `size`."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def a_writer(store: Store) -> Visitor:
    facilitator = opened(store)
    person = store.tokens.admit(
        store.seats.join(store.workshops.get(facilitator).code, "Ada", Side.SALES)
    )
    assert person is not None
    return person


def save(store: Store, person: Visitor) -> str:
    idea_id = uuid4().hex
    store.ideas.save(person, idea_id, 0, IdeaDraft("Call", Estimate(0.1, 0.2, 0.4), PLAN))
    return idea_id


def kept_by(path: Path) -> list[str]:
    """The ideas in a copy of the file and its log, as a crash at this moment would leave them."""
    copy = path.with_name("crashed.duckdb")
    for ending in ("", ".wal"):
        # `cat` and not this process: closing a file here would give up the engine's lock on it.
        with open(f"{copy}{ending}", "wb") as target:
            subprocess.run(["cat", f"{path}{ending}"], stdout=target, check=True)
    with duckdb.connect(str(copy)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM idea").fetchall()]


def test_on_a_full_disk_an_idea_is_not_saved_and_the_next_one_is_once_there_is_room(
    tmp_path: Path,
) -> None:
    path = tmp_path / "workshop.duckdb"
    store = Store(path)
    person = a_writer(store)
    saved = [save(store, person)]
    size = path.with_name(f"{path.name}.wal").stat().st_size
    with (
        no_file_longer_than(size + 1000),
        pytest.raises(Unsaved, match=r"disk is full\. Your words"),
    ):
        save(store, person)
    assert [idea.id for idea in store.ideas.readable(person)] == saved
    saved.append(save(store, person))
    assert sorted(kept_by(path)) == sorted(saved)
    store.close()


def test_records_that_the_engine_has_given_up_are_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "workshop.duckdb"
    store = Store(path)
    person = a_writer(store)
    saved = [save(store, person)]
    # Folding its log into the file is where a full disk makes the engine give up.
    store.database.engine.execute("SET checkpoint_threshold = '1KB'")
    with no_file_longer_than(100_000), pytest.raises(Unsaved, match="disk is full"):
        saved.extend(save(store, person) for _ in range(50))
    assert [idea.id for idea in store.ideas.readable(person)] == saved
    saved.append(save(store, person))
    store.close()
    again = Store(path)
    assert {idea.id for idea in again.ideas.readable(person)} == set(saved)
    again.close()


def test_on_a_full_disk_no_copy_is_made_rather_than_one_in_part(tmp_path: Path) -> None:
    store = Store(tmp_path / "workshop.duckdb")
    save(store, a_writer(store))
    assert store.copies.underway is not None
    store.copies.underway.result()  # the copy that was made when the room moved on
    with no_file_longer_than(200_000), pytest.raises(StoreError, match=r"No copy.*disk is full"):
        store.copies.make()
    assert not list(store.copies.folder.glob("*.part*"))
    made = {path.name for path in store.copies.all()}
    assert store.copies.make().name not in made
    store.close()


# -- what cannot be opened -----------------------------------------------------------------------


def a_file(path: Path) -> bytes:
    store = Store(path)
    save(store, a_writer(store))
    store.close()
    return path.read_bytes()


@pytest.mark.parametrize("part", [0.0, 0.001, 0.3, 0.6, 0.99])
def test_a_truncated_file_is_refused_and_left_as_it_is(tmp_path: Path, part: float) -> None:
    path = tmp_path / "workshop.duckdb"
    whole = a_file(path)
    torn = whole[: int(len(whole) * part)]
    path.write_bytes(torn)
    with pytest.raises(StoreError, match="It was left as it is"):
        Store(path)
    assert path.read_bytes() == torn


def test_a_file_that_another_process_holds_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "workshop.duckdb"
    hold = f"import duckdb; held = duckdb.connect({str(path)!r}); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreError, match="another program has them open"):
            Store(path)
        other.kill()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such folder"):
        Store(tmp_path / "nowhere" / "workshop.duckdb")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="that is a folder"):
        Store(tmp_path)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account of this machine may enter."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_where_nothing_may_be_written_the_start_says_so(open_folder: Path) -> None:
    """Neither a file that is there, nor a fresh one."""
    path, fresh = open_folder / "workshop.duckdb", open_folder / "fresh.duckdb"
    before = a_file(path)
    open_folder.chmod(0o555)
    for file in open_folder.iterdir():
        file.chmod(0o444)
    said = start_as_nobody(path, fresh).splitlines()
    open_folder.chmod(0o755)
    for line, started in zip(said, (path, fresh), strict=True):
        assert line.startswith(f"The records in {started} cannot be opened")
        assert "this account may not write there" in line
    assert path.read_bytes() == before
    assert not fresh.exists()


def start_as_nobody(*paths: Path) -> str:
    """What starts say to an account that is not root, to whom every folder is open."""
    start = (
        "import os, sys\n"
        "from workshop.store import Store, StoreError\n"
        "if os.geteuid() == 0: os.seteuid(65534)\n"
        "for path in sys.argv[1:]:\n"
        "    try: Store(path)\n"
        "    except StoreError as problem: print(problem)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", start, *map(str, paths)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


def test_the_server_ends_with_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "workshop.duckdb"
    torn = a_file(path)[:20_000]
    path.write_bytes(torn)
    server = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=os.environ | {"WORKSHOP_DB": str(path), "PORT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert server.returncode == 1
    assert "cannot be opened: the file ends too early" in server.stderr
    assert "Traceback" not in server.stdout + server.stderr
    assert path.read_bytes() == torn
