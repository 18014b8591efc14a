"""The same screens as most Streamlit apps would have them: its defaults, and polling.

Every screen's stage draws itself anew each second instead of following our line, all garbage is
collected after every run, files are watched, and static files are sent as they are.
"""

from __future__ import annotations

import os

import streamlit as st
from starlette.types import ASGIApp

from workshop.server import compression
from workshop.ui import stage

SECONDS = 1


def as_it_is(app: ASGIApp, **_: object) -> ASGIApp:
    """In the place of the compression."""
    return app


if __name__ == "__main__":
    compression.Compression = as_it_is  # type: ignore[assignment,misc]
    stage.draw_stage = st.fragment(run_every=SECONDS)(stage.draw_stage.__wrapped__)  # type: ignore[attr-defined]
    stage.live_line = lambda who: None
    import app

    app.app.run(
        config={
            "server.port": int(os.environ["PORT"]),
            "server.fileWatcherType": "auto",
            "runner.postScriptGC": True,
            "runner.fastReruns": True,
        }
    )
