"""The engine of the records, DuckDB: connections, transactions, the file, and how it fails.

Nothing else in the store names it. What the others say to it is SQL that PostgreSQL takes as well.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any

import duckdb

from workshop import log, metrics
from workshop.store.errors import StoreError, Unsaved
from workshop.store.tables import Table

Row = tuple[Any, ...]
Run = Callable[..., list[Row]]
ROWS_AT_ONCE = 300
# Whatever it raises; what it raises where the disk or the file fails it, and where it gives up.
EngineError = duckdb.Error
BROKEN = (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException)
GIVEN_UP = (duckdb.FatalException, duckdb.ConnectionException)
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
# In JSON all other types are texts.
TYPES_IN_JSON = {"BOOLEAN", "INTEGER", "BIGINT", "DOUBLE PRECISION"}


class Taken(Exception):  # noqa: N818 — "except Taken" says it
    """A row of this key is there already."""


def reason(error: Exception, otherwise: str = "") -> str:
    """Why the engine failed, in words for people; where we have none `otherwise`, or its own.

    >>> reason(OSError("Could not write file: No space left on device"))
    "the server's disk is full"
    """
    said = str(error)
    return next((words for mark, words in REASONS.items() if mark in said), otherwise or said)


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Raise StoreError that says `what` and why, where the engine or the disk fails meanwhile."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise StoreError(f"{what}: {reason(error)}.") from error


class Cursor:
    """Statements on one connection, which nobody else uses meanwhile."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def run(self, statement: str, *values: object) -> list[Row]:
        """The rows of a statement. Raises Taken where its row is there already."""
        try:
            return self._cursor.execute(statement, list(values)).fetchall()
        except duckdb.ConstraintException as error:
            raise Taken(str(error)) from error

    def load(self, table: Table, lines: Path) -> None:
        """Insert the rows of a file of JSON lines in one go; each says its `line_number`."""
        values = ", ".join(f"CAST({column.name} AS {column.kind.sql})" for column in table.columns)
        types = ", ".join(
            f"{column.name}: '{column.kind.sql if column.kind.sql in TYPES_IN_JSON else 'VARCHAR'}'"
            for column in table.columns
        )
        self.run(
            f"INSERT INTO {table.name} ({table.names}) SELECT {values} "
            f"FROM read_json('{quoted(lines)}', format = 'newline_delimited', "
            f"columns = {{line_number: 'BIGINT', {types}}}) ORDER BY line_number"
        )


def insert_rows(
    run: Run,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    on_conflict: str = "",
) -> None:
    """Insert many rows, some hundreds with a statement.

    `on_conflict` says what to do of rows that are there already; else Taken is raised.
    """
    width = len(columns)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        places = ", ".join(
            f"({', '.join(f'${row * width + place + 1}' for place in range(width))})"
            for row in range(len(some))
        )
        values = [value for row in some for value in row]
        run(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} {on_conflict}", *values)


