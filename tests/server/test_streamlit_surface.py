"""Of Streamlit's own server browsers get what their pages need, and nobody gets the rest."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLsRequest
from streamlit.runtime import Runtime

from tests.tabs import tab
from workshop.live import services
from workshop.store import Store


@pytest.mark.parametrize(
    "path",
    [
        "metrics",
        "script-health-check",
        "agent/interact",
        "agent/openapi.json",
        "upload_file/session/file",
        "",
    ],
)
def test_what_no_page_needs_is_closed(client: TestClient, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
        assert client.request(method, f"/_stcore/{path}").status_code == 404


def test_what_pages_need_is_open(client: TestClient) -> None:
    assert client.get("/_stcore/health").text == "ok"
    assert "allowedOrigins" in client.get("/_stcore/host-config").json()


MESSAGES = [
    BackMsg(clear_cache=True),
    BackMsg(load_git_info=True),
    BackMsg(set_run_on_save=True),
    BackMsg(debug_shutdown_runtime=True),
    BackMsg(file_urls_request=FileURLsRequest(file_names=["funnel.csv"])),
    BackMsg(),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.WhichOneof("type"))
def test_what_no_page_says_is_not_heard(
    client: TestClient, records: Store, monkeypatch: pytest.MonkeyPatch, message: BackMsg
) -> None:
    heard: list[BackMsg] = []
    runtime = Runtime.instance()
    passed_on = runtime.handle_backmsg

    def hear(session_id: str, message: BackMsg, **options: object) -> None:
        heard.append(message)
        passed_on(session_id, message, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(runtime, "handle_backmsg", hear)
    with tab(client, {}) as stranger:
        stranger.line.send_bytes(message.SerializeToString())
        stranger.open("", "")
    assert [one.WhichOneof("type") for one in heard] == ["rerun_script"]


def test_a_stranger_does_not_empty_what_is_computed_once_for_all(
    client: TestClient, records: Store
) -> None:
    computed: list[int] = []
    for _ in range(2):
        services.cached_by_version("kept", (1,), lambda: computed.append(1))
        with tab(client, {}) as stranger:
            stranger.line.send_bytes(BackMsg(clear_cache=True).SerializeToString())
            stranger.open("", "")
    assert computed == [1]


def test_what_nobody_understands_ends_the_socket_as_before(client: TestClient) -> None:
    with tab(client, {}) as stranger:
        stranger.line.send_bytes(b"\xff\xff\xff")
        assert stranger.line.receive()["code"] == 1002
