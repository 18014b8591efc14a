"""What people type is shown letter by letter, and does nothing else, on every screen."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hostile import HOSTILE, LONG
from tests.browser.people import Laptop, join, key, sees
from tests.server_process import ReachableServer
from workshop.domain.access import Role
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Store

REASONS = 50
# All elements, those inside of components too.
ALL = """(selector) =>
    [document, ...[...document.querySelectorAll("*")].map((element) => element.shadowRoot)]
        .filter((root) => root)
        .flatMap((root) => [...root.querySelectorAll(selector)])"""
SHOWN = f"""() => ({ALL})(
    "[data-testid=stText], [data-testid=stMarkdownContainer], " +
    "h1, h2, h3, label, td, th, option, main p, main li, main button"
).map((element) => element.textContent.replaceAll("\\u2060", "").replace(/\\s+/g, " ").trim())"""
OFFERED = f"(reason) => ({SHOWN})().some((text) => text.startsWith(reason))"
# The whole of a title or of a name, as the first of its lines.
OURS = (
    ".st-key-ideas_list p > strong:first-child, "
    ":is(.st-key-teams_list, .st-key-board_counts, .st-key-board_walk) li > strong:first-child"
)
MADE_INTO_SOMETHING = f"""() => ({{
    hacked: window.hacked ?? null,
    formulas: ({ALL})(".katex, .katex-display").length,
    links: ({ALL})("[href*='evil'], [src*='evil'], img[src='x']").length,
    marked: ({ALL})(
        ":is(.stMain, main, .form) :is(strong, em, del, b, blockquote, ol)"
    ).filter((element) => !element.matches("{OURS}")).map((element) => element.textContent),
    errors: ({ALL})("[data-testid=stException]").length,
}})"""
NOTHING = {"hacked": None, "formulas": 0, "links": 0, "marked": [], "errors": 0}


def made_into_something(page: Page) -> dict[str, Any]:
    """What came of hostile strings but text; what our own pages set in bold is not meant."""
    found: dict[str, Any] = page.evaluate(MADE_INTO_SOMETHING)
    theirs = "\n".join(HOSTILE)
    return {**found, "marked": [text for text in found["marked"] if text in theirs]}


def plainly(text: str) -> str:
    # JavaScript counts the byte order mark as a blank, Python does not.
    return " ".join(text.replace("\u2060", "").replace("\ufeff", " ").split())


@pytest.fixture(scope="module")
def hostile(server: ReachableServer) -> tuple[ReachableServer, dict[str, str]]:
    """A server on a workshop in which everything has a hostile name; and its doors."""
    return server, server.records(fill)


def fill(store: Store) -> dict[str, str]:
    """200 strings as reasons, as titles, as plans, as owners and as names; some as stages."""
    stages = dict(
        zip(
            [HOSTILE[n] for n in (0, 56, 88, 132, 176)],
            (10_000, 6_000, 3_000, 900, 60),
            strict=True,
        )
    )
    reasons = {
        stage: dict.fromkeys(HOSTILE[place * REASONS : (place + 1) * REASONS], 10)
        for place, stage in enumerate(list(stages)[:-1])
    }
    funnel = Funnel.from_counts(
        stages, deal_value=8_000, currency="EUR", period_days=365, losses=reasons
    )
    facilitator = store.workshops.start(HOSTILE[60], funnel)
    code = store.workshops.get(facilitator).code
    people = [
        store.seats.join(code, name[:80], list(Side)[n % 2]) for n, name in enumerate(HOSTILE)
    ]
    for number, text in enumerate(HOSTILE):
        author = store.tokens.admit(people[number])
        assert author is not None
        step = number // REASONS
        draft = IdeaDraft(text, Estimate(0.1, 0.2, 0.3), LONG, text, 2, 3, text[:80])
        store.ideas.save(author, uuid4().hex, step, draft)
    doors = {
        role: store.tokens.issue(facilitator, role) for role in Role if role is not Role.PARTICIPANT
    }
    return {**doors, "code": code, Role.PARTICIPANT: people[0]}


def settled(page: Page) -> None:
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    at_rest = f"[data-testid=stApp][data-test-script-state=notRunning], main{key('team_page')}"
    expect(page.locator(at_rest)).to_be_attached()


def go(facilitator: Page, team: Page, position: Position, heading: str) -> None:
    """Jump there by the list of the walk; the mini-team's page is there too."""
    steps = {Phase.FACTS: 1, Phase.IDEAS: 2, Phase.REPORT: 3}
    place = 13 if position.phase == Phase.RANK else steps[position.phase] + 3 * (position.step or 0)
    facilitator.locator(f"{key(f'jump_{place}')} button").click()
    expect(facilitator.get_by_role("heading", name=heading).first).to_be_visible()
    expect(team.locator(key("spoken_title"))).to_contain_text(heading)


def test_two_hundred_hostile_strings_are_shown_as_plain_text(
    hostile: tuple[ReachableServer, dict[str, str]], new_laptop: Laptop
) -> None:
    server, doors = hostile
    screens: list[Page] = []

    def screen(role: Role) -> Page:
        page = new_laptop()
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        page.goto(f"{server.address}/enter/{doors[role]}")
        settled(page)
        screens.append(page)
        return page

    facilitator, team = screen(Role.FACILITATOR), screen(Role.PARTICIPANT)
    screen(Role.PROJECTOR)

    shown: set[str] = set()
    for step in range(4):
        go(facilitator, team, Position(Phase.IDEAS, step), "Ideas for")
        last = plainly(HOSTILE[step * REASONS + REASONS - 1])
        team.wait_for_function(OFFERED, arg=last, polling=200)
        offered = team.evaluate(SHOWN)
        for reason in HOSTILE[step * REASONS : (step + 1) * REASONS]:
            assert any(text.startswith(plainly(reason)) for text in offered), reason
        go(facilitator, team, Position(Phase.REPORT, step), "Report back on")
        for page in screens:
            settled(page)
            shown |= set(page.evaluate(SHOWN))
            assert made_into_something(page) == NOTHING
    go(facilitator, team, Position(Phase.RANK), "Ranking of all ideas")
    screen(Role.MANAGER)  # shows the same at any place of the walk
    for page in screens:
        settled(page)
        shown |= set(page.evaluate(SHOWN))
        assert made_into_something(page) == NOTHING

    everything = "\n".join(shown)
    missing = [text for text in HOSTILE if plainly(text) not in everything]
    assert not missing, missing
    assert plainly(HOSTILE[60]) in shown, "the name of the workshop"


def test_a_hostile_name_joins_like_any_other(
    hostile: tuple[ReachableServer, dict[str, str]], laptop: Laptop
) -> None:
    server, doors = hostile
    page = laptop()
    join(page, server.address, doors["code"], "<b>Zoe</b> :smile: $x$", "Marketing")
    sees(page, "<b>Zoe</b> :smile: $x$")
    assert made_into_something(page) == NOTHING
