"""One DuckDB file, one writer: transactions, the audit trail, and what has been read already."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import duckdb

from workshop import log, metrics
from workshop.domain.access import Visitor
from workshop.domain.idea import Estimate
from workshop.domain.text import cleaned, refuse_id
from workshop.store.trail import TrailSize, measure, shorten
from workshop.store.verbs import Verb

SCHEMA_VERSION = 5
SCHEMA = Path(__file__).with_name("schema.sql")
UPGRADES = Path(__file__).with_name("upgrades")

Value = TypeVar("Value")
Row = tuple[Any, ...]


# What the engine raises where the disk or the file fails it; anything else is a fault of ours.
BROKEN = (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException)
# What the engine says, and what is said to people.
REASONS = {
    "Conflicting lock": "another program has them open, most likely this app itself. Stop it first",
    "No space left": "the server's disk is full",
    "File too large": "the server's disk is full",
    "Disk quota": "the server's disk is full",
    "Permission denied": "this account may not write there. Grant it the right, or set WORKSHOP_DB",
    "Read-only file system": "nothing can be written there. Set WORKSHOP_DB to another place",
    "No such file": "there is no such folder. Make it, or set WORKSHOP_DB to another place",
    "Is a directory": "that is a folder. Set WORKSHOP_DB to a file",
    "not a valid DuckDB": "that is no file of this app's, or only a part of one. It was left as it "
    "is; put the newest copy from the folder backups in its place",
    "enough bytes": "the file ends too early. It was left as it is; put the newest copy from the "
    "folder backups in its place",
    "version number": "a newer app wrote them. Install that one; nothing was changed",
    "hecksum": "the file is damaged. It was left as it is; put the newest copy from the folder "
    "backups in its place",
}


# The engine folds its log into the file where it would grow longer: after about 1,000 changes.
LOG_BYTES = 2_000_000
# What a DuckDB file begins with: three headers, then its blocks.
HEADER_BYTES = 3 * 4096


class StoreError(Exception):
    """The records cannot be opened or do not hold what was asked for; a sentence says why."""


class Repeated(Exception):  # noqa: N818 — "raise Repeated" says it
    """This answer to a form has been taken before; nothing was changed again."""


class Unsaved(StoreError):  # noqa: N818 — "raise Unsaved" says it
    """A change could not be written; nothing of it is in the records."""


def reason(error: Exception, otherwise: str = "") -> str:
    """Why the engine failed, in words for people; where we have none `otherwise`, or its own.

    >>> reason(OSError("Could not write file: No space left on device"))
    "the server's disk is full"
    """
    said = str(error)
    return next((words for mark, words in REASONS.items() if mark in said), otherwise or said)


def upgrade_to(version: int) -> str:
    """The statements that bring records of the version before up to this one."""
    return (UPGRADES / f"{version}.sql").read_text(encoding="utf-8")


def now() -> datetime:
    return datetime.now(UTC)


def as_json(value: object) -> str | None:
    return None if value is None else cleaned(json.dumps(value, default=str, ensure_ascii=False))


def plain(value: Any) -> dict[str, Any]:
    """A record as JSON can hold it, for the audit trail."""
    held = {field.name: getattr(value, field.name) for field in fields(value)}
    return {
        name: plain(part) if isinstance(part, Estimate) else part for name, part in held.items()
    }


def _insertion(table: str, values: Mapping[str, object]) -> str:
    marks = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"


def _foreign(table: str) -> str:
    return f"This {table} is not in the records of this workshop."


@dataclass(frozen=True)
class Change:
    """A transaction under way: statements, and the trail they leave."""

    cursor: duckdb.DuckDBPyConnection
    visitor: Visitor
    topics: list[str]
    verbs: list[Verb] = field(default_factory=list)
    trail_characters: list[int] = field(default_factory=list)
    amendments: list[tuple[str, str, Callable[[Any], Any]]] = field(default_factory=list)

    def run(self, statement: str, *values: object) -> list[Row]:
        return self.cursor.execute(statement, list(values)).fetchall()

    def insert(self, table: str, **values: object) -> None:
        self.run(_insertion(table, values), *values.values())

    def insert_new(self, table: str, **values: object) -> None:
        """Insert a row by its `id`; StoreError where another workshop has one of that id."""
        try:
            self.insert(table, **values)
        except duckdb.ConstraintException as error:
            raise StoreError(_foreign(table)) from error

    def update(self, table: str, id_: str, **values: object) -> None:
        """Replace these values in a row that is known to be this workshop's."""
        pairs = ", ".join(f"{column} = ${place}" for place, column in enumerate(values, 2))
        self.run(f"UPDATE {table} SET {pairs} WHERE id = $1", id_, *values.values())

    def upsert(self, table: str, kept: dict[str, object], **values: object) -> None:
        """Insert a row by its `id`; where it is there already, replace `values`, not `kept`."""
        row = kept | values
        replaced = ", ".join(f"{column} = excluded.{column}" for column in values)
        self.run(
            f"{_insertion(table, row)} "
            f"ON CONFLICT (id) DO UPDATE SET {replaced} "
            f"WHERE {table}.workshop_id = excluded.workshop_id",
            *row.values(),
        )

    def must_own(self, table: str, id_: str, *, or_new: bool = False) -> None:
        """Raise StoreError where this row is another workshop's, or not there."""
        owners = self.run(f"SELECT workshop_id FROM {table} WHERE id = $1", id_)
        if owners != [(self.visitor.workshop_id,)] and (owners or not or_new):
            raise StoreError(_foreign(table))

    def amend(self, topic: str, name: str, amended: Callable[[Any], Any]) -> None:
        """Once this is kept, make of what has been read under `name` what it says now.

        Instead of reading all of it again; `topic` must be one that this change is about.
        """
        self.amendments.append((topic, name, amended))

    def take(self, submission_id: str) -> None:
        """Note that this answer to a form is taken now; raises Repeated where it was before."""
        refuse_id("this answer", submission_id)
        workshop_id = self.visitor.workshop_id
        try:
            self.insert("submission", workshop_id=workshop_id, id=submission_id, taken_at=now())
        except duckdb.ConstraintException as error:
            raise Repeated from error

    def trail(self, verb: Verb, subject: str, before: object = None, after: object = None) -> None:
        said = {
            "subject": cleaned(subject),
            "before": as_json(before),
            "after": as_json(after),
        }
        self.verbs.append(verb)
        self.trail_characters.append(sum(len(text) for text in said.values() if text))
        self.insert(
            "activity",
            happened_at=now(),
            workshop_id=self.visitor.workshop_id,
            role=self.visitor.role,
            person_id=self.visitor.person_id,
            verb=verb,
            **said,
        )


