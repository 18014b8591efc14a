"""The records as the parts of the store use them: changes with their entry in the activity log,
and what has been read already.

Every change is one transaction; whether the link of whoever makes it still holds is asked within
it. A call returns after COMMIT, and only then are the screens told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, fields
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, TypeVar

from workshop import log, metrics
from workshop.domain.access import Forbidden, Visitor
from workshop.domain.idea import Estimate
from workshop.domain.text import cleaned
from workshop.store import clock, submissions
from workshop.store.activity import LogSize, measure, shorten
from workshop.store.cache import Cache
from workshop.store.engine import Cursor, Engine, Row, Run, Taken, explained, insert_rows
from workshop.store.errors import StoreError
from workshop.store.migrations import bring_up_to_date
from workshop.store.tables import Table
from workshop.store.verbs import Verb
from workshop.store.versions import EVERYTHING, Versions

Value = TypeVar("Value")

# One row where a token is there, and a second one where its person was removed.
HOLDS = (
    "SELECT 1 FROM token WHERE fingerprint = $1 "
    "UNION ALL SELECT 2 FROM removal WHERE person_id = $2"
)
WITHDRAWN = "this link was withdrawn by the facilitator"


def as_json(value: object) -> str | None:
    return None if value is None else cleaned(json.dumps(value, default=str, ensure_ascii=False))


def as_values(value: Any) -> dict[str, Any]:
    """The fields of a value as JSON can hold them, for the activity log."""
    held = {field.name: getattr(value, field.name) for field in fields(value)}
    return {
        name: as_values(part) if isinstance(part, Estimate) else part for name, part in held.items()
    }


def _insertion(table: str, values: Mapping[str, object]) -> str:
    marks = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"


def foreign(table: str) -> str:
    return f"This {table} is not in the records of this workshop."


class Source(Protocol):
    """Where records are read: those that are committed, or those within a change."""

    def read(self, statement: str, *values: object) -> list[Row]:
        """The rows of a query."""

    def cached(
        self, workshop_id: str, topic: str, name: str, load: Callable[[Run], Value]
    ) -> Value:
        """What `load` makes of a workshop's records, once for each version of this topic."""


@dataclass(frozen=True)
class Entry:
    """An entry of the activity log: what was done, to whom or what, and by whom if it says so."""

    verb: Verb
    subject: str
    before: object = None
    after: object = None
    by: Visitor | None = None


