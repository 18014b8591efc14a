"""A company: its workshops, what was promised in them, and who checks in by which link."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.ids import ONE, named_id
from tests.store.test_store import DRAFT, a_commitment, joined, manager_of
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.agenda_lines import usual
from workshop.domain.assumptions import Assumptions
from workshop.domain.commitment import Commitment, CommitmentKind, Reading, Rhythm, Status
from workshop.domain.company import CompanyRecord
from workshop.domain.funnel import Funnel
from workshop.domain.hand_off import Doer, Duty, key_of
from workshop.domain.question import AnswerKind, Question, QuestionKey, Subject
from workshop.domain.settlement import CARRIED_OVER
from workshop.domain.term import term_key
from workshop.store import Repeated, Store, StoreError


@pytest.fixture
def manager(store: Store, facilitator: Visitor) -> Visitor:
    return manager_of(store, facilitator)


@pytest.fixture
def call(store: Store, facilitator: Visitor, manager: Visitor) -> Commitment:
    """What Ada and Bo have signed for: an idea of Ada's on MQL → SQL."""
    store.ideas.save(joined(store, facilitator, "Ada"), ONE, 1, DRAFT)
    signed = a_commitment(ONE)
    store.commitments.save(manager, signed)
    return signed


def ride_along(**values: object) -> Commitment:
    held = Commitment(
        named_id("ride"),
        "",
        "Ride along",
        "Cy",
        "Ada",
        "",
        None,
        None,
        date(2027, 2, 1),
        "",
        kind=CommitmentKind.PLAY,
        rhythm=Rhythm.WEEKLY,
    )
    return replace(held, **values)  # type: ignore[arg-type]


# -- the company -----------------------------------------------------------------------------------


def test_a_workshop_is_of_a_company_that_is_called_as_it_is(
    store: Store, facilitator: Visitor, funnel: Funnel
) -> None:
    other = store.workshops.start("Autumn", funnel)
    company = store.companies.of(facilitator)
    assert company.name == store.workshops.get(facilitator).name
    assert store.companies.of(other).id != company.id


def test_a_second_look_is_of_the_same_company_with_its_numbers_and_what_is_assumed(
    store: Store, facilitator: Visitor, manager: Visitor, funnel: Funnel
) -> None:
    store.assumptions.save(manager, Assumptions(9_000, success=0.3, revenue=5e6))
    looking = store.companies.plan_second_look(manager, "Second look", usual(4))
    assert looking.is_starter
    assert store.companies.of(looking) == store.companies.of(facilitator)
    assert store.funnels.current(looking) == funnel
    assert store.assumptions.current(looking) == Assumptions(9_000, success=0.3, revenue=5e6)
    names = [one.name for one in record(store, looking).workshops]
    assert names == [store.workshops.get(facilitator).name, "Second look"]


def record(store: Store, who: Visitor) -> CompanyRecord:
    found = store.companies.record(who)
    assert found is not None
    return found


def test_a_second_look_begins_with_what_is_settled_in_the_company(
    store: Store, facilitator: Visitor, manager: Visitor
) -> None:
    term = Question(term_key("MQL"), AnswerKind.TEXT, is_named=True)
    owns = Question(key_of(1, Duty.ACTS), AnswerKind.CHOICE, tuple(Doer))
    for question in (term, owns):
        store.questions.open(facilitator, question)
    store.settlements.settle(facilitator, term.key, "asked for a price", "Ada", "Bo")
    store.settlements.settle(facilitator, owns.key, "", "Ada", "Bo", owner=Doer.SALES, hours=4)
    looking = store.companies.plan_second_look(manager, "Second look", usual(4))
    before, now = store.settlements.valid(facilitator), store.settlements.valid(looking)
    assert {key: replace(one, round=CARRIED_OVER) for key, one in before.items()} == dict(now)
    store.settlements.take_back(looking, term.key)
    assert term.key not in store.settlements.valid(looking)
    assert term.key in store.settlements.valid(facilitator)
    [first, second] = store.companies.agreed(manager)
    assert (first.taken_back, second.taken_back) == (frozenset(), frozenset({term.key}))
    third = store.companies.plan_second_look(looking, "Third", usual(4))
    assert set(store.settlements.valid(third)) == {owns.key}


