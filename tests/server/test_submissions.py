"""The route that takes forms: for whom, how much, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from limits import RateLimitItemPerMinute
from starlette.testclient import TestClient

from tests.ids import ONE
from workshop.domain.access import Role, Visitor, cookie_name
from workshop.domain.agenda import Phase, Position
from workshop.domain.people import Side
from workshop.live import services
from workshop.server import entrance
from workshop.server.gate import SUBMISSIONS, Gate
from workshop.server.submissions import MOST_BYTES
from workshop.store import Store, Unsaved

VALUES = {"title": "Call back", "reason": "", "low": "10", "likely": "20", "high": "30"}
HEADERS = {"x-funnel-form": "1"}
Send = Callable[..., Any]


@pytest.fixture
def code(records: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch) -> str:
    """The code of a workshop that writes ideas."""
    gate = Gate()
    monkeypatch.setattr(entrance, "gate", lambda: gate)
    records.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    return records.workshops.get(facilitator).code


@pytest.fixture
def send(client: TestClient, records: Store, code: str) -> Send:
    """Send a form as Ada does."""
    token = records.seats.join(code, "Ada", Side.SALES)
    cookies = {cookie_name(Role.PARTICIPANT, code): token}

    def sent(body: object = None, form: str = "idea", **changed: Any) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body or answer()).encode()
        asked = {"headers": HEADERS, "cookies": cookies} | changed
        query = f"/forms/{form}?w={code}&role=participant"
        client.cookies.clear()
        client.cookies.update(asked.pop("cookies"))
        return client.post(query, content=content, **asked)

    return sent


def answer(**changed: Any) -> dict[str, Any]:
    return {
        "id": uuid4().hex,
        "about": {"step": "1"},
        "values": VALUES,
        "decimal_mark": ".",
    } | changed


def titles(store: Store, facilitator: Visitor) -> list[str]:
    return [idea.draft.title for idea in store.ideas.readable(facilitator)]


def test_what_is_sent_twice_is_answered_twice_and_saved_once(
    send: Send, store: Store, facilitator: Visitor
) -> None:
    body = answer()
    for _ in range(2):
        said = send(body)
        assert said.status_code == 200
        assert said.json()["saved"].endswith("aved.")
    assert titles(store, facilitator) == ["Call back"]


def test_what_is_wrong_is_answered_by_field(send: Send, store: Store, facilitator: Visitor) -> None:
    said = send(answer(values=VALUES | {"title": "", "high": "5"}))
    assert said.status_code == 422
    assert set(said.json()["problems"]) == {"title", "low"}
    assert not titles(store, facilitator)


@pytest.mark.parametrize("cookies", [{}, {"funnel_participant_AAAAAA": "x"}])
def test_who_is_not_let_in_saves_nothing(
    send: Send, store: Store, facilitator: Visitor, cookies: dict[str, str]
) -> None:
    said = send(cookies=cookies)
    assert said.status_code == 403
    assert "join again" in said.json()["problems"][""]
    assert not titles(store, facilitator)


def test_who_was_taken_off_the_list_saves_nothing(
    send: Send, store: Store, facilitator: Visitor
) -> None:
    [team] = store.seats.teams(facilitator)
    store.door.remove(facilitator, team.people[0].id)
    assert send().status_code == 403
    assert not titles(store, facilitator)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        HEADERS | {"origin": "https://elsewhere.example"},
        HEADERS | {"origin": "null"},
    ],
)
def test_a_page_of_another_site_saves_nothing(
    send: Send, store: Store, facilitator: Visitor, headers: dict[str, str]
) -> None:
    assert send(headers=headers).status_code in (400, 403)
    assert not titles(store, facilitator)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 90_000,
        b'{"id": 1, "about": {}, "values": {}, "decimal_mark": ""}',
        b'{"id": "a", "about": [], "values": {}, "decimal_mark": ""}',
        b'{"id": "a", "about": {}, "values": {"title": {}}, "decimal_mark": ""}',
        b'{"id": "a", "about": {}, "values": {}}',
    ],
)
def test_what_no_form_sends_is_refused(send: Send, body: bytes) -> None:
    said = send(body)
    assert said.status_code == 400
    assert said.json()["problems"][""]


def test_a_form_that_is_none_is_refused(send: Send) -> None:
    assert send(form="nothing").status_code == 400
    assert send(form="__init__").status_code == 400


def test_a_form_may_be_so_long_and_no_longer(send: Send) -> None:
    longest = answer(values=VALUES | {"plan": "語" * 10_000})
    assert len(json.dumps(longest, ensure_ascii=False).encode()) < MOST_BYTES
    assert send(json.dumps(longest, ensure_ascii=False).encode()).status_code == 200
    assert send(b" " * (MOST_BYTES + 1)).status_code == 413


def test_one_seat_that_sends_without_end_waits_and_the_others_do_not(
    send: Send, store: Store, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SUBMISSIONS.per_address == RateLimitItemPerMinute(120)
    few = replace(SUBMISSIONS, per_address=RateLimitItemPerMinute(5))
    monkeypatch.setattr(entrance, "SUBMISSIONS", few)
    statuses = [send(answer(values={})).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    other = {cookie_name(Role.PARTICIPANT, code): store.seats.join(code, "Bo", Side.MARKETING)}
    assert send(cookies=other).status_code == 200


def test_what_cannot_be_written_is_to_be_sent_again(
    send: Send, records: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise Unsaved("Not saved: the server's disk is full.")

    monkeypatch.setattr(records.ideas, "save", full)
    said = send()
    assert said.status_code == 503
    assert "disk is full" in said.json()["problems"][""]


def test_an_answer_may_not_name_an_id_of_its_own(
    send: Send, store: Store, facilitator: Visitor
) -> None:
    for body in (answer(id="x" * 2_500), answer(about={"step": "1", "idea": "title_" + ONE})):
        said = send(body)
        assert said.status_code == 422
        assert "does not give" in said.json()["problems"][""]
    assert not titles(store, facilitator)


def test_hostile_texts_are_kept_as_plain_text(
    send: Send, store: Store, facilitator: Visitor
) -> None:
    pieces = ["<script>alert(1)</script>", "{{7*7}}", "=1+1", "javascript:x", "\u202e", "'; --"]
    texts = [f"{piece} 1" for piece in pieces] + [f"2 [a](b) **{piece}**" for piece in pieces]
    for text in texts:
        said = send(answer(values=VALUES | {"title": text, "plan": text}))
        assert said.status_code == 200
        assert text not in said.text
    assert titles(store, facilitator) == texts
    assert services.store() is store
