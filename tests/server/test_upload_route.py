"""Files are taken where a page asks for them, and never more than the server has room for."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from tests.server_process import Server
from tests.upload_process import COOKIE, MOST_BYTES
from workshop.live import services
from workshop.server import entrance
from workshop.server.bound_sessions import fingerprints
from workshop.server.upload_permit import (
    LONGEST_NAME_BYTES,
    NO_ROOM,
    NOT_ASKED,
    PREFIX,
    UploadPermit,
    UploadSpace,
    Wanted,
    clean_name,
    delete_leftovers,
    find_permit,
    grant,
)
from workshop.server.upload_permit import MOST_BYTES as MOST_TOGETHER
from workshop.server.upload_route import UPLOAD, Uploads
from workshop.store import Store

HOME = Path(__file__).parents[2] / "pages" / "home.py"
CONTENT = b"stage,count\nLead,2\nWon,1\n"
ANY = Wanted(("csv",), 1_000, most_files=5)
OURS = fingerprints(COOKIE)
HEADERS = {"cookie": "; ".join(f"{name}={value}" for name, value in COOKIE.items())}


@pytest.fixture
def arrived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder into which files are written, this test's own."""
    folder = tmp_path / "arrived"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def client_of_100_bytes(arrived: Path) -> TestClient:
    """A browser that was asked, before a server that has room for 100 bytes."""
    app = Starlette(routes=[Uploads(UploadSpace(most=100)).route()])
    return TestClient(app, headers=HEADERS)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: where browser tests came before, this one has a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def send(
    client: TestClient, permit: UploadPermit, content: bytes, number: int = 1, name: str = "a.csv"
) -> tuple[int, str]:
    path = f"{UPLOAD}/{permit.secret}/{number}"
    answer = client.put(path, params={"name": name}, content=content)
    return answer.status_code, answer.text


def test_a_file_that_no_page_asked_for_is_refused(
    client_of_100_bytes: TestClient, arrived: Path
) -> None:
    stranger = UploadPermit(ANY, OURS)
    assert send(client_of_100_bytes, stranger, b"x") == (403, NOT_ASKED)
    assert list(arrived.iterdir()) == []


def test_a_page_that_asks_gets_its_files_until_it_is_closed(
    client_of_100_bytes: TestClient, arrived: Path
) -> None:
    permit = grant(ANY, OURS)
    assert send(client_of_100_bytes, permit, b"x" * 10) == (204, "")
    [file] = permit.files.values()
    assert (file.name, file.size, file.content()) == ("a.csv", 10, b"x" * 10)
    address = f"{UPLOAD}/{permit.secret}/2?name=a.csv"
    del permit, file
    gc.collect()
    assert list(arrived.iterdir()) == []
    assert client_of_100_bytes.put(address, content=b"x").status_code == 403


def test_a_file_lives_as_long_as_somebody_holds_it(
    client_of_100_bytes: TestClient, arrived: Path
) -> None:
    permit = grant(ANY, OURS)
    send(client_of_100_bytes, permit, b"x" * 10)
    file = permit.files[1]
    del permit
    assert file.content() == b"x" * 10
    del file
    assert list(arrived.iterdir()) == []


def test_more_than_the_server_has_room_for_is_refused_until_there_is_room(
    client_of_100_bytes: TestClient,
) -> None:
    permit = grant(ANY, OURS)
    assert send(client_of_100_bytes, permit, b"x" * 101) == (503, NO_ROOM)
    assert send(client_of_100_bytes, permit, b"x" * 60) == (204, "")
    assert send(client_of_100_bytes, permit, b"x" * 60, 2) == (503, NO_ROOM)
    client_of_100_bytes.delete(f"{UPLOAD}/{permit.secret}/1")
    assert send(client_of_100_bytes, permit, b"x" * 60, 2) == (204, "")


def test_a_file_that_does_not_say_how_long_it_is_is_refused(
    client_of_100_bytes: TestClient,
) -> None:
    permit = grant(ANY, OURS)
    path = f"{UPLOAD}/{permit.secret}/1?name=a.csv"
    assert client_of_100_bytes.put(path, content=(b"x" for _ in range(3))).status_code == 411
    assert client_of_100_bytes.post(path).status_code == 411
    assert permit.files == {}


