"""Imports off the screen's thread: how far they are, what is wrong, and nothing left behind."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import duckdb
import pytest

from tests.uploads import start_opening
from workshop import intake
from workshop.intake import IntakeError, Job, Opened, Read
from workshop.intake.budget import BUDGET
from workshop.intake.layout import Layout, Shape
from workshop.intake.locked_duckdb import Limits

HEADER = "lead,stage,entered_at,reason\n"
HISTORY = (
    HEADER + "a,Lead,2026-01-05,\na,Won,2026-01-09,\nb,Lead,2026-01-06,\nb,Lost,2026-02-01,Price\n"
).encode()
LONG = "SELECT count(*) FROM range(100_000) AS a, range(100_000) AS b WHERE a.range + b.range = 7"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the test's own; whatever is done in it, nothing stays."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []
    assert [thread for thread in threading.enumerate() if thread.name == "import"] == []


def opened(*files: tuple[str, bytes]) -> Opened:
    job = start_opening(*files)
    job.wait(20)
    return job.made


def layout_of(files: Opened) -> Layout:
    layout = files.recognition.layout
    assert layout is not None
    return layout


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_uploaded_files_are_opened_recognised_and_read() -> None:
    files = opened(("history.csv", HISTORY))
    assert files.files == ("history.csv",)
    layout = layout_of(files)
    assert layout.shape is Shape.HISTORY
    job = intake.start_reading(files, layout)
    job.wait(20)
    read = job.made
    assert job.progress == 1.0
    assert read.cohort.reached() == (2, 1)
    assert read.cohort.reasons()["reason"].tolist() == ["Price"]
    read.cohort.close()


def test_a_file_that_cannot_be_opened_says_why() -> None:
    job = start_opening(("report.csv", b"%PDF-1.7 and more"))
    job.wait(20)
    with pytest.raises(IntakeError):
        _ = job.made
    assert job.problems[0].message


def test_a_layout_that_does_not_fit_says_why_and_can_be_corrected() -> None:
    files = opened(("history.csv", HISTORY))
    layout = layout_of(files)
    wrong = Layout(layout.shape, ("Suspect", "Customer"), layout.columns)
    job = intake.start_reading(files, wrong)
    job.wait(20)
    assert job.problems
    job = intake.start_reading(files, layout)
    job.wait(20)
    assert job.made.cohort.reached() == (2, 1)
    files.close()


def test_names_of_files_lead_nowhere(temporary: Path) -> None:
    files = opened(("../../../etc/history.csv", HISTORY), ("x" * 400 + ".csv", HISTORY))
    assert files.files[0] == "history.csv"
    assert all(path.is_relative_to(temporary) for path in temporary.rglob("*"))
    files.close()


def test_files_of_the_same_name_are_two_files() -> None:
    files = opened(("history.csv", HISTORY), ("history.csv", HISTORY.replace(b"a,", b"c,")))
    assert [table.rows for table in files.database.tables] == [4, 4]
    files.close()


def test_what_nobody_holds_any_more_is_gone() -> None:
    files = opened(("history.csv", HISTORY))
    assert not files.database.is_closed
    del files  # the folder is looked at after every test


def test_progress_grows_with_the_statement_that_runs() -> None:
    def work(job: Job[int]) -> int:
        job.at("Counting …", 0.8)
        with connection_of(job) as connection:
            job.check_cancelled(connection)
            connection.execute(
                "SELECT count(DISTINCT hash(range)) FROM range(60_000_000)"
            ).fetchone()
        return 1

    job, seen = Job(work), [0.0]
    until(lambda: seen.append(job.progress) or len(set(seen)) > 4 or job.is_over)
    job.cancel()
    assert seen == sorted(seen)
    assert 0 < seen[-1] <= 0.8
    assert job.words == "Counting …"


def connection_of(job: Job[int]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute("SET progress_bar_time = 0")
    return connection


def test_a_statement_that_runs_is_called_off() -> None:
    began = threading.Event()

    def work(job: Job[int]) -> int:
        with connection_of(job) as connection:
            job.check_cancelled(connection)
            began.set()
            connection.execute(LONG).fetchone()
        return 1

    job = Job(work)
    assert began.wait(20)
    job.cancel()
    assert job.is_over
    with pytest.raises(ValueError, match="called off"):
        _ = job.made
    assert job.problems == []


def many(leads: int) -> bytes:
    begin, text = datetime(2026, 1, 1), StringIO()
    rows = csv.writer(text)
    text.write(HEADER)
    for lead in range(leads):
        for place, stage in enumerate(("Lead", "MQL", "SQL", "Won")[: 1 + lead % 4]):
            rows.writerow((lead, stage, begin + timedelta(hours=lead % 5000 + 30 * place), ""))
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def large() -> bytes:
    return many(60_000)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.69, 0.71])
def test_an_opening_that_is_called_off_leaves_nothing_behind(large: bytes, share: float) -> None:
    job = start_opening(("history.csv", large))
    until(lambda: job.progress >= share)
    job.cancel()
    assert job.is_over
    if not job._made:
        return
    job.made.close()  # it was faster


@pytest.mark.parametrize("share", [0.0, 0.2, 0.76, 0.96])
def test_a_reading_that_is_called_off_leaves_nothing_behind(large: bytes, share: float) -> None:
    files = opened(("history.csv", large))
    job: Job[Read] = intake.start_reading(files, layout_of(files))
    until(lambda: job.progress >= share)
    job.cancel()
    assert job.is_over
    files.close()


def test_a_server_that_stops_closes_every_upload(large: bytes) -> None:
    opened(("history.csv", HISTORY))
    files = opened(("history.csv", HISTORY))
    running = start_opening(("history.csv", large))
    intake.close_all()
    assert files.database.is_closed
    assert running.is_over


def test_what_breaks_unforeseen_is_told_to_who_waits_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = opened(("history.csv", HISTORY))

    def broken(cohort: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("workshop.intake.files.cautions", broken)
    job = intake.start_reading(files, layout_of(files))
    job.wait(20)
    with pytest.raises(RuntimeError, match="broken"):
        _ = job.made
    assert files.database.is_closed


def test_too_little_memory_is_a_sentence(large: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BUDGET, "limits", lambda share: Limits(12_000_000, 1_000_000))
    job = start_opening(("history.csv", large))
    job.wait(60)
    assert "memory" in job.problems[0].message
