"""Through the entrance: the room gets in, guesses do not, whatever address they claim."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from limits import RateLimitItemPerMinute
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import ASGIApp
from starlette.websockets import WebSocketDisconnect
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

import app
from tests.ids import named_id
from tests.unit.test_docs import REFERENCE, section, table
from workshop.domain.access import Role, Visitor, cookie_name, fingerprint, in_groups, new_code
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.workshop import Door
from workshop.live import services
from workshop.live.hub import FRAME_LENGTH, MOST_FRAMES, TALKING_SECONDS
from workshop.live.render_queue import LONGEST_SECONDS
from workshop.server import entrance
from workshop.server.connection_limit import LIMITS as CONNECTION_LIMITS
from workshop.server.connection_limit import MOST_SCREENS
from workshop.server.gate import (
    CODES,
    HOST_KEYS,
    LINKS,
    LOOKS,
    RECOVERY_CODES,
    RESTORES,
    SEATS_ELSEWHERE,
    SEATS_NEARBY,
    STARTS,
    TooMany,
    proxies,
)
from workshop.server.upload_permit import MOST_BYTES
from workshop.store import Store, StoreError
from workshop.store.idea_limits import MOST_IDEAS
from workshop.store.seating import MOST_AT_THE_DOOR, MOST_PEOPLE

ROOT = Path(__file__).parents[2]
HOTEL = "203.0.113.7"
HERE = "127.0.0.1"


@pytest.fixture(autouse=True)
def _fresh(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.delenv("WORKSHOP_HOST_KEY", raising=False)
    for kept in (services.hub, entrance.gate):
        kept.cache_clear()
    yield
    for kept in (services.hub, entrance.gate):
        kept.cache_clear()


def from_address(address: str, routes: ASGIApp | None = None) -> TestClient:
    server = routes or Starlette(routes=app.app._user_routes)
    return TestClient(server, follow_redirects=False, client=(address, 50000))


def guess_links(client: TestClient, many: int, **headers: str) -> list[int]:
    return [
        client.get(f"/enter/{number:022}", headers=headers).status_code for number in range(many)
    ]


def test_the_room_joins_from_the_address_that_somebody_guesses_from(
    store: Store, facilitator: Visitor
) -> None:
    code, people = store.workshops.get(facilitator).code, 2 * CODES.per_address.amount
    # Pages and lines of one browser come from one address; without a browser it is this machine.
    client = from_address("127.0.0.1")
    token = store.tokens.issue(facilitator, Role.PROJECTOR)
    headers = {"cookie": f"{cookie_name(Role.PROJECTOR, code)}={token}"}
    with client.websocket_connect(f"/live?w={code}&role=room", headers=headers) as board:
        board.receive_json()
        for number in range(people):
            with suppress(TooMany, StoreError):
                entrance.join(new_code(), "Mallory", Side.OTHER, HERE)
            entrance.join(code, f"Person {number}", Side.SALES, HERE)
    with pytest.raises(TooMany):  # nobody of that workshop is at this address any more
        entrance.join(code, "Zoe", Side.SALES, HERE)
    names = [person.name for team in store.seats.teams(facilitator) for person in team.people]
    assert len(names) == people
    assert "Mallory" not in names


def test_links_are_not_guessed_and_the_right_one_always_opens(
    store: Store, facilitator: Visitor
) -> None:
    client = from_address(HOTEL)
    answers = guess_links(client, LINKS.per_address.amount + 5)
    assert answers == [404] * LINKS.per_address.amount + [429] * 5
    assert "Wait a minute" in client.get("/enter/nothing").text
    right = client.get(f"/enter/{store.tokens.issue(facilitator, Role.PROJECTOR)}")
    assert right.headers["location"].startswith("/board?w=")


def test_the_line_is_counted_as_well_and_stays_open_to_the_right_token(
    store: Store, facilitator: Visitor
) -> None:
    client, code = from_address(HOTEL), store.workshops.get(facilitator).code
    path = f"/live?w={code}&role=room"
    for number in range(LINKS.per_address.amount + 5):
        cookie = {"cookie": f"{cookie_name(Role.PROJECTOR, code)}={number:022}"}
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect(path, headers=cookie),
        ):
            pass
    assert client.get("/enter/nothing").status_code == 429
    right = store.tokens.issue(facilitator, Role.PROJECTOR)
    cookie = {"cookie": f"{cookie_name(Role.PROJECTOR, code)}={right}"}
    with client.websocket_connect(path, headers=cookie) as line:
        assert "stamp" in line.receive_json()


def test_an_address_that_somebody_only_claims_is_not_believed() -> None:
    named = Starlette(routes=app.app._user_routes)
    behind = ProxyHeadersMiddleware(named, trusted_hosts=proxies("172.28.5.2"))  # type: ignore[arg-type]
    claiming = from_address("198.51.100.9", behind)  # type: ignore[arg-type]
    answers = [
        claiming.get("/enter/x", headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(LINKS.per_address.amount + 10)
    ]
    assert answers.count(429) == 10


@pytest.mark.parametrize("proxy", ["172.28.5.2", "::ffff:172.28.5.2"])
def test_the_named_proxy_is_believed_about_who_asks(proxy: str) -> None:
    named = Starlette(routes=app.app._user_routes)
    behind = ProxyHeadersMiddleware(named, trusted_hosts=proxies("172.28.5.2"))  # type: ignore[arg-type]
    client = from_address(proxy, behind)  # type: ignore[arg-type]
    many = LINKS.per_address.amount + 1
    assert guess_links(client, many, **{"X-Forwarded-For": "10.0.0.1"})[-1] == 429
    assert guess_links(client, 1, **{"X-Forwarded-For": "10.0.0.2"}) == [404]
    # What a guesser adds in front of what the proxy adds is not believed.
    assert guess_links(client, 1, **{"X-Forwarded-For": "10.0.0.3, 10.0.0.1"}) == [429]


def test_the_host_key_opens_and_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "tulip")
    assert entrance.is_host_key("tulip", HERE)
    for _ in range(HOST_KEYS.per_address.amount):
        assert not entrance.is_host_key("rose", HERE)
    with pytest.raises(TooMany, match="host keys"):
        entrance.is_host_key("tulip", HERE)


def test_recovery_codes_are_not_guessed_and_the_right_one_always_opens(
    store: Store, facilitator: Visitor
) -> None:
    code = store.tokens.renew_recovery_code(facilitator)
    for number in range(RECOVERY_CODES.per_address.amount):
        assert entrance.recover(f"{number:020}") is None
    with pytest.raises(TooMany, match="recovery codes"):
        entrance.recover("ACDE-FGHJ-KMNP-QRTU-VWXY")
    token = entrance.recover(f" {in_groups(code).lower()} ")
    assert token is not None
    assert store.tokens.admit(token) == facilitator


def test_who_tries_the_co_facilitators_link_keeps_the_right_that_cannot_be_withdrawn(
    store: Store, facilitator: Visitor
) -> None:
    client, link = from_address(HOTEL), store.tokens.issue(facilitator, Role.FACILITATOR)
    client.get(f"/enter/{store.tokens.issue_to_starter(facilitator)}")
    tried = client.get(f"/enter/{link}")
    assert tried.headers["location"].startswith("/facilitate?w=")
    assert "set-cookie" not in tried.headers
    second = from_address(HOTEL)
    assert "set-cookie" in second.get(f"/enter/{link}").headers
    assert (
        "set-cookie" in second.get(f"/enter/{store.tokens.issue_to_starter(facilitator)}").headers
    )


def test_a_link_to_another_seat_replaces_nobodys_seat_unasked(
    store: Store, facilitator: Visitor
) -> None:
    code, client = store.workshops.get(facilitator).code, from_address(HOTEL)
    ada, mallory = (store.seats.join(code, name, Side.SALES) for name in ("Ada", "<b>Mallory</b>"))
    client.get(f"/enter/{ada}")
    asked = client.get(f"/enter/{mallory}")
    assert asked.status_code == 200
    assert "set-cookie" not in asked.headers
    assert asked.headers["cache-control"] == "no-store"
    assert "this browser sits as <b>Ada</b>" in asked.text
    assert "&lt;b&gt;Mallory&lt;/b&gt;" in asked.text
    assert "<b>Mallory" not in asked.text
    for guess in ("", "1", fingerprint(mallory)):
        guessed = client.get(f"/enter/{mallory}?instead_of={guess}")
        assert "set-cookie" not in guessed.headers
    [mark] = re.findall(r"\?instead_of=(\w+)", asked.text)
    assert client.get(f"/enter/{mallory}?instead_of={mark}").status_code == 303
    assert client.cookies[cookie_name(Role.PARTICIPANT, code)] == mallory


def test_ones_own_seat_a_first_one_and_that_of_a_removed_person_ask_nothing(
    store: Store, facilitator: Visitor
) -> None:
    code, client = store.workshops.get(facilitator).code, from_address(HOTEL)
    ada, bo = (store.seats.join(code, name, Side.SALES) for name in ("Ada", "Bo"))
    assert [client.get(f"/enter/{ada}").status_code for _ in range(2)] == [303, 303]
    held = store.tokens.admit(ada)
    assert held is not None
    store.door.remove(facilitator, held.person_id)
    assert client.get(f"/enter/{bo}").status_code == 303
    other = store.workshops.get(
        store.workshops.start("Autumn", store.funnels.current(facilitator))
    ).code
    assert client.get(f"/enter/{store.seats.join(other, 'Ada', Side.SALES)}").status_code == 303


def test_who_waits_at_the_door_is_asked_as_well(store: Store, facilitator: Visitor) -> None:
    code, client = store.workshops.get(facilitator).code, from_address(HOTEL)
    store.door.set(facilitator, Door.ASK)
    ada, bo = (store.seats.join(code, name, Side.SALES) for name in ("Ada", "Bo"))
    client.get(f"/enter/{ada}")
    assert "this browser sits as <b>Ada</b>" in client.get(f"/enter/{bo}").text


@pytest.mark.parametrize("role", [Role.PROJECTOR, Role.FACILITATOR])
def test_a_room_behind_one_address_joins_at_once_and_a_flood_waits_at_the_door(
    store: Store, facilitator: Visitor, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SEATS_NEARBY.per_address.amount >= 300
    few = replace(SEATS_NEARBY, per_address=RateLimitItemPerMinute(20, 10))
    monkeypatch.setattr(entrance, "SEATS_NEARBY", few)
    code = store.workshops.get(facilitator).code
    client, token = from_address("127.0.0.1"), store.tokens.issue(facilitator, role)
    headers = {"cookie": f"{cookie_name(role, code)}={token}"}
    with client.websocket_connect(f"/live?w={code}&role={role}", headers=headers) as line:
        line.receive_json()
        for number in range(15):
            entrance.join(code, f"Person {number}", Side.SALES, HERE)
        assert store.door.waiting(facilitator) == ()
        for number in range(15, 20 + 10):
            entrance.join(code, f"Mallory {number}", Side.OTHER, HERE)
    assert len(store.door.waiting(facilitator)) == 10


def test_from_elsewhere_one_address_takes_few_seats_and_all_together_a_limited_number(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(
        SEATS_ELSEWHERE,
        per_address=RateLimitItemPerMinute(4, 10),
        in_total=RateLimitItemPerMinute(20, 10),
    )
    monkeypatch.setattr(entrance, "SEATS_ELSEWHERE", few)
    code = store.workshops.get(facilitator).code
    other = store.workshops.start("Autumn", store.funnels.current(facilitator))
    of_one, of_all = few.per_address.amount, few.in_total.amount
    for number in range(of_all + 5):
        entrance.join(code, f"Mallory {number}", Side.OTHER, f"10.0.0.{number // of_one}")
    assert len(store.door.waiting(facilitator)) == 5
    entrance.join(store.workshops.get(other).code, "Ada", Side.SALES, "10.0.0.0")
    assert store.door.waiting(other) == ()


def test_who_has_joined_from_elsewhere_does_not_make_it_the_rooms_address(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(SEATS_ELSEWHERE, per_address=RateLimitItemPerMinute(5, 10))
    monkeypatch.setattr(entrance, "SEATS_ELSEWHERE", few)
    code = store.workshops.get(facilitator).code
    mallory = store.seats.join(code, "Mallory", Side.OTHER)
    headers = {"cookie": f"{cookie_name(Role.PARTICIPANT, code)}={mallory}"}
    client = from_address("127.0.0.1")
    with client.websocket_connect(f"/live?w={code}&role=participant", headers=headers) as line:
        line.receive_json()
        for number in range(few.per_address.amount + 1):
            entrance.join(code, f"Mallory {number}", Side.OTHER, HERE)
    assert len(store.door.waiting(facilitator)) == 1


def test_without_a_host_key_only_so_many_workshops_start_in_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(STARTS.per_address.amount):
        with entrance.starting():
            pass
    with pytest.raises(TooMany, match="within an hour"), entrance.starting():
        pytest.fail("one more has started")
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "tulip")
    with entrance.starting():
        pass


def test_rubbish_that_somebody_restores_closes_nothing_for_anybody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sixty-one presses once closed starting and restoring for an hour; here a thousand do not."""
    addresses = [f"10.0.0.{number}" for number in range(50)]
    for address in addresses:
        monkeypatch.setattr(entrance, "here", lambda address=address: address)
        for _ in range(RESTORES.per_address.amount):
            entrance.count_restoring()
        with pytest.raises(TooMany, match="backups were tried"):
            entrance.count_restoring()
        with entrance.starting():
            pass
    monkeypatch.setattr(entrance, "here", lambda: HOTEL)
    entrance.count_restoring()
    with entrance.starting():
        pass


