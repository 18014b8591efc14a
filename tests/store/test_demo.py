"""The filled example."""

from __future__ import annotations

from workshop.domain.agenda import Phase
from workshop.domain.people import Side
from workshop.server import demo
from workshop.store import Store


def test_the_example_stands_at_its_ranking_with_mixed_teams_and_an_action(store: Store) -> None:
    facilitator = demo.fill(store)
    workshop = store.workshops.get(facilitator)
    assert workshop.is_demo
    assert workshop.position.phase == Phase.RANK
    assert len(store.ideas.readable(facilitator)) == 9
    assert len(store.actions.all(facilitator)) == 1
    for team in store.seats.teams(facilitator):
        assert {Side.SALES, Side.MARKETING} <= {person.side for person in team.people}


def test_in_three_ideas_of_the_example_the_two_sides_differ(store: Store) -> None:
    differing = [
        {side for side, _ in idea.estimates}
        for idea in store.ideas.readable(demo.fill(store))
        if len(set(idea.beliefs)) > 1
    ]
    assert differing == 3 * [{Side.SALES, Side.MARKETING}]


def test_two_examples_do_not_touch_each_other(store: Store) -> None:
    first, second = demo.fill(store), demo.fill(store)
    assert store.workshops.get(first).code != store.workshops.get(second).code
    assert len(store.ideas.readable(first)) == len(store.ideas.readable(second)) == 9
