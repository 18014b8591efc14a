"""The form keeps what is typed, and what it sends counts exactly once, whatever the line does."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from io import BytesIO
from urllib.request import Request, urlopen
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, Route, expect
from playwright.sync_api import Request as Sent

from tests.browser.form_page import PATH, data_of, fill, is_all_sent, send, serve
from tests.browser.people import EXAMPLE, Laptop, code_of, writing_ideas
from tests.server_process import ReachableServer
from workshop.domain.access import Role, cookie_name
from workshop.domain.funnel import Funnel
from workshop.domain.people import Side
from workshop.domain.question import AnswerKind, Question, QuestionKey, Subject
from workshop.forms.answers import Asked, answers_form
from workshop.forms.estimate import estimate_form
from workshop.forms.form import Form
from workshop.forms.idea import new_idea
from workshop.forms.number import PERSON_DAYS, read
from workshop.intake import read_upload

CUTS = 50
MARKS = {"low": "10", "likely": "20", "high": "30"}
Titles = Callable[[], list[str]]
Way = tuple[ReachableServer, str, str, str]


def example() -> Funnel:
    counts, losses = ((EXAMPLE / name).read_bytes() for name in ("funnel.csv", "losses.csv"))
    return read_upload("funnel.csv", counts, ("losses.csv", losses))


@pytest.fixture(scope="module")
def way(server: ReachableServer) -> Way:
    """A server with a workshop that writes ideas, its code, Ada's way in and the facilitator's."""
    facilitator, ada = server.records(writing_ideas, {"Ada": Side.SALES})
    return server, server.records(code_of, facilitator), ada, facilitator


@pytest.fixture
def titles(way: Way) -> Titles:
    """What has been saved by now, oldest first, out of a backup."""
    server, code, _, token = way

    def look() -> list[str]:
        asked = Request(f"{server.address}/backup?w={code}&role=facilitator")
        asked.add_header(
            "Cookie", f"{cookie_name(Role.FACILITATOR, code)}={token.removeprefix('/enter/')}"
        )
        with urlopen(asked) as answer, ZipFile(BytesIO(answer.read())) as backup:
            rows = backup.read("idea.jsonl").splitlines()
        return [json.loads(row)["title"] for row in rows]

    return look


@pytest.fixture
def idea() -> Form:
    return new_idea(example().steps[0], 0)


@pytest.fixture
def ada(way: Way, laptop: Laptop, idea: Form) -> Page:
    """Ada's browser, with the form for an idea alone on its page."""
    return with_the_form_alone(laptop(locale="en-US"), way, idea)


def with_the_form_alone(page: Page, way: Way, idea: Form) -> Page:
    server, code, token, _ = way
    page.goto(server.address + token, wait_until="commit")
    serve(page.context, data_of(idea, code))
    page.goto(server.address + PATH)
    return page


def write(page: Page, title: str) -> None:
    fill(page, title=title, **MARKS)
    send(page)


def shown(page: Page, field: str) -> str:
    return page.locator(f"[data-field={field}] :is(input, textarea)").first.input_value()


