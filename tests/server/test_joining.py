"""The join page: one press is one seat, a problem keeps what was typed, nothing typed is HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

import app
from tests.browser.hostile import HOSTILE
from workshop.domain.access import Role, Visitor, cookie_name
from workshop.domain.checks import NAME_LENGTH
from workshop.domain.people import Side
from workshop.domain.workshop import Door
from workshop.live import services
from workshop.server import entrance, joining, plain_page
from workshop.server.gate import CODES
from workshop.store import Store, StoreError, devices

VOID = {"meta", "link", "input"}


class Shown(HTMLParser):
    """A page as a browser reads it: its elements, the values of its fields, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.fields: dict[str, dict[str, str | None]] = {}
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        given = dict(attrs)
        if tag == "input" and ("checked" in given or given.get("type") != "radio"):
            self.fields[str(given["name"])] = given
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self._open[-1:] != ["style"] else ""

    @property
    def values(self) -> dict[str, str]:
        return {name: given.get("value") or "" for name, given in self.fields.items()}


@pytest.fixture(autouse=True)
def _fresh(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(services, "store", lambda: store)
    entrance.gate.cache_clear()
    yield
    entrance.gate.cache_clear()


@pytest.fixture
def code(store: Store, facilitator: Visitor) -> str:
    return store.workshops.get(facilitator).code


@pytest.fixture
def phone() -> TestClient:
    return device()


def device() -> TestClient:
    """A browser of its own."""
    routes = Starlette(routes=app.app._user_routes, middleware=[Middleware(joining.FormerCodes)])
    return TestClient(routes, follow_redirects=False)


def form(browser: TestClient, code: str, name: str, side: str = "sales") -> dict[str, str]:
    """The form as the page gives it, filled in."""
    shown = Shown(browser.get(f"/join/{code}").text)
    assert shown.values["code"] == code
    return shown.values | {"name": name, "side": side}


def seats(store: Store, facilitator: Visitor) -> list[str]:
    return [person.name for team in store.seats.teams(facilitator) for person in team.people]


def join(browser: TestClient, code: str, name: str) -> None:
    assert browser.post("/join", data=form(browser, code, name)).status_code == 303


# -- a seat ----------------------------------------------------------------------------------------


def test_joining_leads_to_the_seat_and_leaves_its_cookie(
    phone: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    answer = phone.post(f"/join/{code}", data=form(phone, code, " Ada "))
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/team?w={code}"
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(cookie_name(Role.PARTICIPANT, code))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    visitor = store.tokens.admit(phone.cookies[cookie_name(Role.PARTICIPANT, code)])
    assert visitor is not None
    assert store.seats.person(visitor).name == "Ada"


@pytest.mark.parametrize("path", ["/join", "/join/{code}", "/?code={code}", "/?code= {code} "])
def test_the_code_is_asked_for_where_the_address_does_not_say_it(
    phone: TestClient, code: str, path: str
) -> None:
    answer = phone.get(path.format(code=code.lower()), follow_redirects=True)
    shown = Shown(answer.text).fields
    is_known = "code" in path
    assert shown["code"]["value"] == (code if is_known else "")
    assert ("autofocus" in shown["name"]) == is_known
    assert ("autofocus" in shown["code"]) != is_known
    assert "script" not in Shown(answer.text).elements


def test_a_code_in_an_address_of_before_leads_to_nothing_else(phone: TestClient) -> None:
    assert phone.get("/?code=%2F%2Fevil.example").headers["location"] == "/join/EVILEX"


def test_one_form_is_one_seat_however_often_it_is_sent(
    phone: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    sent = form(phone, code, "Ada")
    assert {phone.post("/join", data=sent).status_code for _ in range(3)} == {303}
    again = device()  # the answer was lost on the way, and with it the cookie
    assert again.post("/join", data=sent).headers["location"] == f"/team?w={code}"
    assert again.cookies == phone.cookies
    assert seats(store, facilitator) == ["Ada"]


def test_a_form_that_was_sent_and_then_changed_is_a_second_seat(
    phone: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    sent = form(phone, code, "Ada")
    other = device()
    assert phone.post("/join", data=sent).status_code == 303
    assert other.post("/join", data=sent | {"name": "Bo"}).status_code == 303
    assert other.post("/join", data=sent | {"side": "marketing"}).status_code == 303
    assert sorted(seats(store, facilitator)) == ["Ada", "Ada", "Bo"]
    tokens = {browser.cookies[cookie_name(Role.PARTICIPANT, code)] for browser in (phone, other)}
    assert len(tokens) == 2


def test_who_is_in_already_is_led_back_and_asked_before_a_second_seat_replaces_the_first(
    phone: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    join(phone, code, "Ada")
    own = phone.cookies[cookie_name(Role.PARTICIPANT, code)]
    assert "You are in already, as Ada" in Shown(phone.get(f"/join/{code}").text).text
    fresh = phone.post("/join", data=form(phone, code, "ada"))
    assert fresh.headers["location"] == f"/team?w={code}"
    assert seats(store, facilitator) == ["Ada"]
    other = phone.post("/join", data=form(phone, code, "Bo"), follow_redirects=True)
    assert "this browser sits as Ada" in Shown(other.text).text
    assert phone.cookies[cookie_name(Role.PARTICIPANT, code)] == own


def test_who_was_removed_may_join_anew_with_the_form_they_had(
    phone: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    sent = form(phone, code, "Ada")
    phone.post("/join", data=sent)
    removed = store.tokens.admit(phone.cookies[cookie_name(Role.PARTICIPANT, code)])
    assert removed is not None
    store.door.remove(facilitator, removed.person_id)
    assert phone.post("/join", data=sent).status_code == 303
    assert phone.cookies[cookie_name(Role.PARTICIPANT, code)] != sent["token"]
    assert seats(store, facilitator) == ["Ada"]


def test_the_token_of_a_screen_makes_no_seat_of_it(
    phone: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    board = store.tokens.issue(facilitator, Role.PROJECTOR)
    for number, token in enumerate((board, "", "x", "é" * 22, "x" * 5_000)):
        sent = form(phone, code, f"Person {number}") | {"token": token}
        assert device().post("/join", data=sent).status_code == 303
    assert store.tokens.admit(board) == Visitor(Role.PROJECTOR, facilitator.workshop_id)
    assert store.tokens.admit("x") is None


def test_the_locked_door_works_as_before(
    phone: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    store.door.set(facilitator, Door.ASK)
    sent = form(phone, code, "Ada")
    for _ in range(2):
        assert phone.post("/join", data=sent).headers["location"] == f"/team?w={code}"
    assert [person.name for person in store.door.waiting(facilitator)] == ["Ada"]
    store.door.set(facilitator, Door.CLOSED)
    other = device()
    closed = other.post("/join", data=form(other, code, "Bo"))
    assert closed.status_code == 409
    assert "The facilitator has closed the door" in Shown(closed.text).text
    assert Shown(closed.text).values["name"] == "Bo"


# -- problems --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", {"name": "  "}, joining.NO_NAME),
        ("name", {"name": "x" * (NAME_LENGTH + 1)}, joining.LONG_NAME),
        ("side", {"side": ""}, joining.NO_SIDE),
        ("side", {"side": "king"}, joining.NO_SIDE),
        ("code", {"code": "-"}, joining.NO_CODE),
        ("code", {"code": "zzz zzz"}, "No workshop has the code ZZZZZZ"),
    ],
)
def test_a_problem_stands_at_its_field_and_keeps_what_was_typed(
    phone: TestClient, code: str, field: str, typed: dict[str, str], sentence: str
) -> None:
    sent = form(phone, code, "Ada", "marketing") | typed
    answer = phone.post(f"/join/{code}", data=sent)
    assert answer.status_code == 422
    shown = Shown(answer.text)
    assert sentence in shown.text
    assert f'id="{field}_problem"' in answer.text
    assert f'_help {field}_problem"' in answer.text
    assert answer.text.count(' aria-invalid="true"') == 1
    assert answer.text.count(" autofocus") == 1
    for name in {"code", "name", "side"} - {field}:
        assert shown.values[name] == sent[name]
    if field != "side":
        assert shown.values[field] == typed[field].strip()
        assert "autofocus" in shown.fields[field]
        assert shown.fields[field]["aria-invalid"] == "true"


def test_all_that_is_missing_is_said_at_once_and_the_first_has_the_focus(
    phone: TestClient,
) -> None:
    answer = phone.post("/join", data={})
    assert answer.status_code == 422
    for sentence in (joining.NO_CODE, joining.NO_NAME, joining.NO_SIDE):
        assert sentence in answer.text
    assert "autofocus" in Shown(answer.text).fields["code"]


def test_guesses_are_counted_and_the_answer_says_how_long_to_wait(
    phone: TestClient, code: str
) -> None:
    sent = form(phone, code, "Mallory")
    guess = sent | {"code": "AAAAAA"}
    for _ in range(CODES.per_address.amount):
        assert phone.post("/join", data=guess).status_code == 422
    refused = phone.post("/join", data=sent)  # the right one: an answer would tell
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "Too many wrong room codes" in Shown(refused.text).text
    assert Shown(refused.text).values["name"] == "Mallory"


def test_a_form_that_is_longer_than_any_is_not_read(phone: TestClient, code: str) -> None:
    long = "x" * plain_page.MOST_BYTES
    assert phone.post(f"/join/{code}", data={"name": long}).status_code == 413
    fields = {f"field_{number}": "x" for number in range(plain_page.MOST_FIELDS + 1)}
    assert phone.post(f"/join/{code}", data=fields).status_code == 413


# -- hostile text ----------------------------------------------------------------------------------


def test_two_hundred_hostile_strings_come_back_as_text(phone: TestClient, code: str) -> None:
    as_usual = set(Shown(phone.get("/join").text).elements) | {"p"}
    for text in HOSTILE:
        kept = text.strip()
        missing = Shown(phone.post("/join", data={"name": text, "code": text}).text)
        if len(kept) <= NAME_LENGTH:
            assert missing.values["name"] == missing.values["code"] == kept
        assert set(missing.elements) <= as_usual, text


def test_a_hostile_name_is_text_on_every_page_of_a_second_device(
    store: Store, facilitator: Visitor, code: str
) -> None:
    for text in HOSTILE[:: len(HOSTILE) // 25]:
        name = text[:NAME_LENGTH].strip()
        store.seats.join(code, name, Side.SALES)
        tablet = device()
        sent = form(tablet, code, name)
        asked = tablet.post("/join", data=sent)
        assert f"Are you the {name} who is in already?" in Shown(asked.text).text
        assert Shown(asked.text).values["name"] == name
        waits = tablet.post("/join", data=sent | {"who": "same"}, follow_redirects=True)
        assert f"One more step, {name}" in Shown(waits.text).text
        asking = store.devices.askers(facilitator)[-1]
        store.devices.share_seat(facilitator, asking.mark)
        assert tablet.get(f"/join/{code}/waiting", follow_redirects=True).history
        in_already = Shown(tablet.get(f"/join/{code}").text).text
        assert f"You are in already, as {name}." in in_already


# -- a second device -------------------------------------------------------------------------------


@pytest.fixture
def tablet(phone: TestClient, code: str) -> TestClient:
    """A second browser, before which Ada of the phone sits as well."""
    join(phone, code, "Ada")
    return device()


def asks(tablet: TestClient, code: str) -> dict[str, str]:
    sent = form(tablet, code, "ADA")
    asked = tablet.post("/join", data=sent)
    assert asked.status_code == 409
    assert "Are you the ADA who is in already?" in Shown(asked.text).text
    assert "set-cookie" not in asked.headers
    return Shown(asked.text).values


def waits(tablet: TestClient, code: str) -> None:
    answer = tablet.post("/join", data=asks(tablet, code) | {"who": "same"})
    assert answer.headers["location"] == f"/join/{code}/waiting"
    page = tablet.get(f"/join/{code}/waiting")
    assert page.status_code == 200
    assert 'http-equiv="refresh"' in page.text
    assert page.headers["cache-control"] == "no-store"


def test_another_of_that_name_gets_a_seat_of_their_own(
    tablet: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    answers = asks(tablet, code) | {"who": "another"}
    assert {tablet.post("/join", data=answers).status_code for _ in range(2)} == {303}
    assert sorted(seats(store, facilitator)) == ["ADA", "Ada"]
    assert store.devices.askers(facilitator) == ()


@pytest.mark.parametrize("by", ["their first device", "the facilitator"])
def test_the_same_person_gets_their_seat_once_it_is_confirmed(
    phone: TestClient, tablet: TestClient, store: Store, facilitator: Visitor, code: str, by: str
) -> None:
    first = store.tokens.admit(phone.cookies[cookie_name(Role.PARTICIPANT, code)])
    assert first is not None
    waits(tablet, code)
    assert cookie_name(Role.PARTICIPANT, code) not in tablet.cookies
    who = facilitator if by == "the facilitator" else first
    [asking] = store.devices.askers(who)
    assert str(asking.number) in Shown(tablet.get(f"/join/{code}/waiting").text).text
    store.devices.share_seat(who, asking.mark)
    seat = tablet.get(f"/join/{code}/waiting", follow_redirects=True).history
    assert [answer.headers["location"] for answer in seat][-1] == f"/team?w={code}"
    token = tablet.cookies[cookie_name(Role.PARTICIPANT, code)]
    assert token != phone.cookies[cookie_name(Role.PARTICIPANT, code)]
    assert store.tokens.admit(token) == first
    assert seats(store, facilitator) == ["Ada"]
    assert store.devices.askers(facilitator) == ()


def test_who_is_not_confirmed_gets_no_seat_however_often_they_look(
    tablet: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    waits(tablet, code)
    for _ in range(3):
        assert tablet.get(f"/join/{code}/waiting").status_code == 200
    cookie = tablet.cookies[f"waiting_{code}"]
    [asking] = store.devices.askers(facilitator)
    store.devices.turn_away(facilitator, asking.mark)
    for _ in range(2):
        tablet.cookies.set(f"waiting_{code}", cookie, path="/join")
        assert tablet.get(f"/join/{code}/waiting").status_code == 409
    assert store.devices.askers(facilitator) == ()
    assert store.tokens.admit(cookie.partition(".")[2]) is None


def test_a_restart_forgets_nobody_who_waits(
    tablet: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    waits(tablet, code)
    store.devices._asking.clear()  # as a new process begins
    assert tablet.get(f"/join/{code}/waiting").status_code == 200
    assert len(store.devices.askers(facilitator)) == 1


def test_who_waits_with_a_made_up_cookie_waits_for_nothing(
    tablet: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    board = store.tokens.issue(facilitator, Role.PROJECTOR)
    for cookie in ("", ".", "nobody.xxxxxxxxxxxxxxxxxxxxxx", f"x.{board}x"):
        tablet.cookies.set(f"waiting_{code}", cookie, path="/join")
        assert tablet.get(f"/join/{code}/waiting").status_code == 409
    assert tablet.get("/join/AAAAAA/waiting").status_code == 409
    assert store.devices.askers(facilitator) == ()


def test_who_has_given_up_asks_no_more(
    tablet: TestClient,
    store: Store,
    facilitator: Visitor,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits(tablet, code)
    [asking] = store.devices.askers(facilitator)
    later = devices.time.monotonic() + devices.ASKS_FOR_SECONDS + 1
    monkeypatch.setattr(devices.time, "monotonic", lambda: later)
    assert store.devices.askers(facilitator) == ()
    with pytest.raises(StoreError, match="no longer asking"):
        store.devices.share_seat(facilitator, asking.mark)


def test_only_so_many_devices_ask_for_one_seat(
    tablet: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    for _ in range(devices.MOST_ASKING):
        waits(device(), code)
    refused = tablet.post("/join", data=asks(tablet, code) | {"who": "same"})
    assert refused.status_code == 409
    assert "Several devices ask for this seat already" in Shown(refused.text).text
    assert len(store.devices.askers(facilitator)) == devices.MOST_ASKING


def test_whom_the_roster_still_expects_is_not_taken_for_who_is_in(
    tablet: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    store.seats.import_roster(facilitator, [("Ada", Side.SALES)])
    assert tablet.post("/join", data=form(tablet, code, "Ada")).status_code == 303
    assert seats(store, facilitator) == ["Ada", "Ada"]
