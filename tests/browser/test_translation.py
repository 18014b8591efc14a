"""A browser that translates a page all the same: the next numbers are still shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.people import Laptop, key, move, sees, way_to_the_board, writing_ideas
from tests.server_process import ReachableServer
from workshop.domain.access import Role
from workshop.domain.agenda import Phase, Position
from workshop.domain.people import Side

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


def texts(page: Page) -> list[str]:
    """All that stands on a page, in order."""
    stage = page.locator(f"[data-testid=stMain], main{key('team_page')}")
    shown = stage.inner_text().split("\n")
    return [line.strip() for line in shown if line.strip()]


# Where the room goes, and what then stands on the board or on a team's page.
WRITES = {
    Role.PROJECTOR: "What do you see that the other side does not?",
    Role.PARTICIPANT: "Write down an idea",
}
WALK = [
    (Phase.FACTS, 1, "MQL → SQL"),
    (Phase.IDEAS, 1, None),
    (Phase.FACTS, 2, "SQL → Opportunity"),
    (Phase.FACTS, 0, "Lead → MQL"),
]


def shows_the_same(page: Page, other: Page) -> None:
    for _ in range(60):
        if texts(page) == texts(other):
            return
        page.wait_for_timeout(250)
    assert texts(page) == texts(other)


@pytest.mark.parametrize("role", WRITES)
def test_a_page_that_was_translated_shows_what_any_other_shows(
    server: ReachableServer, laptop: Laptop, role: Role
) -> None:
    """Step by step, and back, translated anew each time: each text, or each whole paragraph."""
    facilitator, ada = server.records(writing_ideas, {"Ada": Side.SALES})
    server.records(move, facilitator, Position(Phase.FACTS, 0))
    way = server.records(way_to_the_board, facilitator) if role is Role.PROJECTOR else ada
    other, *translated = pages = [laptop() for _ in range(3)]
    faults: list[str] = []
    for page in pages:
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(server.address + way)
        sees(page, "live", "Lead → MQL")
    for phase, step, place in WALK:
        for page, of_paragraphs in zip(translated, (False, True), strict=True):
            page.evaluate(TRANSLATE, of_paragraphs)
            assert page.locator("font").count() > 3
        server.records(move, facilitator, Position(phase, step))
        sees(other, place or WRITES[role])
        for page in translated:
            shows_the_same(page, other)
    assert faults == []