@pytest.mark.parametrize("cookies", [{}, {"funnel_facilitator_ABC234": "another"}])
def test_another_browser_neither_asks_nor_sends_nor_takes_back(
    client_of_100_bytes: TestClient, cookies: dict[str, str]
) -> None:
    permit = grant(ANY, OURS)
    send(client_of_100_bytes, permit, b"x" * 10)
    client_of_100_bytes.headers["cookie"] = "; ".join(f"{k}={v}" for k, v in cookies.items())
    for method in ("POST", "PUT", "DELETE"):
        path = f"{UPLOAD}/{permit.secret}/1?name=a.csv&size=10"
        answer = client_of_100_bytes.request(method, path, content=b"y" * 10)
        assert (answer.status_code, answer.text) == (403, NOT_ASKED)
    assert permit.files[1].content() == b"x" * 10


def test_a_permit_without_cookies_is_nobodys(client_of_100_bytes: TestClient) -> None:
    permit = grant(ANY, frozenset())
    client_of_100_bytes.headers["cookie"] = ""
    assert send(client_of_100_bytes, permit, b"x") == (403, NOT_ASKED)


@pytest.mark.parametrize(
    ("name", "size", "answer"),
    [
        ("a.csv", 30, (204, "")),
        ("A.CSV", 30, (204, "")),
        ("a.csv", 51, (413, "This file is larger than 0 MB, the most that can be sent here.")),
        ("a.exe", 30, (415, "Only files of these kinds can be sent here: csv.")),
        ("csv", 30, (415, "Only files of these kinds can be sent here: csv.")),
    ],
)
def test_what_a_page_does_not_want_is_refused_before_and_after_it_was_asked(
    client_of_100_bytes: TestClient, name: str, size: int, answer: tuple[int, str]
) -> None:
    permit = grant(Wanted(("csv",), 50), OURS)
    path = f"{UPLOAD}/{permit.secret}/1"
    asked = client_of_100_bytes.post(path, params={"name": name, "size": str(size)})
    assert (asked.status_code, asked.text) == answer
    assert permit.files == {}
    assert send(client_of_100_bytes, permit, b"x" * size, name=name) == answer


def test_no_more_files_are_taken_than_the_page_wants(client_of_100_bytes: TestClient) -> None:
    permit = grant(Wanted(("csv",), 50, most_files=2), OURS)
    for number in (1, 2):
        assert send(client_of_100_bytes, permit, b"x", number) == (204, "")
    assert send(client_of_100_bytes, permit, b"x", 3) == (409, permit.wanted.too_many)
    assert send(client_of_100_bytes, permit, b"y", 2) == (204, "")  # in the place of the first
    assert permit.files[2].content() == b"y"


def test_two_hundred_permits_send_at_most_what_there_is_room_for(
    client_of_100_bytes: TestClient, arrived: Path
) -> None:
    permits = [grant(ANY, OURS) for _ in range(200)]
    assert len({permit.secret for permit in permits}) == 200
    statuses = [send(client_of_100_bytes, permit, b"x")[0] for permit in permits]
    assert statuses == [204] * 100 + [503] * 100
    del permits[:50]
    assert [send(client_of_100_bytes, permit, b"x")[0] for permit in permits[50:]] == (
        [204] * 50 + [503] * 50
    )
    permits.clear()
    assert list(arrived.iterdir()) == []


def test_files_count_from_their_first_byte_on(arrived: Path) -> None:
    space, permit = UploadSpace(most=100), grant(ANY, OURS)
    uploads = Uploads(space)

    async def together() -> tuple[list[int], list[int]]:
        goes_on = asyncio.Event()
        sendings = [
            asyncio.create_task(sent(uploads, permit, number, [b"x" * 30, b"x" * 30], goes_on))
            for number in (1, 2)
        ]
        await asyncio.sleep(0)
        while space.taken == 0 or not sendings[1].done():
            await asyncio.sleep(0.001)
        during = [len(list(arrived.iterdir())), space.taken]
        goes_on.set()
        return during, [await one for one in sendings]

    assert run(together()) == ([1, 60], [204, 503])


@pytest.mark.parametrize(
    "parts", [[b"x" * 30], [b"x" * 30, b"x" * 31]], ids=["too little", "too much"]
)
def test_a_file_of_another_length_than_it_says_leaves_nothing(
    arrived: Path, parts: list[bytes]
) -> None:
    space, permit = UploadSpace(), grant(ANY, OURS)
    assert run(sent(Uploads(space), permit, 1, parts)) == 400
    assert (permit.files, permit.arriving, space.taken) == ({}, {}, 0)
    assert list(arrived.iterdir()) == []


def test_who_says_nothing_any_more_gives_the_room_back(arrived: Path) -> None:
    space, permit = UploadSpace(), grant(ANY, OURS)
    uploads = Uploads(space, silent_seconds=0.01)
    assert run(sent(uploads, permit, 1, [b"x"] * 2, asyncio.Event())) == 400
    assert (permit.arriving, space.taken, list(arrived.iterdir())) == ({}, 0, [])