class Change:
    """A transaction under way: statements, and the entries of the log that they leave."""

    def __init__(
        self, cursor: Cursor, visitor: Visitor, topics: Sequence[str], cache: Cache
    ) -> None:
        self.cursor = cursor
        self.visitor = visitor
        self.topics = list(topics)
        self.verbs: list[Verb] = []
        self.logged_characters: list[int] = []
        self.amendments: list[tuple[str, str, Callable[[Any], Any]]] = []
        self._cache = cache
        self._has_written = False

    @property
    def workshop_id(self) -> str:
        return self.visitor.workshop_id

    def read(self, statement: str, *values: object) -> list[Row]:
        """The rows of a query, as this change has made them so far."""
        return self.cursor.run(statement, *values)

    def cached(
        self, workshop_id: str, topic: str, name: str, load: Callable[[Run], Value]
    ) -> Value:
        """What `load` makes of the records; read anew once this change has written to the topic."""
        if self._has_written and topic in self.topics:
            return load(self.read)
        return self._cache.get(workshop_id, topic, name, lambda: load(self.read))

    def write(self, statement: str, *values: object) -> list[Row]:
        """Carry out a statement that changes rows; returns what it says of them."""
        self._has_written = True
        return self.cursor.run(statement, *values)

    def insert(self, table: str, **values: object) -> None:
        self.write(_insertion(table, values), *values.values())

    def insert_all(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert rows with the same columns, many with a statement."""
        values = [tuple(row.values()) for row in rows]
        insert_rows(self.write, table, tuple(rows[0]), values)

    def insert_new(self, table: str, **values: object) -> None:
        """Insert a row by its `id`; StoreError where another workshop has one of that id."""
        try:
            self.insert(table, **values)
        except Taken as error:
            raise StoreError(foreign(table)) from error

    def update(self, table: str, id_: str, **values: object) -> None:
        """Replace these values in a row that is known to be this workshop's."""
        pairs = ", ".join(f"{column} = ${place}" for place, column in enumerate(values, 2))
        self.write(f"UPDATE {table} SET {pairs} WHERE id = $1", id_, *values.values())

    def upsert(self, table: str, kept: dict[str, object], **values: object) -> None:
        """Insert a row by its `id`; where it is there already, replace `values`, not `kept`."""
        row = kept | values
        replaced = ", ".join(f"{column} = excluded.{column}" for column in values)
        self.write(
            f"{_insertion(table, row)} "
            f"ON CONFLICT (id) DO UPDATE SET {replaced} "
            f"WHERE {table}.workshop_id = excluded.workshop_id",
            *row.values(),
        )

    def must_own(self, table: str, id_: str, *, or_new: bool = False) -> None:
        """Raise StoreError where this row is another workshop's, or not there."""
        owners = self.read(f"SELECT workshop_id FROM {table} WHERE id = $1", id_)
        if owners != [(self.workshop_id,)] and (owners or not or_new):
            raise StoreError(foreign(table))

    def amend(self, topic: str, name: str, amended: Callable[[Any], Any]) -> None:
        """Once this is kept, make of what has been read under `name` what it says now.

        Instead of reading all of it again; `topic` must be one that this change is about.
        """
        self.amendments.append((topic, name, amended))

    def log_activity(
        self,
        verb: Verb,
        subject: str,
        before: object = None,
        after: object = None,
        by: Visitor | None = None,
    ) -> None:
        """Add to the activity log that this was done, and to whom or what.

        `by` says who did it, in the log of whose workshop, if not the visitor of this change.
        """
        self.log_together([Entry(verb, subject, before, after, by)])

    def log_together(self, entries: Sequence[Entry]) -> None:
        """Add these to the activity log, in their order."""
        self.insert_all("activity", [self._logged(entry) for entry in entries])

    def _logged(self, entry: Entry) -> dict[str, object]:
        visitor = entry.by or self.visitor
        said = {
            "subject": cleaned(entry.subject),
            "before": as_json(entry.before),
            "after": as_json(entry.after),
        }
        self.verbs.append(entry.verb)
        self.logged_characters.append(sum(len(text) for text in said.values() if text))
        return {
            "happened_at": clock.now(),
            "workshop_id": visitor.workshop_id,
            "role": visitor.role,
            "person_id": visitor.person_id,
            "verb": entry.verb,
            **said,
        }


class Database:
    """The records of all workshops in one file (":memory:" for a passing one).

    `on_commit(workshop_id, topics)` is called after every commit, outside the lock; a change is
    made within `in_turn(workshop_id)`.
    """

    def __init__(
        self,
        path: str | Path,
        tables: Sequence[Table],
        on_commit: Callable[[str, tuple[str, ...]], None] = lambda workshop_id, topics: None,
        in_turn: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.tables = tuple(tables)
        self.on_commit = on_commit
        self._in_turn = in_turn
        self._cache = Cache(self.version)
        self._log_sizes: dict[str, LogSize] = {}
        with explained(f"The records in {path} cannot be opened"):
            self.engine = Engine(Path(path), on_reopen=self._cache.clear)
            bring_up_to_date(self.engine, self.tables)
            self._versions = Versions(self.engine.read)

    def close(self) -> None:
        self.engine.close()

    def read(self, statement: str, *values: object) -> list[Row]:
        """The rows of a query, as they are committed."""
        return self.engine.read(statement, *values)

    def cached(
        self, workshop_id: str, topic: str, name: str, load: Callable[[Run], Value]
    ) -> Value:
        """What `load` makes of a workshop's records, once for each version of this topic."""
        return self._cache.get(workshop_id, topic, name, lambda: load(self.read))

    def version(self, workshop_id: str, *topics: str) -> int:
        """A number that grows with every change of these topics."""
        return self._versions.of(workshop_id, *topics)

    @contextmanager
    def change(self, visitor: Visitor, *topics: str, submission_id: str = "") -> Iterator[Change]:
        """A transaction with its entry in the log; kept as a whole, or not at all.

        `submission_id` is that of the answer to a form that asks for it. Raises Forbidden where the
        visitor's link was withdrawn, Repeated where the answer was taken before, and Unsaved where
        the file cannot be written.
        """
        workshop_id = visitor.workshop_id
        with self._in_turn(workshop_id), self.engine.lock:
            started = perf_counter()
            with self.engine.transaction() as cursor:
                change = Change(cursor, visitor, topics, self._cache)
                if submission_id:
                    submissions.take(cursor.run, workshop_id, submission_id)
                _refuse_withdrawn(cursor.run, visitor)
                yield change
                size = self._bounded_log(change)
                grown = self._versions.grow(cursor.run, workshop_id, change.topics)
            self._log_sizes[workshop_id] = size
            seconds = perf_counter() - started
            self._versions.know(grown)
            for topic, name, amended in change.amendments:
                self._cache.amend(workshop_id, topic, name, amended)
        for verb in change.verbs:
            metrics.wrote(verb, seconds)
            log.info(verb, workshop=workshop_id[:8], role=visitor.role, seconds=seconds)
        self.on_commit(workshop_id, tuple(dict.fromkeys(change.topics)))

    def _bounded_log(self, change: Change) -> LogSize:
        """How large the activity log is with this change, shortened where that is too large."""
        workshop_id = change.workshop_id
        known, more = self._log_sizes.get(workshop_id), change.logged_characters
        if known is None:
            size = measure(change.read, workshop_id)
        else:
            size = LogSize(known.rows + len(more), known.characters + sum(more))
        return shorten(change.write, workshop_id) if size.is_too_large else size

    @contextmanager
    def replacement(self) -> Iterator[Cursor]:
        """A transaction that replaces all records; what has been read of them is read anew."""
        with self.engine.lock:
            with self.engine.transaction() as cursor:
                yield cursor
                workshop_id, topic = EVERYTHING
                grown = self._versions.grow(cursor.run, workshop_id, [topic])
            self._versions.know(grown)
            self._log_sizes.clear()
            self._cache.clear()


def _refuse_withdrawn(run: Run, visitor: Visitor) -> None:
    """Raise Forbidden where a link holds no more: open pages keep who they were."""
    if visitor.mark and run(HOLDS, visitor.mark, visitor.person_id) != [(1,)]:
        raise Forbidden(WITHDRAWN)
