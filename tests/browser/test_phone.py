"""A phone: nothing that is typed into is so small that the browser zooms in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Laptop, asked, key, save_idea, says, writing_ideas
from tests.server_process import ReachableServer
from workshop.domain.people import Side

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Below this an iPhone zooms into a field that is touched, and stays there.
SMALLEST_PIXELS = 16
SIZES = """() => [document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot)]
    .filter((root) => root)
    .flatMap((root) => [...root.querySelectorAll(
        "input:not([type=radio], [type=checkbox], [type=file]), textarea, select"
    )])
    .filter((field) => field.checkVisibility() && field.getBoundingClientRect().width)
    .map((field) => parseFloat(getComputedStyle(field).fontSize))"""


# What reaches over the right edge, or lies in something that hides its end.
BEYOND_THE_EDGE = """() => {
    const all = (root) => [...root.querySelectorAll("*")]
        .flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    return all(document.querySelector(".st-key-team_page"))
        .filter((one) => one.checkVisibility() && !one.closest("[class*=_words]"))
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`);
}"""


def sizes(page: Page, *fields: str) -> list[float]:
    """The size of all letters that are typed on a page, once these fields are there."""
    for field in fields:
        expect(
            page.locator(f":is({key(field)}, [data-field={field}]) :is(input, textarea)").first
        ).to_be_visible()
    measured: list[float] = page.evaluate(SIZES)
    assert len(measured) >= len(fields)
    return measured


def test_no_field_on_a_phone_makes_it_zoom_in(server: ReachableServer, laptop: Laptop) -> None:
    _, team = server.records(writing_ideas, {"Ada": Side.SALES})
    phone = laptop(**PHONE)
    phone.goto(server.address)
    phone.get_by_text("I lost the facilitator's screen").click()
    home = sizes(phone, "start_name", "recovery_code")
    phone.goto(f"{server.address}/join/ABCDEF")
    joining: list[float] = phone.evaluate(SIZES)
    phone.goto(server.address + team)
    writing = sizes(phone, "title", "plan", "low", "high", "days_sales")
    assert min(home + joining + writing) >= SMALLEST_PIXELS
    assert joining[0] > SMALLEST_PIXELS  # the code is read from afar, and typed letter by letter


def test_an_idea_that_is_edited_is_brought_into_sight_and_into_focus(
    server: ReachableServer, laptop: Laptop
) -> None:
    _, team = server.records(writing_ideas, {"Ada": Side.SALES})
    phone = laptop(**PHONE)
    phone.goto(server.address + team)
    save_idea(phone, "Call back", (10, 20, 30), (2, 2))
    says(phone, "idea_form", "Idea saved.")
    phone.locator("[class*='st-key-edit_'] button").click()
    title = asked(phone, "title")
    expect(title).to_be_focused()
    expect(title).to_be_in_viewport()
    expect(title).to_have_value("Call back")
    says(phone, "idea_form", "It stands in the form: change it and save.")


@pytest.mark.parametrize(("width", "letters"), [(360, 16), (390, 32)])
def test_a_phone_that_is_narrow_or_has_large_letters_loses_nothing(
    server: ReachableServer, laptop: Laptop, width: int, letters: int
) -> None:
    _, team = server.records(writing_ideas, {"A-Very-Long-Name-Of-A-Person " * 2: Side.SALES})
    phone = laptop(viewport={"width": width, "height": 740})
    phone.goto(server.address + team)
    save_idea(phone, "Donaudampfschifffahrtsgesellschaft " * 5, (10, 20, 30), (2, 2))
    phone.add_style_tag(content=f"html {{ font-size: {letters}px !important; }}")
    assert phone.evaluate(BEYOND_THE_EDGE) == []


def test_what_appears_above_the_form_does_not_move_the_field_that_is_typed_in(
    server: ReachableServer, laptop: Laptop
) -> None:
    people = {"Ada": Side.SALES, "Bo": Side.MARKETING}
    _, *ways = server.records(writing_ideas, people)
    ada, bo = laptop(**PHONE), laptop()
    for page, way in zip((ada, bo), ways, strict=True):
        page.goto(server.address + way)
    how = asked(ada, "plan")
    how.click()
    how.press_sequentially("A rota")
    before = how.bounding_box()
    save_idea(bo, "Call back", (5, 10, 20), (1, 1))
    expect(ada.get_by_text("your turn").first).to_be_visible()
    after = how.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 40
    how.press_sequentially(" a week")
    expect(how).to_have_value("A rota a week")