async def sent(
    uploads: Uploads,
    permit: UploadPermit,
    number: int,
    parts: list[bytes],
    goes_on: asyncio.Event | None = None,
) -> int:
    """The status after parts of a file of 60 bytes; the second waits for `goes_on`."""
    waiting = list(parts)
    answers: list[Message] = []

    async def receive() -> Message:
        if goes_on is not None and len(waiting) < len(parts):
            await goes_on.wait()
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        answers.append(message)

    headers = {**HEADERS, "content-length": "60"}
    scope = {
        "type": "http",
        "method": "PUT",
        "path": f"{UPLOAD}/{permit.secret}/{number}",
        "query_string": b"name=a.csv",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await Starlette(routes=[uploads.route()])(scope, receive, send)
    status: int = answers[0]["status"]
    return status


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    client_of_100_bytes: TestClient, arrived: Path
) -> None:
    permit = grant(ANY, OURS)
    arrived.rmdir()
    status, words = send(client_of_100_bytes, permit, b"x")
    assert status == 507
    assert "disk" in words
    assert permit.files == permit.arriving == {}


def test_a_wish_for_nothing_is_none() -> None:
    for endings, most_bytes, most_files in (((), 1, 1), (("csv",), 0, 1), (("csv",), 1, 0)):
        with pytest.raises(ValueError, match="must want some"):
            Wanted(endings, most_bytes, most_files)


@given(st.text())
def test_a_name_is_a_file_in_its_own_folder(name: str) -> None:
    clean = clean_name(name)
    assert Path(clean).name == clean not in ("", ".", "..")
    assert 0 < len(clean.encode()) <= LONGEST_NAME_BYTES
    assert clean.isprintable()
    assert clean_name(clean) == clean


def test_a_start_deletes_what_ended_servers_have_left_and_no_more(arrived: Path) -> None:
    with_files = [*range(2**22 + 1, 2**22 + 4), os.getpid()]  # more than any process has
    left = [arrived / f"{PREFIX}{process}-abc" for process in with_files]
    others = [arrived / f"{PREFIX}{os.getppid()}-abc", arrived / f"{PREFIX}notes-1"]
    for path in (*left, *others):
        path.touch()
    delete_leftovers()
    assert sorted(arrived.iterdir()) == sorted(others)


# -- over a real line ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("arrived")
    running = Server(folder / "none.duckdb", program="tests/upload_process.py")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TMPDIR", str(folder))
        running.start()
    yield running
    running.stop()


def known(server: Server) -> dict[str, Any]:
    with urlopen(f"{server.address}/healthz") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def begun(server: Server, number: int, size: int) -> HTTPConnection:
    """The line on which a file of this size is about to come."""
    line = HTTPConnection(server.host, timeout=60)
    line.putrequest("PUT", f"{UPLOAD}/{known(server)['secret']}/{number}?name=large.csv")
    for name, value in {**HEADERS, "Content-Length": str(size)}.items():
        line.putheader(name, value)
    line.endheaders()
    return line


def status(line: HTTPConnection) -> int:
    with line.getresponse() as answer:
        answer.read()
        return answer.status


def files_on_disk(server: Server) -> list[Path]:
    return list(server.database.parent.glob(f"{PREFIX}*"))