def test_a_start_that_fails_counts_for_its_address_alone() -> None:
    for _ in range(STARTS.per_address.amount):
        with pytest.raises(StoreError), entrance.starting():
            raise StoreError("the disk is full")
    with pytest.raises(TooMany), entrance.starting():
        pytest.fail("one more has started")
    gate = entrance.gate()
    for number in range(STARTS.in_total.amount):
        gate.count_try(STARTS, f"10.0.{number // 250}.{number % 250}")
        gate.count_success(STARTS)
    with pytest.raises(TooMany):
        gate.count_try(STARTS, HOTEL)


def test_the_way_back_is_open_where_as_many_workshops_as_may_have_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(STARTS.in_total.amount):
        entrance.gate().count_success(STARTS)
    with pytest.raises(TooMany), entrance.starting():
        pytest.fail("one more has started")
    entrance.count_restoring()
    entrance.count_restored()


def test_a_workshop_seats_so_many_people_and_says_so(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.store.seating.MOST_PEOPLE", 20)
    roster = [(f"Person {number}", Side.SALES) for number in range(20)]
    store.seats.import_roster(facilitator, roster[:-1])
    with pytest.raises(StoreError, match="seats 20 people at most"):
        store.seats.import_roster(facilitator, roster[:2])
    code = store.workshops.get(facilitator).code
    entrance.join(code, "The last one", Side.MARKETING, HERE)
    with pytest.raises(StoreError, match="seats 20 people at most"):
        entrance.join(code, "One too many", Side.MARKETING, HERE)


def test_a_mini_team_keeps_so_many_ideas_and_may_still_change_them(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.store.idea_limits.MOST_IDEAS", 5)
    ada = store.tokens.admit(
        store.seats.join(store.workshops.get(facilitator).code, "Ada", Side.SALES)
    )
    assert ada is not None
    draft = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4))
    for number in range(5):
        store.ideas.save(ada, named_id(str(number)), 1, draft)
    with pytest.raises(StoreError, match="5 ideas at most"):
        store.ideas.save(ada, named_id("one too many"), 1, draft)
    store.ideas.save(ada, named_id("0"), 1, IdeaDraft("Call at once", Estimate(0.1, 0.2, 0.4)))
    assert store.ideas.readable(ada)[0].draft.title == "Call at once"


