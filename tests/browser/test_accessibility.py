"""Everybody can use every screen: axe finds nothing serious or moderate, a keyboard is enough.

Each screen is looked at in light and dark, as wide as a small phone and as a projector. What cannot
differ is not asked again: whether text stands within landmarks once a screen; what is built wrongly
(names, headings, roles) at both sizes in light, since the colours change no element; contrast,
which takes axe longer than all the rest, in light at the widest and in the dark at the narrowest:
no rule of the style depends on the width and on the theme at once, which is tested.

Loading a page costs more than looking at it: each is loaded once, and then resized and recoloured.
Every other screen is looked at in the dark first, since a theme takes the page a while. The room
moves on without a screen of the facilitator's; that its buttons move the room is shown by
test_board.py and test_hostile.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.people import (
    Laptop,
    admitted,
    asked,
    fill_join,
    key,
    move,
    press_join,
    save_idea,
    says,
    sees,
    send,
    show,
    writing_ideas,
)
from tests.server_process import ReachableServer
from workshop import intake
from workshop.activities import guess
from workshop.domain.access import Role
from workshop.domain.agenda import BoardView, Phase, Position
from workshop.domain.people import Side
from workshop.domain.question import QuestionKey, Subject
from workshop.server import demo, demo_second_look
from workshop.store import Store
from workshop.team import parts
from workshop.ui.components import STYLE
from workshop.ui.management import VIEWS

ColorScheme = Literal["light", "dark"]
HOST_KEY = "tulip"
NARROW = ViewportSize(width=360, height=740)
PROJECTOR = ViewportSize(width=1920, height=1080)
# The rules of axe's that look at contrast and at landmarks.
CONTRAST, LANDMARKS = "color-contrast", "region"
EVERYTHING: dict[str, Any] = {}
ONLY_CONTRAST: dict[str, Any] = {"runOnly": [CONTRAST]}
HOW_IT_IS_BUILT: dict[str, Any] = {
    "rules": {rule: {"enabled": False} for rule in (CONTRAST, LANDMARKS)}
}
ASKED: dict[ColorScheme, list[tuple[ViewportSize, dict[str, Any]]]] = {
    "light": [(PROJECTOR, EVERYTHING), (NARROW, HOW_IT_IS_BUILT)],
    "dark": [(NARROW, ONLY_CONTRAST)],
}
# What is being drawn anew is pale for a moment; what is wrong stays wrong.
PAUSES = (0, 500, 2000, 5000)
AXE = Axe()
IS_THERE = "() => window.axe !== undefined"
FOUND = """async (options) => {
    const given = { preload: false, resultTypes: ["violations"], ...options };
    return (await axe.run(given)).violations.filter(({ impact }) => impact !== "minor")
    .flatMap(({ id, impact, nodes }) =>
        nodes.map((node) => `${id}: ${impact}: ${node.target} ${node.failureSummary}`));
}"""
HAS_TAKEN_ITS_COLOURS = """(scheme) => {
    const app = document.querySelector(".stApp");
    return !app || getComputedStyle(app).colorScheme === scheme;
}"""
# Until nothing has been drawn for a quarter of a second: looking earlier is looking twice.
AT_REST = """() => new Promise((done) => {
    const watcher = new MutationObserver(() => {
        clearTimeout(wait);
        wait = setTimeout(end, 250);
    });
    const end = () => { watcher.disconnect(); done(); };
    let wait = setTimeout(end, 250);
    setTimeout(end, 5000);
    watcher.observe(document, { subtree: true, childList: true, attributes: true });
})"""


@dataclass(frozen=True)
class Example:
    """A server with the filled-in example in the lobby, and the ways into it; and the room code
    of a second workshop, which writes ideas."""

    server: ReachableServer
    code: str
    ways: dict[Role, str]
    writing: str

    @property
    def address(self) -> str:
        return self.server.address

    def move(self, phase: Phase, step: int | None = None) -> None:
        """Take the room to a place of the walk."""
        self.server.records(move, self.ways[Role.FACILITATOR], Position(phase, step))

    def show(self, view: BoardView) -> None:
        self.server.records(show, self.ways[Role.FACILITATOR], view)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReachableServer]:
    records = tmp_path_factory.mktemp("records") / "workshop.duckdb"
    with ReachableServer(records, settings={"WORKSHOP_HOST_KEY": HOST_KEY}) as running:
        yield running


@pytest.fixture(scope="module")
def example(server: ReachableServer) -> Example:
    return Example(server, *server.records(fill))


def ask_again(store: Store, facilitator: str, subject: Subject) -> None:
    """Take back that what the example was asked is revealed."""
    store.questions.hide(admitted(store, facilitator), *asked_about(store, facilitator, subject))


def reveal_again(store: Store, facilitator: str, subject: Subject) -> None:
    """Reveal it, and show the first of it on the board."""
    store.questions.reveal(admitted(store, facilitator), *asked_about(store, facilitator, subject))
    store.agenda.show_team(admitted(store, facilitator), guess.GUESSES)


def show_question(store: Store, facilitator: str, place: int) -> None:
    """Put the question at this place on the board."""
    store.agenda.show_team(admitted(store, facilitator), place)


def asked_about(store: Store, facilitator: str, subject: Subject) -> list[QuestionKey]:
    every = store.questions.all(admitted(store, facilitator))
    return [key for key in every if key.subject is subject]


def fill(store: Store) -> tuple[str, dict[Role, str], str]:
    """The code of the example and the ways into it; the code of a workshop that writes ideas."""
    facilitator = demo.fill(store)
    store.agenda.move_to(facilitator, Position(Phase.LOBBY))
    code = store.workshops.get(facilitator).code
    roles = (Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR)
    tokens = {role: store.tokens.issue(facilitator, role) for role in roles}
    tokens[Role.PARTICIPANT] = store.seats.join(code, "Zoe", Side.SALES)
    other = store.workshops.start("Spring", intake.example())
    store.agenda.move_to(other, Position(Phase.IDEAS, 0))
    ways = {role: f"/enter/{token}" for role, token in tokens.items()}
    return code, ways, store.workshops.get(other).code


# -- what axe finds ------------------------------------------------------------------------------


def is_fine(page: Page, screen: str) -> None:
    """Nothing keeps people out of what a page shows, however it is looked at."""
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    schemes: tuple[ColorScheme, ...] = ("dark", "light") if is_dark else ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function(HAS_TAKEN_ITS_COLOURS, arg=scheme)
        for size, options in ASKED[scheme]:
            page.set_viewport_size(size)
            found = lasting(page, options)
            assert not found, f"{screen}, {scheme}, {size['width']} px wide:\n" + "\n".join(found)
    page.set_viewport_size(PROJECTOR)


def lasting(page: Page, options: dict[str, Any]) -> list[str]:
    """What is wrong, and still is after a while."""
    wrong: list[str] = []
    for pause in PAUSES:
        page.wait_for_timeout(pause)
        if options is not HOW_IT_IS_BUILT:
            page.evaluate(AT_REST)
        if not (wrong := found(page, options)):
            break
    return wrong


def found(page: Page, options: dict[str, Any]) -> list[str]:
    """All that axe calls moderate, serious or critical."""
    if not page.evaluate(IS_THERE):
        page.evaluate(AXE.axe_script)
    wrong: list[str] = page.evaluate(FOUND, options)
    return wrong


def test_no_rule_of_the_style_depends_on_the_width_and_on_the_theme() -> None:
    assert not re.search(r"@media [^{]*width", parts.STYLE)
    style = STYLE.read_text("utf-8")
    for_a_width = re.findall(r"@media [^{]*width[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", style)
    assert len(for_a_width) >= 5
    assert not [rules for rules in for_a_width if "light-dark" in rules or "color-scheme" in rules]


def test_axe_notices_a_label_that_is_missing(example: Example, laptop: Laptop) -> None:
    page = laptop()
    page.goto(f"{example.address}/join")
    page.evaluate("document.querySelector('label[for=name]').remove()")
    assert any(one.startswith("label: critical: #name") for one in found(page, EVERYTHING))


def test_axe_notices_a_pale_text_in_the_dark(example: Example, laptop: Laptop) -> None:
    page = laptop()
    page.goto(f"{example.address}/join")
    page.emulate_media(color_scheme="dark")
    assert found(page, ONLY_CONTRAST) == []
    page.evaluate("document.querySelector('label[for=name]').style.color = '#333'")
    assert any(one.startswith("color-contrast: ") for one in found(page, ONLY_CONTRAST))


def test_axe_notices_a_level_of_headings_that_is_left_out(example: Example, laptop: Laptop) -> None:
    page = laptop()
    page.goto(f"{example.address}/join")
    page.evaluate("document.querySelector('h1').after(document.createElement('h3'))")
    page.evaluate("document.querySelector('h3').textContent = 'Below what?'")
    assert any(one.startswith("heading-order: ") for one in found(page, EVERYTHING))


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


@pytest.fixture(scope="module")
def board(example: Example, browser: Browser) -> Iterator[Page]:
    """Opened once: loading a page costs more than looking at it."""
    yield from opened(browser, example.address + example.ways[Role.PROJECTOR])


@pytest.fixture(scope="module")
def team(example: Example, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, example.address + example.ways[Role.PARTICIPANT])


@pytest.fixture(scope="module")
def manager(example: Example, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, example.address + example.ways[Role.MANAGER])


@pytest.fixture(scope="module")
def facilitator(example: Example, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, example.address + example.ways[Role.FACILITATOR])


def opened(browser: Browser, link: str) -> Iterator[Page]:
    with browser.new_context(viewport=PROJECTOR, reduced_motion="reduce") as context:
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(link)
        yield page


def test_the_lobby_keeps_nobody_out(
    example: Example, facilitator: Page, board: Page, team: Page
) -> None:
    example.move(Phase.LOBBY)
    sees(facilitator, "The room sees the QR code")
    sees(board, example.code)
    sees(team, "You are in.")
    is_fine(facilitator, "the facilitator in the lobby")
    is_fine(board, "the board in the lobby")
    is_fine(team, "the mini-team in the lobby")


def test_the_facts_keep_nobody_out(example: Example, board: Page, team: Page) -> None:
    example.move(Phase.FACTS, 1)
    drawn(board, "board_funnel")
    sees(team, "Talk about it")
    is_fine(board, "the board at the facts")
    is_fine(team, "the mini-team at the facts")


def test_guess_and_reveal_keep_nobody_out(example: Example, board: Page, team: Page) -> None:
    example.server.records(ask_again, example.ways[Role.FACILITATOR], Subject.GUESS)
    example.move(Phase.LOBBY)
    expect(asked(team, "guess_1_likely")).to_be_visible()
    is_fine(team, "the mini-team that guesses")
    example.move(Phase.FACTS, 1)
    sees(board, "Of 100 at MQL, how many go on to SQL?")
    is_fine(board, "the board while a step is guessed")
    example.server.records(reveal_again, example.ways[Role.FACILITATOR], Subject.GUESS)
    drawn(board, "board_guesses")
    is_fine(board, "the board once the guesses are revealed")


@pytest.mark.parametrize(
    ("phase", "subject", "is_revealed"),
    [
        (Phase.RELATIONSHIP, Subject.RELATIONSHIP, lambda board: drawn(board, "board_gaps")),
        (Phase.OBSTACLES, Subject.OBSTACLE, lambda board: sees(board, "1 read · 7 still unread")),
    ],
)
def test_what_both_sides_are_asked_keeps_nobody_out(
    example: Example,
    facilitator: Page,
    board: Page,
    team: Page,
    phase: Phase,
    subject: Subject,
    is_revealed: Callable[[Page], None],
) -> None:
    leader = example.ways[Role.FACILITATOR]
    example.server.records(ask_again, leader, subject)
    example.move(phase)
    sees(board, "Answer on your own screen.")
    expect(team.locator(f"{key('idea_form')} [data-field^={subject}_]").first).to_be_visible()
    is_fine(board, f"the board while it is asked: {phase}")
    is_fine(team, f"the mini-team that answers: {phase}")
    example.server.records(reveal_again, leader, subject)
    is_revealed(board)
    sees(team, "on the projector")
    expect(facilitator.get_by_role("button", name="Hide again")).to_be_visible()
    is_fine(board, f"the board once it is revealed: {phase}")
    is_fine(team, f"the mini-team once it is revealed: {phase}")
    is_fine(facilitator, f"the facilitator once it is revealed: {phase}")


def test_the_agreement_keeps_nobody_out(
    example: Example, facilitator: Page, board: Page, team: Page
) -> None:
    leader = example.ways[Role.FACILITATOR]
    example.server.records(ask_again, leader, Subject.AGREEMENT)
    example.move(Phase.AGREEMENT)
    sees(board, "Answer on your own screen.")
    expect(asked(team, "mark")).to_be_attached()
    is_fine(board, "the board that reads the agreement")
    is_fine(team, "the mini-team that is asked whether it can live with it")
    example.server.records(reveal_again, leader, Subject.AGREEMENT)
    drawn(board, "board_consents")
    expect(team.get_by_role("button", name="I sign this as Zoe")).to_be_visible()
    expect(facilitator.get_by_role("button", name="Take back").first).to_be_visible()
    is_fine(board, "the board with who has signed the agreement")
    is_fine(team, "the mini-team that may sign the agreement")
    is_fine(facilitator, "the facilitator at the agreement")


def test_the_cases_of_a_word_keep_nobody_out(
    example: Example, facilitator: Page, board: Page, team: Page
) -> None:
    leader = example.ways[Role.FACILITATOR]
    example.server.records(ask_again, leader, Subject.CASE)
    example.move(Phase.WORDS)
    sql = 2  # among the words: Lead, MQL, SQL …
    example.server.records(show_question, leader, sql)
    sees(board, "“SQL” or not? Judge 15 cases.")
    expect(team.locator(f"{key('idea_form')} [data-field^=case_]").first).to_be_visible()
    expect(facilitator.get_by_role("button", name="Reveal").first).to_be_visible()
    is_fine(board, "the board while cases are judged")
    is_fine(team, "the mini-team that judges cases")
    is_fine(facilitator, "the facilitator while cases are judged")
    example.server.records(reveal_again, leader, Subject.CASE)
    example.server.records(show_question, leader, sql)
    sees(board, "This case splits you most:")
    sees(team, "This case splits you most:")
    sees(facilitator, "This case splits you most:")
    is_fine(board, "the board with the case that splits the room")
    is_fine(team, "the mini-team with the case that splits the room")
    is_fine(facilitator, "the facilitator with the case that splits the room")


def test_the_ideas_keep_nobody_out(
    example: Example, facilitator: Page, board: Page, team: Page
) -> None:
    example.move(Phase.IDEAS, 1)
    sees(board, "Take your time")
    expect(asked(team, "title")).to_be_visible()
    expect(facilitator.get_by_role("heading", name="Ideas for")).to_be_visible()
    is_fine(facilitator, "the facilitator at the ideas")
    is_fine(board, "the board at the ideas")
    is_fine(team, "the mini-team at the ideas")
    send(team)
    sees(team, "Give the idea a title")
    is_fine(team, "the mini-team with an idea that has problems")


def test_the_report_back_keeps_nobody_out(example: Example, board: Page, team: Page) -> None:
    example.move(Phase.REPORT, 1)
    sees(board, "Team 1 of 3")
    sees(team, "What the others would do")
    is_fine(board, "the board at the report back")
    is_fine(team, "the mini-team at the report back")


@pytest.mark.parametrize(
    ("view", "chart"),
    [
        (BoardView.IDEAS, "board_ranking"),
        (BoardView.IMPROVEMENT, "board_improvement_chart"),
        (BoardView.STEPS, "board_side_by_side"),
        (BoardView.UNKNOWN, "board_sobol"),
    ],
)
def test_the_ranking_on_the_board_keeps_nobody_out(
    example: Example, board: Page, view: BoardView, chart: str
) -> None:
    example.move(Phase.RANK)
    example.show(view)
    drawn(board, chart)
    is_fine(board, f"the board at the ranking: {view}")


def test_the_end_keeps_nobody_out(example: Example, board: Page, team: Page) -> None:
    example.move(Phase.RANK)
    sees(team, "All ideas, best first")
    is_fine(team, "the mini-team at the ranking")
    example.move(Phase.CLOSED)
    sees(board, "we will measure again")
    is_fine(board, "the board at the end")


def drawn(page: Page, chart: str) -> None:
    expect(page.locator(f"{key(chart)} svg.marks").first).to_be_visible()


@pytest.mark.parametrize("view", [label for label, _ in VIEWS.values()])
def test_the_pages_of_management_keep_nobody_out(manager: Page, view: str) -> None:
    manager.set_viewport_size(PROJECTOR)
    link = manager.locator(key("manage_views")).get_by_role("link", name=view, exact=True)
    link.click()
    expect(manager).to_have_title(f"{view} · Funnel Reality Check")
    at_rest = expect(manager.locator("[data-testid=stApp]"))
    at_rest.to_have_attribute("data-test-script-state", "notRunning")
    is_fine(manager, f"management's page {view}")


def test_the_facilitators_other_pages_keep_nobody_out(example: Example, facilitator: Page) -> None:
    page = facilitator
    page.get_by_role("link", name="New numbers").click()
    sees(page, "New numbers")
    expect(page.locator("input[type=file]").first).to_be_attached()
    is_fine(page, "new numbers")
    page.goto(f"{example.address}/links?w={example.code}")
    sees(page, "Recovery code")
    is_fine(page, "the links to print")
    page.goto(f"{example.address}/agenda?w={example.code}")
    sees(page, "Undo the last change")
    is_fine(page, "the agenda")
    page.get_by_role("link", name="Back to the workshop").click()
    sees(page, "The walk")


@dataclass(frozen=True)
class SecondLook:
    """The ways into a second look at an example, the page to check in on, and its room code."""

    ways: dict[Role, str]
    check_in: str
    code: str


@pytest.fixture(scope="module")
def second_look(example: Example) -> SecondLook:
    return example.server.records(a_second_look)


def a_second_look(store: Store) -> SecondLook:
    looking = demo_second_look.fill(store, demo.fill(store))
    code = store.workshops.get(looking).code
    roles = (Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR)
    tokens = {role: store.tokens.issue(looking, role) for role in roles}
    tokens[Role.PARTICIPANT] = store.seats.join(code, "Zoe", Side.SALES)
    ways = {role: f"/enter/{token}" for role, token in tokens.items()}
    return SecondLook(ways, f"/check-in/{store.check_in_links.issue(looking, 'Grace')}", code)


def test_the_second_look_keeps_nobody_out(
    example: Example, second_look: SecondLook, laptop: Laptop
) -> None:
    facilitator, board, team = (laptop(PROJECTOR) for _ in range(3))
    for page, role in (
        (facilitator, Role.FACILITATOR),
        (board, Role.PROJECTOR),
        (team, Role.PARTICIPANT),
    ):
        page.goto(example.address + second_look.ways[role])
    drawn(board, "board_readings")
    sees(team, "What became of everything that you promised is on the projector.")
    expect(facilitator.locator(key("readings_box"))).to_contain_text("Legal has not answered yet.")
    is_fine(board, "the board with what became of it")
    is_fine(team, "the mini-team while it looks at what became of it")
    is_fine(facilitator, "the facilitator with what became of it")
    leader = second_look.ways[Role.FACILITATOR]
    example.server.records(move, leader, Position(Phase.ESTIMATES))
    sees(board, "How well did we foresee it?")
    sees(team, "How well both sides foresaw it is on the projector.")
    sees(facilitator, "Nobody is scored, only sides")
    is_fine(board, "the board with how well it was foreseen")
    is_fine(team, "the mini-team while it looks at how well it was foreseen")
    is_fine(facilitator, "the facilitator with how well it was foreseen")


@pytest.fixture(scope="module")
def company(example: Example, second_look: SecondLook, browser: Browser) -> Iterator[Page]:
    """The company's page, as management sees it: with all that the facilitator sees there."""
    for page in opened(browser, example.address + second_look.ways[Role.MANAGER]):
        page.locator(key("manage_views")).get_by_role("link", name="Second look").click()
        drawn(page, "company_readings")
        yield page