def until_nothing_is_taken(server: Server) -> None:
    deadline = time.monotonic() + 60
    while known(server)["taken"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_large_file_is_never_in_memory(server: Server) -> None:
    size, part = 100_000_000, b"x" * 1_000_000
    before = known(server)["peak"]
    line = begun(server, 1, size)
    for _ in range(size // len(part)):
        line.send(part)
    assert status(line) == 204
    after = known(server)
    assert [(name, length) for name, length, _ in after["files"]] == [("large.csv", size)]
    [path] = files_on_disk(server)
    assert path.stat().st_size == size
    assert (after["peak"] - before) * 1024 < size / 10
    line.request("DELETE", f"{UPLOAD}/{after['secret']}/1", headers=HEADERS)
    assert status(line) == 204
    line.close()
    until_nothing_is_taken(server)
    assert files_on_disk(server) == []


@pytest.mark.parametrize("sent", [0, 1, 3_000_000])
def test_a_file_that_is_called_off_or_cut_on_its_way_leaves_nothing(
    server: Server, sent: int
) -> None:
    line = begun(server, 2, MOST_BYTES)
    deadline = time.monotonic() + 60
    while known(server)["taken"] != MOST_BYTES:
        assert time.monotonic() < deadline
    assert len(files_on_disk(server)) == 1
    line.send(b"x" * sent)
    line.close()
    until_nothing_is_taken(server)
    assert files_on_disk(server) == []
    assert known(server)["files"] == []


def test_all_files_together_keep_within_the_bound_also_on_their_way(server: Server) -> None:
    lines = [begun(server, number, MOST_BYTES) for number in (1, 2)]
    deadline = time.monotonic() + 60
    while known(server)["taken"] != 2 * MOST_BYTES:
        assert time.monotonic() < deadline
    room = MOST_TOGETHER - 2 * MOST_BYTES
    asking = HTTPConnection(server.host, timeout=60)
    for size, expected in ((room, 204), (room + 1, 503)):
        path = f"{UPLOAD}/{known(server)['secret']}/3?name=a.csv&size={size}"
        asking.request("POST", path, headers=HEADERS)
        assert status(asking) == expected
    for line in (*lines, asking):
        line.close()
    until_nothing_is_taken(server)


# -- the whole server, Streamlit included ----------------------------------------------------------


@pytest.fixture(scope="module")
def client(client: TestClient) -> Iterator[TestClient]:
    store, patched = Store(":memory:"), pytest.MonkeyPatch()
    patched.setattr(services, "store", lambda: store)
    patched.delenv("WORKSHOP_HOST_KEY", raising=False)
    for kept in (services.hub, entrance.gate):
        kept.cache_clear()
    yield client
    patched.undo()
    store.close()
    for kept in (services.hub, entrance.gate):
        kept.cache_clear()


@dataclass
class Page:
    """A page that is open in a browser, as far as it sends files by the first field it shows."""

    client: TestClient
    line: WebSocketTestSession
    field: str = ""
    address: str = ""

    def run(self, page: str, states: WidgetStates | None = None) -> None:
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.widget_states.CopyFrom(states or WidgetStates())
        self.line.send_bytes(message.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self.line.receive_bytes())
            part = told.delta.new_element.bidi_component
            if part.component_name == "upload" and not self.field:
                self.field, self.address = part.id, json.loads(part.json)["address"]
            is_end = told.WhichOneof("type") == "script_finished"
            if is_end and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return

    def send(self, headers: dict[str, str] | None = None) -> tuple[int, str]:
        address = f"{self.address or UPLOAD + '/secret'}/1?name=funnel.csv"
        answer = self.client.put(address, content=CONTENT, headers=headers)
        return answer.status_code, answer.text

    def tell(self) -> None:
        """Tell the page, as its field does, that the file is there."""
        states = WidgetStates()
        states.widgets.add(id=self.field, json_value=json.dumps({"here": [1]}))
        self.run("", states)


@contextmanager
def opened(client: TestClient, page: str) -> Iterator[Page]:
    client.get("/_stcore/health")  # as every browser does first
    with client.websocket_connect("/_stcore/stream", ["streamlit"]) as line:
        shown = Page(client, line)
        shown.run(page)
        yield shown


def waiting(folder: Path) -> list[Path]:
    return list(folder.glob(f"{PREFIX}*"))


def test_a_file_from_the_home_page_is_on_disk_until_it_is_read(
    client: TestClient, arrived: Path
) -> None:
    with opened(client, "") as page:
        assert page.send() == (204, "")
        assert [path.read_bytes() for path in waiting(arrived)] == [CONTENT]
        page.tell()
        assert waiting(arrived) == []


def test_a_file_for_the_page_of_another_browser_is_refused(
    client: TestClient, arrived: Path
) -> None:
    with opened(client, "") as page:
        assert page.address
        foreign = {"cookie": "workshop_browser=another"}
        assert page.send(foreign) == (403, NOT_ASKED)
        secret = page.address.rpartition("/")[2]
        assert find_permit(secret, fingerprints(dict(client.cookies))) is not None
    assert waiting(arrived) == []


def test_no_file_is_taken_of_who_has_not_shown_the_host_key(
    client: TestClient, arrived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "tulip")
    with opened(client, "") as page:
        assert not page.address
        assert page.send() == (403, NOT_ASKED)
    assert waiting(arrived) == []


@pytest.mark.parametrize("name", ["board", "facilitate", "numbers", "manage"])
def test_no_file_is_taken_of_who_was_not_let_in(
    client: TestClient, arrived: Path, name: str
) -> None:
    with opened(client, name) as page:
        assert not page.address
        assert page.send() == (403, NOT_ASKED)
    assert waiting(arrived) == []
