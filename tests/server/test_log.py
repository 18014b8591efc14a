"""The log tells what happened, and nothing that anybody has typed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from workshop import log
from workshop.domain.access import Role
from workshop.domain.funnel import Funnel
from workshop.domain.people import Side
from workshop.server import demo
from workshop.store import Store


@pytest.fixture(autouse=True)
def level() -> Iterator[None]:
    log.LOGGER.setLevel(logging.INFO)
    yield
    log.LOGGER.setLevel(logging.NOTSET)


def test_every_change_is_one_line_with_nobodys_words(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    facilitator = demo.fill(store)
    code = store.workshops.get(facilitator).code
    token = store.seats.join(code, "Zenobia", Side.SALES)
    link = store.tokens.issue(facilitator, Role.MANAGER)
    lines = caplog.messages
    assert len(lines) == len(store.activity.all(facilitator))
    assert all(line.startswith("level=info event=") for line in lines)
    typed = {
        "Zenobia",
        token,
        link,
        code,
        facilitator.workshop_id,
        store.workshops.get(facilitator).name,
    }
    typed |= {idea.draft.title for idea in store.ideas.readable(facilitator)}
    typed |= {person.name for team in store.seats.teams(facilitator) for person in team.people}
    assert not [word for word in typed if word in "\n".join(lines)]


def test_a_line_stays_one_line_whatever_is_told() -> None:
    told = log.line(log.Level.ERROR, "not saved", {"reason": 'two\nlines, a " and a ='})
    assert told == 'level=error event="not saved" reason="two\\nlines, a \\" and a ="'


def test_what_is_muted_says_nothing_and_the_next_line_is_written_again(
    store: Store, funnel: Funnel, caplog: pytest.LogCaptureFixture
) -> None:
    with log.muted():
        facilitator = store.workshops.start("Spring", funnel)
    assert caplog.messages == []
    store.tokens.issue(facilitator, Role.PROJECTOR)
    assert len(caplog.messages) == 1


@pytest.mark.parametrize("name", ["streamlit.runtime.websocket_session_manager", "uvicorn.error"])
def test_no_logger_of_this_process_writes_the_id_of_a_session(
    caplog: pytest.LogCaptureFixture, name: str
) -> None:
    before, session_id = logging.getLogRecordFactory(), str(uuid4())
    try:
        log.hide_session_ids()
        with caplog.at_level(logging.WARNING):
            logger = logging.Logger(name)
            logger.addHandler(caplog.handler)
            logger.warning("Session with id %s is already connected %d times", session_id, 2)
            logger.warning(f"a file for /_stcore/upload_file/{session_id}/one")
    finally:
        logging.setLogRecordFactory(before)
    assert caplog.messages == [
        "Session with id - is already connected 2 times",
        "a file for /_stcore/upload_file/-/one",
    ]


CADDYFILE = Path(__file__).parents[2] / "deploy" / "Caddyfile"


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        ("/enter/3xq8-kT_secret?w=K7M4QX", "/enter/-?w=-"),
        ("/_stcore/upload_file/0b9d-session/one", "/_stcore/upload_file/-/one"),
        ("/live?w=K7M4QX&role=manager", "/live?w=-&role=manager"),
        ("/?code=K7M4QX", "/?code=-"),
        ("/static/js/index.js", "/static/js/index.js"),
    ],
)
def test_the_proxy_logs_no_link_code_or_session(asked: str, logged: str) -> None:
    caddyfile = CADDYFILE.read_text("utf-8")
    [(pattern, replacement)] = re.findall(r"request>uri regexp (\S+) (\S+)", caddyfile)
    assert re.sub(pattern, replacement.replace("$1", r"\1"), asked) == logged
    for header in ("Cookie", "X-Xsrftoken", "Sec-Websocket-Protocol", "Referer"):
        assert f"request>headers>{header} delete" in caddyfile
