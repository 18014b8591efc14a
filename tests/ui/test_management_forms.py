"""Management's forms: assumptions, capacity, commitments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.answers import answer, problems_of
from tests.funnels import funnels
from tests.ids import named_id
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Choice
from workshop.domain.commitment import Commitment, Status
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.forms import FORMS, assumptions, capacity, commitment
from workshop.forms.form import Form, Kind, Problems, Submission
from workshop.store import Repeated, Store

A = named_id("A")
SIGNED = Commitment(
    named_id("1"), A, "A", "Ada", "Bo", "Win rate", 0.4, 0.5, date(2027, 3, 1), "Ask"
)


@pytest.fixture
def manager(facilitator: Visitor) -> Visitor:
    return Visitor(Role.MANAGER, facilitator.workshop_id)


@pytest.fixture
def author(store: Store, facilitator: Visitor) -> Visitor:
    """Ada of sales, who has written idea A on MQL → SQL."""
    ada = store.tokens.admit(
        store.seats.join(store.workshops.get(facilitator).code, "Ada", Side.SALES)
    )
    assert ada is not None
    draft = IdeaDraft("A", Estimate(0.2, 0.2, 0.2), "", "No follow-up", days_sales=4, owner="Ada")
    store.ideas.save(ada, A, 1, draft)
    return ada


def asked(name: str, store: Store, manager: Visitor) -> Form:
    """A form as management's page asks it; a commitment to the first idea."""
    funnel = store.funnels.current(manager)
    if name == assumptions.NAME:
        return assumptions.assumptions_form(funnel, store.assumptions.current(manager))
    if name == capacity.NAME:
        return capacity.capacity_form(store.constraints.current(manager))
    idea = store.ideas.readable(manager)[0]
    known = commitment.action_of(store, manager, idea.id)
    return commitment.commitment_form(idea, funnel, known)


def answered(name: str, store: Store, manager: Visitor, **typed: str) -> Submission:
    return answer(asked(name, store, manager), **typed)


# Something else than what stands in each form.
TYPED = {
    assumptions.NAME: {"deal_value": "16000"},
    capacity.NAME: {"sales": "4"},
    commitment.NAME: {"co_owner": "Bo", "first_step": "Publish the rota"},
}
EVERY_FORM = pytest.mark.parametrize("name", TYPED)


# -- each of them --------------------------------------------------------------------------------


@EVERY_FORM
def test_an_answer_that_arrives_twice_changes_nothing_the_second_time(
    store: Store, manager: Visitor, author: Visitor, name: str
) -> None:
    sent = answered(name, store, manager, **TYPED[name])
    FORMS[name](store, manager, sent)
    before = store.activity.all(manager)
    with pytest.raises(Repeated):
        FORMS[name](store, manager, sent)
    assert store.activity.all(manager) == before


@EVERY_FORM
def test_only_management_answers(
    store: Store, facilitator: Visitor, manager: Visitor, author: Visitor, name: str
) -> None:
    sent = answered(name, store, manager, **TYPED[name])
    store.agenda.move_to(facilitator, Position(Phase.RANK))  # the room may read the ideas now
    before = store.activity.all(manager)
    for who in (facilitator, author, Visitor(Role.PROJECTOR, facilitator.workshop_id)):
        with pytest.raises(Forbidden):
            FORMS[name](store, who, sent)
    assert store.activity.all(manager) == before


@EVERY_FORM
def test_what_was_answered_stands_in_the_form_from_then_on(
    store: Store, manager: Visitor, author: Visitor, name: str
) -> None:
    sent = answered(name, store, manager, **TYPED[name])
    FORMS[name](store, manager, sent)
    held = asked(name, store, manager).values
    numbers = {
        field.key for field in asked(name, store, manager).fields() if field.kind is Kind.NUMBER
    }
    said = {key: text.replace(",", "") if key in numbers else text for key, text in held.items()}
    assert said == {
        key: text.replace(",", "") if key in numbers else text for key, text in sent.values.items()
    }


