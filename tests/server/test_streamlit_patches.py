"""What Streamlit does with our patches, and that it still needs them, before the whole server."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import pytest
from starlette.testclient import TestClient
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from tests.tabs import tab
from workshop.store import Store
from workshop.ui import streamlit_patches

BUSY_SECONDS = 1.0


@pytest.fixture
def _patched(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_on_scriptrunner_event", "register_file_watchers"):
        monkeypatch.setattr(AppSession, name, getattr(AppSession, name))
    streamlit_patches.apply_patches()


def wish() -> BackMsg:
    message = BackMsg()
    message.rerun_script.SetInParent()
    return message


async def two_wishes_to_a_busy_server() -> None:
    """The second is read when the first has been drawn and not a word of it was sent."""
    session = Runtime.instance()._session_mgr.list_active_sessions()[-1].session
    session.handle_backmsg(wish())
    runner = session._scriptrunner
    assert runner is not None
    until = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < until and runner._requests._state is not ScriptRequestType.STOP:
        time.sleep(0.001)  # nothing else happens in the server meanwhile
    session.handle_backmsg(wish())
    while session._scriptrunner is not None:
        await asyncio.sleep(0.01)
    session.handle_backmsg(BackMsg(app_heartbeat=True))


def heard(client: TestClient) -> Counter[str]:
    """What was said of the two runs, by its kind."""
    assert client.portal is not None
    kinds: Counter[str] = Counter()
    with client.websocket_connect("/_stcore/stream", ["streamlit"]) as line:
        client.portal.call(two_wishes_to_a_busy_server)
        while not kinds["heartbeat_ack"]:
            message = ForwardMsg.FromString(line.receive_bytes())
            kinds[str(message.WhichOneof("type"))] += 1
    return kinds


@pytest.mark.usefixtures("_patched")
def test_what_a_run_has_drawn_is_sent_where_the_next_wish_came_first(client: TestClient) -> None:
    kinds = heard(client)
    assert kinds["new_session"] == kinds["script_finished"] == 2


def test_streamlit_alone_sends_nothing_of_the_first_run(client: TestClient) -> None:
    assert heard(client)["new_session"] == 1


# -- a browser that comes back -------------------------------------------------------------------


def watches_files_after_coming_back(client: TestClient) -> bool:
    """Whether a session looks for changed files once its browser has reconnected."""
    client.get("/_stcore/health")  # gives the cookie that the session is bound to
    cookies = dict(client.cookies)
    with tab(client, cookies) as first:
        first.open("", "")
    with tab(client, cookies, first.session_id) as second:
        second.open("", "")
        assert second.session_id == first.session_id
        session = Runtime.instance()._session_mgr.get_session_info(first.session_id)
        assert session is not None
        return session.session._local_sources_watcher is not None


@pytest.mark.usefixtures("_patched")
def test_no_file_is_watched_when_a_browser_comes_back(client: TestClient, records: Store) -> None:
    assert not watches_files_after_coming_back(client)


def test_streamlit_alone_watches_files_then_though_it_is_set_not_to(
    client: TestClient, records: Store
) -> None:
    assert config.get_option("server.fileWatcherType") == "none"
    assert watches_files_after_coming_back(client)
