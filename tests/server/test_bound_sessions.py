"""Who only knows a session's id gets a fresh session, and presses nothing in that one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from tests.tabs import Tab, tab
from workshop.domain.access import Role, Visitor, cookie_name
from workshop.live import services
from workshop.server import demo, entrance
from workshop.server.bound_sessions import BROWSER_COOKIE, MOST_COOKIES, BoundSessions, own_cookies
from workshop.store import Store

A, B = frozenset({"a"}), frozenset({"b"})


async def nothing(*_: object) -> None:
    raise AssertionError


def test_a_session_goes_on_with_its_cookies_and_with_more_but_not_with_less_or_others() -> None:
    sessions = BoundSessions(nothing)
    sessions.bind("one", A)
    assert sessions.may_go_on("one", A)
    assert sessions.may_go_on("one", A | B)
    assert not sessions.may_go_on("one", B)
    assert not sessions.may_go_on("one", frozenset())
    assert not sessions.may_go_on("two", A)


def test_a_session_that_began_without_a_cookie_is_nobodys() -> None:
    sessions = BoundSessions(nothing)
    sessions.bind("one", frozenset())
    assert not sessions.may_go_on("one", frozenset())
    assert not sessions.may_go_on("one", A)


def test_only_so_many_sessions_are_remembered_the_latest_ones() -> None:
    sessions = BoundSessions(nothing, most=2)
    for name in ("one", "two", "one", "three"):
        sessions.bind(name, A)
    assert [sessions.may_go_on(name, A) for name in ("one", "two", "three")] == [True, False, True]


def test_a_browser_with_more_cookies_than_any_browser_has_is_bound_to_none() -> None:
    def cookies(count: int) -> frozenset[str]:
        brought = "; ".join(f"funnel_{number}=x" for number in range(count))
        return own_cookies({"type": "http", "headers": [(b"cookie", brought.encode())]})

    assert len(cookies(MOST_COOKIES)) == MOST_COOKIES
    assert not cookies(MOST_COOKIES + 1)


# -- the whole server, Streamlit included ----------------------------------------------------------


@dataclass(frozen=True)
class Room:
    """A workshop whose facilitator has a browser."""

    client: TestClient
    store: Store
    facilitator: Visitor
    cookies: dict[str, str]
    query: str

    def move_on(self, seen: Tab) -> str:
        """The id of the button that a tab shows to move the room on."""
        [found] = [name for name in seen.buttons if "phase_back_at_" in name]
        return seen.buttons[found]

    @property
    def position(self) -> object:
        return self.store.workshops.get(self.facilitator).position


@pytest.fixture(scope="module")
def example() -> Iterator[tuple[Store, Visitor]]:
    """The example far into its walk: each test takes it a step back, or none."""
    with closing(Store(":memory:")) as store:
        yield store, demo.fill(store)


@pytest.fixture
def room(
    client: TestClient, example: tuple[Store, Visitor], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    store, facilitator = example
    monkeypatch.setattr(services, "store", lambda: store)
    for kept in (services.hub, entrance.gate):
        kept.cache_clear()
    code = store.workshops.get(facilitator).code
    token = store.tokens.issue_to_starter(facilitator)
    cookies = {cookie_name(Role.FACILITATOR, code): token}
    yield Room(client, store, facilitator, cookies, f"w={code}")
    for kept in (services.hub, entrance.gate):
        kept.cache_clear()


@pytest.mark.parametrize("is_closed", [True, False], ids=["parked", "still connected"])
def test_a_stranger_with_the_id_of_a_session_neither_acts_nor_sees(
    room: Room, is_closed: bool
) -> None:
    with tab(room.client, room.cookies) as own:
        own.open("facilitate", room.query)
        before, button = room.position, room.move_on(own)
        if is_closed:
            own.line.close()
        with tab(room.client, {}, own.session_id) as stolen:
            stolen.press(button, "facilitate", room.query)
            assert stolen.session_id != own.session_id
            assert b"This screen needs its link" in stolen.told
        assert room.position == before
        if not is_closed:
            own.press(button, "facilitate", room.query)
            assert room.position != before


def test_a_browser_goes_on_with_its_session_and_has_more_cookies_by_then(room: Room) -> None:
    with tab(room.client, room.cookies) as first:
        first.open("facilitate", room.query)
    before = room.position
    with tab(room.client, room.cookies | {"funnel_room_XYZ": "t"}, first.session_id) as second:
        second.press(room.move_on(first), "facilitate", room.query)
        assert second.session_id == first.session_id
    assert room.position != before
    with tab(room.client, room.cookies, first.session_id) as third:
        third.open("facilitate", room.query)
        assert third.session_id != first.session_id  # it was seen with more in the meantime


def test_a_press_on_a_page_whose_link_was_withdrawn_is_checked_before_it_is_carried_out(
    room: Room,
) -> None:
    link = room.store.tokens.issue(room.facilitator, Role.FACILITATOR)
    with tab(room.client, dict.fromkeys(room.cookies, link)) as co_facilitator:
        co_facilitator.open("facilitate", room.query)
        before = room.position
        room.store.tokens.withdraw_links(room.facilitator, Role.FACILITATOR)
        co_facilitator.press(room.move_on(co_facilitator), "facilitate", room.query)
    assert room.position == before


def test_a_browser_that_is_in_nowhere_yet_has_a_session_of_its_own_too(room: Room) -> None:
    room.client.cookies.clear()
    given = room.client.get("/", headers={"accept": "text/html"}).headers["set-cookie"]
    assert given.startswith(f"{BROWSER_COOKIE}=")
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert "set-cookie" not in room.client.get("/", headers={"accept": "text/html"}).headers
    own = {BROWSER_COOKIE: room.client.cookies[BROWSER_COOKIE]}
    room.client.cookies.clear()
    another = room.client.get("/", headers={"accept": "text/html"}).headers["set-cookie"]
    assert own[BROWSER_COOKIE] not in another
    room.client.cookies.clear()
    with tab(room.client, own) as first:
        first.open("", "")
    with tab(room.client, {BROWSER_COOKIE: "x" * 22}, first.session_id) as stolen:
        stolen.open("", "")
        assert stolen.session_id != first.session_id
    with tab(room.client, own, first.session_id) as second:
        second.open("", "")
        assert second.session_id == first.session_id