def test_the_company_keeps_nobody_out(company: Page) -> None:
    drawn(company, "history_3")
    company.get_by_role("button", name="New link").first.click()
    expect(company.locator(f"{key('check_in_links')} [data-testid=stCode]")).to_be_visible()
    is_fine(company, "the company")


def test_checking_in_keeps_nobody_out(
    example: Example, second_look: SecondLook, laptop: Laptop
) -> None:
    page = laptop(PROJECTOR)
    page.goto(example.address + second_look.check_in)
    sees(page, "What was kept?")
    is_fine(page, "the page to check in on")
    page.get_by_text("Not yet").first.click()
    page.get_by_role("button", name="Save").first.click()
    sees(page, "Saved. Thank you.")
    is_fine(page, "the page to check in on, once something is saved")


# -- by keyboard alone ---------------------------------------------------------------------------

MOST_STEPS = 15
MOST_TABS_TO_COMMIT = 40
TO_THE_TOP = """() => {
    const first = document.createElement("span");
    first.tabIndex = -1;
    document.body.prepend(first);
    first.focus();
    first.remove();
}"""
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


def tabs_to(page: Page, target: Locator, most: int) -> None:
    """Press Tab until something has the focus, at most so many times from the top of the page."""
    page.evaluate(TO_THE_TOP)
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element.matches(':focus')"):
            break
    expect(target).to_be_focused()
    assert target.evaluate(IS_MARKED)


