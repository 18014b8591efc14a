"""Two workshops of one company, ninety days apart: promised, asked by phone, counted again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.people import (
    EXAMPLE,
    Laptop,
    asked,
    join,
    key,
    open_screens,
    path_of,
    pick,
    press,
    save_idea,
    says,
    sees,
    select,
    send,
    start_workshop,
    take_home,
)
from tests.server_process import ReachableServer
from workshop.analysis.follow_up import Word, verdict
from workshop.analysis.when_it_shows import can_show
from workshop.domain.funnel import Funnel
from workshop.intake import read_counts
from workshop.wording import figures
from workshop.wording import second_look as said

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DAYS_BETWEEN = 90
THEN = read_counts(EXAMPLE / "funnel.csv", losses=EXAMPLE / "losses.csv", deal_value=10_000)
NOW = read_counts(
    EXAMPLE / "second_look.csv", losses=EXAMPLE / "second_look_losses.csv", deal_value=10_000
)
ADDRESS, CALL = "Ask for a work address in the form", "Call every MQL within one working day"
RIDE, CASE = "Ride along on a sales call", "A one-page case for the decision maker"
ADDRESS_TARGET, CALL_TARGET, CASE_TARGET = 0.38, 0.6, 0.35
LEARNED = "Half of the wrong numbers came from one form."
IN_THE_WAY = "The shared inbox has no owner yet."


@pytest.fixture(scope="module")
def server(mortal: ReachableServer) -> ReachableServer:
    return mortal


def test_what_is_promised_is_asked_for_by_phone_and_counted_ninety_days_later(
    server: ReachableServer, laptop: Laptop, tmp_path: Path
) -> None:
    at = server.address
    facilitator, manager, board, ada = laptop(), laptop(), laptop(), laptop(**PHONE)
    first = first_workshop(facilitator, manager, ada, at)
    links = {name: check_in_link(manager, name) for name in ("Ada", "Cy", "Di")}

    server.stop()
    let_days_pass(server.database, DAYS_BETWEEN)
    server.start()

    ada.goto(at + links["Ada"])
    checks_in(ada, ADDRESS, "We keep it", LEARNED)
    expect(ada.get_by_role("heading", name=CALL)).to_have_count(0)
    for name, title, word, sentence in (
        ("Cy", CALL, "Not yet", IN_THE_WAY),
        ("Di", RIDE, "We keep it", ""),
    ):
        phone = laptop(**PHONE)
        phone.goto(at + links[name])
        checks_in(phone, title, word, sentence)

    second = plan_second_look(facilitator, at, first)
    board_link, management_link = open_screens(facilitator)
    board.goto(at + path_of(board_link))
    manager.goto(at + path_of(management_link))
    read_new_numbers(facilitator)
    the_room_sees_what_became_of_it(facilitator, board)
    one_new_action(facilitator, manager, board, ada, at, second)
    check_report(facilitator, tmp_path / "report.pdf")


# -- the first workshop ----------------------------------------------------------------------------


def first_workshop(facilitator: Page, manager: Page, ada: Page, at: str) -> str:
    """Two ideas typed and committed, a habit promised, the company's page open. Returns the
    room code."""
    code = start_workshop(
        facilitator, at, "Spring off-site", EXAMPLE / "funnel.csv", EXAMPLE / "losses.csv"
    )
    _, management_link = open_screens(facilitator)
    join(ada, at, code, "Ada", "Sales")
    write_ideas_for(facilitator, ada, THEN, 0)
    save_idea(ada, ADDRESS, (10, 20, 35), (0, 2), reason="Wrong contact")
    write_ideas_for(facilitator, ada, THEN, 1)
    save_idea(ada, CALL, (15, 25, 40), (12, 1), reason="No follow-up")

    manager.goto(at + path_of(management_link))
    expect(manager.locator(key("manage_views"))).to_be_visible()
    commit(manager, THEN, ADDRESS, 0, ADDRESS_TARGET, ("Ada", "Bo", "Change the form."))
    commit(manager, THEN, CALL, 1, CALL_TARGET, ("Cy", "Di", "Publish the rota."))
    promise_a_habit(manager)
    view(manager, "Second look")
    sees(manager, "Nobody has said yet what was kept")
    return code


def jump(facilitator: Page, line: str, heading: str) -> None:
    """Press a line of the walk; be there."""
    facilitator.locator(key("agenda")).get_by_role("button", name=line).click()
    expect(facilitator.get_by_role("heading", name=heading, level=1)).to_be_visible()


def write_ideas_for(facilitator: Page, phone: Page, funnel: Funnel, step: int) -> None:
    """Take the room to the ideas of a step; the phone asks for them."""
    seen = funnel.steps[step]
    jump(facilitator, f"Ideas {seen.name}", f"Ideas for {seen.name}")
    sees(phone, f"we lose {figures.percent(seen.lost / seen.entered)}")
    expect(asked(phone, "title")).to_be_visible()


def view(manager: Page, name: str) -> None:
    """Go to a page of management's."""
    manager.locator(key("manage_views")).get_by_role("link", name=name, exact=True).click()
    expect(manager).to_have_title(f"{name} · Funnel Reality Check")


