"""The one place where private code of Streamlit's is replaced, for harm that a room would feel.

Each patch says what it prevents, as measured, and where it is known upstream. Its test in
tests/server/test_streamlit_patches.py fails as soon as Streamlit does without: then it goes.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunner, ScriptRunnerEvent

ENDS = (
    ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS,
    ScriptRunnerEvent.FRAGMENT_STOPPED_WITH_SUCCESS,
)
# A run waits no longer than this for a server that is busy, or on its way down.
HEARD_WITHIN_SECONDS = 5.0


def apply_patches() -> None:
    """For all sessions of this process; before the first one begins."""
    AppSession.register_file_watchers = _leave_files_unwatched  # type: ignore[assignment]
    AppSession._on_scriptrunner_event = _heard_out  # type: ignore[assignment]


def _leave_files_unwatched(_: AppSession) -> None:
    """Keep Streamlit from looking for changed files when a laptop comes back.

    `fileWatcherType = "none"` is heeded for a new session
    (https://github.com/streamlit/streamlit/issues/8738), but not for one that reconnects: each
    then walks through all modules after its next run, in the server's event loop. Measured: 0.15 s
    each, a tenth of the time that a plain loop of ten million steps takes; ten seconds after sixty
    cut lines. No setting avoids it: folders that are not to be watched (`folderWatchBlacklist`) are
    left out only after the walk.
    """


_told = AppSession._on_scriptrunner_event


def _heard_out(
    session: AppSession, sender: ScriptRunner | None, event: ScriptRunnerEvent, **about: Any
) -> None:
    """Keep a run from ending before all that it has drawn is on its way to the browser.

    A request that comes between the end of a run and the handling of what it drew begins a new
    run, and the session then takes no more word from the old one: a press that did its work shows
    nothing. While the old one waits here, it takes the request itself. Streamlit's own comment on
    the like of it: https://github.com/streamlit/streamlit/issues/9921. Measured with two other
    programs at work on both cores: 6 of 100 presses between two ticks showed nothing; with this
    none of 200.
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