def test_a_company_is_renamed_in_all_of_its_workshops(
    store: Store, facilitator: Visitor, manager: Visitor, funnel: Funnel
) -> None:
    looking = store.companies.plan_second_look(facilitator, "Second look", usual(4))
    stranger = store.workshops.start("Tern", funnel)
    store.companies.rename(manager, " Heron Ltd ", submission_id=named_id("rename"))
    assert {store.companies.of(who).name for who in (facilitator, looking)} == {"Heron Ltd"}
    assert store.companies.of(stranger).name == "Tern"
    with pytest.raises(Repeated):
        store.companies.rename(manager, "Heron", submission_id=named_id("rename"))
    with pytest.raises(ValueError, match="the name of the company is empty"):
        store.companies.rename(manager, "  ")


def test_the_record_has_what_was_promised_in_every_workshop_and_of_no_other_company(
    store: Store, facilitator: Visitor, manager: Visitor, call: Commitment, funnel: Funnel
) -> None:
    looking = store.companies.plan_second_look(manager, "Second look", usual(4))
    store.commitments.save(manager_of(store, looking), ride_along())
    store.commitments.save(
        manager_of(store, store.workshops.start("Tern", funnel)), ride_along(id=named_id("other"))
    )
    for who in (manager, looking):
        seen = record(store, who)
        assert [one.commitment for one in seen.followed] == [call, ride_along()]
        assert seen.followed[0].step == funnel.steps[1]
        assert seen.followed[1].step is None


def test_the_board_knows_the_step_of_what_was_signed_for_in_a_room_that_never_reported_back(
    store: Store, facilitator: Visitor, manager: Visitor, call: Commitment, funnel: Funnel
) -> None:
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    looking = store.companies.plan_second_look(manager, "Second look", usual(4))
    [seen] = record(store, replace(looking, role=Role.PROJECTOR)).followed
    assert seen.step == funnel.steps[1]


def test_a_commitment_keeps_the_numbers_that_it_began_with(
    store: Store, facilitator: Visitor, manager: Visitor, call: Commitment, funnel: Funnel
) -> None:
    newer = Funnel.from_counts(
        dict(zip(funnel.stages, (500, 200, 90, 30, 8), strict=True)),
        deal_value=8_000,
        currency="EUR",
        period_days=90,
    )
    store.funnels.replace(facilitator, newer, None)
    assert store.funnels.version(facilitator) == 2
    store.commitments.save(manager, replace(call, status=Status.DONE, funnel_version=2))
    [seen] = record(store, manager).followed
    assert seen.commitment.status is Status.DONE
    assert seen.began_with.counts == funnel.counts
    assert record(store, manager).workshops[0].funnel.counts == newer.counts


def test_a_restored_workshop_is_let_into_no_company_by_its_file(
    store: Store, facilitator: Visitor, call: Commitment
) -> None:
    """Whoever has made the file may have written any company into it."""
    restored = store.backups.restore(store.backups.make(facilitator)).facilitator
    assert store.companies.of(restored).id != store.companies.of(facilitator).id
    assert [one.name for one in record(store, restored).workshops] == [
        store.workshops.get(restored).name
    ]


# -- counted by hand -------------------------------------------------------------------------------


def test_what_was_counted_by_hand_stays_in_the_order_it_came(
    store: Store, manager: Visitor, facilitator: Visitor, funnel: Funnel
) -> None:
    store.commitments.save(manager, ride_along())
    readings = [
        Reading(named_id("ride"), date(2027, 3, 1), 18, 50),
        Reading(named_id("ride"), date(2027, 1, 1), 9, 50),
    ]
    for number, reading in enumerate(readings):
        store.commitments.save_reading(manager, reading, submission_id=named_id(f"r{number}"))
    [seen] = record(store, manager).followed
    assert list(seen.readings) == readings
    with pytest.raises(Forbidden):
        store.commitments.save_reading(facilitator, readings[0])
    stranger = manager_of(store, store.workshops.start("Tern", funnel))
    with pytest.raises(StoreError, match="not in the records of this workshop"):
        store.commitments.save_reading(stranger, readings[0])


