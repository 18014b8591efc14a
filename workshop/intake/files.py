"""Uploaded files: kept in a folder until they are read, opened and read in a thread each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp
from typing import Any, TypeVar

from workshop.domain.import_codes import Counting
from workshop.intake.budget import BUDGET, share
from workshop.intake.caution import Caution
from workshop.intake.cohort import Cohort
from workshop.intake.cohort_builder import build_cohort
from workshop.intake.currencies import currencies_in
from workshop.intake.expressions import samples
from workshop.intake.fork_server import FORK_SERVER
from workshop.intake.guess import guess, values
from workshop.intake.isolated_database import IntakeProcess, IsolatedLeadDatabase
from workshop.intake.job import RUNNING, Job
from workshop.intake.layout import Field, Layout
from workshop.intake.lead_database import OPEN_DATABASES, LeadDatabase, Table, never_cancelled
from workshop.intake.plausibility import cautions
from workshop.intake.problems import IntakeError
from workshop.intake.recognition import Recognition
from workshop.intake.sheets import MAX_BYTES
from workshop.intake.spelling import Proposal, near_duplicates

LONGEST_NAME = 120
Value = TypeVar("Value")


@dataclass(frozen=True)
class Opened:
    """Files in a database, and how they seem to be laid out.

    `contents` are the files themselves, name and bytes, where they are small enough for counts;
    `paths` is where they are kept until the database is closed, `header_lines` what somebody has
    said of the lines that name their columns.
    """

    database: LeadDatabase
    recognition: Recognition
    contents: tuple[tuple[str, bytes], ...]
    paths: tuple[Path, ...]
    header_lines: Mapping[str, int]
    _known: dict[object, Any] = field(default_factory=dict)

    def close(self) -> None:
        self.database.close()

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(table.name for table in self.database.tables))

    def again(self, said: Mapping[Field, str], pipeline: str | None = None) -> Recognition:
        """What the files seem to be, where somebody has said what some of the columns are."""
        key = ("again", pipeline, *sorted(said.items()))
        return self._cached(key, lambda: guess(self.database, said, pipeline))

    def of_pipeline(self, pipeline: str | None) -> Recognition:
        """What the files seem to be for one of their pipelines, None for that of most rows."""
        if pipeline is None or pipeline == self.recognition.pipeline:
            return self.recognition
        return self.again({}, pipeline)

    def currencies(self, layout: Layout) -> Counter[str]:
        """How many deal values are in which currency; see `currencies_in`."""
        columns = (layout.columns.get(field) for field in (Field.VALUE, Field.CURRENCY))
        key = ("currencies", layout.pipeline, *columns)
        return self._cached(key, lambda: currencies_in(self.database, layout))

    def tables_with(self, column: str) -> list[Table]:
        return [table for table in self.database.tables if column in table.columns]

    def values(self, column: str) -> dict[str, int]:
        """How often a column says what, in all files that have it."""

        def count() -> dict[str, int]:
            told: dict[str, int] = {}
            for table in self.tables_with(column):
                for says, number in values(self.database, table, column).items():
                    told[says] = told.get(says, 0) + number
            return told

        return self._cached(("values", column), count)

    def samples(self, column: str) -> list[str]:
        """Some of what a column says, among it what tells days from months if anything does."""
        return self._cached(
            ("samples", column),
            lambda: [
                text
                for table in self.tables_with(column)
                if not table.is_moment(column)
                for text in samples(self.database, table, column)
            ],
        )

    def alike(self, *columns: str) -> tuple[Proposal, ...]:
        """The spellings in these columns that seem to mean the same."""

        def propose() -> tuple[Proposal, ...]:
            counts: dict[str, int] = {}
            for column in columns:
                for says, number in self.values(column).items():
                    counts[says] = counts.get(says, 0) + number
            return near_duplicates(counts)

        return self._cached(("alike", *columns), propose)

    def _cached(self, key: object, compute: Callable[[], Value]) -> Value:
        if key not in self._known:
            self._known[key] = compute()
        value: Value = self._known[key]
        return value


@dataclass(frozen=True)
class Read:
    """Files that were read by a layout: the cohort, what to beware of in it, and what is cached."""

    opened: Opened
    layout: Layout
    cohort: Cohort
    cautions: tuple[Caution, ...]
    _known: dict[object, Any] = field(default_factory=dict)

    def cached(self, key: object, compute: Callable[[Cohort], Value]) -> Value:
        """What `compute` finds in the cohort, looked up once."""
        if key not in self._known:
            self._known[key] = compute(self.cohort)
        value: Value = self._known[key]
        return value


def start_opening(files: Iterable[tuple[str, Path]]) -> Job[Opened]:
    """Begin to open uploaded files, name and place of each, whatever is in them.

    Once this returns, the files may be deleted where they were.
    """
    return _start(
        lambda folder: [
            _linked(folder / str(n), path, Path(name).name[-LONGEST_NAME:] or "file")
            for n, (name, path) in enumerate(files)
        ],
        {},
    )


def start_opening_again(opened: Opened, header_lines: Mapping[str, int]) -> Job[Opened]:
    """Begin to open the same files with their columns named on other lines, by name of the file.

    What was opened stays open; close it once this has come to something.
    """
    return _start(
        lambda folder: [
            _linked(folder / str(n), path, path.name) for n, path in enumerate(opened.paths)
        ],
        {**opened.header_lines, **header_lines},
    )


def _start(keep: Callable[[Path], list[Path]], header_lines: Mapping[str, int]) -> Job[Opened]:
    """Begin to open files once `keep` has put them into a folder."""
    folder = Path(mkdtemp(prefix="funnel-upload-"))
    try:
        paths = keep(folder)
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise

    def work(job: Job[Opened]) -> Opened:
        database = None
        process = IntakeProcess(BUDGET, share(paths))
        try:
            job.at("Waiting until other files are read …", 0.0)
            BUDGET.take(process, lambda: job.check_cancelled(None))
            job.at("Opening the files …", 0.7)
            database = IsolatedLeadDatabase(paths, process, job.check_cancelled, header_lines)
            database.on_close(rmtree, folder, ignore_errors=True)
            job.at("Looking at the columns …", 1.0)
            small = sum(path.stat().st_size for path in paths) <= MAX_BYTES
            contents = [(path.name, path.read_bytes()) for path in paths if small]
            opened = Opened(database, guess(database), tuple(contents), tuple(paths), header_lines)
            database.check_cancelled = never_cancelled  # the job is over
            return opened
        except BaseException:
            if database is not None:
                database.close()
            process.end()
            rmtree(folder, ignore_errors=True)
            raise

    return Job(work)


def close_all() -> None:
    """Call off what is running and close all files: the server stops."""
    for job in list(RUNNING):
        job.cancel()
    for database in list(OPEN_DATABASES):
        database.close()
    FORK_SERVER.close()


def _linked(folder: Path, path: Path, name: str) -> Path:
    """A second name for a file, under which it is there until that one is taken away too."""
    folder.mkdir()
    try:
        (folder / name).hardlink_to(path)
    except OSError:  # a disk that knows no second names
        copyfile(path, folder / name)
    return folder / name


def start_reading(opened: Opened, layout: Layout) -> Job[Read]:
    """Begin to read files as a layout says. When this is called off, they are closed."""

    def work(job: Job[Read]) -> Read:
        try:
            opened.database.check_cancelled = job.check_cancelled
            job.at("Following every lead …", 0.75)
            cohort = build_cohort(opened.database, layout)
            job.at("Looking for what misleads …", 0.95)
            read = Read(opened, layout, cohort, cautions(cohort))
            job.at("Counting …", 1.0)
            read.cached("report", lambda cohort: cohort.report)
            for counting in Counting:
                cohort.groups(counting, None)
            read.cached("days", Cohort.days)
            return read
        except IntakeError:  # somebody may correct the layout
            raise
        except BaseException:
            opened.close()
            raise
        finally:
            opened.database.check_cancelled = never_cancelled

    return Job(work)