# -- assumptions ---------------------------------------------------------------------------------


def assume(store: Store, manager: Visitor, **typed: str) -> Assumptions:
    assumptions.take(store, manager, answered(assumptions.NAME, store, manager, **typed))
    return store.assumptions.current(manager)


def test_assumptions_leave_the_rest_to_the_file(store: Store, manager: Visitor) -> None:
    typed = {"deal_value": "16,000", "quality": "70 %", "benchmark_1": "7"}
    assert assume(store, manager, **typed) == Assumptions(
        deal_value=16_000, benchmarks=(None, 0.07, None, None), quality=0.7
    )


def test_what_is_typed_back_to_what_the_file_says_is_the_files_again(
    store: Store, manager: Visitor
) -> None:
    assume(store, manager, deal_value="16,000", period="90", benchmark_1="7")
    back = {"deal_value": "8,000", "period": "365", "benchmark_1": ""}
    assert assume(store, manager, **back) == Assumptions()


@given(funnel=funnels(), quality=st.integers(0, 100), success=st.integers(0, 100))
def test_a_form_that_is_sent_as_it_stands_assumes_nothing_new(
    funnel: Funnel, quality: int, success: int
) -> None:
    believed = Assumptions(quality=quality / 100, success=success / 100)
    store = Store(":memory:")
    manager = Visitor(Role.MANAGER, store.workshops.start("Spring", funnel).workshop_id)
    store.assumptions.save(manager, believed)
    assert assume(store, manager) == believed
    store.close()


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("deal_value", "", "Write the deal value."),
        ("period", "", "Write the period."),
        ("period", "2.5", "Write a whole number, such as 90 or 1,000."),
        ("quality", "", "Write how well recovered prospects close."),
        ("success", "11", "Write a number from 0 to 10."),
        ("benchmark_3", "many", "Write a number, such as 8,000 or 2.5."),
    ],
)
def test_a_wrong_assumption_is_named_at_its_field_and_changes_nothing(
    store: Store, manager: Visitor, field: str, text: str, says: str
) -> None:
    sent = answered(assumptions.NAME, store, manager, **{field: text})
    with pytest.raises(Problems) as found:
        assumptions.take(store, manager, sent)
    assert list(found.value.by_field) == [field]
    assert found.value.by_field[field].endswith(says)
    assert store.assumptions.current(manager) == Assumptions()


def test_what_another_manager_assumes_is_in_the_form(store: Store, manager: Visitor) -> None:
    store.assumptions.save(manager, Assumptions(period_days=73, success=0.5))
    held = asked(assumptions.NAME, store, manager).values
    assert (held["period"], held["success"]) == ("73", "5")


# -- capacity ------------------------------------------------------------------------------------


def test_a_capacity_is_given_and_an_empty_one_is_no_limit(store: Store, manager: Visitor) -> None:
    capacity.take(store, manager, answered(capacity.NAME, store, manager, sales="4", marketing="0"))
    assert store.constraints.current(manager) == Choice(4, 0)
    capacity.take(store, manager, answered(capacity.NAME, store, manager, sales=""))
    assert store.constraints.current(manager) == Choice(None, 0)


@pytest.mark.parametrize("field", ["sales", "marketing"])
def test_a_wrong_capacity_is_named_at_its_field(field: str) -> None:
    form = capacity.capacity_form(Choice())
    assert problems_of(form, **{field: "1,000,001"}) == {
        field: "Write a number from 0 to 1,000,000."
    }


# -- commitments ---------------------------------------------------------------------------------


