"""Exports of a CRM in a real browser: from the upload to a funnel that a workshop works on."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.people import (
    ROOT,
    Laptop,
    key,
    press,
    sees,
    select,
    take_home,
    write,
)
from tests.server_process import Server

EXPORTS = ROOT / "tests" / "exports"
HISTORY = "one row for each stage that a lead has entered"


def upload(page: Page, *files: Path) -> None:
    page.locator(f"{key('start_funnel')} input[type=file]").set_input_files(list(files))


def read(page: Page) -> None:
    press(page, "layout_read")
    expect(page.locator(key("start_preview"))).to_be_visible()


def start(page: Page, server: Server, name: str, *files: Path) -> None:
    page.goto(server.address)
    name_and_upload(page, name, *files)


def name_and_upload(page: Page, name: str, *files: Path) -> None:
    upload(page, *files)
    expect(page.locator(key("layout"))).to_be_visible()
    write(page, "start_name", name)
    page.keyboard.press("Tab")


def accept(page: Page) -> None:
    write(page, "start_deal_value", "10,000")
    page.keyboard.press("Tab")
    press(page, "start_submit")
    page.wait_for_url("**/facilitate?w=*")
    expect(page.locator(key("phase_next"))).to_be_visible()


def workbook(page: Page) -> openpyxl.Workbook:
    taken = take_home(page, "export_xlsx")
    return openpyxl.load_workbook(io.BytesIO(taken.path().read_bytes()))


def counts(book: openpyxl.Workbook) -> list[int]:
    """The leads that reached each stage, as the Funnel sheet has them."""
    rows = list(book["Funnel"].iter_rows(min_row=2, max_col=3, values_only=True))
    steps = [row for row in rows if row[0] and "→" in str(row[0]) and isinstance(row[1], int)]
    return [steps[0][1], *(advanced for _, _, advanced in steps)]


def test_new_numbers_replace_those_of_a_running_workshop_and_the_old_ones_come_back(
    server: Server, laptop: Laptop, temporary: Path, tmp_path: Path
) -> None:
    before = set(temporary.iterdir())  # of other tests, whose sessions have not ended yet
    page = laptop()
    start(page, server, "Again", EXPORTS / "event_log.csv")
    expect(page.locator(f"{key('layout_shape')} input")).to_have_value(HISTORY)
    read(page)
    accept(page)
    sees(page, "Numbers: event_log.csv")
    assert set(temporary.iterdir()) <= before

    log = (EXPORTS / "event_log.csv").read_text("utf-8")
    fewer = tmp_path / "later.csv"
    fewer.write_text("\n".join(row for row in log.splitlines() if not row.startswith("L016,")))
    page.get_by_text("New numbers").click()
    expect(page.locator(key("versions"))).to_be_visible()
    upload(page, EXPORTS / "pipedrive_deals.csv")
    expect(page.locator(key("layout"))).to_be_visible()
    read(page)
    press(page, "numbers_accept")
    sees(page, "Give them the same names in the same order")
    press(page, "start_others")
    upload(page, fewer)
    expect(page.locator(key("layout"))).to_be_visible()
    read(page)
    press(page, "numbers_accept")
    expect(page.locator(key("version_2"))).to_contain_text("later.csv")
    press(page, "return_to_1")
    expect(page.locator(key("version_3"))).to_contain_text("event_log.csv")
    page.get_by_text("Back to the workshop").click()
    sees(page, "Numbers: event_log.csv")
    book = workbook(page)
    assert counts(book) == [16, 14, 9, 5, 2]
    told = dict(book["Where the numbers come from"].iter_rows(min_row=2, values_only=True))
    assert told["Files"] == "event_log.csv"
    assert told["Read as"] == HISTORY
    assert told["Leads still open"] == "open counts as lost"


def test_a_wrong_file_is_answered_with_sentences_and_what_is_uncertain_of_another_is_chosen(
    server: Server, laptop: Laptop, tmp_path: Path
) -> None:
    deals = tmp_path / "deals.csv"
    stages = {"Sales": ("Discovery", "Demo", "Won"), "Renewals": ("Review", "Offer", "Won")}
    rows = [
        f"{name}{lead},{name},{stage},2025-{lead:02}-{place + 1:02},{amount}"
        for name, names in stages.items()
        for lead in range(1, 10 if name == "Sales" else 6)
        for place, stage in enumerate(names[: 3 - lead % 2])
        for amount in ["EUR 4000" if lead < 6 else "USD 9000"]
    ]
    deals.write_text("\n".join(["Our deals", "", "Deal,Pipeline,Stage,Date,Amount", *rows]))
    page = laptop(viewport={"width": 1280, "height": 1600})
    page.goto(server.address)
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n and more")
    upload(page, picture)
    sees(page, "What to mend")
    press(page, "start_others")
    expect(page.locator(key("start_funnel"))).to_be_visible()
    name_and_upload(page, "Uncertain", deals)
    sees(page, "Check this first.", "The column names stand on line 3 of deals.csv.")
    select(page, "pipeline", "Renewals")
    sees(page, "Review → Offer → Won")
    read(page)
    sees(page, "5 leads came in", "2 were won, 0 lost, 3 are still open.")
    page.locator(key("start_submit")).scroll_into_view_if_needed()
    expect(page.locator(f"{key('preview_funnel')} :is(svg, canvas)").first).to_be_visible()
    select(page, "start_period", "A quarter")
    sees(page, "Chosen by hand.")
    accept(page)
    told = dict(
        workbook(page)["Where the numbers come from"].iter_rows(min_row=2, values_only=True)
    )
    assert told["Pipeline"] == "Renewals"
    assert told["Period"] == "91 days, chosen by hand"