def half_of(request: Sent) -> None:
    """A line that is cut while the form is on its way: the server gets half of it."""
    host, path = request.url.split("/", 3)[2:]
    name, port = host.split(":")
    headers = "".join(f"{key}: {value}\r\n" for key, value in request.all_headers().items())
    body = request.post_data_buffer or b""
    with socket.create_connection((name, int(port))) as line:
        line.sendall(f"POST /{path} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n".encode())
        line.sendall(body[: len(body) // 2])


def cut(route: Route, place: int) -> None:
    """Cut the line before, during or after the form is sent."""
    if place % 3 == 1:
        half_of(route.request)
    elif place % 3 == 2:
        assert route.fetch().ok
    route.abort("connectionreset")


def test_a_line_that_is_cut_in_the_middle_of_save_leaves_one_idea_each(
    ada: Page, titles: Titles
) -> None:
    tries: dict[str, int] = {}

    def first_is_cut(route: Route) -> None:
        sent = str(route.request.post_data_json["id"])
        tries[sent] = tries.get(sent, 0) + 1
        if tries[sent] == 1:
            cut(route, len(tries))
        else:
            route.continue_()

    ada.route("**/forms/**", first_is_cut)
    wanted = [f"Cut {number}" for number in range(CUTS)]
    before = len(titles())
    for title in wanted:
        write(ada, title)
        is_all_sent(ada)
    assert len(tries) == CUTS
    assert all(count >= 2 for count in tries.values())
    assert titles()[before:] == wanted


def test_three_ideas_written_offline_for_two_minutes_arrive_in_order(
    way: Way, new_laptop: Laptop, idea: Form, titles: Titles
) -> None:
    ada = with_the_form_alone(new_laptop(locale="en-US"), way, idea)
    before = len(titles())
    ada.clock.install()
    ada.context.set_offline(True)
    wanted = ["First offline", "Second offline", "Third offline"]
    for title in wanted:
        write(ada, title)
        expect(ada.locator(".note")).to_contain_text("It will be sent as soon as the line is back")
        assert shown(ada, "title") == ""
        ada.clock.run_for(40_000)
    expect(ada.locator(".unsent li")).to_have_count(3)
    ada.context.set_offline(False)
    ada.clock.run_for(10_000)
    is_all_sent(ada)
    expect(ada.locator(".unsent li")).to_have_count(0)
    assert titles()[before:] == wanted


def test_what_waits_is_sent_after_a_reload(ada: Page, titles: Titles) -> None:
    before = len(titles())
    ada.route("**/forms/**", lambda route: route.abort())
    write(ada, "Before the reload")
    expect(ada.locator(".unsent li")).to_have_count(1)
    ada.unroute("**/forms/**")
    ada.reload()
    is_all_sent(ada)
    assert titles()[before:] == ["Before the reload"]


def test_a_page_that_comes_back_from_the_cache_sends_nothing_twice(
    ada: Page, way: Way, titles: Titles
) -> None:
    before = len(titles())
    write(ada, "Before I went away")
    is_all_sent(ada)
    fill(ada, title="Half")
    ada.goto(f"{way[0].address}/healthz")
    ada.go_back()
    expect(ada.locator("[data-field=title] input")).to_have_value("Half")
    is_all_sent(ada)
    assert titles()[before:] == ["Before I went away"]


def test_what_the_server_refuses_stays_in_the_form_each_problem_at_its_field(ada: Page) -> None:
    refused = {"problems": {"title": "Somebody else has this one.", "": "And it is late."}}
    ada.route("**/forms/**", lambda route: route.fulfill(status=422, json=refused))
    write(ada, "Refused")
    title = ada.locator("[data-field=title]")
    expect(title.locator(".hint")).to_have_text("Somebody else has this one.")
    expect(title.locator("input")).to_have_attribute("aria-invalid", "true")
    expect(title.locator("input")).to_be_focused()
    expect(ada.locator(".problem")).to_have_text("And it is late.")
    assert shown(ada, "title") == "Refused"
    ada.reload()
    assert shown(ada, "title") == "Refused"


def test_what_is_refused_once_the_form_has_gone_on_can_be_taken_up_again(ada: Page) -> None:
    refused = {"problems": {"title": "Somebody else has this one."}}
    ada.route("**/forms/**", lambda route: route.abort())
    write(ada, "Refused later")
    expect(ada.locator(".unsent li")).to_have_count(1)
    fill(ada, title="Meanwhile")
    ada.unroute("**/forms/**")
    ada.route("**/forms/**", lambda route: route.fulfill(status=422, json=refused))
    again = ada.get_by_role("button", name="Take it up again")
    again.click()
    assert shown(ada, "title") == "Refused later"
    again.click()
    assert shown(ada, "title") == "Meanwhile"


def test_what_is_missing_is_said_before_anything_is_sent(ada: Page) -> None:
    asked: list[str] = []
    ada.on("request", lambda request: asked.append(request.url))
    send(ada)
    expect(ada.locator("[data-field=title] .hint")).to_contain_text("Give the idea a title")
    expect(ada.locator("[data-field=title] input")).to_be_focused()
    expect(ada.get_by_text("Estimate low, likely and high")).to_have_count(1)
    fill(ada, title="In a wrong order", low="30", likely="20", high="40")
    send(ada)
    expect(ada.get_by_text("The three estimates are out of order")).to_be_visible()
    assert not asked


def test_enter_leads_on_and_does_not_send_a_half_filled_idea(ada: Page) -> None:
    title, plan = (
        ada.locator(f"[data-field={name}] .box, [data-field={name}] textarea")
        for name in ("title", "plan")
    )
    title.fill("By keyboard")
    title.press("Enter")
    expect(plan).to_be_focused()
    expect(ada.locator(".problem")).to_be_empty()
    expect(ada.locator("[aria-invalid=true]")).to_have_count(0)


def test_a_form_that_is_mounted_anew_has_its_words_its_focus_and_its_caret(ada: Page) -> None:
    title = ada.locator("[data-field=title] input")
    title.press_sequentially("Half a title")
    title.press("ArrowLeft")
    ada.evaluate("() => mountAnew()")
    expect(title).to_have_value("Half a title")
    expect(title).to_be_focused()
    title.press_sequentially("x")
    expect(title).to_have_value("Half a titlxe")


def test_another_form_at_the_same_place_is_another_draft(ada: Page, way: Way, idea: Form) -> None:
    question = estimate_form("0" * 32, Side.SALES)
    fill(ada, title="Half")
    ada.evaluate("data => draw(data)", data_of(question, way[1]))
    fill(ada, low="1")
    ada.evaluate("data => draw(data)", data_of(idea, way[1]))
    assert shown(ada, "title") == "Half"
    assert shown(ada, "low") == ""
    ada.evaluate("data => draw(data)", data_of(question, way[1]))
    assert shown(ada, "low") == "1"


@pytest.mark.parametrize(("locale", "mark"), [("en-US", "."), ("de-DE", ",")])
def test_the_browser_reads_a_number_as_the_server_does(
    laptop: Laptop, way: Way, idea: Form, locale: str, mark: str
) -> None:
    page = laptop(locale=locale)
    serve(page.context, data_of(idea, way[1]))
    page.goto(way[0].address + PATH)
    hint = page.locator("[data-field=days_sales] .hint")
    group = page.locator("fieldset:has([data-field=days_sales]) > .hint")
    for text in ("5", "12,5", "12.5", "1.000", "1,000", "9.999", "0.5", ",5", "10001", "12 %", "x"):
        fill(page, days_sales=text)
        try:
            value, problem = read(text, PERSON_DAYS, mark), ""
        except ValueError as error:
            value, problem = None, str(error)
        expect(group).to_have_text(f"Sales: {problem}" if problem else "")
        is_plain = value is not None and re.sub(r"[\s%,]", "", text) == f"{value:g}"
        expect(hint).to_have_text("" if problem or is_plain else f"Understood as {value:,g}")


def test_a_browser_that_cannot_name_its_language_shows_the_form(
    new_laptop: Laptop, way: Way, idea: Form
) -> None:
    page = new_laptop()
    page.add_init_script("Object.defineProperty(navigator, 'language', { get: () => 'C' })")
    serve(page.context, data_of(idea, way[1]))
    page.goto(way[0].address + PATH)
    fill(page, days_sales="12,5")
    expect(page.locator("[data-field=days_sales] .hint")).to_have_text("Understood as 12.5")


def test_low_above_high_is_said_while_one_types(ada: Page) -> None:
    fill(ada, low="30", likely="20", high="25")
    expect(ada.locator(".means")).to_have_text(
        "The three estimates are out of order: low ≤ likely ≤ high."
    )
    fill(ada, low="10")
    expect(ada.locator(".means")).to_contain_text("points of conversion")


def test_after_saving_nothing_is_left_of_the_idea_before(ada: Page) -> None:
    empty = ada.locator(".means").inner_text()
    fill(ada, title="Call back", **MARKS)
    expect(ada.locator(".note")).to_have_text("Draft kept on this device.")
    send(ada)
    expect(ada.locator(".note")).to_have_text("Idea saved.")
    ada.wait_for_timeout(300)
    expect(ada.locator(".means")).to_have_text(empty)
    expect(ada.locator(".note")).to_have_text("Idea saved.")


@pytest.fixture
def sheet() -> Form:
    asked = [
        Asked(Question(QuestionKey(Subject.GUESS, str(step)), AnswerKind.PERCENT), f"Step {step}?")
        for step in range(3)
    ]
    return answers_form(Subject.GUESS, asked, {}, "Guess")


def test_on_a_phone_a_sheet_asks_one_question_at_a_time(
    way: Way, laptop: Laptop, sheet: Form
) -> None:
    page = with_the_form_alone(laptop(viewport={"width": 390, "height": 844}), way, sheet)
    count, submit = page.locator(".count"), page.locator(".submit")
    first, second = (page.locator(f"[data-field=guess_{step}_likely] input") for step in (0, 1))
    expect(count).to_have_text("1 of 3")
    expect(submit).to_have_text("Next")
    expect(second).to_be_hidden()
    expect(page.locator("[data-field=cannot] input")).to_be_visible()
    first.fill("many")
    submit.click()
    expect(count).to_have_text("1 of 3")
    expect(first).to_have_attribute("aria-invalid", "true")
    first.fill("40")
    page.locator("[data-field=guess_0_high] input").press("Enter")
    expect(count).to_have_text("2 of 3")
    expect(page.locator("[data-field=guess_1_low] input")).to_be_focused()
    page.reload()
    expect(count).to_have_text("2 of 3")
    page.locator(".back").click()
    expect(first).to_have_value("40")
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(second).to_be_visible()
    expect(count).to_be_hidden()
    expect(submit).to_have_text("Save")
    page.set_viewport_size({"width": 390, "height": 844})
    submit.click()
    submit.click()
    expect(count).to_have_text("3 of 3")
    expect(submit).to_have_text("Save")
