"""A short walk through deploy/Caddyfile, where Caddy is installed: https, lines, forms, one log."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import Laptop, join, key, save_idea, sees, writing_ideas
from tests.server_process import ROOT, Server, free_port
from workshop.domain.access import Role
from workshop.domain.people import Side
from workshop.store import Store

pytestmark = pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")

OURS = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
# A certificate of Caddy's own, which nobody else is asked to trust, and ports that are free.
HERE = """{{
	skip_install_trust
	admin off
	http_port {http}
	https_port {https}
}}
"""


@dataclass(frozen=True)
class Front:
    """The app behind Caddy: its address, the room's code, the ways in, and Caddy's log."""

    address: str
    code: str
    board: str
    facilitator: str
    log: Path


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("https")
    records, configuration, log = (folder / name for name in ("w.duckdb", "Caddyfile", "caddy.log"))
    store = Store(records)
    facilitator, *_ = writing_ideas(store, {"Bo": Side.MARKETING})
    visitor = store.tokens.admit(facilitator.removeprefix("/enter/"))
    assert visitor is not None
    board, code = store.tokens.issue(visitor, Role.PROJECTOR), store.workshops.get(visitor).code
    store.close()
    https = free_port()
    configuration.write_text(HERE.format(http=free_port(), https=https) + OURS, "utf-8")
    settings = {"WORKSHOP_PROXY": "127.0.0.1"}
    with Server(records, settings=settings) as server, log.open("wb") as said:
        caddy = subprocess.Popen(
            ["caddy", "run", "--config", str(configuration), "--adapter", "caddyfile"],
            env=os.environ
            | {"WORKSHOP_NAME": "localhost", "WORKSHOP_APP": server.host}
            | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
            stdout=said,
            stderr=said,
        )
        wait_for(https)
        yield Front(f"https://localhost:{https}", code, f"/enter/{board}", facilitator, log)
        caddy.terminate()
        caddy.wait(20)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline, "Caddy did not start"
        time.sleep(0.1)


def test_a_room_joins_writes_and_sees_the_board_over_https(front: Front, laptop: Laptop) -> None:
    facilitator, board, ada = (laptop(ignore_https_errors=True) for _ in range(3))
    board.goto(front.address + front.board)
    facilitator.goto(front.address + front.facilitator)
    join(ada, front.address, front.code, "Ada", "Sales")
    save_idea(ada, "Call within a day", (5, 10, 20), (3, 8))
    expect(board.locator(key("board_counts"))).to_contain_text("1 idea")
    sees(facilitator, "Call within a day")
    cookies = [
        cookie for cookie in ada.context.cookies() if front.code in str(cookie.get("name", ""))
    ]
    assert cookies
    assert all(cookie.get("secure") and cookie.get("httpOnly") for cookie in cookies)


@pytest.mark.parametrize("path", ["/metrics", "/_stcore/metrics", "/operator/backup"])
def test_what_is_for_the_machine_itself_is_not_there_from_outside(
    front: Front, laptop: Laptop, path: str
) -> None:
    answer = laptop(ignore_https_errors=True).request.get(front.address + path)
    assert answer.status == 404
    assert not answer.body()


def test_the_log_of_caddy_holds_no_link_no_cookie_and_no_id_of_a_page(
    front: Front, laptop: Laptop
) -> None:
    page = laptop(ignore_https_errors=True)
    page.goto(front.address + front.board)
    sees(page, front.code)
    log = front.log.read_text("utf-8")
    assert '"/enter/-' in log
    assert front.board.removeprefix("/enter/") not in log
    assert not re.search(r'"(Cookie|Set-Cookie|Referer|Sec-Websocket-Protocol)"', log)
