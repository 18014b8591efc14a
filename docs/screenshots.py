"""The four pictures of the README, from a real workshop in a real browser."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

from tests.browser.chromium import find  # noqa: E402
from tests.browser.conftest import FLAGS  # noqa: E402
from tests.browser.people import asked, join, key, open_screens, path_of, press  # noqa: E402
from tests.server_process import Server  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"


def laptop(browser: Browser, width: int = 1280, height: int = 720) -> Page:
    return browser.new_context(viewport={"width": width, "height": height}).new_page()


def keep(page: Page, name: str) -> None:
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    page.wait_for_timeout(1500)  # charts draw themselves
    page.screenshot(path=PICTURES / f"{name}.png")
    print(PICTURES / f"{name}.png")


def jump(facilitator: Page, place: int) -> None:
    facilitator.locator(f"{key(f'jump_{place}')} button").click()


def take(browser: Browser, address: str) -> None:
    facilitator, board, team = (
        laptop(browser, 1440, 860),
        laptop(browser),
        laptop(browser, 1000, 900),
    )
    facilitator.goto(address)
    press(facilitator, "start_demo")
    facilitator.wait_for_url("**/facilitate?w=*")
    board_link, _ = open_screens(facilitator)
    board.goto(address + path_of(board_link))
    join(team, address, facilitator.url.split("w=")[1][:6], "Ines", "Sales")
    keep(board, "board-ranking")
    jump(facilitator, 4)
    expect(board.get_by_text("60 %").first).to_be_visible()
    keep(board, "board-facts")
    jump(facilitator, 5)
    press(facilitator, "timer_start")
    asked(team, "title").fill("Answer every demo request the same day")
    for mark, value in (("low", "10"), ("likely", "20"), ("high", "35")):
        asked(team, mark).fill(value)
    keep(team, "team")
    keep(facilitator, "facilitate")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    path = find()
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "workshop.duckdb")
        server.start()
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            take(browser, server.address)
            browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
