"""What a room writes at one moment is kept together, and each of it as if it had come alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from tests.ids import named_id
from tests.store.test_store import DRAFT, joined
from workshop import intake
from workshop.domain.access import Forbidden, Visitor
from workshop.domain.idea import IdeaDraft
from workshop.domain.people import Side
from workshop.store import IDEAS, Repeated, Store, StoreError

PEOPLE = 12
Write = Callable[[], str]
Outcome = str | Exception


@pytest.fixture
def facilitator(store: Store) -> Visitor:
    return store.workshops.start("Spring", intake.example())


@pytest.fixture
def room(store: Store, facilitator: Visitor) -> list[Visitor]:
    sides = [Side.SALES, Side.MARKETING]
    return [joined(store, facilitator, f"P{n}", sides[n % 2]) for n in range(PEOPLE)]


def at_once(store: Store, writes: Sequence[Write]) -> list[Outcome]:
    """What becomes of these where all wait while somebody else's change is kept."""

    ready = Barrier(len(writes) + 1)

    def tried(write: Write) -> Outcome:
        ready.wait()
        try:
            return write()
        except (StoreError, Forbidden, Repeated, ValueError) as problem:
            return problem

    with ThreadPoolExecutor(len(writes)) as threads:
        with store.database.engine.lock:
            outcomes = [threads.submit(tried, write) for write in writes]
            ready.wait()
            time.sleep(0.5)  # the first is at its transaction, the others queue behind it
        return [outcome.result() for outcome in outcomes]


def titled(title: str) -> IdeaDraft:
    return replace(DRAFT, title=title)


def writing(
    store: Store, who: Visitor, name: str, draft: IdeaDraft = DRAFT, step: int = 1, answer: str = ""
) -> Write:
    submission_id = named_id(answer or f"answer {name}")
    return lambda: store.ideas.save(who, named_id(name), step, draft, submission_id=submission_id)


def test_all_that_comes_at_once_is_kept_in_a_few_transactions(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    before = store.version(facilitator.workshop_id, IDEAS)
    writes = [writing(store, who, f"{n}", titled(f"Idea {n}")) for n, who in enumerate(room)]
    assert at_once(store, writes) == [named_id(f"{n}") for n in range(PEOPLE)]
    kept = store.ideas.readable(facilitator)
    assert {idea.draft.title for idea in kept} == {f"Idea {n}" for n in range(PEOPLE)}
    assert {idea.author for idea in kept} == {f"P{n}" for n in range(PEOPLE)}
    assert store.version(facilitator.workshop_id, IDEAS) - before < PEOPLE / 2
    by = {who.person_id for who in room}
    rows = store.database.read("SELECT person_id FROM activity WHERE verb = 'idea_written'")
    assert {person_id for (person_id,) in rows} == by


def test_what_is_held_in_memory_is_what_the_file_says(tmp_path: Path) -> None:
    file = tmp_path / "w.duckdb"
    store = Store(file)
    facilitator = store.workshops.start("Spring", intake.example())
    room = [joined(store, facilitator, f"P{n}") for n in range(4)]
    at_once(store, [writing(store, who, f"{n}", titled(f"{n}")) for n, who in enumerate(room)])
    held = store.ideas.readable(facilitator)
    store.close()
    again = Store(file)
    assert again.ideas.readable(facilitator) == held
    again.close()


def test_one_draft_in_two_tabs_is_one_idea(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    writes = [writing(store, room[0], name) for name in ("first tab", "second tab")]
    [one, other] = at_once(store, writes)
    assert one == other
    assert len(store.ideas.readable(facilitator)) == 1


def test_an_answer_that_comes_twice_at_once_counts_once(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    outcomes = at_once(
        store,
        [writing(store, room[0], f"try {n}", titled(f"Try {n}"), answer="one") for n in range(2)],
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Repeated", "str"]
    assert len(store.ideas.readable(facilitator)) == 1


def test_what_cannot_be_kept_keeps_nobody_else_from_it(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.door.remove(facilitator, room[1].person_id)
    elsewhere = store.workshops.start("Autumn", intake.example())
    store.ideas.save(joined(store, elsewhere, "Zoe"), named_id("foreign"), 1, DRAFT)
    good, removed, nowhere, foreign, last = at_once(
        store,
        [
            writing(store, room[0], "good", titled("Good")),
            writing(store, room[1], "removed", titled("Removed")),
            writing(store, room[2], "nowhere", titled("Nowhere"), step=9),
            writing(store, room[3], "foreign", titled("Foreign")),
            writing(store, room[4], "last", titled("Last")),
        ],
    )
    assert (good, last) == (named_id("good"), named_id("last"))
    assert isinstance(removed, Forbidden)
    assert isinstance(nowhere, ValueError)
    assert isinstance(foreign, StoreError)
    kept = {idea.draft.title for idea in store.ideas.readable(facilitator)}
    assert kept == {"Good", "Last"}


def test_the_limits_hold_for_what_comes_at_once(
    store: Store, facilitator: Visitor, room: list[Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.store.idea_limits.MOST_IDEAS_OF_ALL", 3)
    writes = [writing(store, who, f"{n}", titled(f"Idea {n}")) for n, who in enumerate(room)]
    outcomes = at_once(store, writes)
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 3
    assert len(store.ideas.readable(facilitator)) == 3
