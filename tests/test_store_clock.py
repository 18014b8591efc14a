"""Whatever the clock says, what came later is later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.ids import named_id
from tests.test_store import DRAFT, joined, manager_of
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.choice import Condition, Demand
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate
from workshop.domain.people import Side
from workshop.domain.scenario import Scenario
from workshop.store import Store, records
from workshop.store.copies import KEPT

HOUR = timedelta(hours=1)
SUMMER_ENDS = datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)  # in Berlin the hour comes twice
LEAP_SECOND = datetime(2016, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
LEAP_DAY = datetime(2028, 2, 28, 23, 59, 59, tzinfo=UTC)
# What the clock says the first, the second, the third time it is asked, and so on.
CLOCKS: dict[str, Callable[[int], datetime]] = {
    "goes backwards": lambda n: SUMMER_ENDS - timedelta(seconds=n),
    "is put back two hours and forth": lambda n: (
        SUMMER_ENDS + timedelta(seconds=n) - n % 2 * 2 * HOUR
    ),
    "is put back once": lambda n: SUMMER_ENDS + timedelta(seconds=n) - (n > 15) * 2 * HOUR,
    "repeats a second": lambda n: LEAP_SECOND + timedelta(milliseconds=n % 700),
    "passes a leap day": lambda n: LEAP_DAY + n * 12 * HOUR,
    "loses a year": lambda n: LEAP_DAY - n * 365 * 24 * HOUR / 30,
}


@pytest.fixture(params=CLOCKS)
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The records live by one of these clocks, in a country that changes to summer time."""
    asked = iter(range(10**6))
    says = CLOCKS[request.param]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return says(next(asked))

    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setattr(records, "datetime", Clock)


@pytest.fixture
def store(clock: None, tmp_path: Path) -> Iterator[Store]:
    fresh = Store(tmp_path / "workshop.duckdb")
    yield fresh
    fresh.close()


def test_the_newest_copies_are_kept_and_the_newest_brings_back_what_was_newest(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.start("Spring", funnel)
    made = []
    for place in range(KEPT + 3):
        with store._change(facilitator) as change:
            change.trail("numbered", str(place))
        made.append(store.copy())
    assert store._made() == made[-KEPT:]
    before = store.replace_all(made[-KEPT])  # the oldest one, which goes when one is made
    assert store.activity(facilitator)[0][4] == str(len(made) - KEPT)
    assert store._made()[-1] == before
    store.replace_all(before)
    assert store.activity(facilitator)[0][4] == str(len(made) - 1)


def test_copies_of_an_older_app_are_older_than_all_others(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    store.copies.mkdir()
    names = [f"workshop-209901{day:02}-020000-000000.duckdb" for day in range(1, KEPT + 1)]
    for name in names:
        (store.copies / name).touch()
    made = store.copy()
    assert [path.name for path in store._made()] == [*names[1:], made.name]
    store.go(facilitator, Position(Phase.RANK))
    assert store._next is not None
    store._next.result()
    assert [path.name for path in store._made()[:-2]] == names[2:]


def test_a_withdrawn_link_stays_withdrawn_and_a_later_one_open(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.start("Spring", funnel)
    old = store.issue(facilitator, Role.MANAGER)
    copy = store.copy()
    store.withdraw_links(facilitator, Role.MANAGER)
    new = store.issue(facilitator, Role.MANAGER)
    before = store.replace_all(copy)
    assert store.admit(old) is None
    assert store.admit(new) is None
    store.replace_all(before)
    assert store.admit(old) is None
    assert store.admit(new) is not None


def test_who_was_removed_stays_out_and_who_was_taken_back_is_in(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.start("Spring", funnel)
    code = store.workshop(facilitator).code
    token = store.join(code, "Ada", Side.SALES)
    ada = store.admit(token)
    assert ada is not None
    copy = store.copy()
    store.remove(facilitator, ada.person_id)
    removed = store.copy()
    store.replace_all(copy)
    assert store.admit(token) is None
    store.restore(facilitator, ada.person_id)
    back = store.replace_all(removed)
    assert store.admit(token) is None
    store.replace_all(back)
    assert store.admit(token) is not None


def test_a_recovery_code_that_was_replaced_stays_replaced(store: Store, funnel: Funnel) -> None:
    facilitator = store.start("Spring", funnel)
    former = store.renew_recovery_code(facilitator)
    copy = store.copy()
    newer = store.renew_recovery_code(facilitator)
    store.replace_all(copy)
    assert store.find_by_recovery_code(former) is None
    assert store.find_by_recovery_code(newer) == facilitator.workshop_id


def written(store: Store, facilitator: Visitor) -> list[object]:
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    return [
        [person.name for team in store.teams(facilitator) for person in team.people],
        [idea.draft.title for idea in store.ideas(facilitator)],
        [idea.estimates for idea in store.ideas(facilitator)],
        [scenario.name for scenario in store.scenarios(manager)],
        store.choice(manager).conditions,
        [row[3:5] for row in store.activity(facilitator)],
    ]


def test_people_ideas_and_first_estimates_keep_their_order(
    store: Store, funnel: Funnel, tmp_path: Path
) -> None:
    facilitator = store.start("Spring", funnel)
    manager = manager_of(store, facilitator)
    people = {
        side: [joined(store, facilitator, f"{side} {n}", side) for n in range(2)]
        for side in (Side.SALES, Side.MARKETING)
    }
    seller = people[Side.SALES][0]
    team = store.person(seller).team_id
    [mate] = [p for p in people[Side.MARKETING] if store.person(p).team_id == team]
    ids = [named_id(letter) for letter in "QWERTY"]
    for number, idea_id in enumerate(ids):
        author, other = (seller, mate) if number % 2 else (mate, seller)
        store.save_idea(author, idea_id, 1, DRAFT)
        store.estimate(other, idea_id, Estimate(0.2, 0.3, 0.9))
        store.keep_scenario(manager, Scenario(f"Set {number}", 100, (0.1,) * 4, 8000))
        store.demand(manager, Condition(Demand.MUST, idea_id))
    ideas = store.ideas(facilitator)
    assert [idea.id for idea in ideas] == ids
    firsts = [idea.estimates[0][0] for idea in ideas]
    assert firsts == [Side.MARKETING, Side.SALES] * 3
    assert {idea.draft.recovers for idea in ideas} == {DRAFT.recovers}
    scenarios = store.scenarios(manager)
    assert [scenario.name for scenario in scenarios] == [f"Set {n}" for n in range(6)]
    asked = [condition.idea_id for condition in store.choice(manager).conditions]
    assert asked == ids
    before = written(store, facilitator)
    store.replace_all(store.copy())
    assert written(store, facilitator) == before
    elsewhere = Store(":memory:")
    restored = elsewhere.restore_workshop(store.backup(facilitator)).facilitator
    assert written(elsewhere, restored)[:-1] == before[:-1]
    elsewhere.close()
