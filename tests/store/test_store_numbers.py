"""New numbers for a running workshop: a new version, and every idea survives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.ids import ONE, TWO
from workshop.analysis.ranking import ranking
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.import_codes import Basis, Cause, Counting, Shape
from workshop.domain.origin import Origin
from workshop.domain.people import Owner, Side
from workshop.store import Store, StoreError

ORIGIN = Origin(
    ("deals.csv",),
    Shape.DEALS,
    columns={"lead": "deal_id"},
    stages=("Lead", "Won"),
    counting=Counting.DEEPEST,
    basis=Basis.NAIVE,
    rows_read=120,
    set_aside={Cause.UNREADABLE: 3},
    cautions=("Half of them are still open.",),
)
IDEA = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4), reason="No follow-up")


def fewer(funnel: Funnel) -> Funnel:
    """The same stages a quarter later; nobody says any more why they were lost."""
    return Funnel.from_counts(
        {stage: count // 2 for stage, count in zip(funnel.stages, funnel.counts, strict=True)},
        deal_value=9_000,
        currency=funnel.currency,
        period_days=91,
    )


def segmented(funnel: Funnel) -> Funnel:
    """The same numbers, with the channels of some of those lost at MQL → SQL."""
    segments = {"Paid search": {"No follow-up": 120, "": 20}, "Events": {"No budget": 60}}
    step = replace(funnel.steps[1], segments=segments)
    return replace(funnel, steps=(funnel.steps[0], step, *funnel.steps[2:]))


def participant(store: Store, facilitator: Visitor) -> Visitor:
    code = store.workshops.get(facilitator).code
    visitor = store.tokens.admit(store.seats.join(code, "Ada", Side.SALES))
    assert visitor is not None
    return visitor


def test_a_workshop_remembers_where_its_numbers_come_from(tmp_path: Path, funnel: Funnel) -> None:
    before = Store(tmp_path / "workshop.duckdb")
    facilitator = before.workshops.start("Spring", funnel, ORIGIN)
    before.close()
    after = Store(tmp_path / "workshop.duckdb")
    [version] = after.funnels.versions(facilitator)
    assert (version.number, version.origin) == (1, ORIGIN)
    after.close()


def test_nobody_has_to_say_where_numbers_come_from(store: Store, funnel: Funnel) -> None:
    [version] = store.funnels.versions(store.workshops.start("Spring", funnel))
    assert version.origin is None


def test_new_numbers_are_a_new_version_and_the_old_ones_stay(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    newer = fewer(funnel)
    store.funnels.replace(facilitator, newer, ORIGIN)
    assert store.funnels.current(facilitator) == newer
    newest, oldest = store.funnels.versions(facilitator)
    assert (newest.number, newest.origin) == (2, ORIGIN)
    assert (oldest.number, oldest.origin) == (1, None)
    assert newest.created_at > oldest.created_at


def test_going_back_makes_the_old_numbers_the_newest_version(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel, ORIGIN)
    store.funnels.replace(facilitator, fewer(funnel), None)
    store.funnels.return_to(facilitator, 1)
    assert store.funnels.current(facilitator) == funnel
    assert [version.number for version in store.funnels.versions(facilitator)] == [3, 2, 1]
    assert store.funnels.versions(facilitator)[0].origin == ORIGIN


def test_there_is_no_way_back_to_a_version_that_never_was(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    with pytest.raises(StoreError, match="no version 7"):
        store.funnels.return_to(facilitator, 7)


def test_every_change_of_numbers_is_in_the_trail(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    store.funnels.replace(facilitator, fewer(funnel), ORIGIN)
    store.funnels.return_to(facilitator, 1)
    verbs = [(row[3], row[4]) for row in store.activity.all(facilitator)]
    assert verbs[:2] == [
        ("numbers_taken_back", "3"),
        ("numbers_replaced", "2"),
    ]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PROJECTOR])
def test_only_the_facilitator_changes_the_numbers(store: Store, funnel: Funnel, role: Role) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    visitor = store.tokens.admit(store.tokens.issue(facilitator, role))
    assert visitor is not None
    with pytest.raises(Forbidden):
        store.funnels.replace(visitor, fewer(funnel), None)
    with pytest.raises(Forbidden):
        store.funnels.return_to(visitor, 1)
    assert store.funnels.current(facilitator) == funnel


def test_a_mini_team_neither_changes_nor_lists_the_numbers(store: Store, funnel: Funnel) -> None:
    ada = participant(store, store.workshops.start("Spring", funnel))
    for forbidden in (
        lambda: store.funnels.replace(ada, fewer(funnel), None),
        lambda: store.funnels.return_to(ada, 1),
        lambda: store.funnels.versions(ada),
    ):
        with pytest.raises(Forbidden):
            forbidden()


@pytest.mark.parametrize("stages", [("Lead", "MQL", "Won"), ("Lead", "SQL", "MQL", "Opp", "Won")])
def test_other_stages_are_refused_in_a_sentence(
    store: Store, funnel: Funnel, stages: tuple[str, ...]
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    other = Funnel.from_counts(
        dict.fromkeys(stages, 10), deal_value=1, currency="EUR", period_days=30
    )
    with pytest.raises(StoreError, match="same names in the same order"):
        store.funnels.replace(facilitator, other, ORIGIN)
    assert store.funnels.current(facilitator) == funnel
    assert len(store.funnels.versions(facilitator)) == 1


def test_an_idea_survives_numbers_that_lack_its_reason(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = participant(store, facilitator)
    store.ideas.save(ada, ONE, 1, IDEA)
    store.ideas.save(ada, TWO, 1, replace(IDEA, reason="No budget"))
    store.ideas.withdraw(ada, TWO)
    store.funnels.replace(facilitator, fewer(funnel), ORIGIN)
    step = store.funnels.current(facilitator).steps[1]
    assert step.losses == {"No budget": 0, "No follow-up": 0}
    assert step.unexplained == step.lost
    ranked = ranking(
        store.funnels.current(facilitator),
        store.assumptions.current(facilitator),
        store.ideas.readable(facilitator),
        {team.id: team.name for team in store.seats.teams(facilitator)},
    )
    assert ranked.set_index("id").loc[ONE, "gain"] == 0
    store.ideas.withdraw(ada, TWO, False)
    store.ideas.save(ada, ONE, 1, replace(IDEA, title="Call within an hour"))
    assert [idea.draft.title for idea in store.ideas.readable(facilitator)] == [
        "Call within an hour",
        "Call within a day",
    ]


def test_a_funnel_and_its_ideas_keep_their_segments(tmp_path: Path, funnel: Funnel) -> None:
    told, aimed = segmented(funnel), replace(IDEA, segment="Paid search")
    before = Store(tmp_path / "workshop.duckdb")
    facilitator = before.workshops.start("Spring", told)
    ada = participant(before, facilitator)
    before.ideas.save(ada, ONE, 1, aimed)
    before.close()
    after = Store(tmp_path / "workshop.duckdb")
    assert after.funnels.current(facilitator) == told
    assert [idea.draft for idea in after.ideas.readable(facilitator)] == [aimed]
    with pytest.raises(ValueError, match="'Radio' is no segment of MQL → SQL"):
        after.ideas.save(ada, TWO, 1, replace(IDEA, segment="Radio"))
    after.close()


def test_an_idea_survives_numbers_that_lack_its_segment(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", segmented(funnel))
    ada = participant(store, facilitator)
    store.ideas.save(ada, ONE, 1, replace(IDEA, segment="Paid search"))
    store.ideas.save(ada, TWO, 1, replace(IDEA, reason=None, segment="Events"))
    newer = replace(funnel.steps[1], segments={"Events": {"": 7}})
    steps = (funnel.steps[0], newer, *funnel.steps[2:])
    store.funnels.replace(facilitator, replace(funnel, steps=steps), ORIGIN)
    assert store.funnels.current(facilitator).steps[1].segments == {
        "Events": {"": 7},
        "Paid search": {},
    }
    ranked = ranking(
        store.funnels.current(facilitator),
        store.assumptions.current(facilitator),
        store.ideas.readable(facilitator),
        {},
    ).set_index("id")
    assert ranked.loc[ONE, "gain"] == 0 < ranked.loc[TWO, "gain"]
    store.ideas.save(ada, ONE, 1, replace(IDEA, title="Within an hour", segment="Paid search"))


def test_a_reason_that_the_new_numbers_have_keeps_their_count(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    store.ideas.save(participant(store, facilitator), ONE, 1, IDEA)
    step = replace(fewer(funnel).steps[1], losses={"No follow-up": 5})
    steps = (fewer(funnel).steps[0], step, *fewer(funnel).steps[2:])
    store.funnels.replace(facilitator, replace(fewer(funnel), steps=steps), ORIGIN)
    assert store.funnels.current(facilitator).steps[1].losses == {"No follow-up": 5}


def test_owners_and_benchmarks_that_new_numbers_do_not_say_stay(
    store: Store, funnel: Funnel
) -> None:
    owned = replace(funnel.steps[0], owner=Owner.MARKETING, benchmark=0.4)
    facilitator = store.workshops.start("Spring", replace(funnel, steps=(owned, *funnel.steps[1:])))
    store.funnels.replace(facilitator, fewer(funnel), ORIGIN)
    step = store.funnels.current(facilitator).steps[0]
    assert (step.owner, step.benchmark, step.entered) == (Owner.MARKETING, 0.4, 1000)