class Records:
    """The records of all workshops in one DuckDB file (":memory:" for a passing one).

    `on_commit(workshop_id, topics)` is called after every commit, outside the lock; a change is
    made within `in_turn(workshop_id)`.
    """

    def __init__(
        self,
        path: str | Path,
        on_commit: Callable[[str, tuple[str, ...]], None] = lambda workshop_id, topics: None,
        in_turn: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._path = Path(path)
        self._lock = threading.RLock()
        self._on_commit = on_commit
        self._in_turn = in_turn
        self._versions: dict[tuple[str, str], int] = {}
        self._cache: dict[tuple[str, str], tuple[int, Any]] = {}
        self._trails: dict[str, TrailSize] = {}
        self._replaced = 0
        self._closed = False
        try:
            _read_through(self._path)
            self._connection = duckdb.connect(str(path))
            self._open()
        except (duckdb.Error, OSError) as error:
            raise StoreError(f"The records in {path} cannot be opened: {reason(error)}.") from error

    def _open(self) -> None:
        version = self._file_version()
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"The records are of version {version}; this app knows version "
                f"{SCHEMA_VERSION}. Install the newer app; nothing was changed."
            )
        if 0 < version < SCHEMA_VERSION:
            self._upgrade(version)
        _set(self._connection)
        self._connection.execute(SCHEMA.read_text(encoding="utf-8"))
        if not version:
            self._connection.execute("INSERT INTO schema_version VALUES ($1)", [SCHEMA_VERSION])

    def _file_version(self) -> int:
        """The version of the app that wrote the file; 0 for a fresh one."""
        known = "SELECT 1 FROM information_schema.tables WHERE table_name = 'schema_version'"
        versions = self._read("SELECT version FROM schema_version") if self._read(known) else []
        return int(versions[0][0]) if versions else 0

    def _upgrade(self, version: int) -> None:
        """Bring an older file up to date, step by step and all or nothing; a copy is kept."""
        path = self._path
        self._connection.execute("CHECKPOINT")
        self._connection.close()  # what was not in the file yet is written to it
        shutil.copy2(path, path.with_name(f"{path.stem}.version-{version}{path.suffix}"))
        self._connection = duckdb.connect(str(path))
        self._connection.execute("BEGIN")
        for step in range(version + 1, SCHEMA_VERSION + 1):
            self._connection.execute(upgrade_to(step))
        self._connection.execute("UPDATE schema_version SET version = $1", [SCHEMA_VERSION])
        self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._connection.close()

    def _reopen(self, broken: duckdb.DuckDBPyConnection, error: Exception) -> None:
        """Open the file anew where the engine has given it up; the caller holds the lock.

        What was acknowledged is in the file, so nothing is lost by it.
        """
        given_up = isinstance(error, duckdb.FatalException | duckdb.ConnectionException)
        if self._closed or not given_up or self._connection is not broken:
            return
        self._cache.clear()
        with suppress(duckdb.Error):
            broken.close()
        try:
            self._connection = duckdb.connect(str(self._path))
            _set(self._connection)
        except duckdb.Error as error:
            log.error("not reopened", reason=reason(error))
        else:
            log.warning("reopened")

    def version(self, workshop_id: str, *topics: str) -> int:
        """A number that grows with every change of these topics, within this process."""
        return self._replaced + sum(self._versions.get((workshop_id, topic), 0) for topic in topics)

    def has_taken(self, visitor: Visitor, submission_id: str) -> bool:
        """Whether this answer to a form has been taken."""
        return bool(
            self._read(
                "SELECT 1 FROM submission WHERE workshop_id = $1 AND id = $2",
                visitor.workshop_id,
                submission_id,
            )
        )

    def _read(self, statement: str, *values: object) -> list[Row]:
        connection = self._connection
        try:
            return _fetch(connection, statement, values)
        except BROKEN as error:
            log.error("not read", reason=reason(error, type(error).__name__))
            with self._lock:
                self._reopen(connection, error)
            problem: Exception = error
        if self._connection is not connection:  # it was given up for a disk that is well again
            try:
                return _fetch(self._connection, statement, values)
            except BROKEN as error:
                problem = error
        words = reason(problem, "the file or its disk fails")
        raise StoreError(f"The records cannot be read now: {words}.") from problem

    def _cached(self, workshop_id: str, topic: str, name: str, load: Callable[[], Value]) -> Value:
        # The version is read before the data: a commit in between makes the entry stale at once.
        version = self.version(workshop_id, topic)
        held = self._cache.get((workshop_id, name))
        if held is not None and held[0] == version:
            known: Value = held[1]
            return known
        value = load()
        self._cache[workshop_id, name] = (version, value)
        return value

    @contextmanager
    def _change(self, visitor: Visitor, *topics: str, submission_id: str = "") -> Iterator[Change]:
        """A transaction with its trail; kept as a whole, or not at all.

        `submission_id` is that of the answer to a form that asks for it. Raises Repeated where it
        was taken before, and Unsaved where the file cannot be written.
        """
        with self._in_turn(visitor.workshop_id), self._lock:
            started = perf_counter()
            with self._transaction() as cursor:
                change = Change(cursor, visitor, list(topics))
                if submission_id:
                    change.take(submission_id)
                yield change
                trail = self._bounded_trail(change)
            self._trails[visitor.workshop_id] = trail
            seconds = perf_counter() - started
            changed = tuple(dict.fromkeys(change.topics))
            for topic in changed:
                key = (visitor.workshop_id, topic)
                self._versions[key] = self._versions.get(key, 0) + 1
            self._amend(visitor.workshop_id, change)
        for verb in change.verbs:
            metrics.wrote(verb, seconds)
            log.info(verb, workshop=visitor.workshop_id[:8], role=visitor.role, seconds=seconds)
        self._on_commit(visitor.workshop_id, changed)

    def _bounded_trail(self, change: Change) -> TrailSize:
        """How large the trail is with this change, shortened where that is too large."""
        workshop_id = change.visitor.workshop_id
        known, more = self._trails.get(workshop_id), change.trail_characters
        if known is None:
            size = measure(change.run, workshop_id)
        else:
            size = TrailSize(known.rows + len(more), known.characters + sum(more))
        return shorten(change.run, workshop_id) if size.is_too_large else size

    def _amend(self, workshop_id: str, change: Change) -> None:
        """Only what was up to date before this change; the caller holds the lock."""
        for topic, name, amended in change.amendments:
            version = self.version(workshop_id, topic)
            held = self._cache.get((workshop_id, name))
            if held is not None and held[0] == version - 1:
                self._cache[workshop_id, name] = (version, amended(held[1]))

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = self._connection
        try:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                try:
                    yield cursor
                    cursor.execute("COMMIT")
                except BaseException:
                    with suppress(duckdb.Error):  # a COMMIT that failed has undone it already
                        cursor.execute("ROLLBACK")
                    raise
        except BROKEN as error:
            metrics.UNSAVED.inc()
            log.error("not saved", reason=reason(error, type(error).__name__))
            self._reopen(connection, error)
            words = reason(error, "the file or its disk fails")
            raise Unsaved(
                f"Not saved: {words}. Your words stay here; tell the facilitator, then try again."
            ) from error


