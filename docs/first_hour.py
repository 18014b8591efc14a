"""The first hour of a workshop on every screen: pictures to look at, and those of the README.

    python docs/first_hour.py                    the four pictures of the README
    python docs/first_hour.py FOLDER [SCREEN …]  every screen at every size, as files in FOLDER;
                                                 only board, phone, facilitator or management

Two workshops are walked through: one with the six stages of a company, and one with nine stages,
twelve reasons, thirty ideas and 24 people, all of long words.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright  # noqa: E402

from tests import first_hours  # noqa: E402
from tests.browser.chromium import find  # noqa: E402
from tests.browser.conftest import FLAGS  # noqa: E402
from tests.browser.people import asked, key, move, press, show  # noqa: E402
from tests.server_process import ReachableServer  # noqa: E402
from workshop.domain.access import Role  # noqa: E402
from workshop.domain.agenda import BoardView, Phase, Position  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SIZES = {
    "board": ((1280, 720), (1920, 1080), (390, 844)),
    "phone": ((390, 844), (360, 740)),
    "facilitator": ((1440, 860), (360, 740)),
    "management": ((1440, 860), (390, 844)),
}
ROLES = {
    "board": Role.PROJECTOR,
    "phone": Role.PARTICIPANT,
    "facilitator": Role.FACILITATOR,
    "management": Role.MANAGER,
}
# Streamlit scrolls a part of its page, which a picture of the whole page would cut.
MAIN_HEIGHT = """() =>
    (document.querySelector("[data-testid=stMain]") ?? document.scrollingElement).scrollHeight"""
# A page of ours is drawn as soon as it is there.
IS_DRAWN = """() => (document.querySelector("[data-testid=stApp]")?.dataset.testScriptState
    ?? "notRunning") === "notRunning" """
VIEWS = ("Decision", "Ranking", "Sensitivity", "Assumptions", "What if", "Plan", "Actions")


@dataclass(frozen=True)
class Room:
    """A workshop on a server, the ways into it, and the step whose ideas are many."""

    server: ReachableServer
    name: str
    step: int
    ways: dict[Role, str]

    def move(self, phase: Phase, step: int | None = None) -> None:
        self.server.records(move, self.ways[Role.FACILITATOR], Position(phase, step))

    def show(self, view: BoardView) -> None:
        self.server.records(show, self.ways[Role.FACILITATOR], view)

    def open(self, browser: Browser, role: Role, size: tuple[int, int]) -> Page:
        page = browser.new_context(viewport=viewport(size), reduced_motion="reduce").new_page()
        page.set_default_timeout(60_000)
        page.goto(self.server.address + self.ways[role])
        rest(page)
        return page

    def hour(self) -> Iterator[str]:
        """Move the room on; says where it is."""
        places: list[tuple[str, Phase, int | None]] = [
            ("1-lobby", Phase.LOBBY, None),
            ("2-facts", Phase.FACTS, self.step),
            ("3-ideas", Phase.IDEAS, self.step),
            ("4-report", Phase.REPORT, self.step),
            ("5-ranking", Phase.RANK, None),
        ]
        for name, phase, step in places:
            self.move(phase, step)
            yield name
        for view in (BoardView.IMPROVEMENT, BoardView.STEPS, BoardView.UNKNOWN, BoardView.IDEAS):
            self.show(view)
            if view is not BoardView.IDEAS:
                yield f"6-{view}"
        self.move(Phase.COMMIT)
        yield "7-commit"
        self.move(Phase.CLOSED)
        yield "8-closed"


def viewport(size: tuple[int, int]) -> ViewportSize:
    return ViewportSize(width=size[0], height=size[1])


def rest(page: Page) -> None:
    """Until the page is live, drawn, and its charts have found their size."""
    page.locator("[data-state=live]").first.wait_for()
    page.wait_for_function(IS_DRAWN)
    page.wait_for_timeout(1800)


def main() -> None:
    given, path = sys.argv[1:], find()
    with (
        TemporaryDirectory() as folder,
        ReachableServer(Path(folder) / "workshop.duckdb") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        if given:
            look(browser, server, Path(given[0]), given[1:] or list(SIZES))
        else:
            picture_the_readme(browser, server)
        browser.close()


def look(browser: Browser, server: ReachableServer, folder: Path, screens: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rooms = (
        Room(server, "six", 2, server.records(first_hours.ways_into_six_stages)),
        Room(server, "long", 3, server.records(first_hours.ways_into_long_names)),
    )
    for room in rooms:
        for screen in screens:
            if screen == "management":
                walk_management(browser, room, folder)
            else:
                walk(browser, room, screen, folder)


def walk(browser: Browser, room: Room, screen: str, folder: Path) -> None:
    """A screen at every place of the hour, at every size."""
    room.move(Phase.LOBBY)
    page = room.open(browser, ROLES[screen], SIZES[screen][0])
    for place in room.hour():
        page.wait_for_timeout(700)
        rest(page)
        keep(page, screen, folder, f"{room.name}-{screen}-{place}")
    page.context.close()


def walk_management(browser: Browser, room: Room, folder: Path) -> None:
    room.move(Phase.COMMIT)
    page = room.open(browser, Role.MANAGER, SIZES["management"][0])
    for place, view in enumerate(VIEWS, start=1):
        page.set_viewport_size(viewport(SIZES["management"][0]))
        page.locator(key("manage_views")).get_by_role("link", name=view, exact=True).click()
        rest(page)
        keep(page, "management", folder, f"{room.name}-management-{place}-{view.lower()}")
    page.context.close()


def keep(page: Page, screen: str, folder: Path, name: str) -> None:
    """A picture in the light at every size, one in the dark at the first."""
    for size in SIZES[screen]:
        page.set_viewport_size(viewport(size))
        page.wait_for_timeout(1500)  # charts find their new size
        for scheme in SCHEMES if size == SIZES[screen][0] else SCHEMES[:1]:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(1200)  # the page takes its colours a while later
            file = folder / f"{name}-{size[0]}-{scheme}.png"
            grown = page.evaluate(MAIN_HEIGHT) if screen != "board" or size[0] < 640 else size[1]
            page.set_viewport_size(viewport((size[0], min(max(grown, size[1]), 4000))))
            page.screenshot(path=file)
            page.set_viewport_size(viewport(size))
            print(file)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")


def picture_the_readme(browser: Browser, server: ReachableServer) -> None:
    PICTURES.mkdir(exist_ok=True)
    room = Room(server, "six", 2, server.records(first_hours.ways_into_six_stages))
    board = room.open(browser, Role.PROJECTOR, (1280, 720))
    facilitator = room.open(browser, Role.FACILITATOR, (1440, 860))
    team = room.open(browser, Role.PARTICIPANT, (1000, 900))

    def picture(page: Page, name: str) -> None:
        page.wait_for_timeout(2000)  # the change is on its way
        rest(page)
        page.screenshot(path=PICTURES / f"{name}.png")
        print(PICTURES / f"{name}.png")

    room.move(Phase.RANK)
    picture(board, "board-ranking")
    room.move(Phase.FACTS, room.step)
    picture(board, "board-facts")
    room.move(Phase.IDEAS, room.step)
    rest(facilitator)
    press(facilitator, "timer_start")
    rest(team)
    asked(team, "title").fill("Answer every demo request the same day")
    for mark, value in (("low", "10"), ("likely", "20"), ("high", "35")):
        asked(team, mark).fill(value)
    picture(team, "team")
    picture(facilitator, "facilitate")


if __name__ == "__main__":
    main()
