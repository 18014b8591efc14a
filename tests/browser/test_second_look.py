"""Two workshops of one company, ninety days apart: promised, asked by phone, counted again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.people import (
    EXAMPLE,
    Laptop,
    asked,
    join,
    key,
    open_screens,
    path_of,
    press,
    save_idea,
    says,
    sees,
    select,
    send,
    take_home,
)
from tests.records_process import Clock
from tests.server_process import ReachableServer
from workshop.analysis.follow_up import Word, verdict
from workshop.analysis.when_it_shows import can_show
from workshop.domain.access import Role, Visitor
from workshop.domain.commitment import Commitment, CommitmentKind
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.intake import read_counts
from workshop.server import demo_second_look
from workshop.store import Store, clock
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


@dataclass(frozen=True)
class First:
    """The first workshop: its facilitator's way in, its code, and who checks in by which link."""

    facilitator: str
    code: str
    links: dict[str, str]


def test_what_was_promised_is_asked_for_by_phone_and_counted_ninety_days_later(
    server: ReachableServer, laptop: Laptop, tmp_path: Path
) -> None:
    at = server.address
    facilitator, manager, board, ada = laptop(), laptop(), laptop(), laptop(**PHONE)
    first = server.records(ninety_days_ago)
    ada.goto(at + first.links["Ada"])
    checks_in(ada, ADDRESS, "We keep it", LEARNED)
    expect(ada.get_by_role("heading", name=CALL)).to_have_count(0)
    ada.goto(at + first.links["Cy"])
    checks_in(ada, CALL, "Not yet", IN_THE_WAY)
    ada.goto(at + first.links["Di"])
    checks_in(ada, RIDE, "We keep it", "")

    facilitator.goto(at + first.facilitator)
    second = plan_second_look(facilitator, first.code)
    board_link, management_link = open_screens(facilitator)
    board.goto(at + path_of(board_link))
    read_new_numbers(facilitator)
    the_room_sees_what_became_of_it(facilitator, board)
    one_new_action(facilitator, ada, at, second)
    manager.goto(at + path_of(management_link))
    commit(manager)
    jump(facilitator, "Commit to actions", "Commit to actions")
    expect(board.locator(f"{key('board_stage')} {key('board_cards')}")).to_contain_text(CASE)
    management_sees_both_workshops(manager)
    check_report(facilitator, tmp_path / "report.pdf")


# -- the first workshop ----------------------------------------------------------------------------


def ninety_days_ago(store: Store) -> First:
    """A workshop of then: two ideas that people signed for, and a habit that is promised."""
    Clock.shift = timedelta(days=-DAYS_BETWEEN)
    clock.datetime = Clock  # type: ignore[attr-defined]
    try:
        return first_workshop(store)
    finally:
        clock.datetime = datetime  # type: ignore[attr-defined]


def first_workshop(store: Store) -> First:
    facilitator = store.workshops.start("Spring off-site", THEN)
    code = store.workshops.get(facilitator).code
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    ada = store.tokens.admit(store.seats.join(code, "Ada", Side.SALES))
    assert ada is not None
    for step, title, marks, target, signed in (
        (0, ADDRESS, Estimate(0.1, 0.2, 0.35), ADDRESS_TARGET, ("Ada", "Bo", "Change the form.")),
        (1, CALL, Estimate(0.15, 0.25, 0.4), CALL_TARGET, ("Cy", "Di", "Publish the rota.")),
    ):
        idea = uuid4().hex
        store.ideas.save(ada, idea, step, IdeaDraft(title, marks))
        store.commitments.save(manager, signed_for(idea, title, step, target, *signed))
    demo_second_look.promise(store, manager, RIDE, CommitmentKind.PLAY, "Di", "Ada")
    links = {
        name: f"/check-in/{store.check_in_links.issue(manager, name)}"
        for name in ("Ada", "Cy", "Di")
    }
    return First(f"/enter/{store.tokens.issue(facilitator, Role.FACILITATOR)}", code, links)


def signed_for(
    idea: str, title: str, step: int, target: float, owner: str, co_owner: str, first_step: str
) -> Commitment:
    name, rate = f"Conversion rate {THEN.steps[step].name}", THEN.steps[step].rate
    due = date.today() - timedelta(days=DAYS_BETWEEN // 2)
    return Commitment(
        uuid4().hex, idea, title, owner, co_owner, name, rate, target, due, first_step
    )


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


# -- ninety days -----------------------------------------------------------------------------------


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


def plan_second_look(facilitator: Page, first: str) -> str:
    """From the company's page into a workshop of one's own; returns its room code."""
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


def one_new_action(facilitator: Page, ada: Page, at: str, code: str) -> None:
    """The facilitator adds a step to the agenda; an idea comes by phone."""
    facilitator.get_by_role("link", name="Change the agenda").click()
    select(facilitator, "add_before", "Commit to actions")
    for line in (f"Facts of {NOW.steps[2].name}", f"Ideas for {NOW.steps[2].name}"):
        select(facilitator, "add_what", line)
        facilitator.get_by_role("button", name="Add", exact=True).click()
        sees(facilitator, f"Added: {line}, before Commit to actions.")
    facilitator.get_by_role("link", name="Back to the workshop").click()
    join(ada, at, code, "Ada", "Sales")
    write_ideas_for(facilitator, ada, NOW, 2)
    save_idea(ada, CASE, (8, 15, 30), (3, 6), reason="Decision maker")


def commit(manager: Page) -> None:
    """Sign for the idea; when it can show is said while its target is typed."""
    form = "commitment_form"
    view(manager, "Ranking")
    select(manager, "commit_idea", CASE)
    expect(asked(manager, "title", form)).to_have_value(CASE)
    heard = manager.locator(f"{key(form)} .means")
    for typed in (0.9, CASE_TARGET):
        asked(manager, "target", form).fill(f"{100 * typed:g}")
        expect(heard).to_have_text(can_show(NOW, 2, typed))
    assert can_show(NOW, 2, 0.9) != can_show(NOW, 2, CASE_TARGET)
    expect(heard).to_contain_text("This can show after about")
    signed = ("Cy", "Bo", "Interview two customers.")
    for name, words in zip(("owner", "co_owner", "first_step"), signed, strict=True):
        asked(manager, name, form).fill(words)
    send(manager, form)
    says(manager, form, "Agreed. It is on the list of actions.")


def management_sees_both_workshops(manager: Page) -> None:
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
