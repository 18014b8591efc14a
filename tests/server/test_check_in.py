"""The check-in page: a link of one's own, half a minute, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from limits import RateLimitItemPerMinute
from starlette.testclient import TestClient

from tests.browser.hostile import HOSTILE
from tests.ids import ONE
from tests.server.test_joining import Shown, device
from tests.store.test_store import DRAFT, a_commitment, joined, manager_of
from workshop.domain.access import Visitor
from workshop.domain.commitment import CheckIn, Commitment
from workshop.live import services
from workshop.server import check_in, entrance
from workshop.server.gate import LINKS, SUBMISSIONS
from workshop.store import Store


@pytest.fixture(autouse=True)
def _fresh(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(services, "store", lambda: store)
    entrance.gate.cache_clear()
    yield
    entrance.gate.cache_clear()


@pytest.fixture
def manager(store: Store, facilitator: Visitor) -> Visitor:
    return manager_of(store, facilitator)


@pytest.fixture
def call(store: Store, facilitator: Visitor, manager: Visitor) -> Commitment:
    store.ideas.save(joined(store, facilitator, "Ada"), ONE, 1, DRAFT)
    signed = a_commitment(ONE)
    store.commitments.save(manager, signed)
    return signed


@pytest.fixture
def way(store: Store, manager: Visitor, call: Commitment) -> str:
    return f"/check-in/{store.check_in_links.issue(manager, 'Ada')}"


@pytest.fixture
def phone() -> TestClient:
    return device()


def said(store: Store, manager: Visitor) -> tuple[CheckIn, ...]:
    record = store.companies.record(manager)
    assert record is not None
    return record.followed[0].check_ins


def test_the_page_is_small_and_says_what_was_signed_for(phone: TestClient, way: str) -> None:
    answer = phone.get(way)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.content) < 20_000
    shown = Shown(answer.text)
    assert "script" not in shown.elements
    assert "Ada, this is what you have signed for." in shown.text
    assert "Ada with Bo, once, by 4 January 2027. Nothing said yet." in shown.text


def test_saving_is_said_on_the_page_and_kept(
    phone: TestClient, store: Store, manager: Visitor, call: Commitment, way: str
) -> None:
    form = {"commitment": call.id, "kept": "kept", "sentence": "They pick up at lunch."}
    answer = phone.post(way, data=form)
    assert answer.status_code == 303
    shown = Shown(phone.get(answer.headers["location"]).text)
    assert "Saved. Thank you." in shown.text
    assert "Last said: kept, by Ada" in shown.text
    [check] = said(store, manager)
    assert (check.name, check.is_kept, check.sentence) == ("Ada", True, "They pick up at lunch.")


def test_a_form_that_is_sent_twice_is_said_once(
    phone: TestClient, store: Store, manager: Visitor, call: Commitment, way: str
) -> None:
    sent = Shown(phone.get(way).text)
    form = sent.values | {"kept": "kept", "sentence": "They pick up at lunch."}
    answers = [phone.post(way, data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(said(store, manager)) == 1
    assert Shown(phone.get(way).text).values["sent"] != form["sent"]


@pytest.mark.parametrize(
    ("kept", "sentence", "problem"),
    [
        ("", "We tried", check_in.CHOOSE),
        ("perhaps", "We tried", check_in.CHOOSE),
        ("kept", "x" * (check_in.LONGEST + 1), check_in.TOO_LONG),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    phone: TestClient,
    store: Store,
    manager: Visitor,
    call: Commitment,
    way: str,
    kept: str,
    sentence: str,
    problem: str,
) -> None:
    answer = phone.post(way, data={"commitment": call.id, "kept": kept, "sentence": sentence})
    assert answer.status_code == 422
    assert problem in answer.text
    assert sentence in answer.text
    assert said(store, manager) == ()


def test_what_is_far_too_much_is_refused_with_a_sentence(phone: TestClient, way: str) -> None:
    answer = phone.post(way, data={"sentence": "x" * 20_000})
    assert answer.status_code == 422
    assert check_in.CHOOSE in answer.text


def test_what_is_typed_is_text(phone: TestClient, call: Commitment, way: str) -> None:
    for hostile in HOSTILE[:40]:
        typed = phone.post(way, data={"commitment": call.id, "sentence": hostile[:400]})
        assert typed.status_code == 422
        Shown(typed.text.replace("<textarea", "<div").replace("</textarea", "</div"))
        assert "<script" not in typed.text, hostile
        assert "<img" not in typed.text, hostile


def test_a_link_that_is_not_known_says_whom_to_ask(
    phone: TestClient, store: Store, manager: Visitor, call: Commitment, way: str
) -> None:
    store.check_in_links.withdraw(manager, "Ada")
    form = {"commitment": call.id, "kept": "kept", "sentence": ""}
    for answer in (phone.get(way), phone.post(way, data=form), phone.get("/check-in/nothing")):
        assert answer.status_code == 404
        assert "Ask management for a new one." in answer.text
        assert "Call" not in answer.text
    assert said(store, manager) == ()


def test_after_too_many_unknown_links_a_right_one_still_opens(phone: TestClient, way: str) -> None:
    for number in range(LINKS.per_address.amount + 1):
        last = phone.get(f"/check-in/{number}")
    assert last.status_code == 429
    assert phone.get(way).status_code == 200


def test_a_link_sends_no_more_than_a_seat_may(
    phone: TestClient, call: Commitment, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(SUBMISSIONS, per_address=RateLimitItemPerMinute(5))
    monkeypatch.setattr(entrance, "SUBMISSIONS", few)
    form = {"commitment": call.id, "kept": "kept", "sentence": ""}
    answers = [phone.post(way, data=form).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
