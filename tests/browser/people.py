"""What people do on their screens, in words of the workshop."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, TimeoutError, expect

from workshop.activities.guess import FACTS
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import BoardView, Phase, Position
from workshop.domain.people import Side
from workshop.intake import read_upload
from workshop.server import demo
from workshop.store import Store

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "data" / "example"
Laptop = Callable[..., Page]

# Two cores may be busy with a whole room of browsers; what is seen late is seen all the same.
expect.set_options(timeout=30_000)


def key(name: str) -> str:
    return f".st-key-{name}"


def press(page: Page, name: str) -> None:
    page.locator(f"{key(name)} button").first.click()


def take_home(page: Page, name: str) -> Download:
    """A file that the facilitator fetches under Take home."""
    if not page.locator(key(name)).first.is_visible():
        page.get_by_role("button", name="Take home").click()
    with page.expect_download() as download:
        press(page, name)
    return download.value


def write(page: Page, name: str, text: str) -> None:
    page.locator(f"{key(name)} input, {key(name)} textarea").first.fill(text)


def asked(page: Page, field: str, form: str = "idea_form") -> Locator:
    """Where a field of a form is filled in."""
    return page.locator(f"{key(form)} [data-field={field}] :is(input, textarea, select)").first


def pick(page: Page, field: str, words: str, form: str = "idea_form") -> None:
    """Choose one of the options of a field."""
    page.locator(f"{key(form)} [data-field={field}] label").filter(has_text=words).last.click()


def turn_to(page: Page, field: str, form: str = "idea_form") -> None:
    """Lead on to a question, where a narrow screen asks one at a time."""
    question = page.locator(f"{key(form)} [data-field={field}]").first
    expect(question).to_be_attached()
    while not question.is_visible():
        page.locator(f"{key(form)} .submit").get_by_text("Next", exact=True).click()


def send(page: Page, form: str = "idea_form") -> None:
    """Send a form, past the questions that are left where they are asked one at a time."""
    submit = page.locator(f"{key(form)} .submit")
    while submit.inner_text() == "Next":
        submit.click()
    submit.click()


def says(page: Page, form: str, words: str | re.Pattern[str]) -> None:
    """What a form says of what has become of it."""
    expect(page.locator(f"{key(form)} .note")).to_have_text(words)


def choose(page: Page, name: str, words: str | re.Pattern[str]) -> None:
    """Tick one of the choices of a radio group."""
    page.locator(f"{key(name)} label").filter(has_text=words).last.click()


def select(page: Page, name: str, words: str) -> None:
    """Pick an option of a select field.

    Its list closes as soon as the page scrolls, be it from a press a moment before or because a
    chart above has been drawn: who finds it closed presses again.
    """
    field = page.locator(f"{key(name)} input")
    option = page.get_by_role("option", name=words)
    for _ in range(4):
        field.click()
        try:
            option.click(timeout=4_000)
        except TimeoutError:
            continue
        return
    field.click()
    option.click()


def sees(page: Page, *texts: str) -> None:
    for text in texts:
        expect(page.get_by_text(text).first).to_be_visible()


def sees_not(page: Page, text: str) -> None:
    expect(page.get_by_text(text)).to_have_count(0)


def start_workshop(page: Page, address: str, name: str, funnel: Path, losses: Path | None) -> str:
    """Upload a funnel, accept its preview; the facilitator's screen is open. Returns the code."""
    page.goto(address)
    write(page, "start_name", name)
    page.locator(f"{key('start_funnel')} input[type=file]").set_input_files(funnel)
    expect(page.locator(key("start_preview"))).to_be_visible()
    write(page, "start_deal_value", "10,000")
    page.keyboard.press("Tab")
    sees(page, "A won deal is worth")
    if losses is not None:
        page.locator(f"{key('start_losses')} input[type=file]").set_input_files(losses)
        sees(page, "We know the reason for")
    press(page, "start_submit")
    page.wait_for_url("**/facilitate?w=*")
    expect(page.locator(key("phase_next"))).to_be_visible()
    return page.url.split("w=")[1][:6]


