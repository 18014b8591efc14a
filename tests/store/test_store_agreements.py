"""Agreements: versions stay, and nobody's name moves under words that they have not read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.store.test_store import joined, manager_of
from workshop import intake
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agreement import MOST_VERSIONS, ClauseKind
from workshop.domain.people import Side
from workshop.store import ANSWERS, QUESTIONS, Repeated, Store, StoreError, person_topic
from workshop.store.verbs import Verb

ONE = ((ClauseKind.MANAGEMENT, "A day a week until June."), (ClauseKind.BOTH, "Within a day."))
TWO = (*ONE, (ClauseKind.COACHING, "Each other, on Mondays."))
ID = "0" * 32
HOSTILE = "'; DROP TABLE signature; -- <b>=1+1</b>"


@pytest.fixture
def facilitator(store: Store) -> Visitor:
    return store.workshops.start("Spring", intake.example())


@pytest.fixture
def manager(store: Store, facilitator: Visitor) -> Visitor:
    return manager_of(store, facilitator)


def names(store: Store, who: Visitor) -> list[tuple[int, str]]:
    return [(one.version, one.name) for one in store.agreements.signatures(who)]


def test_other_words_are_a_new_version_and_the_same_words_are_none(
    store: Store, facilitator: Visitor, manager: Visitor
) -> None:
    assert store.agreements.current(facilitator) is None
    assert store.agreements.save(manager, ONE).version == 1
    assert store.agreements.save(manager, ONE).version == 1
    assert store.agreements.save(manager, TWO).version == 2
    assert store.agreements.save(manager, ONE).version == 3
    assert [one.clauses for one in store.agreements.versions(facilitator)] == [ONE, TWO, ONE]
    participant = joined(store, facilitator, "Ada")
    projector = Visitor(Role.PROJECTOR, facilitator.workshop_id)
    for who in (facilitator, manager, projector, participant):
        current = store.agreements.current(who)
        assert current is not None
        assert current.version == 3


def test_a_new_version_has_no_signatures_and_the_old_ones_stay_under_theirs(
    store: Store, facilitator: Visitor, manager: Visitor
) -> None:
    ada = joined(store, facilitator, "Ada")
    store.agreements.save(manager, ONE)
    store.agreements.sign(ada, 1)
    store.agreements.save(manager, TWO)
    store.agreements.sign_for(facilitator, 2, "Bo", Side.MARKETING)
    assert names(store, facilitator) == [(1, "Ada"), (2, "Bo")]


Act = Callable[[Store, Visitor, Visitor, int], None]
ACTS: dict[str, Act] = {
    "sign": lambda store, ada, leader, version: store.agreements.sign(ada, version),
    "sign for": lambda store, ada, leader, version: store.agreements.sign_for(
        leader, version, "Bo", Side.SALES
    ),
    "take back": lambda store, ada, leader, version: store.agreements.take_back(
        leader, version, "Ada", Side.SALES
    ),
    "take back one's own": lambda store, ada, leader, version: store.agreements.take_back_own(
        ada, version
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("version", [1, 3])
def test_what_is_not_the_current_version_is_not_touched(
    store: Store, facilitator: Visitor, manager: Visitor, act: str, version: int
) -> None:
    ada = joined(store, facilitator, "Ada")
    store.agreements.save(manager, ONE)
    store.agreements.sign(ada, 1)
    store.agreements.save(manager, TWO)
    with pytest.raises(StoreError, match="has been changed meanwhile"):
        ACTS[act](store, ada, facilitator, version)
    assert names(store, facilitator) == [(1, "Ada")]


@pytest.mark.parametrize("act", ACTS)
def test_before_there_is_an_agreement_nobody_signs(
    store: Store, facilitator: Visitor, act: str
) -> None:
    with pytest.raises(StoreError):
        ACTS[act](store, joined(store, facilitator, "Ada"), facilitator, 1)


def test_a_participant_signs_by_the_name_and_side_of_their_seat_and_only_once(
    store: Store, facilitator: Visitor, manager: Visitor
) -> None:
    bo = joined(store, facilitator, "Bo", Side.MARKETING)
    store.agreements.save(manager, ONE)
    store.agreements.sign(bo, 1)
    store.agreements.sign(bo, 1)
    [signature] = store.agreements.signatures(bo)
    assert (signature.name, signature.side) == ("Bo", Side.MARKETING)
    with pytest.raises(StoreError, match="bo has signed this version already"):
        store.agreements.sign_for(facilitator, 1, " bo ", Side.MARKETING)
    store.agreements.sign_for(facilitator, 1, "Bo", Side.SALES)
    assert len(store.agreements.signatures(bo)) == 2


def test_a_signature_is_taken_back_and_may_be_given_again(
    store: Store, facilitator: Visitor, manager: Visitor
) -> None:
    ada = joined(store, facilitator, "Ada")
    store.agreements.save(manager, ONE)
    for take_back in (
        lambda: store.agreements.take_back_own(ada, 1),
        lambda: store.agreements.take_back(facilitator, 1, "Ada", Side.SALES),
        lambda: store.agreements.take_back(manager, 1, "Ada", Side.SALES),
    ):
        store.agreements.sign(ada, 1)
        take_back()
        assert names(store, facilitator) == []
        with pytest.raises(StoreError, match="no such signature"):
            take_back()
    kept = store.database.read("SELECT count(*) FROM signature WHERE taken_back")
    assert kept == [(3,)]


def test_nobody_takes_back_what_somebody_else_has_signed(
    store: Store, facilitator: Visitor, manager: Visitor
) -> None:
    ada, bo = joined(store, facilitator, "Ada"), joined(store, facilitator, "Bo")
    store.agreements.save(manager, ONE)
    store.agreements.sign(ada, 1)
    with pytest.raises(StoreError, match="no such signature"):
        store.agreements.take_back_own(bo, 1)
    with pytest.raises(Forbidden):
        store.agreements.take_back(bo, 1, "Ada", Side.SALES)
    assert names(store, facilitator) == [(1, "Ada")]


def test_who_was_removed_signs_nothing(
    store: Store, facilitator: Visitor, manager: Visitor
) -> None:
    ada = joined(store, facilitator, "Ada")
    store.agreements.save(manager, ONE)
    store.door.remove(facilitator, ada.person_id)
    with pytest.raises((Forbidden, StoreError)):
        store.agreements.sign(ada, 1)
    assert names(store, facilitator) == []


def test_a_form_that_arrives_twice_counts_once(
    store: Store, facilitator: Visitor, manager: Visitor
) -> None:
    ada = joined(store, facilitator, "Ada")
    store.agreements.save(manager, ONE, submission_id=ID)
    with pytest.raises(Repeated):
        store.agreements.save(manager, TWO, submission_id=ID)
    store.agreements.sign(ada, 1, submission_id="1" * 32)
    store.agreements.take_back_own(ada, 1)
    with pytest.raises(Repeated):
        store.agreements.sign(ada, 1, submission_id="1" * 32)
    store.agreements.sign_for(facilitator, 1, "Bo", Side.SALES, submission_id="2" * 32)
    with pytest.raises(Repeated):
        store.agreements.sign_for(facilitator, 1, "Cy", Side.SALES, submission_id="2" * 32)
    assert names(store, facilitator) == [(1, "Bo")]


def test_every_change_is_in_the_log(store: Store, facilitator: Visitor, manager: Visitor) -> None:
    ada = joined(store, facilitator, "Ada")
    store.agreements.save(manager, ONE)
    store.agreements.sign(ada, 1)
    store.agreements.take_back(facilitator, 1, "Ada", Side.SALES)
    told = [(row[1], row[3], row[4]) for row in store.activity.all(facilitator)[:3]]
    assert told == [
        (Role.FACILITATOR, Verb.SIGNATURE_TAKEN_BACK, "Ada"),
        (Role.PARTICIPANT, Verb.AGREEMENT_SIGNED, "Ada"),
        (Role.MANAGER, Verb.AGREEMENT_SAVED, "1"),
    ]
    saved = store.activity.all(facilitator)[2]
    assert json.loads(saved[6]) == dict(ONE)


def test_a_signature_wakes_the_room_and_its_own_phone_and_no_other(
    store: Store, facilitator: Visitor, manager: Visitor
) -> None:
    ada, bo = joined(store, facilitator, "Ada"), joined(store, facilitator, "Bo")
    store.agreements.save(manager, ONE)

    def versions() -> list[int]:
        topics = (QUESTIONS, ANSWERS, person_topic(ada.person_id), person_topic(bo.person_id))
        return [store.version(facilitator.workshop_id, topic) for topic in topics]

    before = versions()
    store.agreements.sign_for(facilitator, 1, "Ada", Side.SALES)
    grown = [now > was for now, was in zip(versions(), before, strict=True)]
    assert grown == [False, True, True, False]


def test_there_is_an_end_to_versions(store: Store, facilitator: Visitor, manager: Visitor) -> None:
    for number in range(MOST_VERSIONS):
        last = store.agreements.save(manager, [(ClauseKind.BOTH, f"Draft {number}")])
    assert store.agreements.save(manager, last.clauses) == last
    with pytest.raises(StoreError, match="this is the last one"):
        store.agreements.save(manager, ONE)
    assert store.agreements.current(facilitator) == last


def test_hostile_words_stay_words(store: Store, facilitator: Visitor, manager: Visitor) -> None:
    saved = store.agreements.save(manager, [(ClauseKind.BOTH, f" {HOSTILE}\x00 ")])
    assert saved.clauses == ((ClauseKind.BOTH, HOSTILE),)
    assert store.agreements.current(facilitator) == saved
    store.agreements.sign_for(facilitator, 1, HOSTILE, Side.SALES)
    assert names(store, manager) == [(1, HOSTILE)]
    store.agreements.take_back(facilitator, 1, HOSTILE, Side.SALES)
    assert names(store, manager) == []
