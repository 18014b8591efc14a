"""The field for files in a real browser: progress, cancelling, refusals, and lines that are cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Response, Route, expect

from tests.browser.people import EXAMPLE, Laptop, key, sees
from tests.server_process import ReachableServer, Server
from workshop.server.upload_permit import PREFIX

SLOW = {
    "offline": False,
    "latency": 50,
    "downloadThroughput": 2_000_000,
    "uploadThroughput": 500_000,
}


@pytest.fixture(scope="module")
def server(mortal: ReachableServer) -> ReachableServer:
    return mortal


@pytest.fixture
def temporary(server: ReachableServer) -> Path:
    return Path(server.settings["TMPDIR"])


@pytest.fixture
def page(server: Server, laptop: Laptop) -> Page:
    return at_home(laptop(), server)


def at_home(page: Page, server: Server) -> Page:
    page.goto(server.address)
    expect(field(page)).to_be_attached()
    return page


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.csv"
    path.write_bytes(b"lead,stage\n" + b"1,Lead\n" * 1_500_000)
    return path


def field(page: Page) -> Locator:
    return page.locator(f"{key('start_funnel')} input[type=file]")


def waiting(temporary: Path) -> list[Path]:
    return list(temporary.glob(f"{PREFIX}*"))


def slow(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)


def test_a_file_on_its_way_says_how_far_it_is_and_is_cancelled(
    server: Server, new_laptop: Laptop, temporary: Path, large: Path
) -> None:
    page = at_home(new_laptop(), server)
    slow(page)
    field(page).set_input_files(large)
    bar = page.get_by_role("progressbar", name="large.csv, how much is sent")
    expect(bar).to_be_visible()
    page.wait_for_function("bar => bar.value > 0", arg=bar.element_handle())
    expect(page.get_by_text("of 10.5 MB sent")).to_be_visible()
    assert len(waiting(temporary)) == 1
    page.get_by_role("button", name="Cancel: large.csv").click()
    expect(bar).to_have_count(0)
    expect(page.locator(key("start_funnel")).get_by_role("status")).to_have_text(
        "large.csv is not sent."
    )
    while waiting(temporary):
        page.wait_for_timeout(50)
    expect(page.locator(key("layout"))).to_have_count(0)


def test_a_file_whose_line_was_cut_is_kept_and_sent_again(page: Page, temporary: Path) -> None:
    """Also one that the server does not take now: its sentence is shown."""

    def cut(route: Route) -> None:
        if route.request.method == "PUT":
            route.abort()
        else:
            route.continue_()

    page.route("**/upload/**", cut)
    field(page).set_input_files(EXAMPLE / "funnel.csv")
    sees(page, "The line was cut. The file is kept here: press “Send again”.")
    assert waiting(temporary) == []
    page.unroute("**/upload/**")
    page.route(
        "**/upload/**",
        lambda route: route.fulfill(status=503, content_type="text/plain", body="No room now."),
    )
    again = page.get_by_role("button", name="Send again: funnel.csv")
    again.press("Enter")
    sees(page, "No room now.")
    page.unroute("**/upload/**")
    again.press("Enter")
    expect(page.locator(key("start_preview"))).to_be_visible()
    assert waiting(temporary) == []


def test_what_is_refused_says_why_and_leaves_the_others_to_be_sent(
    page: Page, tmp_path: Path, temporary: Path
) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    field(page).set_input_files([picture, EXAMPLE / "funnel.csv"])
    sees(
        page, "Only files of these kinds can be sent here: csv, txt, tsv, xlsx, parquet.", "is here"
    )
    expect(page.locator(key("start_preview"))).to_have_count(0)  # somebody may still mend it
    page.get_by_role("button", name="Remove: picture.png").click()
    expect(page.locator(key("start_preview"))).to_be_visible()
    assert waiting(temporary) == []


def test_a_file_is_dropped_and_the_field_is_reached_by_the_keyboard(page: Page) -> None:
    # What is still being drawn would take the focus away again.
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    name = page.locator(f"{key('start_name')} input")
    name.press("Tab")
    expect(page.get_by_label("Funnel numbers: CSV, Excel or Parquet.")).to_be_focused()
    with page.expect_file_chooser():
        page.keyboard.press("Space")
    drop = page.locator(f"{key('start_funnel')} .drop")
    dropped = page.evaluate_handle(
        """() => {
            const carried = new DataTransfer();
            carried.items.add(new File(["stage,count\\nLead,20\\nWon,2\\n"], "dropped.csv"));
            return carried;
        }"""
    )
    drop.dispatch_event("drop", {"dataTransfer": dropped})
    sees(page, "dropped.csv")
    expect(page.locator(key("start_preview"))).to_be_visible()


def is_a_file(answer: Response) -> bool:
    return answer.request.method == "PUT"


def test_a_file_is_sent_to_the_session_that_comes_after_a_restart(
    page: Page, server: Server, tmp_path: Path
) -> None:
    """The field of the backup keeps its file until it is pressed; the new server has none yet."""
    backup = tmp_path / "backup.zip"
    backup.write_bytes(b"my diary")
    card = page.locator(key("restore_card"))
    card.locator("input[type=file]").set_input_files(backup)
    expect(card.get_by_text("is here", exact=True)).to_be_visible()
    with page.expect_response(is_a_file, timeout=120_000) as sent:
        server.kill()
        server.start()
    assert sent.value.status == 204
    expect(card.get_by_text("is here", exact=True)).to_be_visible()
    card.get_by_role("button", name="Restore the workshop").click()
    sees(page, "it is no backup of this app")
    expect(card.get_by_text("is here", exact=True)).to_be_visible()
