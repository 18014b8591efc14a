"""The projector: nothing to scroll and nothing too small, whatever the room has filled it with."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests import first_hours
from tests.browser.people import Laptop, admitted, key, show
from tests.server_process import ReachableServer
from workshop.activities.walk import walk
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import BoardView
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Store

SIZES = [(1280, 720), (1920, 1080)]
SMALLEST = 24 / 1920  # of the window's width
PHASES = [
    "Lobby",
    "Facts",
    "Ideas",
    "Report back",
    "Ranking of all ideas",
    "Commit to actions",
    "Closed",
]
# What the full room has more than fits is counted.
MORE = {"Report back": "and 3 more ideas", "Commit to actions": "and 1 more action"}
# Where the walk of nine stages has them, the steps at the one with many ideas and reasons.
WALKED = [0, 10, 11, 12, 25, 26, 27]
VIEWS = {
    BoardView.IMPROVEMENT: "board_improvement_chart",
    BoardView.STEPS: "board_side_by_side",
    BoardView.UNKNOWN: "board_sobol",
    BoardView.IDEAS: "board_ranking",
}
LONG = "A name that somebody has copied from elsewhere with all that stood around it, " * 3

OVERFLOWS = """() => {
    const page = document.documentElement;
    const outside = [...document.querySelectorAll(".st-key-board :is([data-testid=stText], li)")]
        .filter((text) => {
            const box = text.getBoundingClientRect();
            return box.right > innerWidth || box.bottom > innerHeight || box.top < 0;
        });
    return [page.scrollHeight > innerHeight, page.scrollWidth > innerWidth, outside.length];
}"""
# What ends in the middle of a word: a text wider or higher than its place, or cut by a chart.
CUT = """() => {
    const all = [
        ...document.querySelectorAll(".st-key-board :is([data-testid=stText] > *, li, li > *)"),
    ];
    const texts = all.filter((one) => getComputedStyle(one).overflow !== "visible");
    const line = (one) => parseFloat(getComputedStyle(one).fontSize) / 2;
    const cut = texts.filter((one) => one.scrollWidth > one.clientWidth + 1
        || one.scrollHeight > one.clientHeight + line(one));
    const marks = [...document.querySelectorAll(".st-key-board_stage svg.marks text")]
        .filter((one) => one.getBoundingClientRect().width);
    const short = marks.filter((one) => String(one.__data__.text) !== one.textContent);
    const titles = [...document.querySelectorAll("[class*=st-key-card_title_]")];
    const outside = titles.filter((title) => {
        const card = title.closest("[class*=st-key-card_]:not([class*=_title_])");
        const [box, around] = [title.getBoundingClientRect(), card.getBoundingClientRect()];
        return box.top < around.top || box.bottom > around.bottom;
    });
    const named = (one) => one.closest("[class*=st-key-]").className.match(/st-key-\\S+/)[0];
    return [...cut, ...short, ...outside].map((one) => `${named(one)}: ${one.textContent}`);
}"""
WATCH_FOR_GHOSTS = """() => {
    window.ghosts = 0;
    const seen = (key) => [...document.querySelectorAll(`[class*=st-key-${key}]`)]
        .some((one) => one.getClientRects().length);
    new MutationObserver(() => (window.ghosts += seen("seats_name") && seen("board_headline")))
        .observe(document, { subtree: true, childList: true, attributes: true });
}"""
SMALLEST_TEXT = """() => {
    const all = document.querySelectorAll(".st-key-board *, .st-key-board_line *");
    const sizes = [...all]
        .filter((one) => !one.closest("[class*=_words]"))
        .filter((one) => [...one.childNodes].some((part) => (part.nodeValue || "").trim()))
        .map((one) => parseFloat(getComputedStyle(one).fontSize));
    return Math.min(...sizes);
}"""


OUTSIDE_ITS_CHART = """() => {
    const stage = document.querySelector(".st-key-board_stage").getBoundingClientRect();
    return [...document.querySelectorAll("KEY svg text")].filter((text) => {
        const box = text.getBoundingClientRect();
        return box.width && (box.right > innerWidth || box.bottom > stage.bottom + 1);
    }).length;
}"""


@pytest.fixture(scope="module")
def rooms(server: ReachableServer) -> dict[str, dict[Role, str]]:
    """The ways into a room that is full, and into one whose every word is long."""
    return {
        "full": server.records(ways_into_a_full_room),
        "long": server.records(first_hours.ways_into_long_names),
    }


def ways_into_a_full_room(store: Store) -> dict[Role, str]:
    facilitator = full_room(store)
    roles = (Role.FACILITATOR, Role.PROJECTOR)
    return {role: f"/enter/{store.tokens.issue(facilitator, role)}" for role in roles}


def full_room(store: Store) -> Visitor:
    """Forty people, one step, names and texts as long as they may be; returns its facilitator."""
    stages = {f"{LONG[:197]} {number}": count for number, count in enumerate((2000, 700))}
    reasons = {f"{LONG[:197]} {number}": 100 for number in range(8)}
    funnel = Funnel.from_counts(
        stages,
        deal_value=8000,
        currency="CHF",
        period_days=365,
        losses={next(iter(stages)): reasons},
    )
    facilitator = store.workshops.start(LONG[:200], funnel)
    code = store.workshops.get(facilitator).code
    sides = list(Side)
    tokens = [store.seats.join(code, f"{LONG[:77]} {seat}", sides[seat % 3]) for seat in range(40)]
    for team in store.seats.teams(facilitator):
        store.seats.rename(facilitator, team.id, LONG[:80])
    writer, mate = one_of_each_side(store, tokens)
    for number in range(9):
        draft = IdeaDraft(
            f"{LONG[:197]} {number}", Estimate(0.1, 0.2, 0.3), reason=next(iter(reasons))
        )
        idea_id = uuid4().hex
        store.ideas.save(writer, idea_id, 0, draft)
        store.ideas.estimate(mate, idea_id, Estimate(0.25, 0.35, 0.45))
    store.seats.set_done(writer, 0, True)
    for idea in store.ideas.readable(facilitator)[:7]:
        agreed = {"owner": LONG[:80], "co_owner": LONG[:80], "kpi": "Rate", "first_step": "Begin"}
        store.commitments.save(
            Visitor(Role.MANAGER, facilitator.workshop_id),
            Commitment(
                id=uuid4().hex,
                idea_id=idea.id,
                title=idea.draft.title,
                baseline=0.35,
                target=0.4,
                due=date(2027, 3, 14),
                **agreed,
            ),
        )
    return facilitator


def one_of_each_side(store: Store, tokens: list[str]) -> tuple[Visitor, Visitor]:
    """Sales and marketing of one mini-team."""
    seated = [
        (visitor, store.seats.person(visitor))
        for visitor in map(store.tokens.admit, tokens)
        if visitor
    ]
    writer, of_sales = next(pair for pair in seated if pair[1].side is Side.SALES)
    return writer, next(
        visitor
        for visitor, person in seated
        if person.team_id == of_sales.team_id and person.side is Side.MARKETING
    )


def jump(store: Store, facilitator: str, place: int) -> None:
    """Take the room to a place of the walk."""
    visitor = admitted(store, facilitator)
    store.agenda.move_to(visitor, walk(len(store.funnels.current(visitor).steps))[place])


def settles(board: Page, measure: str, good: Callable[[Any], bool]) -> None:
    """A chart takes a moment to reach its size; what it comes to rest at is what counts."""
    deadline = time.monotonic() + 10
    while not good(found := board.evaluate(measure)):
        assert time.monotonic() < deadline, found
        board.wait_for_timeout(100)


@pytest.mark.parametrize("room", ["full", "long"])
def test_the_board_neither_scrolls_nor_shrinks_nor_cuts_words_anywhere(
    rooms: dict[str, dict[Role, str]], server: ReachableServer, laptop: Laptop, room: str
) -> None:
    ways = rooms[room]
    board = laptop(viewport=sized(SIZES[0]))
    board.goto(server.address + ways[Role.PROJECTOR])
    for place in range(len(PHASES)):
        at = place if room == "full" else WALKED[place]
        server.records(jump, ways[Role.FACILITATOR], at)
        shows(board, PHASES[place])
        if room == "full" and PHASES[place] in MORE:
            expect(board.locator(key("board_more"))).to_have_text(MORE[PHASES[place]])
        if PHASES[place] != "Ranking of all ideas":
            fits(board)
            continue
        for view, chart in VIEWS.items():
            server.records(show, ways[Role.FACILITATOR], view)
            expect(board.locator(f"{key(chart)} svg.marks")).to_be_visible()
            expect(board.locator(f"{key('board')} [data-stale=true]")).to_have_count(0)
            fits(board, chart)


def fits(board: Page, chart: str = "") -> None:
    """Everything on the board is inside, large enough and whole, at every size."""
    for size in (SIZES[0], SIZES[1], SIZES[0]) if chart else (SIZES[0], SIZES[1]):
        board.set_viewport_size(sized(size))
        settles(board, OVERFLOWS, lambda found: found == [False, False, 0])
        smallest = 0.999 * SMALLEST * size[0]
        settles(board, SMALLEST_TEXT, lambda pixels, smallest=smallest: pixels >= smallest)
        settles(board, CUT, lambda cut: cut == [])
        if chart:
            outside = OUTSIDE_ITS_CHART.replace("KEY", key(chart))
            settles(board, outside, lambda outside: outside == 0)
    board.set_viewport_size(sized(SIZES[0]))


def sized(size: tuple[int, int]) -> ViewportSize:
    return ViewportSize(width=size[0], height=size[1])


def test_nothing_of_the_lobby_is_left_among_the_facts(
    rooms: dict[str, dict[Role, str]], server: ReachableServer, laptop: Laptop
) -> None:
    ways = rooms["long"]
    board = laptop()
    server.records(jump, ways[Role.FACILITATOR], 0)
    board.goto(server.address + ways[Role.PROJECTOR])
    shows(board, "Lobby")
    expect(board.locator(key("board_teams"))).to_be_visible()
    board.evaluate(WATCH_FOR_GHOSTS)
    server.records(jump, ways[Role.FACILITATOR], 1)
    shows(board, "Facts")
    expect(board.locator(f"{key('board_funnel')} svg.marks")).to_be_visible()
    assert board.evaluate("window.ghosts") == 0


def shows(board: Page, phase: str) -> None:
    """Wait until the board has arrived at a phase and nothing of the last one is left."""
    expect(board.locator(key("board_phase"))).to_have_text(phase, timeout=20_000)
    expect(board.locator(f"{key('board')} [data-stale=true]")).to_have_count(0)
