"""What a mini-team's buttons send: each does what it says, and refuses what it cannot mean."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.ids import ONE, named_id
from tests.store.test_store import DRAFT, joined, manager_of
from tests.team_page import TeamPage
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.agreement import ClauseKind
from workshop.domain.people import Side
from workshop.forms import FORMS, presses
from workshop.forms.form import Problems, Submission
from workshop.store import Repeated, Store, StoreError

ABOUT = {
    presses.WITHDRAW: "idea",
    presses.BRING_BACK: "idea",
    presses.DONE: "step",
    presses.REOPEN: "step",
    presses.SHOW_IDEAS: "person",
    presses.SHARE_SEAT: "device",
    presses.TURN_DEVICE_AWAY: "device",
    presses.UNSIGN: "version",
}
COUNTED = {name for name, about in ABOUT.items() if about in ("step", "version")}


@pytest.fixture
def ada(records: Store, facilitator: Visitor) -> Visitor:
    """Sales, whose mini-team writes ideas for the second step."""
    records.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    return joined(records, facilitator, "Ada", Side.SALES)


def send(store: Store, who: Visitor, name: str, **about: str) -> str:
    return FORMS[name](store, who, Submission(uuid4().hex, about, {}, "."))


def test_each_press_is_a_form_without_a_field() -> None:
    assert {name for name, take in FORMS.items() if take.__module__ == presses.__name__} == {*ABOUT}


def test_an_idea_is_withdrawn_and_brought_back(records: Store, ada: Visitor) -> None:
    records.ideas.save(ada, ONE, 1, DRAFT)
    page = TeamPage(ada)
    page.press(f"withdraw_{ONE}")
    assert f"Withdrawn: {DRAFT.title}" in page.texts
    assert f"edit_{ONE}" not in page.buttons
    assert records.ideas.readable(ada)[0].withdrawn
    page.press(f"restore_{ONE}")
    assert DRAFT.title in page.texts
    assert not records.ideas.readable(ada)[0].withdrawn


def test_a_mini_team_is_done_with_a_step_and_opens_it_again(records: Store, ada: Visitor) -> None:
    page = TeamPage(ada)
    page.press("done_at_1_False")
    assert page.buttons["done_at_1_True"]["label"] == "Reopen this step"
    assert records.seats.teams(ada)[0].done == {1}
    page.press("done_at_1_True")
    assert records.seats.teams(ada)[0].done == frozenset()


def test_a_press_whose_answer_was_lost_counts_once(records: Store, ada: Visitor) -> None:
    """Sent again, it does not undo what somebody has done meanwhile, and complains of nothing."""
    records.ideas.save(ada, ONE, 1, DRAFT)
    for first, after, about in (
        (presses.DONE, presses.REOPEN, {"step": "1"}),
        (presses.WITHDRAW, presses.BRING_BACK, {"idea": ONE}),
    ):
        press = Submission(uuid4().hex, about, {}, ".")
        FORMS[first](records, ada, press)
        send(records, ada, after, **about)
        with pytest.raises(Repeated):
            FORMS[first](records, ada, press)
    assert records.seats.teams(ada)[0].done == frozenset()
    assert not records.ideas.readable(ada)[0].withdrawn


def test_a_signature_is_taken_back(records: Store, facilitator: Visitor, ada: Visitor) -> None:
    manager = manager_of(records, facilitator)
    records.agreements.save(manager, [(ClauseKind.BOTH, "We call within a day.")])
    records.agreements.sign(ada, 1)
    records.agenda.move_to(facilitator, Position(Phase.AGREEMENT))
    page = TeamPage(ada)
    page.press("unsign_own_1")
    assert not records.agreements.signatures(ada)
    assert "unsign_own_1" not in page.buttons


@pytest.mark.parametrize("name", ABOUT)
def test_a_press_that_does_not_say_what_it_is_about_is_refused(
    records: Store, ada: Visitor, name: str
) -> None:
    for about in ({}, {ABOUT[name]: ""}, {"other": ONE}):
        with pytest.raises(Problems) as refused:
            send(records, ada, name, **about)
        assert refused.value.by_field == {"": presses.NOT_UNDERSTOOD}


@pytest.mark.parametrize("name", sorted(COUNTED))
@pytest.mark.parametrize(
    "number", ["-1", "1.0", "1e3", "²", "१", " 1", "0x1", "x", "9" * 6, "9" * 5000]
)
def test_what_is_no_number_is_refused(records: Store, ada: Visitor, name: str, number: str) -> None:
    with pytest.raises(Problems, match="belongs to an older page"):
        send(records, ada, name, **{ABOUT[name]: number})


@pytest.mark.parametrize("name", [presses.DONE, presses.REOPEN])
@pytest.mark.parametrize("step", ["4", "99999"])
def test_no_mini_team_is_done_with_a_step_that_is_not_there(
    records: Store, ada: Visitor, name: str, step: str
) -> None:
    with pytest.raises(Problems, match="belongs to an older page"):
        send(records, ada, name, step=step)
    assert records.seats.teams(ada)[0].done == frozenset()


@pytest.mark.parametrize("name", sorted({*ABOUT} - COUNTED))
@pytest.mark.parametrize(
    "about",
    [named_id("nobody"), "' OR 1=1 --", "x" * 5000, "\x00"],
    ids=lambda about: ascii(about)[:12],
)
def test_what_is_not_in_the_records_is_said_in_a_sentence(
    records: Store, ada: Visitor, name: str, about: str
) -> None:
    with pytest.raises((StoreError, ValueError)) as refused:
        send(records, ada, name, **{ABOUT[name]: about})
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("name", [presses.WITHDRAW, presses.BRING_BACK])
def test_nobody_withdraws_or_brings_back_the_idea_of_another_mini_team(
    records: Store, facilitator: Visitor, ada: Visitor, name: str
) -> None:
    records.ideas.save(ada, ONE, 1, DRAFT)
    people = [joined(records, facilitator, letter) for letter in "BCDEFG"]
    own = records.seats.person(ada).team_id
    stranger = next(who for who in people if records.seats.person(who).team_id != own)
    with pytest.raises(Forbidden, match="belongs to another mini-team"):
        send(records, stranger, name, idea=ONE)
    assert not records.ideas.readable(ada)[0].withdrawn


@pytest.mark.parametrize("name", sorted({presses.DONE, presses.REOPEN, presses.UNSIGN}))
@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR])
def test_only_who_sits_in_a_mini_team_speaks_for_it(
    records: Store, facilitator: Visitor, ada: Visitor, name: str, role: Role
) -> None:
    who = Visitor(role, facilitator.workshop_id)
    with pytest.raises(Forbidden):
        send(records, who, name, **{ABOUT[name]: "1"})
