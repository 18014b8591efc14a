"""The mini-team's page over HTTP: for whom, with what inside, and its scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from limits import RateLimitItemPerMinute
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import app
from tests.ids import ONE, TWO
from tests.server.test_turns import Recording
from tests.store.test_store import DRAFT
from workshop.domain.access import Role, Visitor, cookie_name
from workshop.domain.agenda import Phase, Position
from workshop.domain.people import Side
from workshop.domain.workshop import Door
from workshop.live import services
from workshop.live.laptop import Laptop
from workshop.server import entrance
from workshop.server.compression import SMALLEST_BYTES
from workshop.server.gate import LINKS, LOOKS, Gate
from workshop.server.headers import ON_PAGES
from workshop.store import AGENDA, SEATS, Store, StoreError
from workshop.team import parts, stage
from workshop.team.page import NEEDS_LINK, NO_SEAT
from workshop.ui.identity import SEAT_CLOSED

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
HOSTILE = '</script><script>alert(1)</script><!--<script>"&amp;{time}$entry'


@pytest.fixture
def code(store: Store, facilitator: Visitor) -> str:
    """The code of a workshop that writes ideas for its second step."""
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    return store.workshops.get(facilitator).code


@pytest.fixture
def client(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A browser before our routes and what guards them."""
    monkeypatch.setattr(services, "store", lambda: store)
    gate = Gate()
    monkeypatch.setattr(entrance, "gate", lambda: gate)
    services.hub.cache_clear()
    ours = Starlette(routes=app.app._user_routes, middleware=app.app._user_middleware)
    with TestClient(ours, follow_redirects=False) as browser:
        yield browser
    services.hub.cache_clear()


def sits(client: TestClient, store: Store, code: str, name: str = "Ada") -> Visitor:
    """Take a seat with this browser."""
    token = store.seats.join(code, name, Side.SALES)
    client.cookies.set(cookie_name(Role.PARTICIPANT, code), token)
    who = store.tokens.admit(token)
    assert who is not None
    return who


def data_of(page: str) -> Any:
    [data] = DATA.findall(page)
    return json.loads(data)


