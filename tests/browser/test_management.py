"""Management's plan, what-if and sensitivity, by clicks, and the board that follows."""

from __future__ import annotations

import re

from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.people import (
    Laptop,
    asked,
    filled_example,
    key,
    press,
    sees,
    write,
)
from tests.server_process import ReachableServer
from workshop.domain.access import Role


def view(page: Page, name: str, file: str) -> None:
    """Go to one of management's pages by its link."""
    page.locator(key("manage_views")).get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(f"**/{file}?w=*")


def fits(page: Page, chart: str) -> None:
    """A chart is drawn, and nothing that it writes lies outside its own place."""
    expect(page.locator(f"{key(chart)} svg.marks")).to_be_visible()
    outside = page.evaluate(
        """(chart) => {
            const place = document.querySelector(chart).getBoundingClientRect();
            return [...document.querySelectorAll(`${chart} svg text`)].filter((text) => {
                const box = text.getBoundingClientRect();
                return box.width && (box.right > place.right + 1 || box.bottom > place.bottom + 1);
            }).length;
        }""",
        key(chart),
    )
    assert outside == 0


def test_management_plans_supposes_and_shows_the_room_what_matters(
    server: ReachableServer, laptop: Laptop
) -> None:
    """And nothing that any of these pages needs is blocked by our headers."""
    ways = server.records(filled_example)
    blocked: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            blocked.append(message.text)

    def opened(role: Role, height: int = 720) -> Page:
        page = laptop(viewport={"width": 1280, "height": height})
        page.on("console", hear)
        page.goto(server.address + ways[role])
        return page

    board, manager = opened(Role.PROJECTOR), opened(Role.MANAGER, 900)
    sees(manager, "All 9 ideas together", "as estimated")
    asked(manager, "success", "success_form").fill("4")
    asked(manager, "success", "success_form").press("Enter")
    sees(manager, "You expect 4 of 10 such ideas to work", "All 9 ideas together: probably")
    fits(manager, "bridge_chart")

    view(manager, "Plan", "plan")
    sees(manager, "Neither side has a limit: set one to see what one more day is worth.")
    asked(manager, "sales", "capacity_form").fill("20")
    asked(manager, "marketing", "capacity_form").fill("15")
    asked(manager, "marketing", "capacity_form").press("Enter")
    sees(manager, "of 20 days", "If all worked as the teams estimate", "In the plan: 4")
    fits(manager, "plans_chart")
    expect(
        manager.locator(f"{key('plans_chart')} svg").get_by_text(re.compile("your capacity"))
    ).to_have_count(1)
    expect(manager.locator("[class*='st-key-plan_row_']")).to_have_count(9)
    sees(manager, "The plan's gain counts it once.")
    expect(board.get_by_text("The best plan within 20 + 15 person-days")).to_be_visible()

    view(manager, "Decision", "manage")
    sees(
        manager,
        "Commit to these 3 ideas: they add probably",
        "20 sales days and 15 marketing days",
    )
    form = manager.locator(key("commitments_form"))
    form.get_by_label("Co-owner from the other side").first.fill("Bo")
    form.get_by_label("First step").first.fill("Publish the rota")
    form.get_by_role("button", name="Commit these").click()
    sees(manager, "2 actions: together probably", "(agreed ✓)", "Commit to these 2 ideas")

    view(manager, "What if", "whatif")
    rate = manager.locator(f"{key('whatif_rate_3')} input[type=range]")
    rate.focus()
    for _ in range(10):
        rate.press("PageUp")
    sees(manager, "+€")
    write(manager, "set_name", "More wins")
    press(manager, "set_save")
    sees(manager, "The best plan of each scenario", "The best plan brings")
    expect(manager.get_by_role("columnheader", name="More wins")).to_have_count(2)

    for name, file in (
        ("Assumptions", "assumptions"),
        ("Actions", "actions"),
        ("Answers", "answers"),
    ):
        view(manager, name, file)
        expect(manager).to_have_title(f"{name} · Funnel Reality Check")

    facilitator = opened(Role.FACILITATOR)
    view(manager, "Sensitivity", "sensitivity")
    shows = manager.locator(f"{key('show_view')} button")
    expect(shows).to_be_disabled()
    views = manager.locator(key("sensitivity_view"))
    for words, chart in (
        ("Steps", "board_side_by_side"),
        ("What we do not know", "board_sobol"),
        ("Ideas", "board_ranking"),
    ):
        views.get_by_text(words, exact=True).click()
        expect(shows).to_be_enabled()
        press(manager, "show_view")
        expect(board.locator(f"{key(chart)} svg.marks")).to_be_visible()
        expect(facilitator.locator(f"{key('board_view')} button[aria-checked=true]")).to_have_text(
            words
        )
    assert blocked == []
