"""A whole workshop on all its screens at once, with a pulled plug in the middle."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import (
    EXAMPLE,
    Laptop,
    asked,
    forward,
    join,
    key,
    open_screens,
    path_of,
    press,
    save_idea,
    sees,
    sees_not,
    select,
    send,
    start_workshop,
    take_home,
)
from tests.server_process import ReachableServer, Server


@pytest.fixture(scope="module")
def server(mortal: ReachableServer) -> ReachableServer:
    return mortal


def test_a_whole_workshop_runs_on_five_screens_and_ends_in_two_exports(
    server: Server, laptop: Laptop, tmp_path: Path
) -> None:
    facilitator, ada, bo, cy, di = (laptop() for _ in range(5))
    at = server.address
    code = start_workshop(
        facilitator, at, "Spring off-site", EXAMPLE / "funnel.csv", EXAMPLE / "losses.csv"
    )
    board_link, management_link = open_screens(facilitator)
    board, manager = laptop(), laptop()
    board.goto(at + path_of(board_link))
    sees(board, code)
    assert path_of(board_link) not in board.url, "the secret must not stay in the address bar"

    join(ada, at, code, "Ada", "Sales")
    join(bo, at, code, "Bo", "Marketing")
    join(cy, at, code, "Cy", "Sales")
    join(di, at, code, "Di", "Marketing")
    for name in ("Ada", "Bo", "Cy", "Di"):
        sees(board, name)
    one, two = two_teams(ada, [bo, cy, di])

    forward(facilitator, "Facts of Lead → MQL")
    sees(board, "65 %")
    sees(one, "we lose 65 %")

    forward(facilitator, "Ideas for Lead → MQL")
    press(facilitator, "timer_start")
    for screen in (facilitator, board, one, two):
        expect(screen.get_by_role("timer").first).to_have_text(re.compile(r"0[78]:\d\d"))
    save_idea(one, "Score leads by size", (5, 10, 20), (3, 8), reason="Not our kind")
    expect(board.locator(key("board_counts"))).to_contain_text("1 idea")
    sees_not(board, "Score leads by size")
    sees_not(two, "Score leads by size")
    sees(facilitator, "Score leads by size")
    save_idea(two, "Ask for a work address", (10, 20, 35), (0, 2), reason="Wrong contact")
    press(one, "team_done")
    expect(board.locator(key("board_counts"))).to_contain_text("done")

    forward(facilitator, "Report back on Lead → MQL")
    sees(board, "Score leads by size")
    sees(two, "Score leads by size")

    # The plug is pulled in the middle; everybody goes on where they were.
    server.kill()
    server.start()
    for screen in (facilitator, board, one, two):
        expect(screen.get_by_text("live", exact=True)).to_be_visible(timeout=30_000)
    forward(facilitator, "Facts of MQL → SQL")
    sees(board, "60 %")
    forward(facilitator, "Ideas for MQL → SQL")
    sees(one, "we lose 60 %")
    save_idea(one, "=SUM(A1) show prices", (2, 8, 20), (2, 5), reason="No budget")
    facilitator.get_by_role("button", name=re.compile("^Ranking of all ideas")).click()

    manager.goto(at + path_of(management_link))
    expect(manager.locator(key("decision"))).to_be_visible()
    sees(board, "What one point more is worth")
    first = board.locator(f"{key('board_ranking_words')} td").first
    expect(board.locator(key("board_ranking_words"))).to_contain_text("Score leads by size")
    before = board.locator(key("board_ranking_words")).inner_text()
    assume_deal_value(manager, "20000")
    expect(board.locator(key("board_ranking_words"))).not_to_have_text(before)
    expect(first).to_be_attached()

    commit(manager, "Ask for a work address")
    facilitator.get_by_role("button", name=re.compile("^Commit to actions")).click()
    sees(board, "Ask for a work address")

    check_csv(facilitator, tmp_path)
    check_workbook(facilitator, tmp_path)


def two_teams(first: Page, others: list[Page]) -> tuple[Page, Page]:
    """One laptop from each of the two mini-teams."""
    team = first.locator(key("team_head")).inner_text().split("\n")[0]
    other = next(
        page
        for page in others
        if page.locator(key("team_head")).inner_text().split("\n")[0] != team
    )
    return first, other


def assume_deal_value(manager: Page, value: str) -> None:
    manager.get_by_text("Assumptions", exact=True).first.click()
    asked(manager, "deal_value", "assumptions_form").fill(value)
    send(manager, "assumptions_form")


def commit(manager: Page, title: str) -> None:
    manager.get_by_text("Ranking", exact=True).first.click()
    select(manager, "commit_idea", title)
    expect(asked(manager, "title", "commitment_form")).to_have_value(title)
    for name, words in (("owner", "Ada"), ("co_owner", "Bo"), ("first_step", "Publish the rota")):
        asked(manager, name, "commitment_form").fill(words)
    send(manager, "commitment_form")


def check_csv(page: Page, folder: Path) -> None:
    take_home(page, "export_csv").save_as(folder / "list.csv")
    text = (folder / "list.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    cells = {cell for row in rows for cell in row}
    assert {"Score leads by size", "Ask for a work address"} <= cells
    assert "'=SUM(A1) show prices" in cells
    assert {"Publish the rota", "Ada", "Bo"} <= cells


def check_workbook(page: Page, folder: Path) -> None:
    take_home(page, "export_xlsx").save_as(folder / "list.xlsx")
    book = openpyxl.load_workbook(folder / "list.xlsx")
    assert book.sheetnames == [
        "Summary",
        "Actions",
        "Ideas",
        "Assumptions",
        "Funnel",
        "Plan",
        "Scenarios",
        "Where the numbers come from",
    ]
    cells = {cell.value for row in book["Ideas"].iter_rows() for cell in row}
    assert {"Score leads by size", "Ask for a work address"} <= cells
    assert any(str(cell).endswith("=SUM(A1) show prices") for cell in cells)
    agreed = {cell.value for row in book["Actions"].iter_rows() for cell in row}
    assert {"Ask for a work address", "Ada", "Bo", "Publish the rota"} <= agreed
