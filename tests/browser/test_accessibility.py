"""Everybody can use every screen: axe finds nothing serious, and a keyboard is enough.

Each screen is looked at in light and dark, as large as a phone and as a projector.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.people import Laptop, asked, fill_join, key, press_join, says, sees, send
from tests.server import Server
from workshop import intake
from workshop.domain.access import Role
from workshop.domain.agenda import Phase, Position
from workshop.domain.people import Side
from workshop.server import demo
from workshop.store import Store

ColorScheme = Literal["light", "dark"]
HOST_KEY = "tulip"
PHONE = ViewportSize(width=390, height=844)
LAPTOP = ViewportSize(width=1280, height=720)
PROJECTOR = ViewportSize(width=1920, height=1080)
# Only colours depend on the scheme.
RULES: dict[ColorScheme, dict[str, list[str]]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast"]},
}
# What is being drawn anew is pale for a moment; what is wrong stays wrong.
PAUSES = (0, 500, 2000, 5000)
AXE = Axe()


@dataclass(frozen=True)
class Example:
    """A server with the filled-in example in the lobby, and the ways into it; and the room code
    of a second workshop, which writes ideas."""

    address: str
    code: str
    ways: dict[Role, str]
    writing: str


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    records = tmp_path_factory.mktemp("records") / "workshop.duckdb"
    store = Store(records)
    facilitator = demo.fill(store)
    store.go(facilitator, Position(Phase.LOBBY))
    code = store.workshop(facilitator).code
    roles = (Role.FACILITATOR, Role.MANAGER, Role.ROOM)
    tokens = {role: store.issue(facilitator, role) for role in roles}
    tokens[Role.PARTICIPANT] = store.join(code, "Zoe", Side.SALES)
    other = store.start("Spring", intake.example())
    store.go(other, Position(Phase.IDEAS, 0))
    writing = store.workshop(other).code
    store.close()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WORKSHOP_HOST_KEY", HOST_KEY)
        with Server(records) as server:
            ways = {role: f"{server.address}/enter/{token}" for role, token in tokens.items()}
            yield Example(server.address, code, ways, writing)


# -- what axe finds ------------------------------------------------------------------------------


def is_fine(page: Page, screen: str) -> None:
    """Nothing is seriously wrong with what a page shows, however it is looked at."""
    for size, (scheme, rules) in product((PHONE, PROJECTOR), RULES.items()):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = lasting(page, rules)
        assert not found, f"{screen}, {scheme}, {size['width']} px wide:\n" + "\n".join(found)
    page.set_viewport_size(LAPTOP)


def lasting(page: Page, rules: dict[str, list[str]]) -> list[str]:
    """What is wrong, and still is after a while."""
    found: list[str] = []
    for pause in PAUSES:
        page.wait_for_timeout(pause)
        if not (found := severe(page, rules)):
            break
    return found


def severe(page: Page, rules: dict[str, list[str]]) -> list[str]:
    """What keeps people out: all that axe calls serious or critical."""
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in AXE.run(page, options=rules).response["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def test_axe_notices_a_label_that_is_missing(example: Example, laptop: Laptop) -> None:
    page = laptop()
    page.goto(f"{example.address}/join")
    page.evaluate("document.querySelector('label[for=name]').remove()")
    assert any(found.startswith("label: ['#name']") for found in severe(page, {}))


def test_the_ways_in_keep_nobody_out(example: Example, laptop: Laptop) -> None:
    page = laptop()
    page.goto(f"{example.address}/join")
    is_fine(page, "the join page")
    fill_join(page, example.address, "AAAAAA", "Zoe", "Sales")
    press_join(page)
    sees(page, "No workshop has the code AAAAAA")
    is_fine(page, "the join page with a problem")
    page.goto(f"{example.address}/enter/unknown")
    is_fine(page, "a link that is not known")
    page.goto(example.address)
    sees(page, "I have the host key")
    is_fine(page, "home before the host key")
    page.goto(f"{example.address}/start")
    page.get_by_label("Host key").fill("rose")
    page.get_by_role("button", name="Go on").click()
    is_fine(page, "the host key with a problem")
    page.get_by_label("Host key").fill(HOST_KEY)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Name of the workshop")).to_be_visible()
    is_fine(page, "home")


@dataclass(frozen=True)
class Screens:
    """One open page for each role; the room's walk takes them along."""

    facilitator: Page
    board: Page
    team: Page
    manager: Page

    def jump(self, place: str, step: int = 0) -> None:
        """Take the room to a place of the walk."""
        lines = self.facilitator.locator("[class*=st-key-jump_]").get_by_role("button", name=place)
        lines.nth(step).click()


@pytest.fixture(scope="module")
def screens(example: Example, browser: Browser) -> Iterator[Screens]:
    """Opened once: loading a page costs more than looking at it."""
    roles = (Role.FACILITATOR, Role.ROOM, Role.PARTICIPANT, Role.MANAGER)
    pages = [browser.new_context(viewport=LAPTOP).new_page() for _ in roles]
    for page, role in zip(pages, roles, strict=True):
        page.set_default_timeout(30_000)
        page.goto(example.ways[role])
    yield Screens(*pages)
    for page in pages:
        page.context.close()


def test_the_lobby_keeps_nobody_out(example: Example, screens: Screens) -> None:
    screens.jump("Lobby")
    sees(screens.facilitator, "The room sees the QR code")
    sees(screens.board, example.code)
    sees(screens.team, "You are in.")
    is_fine(screens.facilitator, "the facilitator in the lobby")
    is_fine(screens.board, "the board in the lobby")
    is_fine(screens.team, "the mini-team in the lobby")


