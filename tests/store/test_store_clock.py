"""Whatever the clock says, what came later is later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.examples import is_thorough
from tests.ids import named_id
from tests.store.test_store import DRAFT, joined, manager_of
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.choice import Condition, Demand
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate
from workshop.domain.people import Side
from workshop.domain.scenario import Scenario
from workshop.store import Store
from workshop.store.copies import KEPT

HOUR = timedelta(hours=1)
SUMMER_ENDS = datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)  # in Berlin the hour comes twice
LEAP_SECOND = datetime(2016, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
LEAP_DAY = datetime(2028, 2, 28, 23, 59, 59, tzinfo=UTC)
# What the clock says the first, the second, the third time it is asked, and so on.
CLOCKS: dict[str, Callable[[int], datetime]] = {
    "goes backwards": lambda n: SUMMER_ENDS - timedelta(seconds=n),
    "repeats a second": lambda n: LEAP_SECOND + timedelta(milliseconds=n % 700),
}
# The same orders again: now and then or once backwards, forward, and backwards further at a time.
MORE_CLOCKS: dict[str, Callable[[int], datetime]] = {
    "is put back two hours and forth": lambda n: (
        SUMMER_ENDS + timedelta(seconds=n) - n % 2 * 2 * HOUR
    ),
    "is put back once": lambda n: SUMMER_ENDS + timedelta(seconds=n) - (n > 15) * 2 * HOUR,
    "passes a leap day": lambda n: LEAP_DAY + n * 12 * HOUR,
    "loses a year": lambda n: LEAP_DAY - n * 365 * 24 * HOUR / 30,
}


@pytest.fixture(params=CLOCKS | MORE_CLOCKS if is_thorough() else CLOCKS)
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The records live by one of these clocks, in a country that changes to summer time."""
    asked = iter(range(10**6))
    says = (CLOCKS | MORE_CLOCKS)[request.param]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return says(next(asked))

    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setattr("workshop.store.clock.datetime", Clock)


@pytest.fixture
def store(clock: None, tmp_path: Path) -> Iterator[Store]:
    fresh = Store(tmp_path / "workshop.duckdb")
    yield fresh
    fresh.close()


def test_the_newest_copies_are_kept_and_the_newest_brings_back_what_was_newest(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = 3
    monkeypatch.setattr("workshop.store.copies.KEPT", kept)
    facilitator = store.workshops.start("Spring", funnel)
    made = []
    for place in range(kept + 3):
        with store.database.change(facilitator) as change:
            change.log_activity("numbered", str(place))
        made.append(store.copies.make())
    assert store.copies.all() == made[-kept:]
    before = store.copies.replace_all(made[-kept])  # the oldest one, which goes when one is made
    assert store.activity.all(facilitator)[0][4] == str(len(made) - kept)
    assert store.copies.all()[-1] == before
    store.copies.replace_all(before)
    assert store.activity.all(facilitator)[0][4] == str(len(made) - 1)


def test_copies_of_an_older_app_are_older_than_all_others(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    store.copies.folder.mkdir()
    names = [f"workshop-209901{day:02}-020000-000000.duckdb" for day in range(1, KEPT + 1)]
    for name in names:
        (store.copies.folder / name).touch()
    made = store.copies.make()
    assert [path.name for path in store.copies.all()] == [*names[1:], made.name]
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    assert store.copies.underway is not None
    store.copies.underway.result()
    assert [path.name for path in store.copies.all()[:-2]] == names[2:]


def test_a_withdrawn_link_stays_withdrawn_and_a_later_one_open(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    old = store.tokens.issue(facilitator, Role.MANAGER)
    copy = store.copies.make()
    store.tokens.withdraw_links(facilitator, Role.MANAGER)
    new = store.tokens.issue(facilitator, Role.MANAGER)
    before = store.copies.replace_all(copy)
    assert store.tokens.admit(old) is None
    assert store.tokens.admit(new) is None
    store.copies.replace_all(before)
    assert store.tokens.admit(old) is None
    assert store.tokens.admit(new) is not None


def test_who_was_removed_stays_out_and_who_was_taken_back_is_in(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    code = store.workshops.get(facilitator).code
    token = store.seats.join(code, "Ada", Side.SALES)
    ada = store.tokens.admit(token)
    assert ada is not None
    copy = store.copies.make()
    store.door.remove(facilitator, ada.person_id)
    removed = store.copies.make()
    store.copies.replace_all(copy)
    assert store.tokens.admit(token) is None
    store.door.restore(facilitator, ada.person_id)
    back = store.copies.replace_all(removed)
    assert store.tokens.admit(token) is None
    store.copies.replace_all(back)
    assert store.tokens.admit(token) is not None


def test_a_recovery_code_that_was_replaced_stays_replaced(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    former = store.tokens.renew_recovery_code(facilitator)
    copy = store.copies.make()
    newer = store.tokens.renew_recovery_code(facilitator)
    store.copies.replace_all(copy)
    assert store.tokens.find_by_recovery_code(former) is None
    assert store.tokens.find_by_recovery_code(newer) == facilitator.workshop_id


def written(store: Store, facilitator: Visitor) -> list[object]:
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    return [
        [person.name for team in store.seats.teams(facilitator) for person in team.people],
        [idea.draft.title for idea in store.ideas.readable(facilitator)],
        [idea.estimates for idea in store.ideas.readable(facilitator)],
        [scenario.name for scenario in store.scenarios.all(manager)],
        store.constraints.current(manager).conditions,
        [row[3:5] for row in store.activity.all(facilitator)],
    ]


def test_people_ideas_and_first_estimates_keep_their_order(
    store: Store, funnel: Funnel, tmp_path: Path
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    manager = manager_of(store, facilitator)
    people = {
        side: [joined(store, facilitator, f"{side} {n}", side) for n in range(2)]
        for side in (Side.SALES, Side.MARKETING)
    }
    seller = people[Side.SALES][0]
    team = store.seats.person(seller).team_id
    [mate] = [p for p in people[Side.MARKETING] if store.seats.person(p).team_id == team]
    ids = [named_id(letter) for letter in "QWERTY"]
    for number, idea_id in enumerate(ids):
        author, other = (seller, mate) if number % 2 else (mate, seller)
        store.ideas.save(author, idea_id, 1, DRAFT)
        store.ideas.estimate(other, idea_id, Estimate(0.2, 0.3, 0.9))
        store.scenarios.save(manager, Scenario(f"Set {number}", 100, (0.1,) * 4, 8000))
        store.constraints.add(manager, Condition(Demand.MUST, idea_id))
    ideas = store.ideas.readable(facilitator)
    assert [idea.id for idea in ideas] == ids
    firsts = [idea.estimates[0][0] for idea in ideas]
    assert firsts == [Side.MARKETING, Side.SALES] * 3
    assert {idea.draft.recovers for idea in ideas} == {DRAFT.recovers}
    scenarios = store.scenarios.all(manager)
    assert [scenario.name for scenario in scenarios] == [f"Set {n}" for n in range(6)]
    asked = [condition.idea_id for condition in store.constraints.current(manager).conditions]
    assert asked == ids
    before = written(store, facilitator)
    store.copies.replace_all(store.copies.make())
    assert written(store, facilitator) == before
    elsewhere = Store(":memory:")
    restored = elsewhere.backups.restore(store.backups.make(facilitator)).facilitator
    assert written(elsewhere, restored)[:-1] == before[:-1]
    elsewhere.close()