def test_a_keyboard_moves_the_room_and_keeps_its_place(example: Example, facilitator: Page) -> None:
    example.move(Phase.LOBBY)
    page = facilitator
    sees(page, "The room sees the QR code")
    following = page.locator(f"{key('phase_next')} button")
    tabs_to(page, following, most=10)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Facts of", level=1)).to_be_visible()
    # While the page is drawn anew, the button of before stands beside the new one for a moment.
    expect(page.get_by_role("button", name="Next: Ideas for Lead → MQL")).to_be_focused()
    # What stood there is gone once it was pressed: the focus goes to what stands there now.
    tabs_to(page, page.locator(f"{key('timer_start')} button"), most=16)
    page.keyboard.press("Enter")
    expect(page.get_by_role("timer", name="Time left")).to_be_visible()
    expect(page.locator(f"{key('timer_box')} button").first).to_be_focused()
    # Its name says the step, not only what is done there.
    expect(page.get_by_role("button", name="Facts Lead → MQL")).to_be_visible()


def test_what_a_button_opens_takes_the_focus_and_gives_it_back(facilitator: Page) -> None:
    page = facilitator
    opener = page.get_by_role("button", name="Links and code")
    opener.focus()
    page.keyboard.press("Enter")
    opened = page.get_by_role("dialog", name="Links and code")
    expect(opened).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert opened.evaluate("(one) => one.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_keyboard_keeps_its_place_on_the_mini_teams_page(
    example: Example, laptop: Laptop
) -> None:
    """A drawing keeps the focus; where the pressed button is gone, it goes to what is there."""
    *_, ada_way, bo_way = example.server.records(
        writing_ideas, {"Ada": Side.SALES, "Bo": Side.MARKETING}
    )
    ada, bo = laptop(), laptop()
    for page, way in ((ada, ada_way), (bo, bo_way)):
        page.goto(example.address + way)
        sees(page, "live")
    save_idea(ada, "Score leads by size", (5, 10, 20), (2, 2))
    card = ada.locator("[class*='st-key-own_']")
    edit, withdraw = (card.get_by_role("button", name=name) for name in ("Edit", "Withdraw"))
    tabs_to(ada, withdraw, most=30)
    save_idea(bo, "Call within a day", (5, 10, 20), (2, 2))
    sees(ada, "Marketing has estimated: your turn")
    expect(withdraw).to_be_focused()
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("button", name="Bring it back")).to_be_focused()
    ada.keyboard.press("Enter")
    expect(edit.or_(card.get_by_role("button", name="Hand")).first).to_be_focused()
    done = ada.get_by_role("button", name="We are done with this step")
    step_to(ada, done)
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("button", name="Reopen this step")).to_be_focused()
    tabs_to(ada, edit, most=30)
    ada.keyboard.press("Enter")
    expect(asked(ada, "title")).to_be_focused()
    expect(asked(ada, "title")).to_have_value("Score leads by size")


