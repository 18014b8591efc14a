"""What of Streamlit's sessions is put right, before the whole server."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import pytest
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.state import SafeSessionState, SessionState

from workshop import sessions
from workshop.sessions import Fields

BUSY_SECONDS = 1.0


@pytest.fixture
def _put_right(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_on_scriptrunner_event", "register_file_watchers"):
        monkeypatch.setattr(AppSession, name, getattr(AppSession, name))
    monkeypatch.setattr(SafeSessionState, "filtered_state", SafeSessionState.filtered_state)
    sessions.put_right()


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


@pytest.mark.usefixtures("_put_right")
def test_what_a_run_has_drawn_is_sent_where_the_next_wish_came_first(client: TestClient) -> None:
    kinds = heard(client)
    assert kinds["new_session"] == kinds["script_finished"] == 2


def test_streamlit_alone_sends_nothing_of_the_first_run(client: TestClient) -> None:
    assert heard(client)["new_session"] == 1


def test_what_fields_hold_is_the_same_looked_up_one_by_one() -> None:
    state = SessionState()
    state["title"], state["low"] = "Call within a day", None
    safe = SafeSessionState(state, lambda: None)
    fields = Fields(safe)
    assert dict(fields) == safe.filtered_state == {"title": "Call within a day", "low": None}
    assert "low" in fields
    assert "high" not in fields
    assert len(fields) == 2
