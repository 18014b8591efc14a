"""Whatever people may write comes back from a backup, and the way back keeps nobody waiting."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.ids import named_id
from tests.store.test_store import DRAFT, a_commitment, joined, manager_of
from tests.store.test_store_backup import members, packed
from workshop.domain.access import Visitor
from workshop.domain.checks import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.text import cleaned
from workshop.store import Store, StoreError, engine
from workshop.store.activity import MOST_CHARACTERS, MOST_ROWS, STAYING, measure
from workshop.store.archive import MAX_BYTES, MAX_ROWS, MAX_UNPACKED_BYTES
from workshop.store.backups import IS_BUSY
from workshop.store.commitments import MOST_CHARACTERS_OF_COMMITMENTS
from workshop.store.funnels import MOST_CHARACTERS_OF_NUMBERS
from workshop.store.idea_limits import MOST_CHARACTERS_OF_ALL, MOST_IDEAS_OF_ALL
from workshop.store.seating import MOST_PEOPLE
from workshop.store.verbs import Verb

# Every character there is, halves of characters and control characters too.
anything = st.text(st.characters(), max_size=40)
shares = st.floats(0, 1)
estimates = st.lists(shares, min_size=3, max_size=3).map(lambda marks: Estimate(*sorted(marks)))


@dataclass(frozen=True)
class Writing:
    """What one person types: a name, an idea, and what it is edited to."""

    name: str
    side: Side
    titles: list[str]
    plan: str
    owner: str
    days: float
    estimate: Estimate
    is_withdrawn: bool


writings = st.builds(
    Writing,
    anything,
    st.sampled_from(Side),
    st.lists(anything, max_size=3),
    anything | st.sampled_from(["\ud800" * TEXT_LENGTH, '"\\' * (TEXT_LENGTH // 2), "😀" * 10_000]),
    anything,
    st.floats(0, 10_000),
    estimates,
    st.booleans(),
)


def write(store: Store, facilitator: Visitor, writing: Writing) -> None:
    """Do what the screens do; what a value refuses is not typed."""
    code = store.workshops.get(facilitator).code
    try:
        token = store.seats.join(code, writing.name, writing.side)
    except ValueError:
        return
    person = store.tokens.admit(token)
    assert person is not None
    idea_id = named_id(person.person_id)
    for title in writing.titles:
        try:
            draft = IdeaDraft(
                title,
                writing.estimate,
                writing.plan,
                "No budget",
                writing.days,
                writing.days,
                writing.owner,
            )
        except ValueError:
            continue
        store.ideas.save(person, idea_id, 1, draft)
        store.ideas.estimate(person, idea_id, writing.estimate)
        store.ideas.withdraw(person, idea_id, writing.is_withdrawn)
        store.seats.set_done(person, 1, writing.is_withdrawn)


@pytest.fixture(scope="module")
def two_servers() -> Iterator[tuple[Store, Store]]:
    here, there = Store(":memory:"), Store(":memory:")
    yield here, there
    here.close()
    there.close()


@given(written=st.lists(writings, max_size=4), name=anything, team=anything)
@example(
    [Writing("A\0da", Side.SALES, ["a\0b", "\x0b="], "p\x1f\ud800", "", 0, DRAFT.recovers, False)],
    "Spring\0",
    "The\0Bridge",
)
@examples(10)
def test_whatever_people_write_comes_back_from_a_backup(
    two_servers: tuple[Store, Store], funnel: Funnel, written: list[Writing], name: str, team: str
) -> None:
    here, there = two_servers
    facilitator = here.workshops.start(name if cleaned(name).strip() else "Spring", funnel)
    for writing in written:
        write(here, facilitator, writing)
    for seated in here.seats.teams(facilitator):
        if cleaned(team).strip():
            here.seats.rename(facilitator, seated.id, team)
    restored = there.backups.restore(here.backups.make(facilitator)).facilitator
    assert there.workshops.get(restored) == here.workshops.get(facilitator)
    assert there.ideas.readable(restored) == here.ideas.readable(facilitator)
    assert there.seats.teams(restored) == here.seats.teams(facilitator)
    assert there.activity.all(restored)[1:] == here.activity.all(facilitator)


def test_what_a_workshop_may_hold_fits_into_a_backup_in_any_script() -> None:
    characters = (
        MOST_CHARACTERS_OF_ALL
        + MOST_CHARACTERS_OF_COMMITMENTS
        + MOST_CHARACTERS_OF_NUMBERS
        + MOST_CHARACTERS
    )
    rows = MOST_ROWS + MOST_IDEAS_OF_ALL * (1 + len(Side)) + MOST_PEOPLE
    # In the longest case a character takes four bytes, and three and a half when it is packed.
    of_a_row, of_a_packed_row = 600, 200
    assert rows < MAX_ROWS / 2
    assert 4 * characters + of_a_row * rows < MAX_UNPACKED_BYTES
    assert 3.5 * characters + of_a_packed_row * rows < MAX_BYTES


@pytest.mark.parametrize("letter", ["x", "é", "😀", '"', "\\", "\n", "\x7f"])
def test_no_character_takes_more_than_four_bytes_of_a_backup(
    store: Store, funnel: Funnel, letter: str
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    before = sum(map(len, members(store.backups.make(facilitator)).values()))
    store.ideas.save(ada, named_id("long"), 1, IdeaDraft("-", DRAFT.recovers, letter * TEXT_LENGTH))
    after = sum(map(len, members(store.backups.make(facilitator)).values()))
    assert after - before < 4 * 2 * TEXT_LENGTH + 3_000  # the idea, and its row in the trail


# -- the trail -----------------------------------------------------------------------------------


def test_many_edits_of_a_long_plan_stay_within_what_a_backup_holds(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.store.activity.MOST_CHARACTERS", 400_000)
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    for number in range(60):
        draft = IdeaDraft(f"Version {number}", DRAFT.recovers, "x" * TEXT_LENGTH)
        store.ideas.save(ada, named_id("long"), 1, draft)
        size = measure(store.database.read, facilitator.workshop_id)
        assert size.characters <= 400_000
        assert size == store.database._log_sizes[facilitator.workshop_id]
    newest, *_, oldest = store.activity.all(facilitator)
    assert "Version 59" in newest[6]
    assert oldest[3] == Verb.WORKSHOP_STARTED


def test_who_floods_the_trail_washes_out_their_own_steps_only(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.store.activity.MOST_ROWS", 100)
    facilitator = store.workshops.start("Spring", funnel)
    ada, eve = joined(store, facilitator, "Ada"), joined(store, facilitator, "Eve")
    store.ideas.save(ada, named_id("Ada's"), 1, DRAFT)
    store.tokens.withdraw_links(facilitator, facilitator.role)
    store.door.remove(facilitator, joined(store, facilitator, "Cy").person_id)
    for number in range(150):
        store.seats.set_done(eve, 1, number % 2 == 0)
    verbs = [row[3] for row in store.activity.all(facilitator)]
    assert len(verbs) <= 100
    assert {*STAYING} - {Verb.RECOVERY_CODE_RENEWED} <= set(verbs)
    assert {Verb.PERSON_JOINED, Verb.IDEA_WRITTEN} <= set(verbs)


def test_of_a_trail_of_many_things_the_oldest_go_first_and_what_shut_a_door_stays(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.store.activity.MOST_ROWS", 50)
    facilitator = store.workshops.start("Spring", funnel)
    store.tokens.withdraw_links(facilitator, facilitator.role)
    people = [joined(store, facilitator, f"Person {number}") for number in range(70)]
    trail = store.activity.all(facilitator)
    assert len(trail) <= 50
    assert [row[3] for row in trail[-2:]] == [Verb.LINKS_WITHDRAWN, Verb.WORKSHOP_STARTED]
    assert trail[0][2] == people[-1].person_id
    joined_last = [row[2] for row in reversed(trail) if row[3] == Verb.PERSON_JOINED]
    assert joined_last == [person.person_id for person in people[-len(joined_last) :]]


# -- too much ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "words"),
    [("MOST_CHARACTERS", "a mini-team may have"), ("MOST_CHARACTERS_OF_ALL", "a workshop may")],
)
def test_words_beyond_what_a_backup_holds_are_refused_and_shorter_ones_are_taken(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    monkeypatch.setattr(f"workshop.store.idea_limits.{limit}", 1_000)
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    long = IdeaDraft("Long", DRAFT.recovers, "x" * 990)
    store.ideas.save(ada, named_id("one"), 1, long)
    with pytest.raises(StoreError, match=words):
        store.ideas.save(ada, named_id("two"), 1, DRAFT)
    store.ideas.save(ada, named_id("one"), 1, IdeaDraft("Short", DRAFT.recovers))
    store.ideas.save(ada, named_id("two"), 1, DRAFT)
    with pytest.raises(StoreError, match=words):
        store.ideas.save(ada, named_id("one"), 1, long)


def test_so_many_ideas_are_kept_by_a_workshop(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.store.idea_limits.MOST_IDEAS_OF_ALL", 2)
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    for number in range(2):
        store.ideas.save(ada, named_id(str(number)), 1, DRAFT)
    with pytest.raises(StoreError, match="2 ideas at most"):
        store.ideas.save(ada, named_id("2"), 1, DRAFT)


def test_actions_and_numbers_beyond_what_a_backup_holds_are_refused(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    manager, ada = manager_of(store, facilitator), joined(store, facilitator, "Ada")
    store.ideas.save(ada, named_id("one"), 1, DRAFT)
    monkeypatch.setattr("workshop.store.commitments.MOST_CHARACTERS_OF_COMMITMENTS", 20)
    action = a_commitment(named_id("one"))
    store.commitments.save(manager, action)
    store.commitments.save(manager, action)
    with pytest.raises(StoreError, match="All actions may have 20 characters"):
        store.commitments.save(manager, a_commitment(named_id("one")))
    monkeypatch.setattr("workshop.store.funnels.MOST_CHARACTERS_OF_NUMBERS", 1_000)
    with pytest.raises(StoreError, match="All versions of the numbers may have 1,000"):
        read_again(store, facilitator, funnel)
    assert len(store.funnels.versions(facilitator)) > 1


def read_again(store: Store, facilitator: Visitor, funnel: Funnel) -> None:
    for _ in range(20):
        store.funnels.replace(facilitator, funnel, None)


# -- beside the room -----------------------------------------------------------------------------


def with_trail(store: Store, facilitator: Visitor, rows: int) -> bytes:
    """A backup with so many rows in its trail."""
    parts = members(store.backups.make(facilitator))
    told = {"verb": Verb.IDEA_EDITED, "subject": "NUMBER"}
    line = json.dumps(json.loads(parts["activity.jsonl"].splitlines()[0]) | told)
    lines = (line.replace("NUMBER", str(number)) for number in range(rows))
    parts["activity.jsonl"] = "".join(f"{line}\n" for line in lines).encode()
    return packed(parts)


def test_a_large_backup_is_restored_beside_the_room_and_says_how_far_it_is(
    funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.store.activity.MOST_ROWS", 15_000)
    in_turn: list[float] = []

    @contextmanager
    def turn(_: str) -> Iterator[None]:
        began = perf_counter()
        yield
        in_turn.append(perf_counter() - began)

    store = Store(":memory:", in_turn=turn)
    facilitator = store.workshops.start("Spring", funnel)
    file = with_trail(store, facilitator, 20_000)
    in_turn.clear()
    told: list[float] = []
    began = perf_counter()
    restored = store.backups.restore(file, told.append).facilitator
    took = perf_counter() - began
    assert told == sorted(told)
    assert 0 < told[0] < 0.2 < 0.9 < told[-1] <= 1
    assert sum(in_turn) < took / 5
    # More than a trail may be: the oldest rows are left out.
    trail = store.activity.all(restored)
    assert (trail[0][3], trail[1][4]) == (Verb.WORKSHOP_RESTORED, "19999")
    assert len(trail) <= 15_000
    store.close()


def test_saving_goes_on_while_a_large_backup_is_restored(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    ada = joined(store, facilitator, "Ada")
    file = with_trail(store, facilitator, 20_000)
    began = perf_counter()
    restoring = threading.Thread(target=store.backups.restore, args=(file,))
    restoring.start()
    waits: list[float] = []
    while restoring.is_alive():
        asked = perf_counter()
        store.seats.set_done(ada, 1, len(waits) % 2 == 0)
        waits.append(perf_counter() - asked)
    restoring.join()
    assert len(waits) > 20
    assert max(waits) < (perf_counter() - began) / 3


def test_one_backup_is_restored_at_a_time(store: Store, funnel: Funnel) -> None:
    file = with_trail(store, store.workshops.start("Spring", funnel), 3_000)
    refused: list[str] = []

    def press_again(part: float) -> None:
        if not refused:
            with pytest.raises(StoreError) as again:
                store.backups.restore(file)
            refused.append(str(again.value))

    store.backups.restore(file, press_again)
    assert refused == [IS_BUSY]
    assert store.backups.restore(file).is_second


def test_who_leaves_while_a_backup_is_read_leaves_nothing_behind(
    store: Store, funnel: Funnel
) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    file = with_trail(store, facilitator, 3_000)
    store.backups.restore(file)
    before = store.database.read("SELECT count(*) FROM workshop")

    def leave(part: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.backups.restore(file, leave)
    assert store.database.read("SELECT count(*) FROM workshop") == before
    assert store.backups.restore(file).is_second


@pytest.mark.parametrize("length", [TITLE_LENGTH, NAME_LENGTH])
def test_control_characters_do_not_count_as_letters(length: int) -> None:
    if length == TITLE_LENGTH:
        assert IdeaDraft("x" * length + "\0", DRAFT.recovers).title == "x" * length
    else:
        assert IdeaDraft("x", DRAFT.recovers, owner="y" * length + "\0").owner == "y" * length


# -- memory --------------------------------------------------------------------------------------


def test_the_engines_log_is_folded_into_the_file_again_and_again(
    tmp_path: Path, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LOG_BYTES", 500_000)
    path = tmp_path / "workshop.duckdb"
    store = Store(path)
    ada = joined(store, store.workshops.start("Spring", funnel), "Ada")
    lengths = []
    for number in range(320):
        store.ideas.save(
            ada, named_id("one"), 1, IdeaDraft(f"V{number}", DRAFT.recovers, "x" * 200)
        )
        log = path.with_name(f"{path.name}.wal")
        lengths.append(log.stat().st_size if log.exists() else 0)
    store.close()
    assert sum(before > after for before, after in pairwise(lengths)) >= 1
    assert max(lengths) < 500_000