def test_a_laptop_that_is_handed_over_by_keyboard_leads_to_what_is_asked(
    example: Example, laptop: Laptop
) -> None:
    *_, ada_way, _ = example.server.records(
        writing_ideas, {"Ada": Side.SALES, "Bo": Side.MARKETING}
    )
    ada = laptop()
    ada.goto(example.address + ada_way)
    save_idea(ada, "Score leads by size", (5, 10, 20), (2, 2))
    tabs_to(ada, ada.get_by_role("button", name="Hand this laptop to marketing"), most=30)
    ada.keyboard.press("Enter")
    sees(ada, "For marketing: what do you expect?")
    expect(asked(ada, "low", "estimate")).to_be_focused()
    step_to(ada, ada.get_by_role("button", name="Hand the laptop back"))
    ada.keyboard.press("Enter")
    expect(asked(ada, "title")).to_be_focused()


def test_a_change_of_place_is_announced_once(example: Example, laptop: Laptop) -> None:
    example.move(Phase.LOBBY)
    page = laptop()
    page.goto(example.address + example.ways[Role.PARTICIPANT])
    sees(page, "You are in.")
    said = page.locator(f"{key('announce')} [role=status]")
    expect(said).to_have_text("")
    example.move(Phase.FACTS, 1)
    expect(said).to_have_text("Facts of MQL → SQL")


