"""A workshop as one file, and back: on this server or another one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase
from workshop.store.archive import Rows, pack
from workshop.store.database import Database
from workshop.store.engine import Run, Taken
from workshop.store.errors import StoreError
from workshop.store.rehearsal import read, rehearsed
from workshop.store.tables import ID, ID_OR_NOBODYS, Table, named
from workshop.store.topics import AGENDA, IDEAS, PLAN, SEATS
from workshop.store.verbs import Verb
from workshop.store.workshops import Workshops, free_code

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


class Backups:
    """Workshops as files."""

    def __init__(self, database: Database, workshops: Workshops) -> None:
        self._database = database
        self._workshops = workshops
        self._tables = [table for table in database.tables if table.in_backups]
        self._restoring = threading.Lock()

    def make(self, visitor: Visitor) -> bytes:
        """The whole workshop as one file, as it is at this moment; the facilitator's right.

        Answers that are not revealed are not in it.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._database.engine.snapshot() as cursor:
            rows = {table.name: _rows(cursor.run, table, visitor) for table in self._tables}
        return pack(visitor.workshop_id, rows)

    def restore(
        self,
        file: bytes,
        told: Callable[[float], None] = lambda part: None,
        activities: Collection[str] = frozenset(Phase),
    ) -> Restored:
        """Bring back the workshop of a backup, all of it or nothing.

        The room must be at one of these `activities`, by their codes: those that this app knows.

        It is read and tried beside the room; `told` hears how much of that is done, 0..1, and may
        end it by raising. Ids, and with them seats and links, stay as they were where this server
        knows none of them; else the workshop comes back beside the one that is here, with ids of
        its own. The room code stays where it is free. Raises NoBackup, saying what is wrong with
        the file, and StoreError while another one is being restored.
        """
        if not self._restoring.acquire(blocking=False):
            raise StoreError(IS_BUSY)
        try:
            return self._restore(file, told, activities)
        finally:
            self._restoring.release()

    def _restore(
        self, file: bytes, told: Callable[[float], None], activities: Collection[str]
    ) -> Restored:
        schema = self._tables
        version, rows, pace = read(file, schema, told)
        is_second = self._knows(rows)
        if is_second:
            rows = _renewed(schema, rows)
        [workshop] = rows["workshop"]
        former_code = workshop["code"]
        # No file lets anybody into a company that is here.
        workshop["company_id"] = uuid4().hex
        if self._workshops.find(former_code) is not None:
            workshop["code"] = free_code(self._database.read)
        visitor = Visitor(Role.FACILITATOR, workshop["id"], is_starter=True)
        with (
            rehearsed(version, rows, self._database.tables, pace, activities) as rehearsal,
            self._database.engine.attached(rehearsal, ATTACHED),
        ):
            try:
                self._take_in(visitor)
            except Taken as error:  # all records were replaced meanwhile
                raise StoreError(CHANGED) from error
        return Restored(visitor, former_code, is_second)

    def _take_in(self, visitor: Visitor) -> None:
        """All rows of the rehearsal, which is attached: the one moment when the room waits."""
        with self._database.change(visitor, AGENDA, IDEAS, PLAN, SEATS) as change:
            for table in self._tables:
                change.write(
                    f"INSERT INTO {table.name} ({table.names}) "
                    f"SELECT {table.names} FROM {ATTACHED}.{table.name}{table.order}"
                )
            change.log_activity(Verb.WORKSHOP_RESTORED, "")

    def _knows(self, rows: Rows) -> bool:
        """Whether any id or link of a backup is in these records already."""
        known = {("workshop", "recovery"): [row["recovery"] for row in rows["workshop"]]}
        for table in self._tables:
            for column in table.own_ids:
                known[table.name, column] = [row[column] for row in rows[table.name]]
        return any(
            self._database.read(
                f"SELECT 1 FROM {table} WHERE {column} IN ({_marks(len(some))})", *some
            )
            for (table, column), ids in known.items()
            for some in _portions(ids)
        )


def _rows(read: Run, table: Table, visitor: Visitor) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    where = f" AND {table.backed_up_where}" if table.backed_up_where else ""
    found = read(
        f"SELECT {table.names} FROM {table.name} WHERE {table.owner} = $1{where}{table.order}",
        visitor.workshop_id,
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def _renewed(schema: Iterable[Table], rows: Rows) -> Rows:
    """The same workshop under ids that nobody else has.

    Without links and recovery code, which the old one keeps.
    """
    tables = {table.name: table for table in schema}
    new = {row["id"]: uuid4().hex for name in ("workshop", *named(schema)) for row in rows[name]}
    renewed = {
        name: [_under_new_ids(tables[name], new, row) for row in held]
        for name, held in rows.items()
    }
    [workshop] = renewed["workshop"]
    links: Rows = {"token": [], "check_in_link": []}
    return renewed | links | {"workshop": [workshop | {"recovery": None}]}


def _under_new_ids(table: Table, new: dict[str, str], row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        column.name: new.get(row[column.name], row[column.name])
        for column in table.columns
        # What an entry of the activity log is about is named by its id.
        if column.kind in (ID, ID_OR_NOBODYS) or column.name == "subject"
    }


def _marks(count: int) -> str:
    return ", ".join(f"${place}" for place in range(1, count + 1))


def _portions(values: list[Any]) -> Iterable[list[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
