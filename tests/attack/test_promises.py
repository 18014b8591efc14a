"""Every promise of the records is kept, whatever happens; and one that is broken is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.examples import is_thorough
from tests.promises import History, Reading, Records, Write, play_before
from tests.records_process import FAULTS, NO_FAULT

SEED = 20261127
SECONDS = 10.0  # in which a planted fault is found; bench/promises.py takes ten minutes


@pytest.fixture(scope="module")
def records() -> Iterator[Records]:
    with closing(Records()) as process:
        yield process


def test_whatever_happens_every_promise_is_kept(records: Records, tmp_path: Path) -> None:
    seconds = SECONDS if is_thorough() else SECONDS / 2
    outcome = play_before(records, tmp_path / "workshop.duckdb", seconds, SEED)
    assert outcome.acknowledged
    assert outcome.readings
    assert outcome.happened
    assert not outcome.broken


@pytest.mark.parametrize("fault", sorted({*FAULTS} - {NO_FAULT}))
def test_a_planted_fault_is_found(records: Records, tmp_path: Path, fault: str) -> None:
    path, happenings = tmp_path / "workshop.duckdb", ("kill", "restart")
    outcome = play_before(records, path, SECONDS, SEED, fault, happenings)
    assert outcome.broken


# -- the check itself --


def broken(writes: list[Write], says: object, begin: float = 9.0, end: float = 9.0) -> bool:
    history = History(writes=writes)
    return bool([*history.broken_promises(Reading({"idea 1": says}, begin, end))])


FIRST, SECOND = Write("idea 1", "one", 1, 2), Write("idea 1", "two", 3, 4)
BESIDE = Write("idea 1", "three", 3.5, 5)
UNHEARD = Write("idea 1", "four", 1, float("inf"))


def test_what_was_overwritten_before_one_looked_must_not_be_said_again() -> None:
    assert broken([FIRST, SECOND], "one")
    assert not broken([FIRST, SECOND], "two")
    assert not broken([FIRST, SECOND], "one", begin=2.5, end=3.5)


def test_of_two_writes_at_one_time_either_may_stand() -> None:
    assert not broken([FIRST, SECOND, BESIDE], "two")
    assert not broken([FIRST, SECOND, BESIDE], "three")
    assert broken([FIRST, SECOND, BESIDE], "one")


def test_a_write_without_an_answer_may_have_happened_at_any_time_since_or_not_at_all() -> None:
    assert not broken([UNHEARD, FIRST], "four")
    assert not broken([UNHEARD, FIRST], "one")
    assert broken([FIRST], "four")


def test_what_was_kept_must_be_there_and_no_idea_twice() -> None:
    history = History(writes=[FIRST])
    assert [*history.broken_promises(Reading({}, 9, 9))]
    assert [*history.broken_promises(Reading({"idea 1": "one", "idea 2": "one"}, 9, 9))]
