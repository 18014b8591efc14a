"""One DuckDB file, one writer: transactions, the audit trail, and what has been read already."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from workshop.access import Visitor
from workshop.model import Estimate

SCHEMA_VERSION = 2
SCHEMA = Path(__file__).with_name("schema.sql")
UPGRADES = Path(__file__).with_name("upgrades")

Value = TypeVar("Value")
Row = tuple[Any, ...]


class StoreError(Exception):
    """The records cannot be opened or do not hold what was asked for; a sentence says why."""


def now() -> datetime:
    return datetime.now(UTC)


def as_json(value: object) -> str | None:
    return None if value is None else json.dumps(value, default=str, ensure_ascii=False)


def plain(value: Any) -> dict[str, Any]:
    """A record as JSON can hold it, for the audit trail."""
    held = {field.name: getattr(value, field.name) for field in fields(value)}
    return {
        name: plain(part) if isinstance(part, Estimate) else part for name, part in held.items()
    }


@dataclass(frozen=True)
class Change:
    """A transaction under way: statements, and the trail they leave."""

    cursor: duckdb.DuckDBPyConnection
    visitor: Visitor

    def run(self, statement: str, *values: object) -> list[Row]:
        return self.cursor.execute(statement, list(values)).fetchall()

    def insert(self, table: str, **values: object) -> None:
        columns = ", ".join(values)
        marks = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        self.run(f"INSERT INTO {table} ({columns}) VALUES ({marks})", *values.values())

    def upsert(self, table: str, kept: dict[str, object], **values: object) -> None:
        """Insert a row by its `id`; where it is there already, replace `values`, not `kept`."""
        row = kept | values
        marks = ", ".join(f"${place}" for place in range(1, len(row) + 1))
        replaced = ", ".join(f"{column} = excluded.{column}" for column in values)
        self.run(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) "
            f"ON CONFLICT (id) DO UPDATE SET {replaced} "
            f"WHERE {table}.workshop_id = excluded.workshop_id",
            *row.values(),
        )

    def trail(self, verb: str, subject: str, before: object = None, after: object = None) -> None:
        self.insert(
            "activity",
            happened_at=now(),
            workshop_id=self.visitor.workshop_id,
            role=self.visitor.role,
            person_id=self.visitor.person_id,
            verb=verb,
            subject=subject,
            before=as_json(before),
            after=as_json(after),
        )


class Records:
    """The records of all workshops in one DuckDB file (":memory:" for a passing one).

    `on_commit(workshop_id, topics)` is called after every commit, outside the lock.
    """

    def __init__(
        self,
        path: str | Path,
        on_commit: Callable[[str, tuple[str, ...]], None] = lambda workshop_id, topics: None,
    ) -> None:
        self._lock = threading.Lock()
        self._on_commit = on_commit
        self._versions: dict[tuple[str, str], int] = {}
        self._cache: dict[tuple[str, str], tuple[int, Any]] = {}
        try:
            self._connection = duckdb.connect(str(path))
            self._open(Path(path))
        except duckdb.Error as error:
            raise StoreError(f"The records in {path} cannot be opened: {error}") from error

    def _open(self, path: Path) -> None:
        version = self._file_version()
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"The records are of version {version}; this app knows version "
                f"{SCHEMA_VERSION}. Install the newer app; nothing was changed."
            )
        if 0 < version < SCHEMA_VERSION:
            self._upgrade(path, version)
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute(SCHEMA.read_text(encoding="utf-8"))
        if not version:
            self._connection.execute("INSERT INTO schema_version VALUES ($1)", [SCHEMA_VERSION])

    def _file_version(self) -> int:
        """The version of the app that wrote the file; 0 for a fresh one."""
        known = "SELECT 1 FROM information_schema.tables WHERE table_name = 'schema_version'"
        versions = self._read("SELECT version FROM schema_version") if self._read(known) else []
        return int(versions[0][0]) if versions else 0

    def _upgrade(self, path: Path, version: int) -> None:
        """Bring an older file up to date, step by step and all or nothing; a copy is kept."""
        self._connection.close()  # what was not in the file yet is written to it
        shutil.copy2(path, path.with_name(f"{path.stem}.version-{version}{path.suffix}"))
        self._connection = duckdb.connect(str(path))
        self._connection.execute("BEGIN")
        for step in range(version + 1, SCHEMA_VERSION + 1):
            self._connection.execute((UPGRADES / f"{step}.sql").read_text(encoding="utf-8"))
        self._connection.execute("UPDATE schema_version SET version = $1", [SCHEMA_VERSION])
        self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def version(self, workshop_id: str, *topics: str) -> int:
        """A number that grows with every change of these topics, within this process."""
        return sum(self._versions.get((workshop_id, topic), 0) for topic in topics)

    def _read(self, statement: str, *values: object) -> list[Row]:
        with self._connection.cursor() as cursor:
            return cursor.execute(statement, list(values)).fetchall()

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
    def _change(self, visitor: Visitor, *topics: str) -> Iterator[Change]:
        with self._lock, self._connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield Change(cursor, visitor)
                cursor.execute("COMMIT")
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            for topic in topics:
                key = (visitor.workshop_id, topic)
                self._versions[key] = self._versions.get(key, 0) + 1
        self._on_commit(visitor.workshop_id, topics)