def _fetch(
    connection: duckdb.DuckDBPyConnection, statement: str, values: tuple[object, ...]
) -> list[Row]:
    with connection.cursor() as cursor:
        return cursor.execute(statement, list(values)).fetchall()


def _set(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    # What is in the log stays in memory too; at the engine's own 16 MB it is folded once a day.
    connection.execute(f"SET checkpoint_threshold = '{LOG_BYTES} bytes'")


def _read_through(path: Path) -> None:
    """Read every row of a file before it is opened for writing; duckdb.Error where one is gone.

    The engine opens a file that ends too early, and finds out when it reads or overwrites there.
    """
    if not path.is_file():
        return
    crashed = path.with_name(f"{path.name}.wal").exists()
    with duckdb.connect(str(path), read_only=True) as connection:
        for (table,) in connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
        ).fetchall():
            connection.execute(f'SELECT max(hash(row)) FROM "{table}" AS row').fetchall()
        [(block_bytes, blocks)] = connection.execute(
            "SELECT block_size, used_blocks FROM pragma_database_size()"
        ).fetchall()
    # With the log of a crash beside it, the file may be shorter than what is in use by now.
    if not crashed and path.stat().st_size < HEADER_BYTES + block_bytes * blocks:
        raise duckdb.IOException("Could not read enough bytes: a block is missing")
