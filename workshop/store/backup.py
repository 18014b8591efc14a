"""A workshop as one file, and back: on this server or another one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from workshop.domain.access import Role, Visitor
from workshop.store.archive import Rows, pack
from workshop.store.copies import Copies, quoted
from workshop.store.doors import AGENDA
from workshop.store.numbers import PLAN
from workshop.store.records import Row, StoreError
from workshop.store.rehearsal import NAMED, read, rehearsed
from workshop.store.seats import IDEAS, SEATS
from workshop.store.tables import Table, tables
from workshop.store.verbs import Verb

# Ids that are looked for in one statement.
AT_ONCE = 500
ATTACHED = "rehearsal"
CHANGED = "Nothing was restored: the records here have changed meanwhile. Try again."
IS_BUSY = "Another workshop is being restored at this moment. Try again in a minute."


@dataclass(frozen=True)
class Restored:
    """A workshop that came back: its facilitator, the code it had, and whether it is a second one.

    A second one stands beside the workshop that was here already, and opens to none of its links.
    """

    facilitator: Visitor
    former_code: str
    is_second: bool


class Backups(Copies):
    """Workshops as files."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._restoring = threading.Lock()

    def backup(self, visitor: Visitor) -> bytes:
        """The whole workshop as one file, as it is at this moment; the facilitator's right."""
        visitor.must_be(Role.FACILITATOR)
        with self._connection.cursor() as cursor:

            def read(statement: str, *values: object) -> list[Row]:
                return cursor.execute(statement, list(values)).fetchall()

            cursor.execute("BEGIN")  # one state for all tables, whatever is saved meanwhile
            rows = {table.name: _rows(read, table, visitor) for table in tables(read)}
            cursor.execute("COMMIT")
        return pack(visitor.workshop_id, rows)

    def restore_workshop(
        self, file: bytes, told: Callable[[float], None] = lambda part: None
    ) -> Restored:
        """Bring back the workshop of a backup, all of it or nothing.

        It is read and tried beside the room; `told` hears how much of that is done, 0..1, and may
        end it by raising. Ids, and with them seats and links, stay as they were where this server
        knows none of them; else the workshop comes back beside the one that is here, with ids of
        its own. The room code stays where it is free. Raises NoBackup, saying what is wrong with
        the file, and StoreError while another one is being restored.
        """
        if not self._restoring.acquire(blocking=False):
            raise StoreError(IS_BUSY)
        try:
            return self._restore(file, told)
        finally:
            self._restoring.release()

    def _restore(self, file: bytes, told: Callable[[float], None]) -> Restored:
        schema = tables(self._read)
        version, rows, pace = read(file, schema, told)
        is_second = self._knows(rows)
        if is_second:
            rows = _renewed(rows)
        [workshop] = rows["workshop"]
        former_code = workshop["code"]
        if self.find(former_code) is not None:
            workshop["code"] = self._free_code()
        visitor = Visitor(Role.FACILITATOR, workshop["id"], is_starter=True)
        with rehearsed(version, rows, schema, pace) as rehearsal, self._attached(rehearsal):
            try:
                self._take_in(visitor, schema)
            except duckdb.ConstraintException as error:  # all records were replaced meanwhile
                raise StoreError(CHANGED) from error
        return Restored(visitor, former_code, is_second)

    def _take_in(self, visitor: Visitor, schema: Iterable[Table]) -> None:
        """All rows of the rehearsal, which is attached: the one moment when the room waits."""
        with self._change(visitor, AGENDA, IDEAS, PLAN, SEATS) as change:
            for table in schema:
                names = ", ".join(column.name for column in table.columns)
                change.run(
                    f"INSERT INTO {table.name} ({names}) "
                    f"SELECT {names} FROM {ATTACHED}.{table.name}{table.order}"
                )
            change.trail(Verb.WORKSHOP_RESTORED, "")

    @contextmanager
    def _attached(self, file: Path) -> Iterator[None]:
        with self._connection.cursor() as cursor:
            cursor.execute(f"ATTACH '{quoted(file)}' AS {ATTACHED} (READ_ONLY)")
        try:
            yield
        finally:
            with self._connection.cursor() as cursor:
                cursor.execute(f"DETACH {ATTACHED}")

    def _knows(self, rows: Rows) -> bool:
        """Whether any id or link of a backup is in these records already."""
        known = {
            ("workshop", "id"): [row["id"] for row in rows["workshop"]],
            ("workshop", "recovery"): [row["recovery"] for row in rows["workshop"]],
            ("token", "fingerprint"): [row["fingerprint"] for row in rows["token"]],
            ("removal", "person_id"): [row["person_id"] for row in rows["removal"]],
            ("done", "team_id"): [row["team_id"] for row in rows["done"]],
            ("estimate", "idea_id"): [row["idea_id"] for row in rows["estimate"]],
        } | {(table, "id"): [row["id"] for row in rows[table]] for table in NAMED}
        return any(
            self._read(f"SELECT 1 FROM {table} WHERE {column} IN ({_marks(len(some))})", *some)
            for (table, column), ids in known.items()
            for some in _portions(ids)
        )


def _rows(read: Callable[..., list[Row]], table: Table, visitor: Visitor) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    found = read(
        f"SELECT {', '.join(names)} FROM {table.name} WHERE {table.key} = $1{table.order}",
        visitor.workshop_id,
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def _renewed(rows: Rows) -> Rows:
    """The same workshop under ids that nobody else has.

    Without links and recovery code, which the old one keeps.
    """
    new = {row["id"]: uuid4().hex for table in ("workshop", *NAMED) for row in rows[table]}
    renewed = {
        table: [{name: _new(new, name, value) for name, value in row.items()} for row in held]
        for table, held in rows.items()
    }
    [workshop] = renewed["workshop"]
    return renewed | {"workshop": [workshop | {"recovery": None}], "token": []}


def _new(new: dict[str, str], name: str, value: Any) -> Any:
    is_id = name in {"id", "subject", "merged_into"} or name.endswith("_id")
    return new.get(value, value) if is_id else value


def _marks(count: int) -> str:
    return ", ".join(f"${place}" for place in range(1, count + 1))


def _portions(values: list[Any]) -> Iterable[list[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
