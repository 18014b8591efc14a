"""Three things about Streamlit's sessions that a full room cannot live with, put right.

They reach into Streamlit's own code, of the version in requirements.txt; where that changes,
tests/test_sessions.py says so.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.state import SafeSessionState

ENDS = (
    ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS,
    ScriptRunnerEvent.FRAGMENT_STOPPED_WITH_SUCCESS,
)
# A run waits no longer than this for a server that is busy, or on its way down.
HEARD_WITHIN_SECONDS = 5.0


def put_right() -> None:
    """For all sessions of this process; before the first one begins."""
    AppSession.register_file_watchers = _leave_files_unwatched  # type: ignore[assignment]
    AppSession._on_scriptrunner_event = _heard_out  # type: ignore[assignment]
    SafeSessionState.filtered_state = property(Fields)  # type: ignore[assignment]


def _leave_files_unwatched(_: AppSession) -> None:
    """Keep Streamlit from looking for changed files when a laptop comes back.

    `fileWatcherType = "none"` is heeded for a new session, but not for one that reconnects: each
    then walks through all modules, 0.15 s in which the server does nothing else.
    """


_told = AppSession._on_scriptrunner_event


def _heard_out(
    session: AppSession, sender: ScriptRunner | None, event: ScriptRunnerEvent, **about: Any
) -> None:
    """Keep a run from ending before all that it has drawn is on its way to the browser.

    A request that comes between the end of a run and the handling of what it drew begins a new
    run, and the session then takes no more word from the old one: a press that did its work shows
    nothing. While the old one waits here, it takes the request itself.
    """
    _told(session, sender, event, **about)
    if event in ENDS and not _is_in_an_event_loop():
        heard = threading.Event()
        session._call_soon_on_event_loop(heard.set)
        heard.wait(HEARD_WITHIN_SECONDS)


def _is_in_an_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Fields(Mapping[str, Any]):
    """What the fields of a page hold, each looked up when it is asked for.

    Every field of Streamlit's asks whether its own value is nothing, and for that the values of all
    were copied: a tenth of the drawing of a mini-team's stage.
    """

    def __init__(self, state: SafeSessionState) -> None:
        self._state = state

    def __getitem__(self, key: str) -> Any:
        return self._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._state._state.filtered_state)

    def __len__(self) -> int:
        return len(self._state._state.filtered_state)