def test_what_one_server_holds_is_what_the_reference_says() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    says = [row[1] for row in table(section(REFERENCE, "What one server holds"))]
    assert TALKING_SECONDS == 1
    assert says == [
        f"{MOST_SCREENS:,}",
        f"{CONNECTION_LIMITS.unknown} in total, {CONNECTION_LIMITS.per_address} from one address",
        f"{CONNECTION_LIMITS.per_link}",
        f"{CONNECTION_LIMITS.silent_seconds:.0f} seconds",
        f"{LONGEST_SECONDS:.0f} second",
        f"{MOST_PEOPLE:,}",
        f"{MOST_AT_THE_DOOR}",
        *(
            f"{pace.per_address.amount} from one address, {pace.in_total.amount:,} in total"
            for pace in (SEATS_NEARBY, SEATS_ELSEWHERE)
        ),
        f"{MOST_IDEAS}",
        *(
            f"{limit.per_address.amount} from one address, {limit.in_total.amount} in total"
            for limit in (STARTS, RESTORES)
        ),
        f"{MOST_BYTES / 1e6:,.0f} MB",
        f"{settings['server']['maxMessageSize']} MB",
        f"{MOST_FRAMES} messages a second, {FRAME_LENGTH:,} characters each",
        f"{LOOKS.per_address.amount:,} times a minute",
        *(
            f"{limit.per_address.amount} from one address, {limit.in_total.amount} in total"
            for limit in (CODES, HOST_KEYS, RECOVERY_CODES, LINKS)
        ),
    ]


def test_the_proxy_of_the_container_is_the_one_that_is_believed() -> None:
    compose = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    assert compose.count("172.28.5.2\n") == 2  # Caddy's address, and whom the app believes
    assert os.access(ROOT / "deploy" / "Caddyfile", os.R_OK)