def commit(
    manager: Page, funnel: Funnel, title: str, step: int, target: float, signed: tuple[str, ...]
) -> None:
    """Sign for an idea; when it can show is said while its target is typed."""
    form = "commitment_form"
    view(manager, "Ranking")
    select(manager, "commit_idea", title)
    expect(asked(manager, "title", form)).to_have_value(title)
    heard = manager.locator(f"{key(form)} .means")
    for typed in (0.9, target):
        asked(manager, "target", form).fill(f"{100 * typed:g}")
        expect(heard).to_have_text(can_show(funnel, step, typed))
    assert can_show(funnel, step, 0.9) != can_show(funnel, step, target)
    expect(heard).to_contain_text("This can show after about")
    for name, words in zip(("owner", "co_owner", "first_step"), signed, strict=True):
        asked(manager, name, form).fill(words)
    send(manager, form)
    says(manager, form, "Agreed. It is on the list of actions.")


def promise_a_habit(manager: Page) -> None:
    form = "promise_form"
    view(manager, "Actions")
    manager.get_by_text("Add a habit, a hand-off or a clause").click()
    pick(manager, "kind", "Habit of both teams", form)
    for name, words in (("title", RIDE), ("owner", "Di"), ("co_owner", "Ada")):
        asked(manager, name, form).fill(words)
    send(manager, form)
    says(manager, form, "Promised. It is on the list of actions.")
    expect(manager.locator(key("actions"))).to_contain_text(RIDE)


def check_in_link(manager: Page, name: str) -> str:
    """Make the link of a person on the company's page; returns its path."""
    links = manager.locator(key("check_in_links"))
    shown = links.locator("[data-testid=stCode]")
    before = shown.count()
    row_of(links, name).get_by_role("button", name="Make a link").click()
    expect(row_of(links, name).get_by_role("button", name="New link")).to_be_visible()
    expect(shown).to_have_count(before + 1)
    made = row_of(links, name).locator("xpath=following::*[@data-testid='stCode'][1]")
    return path_of(made.inner_text().strip())


def row_of(links: Locator, name: str) -> Locator:
    """The row of a person: their name, and their buttons."""
    return links.locator("[data-testid=stHorizontalBlock]").filter(
        has=links.page.get_by_text(name, exact=True)
    )


# -- ninety days -----------------------------------------------------------------------------------


def let_days_pass(records: Path, days: int) -> None:
    """Move every moment and every day in the records of a server that has stopped."""
    with duckdb.connect(str(records)) as file:
        dated = file.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE data_type IN ('TIMESTAMP WITH TIME ZONE', 'DATE')"
        ).fetchall()
        assert {("workshop", "created_at"), ("commitment", "due")} <= set(dated)
        for table, column in dated:
            file.execute(f"UPDATE {table} SET {column} = {column} - INTERVAL {days} DAY")


def checks_in(phone: Page, title: str, word: str, sentence: str) -> None:
    """Say whether something is kept, on the plain page."""
    form = phone.locator("form.promise").filter(has=phone.get_by_role("heading", name=title))
    expect(form).to_contain_text("Nothing said yet.")
    form.get_by_text(word).tap()
    form.get_by_label("What did you learn").fill(sentence)
    form.get_by_role("button", name="Save").tap()
    expect(form.get_by_role("status")).to_have_text("Saved. Thank you.")
    expect(form).to_contain_text("Last said: " + ("kept" if word == "We keep it" else "not kept"))


# -- the second look -------------------------------------------------------------------------------


def plan_second_look(facilitator: Page, at: str, first: str) -> str:
    """From the company's page into a workshop of one's own; returns its room code."""
    facilitator.goto(f"{at}/facilitate?w={first}")
    facilitator.get_by_role("link", name="Company and second look").click()
    sees(facilitator, "Kept 2 of 3", f"{CALL}: not done")
    facilitator.get_by_role("button", name="Plan a second look").click()
    facilitator.wait_for_url(lambda url: "/facilitate?w=" in url and first not in url)
    expect(facilitator.get_by_role("heading", name="Lobby", level=1)).to_be_visible()
    return facilitator.url.split("w=")[1][:6]