def test_management_commits_by_keyboard(example: Example, manager: Page) -> None:
    page = manager
    page.goto(f"{example.address}/manage?w={example.code}")
    expect(asked(page, "sales", "capacity_form")).to_be_visible()
    tabs_to(page, asked(page, "sales", "capacity_form"), most=MOST_TABS_TO_COMMIT)
    page.keyboard.type("20")
    step_to(page, asked(page, "marketing", "capacity_form"))
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    sees(page, "Commit to these")
    form = page.locator(key("commitments_form"))
    tabs_to(page, form.get_by_label("Owner", exact=True).first, most=MOST_TABS_TO_COMMIT)
    step_to(page, form.get_by_label("Co-owner from the other side").first)
    page.keyboard.type("Bo")
    step_to(page, form.get_by_label("First step").first)
    page.keyboard.type("Publish the rota")
    step_to(page, form.get_by_role("button", name="Commit th"))
    page.keyboard.press("Enter")
    says(page, "commitments_form", "Agreed. They are on the list of actions.")
    sees(page, "2 actions: together")


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


def test_a_keyboard_is_enough_to_check_in(
    example: Example, second_look: SecondLook, laptop: Laptop
) -> None:
    page = laptop()
    page.goto(example.address + second_look.check_in)
    form = page.locator("form.promise").last
    tabs_to(page, form.get_by_role("radio").first, most=MOST_STEPS)
    page.keyboard.press("ArrowDown")
    expect(form.get_by_role("radio", name="Not yet")).to_be_checked()
    step_to(page, form.get_by_label("What did you learn"))
    page.keyboard.type("Customers read it too late.")
    step_to(page, form.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_have_text("Saved. Thank you.")


def test_a_keyboard_is_enough_to_make_a_check_in_link_and_to_plan_the_next_look(
    company: Page,
) -> None:
    shown = company.locator(f"{key('check_in_links')} [data-testid=stCode]")
    before = shown.count()
    tabs_to(company, company.get_by_role("button", name="Plan a second look"), most=MOST_STEPS)
    made = company.locator(f"{key('link_2')} button")
    step_to(company, made)
    company.keyboard.press("Enter")
    expect(shown).to_have_count(before + 1)
    expect(made).to_be_focused()