def test_the_facts_keep_nobody_out(screens: Screens) -> None:
    screens.jump("Facts", step=1)
    drawn(screens.board, "board_funnel")
    sees(screens.team, "Talk about it")
    is_fine(screens.board, "the board at the facts")
    is_fine(screens.team, "the mini-team at the facts")


def test_the_ideas_keep_nobody_out(screens: Screens) -> None:
    screens.jump("Ideas", step=1)
    sees(screens.board, "Take your time")
    expect(asked(screens.team, "title")).to_be_visible()
    is_fine(screens.facilitator, "the facilitator at the ideas")
    is_fine(screens.board, "the board at the ideas")
    is_fine(screens.team, "the mini-team at the ideas")
    send(screens.team)
    sees(screens.team, "Give the idea a title")
    is_fine(screens.team, "the mini-team with an idea that has problems")


def test_the_report_back_keeps_nobody_out(screens: Screens) -> None:
    screens.jump("Report back", step=1)
    sees(screens.board, "Team 1 of 3")
    sees(screens.team, "What the others would do")
    is_fine(screens.board, "the board at the report back")
    is_fine(screens.team, "the mini-team at the report back")


@pytest.mark.parametrize(
    ("view", "chart"),
    [
        ("Ideas", "board_ranking"),
        ("Steps", "board_side_by_side"),
        ("What we do not know", "board_sobol"),
    ],
)
def test_the_ranking_on_the_board_keeps_nobody_out(screens: Screens, view: str, chart: str) -> None:
    screens.jump("Ranking of all ideas")
    screens.facilitator.locator(key("board_view")).get_by_text(view, exact=True).click()
    drawn(screens.board, chart)
    is_fine(screens.board, f"the board at the ranking: {view}")


def test_the_end_keeps_nobody_out(screens: Screens) -> None:
    screens.jump("Ranking of all ideas")
    sees(screens.team, "All ideas, best first")
    is_fine(screens.team, "the mini-team at the ranking")
    screens.jump("Commit to actions")
    sees(screens.board, "What we agreed")
    is_fine(screens.board, "the board at the actions")
    screens.jump("Closed")
    sees(screens.board, "we will measure again")
    is_fine(screens.board, "the board at the end")


def drawn(page: Page, chart: str) -> None:
    expect(page.locator(f"{key(chart)} svg.marks").first).to_be_visible()


@pytest.mark.parametrize(
    ("view", "shows"),
    [
        ("Ranking", f"{key('ranking_chart')} svg.marks"),
        ("Sensitivity", "svg.marks"),
        ("Assumptions", f"{key('assumptions_form')} .submit"),
        ("What if", "input[type=range]"),
        ("Plan", f"{key('plans_chart')} svg.marks"),
        ("Actions", f"{key('exports')} button"),
    ],
)
def test_the_pages_of_management_keep_nobody_out(screens: Screens, view: str, shows: str) -> None:
    page = screens.manager
    page.locator(key("manage_views")).get_by_role("link", name=view, exact=True).click()
    expect(page.locator(shows).first).to_be_visible()
    is_fine(page, f"management's page {view}")


def test_the_facilitators_other_pages_keep_nobody_out(example: Example, laptop: Laptop) -> None:
    page = laptop()
    page.goto(example.ways[Role.FACILITATOR])
    page.get_by_role("link", name="New numbers").click()
    sees(page, "New numbers")
    expect(page.locator("input[type=file]").first).to_be_attached()
    is_fine(page, "new numbers")
    page.goto(f"{example.address}/links?w={example.code}")
    sees(page, "Recovery code")
    is_fine(page, "the links to print")


# -- by keyboard alone ---------------------------------------------------------------------------

MOST_STEPS = 15
IS_MARKED = """element => [element, element.closest("label")]
    .some((one) => one && getComputedStyle(one).outlineStyle !== "none")"""


def step_to(page: Page, target: Locator) -> None:
    """Press Tab until something has the focus, and is seen to have it."""
    for _ in range(MOST_STEPS):
        if target.evaluate("element => element.matches(':focus')"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()
    assert target.evaluate(IS_MARKED)


def test_a_keyboard_is_enough_to_join_and_to_save_an_idea(example: Example, laptop: Laptop) -> None:
    page = laptop()
    page.goto(f"{example.address}/join/{example.writing}")
    expect(page.get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Kim")
    step_to(page, page.get_by_role("radio", name="Sales"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Marketing")).to_be_checked()
    step_to(page, page.get_by_role("button", name="Join"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/team?w=*")
    expect(page.locator(key("team_head"))).to_contain_text("M Kim")

    expect(asked(page, "title")).to_be_visible()
    step_to(page, asked(page, "title"))
    page.keyboard.type("Score leads by size")
    step_to(page, asked(page, "plan"))
    step_to(page, asked(page, "reason"))
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-field=reason] input").nth(1)).to_be_checked()
    for field, typed in (("low", "5"), ("likely", "10"), ("high", "20")):
        step_to(page, asked(page, field))
        page.keyboard.type(typed)
    for field in ("days_sales", "days_marketing"):
        step_to(page, asked(page, field))
        page.keyboard.type("2")
    save = page.locator(f"{key('idea_form')} .submit")
    step_to(page, save)
    page.keyboard.press("Enter")
    says(page, "idea_form", "Idea saved.")
    sees(page, "Score leads by size")
    # The way on begins where it ended.
    expect(save).to_be_focused()
