"""What the best plan has to respect is kept, can be taken back, and is management's alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ids import ONE, TWO
from tests.store.test_store import DRAFT, joined, manager_of
from workshop.domain.access import Forbidden, Visitor
from workshop.domain.choice import Choice, Condition, Demand
from workshop.domain.funnel import Funnel
from workshop.domain.scenario import Scenario
from workshop.store import PLAN, Store, StoreError

SOBER = Scenario("Sober", 1800, (0.3, 0.4, 0.3, 0.2), 7000, 0.8, 0.5)


@pytest.fixture
def facilitator(store: Store, funnel: Funnel) -> Visitor:
    """The facilitator of a workshop with the ideas "one" and "two"."""
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    for idea_id in (ONE, TWO):
        store.ideas.save(ada, idea_id, 1, DRAFT)
    return facilitator


@pytest.fixture
def manager(store: Store, facilitator: Visitor) -> Visitor:
    return manager_of(store, facilitator)


def verbs(store: Store, manager: Visitor) -> list[str]:
    return [row[3] for row in store.activity.all(manager)]


def test_at_first_nothing_limits_the_plan(store: Store, manager: Visitor) -> None:
    assert store.constraints.current(manager) == Choice()


def test_capacity_is_kept_and_can_be_lifted_again(store: Store, manager: Visitor) -> None:
    before = store.version(manager.workshop_id, PLAN)
    store.constraints.set_capacity(manager, 40, 30.5)
    assert store.constraints.current(manager) == Choice(40, 30.5)
    assert store.version(manager.workshop_id, PLAN) > before
    store.constraints.set_capacity(manager, None, 0)
    assert store.constraints.current(manager) == Choice(None, 0)
    assert verbs(store, manager)[:2] == ["capacity_set"] * 2


def test_a_capacity_below_nothing_is_refused_and_changes_nothing(
    store: Store, manager: Visitor
) -> None:
    with pytest.raises(ValueError, match="the capacity of sales in days is -1"):
        store.constraints.set_capacity(manager, -1, 3)
    assert store.constraints.current(manager) == Choice()


def test_conditions_are_kept_once_and_can_be_taken_back(store: Store, manager: Visitor) -> None:
    first = Condition(Demand.REQUIRES, TWO, ONE)
    pinned = Condition(Demand.MUST, ONE)
    for condition in (first, pinned, first):
        store.constraints.add(manager, condition)
    assert store.constraints.current(manager).conditions == (first, pinned)
    store.constraints.remove(manager, first)
    assert store.constraints.current(manager).conditions == (pinned,)
    assert verbs(store, manager)[:2] == ["condition_removed", "condition_added"]


def test_an_exclusion_said_the_other_way_round_is_the_same(store: Store, manager: Visitor) -> None:
    store.constraints.add(manager, Condition(Demand.EXCLUDES, ONE, TWO))
    store.constraints.add(manager, Condition(Demand.EXCLUDES, TWO, ONE))
    assert len(store.constraints.current(manager).conditions) == 1


def test_an_idea_cannot_be_both_pinned_and_banned(store: Store, manager: Visitor) -> None:
    store.constraints.add(manager, Condition(Demand.MUST, ONE))
    store.constraints.add(manager, Condition(Demand.BAN, ONE))
    assert store.constraints.current(manager).conditions == (Condition(Demand.BAN, ONE),)


def test_a_condition_on_an_unknown_idea_is_refused(store: Store, manager: Visitor) -> None:
    with pytest.raises(StoreError, match="not in the records"):
        store.constraints.add(manager, Condition(Demand.REQUIRES, ONE, "three"))
    assert not store.constraints.current(manager).conditions


def test_conditions_that_make_no_sense_are_no_conditions() -> None:
    with pytest.raises(ValueError, match="choose another one"):
        Condition(Demand.REQUIRES, ONE, ONE)
    with pytest.raises(ValueError, match="'excludes' cannot be said of one idea"):
        Condition(Demand.EXCLUDES, ONE)
    with pytest.raises(ValueError, match="cannot be said of two ideas"):
        Condition(Demand.MUST, ONE, TWO)


def test_a_named_set_is_replaced_under_its_name_and_can_be_removed(
    store: Store, manager: Visitor
) -> None:
    bold = Scenario("Bold", 2500, SOBER.rates, 9000)
    for scenario in (SOBER, bold):
        store.scenarios.save(manager, scenario)
    assert store.scenarios.all(manager) == (SOBER, bold)
    lower = Scenario("Sober", 1500, SOBER.rates, 7000)
    store.scenarios.save(manager, lower)
    assert store.scenarios.all(manager) == (lower, bold)
    store.scenarios.remove(manager, "Sober")
    assert store.scenarios.all(manager) == (bold,)
    assert verbs(store, manager)[0] == "scenario_removed"


def test_so_many_sets_are_kept_and_no_more(store: Store, manager: Visitor) -> None:
    for number in range(12):
        store.scenarios.save(manager, Scenario(f"{number}", 1, (0.5,) * 4, 1))
    with pytest.raises(StoreError, match="12 scenarios are kept at most"):
        store.scenarios.save(manager, SOBER)
    store.scenarios.save(manager, Scenario("3", 2, (0.5,) * 4, 1))


def test_the_choice_is_managements_alone(store: Store, facilitator: Visitor) -> None:
    ada = joined(store, facilitator, "Bea")
    pinned = Condition(Demand.MUST, ONE)
    for visitor in (facilitator, ada):
        for change in (
            lambda who: store.constraints.set_capacity(who, 1, 1),
            lambda who: store.constraints.add(who, pinned),
            lambda who: store.constraints.remove(who, pinned),
            lambda who: store.scenarios.save(who, SOBER),
            lambda who: store.scenarios.remove(who, "Sober"),
        ):
            with pytest.raises(Forbidden):
                change(visitor)


def test_one_workshop_does_not_see_the_choice_of_another(
    store: Store, manager: Visitor, funnel: Funnel
) -> None:
    other = manager_of(store, store.workshops.start("Autumn", funnel))
    store.constraints.set_capacity(manager, 1, 1)
    store.scenarios.save(manager, SOBER)
    with pytest.raises(StoreError):
        store.constraints.add(other, Condition(Demand.MUST, ONE))
    assert store.constraints.current(other) == Choice()
    assert not store.scenarios.all(other)


def test_the_choice_is_there_again_after_the_file_is_opened_anew(
    tmp_path: Path, funnel: Funnel
) -> None:
    before = Store(tmp_path / "workshop.duckdb")
    manager = manager_of(before, before.workshops.start("Spring", funnel))
    before.constraints.set_capacity(manager, 3, None)
    before.scenarios.save(manager, SOBER)
    before.close()
    after = Store(tmp_path / "workshop.duckdb")
    assert after.constraints.current(manager) == Choice(3, None)
    assert after.scenarios.all(manager) == (SOBER,)
    after.close()
