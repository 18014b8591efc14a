"""A phone: nothing that is typed into is so small that the browser zooms in."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people import Laptop, key, writing_ideas
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
