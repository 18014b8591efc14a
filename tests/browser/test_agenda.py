"""The agenda is changed on the facilitator's screen, and every screen follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.people import (
    Laptop,
    admitted,
    key,
    move,
    press,
    sees,
    way_to_the_board,
    write,
    writing_ideas,
)
from tests.server_process import ReachableServer
from workshop.domain.agenda import Phase, Position, Timer
from workshop.domain.people import Side
from workshop.store import Store


def nearly_over(store: Store, facilitator: str) -> None:
    """A timer of which the last part has begun."""
    now = datetime.now(UTC)
    timer = Timer(now + timedelta(minutes=9), now - timedelta(seconds=1))
    store.agenda.set_timer(admitted(store, facilitator), timer)


def shows(board: Page, phase: str) -> None:
    expect(board.locator(key("board_phase"))).to_have_text(phase)


def test_a_line_that_is_moved_is_where_the_board_goes_next(
    server: ReachableServer, laptop: Laptop
) -> None:
    way, *_ = server.records(writing_ideas, {"Ada": Side.SALES, "Bo": Side.MARKETING})
    server.records(move, way, Position(Phase.REPORT, 3))
    facilitator, board = laptop(), laptop()
    board.goto(server.address + server.records(way_to_the_board, way))
    shows(board, "Report back")
    facilitator.goto(server.address + way)
    sees(facilitator, "Next: Ranking of all ideas")

    facilitator.get_by_role("link", name="Change the agenda").click()
    facilitator.set_viewport_size({"width": 390, "height": 844})
    press(facilitator, "line_up_commit_None_14")
    lines = facilitator.locator("[class*=st-key-line_row_]")
    expect(lines.nth(-2)).to_contain_text("Ranking of all ideas")
    expect(lines.nth(-3)).to_contain_text("Commit to actions")
    write(facilitator, "line_minutes_commit_None_25", "5")
    facilitator.keyboard.press("Tab")
    sees(facilitator, "2 h 36 min in all")
    assert facilitator.evaluate("document.documentElement.scrollWidth <= innerWidth")

    facilitator.set_viewport_size({"width": 1280, "height": 720})
    facilitator.get_by_role("link", name="Back to the workshop").click()
    sees(facilitator, "Next: Commit to actions")
    press(facilitator, "phase_next")
    shows(board, "Commit to actions")
    expect(facilitator.locator(f"{key('timer_box')} input").first).to_have_value("5")

    facilitator.get_by_role("link", name="Change the agenda").click()
    sees(facilitator, "2 h 36 min in all")
    press(facilitator, "agenda_undo")
    sees(facilitator, "2 h 56 min in all")


def test_in_its_last_fifth_the_timer_says_in_words_that_it_is_nearly_over(
    server: ReachableServer, laptop: Laptop
) -> None:
    way, *_ = server.records(writing_ideas, {"Ada": Side.SALES, "Bo": Side.MARKETING})
    board = laptop()
    board.goto(server.address + server.records(way_to_the_board, way))
    shows(board, "Ideas")
    server.records(nearly_over, way)
    expect(board.get_by_role("timer")).to_have_attribute("data-nearly", "true")
    expect(board.get_by_text("Nearly over").first).to_be_visible()
    expect(board.get_by_role("status").filter(has_text="Nearly over")).to_have_count(0)