class Engine:
    """One DuckDB file, or ":memory:", with one writer at a time.

    Raises duckdb.Error or OSError where it cannot be opened: see `explained`. `on_reopen` is
    called where the engine has given the file up and it is opened anew.
    """

    def __init__(self, path: Path, on_reopen: Callable[[], None]) -> None:
        self.path = path
        self.lock = threading.RLock()
        """Whoever holds it is the only one who writes."""
        self.is_new = not path.is_file()
        self._on_reopen = on_reopen
        self._is_closed = False
        self._source: FileIO | None = None
        _read_through(path)
        self._connection = _connect(path)

    def close(self) -> None:
        with self.lock:
            self._is_closed = True
            self._connection.close()
            if self._source is not None:
                self._source.close()

    def execute(self, statement: str, *values: object) -> None:
        """Carry out a statement by itself, for what tables and settings there are."""
        self._connection.execute(statement, list(values))

    def read(self, statement: str, *values: object) -> list[Row]:
        """What is committed. Raises StoreError where it cannot be read."""
        connection = self._connection
        try:
            return _fetch(connection, statement, values)
        except BROKEN as error:
            log.error("not read", reason=reason(error, type(error).__name__))
            with self.lock:
                self._reopen(connection, error)
            problem: Exception = error
        if self._connection is not connection:  # it was given up for a disk that is well again
            try:
                return _fetch(self._connection, statement, values)
            except BROKEN as error:
                problem = error
        words = reason(problem, "the file or its disk fails")
        raise StoreError(f"The records cannot be read now: {words}.") from problem

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """Kept as a whole, or not at all. Raises Unsaved where the file cannot be written."""
        with self.lock:
            connection = self._connection
            try:
                with connection.cursor() as cursor:
                    cursor.execute("BEGIN")
                    try:
                        yield Cursor(cursor)
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
                    f"Not saved: {words}. Your words stay here; tell the facilitator, then try "
                    "again."
                ) from error

    @contextmanager
    def snapshot(self) -> Iterator[Cursor]:
        """One state of all tables to read, whatever is saved meanwhile."""
        with self._connection.cursor() as cursor:
            cursor.execute("BEGIN")
            yield Cursor(cursor)
            cursor.execute("COMMIT")

    def _reopen(self, broken: duckdb.DuckDBPyConnection, error: Exception) -> None:
        """Open the file anew where the engine has given it up; the caller holds the lock.

        What was acknowledged is in the file, so nothing is lost by it.
        """
        if self._is_closed or not isinstance(error, GIVEN_UP) or self._connection is not broken:
            return
        self._on_reopen()
        with suppress(duckdb.Error):
            broken.close()
        try:
            self._connection = _connect(self.path)
        except duckdb.Error as again:
            log.error("not reopened", reason=reason(again))
        else:
            log.warning("reopened")

    # -- the file ------------------------------------------------------------------------------

    def has_table(self, name: str) -> bool:
        return not self.is_new and _has_table(self._connection, name)

    def checkpoint(self) -> None:
        """Fold what is in the engine's log into the file."""
        with self.lock:
            self._connection.execute("CHECKPOINT")

    def set_aside(self, mark: str) -> None:
        """Copy the whole file to one beside it, before it is changed for good."""
        self.checkpoint()
        self._connection.close()  # what was not in the file yet is written to it
        path = self.path
        shutil.copy2(path, path.with_name(f"{path.stem}.{mark}{path.suffix}"))
        self._connection = _connect(path)

    def copy_to(self, target: Path) -> None:
        """Copy the whole file while others read and write; the copy has been opened once.

        Only as long as the bytes are copied does a change wait.
        """
        with self.lock:
            self._copy_bytes(target)
        # What was in the engine's log goes into the file; one that will not open is none.
        with duckdb.connect(str(target)) as connection:
            connection.execute("CHECKPOINT")
        with open(target, "rb+") as copy:
            os.fsync(copy.fileno())

    def _copy_bytes(self, target: Path) -> None:
        # Closing any descriptor of the file would give up the engine's lock on it: POSIX locks
        # belong to the process. So ours stays open as long as the records do.
        if self._source is None:
            self._source = FileIO(self.path)
        self._source.seek(0)
        with open(target, "wb") as copy:
            shutil.copyfileobj(self._source, copy, 1 << 20)
        written = self.path.with_name(f"{self.path.name}.wal")
        if written.exists():
            shutil.copyfile(written, target.with_name(f"{target.name}.wal"))

    @contextmanager
    def attached(self, file: Path, name: str) -> Iterator[None]:
        """Have the tables of another file at hand, as those of the schema `name`."""
        with self._connection.cursor() as cursor:
            cursor.execute(f"ATTACH '{quoted(file)}' AS {name} (READ_ONLY)")
        try:
            yield
        finally:
            with self._connection.cursor() as cursor:
                cursor.execute(f"DETACH {name}")


def refuse_another_file(path: Path, table: str) -> None:
    """Raise what the engine would, where a file of it holds no such table."""
    with duckdb.connect(str(path), read_only=True) as connection:
        if not _has_table(connection, table):
            raise duckdb.IOException("it is a database, but not of this app")


def quoted(path: Path) -> str:
    """A path as SQL quotes it.

    >>> quoted(Path("Ada's"))
    "Ada''s"
    """
    return str(path).replace("'", "''")


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path))
    # What is in the log stays in memory too; at the engine's own 16 MB it is folded once a day.
    # One thread: the statements are small, and handing them to a second one costs a quarter more.
    connection.execute(
        f"SET TimeZone = 'UTC'; SET threads = 1; SET checkpoint_threshold = '{LOG_BYTES} bytes'"
    )
    return connection


def _fetch(
    connection: duckdb.DuckDBPyConnection, statement: str, values: tuple[object, ...]
) -> list[Row]:
    with connection.cursor() as cursor:
        return cursor.execute(statement, list(values)).fetchall()


def _has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    known = "SELECT 1 FROM duckdb_tables() WHERE table_name = $1"
    return bool(_fetch(connection, known, (name,)))


def _read_through(path: Path) -> None:
    """Read every row of a file before it is opened for writing; duckdb.Error where one is gone.

    The engine opens a file that ends too early, and finds out when it reads or overwrites there.
    """
    if not path.is_file():
        return
    crashed = path.with_name(f"{path.name}.wal").exists()
    with duckdb.connect(str(path), read_only=True) as connection:
        for (table,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
        ).fetchall():
            connection.execute(f'SELECT max(hash(row)) FROM "{table}" AS row').fetchall()
        [(block_bytes, blocks)] = connection.execute(
            "SELECT block_size, used_blocks FROM pragma_database_size()"
        ).fetchall()
    # With the log of a crash beside it, the file may be shorter than what is in use by now.
    if not crashed and path.stat().st_size < HEADER_BYTES + block_bytes * blocks:
        raise duckdb.IOException("Could not read enough bytes: a block is missing")
