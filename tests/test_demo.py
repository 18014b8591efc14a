"""The filled example."""

from __future__ import annotations

from workshop.domain.agenda import Phase
from workshop.domain.people import Side
from workshop.server import demo
from workshop.store import Store


def test_the_example_stands_at_its_ranking_with_mixed_teams_and_an_action(store: Store) -> None:
    facilitator = demo.fill(store)
    workshop = store.workshop(facilitator)
    assert workshop.is_demo
    assert workshop.position.phase is Phase.RANK
    assert len(store.ideas(facilitator)) == 9
    assert len(store.actions(facilitator)) == 1
    for team in store.teams(facilitator):
        assert {Side.SALES, Side.MARKETING} <= {person.side for person in team.people}


def test_in_three_ideas_of_the_example_the_two_sides_differ(store: Store) -> None:
    differing = [
        {side for side, _ in idea.estimates}
        for idea in store.ideas(demo.fill(store))
        if len(set(idea.beliefs)) > 1
    ]
    assert differing == 3 * [{Side.SALES, Side.MARKETING}]


def test_two_examples_do_not_touch_each_other(store: Store) -> None:
    first, second = demo.fill(store), demo.fill(store)
    assert store.workshop(first).code != store.workshop(second).code
    assert len(store.ideas(first)) == len(store.ideas(second)) == 9
