"""A real server in its own process, and real browsers in front of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    ViewportSize,
    sync_playwright,
)

from tests.browser.chromium import find
from tests.server_process import ReachableServer, Server

SHOTS = Path(__file__).parent / "shots"
FAILED = pytest.StashKey[bool]()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # Chromium keeps two pages of its own ready behind every window's address bar, which nobody
    # sees here: they cost more than half a second of processor time for each laptop.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]
LAPTOP = ViewportSize(width=1280, height=720)


@pytest.fixture(scope="session")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for temporary files of the server."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, temporary: Path) -> Iterator[ReachableServer]:
    """The server of all tests that do not stop it, each with workshops of its own."""
    records = tmp_path_factory.mktemp("records") / "workshop.duckdb"
    with ReachableServer(records, settings={"TMPDIR": str(temporary)}) as running:
        yield running


@pytest.fixture(scope="session")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReachableServer]:
    """A server that tests stop, kill and start again: when they end, it runs."""
    records = tmp_path_factory.mktemp("records") / "workshop.duckdb"
    temporary = tmp_path_factory.mktemp("temporary")
    with ReachableServer(records, settings={"TMPDIR": str(temporary)}) as running:
        yield running


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = find()
    assert path is not None, "no Chromium: run `python tests/browser/chromium.py` first"
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def resting() -> dict[str, list[Page]]:
    """Laptops of earlier tests, by their options.

    They have read and compiled Streamlit's scripts already, which is half of what a new one costs.
    """
    return {}


@pytest.fixture
def new_laptop(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """A person's own browser, which has been nowhere yet and may be bent in any way.

    Where the test fails, what every laptop showed is kept in `shots`.
    """
    opened: list[BrowserContext] = []

    def open_one(**options: object) -> Page:
        opened.append(browser.new_context(**({"viewport": LAPTOP} | options)))
        opened[-1].set_default_timeout(30_000)
        return opened[-1].new_page()

    yield open_one
    if request.node.stash.get(FAILED, False):
        keep_pictures(request.node.name, opened)
    for context in opened:
        context.close()


@pytest.fixture
def laptop(
    browser: Browser, resting: dict[str, list[Page]], server: Server, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """A person's own browser: cookies and drafts are theirs alone.

    It may have been another person's, who has left nothing in it. A test that changes what cannot
    be changed back (the clock, a script before all others, the lines to the server), or measures
    what is fetched, takes a new one.
    """
    lent: list[tuple[str, Page]] = []

    def lend(viewport: ViewportSize = LAPTOP, **options: Any) -> Page:
        kind = repr(options)
        if alike := resting.get(kind):
            page = alike.pop(0)
        else:
            page = browser.new_context(**options).new_page()
            page.context.set_default_timeout(30_000)
        page.set_viewport_size(viewport)
        lent.append((kind, page))
        return page

    yield lend
    if request.node.stash.get(FAILED, True):
        keep_pictures(request.node.name, [page.context for _, page in lent])
        for _, page in lent:
            page.context.close()
    else:
        for kind, page in reversed(lent):
            if is_cleared(page, f"{server.address}/healthz"):
                resting.setdefault(kind, []).insert(0, page)


def keep_pictures(name: str, contexts: list[BrowserContext]) -> None:
    pages = [page for context in contexts for page in context.pages]
    for place, page in enumerate(pages):
        page.screenshot(path=SHOTS / f"{name}-{place}.png", full_page=True)


def is_cleared(page: Page, place: str) -> bool:
    """Make a page what it was when it was new, but for what its browser has in memory.

    One that is on its way elsewhere and does not heed is closed.
    """
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.unroute_all(behavior="ignoreErrors")
    page.context.unroute_all(behavior="ignoreErrors")
    page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
    left = origin(page.url)
    try:
        page.goto(place)
    except Error:
        page.context.close()
        return False
    page.context.clear_cookies()
    page.evaluate("sessionStorage.clear()")
    wire = page.context.new_cdp_session(page)
    for where in {left, origin(place)}:
        wire.send("Storage.clearDataForOrigin", {"origin": where, "storageTypes": "local_storage"})
    wire.detach()
    return True


def origin(url: str) -> str:
    return "/".join(url.split("/")[:3])
