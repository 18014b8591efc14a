"""Files are taken where a page asks for them, and never more than the server has room for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient, WebSocketTestSession
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from workshop import entrance, screen, upload
from workshop.deliveries import NOT_ASKED, UPLOADS, Deliveries, ask
from workshop.store import Store

HOME = Path(__file__).parents[1] / "pages" / "home.py"
FILE = {"file": ("funnel.csv", b"stage,count\nLead,2\nWon,1\n")}


class Server:
    """A server that keeps what it is sent, behind the middleware."""

    def __init__(self, most: int) -> None:
        self.kept = 0
        routes = [Route(f"{UPLOADS}{{session}}/{{file}}", self.take, methods=["PUT"])]
        guard = Middleware(Deliveries, held=lambda: self.kept, most=most)
        self.client = TestClient(Starlette(routes=routes, middleware=[guard]))

    async def take(self, request: Request) -> PlainTextResponse:
        self.kept += len(await request.body())
        return PlainTextResponse("kept")

    def send(self, session_id: str, content: bytes) -> int:
        return self.client.put(f"{UPLOADS}{session_id}/one", content=content).status_code


def test_a_file_that_no_page_asked_for_is_refused() -> None:
    server = Server(most=100)
    assert server.send("stranger", b"x") == 403
    assert server.kept == 0


def test_a_page_that_asks_gets_its_files_until_it_is_closed() -> None:
    server = Server(most=100)
    wish = ask("page")
    assert server.send("page", b"x" * 10) == 200
    assert server.send("another page", b"x") == 403
    del wish
    gc.collect()
    assert server.send("page", b"x") == 403
    assert server.kept == 10


def test_more_than_the_server_has_room_for_is_refused_until_there_is_room() -> None:
    server = Server(most=100)
    wish = ask("page")
    assert server.send("page", b"x" * 101) == 503
    assert server.send("page", b"x" * 60) == 200
    assert server.send("page", b"x" * 60) == 503
    server.kept = 0
    assert server.send("page", b"x" * 60) == 200
    del wish


def test_a_file_that_does_not_say_how_long_it_is_is_refused() -> None:
    server = Server(most=100)
    wish = ask("page")
    answer = server.client.put(f"{UPLOADS}page/one", content=(b"x" for _ in range(3)))
    assert answer.status_code == 411
    assert server.kept == 0
    del wish


# -- the whole server, Streamlit included ----------------------------------------------------------


@pytest.fixture(scope="module")
def client(client: TestClient) -> Iterator[TestClient]:
    store, patched = Store(":memory:"), pytest.MonkeyPatch()
    patched.setattr(screen, "store", lambda: store)
    patched.delenv("WORKSHOP_HOST_KEY", raising=False)
    for kept in (screen.hub, entrance.gate):
        kept.cache_clear()
    yield client
    patched.undo()
    store.close()
    for kept in (screen.hub, entrance.gate):
        kept.cache_clear()


@dataclass
class Page:
    """A page that is open in a browser, as far as it sends files."""

    client: TestClient
    line: WebSocketTestSession
    session_id: str = ""
    uploader: str = ""

    def run(self, page: str, states: WidgetStates | None = None) -> None:
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.widget_states.CopyFrom(states or WidgetStates())
        self.line.send_bytes(message.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self.line.receive_bytes())
            self.session_id = self.session_id or told.new_session.initialize.session_id
            self.uploader = self.uploader or told.delta.new_element.file_uploader.id
            is_end = told.WhichOneof("type") == "script_finished"
            if is_end and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return

    def send(self) -> tuple[int, str]:
        header = {"X-Xsrftoken": self.client.cookies["_streamlit_xsrf"]}
        answer = self.client.put(f"{UPLOADS}{self.session_id}/one", files=FILE, headers=header)
        return answer.status_code, answer.text

    def drop(self) -> None:
        """Tell the uploader on the home page that the file is there."""
        states = WidgetStates()
        state = states.widgets.add(id=self.uploader)
        name, content = FILE["file"]
        state.file_uploader_state_value.uploaded_file_info.add(
            file_id="one", name=name, size=len(content)
        )
        self.run("", states)


@contextmanager
def opened(client: TestClient, page: str) -> Iterator[Page]:
    client.get("/_stcore/health")  # as every browser does first
    with client.websocket_connect("/_stcore/stream", ["streamlit"]) as line:
        shown = Page(client, line)
        shown.run(page)
        yield shown


@pytest.fixture
def before(client: TestClient) -> int:
    """What is in memory already: a page that was just closed may come back for its files."""
    return upload.held()


def test_a_file_from_the_home_page_is_in_memory_until_it_is_read(
    client: TestClient, before: int
) -> None:
    with opened(client, "") as page:
        assert page.send() == (204, "")
        assert upload.held() == before + len(FILE["file"][1])
        page.drop()
        assert upload.held() == before


def test_no_file_is_taken_of_who_has_not_shown_the_host_key(
    client: TestClient, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "tulip")
    with opened(client, "") as page:
        assert page.send() == (403, NOT_ASKED)
    assert upload.held() == before


@pytest.mark.parametrize("name", ["team", "board", "facilitate", "numbers", "manage"])
def test_no_file_is_taken_of_who_was_not_let_in(client: TestClient, before: int, name: str) -> None:
    with opened(client, name) as page:
        assert page.send() == (403, NOT_ASKED)
    assert upload.held() == before


# -- the home page, where a host key is set --------------------------------------------------------


@pytest.fixture
def home(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setattr(screen, "store", lambda: store)
    monkeypatch.setattr(screen, "go_to", lambda path: None)
    monkeypatch.setattr(entrance, "here", lambda: "203.0.113.7")
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "tulip")
    entrance.gate.cache_clear()
    yield AppTest.from_file(str(HOME), default_timeout=30).run()
    entrance.gate.cache_clear()


def keys(home: AppTest) -> set[str]:
    return {str(one.key) for kind in ("button", "file_uploader") for one in home.get(kind)}


def test_before_the_host_key_only_joining_and_coming_back_are_offered(home: AppTest) -> None:
    assert not home.exception
    assert not home.get("file_uploader")
    assert {"recover_submit"} == keys(home)
    ways = "".join(html.proto.body for html in home.get("html"))
    assert 'href="/join"' in ways
    assert 'href="/start"' in ways


def test_after_the_host_key_a_workshop_starts(
    home: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "is_host", lambda cookies: True)
    home.run()
    assert len(home.get("file_uploader")) == 2
    home.text_input(key="start_name").input("Spring")
    home.checkbox(key="start_example").check()
    home.run()
    home.button(key="start_submit").click().run()
    assert not home.exception
    assert [name for (name,) in store._read("SELECT name FROM workshop")] == ["Spring"]
