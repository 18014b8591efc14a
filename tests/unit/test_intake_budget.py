"""Files that take far more to read than they are long, and what imports may take together."""

from __future__ import annotations

import re
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.uploads import start_opening
from workshop.intake import IntakeError, Job, Opened
from workshop.intake.budget import (
    FOR_IMPORTS,
    IDLE_SECONDS,
    LARGE,
    MOST_AT_ONCE,
    SMALL,
    Budget,
    memory_of_machine,
    share,
)
from workshop.intake.lead_database import MOST_ROWS
from workshop.intake.sheets import read_sheets

HISTORY = b"lead,stage,entered_at\na,Lead,2026-01-05\na,Won,2026-01-09\nb,Lead,2026-01-06\n"
DEPLOY = Path(__file__).parents[2] / "deploy"
CONTAINER_MB = 2 << 10  # mem_limit in deploy/compose.yaml
MOST_MB = 200  # more than this no file of a few kilobytes may take of the server


def repeated(text: str, rows: int) -> pa.Array:
    """A column that says the same in every row, in a few bytes."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int8)), pa.array([text]))


def file(columns: dict[str, pa.Array], times: int = 1) -> bytes:
    """A Parquet file of a table, `times` one below the other."""
    table, into = pa.table(columns), BytesIO()
    with pq.ParquetWriter(into, table.schema, compression="zstd", store_schema=False) as writer:
        for _ in range(times):
            writer.write_table(table, row_group_size=table.num_rows)
    return into.getvalue()


def very_many_rows() -> bytes:
    rows = MOST_ROWS // 12 + 1
    return file({name: repeated("Lead", rows) for name in ("lead", "stage")}, 12)


def a_list_in_a_cell() -> bytes:
    length = 20_000_000
    cell = pa.ListArray.from_arrays(pa.array([0, length], pa.int32()), repeated("Lead", length))
    return file({"lead": cell, "stage": pa.array(["Lead"])})


def lists_of_lists(depth: int = 100) -> bytes:
    nested: pa.Array = pa.array([1])
    for _ in range(depth):
        nested = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), nested)
    return file({"lead": nested, "stage": pa.array(["Lead"])})


def very_long_cells() -> bytes:
    return file({"lead": repeated("x" * 100_000_000, 1000), "stage": repeated("Lead", 1000)})


def opening(content: bytes, name: str = "history.parquet") -> Job[Opened]:
    job = start_opening((name, content))
    job.wait(60)
    assert job.is_over
    return job


def own_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (very_many_rows, "more than 60,000,000 rows"),
        (a_list_in_a_cell, "holds lists"),
        (lists_of_lists, "holds lists"),
        (very_long_cells, "not enough memory"),
    ],
)
def test_a_small_parquet_file_that_unpacks_without_end_is_refused(
    make: Callable[[], bytes], says: str
) -> None:
    content = make()
    before = own_megabytes()
    [problem] = opening(content).problems
    assert says in problem.message
    assert problem.remedy
    assert own_megabytes() - before < MOST_MB


@pytest.mark.parametrize("make", [a_list_in_a_cell, lists_of_lists])
def test_a_parquet_file_of_counts_is_refused_before_its_lists_are_read(
    make: Callable[[], bytes],
) -> None:
    before = own_megabytes()
    with pytest.raises(IntakeError, match="holds lists"):
        read_sheets("counts.parquet", make())
    assert own_megabytes() - before < 2 * MOST_MB  # making the file is in it


def test_a_file_that_kills_its_reader_ends_in_a_sentence_and_the_next_one_is_read() -> None:
    job = opening(HISTORY, "history.csv")
    files = job.made
    files.database._process.interrupt()  # type: ignore[attr-defined]
    with pytest.raises(IntakeError, match="not enough memory"):
        files.values("stage")
    assert files.database.is_closed
    again = opening(HISTORY, "history.csv").made
    assert again.values("stage") == {"Lead": 2, "Won": 1}
    again.close()


# -- shares ----------------------------------------------------------------------------------------


class File:
    """An open file as the budget sees it."""

    def __init__(self, share: float, idle_seconds: float = 0.0) -> None:
        self.share = share
        self.idle_seconds = idle_seconds
        self.is_put_away = False

    def evict(self) -> None:
        self.is_put_away = True


class WaitedError(Exception):
    """Somebody had to wait."""


def has_to_wait() -> None:
    raise WaitedError


@pytest.mark.parametrize(("size", "most"), [(LARGE, 2), (SMALL, MOST_AT_ONCE)])
def test_no_more_files_are_open_than_fit_the_budget(size: float, most: int) -> None:
    budget, files = Budget(800_000_000), [File(size) for _ in range(most)]
    for one in files:
        budget.take(one, has_to_wait)
    with pytest.raises(WaitedError):
        budget.take(File(size), has_to_wait)
    budget.give_back(files[0])
    budget.take(File(size), has_to_wait)


def test_files_that_nobody_asks_anything_of_make_room_when_somebody_waits() -> None:
    budget = Budget(800_000_000)
    asked, forgotten = File(LARGE, IDLE_SECONDS - 1), File(LARGE, IDLE_SECONDS + 1)
    budget.take(forgotten, has_to_wait)
    budget.take(asked, has_to_wait)
    assert not forgotten.is_put_away, "nobody waited"
    with pytest.raises(WaitedError):
        budget.take(File(LARGE), has_to_wait)
    assert forgotten.is_put_away
    assert not asked.is_put_away


def test_who_had_to_make_room_is_told_to_choose_the_files_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workshop.intake.budget.IDLE_SECONDS", 0.0)
    monkeypatch.setattr("workshop.intake.budget.MOST_AT_ONCE", 1)
    first = opening(HISTORY, "history.csv").made
    second = opening(HISTORY, "history.csv").made
    with pytest.raises(IntakeError, match="Choose the files again"):
        first.values("stage")
    assert second.values("stage")
    second.close()


def test_who_waits_for_others_can_call_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workshop.intake.budget.MOST_AT_ONCE", 1)
    first = opening(HISTORY, "history.csv").made
    job = start_opening(("history.csv", HISTORY))
    deadline = time.monotonic() + 20
    while not job.words.startswith("Waiting"):
        assert time.monotonic() < deadline
    job.cancel()
    assert job.is_over
    assert not job.problems
    first.close()


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (HISTORY, SMALL),
        (b"PAR1" + bytes(2_000_000), LARGE),
        (b"lead\n" * 1_000_000, SMALL),
        (b"lead\n" * 5_000_000, LARGE),
    ],
)
def test_a_packed_file_counts_as_large_sooner_than_a_text(
    tmp_path: Path, content: bytes, size: float
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert share([path]) == size


def test_two_large_files_leave_the_container_to_the_room() -> None:
    budget = Budget(int(CONTAINER_MB * 2**20 * FOR_IMPORTS))
    assert 2 * budget.limits(LARGE).memory <= FOR_IMPORTS * CONTAINER_MB * 2**20
    assert budget.limits(SMALL).memory < budget.limits(LARGE).memory


def test_the_container_of_deploy_has_the_memory_that_is_counted_on() -> None:
    compose = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert f"mem_limit: {CONTAINER_MB >> 10}g" in compose


def test_uploads_are_unpacked_on_a_disk_of_the_container_and_not_in_its_memory() -> None:
    [folder] = re.findall(r"TMPDIR=(\S+)", (DEPLOY / "Dockerfile").read_text("utf-8"))
    compose = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert f"- scratch:{folder}\n" in compose
    assert folder not in compose[compose.index("tmpfs:\n") :]


def test_a_machine_has_some_memory_and_a_container_no_more() -> None:
    assert 100_000_000 < memory_of_machine() < 1 << 50


def test_an_import_leaves_most_of_the_disk_to_the_records() -> None:
    free = shutil.disk_usage(tempfile.gettempdir()).free
    assert Budget(1).limits(LARGE).disk <= free / 3