# -- checking in -----------------------------------------------------------------------------------


def test_a_link_shows_what_its_person_has_signed_for_in_all_workshops_and_nothing_else(
    store: Store, facilitator: Visitor, manager: Visitor, call: Commitment
) -> None:
    looking = store.companies.plan_second_look(manager, "Second look", usual(4))
    of_second = manager_of(store, looking)
    store.commitments.save(of_second, ride_along())
    store.commitments.save(of_second, ride_along(id=named_id("x"), status=Status.DROPPED))
    for name, titles in (("ADA", ["Call", "Ride along"]), ("Bo", ["Call"])):
        link = store.check_in_links.find(store.check_in_links.issue(manager, name))
        assert link is not None
        shown = store.check_in_links.followed(link)
        assert [one.commitment.title for one in shown] == titles


def test_checking_in_is_said_in_the_record_of_whichever_workshop_it_was_promised_in(
    store: Store, facilitator: Visitor, manager: Visitor, call: Commitment
) -> None:
    looking = store.companies.plan_second_look(manager, "Second look", usual(4))
    token = store.check_in_links.issue(looking, "Bo")
    store.check_in_links.check_in(token, call.id, True, " They answer at lunch. ")
    store.check_in_links.check_in(token, call.id, False, "")
    [seen] = record(store, looking).followed
    assert [(one.name, one.is_kept, one.sentence) for one in seen.check_ins] == [
        ("Bo", True, "They answer at lunch."),
        ("Bo", False, ""),
    ]


def test_a_link_ends_where_it_is_withdrawn_or_a_newer_one_is_made(
    store: Store, manager: Visitor, call: Commitment
) -> None:
    first = store.check_in_links.issue(manager, "Ada")
    second = store.check_in_links.issue(manager, "ada")
    assert store.check_in_links.find(first) is None
    assert store.check_in_links.names(manager) == ("ada",)
    store.check_in_links.check_in(second, call.id, True, "")
    store.check_in_links.withdraw(manager, "Ada")
    assert store.check_in_links.names(manager) == ()
    with pytest.raises(StoreError, match="This link is not known"):
        store.check_in_links.check_in(second, call.id, True, "")


def test_nobody_gets_a_link_who_has_signed_for_nothing(store: Store, manager: Visitor) -> None:
    with pytest.raises(StoreError, match="Nobody called Zoe has signed for anything"):
        store.check_in_links.issue(manager, "Zoe")


def test_nobody_checks_in_on_what_others_have_signed_for(
    store: Store, facilitator: Visitor, manager: Visitor, call: Commitment, funnel: Funnel
) -> None:
    store.commitments.save(manager, ride_along())
    stranger = manager_of(store, store.workshops.start("Tern", funnel))
    store.commitments.save(stranger, ride_along(id=named_id("theirs"), owner="Bo"))
    token = store.check_in_links.issue(manager, "Bo")
    for other in (named_id("ride"), named_id("theirs"), named_id("nothing")):
        with pytest.raises(StoreError, match="this is not yours"):
            store.check_in_links.check_in(token, other, True, "")
    assert all(not one.check_ins for one in record(store, manager).followed)


def test_the_record_tells_the_board_nothing_while_the_room_guesses(
    store: Store, facilitator: Visitor, manager: Visitor, call: Commitment
) -> None:
    board = Visitor(Role.PROJECTOR, facilitator.workshop_id)
    assert store.companies.record(board) is not None
    guess = Question(QuestionKey(Subject.GUESS, "1"), AnswerKind.PERCENT)
    store.questions.open(facilitator, guess)
    assert store.companies.record(board) is None
    assert store.companies.record(manager) is not None