def read_new_numbers(facilitator: Page) -> None:
    """By the two files; the facilitator is back at the walk."""
    facilitator.get_by_role("link", name="New numbers").click()
    expect(facilitator.locator(key("versions"))).to_be_visible()
    upload = facilitator.locator(f"{key('start_funnel')} input[type=file]")
    upload.set_input_files(EXAMPLE / "second_look.csv")
    expect(facilitator.locator(key("numbers_compared"))).to_be_visible()
    upload = facilitator.locator(f"{key('start_losses')} input[type=file]")
    upload.set_input_files(EXAMPLE / "second_look_losses.csv")
    sees(facilitator, "We know the reason for")
    press(facilitator, "numbers_accept")
    expect(facilitator.locator(key("version_2"))).to_contain_text("second_look_losses.csv")
    facilitator.get_by_role("link", name="Back to the workshop").click()


def the_room_sees_what_became_of_it(facilitator: Page, board: Page) -> None:
    jump(facilitator, "What became of it", "What became of it")
    stage = board.locator(key("board_stage"))
    expect(stage.locator(key("board_headline"))).to_have_text("Kept 2 of 3")
    expect(stage.locator(key("board_sentence"))).to_have_text(f"“{LEARNED}” Ada")
    found = verdict(counted(THEN, 0), counted(NOW, 0), ADDRESS_TARGET)
    assert found.word is Word.REACHED
    words = stage.locator(key("board_readings_words"))
    for title, rates, word in (
        (ADDRESS, change(0, ADDRESS_TARGET), "reached"),
        (CALL, change(1, CALL_TARGET), "not done"),
        (RIDE, "", "kept"),
    ):
        row = words.get_by_role("row").filter(has_text=title)
        expect(row).to_contain_text(rates)
        expect(row).to_contain_text(word)
    expect(facilitator.locator(key("readings_box"))).to_contain_text(f"Cy: {IN_THE_WAY}")

    jump(facilitator, "How well we foresaw it", "How well we foresaw it")
    expect(stage.locator(key("board_headline"))).to_have_text("How well did we foresee it?")
    outcome = figures.percent(NOW.steps[0].rate)
    expect(stage.locator(key("board_scores"))).to_contain_text(f"it is {outcome}")


def counted(funnel: Funnel, step: int) -> tuple[float, float]:
    return funnel.steps[step].advanced, funnel.steps[step].entered


def change(step: int, target: float) -> str:
    """A rate then, the one to reach, and the one of now."""
    return said.change(counted(THEN, step), target, counted(NOW, step))


def one_new_action(
    facilitator: Page, manager: Page, board: Page, ada: Page, at: str, code: str
) -> None:
    """The facilitator adds a step to the agenda; an idea comes by phone, and two people sign."""
    facilitator.get_by_role("link", name="Change the agenda").click()
    select(facilitator, "add_before", "Commit to actions")
    for line in ("Facts of SQL → Opportunity", "Ideas for SQL → Opportunity"):
        select(facilitator, "add_what", line)
        facilitator.get_by_role("button", name="Add", exact=True).click()
        sees(facilitator, f"Added: {line}, before Commit to actions.")
    facilitator.get_by_role("link", name="Back to the workshop").click()
    join(ada, at, code, "Ada", "Sales")
    write_ideas_for(facilitator, ada, NOW, 2)
    save_idea(ada, CASE, (8, 15, 30), (3, 6), reason="Decision maker")
    commit(manager, NOW, CASE, 2, CASE_TARGET, ("Cy", "Bo", "Interview two customers."))
    jump(facilitator, "Commit to actions", "Commit to actions")
    expect(board.locator(f"{key('board_stage')} {key('board_cards')}")).to_contain_text(CASE)
    view(manager, "Second look")
    expect(manager.locator(key("promised"))).to_contain_text(CASE)
    workshops = manager.locator("[class*='st-key-workshop_']")
    expect(workshops).to_have_count(2)
    second, first = (
        datetime.strptime(line.split(":")[0], "%d %B %Y") for line in workshops.all_inner_texts()
    )
    # A day more where midnight has passed meanwhile.
    assert (second - first).days in (DAYS_BETWEEN, DAYS_BETWEEN + 1)


def check_report(facilitator: Page, file: Path) -> None:
    """What was typed and what was computed stands in the report."""
    take_home(facilitator, "export_report").save_as(file)
    pages = [page.extract_text() for page in PdfReader(file).pages]
    text = " ".join(" ".join(pages).split())
    lost = [
        f"{figures.count(step.entered)} {figures.count(step.lost)} "
        f"{figures.percent(step.lost / step.entered)}"
        for step in NOW.steps
    ]
    for words in (
        *(step.name for step in NOW.steps),
        *lost,
        CASE,
        "Cy with Bo",
        "Interview two customers.",
        figures.from_to(round(NOW.steps[2].rate, 3), CASE_TARGET),
        can_show(NOW, 2, CASE_TARGET),
    ):
        assert words in text