def test_the_page_comes_with_what_it_shows_first_and_is_kept_by_nobody(
    client: TestClient, store: Store, code: str
) -> None:
    ada = sits(client, store, code)
    answer = client.get(f"/team?w={code}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    data = data_of(answer.text)
    about = {"code": code, "role": "participant", "apart": 300, "person": ada.person_id}
    described = json.loads(json.dumps(stage.described(ada, Laptop())))
    assert data == {"about": about, "shown": described}
    looked = client.get(f"/team/stage?w={code}")
    assert looked.json() == data["shown"]
    assert looked.headers["cache-control"] == "private, no-store"


def test_what_the_laptop_is_at_is_asked_for_and_answered(
    client: TestClient, store: Store, code: str
) -> None:
    ada = sits(client, store, code)
    store.ideas.save(ada, ONE, 1, DRAFT)
    query = urlencode({"w": code, "editing": ONE, "submission_id": TWO, "handed_to": "king"})
    shown = client.get(f"/team/stage?{query}").json()
    assert shown["laptop"] == {"editing": ONE, "submission_id": TWO, "handed_to": ""}
    assert shown["form"]["form"]["values"]["title"] == DRAFT.title


def test_what_people_write_stays_text_in_the_page(
    client: TestClient, store: Store, code: str
) -> None:
    ada = sits(client, store, code, f"Ada {HOSTILE}"[:80])
    answer = client.get(f"/team?w={code}")
    assert answer.text.count("<script") == answer.text.count("</script>") == 3
    assert "<!--<script" not in answer.text
    names = [text["words"] for text in data_of(answer.text)["shown"]["head"]]
    assert f"S {store.seats.person(ada).name}" in names
    assert "</script>" in names[-1]


def test_nothing_in_the_page_runs_that_its_policy_forbids(
    client: TestClient, store: Store, code: str
) -> None:
    sits(client, store, code)
    answer = client.get(f"/team?w={code}")
    for name, value in ON_PAGES.items():
        assert answer.headers[name] == value
    scripts = re.findall(r"<script ([^>]*)>", answer.text)
    module = f'type="module" src="{parts.PATH}/{parts.ENTRY}"'
    assert scripts == ['type="application/json" id="data"', module]
    assert not re.findall(r"\son\w+=", answer.text)


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_each_browser_is_sent_its_own_page(
    client: TestClient, store: Store, code: str, encoding: str
) -> None:
    """Unlike the first page of Streamlit's, which is kept for all."""
    for name in ("Ada", "Bo"):
        sits(client, store, code, name)
        answer = client.get(f"/team?w={code}", headers={"accept-encoding": encoding})
        assert f"S {name}" in [text["words"] for text in data_of(answer.text)["shown"]["head"]]
        client.cookies.clear()
    refused = client.get(f"/team?w={code}", headers={"accept-encoding": encoding})
    assert (refused.status_code, "Ada" in refused.text) == (403, False)


@pytest.mark.parametrize("query", ["", "?w=", "?w=AAAAAA", "?w={code}", "?w={code}&w=AAAAAA"])
def test_who_is_not_let_in_is_told_how_to_come_in(
    client: TestClient, code: str, query: str
) -> None:
    asked = query.format(code=code)
    page = client.get(f"/team{asked}")
    assert page.status_code == 403
    assert NO_SEAT in page.text
    assert NEEDS_LINK.split(".")[0] in " ".join(page.text.replace("&#x27;", "'").split())
    assert 'href="/join"' in page.text
    looked = client.get(f"/team/stage{asked}")
    assert looked.status_code == 403
    assert looked.json() == dict(zip(("title", "words"), SEAT_CLOSED, strict=True))


def test_who_was_removed_is_told_so_at_the_next_look_and_seated_again_goes_on(
    client: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    ada = sits(client, store, code)
    store.door.remove(facilitator, ada.person_id)
    looked = client.get(f"/team/stage?w={code}")
    assert (looked.status_code, looked.json()["title"]) == (403, SEAT_CLOSED[0])
    assert client.get(f"/team?w={code}").status_code == 403
    store.door.restore(facilitator, ada.person_id)
    assert client.get(f"/team/stage?w={code}").status_code == 200


def test_who_waits_at_the_door_is_sent_nothing_of_the_workshop(
    client: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    store.door.set(facilitator, Door.ASK)
    sits(client, store, code)
    query = urlencode({"w": code, "editing": ONE, "submission_id": TWO, "handed_to": "sales"})
    for shown in (
        data_of(client.get(f"/team?w={code}").text)["shown"],
        client.get(f"/team/stage?{query}").json(),
    ):
        assert shown["place"] == stage.DOOR
        assert (shown["head"], shown["below"], shown["form"]["form"]) == ([], [], None)
        assert not any(word in json.dumps(shown) for word in ("Spring", "MQL", "Ideas"))


def test_a_fault_of_the_records_is_said_and_the_page_asks_again(
    client: TestClient, store: Store, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise StoreError("The disk is <full>.")

    sits(client, store, code)
    monkeypatch.setattr(stage, "described", fails)
    page = client.get(f"/team?w={code}")
    assert page.status_code == 409
    assert "The disk is &lt;full&gt;." in page.text
    assert f'href="/team?w={code}"' in page.text
    looked = client.get(f"/team/stage?w={code}")
    assert (looked.status_code, looked.json()) == (409, {"problem": "The disk is <full>."})


def test_a_page_waits_in_the_queue_as_its_workshop_and_a_stranger_in_none(
    client: TestClient,
    store: Store,
    facilitator: Visitor,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns = Recording()
    monkeypatch.setattr(services, "render_queue", turns)
    for path in ("/team", "/team/stage"):
        assert client.get(f"{path}?w={code}").status_code == 403
    assert turns.whose == []
    sits(client, store, code)
    for path in ("/team", "/team/stage"):
        assert client.get(f"{path}?w={code}").status_code == 200
    assert turns.whose == [facilitator.workshop_id] * 2


def test_a_seat_that_asks_too_often_waits_and_no_other_seat_does(
    client: TestClient, store: Store, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(LOOKS, per_address=RateLimitItemPerMinute(3))
    monkeypatch.setattr(entrance, "LOOKS", few)
    sits(client, store, code)
    looks = [client.get(f"{path}?w={code}") for path in ("/team", *["/team/stage"] * 3)]
    assert [answer.status_code for answer in looks] == [200, 200, 200, 429]
    assert looks[-1].text == few.says
    assert "retry-after" in looks[-1].headers
    assert client.get(f"/team?w={code}").status_code == 429
    sits(client, store, code, "Bo")
    assert client.get(f"/team/stage?w={code}").status_code == 200


def test_who_guesses_seats_is_stopped_and_who_has_one_is_not(
    client: TestClient, store: Store, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "LINKS", replace(LINKS, per_address=RateLimitItemPerMinute(3)))
    name = cookie_name(Role.PARTICIPANT, code)
    told = []
    for number in range(5):
        client.cookies.set(name, f"{number:022}")
        told.append(client.get(f"/team/stage?w={code}").status_code)
    assert told == [403, 403, 403, 429, 429]
    client.cookies.clear()
    sits(client, store, code)
    assert client.get(f"/team/stage?w={code}").status_code == 200


@pytest.mark.parametrize("name", parts.SCRIPTS)
def test_a_script_stays_the_same_under_its_address(client: TestClient, name: str) -> None:
    answer = client.get(f"{parts.PATH}/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.text == parts.SCRIPTS[name]
    is_large = len(parts.SCRIPTS[name]) >= SMALLEST_BYTES
    assert ("content-encoding" in answer.headers) == is_large


@pytest.mark.parametrize(
    "path",
    [
        f"{parts.PATH}/parts.py",
        f"{parts.PATH}/..%2fparts.py",
        f"{parts.PATH}/",
        f"/parts/{'0' * 16}/{parts.ENTRY}",
        f"/parts/{parts.ENTRY}",
    ],
)
def test_no_other_file_and_no_other_version_is_known(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_the_scripts_import_each_other_and_nothing_else() -> None:
    for text in parts.SCRIPTS.values():
        imported = re.findall(r'^import .*? from "\./(.+?)";$', text, re.MULTILINE)
        assert set(imported) <= set(parts.SCRIPTS)
        assert len(imported) == len(re.findall(r"^import\b", text, re.MULTILINE))


def test_the_scripts_are_fetched_on_the_page_at_once_and_before_it_in_advance(
    client: TestClient, store: Store, code: str
) -> None:
    ahead = re.findall(r'<link rel="prefetch" as="script" href="(.+?)">', client.get("/join").text)
    sits(client, store, code)
    page = client.get(f"/team?w={code}").text
    at_once = re.findall(r'<link rel="modulepreload" href="(.+?)">', page)
    assert ahead == at_once == [f"{parts.PATH}/{name}" for name in parts.SCRIPTS]


def test_a_tick_brings_along_what_the_page_would_find_unless_it_shows_that_already(
    client: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    ada = sits(client, store, code)
    line = f"/live?w={code}&role=participant"
    with client.websocket_connect(line) as socket:
        tick = socket.receive_json()
    assert tick["shown"] == json.loads(json.dumps(stage.described(ada, Laptop())))
    assert tick["shown"]["stamp"] == tick["stamp"]
    with client.websocket_connect(f"{line}&{urlencode({'stamp': tick['stamp']})}") as socket:
        assert "shown" not in socket.receive_json()
        store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
        services.hub().publish(ada.workshop_id, (AGENDA,))
        assert socket.receive_json()["shown"]["place"].startswith("Report back")


def test_a_tick_brings_nothing_to_who_is_let_in_no_more(
    client: TestClient, store: Store, facilitator: Visitor, code: str
) -> None:
    ada = sits(client, store, code)
    with client.websocket_connect(f"/live?w={code}&role=participant") as socket:
        socket.receive_json()
        store.door.remove(facilitator, ada.person_id)
        services.hub().publish(ada.workshop_id, (AGENDA, SEATS))
        assert "shown" not in socket.receive_json()
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()


@pytest.mark.parametrize("role", [Role.PROJECTOR, Role.FACILITATOR, Role.MANAGER])
def test_every_other_screen_looks_for_itself(
    client: TestClient, store: Store, facilitator: Visitor, code: str, role: Role
) -> None:
    client.cookies.set(cookie_name(role, code), store.tokens.issue(facilitator, role))
    with client.websocket_connect(f"/live?w={code}&role={role}") as socket:
        assert set(socket.receive_json()) == {"stamp", "now"}
