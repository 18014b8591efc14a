"""A browser that translates a page all the same: the next numbers are still shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.people import EXAMPLE, Laptop, sees
from tests.server import Server
from workshop.domain.access import Role
from workshop.domain.agenda import Phase, Position
from workshop.domain.people import Side
from workshop.intake import read_upload
from workshop.store import Store

# What translating browsers do, as from one that does not heed what the page asks for: each text is
# replaced by another one, two <font> deep. Some put one in the place of a whole paragraph.
TRANSLATE = """(ofParagraphs) => {
    document.documentElement.removeAttribute("translate");
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
        const parent = text.parentNode;
        if (!parent || !text.nodeValue.trim()) continue;
        if (parent.closest("font, script, style, textarea")) continue;
        const outer = document.createElement("font"), inner = document.createElement("font");
        inner.textContent = ofParagraphs ? parent.textContent : text.nodeValue;
        outer.appendChild(inner);
        if (ofParagraphs && !parent.firstElementChild) parent.replaceChildren(outer);
        else parent.replaceChild(outer, text);
    }
}"""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[Role, str]]]:
    """A server with a workshop at the facts of its first step, and the ways in."""
    database = tmp_path_factory.mktemp("records") / "workshop.duckdb"
    store = Store(database)
    counts, losses = ((EXAMPLE / name).read_bytes() for name in ("funnel.csv", "losses.csv"))
    facilitator = store.start("Spring", read_upload("funnel.csv", counts, ("losses.csv", losses)))
    tokens = {role: store.issue(facilitator, role) for role in (Role.FACILITATOR, Role.ROOM)}
    code = store.workshop(facilitator).code
    tokens[Role.PARTICIPANT] = store.join(code, "Ada", Side.SALES)
    store.go(facilitator, Position(Phase.FACTS, 0))
    store.close()
    with Server(database) as running:
        yield running, {role: f"/enter/{token}" for role, token in tokens.items()}


def texts(page: Page) -> list[str]:
    """All that stands on a page, in order."""
    shown = page.locator("[data-testid=stMain]").inner_text().split("\n")
    return [line.strip() for line in shown if line.strip()]


# Where the room goes, and what then stands on the board or on a team's page.
WRITES = {
    Role.ROOM: "What do you see that the other side does not?",
    Role.PARTICIPANT: "Write down an idea",
}
WALK = [
    ("Facts", 1, "MQL → SQL"),
    ("Ideas", 1, None),
    ("Facts", 2, "SQL → Opportunity"),
    ("Facts", 0, "Lead → MQL"),
]


def shows_the_same(page: Page, other: Page) -> None:
    for _ in range(60):
        if texts(page) == texts(other):
            return
        page.wait_for_timeout(250)
    assert texts(page) == texts(other)


def go_to(page: Page, phase: str, step: int) -> None:
    page.locator("[class*=st-key-jump_] button").filter(has_text=phase).nth(step).click()


@pytest.mark.parametrize("of_paragraphs", [False, True])
@pytest.mark.parametrize("role", [Role.ROOM, Role.PARTICIPANT])
def test_a_page_that_was_translated_shows_what_any_other_shows(
    doors: tuple[Server, dict[Role, str]], laptop: Laptop, role: Role, of_paragraphs: bool
) -> None:
    """Step by step, and back, translated anew each time."""
    server, ways = doors
    facilitator, translated, other = laptop(), laptop(), laptop()
    faults: list[str] = []
    translated.on("pageerror", lambda error: faults.append(str(error)))
    for page, way in ((facilitator, Role.FACILITATOR), (translated, role), (other, role)):
        page.goto(server.address + ways[way])
        sees(page, "live")
    go_to(facilitator, "Facts", 0)
    sees(translated, "Lead → MQL")
    for phase, step, place in WALK:
        translated.evaluate(TRANSLATE, of_paragraphs)
        assert translated.locator("font").count() > 3
        go_to(facilitator, phase, step)
        sees(other, place or WRITES[role])
        shows_the_same(translated, other)
    assert faults == []
