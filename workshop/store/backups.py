"""A workshop as one file, and a company with all of its workshops; and back: on this server or
another one."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase
from workshop.domain.company import Company
from workshop.store.archive import (
    MAX_ROWS,
    MOST_WORKSHOPS,
    NoBackup,
    Rows,
    count_rows,
    pack,
    pack_company,
    unpack,
    unpack_company,
)
from workshop.store.companies import company_of, workshops_of
from workshop.store.database import Database
from workshop.store.engine import Cursor, Run, Taken
from workshop.store.errors import StoreError
from workshop.store.rehearsal import Pace, read, rehearsed
from workshop.store.tables import ID, ID_OR_NOBODYS, Table, named
from workshop.store.topics import AGENDA, IDEAS, PLAN, SEATS
from workshop.store.verbs import Verb
from workshop.store.workshops import Workshops, free_code

# Ids that are looked for in one statement.
AT_ONCE = 500
ATTACHED = "rehearsal"
CHANGED = "Nothing was restored: the records here have changed meanwhile. Try again."
IS_BUSY = "Another workshop is being restored at this moment. Try again in a minute."
TOO_MANY = (
    f"A backup of a company holds {MOST_WORKSHOPS} workshops at most. Make a backup of each "
    "workshop on the screen that leads it."
)
TOO_LARGE = (
    "These workshops are too large for one file. Make a backup of each workshop on the screen "
    "that leads it."
)


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
            return pack(visitor.workshop_id, self._read(cursor, visitor.workshop_id))

    def make_company(self, visitor: Visitor) -> bytes:
        """The visitor's company with all of its workshops as one file, all of one moment.

        The right of a facilitator of any of them. Raises StoreError where it would be more than
        can be restored.
        """
        visitor.must_be(Role.FACILITATOR)
        company = company_of(self._database, visitor.workshop_id)
        ids = workshops_of(self._database, company.id)
        if len(ids) > MOST_WORKSHOPS:
            raise StoreError(TOO_MANY)
        with self._database.engine.snapshot() as cursor:
            held = [(id_, self._read(cursor, id_)) for id_ in ids]
        file = pack_company(company.name, [pack(id_, rows) for id_, rows in held])
        try:
            unpack_company(file)
            _refuse_too_many([rows for _, rows in held])
        except NoBackup as error:
            raise StoreError(TOO_LARGE) from error
        return file

    def _read(self, cursor: Cursor, workshop_id: str) -> Rows:
        return {table.name: _rows(cursor.run, table, workshop_id) for table in self._tables}

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
        with self._alone():
            [restored] = self._restore([file], None, told, activities)
        return restored

    def restore_company(
        self,
        file: bytes,
        told: Callable[[float], None] = lambda part: None,
        activities: Collection[str] = frozenset(Phase),
    ) -> tuple[Restored, ...]:
        """Bring back a company, oldest workshop first: all of its workshops, or nothing.

        As `restore` does; where one of them is here already, all get ids of their own. It is a new
        company, which nobody has been let into.
        """
        with self._alone():
            name, backups = unpack_company(file)
            return self._restore(backups, name, told, activities)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._restoring.acquire(blocking=False):
            raise StoreError(IS_BUSY)
        try:
            yield
        finally:
            self._restoring.release()

    def _restore(
        self,
        files: Sequence[bytes],
        company_name: str | None,
        told: Callable[[float], None],
        activities: Collection[str],
    ) -> tuple[Restored, ...]:
        """Bring these back as one company of this name; one workshop alone keeps its own."""
        unpacked = [unpack(file) for file in files]
        versions = [version for version, _ in unpacked]
        pace = Pace(2 * count_rows(chain(*(texts.values() for _, texts in unpacked))), told)
        backups = [read(version, texts, self._tables, pace) for version, texts in unpacked]
        del unpacked  # it may be large
        self._refuse_the_same(backups)
        is_second = any(map(self._knows, backups))
        if is_second:
            backups = [_renewed(self._tables, rows) for rows in backups]
        former_codes = [rows["workshop"][0]["code"] for rows in backups]
        visitors = [
            Visitor(Role.FACILITATOR, rows["workshop"][0]["id"], is_starter=True)
            for rows in backups
        ]
        self._make_company(backups, company_name)
        with ExitStack() as stack:
            for place, (version, rows) in enumerate(zip(versions, backups, strict=True)):
                trial = rehearsed(version, rows, self._database.tables, pace, activities)
                attached = self._database.engine.attached(
                    stack.enter_context(trial), f"{ATTACHED}_{place}"
                )
                stack.enter_context(attached)
            try:
                self._take_in(visitors)
            except Taken as error:  # all records were replaced meanwhile
                raise StoreError(CHANGED) from error
        return tuple(
            Restored(visitor, code, is_second)
            for visitor, code in zip(visitors, former_codes, strict=True)
        )

    def _refuse_the_same(self, backups: Sequence[Rows]) -> None:
        """Raise NoBackup where two workshops of a file claim the same id, link or room code."""
        claimed = Counter(
            (place, value)
            for rows in backups
            for place, values in self._claims(rows).items()
            for value in {*values} - {None}
        )
        if any(count > 1 for count in claimed.values()):
            raise NoBackup("a workshop is in it twice")

    def _make_company(self, backups: Sequence[Rows], name: str | None) -> None:
        """Have all rows say that they are of one new company, with room codes that are free."""
        for rows in backups:
            [workshop] = rows["workshop"]
            if self._workshops.find(workshop["code"]) is not None:
                workshop["code"] = free_code(self._database.read)
        first = backups[0]["workshop"][0]
        try:
            # No file lets anybody into a company that is here.
            company = Company(uuid4().hex, first["company"] if name is None else name)
        except ValueError as error:
            raise NoBackup(str(error)) from error
        for rows in backups:
            rows["workshop"][0] |= {"company_id": company.id, "company": company.name}

    def _take_in(self, visitors: Sequence[Visitor]) -> None:
        """All rows of the rehearsals, which are attached: the one moment when the room waits."""
        with self._database.change(visitors[0], AGENDA, IDEAS, PLAN, SEATS) as change:
            for place, visitor in enumerate(visitors):
                for table in self._tables:
                    change.write(
                        f"INSERT INTO {table.name} ({table.names}) "
                        f"SELECT {table.names} FROM {ATTACHED}_{place}.{table.name}{table.order}"
                    )
                change.log_activity(Verb.WORKSHOP_RESTORED, "", by=visitor)

    def _knows(self, rows: Rows) -> bool:
        """Whether any id or link of a backup is in these records already."""
        return any(
            self._database.read(
                f"SELECT 1 FROM {table} WHERE {column} IN ({_marks(len(some))})", *some
            )
            for (table, column), ids in self._claims(rows).items()
            if column != "code"
            for some in _portions(ids)
        )

    def _claims(self, rows: Rows) -> dict[tuple[str, str], list[Any]]:
        """What no two workshops may share, by table and column: ids, links and codes."""
        [workshop] = rows["workshop"]
        codes = {("workshop", name): [workshop[name]] for name in ("code", "recovery")}
        return codes | {
            (table.name, column): [row[column] for row in rows[table.name]]
            for table in self._tables
            for column in table.own_ids
        }


def _refuse_too_many(backups: Iterable[Rows]) -> None:
    """Raise NoBackup where there are more rows than can be restored."""
    if sum(len(held) for rows in backups for held in rows.values()) > MAX_ROWS:
        raise NoBackup(f"it has more than {MAX_ROWS:,} rows")


def _rows(read: Run, table: Table, workshop_id: str) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    where = f" AND {table.backed_up_where}" if table.backed_up_where else ""
    found = read(
        f"SELECT {table.names} FROM {table.name} WHERE {table.owner} = $1{where}{table.order}",
        workshop_id,
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
