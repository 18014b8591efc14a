"""Management's first screen: what is agreed, what to decide, and who signs for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tests.answers import answer
from tests.forms import drawn_form
from tests.ids import named_id
from tests.screens import screen
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.assumptions import Assumptions
from workshop.domain.commitment import Commitment, Status
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.forms import FORMS, commitments, success
from workshop.forms.form import Form, Problems
from workshop.live import services
from workshop.store import Repeated, Store
from workshop.ui import identity

A, B, C = map(named_id, "ABC")


@pytest.fixture
def manager(store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    manager = Visitor(Role.MANAGER, store.workshops.start("Spring off-site", funnel).workshop_id)
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(
        identity, "visitor", lambda role, code: manager if role is manager.role else None
    )
    return manager


@pytest.fixture
def author(store: Store, manager: Visitor) -> Visitor:
    """Ada, who has written A and B on the same losses, and C on others."""
    code = store.workshops.get(manager).code
    ada = store.tokens.admit(store.seats.join(code, "Ada", Side.SALES))
    assert ada is not None
    for title, fraction, reason in (
        ("A", 0.2, "No follow-up"),
        ("B", 0.3, "No follow-up"),
        ("C", 0.1, "No budget"),
    ):
        draft = IdeaDraft(title, Estimate(*3 * [fraction]), "", reason, 4, 0, "Ada")
        store.ideas.save(ada, named_id(title), 1, draft)
    return ada


def opened(store: Store, manager: Visitor) -> AppTest:
    return screen("manage.py", store.workshops.get(manager).code)


def words(app: AppTest) -> list[str]:
    return [element.value for element in [*app.text, *app.info, *app.error]]


def planned(app: AppTest) -> list[str]:
    """The ideas of the plan, as its table calls them."""
    [table] = [one.value for one in app.table if "Idea" in one.value.columns]
    return [str(idea).replace("\\", "") for idea in table["Idea"]]


def form_of(store: Store, manager: Visitor, *ids: str) -> Form:
    ideas = {idea.id: idea for idea in store.ideas.readable(manager)}
    return commitments.commitments_form([ideas[one] for one in ids])


# -- the screen ------------------------------------------------------------------------------------


def test_before_there_are_ideas_it_says_what_will_stand_here(
    store: Store, manager: Visitor
) -> None:
    app = opened(store, manager)
    assert "Nothing yet." in words(app)
    assert "the best choice stands here" in app.info[0].value
    assert drawn_form(app, "commitments_form") is None


def test_the_best_choice_stands_in_one_sentence_with_its_range(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    store.constraints.set_capacity(manager, 8, 0)
    said = words(opened(store, manager))
    # 1 − .8 · .7 of 210 at MQL → SQL, 13.2 points worth $4,200 each.
    assert (
        "Commit to these 2 ideas: $55k a year, as estimated, more than any other choice within "
        "8 sales days and 0 marketing days." in said
    )
    assert "Eight times in ten $42k–73k more a year, on top of $168k today." in said


def test_without_a_limit_it_asks_for_the_person_days(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    said = words(opened(store, manager))
    assert any("Enter the days that your teams can spare" in line for line in said)


def test_once_it_is_known_how_many_ideas_work_that_money_comes_first(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    store.constraints.set_capacity(manager, 8, 0)
    app = opened(store, manager)
    assert drawn_form(app, "success_form") is not None
    FORMS[success.NAME](store, manager, answer(success.success_form(), success="5"))
    app.run()
    assert drawn_form(app, "success_form") is None
    said = words(app)
    assert any(line.startswith("Commit to these 2 ideas: probably $") for line in said)
    assert any("If all worked as the teams estimate: $55k." in line for line in said)


def test_the_bridge_leads_from_single_gains_to_the_joint_one(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    app = opened(store, manager)
    [table] = [one.value for one in app.table if "Part" in one.value]
    assert table["Money a year"].tolist() == ["\\$71k", "− \\$7\\.6k", "\\+ \\$0", "\\$63k"]


def test_what_is_agreed_stands_first_and_is_not_asked_again(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    signed = Commitment(A, A, "A", "Ada", "Bo", "Rate", 0.4, 0.5, date(2027, 3, 1), "Ask")
    store.commitments.save(manager, signed)
    store.constraints.set_capacity(manager, 20, 0)
    app = opened(store, manager)
    said = words(app)
    assert "1 action: together $25k a year, as estimated." in said
    assert "A: Ada with Bo, by 1 March 2027 (open)" in said
    assert "A (agreed ✓)" in planned(app)
    asked = drawn_form(app, "commitments_form")
    assert asked["about"] == {"ideas": f"{B} {C}"}


def test_what_the_new_ideas_add_stands_beside_the_sum(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    store.constraints.set_capacity(manager, 8, 0)
    signed = Commitment(A, A, "A", "Ada", "Bo", "Rate", 0.4, 0.5, date(2027, 3, 1), "Ask")
    store.commitments.save(manager, signed)
    # A alone $25,200, A and B $55,440.
    assert (
        "Commit to this idea: it adds $30k a year, as estimated. With what is agreed that is "
        "$55k a year, as estimated, more than any other choice within 8 sales days and "
        "0 marketing days."
    ) in words(opened(store, manager))


def test_what_is_agreed_is_in_the_plan_and_has_its_days_first(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    """A brings less than B, and for four days only one of them fits."""
    store.constraints.set_capacity(manager, 4, 0)
    assert "Commit to this idea: $38k a year, as estimated" in " ".join(
        words(opened(store, manager))
    )
    signed = Commitment(A, A, "A", "Ada", "Bo", "Rate", 0.4, 0.5, date(2027, 3, 1), "Ask")
    store.commitments.save(manager, signed)
    said = words(opened(store, manager))
    assert "The best plan is agreed: $25k a year, as estimated." in said
    store.constraints.set_capacity(manager, 3, 0)
    app = opened(store, manager)
    assert "What is agreed takes 4 of 3 sales days." in app.warning[0].value
    assert "The best plan is agreed: $25k a year, as estimated." in words(app)
    store.commitments.save(manager, replace(signed, status=Status.DROPPED))
    assert not opened(store, manager).warning


# -- committing ------------------------------------------------------------------------------------


def test_the_ideas_of_a_plan_become_actions_at_once(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    typed = {
        f"co_owner_{A}": "Bo",
        f"first_step_{A}": "Publish the rota",
        f"co_owner_{B}": "Cy",
        f"first_step_{B}": "Write the note",
        "due": "2027-03-01",
    }
    sent = answer(form_of(store, manager, A, B, C), **typed)
    FORMS[commitments.NAME](store, manager, sent)
    first, second = store.commitments.all(manager)
    assert (first.title, first.owner, first.co_owner) == ("A", "Ada", "Bo")
    assert (first.baseline, first.target) == (0.4, 0.46)
    assert (first.kpi, first.due) == ("Conversion rate MQL → SQL", date(2027, 3, 1))
    assert second.first_step == "Write the note"
    with pytest.raises(Repeated):
        FORMS[commitments.NAME](store, manager, sent)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, {f"co_owner_{A}"}),
        ({f"co_owner_{A}": "Bo"}, {f"first_step_{A}"}),
        ({f"first_step_{A}": "Ask", f"owner_{A}": ""}, {f"owner_{A}", f"co_owner_{A}"}),
        ({f"co_owner_{A}": "Bo", f"first_step_{A}": "Ask", "due": ""}, {"due"}),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_agreed(
    store: Store, manager: Visitor, author: Visitor, typed: dict[str, str], fields: set[str]
) -> None:
    with pytest.raises(Problems) as problems:
        FORMS[commitments.NAME](store, manager, answer(form_of(store, manager, A, B), **typed))
    assert set(problems.value.by_field) == fields
    assert not store.commitments.all(manager)


def test_an_idea_that_another_manager_has_committed_meanwhile_stays_one_action(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    typed = {f"co_owner_{A}": "Bo", f"first_step_{A}": "Ask"}
    first, second = (answer(form_of(store, manager, A), **typed) for _ in range(2))
    FORMS[commitments.NAME](store, manager, first)
    FORMS[commitments.NAME](store, manager, second)
    assert len(store.commitments.all(manager)) == 1


def test_a_dropped_action_is_no_longer_agreed_and_can_be_taken_up_again(
    store: Store, manager: Visitor, author: Visitor
) -> None:
    dropped = Commitment(
        named_id("other"), A, "A", "Ada", "Bo", "Rate", 0.4, 0.5, date(2027, 3, 1), "Ask"
    )
    store.commitments.save(manager, replace(dropped, status=Status.DROPPED))
    store.constraints.set_capacity(manager, 8, 0)
    app = opened(store, manager)
    assert "A" in planned(app)
    assert "A (agreed ✓)" not in planned(app)
    assert drawn_form(app, "commitments_form")["about"] == {"ideas": f"{B} {A}"}
    sent = answer(form_of(store, manager, A), **{f"co_owner_{A}": "Cy", f"first_step_{A}": "Call"})
    FORMS[commitments.NAME](store, manager, sent)
    [action] = store.commitments.all(manager)
    assert (action.id, action.status, action.co_owner) == (dropped.id, Status.OPEN, "Cy")


def test_nobody_else_commits(store: Store, manager: Visitor, author: Visitor) -> None:
    sent = answer(form_of(store, manager, A), **{f"co_owner_{A}": "B", f"first_step_{A}": "C"})
    facilitator = Visitor(Role.FACILITATOR, manager.workshop_id)
    with pytest.raises(Forbidden):
        FORMS[commitments.NAME](store, facilitator, sent)
    with pytest.raises(Forbidden):
        FORMS[success.NAME](store, facilitator, answer(success.success_form(), success="5"))


@pytest.mark.parametrize("typed", ["", "eleven", "11"])
def test_how_many_of_ten_work_is_a_number_up_to_ten(
    store: Store, manager: Visitor, typed: str
) -> None:
    with pytest.raises(Problems):
        FORMS[success.NAME](store, manager, answer(success.success_form(), success=typed))
    assert store.assumptions.current(manager) == Assumptions()
