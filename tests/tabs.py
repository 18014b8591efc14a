"""A tab as the server meets it, over Streamlit's own socket: it opens pages and presses buttons."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.testclient import TestClient, WebSocketTestSession
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass
class Tab:
    """One tab; `buttons` are those of its page, by their keys."""

    line: WebSocketTestSession
    session_id: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    told: bytes = b""

    def open(self, page: str, query: str) -> None:
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        self.run(message)

    def press(self, button: str, page: str, query: str) -> None:
        """Press the button with this id, whether or not it is on the page."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        message.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
        self.run(message)

    def run(self, message: BackMsg) -> None:
        self.line.send_bytes(message.SerializeToString())
        while True:
            data = self.line.receive_bytes()
            self.told += data
            told = ForwardMsg.FromString(data)
            self.session_id = self.session_id or told.new_session.initialize.session_id
            button = told.delta.new_element.button.id
            if button:
                self.buttons[button.split("-", 2)[2]] = button
            is_end = told.WhichOneof("type") == "script_finished"
            if is_end and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return


@contextmanager
def tab(client: TestClient, cookies: dict[str, str], session_id: str = "") -> Iterator[Tab]:
    """A new tab of a browser with these cookies; with an id it wants to go on with that session."""
    headers = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    protocols = ["streamlit", "-", session_id] if session_id else ["streamlit"]
    with client.websocket_connect("/_stcore/stream", protocols, headers=headers) as line:
        yield Tab(line)