def test_an_idea_is_committed_without_retyping_it(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    sent = answered(commitment.NAME, store, manager, **TYPED[commitment.NAME])
    commitment.take(store, manager, sent)
    kpi, due = "Conversion rate MQL → SQL", date.today() + timedelta(days=42)
    [action] = store.commitments.all(manager)
    assert action == Commitment(A, A, "A", "Ada", "Bo", kpi, 0.4, 0.46, due, "Publish the rota")


def test_an_idea_without_person_days_can_be_committed(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    draft = IdeaDraft("No days", Estimate(0.3, 0.3, 0.3))
    store.ideas.save(author, named_id("No days"), 1, draft)
    idea = store.ideas.readable(manager)[-1]
    form = commitment.commitment_form(idea, store.funnels.current(manager), None)
    typed = {"owner": "Ada", **TYPED[commitment.NAME]}
    commitment.take(store, manager, answer(form, **typed))
    assert [action.idea_id for action in store.commitments.all(manager)] == [named_id("No days")]


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("title", "Write what will be done."),
        ("owner", "Name the owner."),
        ("co_owner", "Name the co-owner from the other side."),
        ("kpi", "Write which figure it moves."),
        ("baseline", "Write the rate of today."),
        ("target", "Write the rate to reach."),
        ("due", "Choose the day when it is due."),
        ("first_step", "Write the first step: what happens this week?"),
    ],
)
def test_an_action_that_lacks_something_is_not_agreed(
    store: Store, manager: Visitor, author: Visitor, field: str, says: str
) -> None:
    typed = TYPED[commitment.NAME] | {field: " "}
    with pytest.raises(Problems) as found:
        commitment.take(store, manager, answered(commitment.NAME, store, manager, **typed))
    assert found.value.by_field == {field: says}
    assert not store.commitments.all(manager)


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("title", "x" * 201, "This has 201 characters and is limited to 200; take 1 away"),
        ("owner", "x" * 81, "This has 81 characters and is limited to 80; take 1 away"),
        ("target", "130", "Write a number from 0 to 100."),
        ("due", "1.3.2027", "Write a date as year, month and day, such as 2027-03-31."),
    ],
)
def test_a_wrong_field_of_an_action_is_named(
    store: Store, manager: Visitor, author: Visitor, field: str, text: str, says: str
) -> None:
    typed = TYPED[commitment.NAME] | {field: text}
    assert problems_of(asked(commitment.NAME, store, manager), **typed) == {field: says}


def test_committing_again_changes_the_action_and_keeps_its_status(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    store.commitments.save(manager, replace(SIGNED, status=Status.DONE))
    form = asked(commitment.NAME, store, manager)
    assert (form.submit, form.values["target"]) == ("Save changes", "50")
    commitment.take(store, manager, answer(form, co_owner="Cleo", first_step="Ask again"))
    [action] = store.commitments.all(manager)
    assert action == replace(SIGNED, co_owner="Cleo", first_step="Ask again", status=Status.DONE)


def test_two_managers_who_commit_one_idea_at_once_make_one_action(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    both = [
        answered(commitment.NAME, store, manager, **TYPED[commitment.NAME] | {"co_owner": name})
        for name in ("Bo", "Cleo")
    ]
    for sent in both:
        commitment.take(store, manager, sent)
    [action] = store.commitments.all(manager)
    assert action.co_owner == "Cleo"


def test_an_idea_that_is_not_there_cannot_be_committed(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    sent = replace(
        answered(commitment.NAME, store, manager, **TYPED[commitment.NAME]),
        about={"idea": named_id("Z")},
    )
    with pytest.raises(Problems, match="This idea is not in the records"):
        commitment.take(store, manager, sent)
    assert not store.commitments.all(manager)


def test_the_drafts_of_two_ideas_are_kept_apart(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    store.ideas.save(author, named_id("B"), 1, IdeaDraft("B", Estimate(0.3, 0.3, 0.3)))
    forms = [
        commitment.commitment_form(idea, store.funnels.current(manager), None)
        for idea in store.ideas.readable(manager)
    ]
    assert [form.about for form in forms] == [{"idea": A}, {"idea": named_id("B")}]