def writing_ideas(store: Store, people: dict[str, Side]) -> list[str]:
    """A workshop on the example that writes ideas for its first step. Returns the ways in: the
    facilitator's, and one for each person."""
    counts, losses = ((EXAMPLE / name).read_bytes() for name in ("funnel.csv", "losses.csv"))
    facilitator = store.workshops.start(
        "Spring", read_upload("funnel.csv", counts, ("losses.csv", losses))
    )
    code = store.workshops.get(facilitator).code
    tokens = [store.tokens.issue(facilitator, Role.FACILITATOR)]
    tokens += [store.seats.join(code, name, side) for name, side in people.items()]
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 0))
    return [f"/enter/{token}" for token in tokens]


def filled_example(store: Store) -> dict[Role, str]:
    """The way in for each role but a participant's, into the example at its ranking."""
    facilitator = demo.fill(store)
    roles = (Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR)
    return {role: f"/enter/{store.tokens.issue(facilitator, role)}" for role in roles}


def code_of(store: Store, facilitator: str) -> str:
    """The room code of a facilitator's workshop."""
    return store.workshops.get(admitted(store, facilitator)).code


def way_to_the_board(store: Store, facilitator: str) -> str:
    return f"/enter/{store.tokens.issue(admitted(store, facilitator), Role.PROJECTOR)}"


def admitted(store: Store, way: str) -> Visitor:
    visitor = store.tokens.admit(way.removeprefix("/enter/"))
    assert visitor is not None
    return visitor


def move(store: Store, facilitator: str, position: Position) -> None:
    """Take the room of a facilitator, by their way in, to another place of the walk.

    At the facts, past the guesses to what is true.
    """
    store.agenda.move_to(admitted(store, facilitator), position)
    if position.phase == Phase.FACTS:
        store.agenda.show_team(admitted(store, facilitator), FACTS)


def show(store: Store, facilitator: str, view: BoardView) -> None:
    """What the board shows at the ranking."""
    store.agenda.show_view(admitted(store, facilitator), view)


def open_screens(page: Page) -> tuple[str, str]:
    """The links for the board and for management, from the facilitator's screen."""
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    page.get_by_role("button", name="Links and code").click()
    links = page.locator("[data-testid=stPopoverBody] [data-testid=stCode]")
    expect(links).to_have_count(3)
    board, management, _ = (text.strip() for text in links.all_inner_texts())
    page.keyboard.press("Escape")
    return board, management


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def join(page: Page, address: str, code: str, name: str, side: str) -> None:
    fill_join(page, address, code, name, side)
    press_join(page)
    page.wait_for_url("**/team?w=*")
    expect(page.locator(key("team_head"))).to_be_visible()


def fill_join(page: Page, address: str, code: str, name: str, side: str) -> None:
    """Open the page behind the QR code, and write; not sent yet."""
    page.goto(f"{address}/join/{code}")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("radio", name=side, exact=True).check()


def press_join(page: Page) -> None:
    page.get_by_role("button", name="Join", exact=True).click()


def fill_idea(
    page: Page, title: str, marks: tuple[int, int, int], days: tuple[int, int], reason: str = ""
) -> None:
    asked(page, "title").fill(title)
    if reason:
        pick(page, "reason", reason)
    for name, mark in zip(("low", "likely", "high"), marks, strict=True):
        asked(page, name).fill(str(mark))
    for side, effort in zip(("sales", "marketing"), days, strict=True):
        asked(page, f"days_{side}").fill(str(effort))


def save_idea(page: Page, title: str, *rest: object, reason: str = "") -> None:
    fill_idea(page, title, *rest, reason=reason)  # type: ignore[arg-type]
    send(page)
    expect(page.locator("[class*='st-key-own_']").get_by_text(title, exact=True)).to_be_visible()


def forward(page: Page, heading: str) -> None:
    press(page, "phase_next")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
