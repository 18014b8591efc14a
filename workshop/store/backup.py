"""A workshop as one file, and back: on this server or another one.

The file is a ZIP archive: `manifest.json`, and for each table its rows of that workshop as JSON
lines. Nothing in it is believed before it has been read into records of its own, in memory, and
every screen's question has been asked there.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

import duckdb

from workshop.access import CODE_LENGTH, Role, Visitor, read_code
from workshop.model import TITLE_LENGTH, Door, refuse_text
from workshop.store.choice import Choices
from workshop.store.copies import Copies
from workshop.store.doors import AGENDA
from workshop.store.ideas import IDEAS
from workshop.store.numbers import PLAN
from workshop.store.records import SCHEMA_VERSION, Change, Row, StoreError
from workshop.store.seats import MOST_PEOPLE, SEATS
from workshop.store.tables import Table, tables

FORMAT = "Funnel Reality Check backup"
MANIFEST = "manifest.json"
MAX_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_ROWS = 100_000
# Rows a statement: one by one, a large workshop would keep the others waiting for seconds.
AT_ONCE = 50

# Which rows a column points to. The trail may name people who took another seat; it is not asked.
POINTS_TO = {
    ("person", "team_id"): "team",
    ("done", "team_id"): "team",
    ("removal", "person_id"): "person",
    ("token", "person_id"): "person",
    ("idea", "team_id"): "team",
    ("idea", "merged_into"): "idea",
    ("estimate", "idea_id"): "idea",
    ("action", "idea_id"): "idea",
    ("condition", "idea_id"): "idea",
    ("condition", "other_id"): "idea",
}
NAMED = ("team", "person", "idea", "action")

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Restored:
    """A workshop that came back: its facilitator, the code it had, and whether it is a second one.

    A second one stands beside the workshop that was here already, and opens to none of its links.
    """

    facilitator: Visitor
    former_code: str
    is_second: bool


class NoBackup(StoreError):  # noqa: N818 — "raise NoBackup" says it
    """The file is no backup that can be restored; nothing was changed."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This file cannot be restored: {why}. Nothing was changed.")


class Backups(Copies):
    """Workshops as files."""

    def backup(self, visitor: Visitor) -> bytes:
        """The whole workshop as one file, as it is at this moment; the facilitator's right."""
        visitor.must_be(Role.FACILITATOR)
        with self._connection.cursor() as cursor:

            def read(statement: str, *values: object) -> list[Row]:
                return cursor.execute(statement, list(values)).fetchall()

            cursor.execute("BEGIN")  # one state for all tables, whatever is saved meanwhile
            rows = {table.name: _rows(read, table, visitor) for table in tables(read)}
            cursor.execute("COMMIT")
        return _pack(visitor.workshop_id, rows)

    def restore_workshop(self, file: bytes) -> Restored:
        """Bring back the workshop of a backup, all of it or nothing.

        Ids, and with them seats and links, stay as they were where this server knows none of
        them; else the workshop comes back beside the one that is here, with ids of its own. The
        room code stays where it is free. Raises NoBackup, saying what is wrong with the file.
        """
        schema = tables(self._read)
        rows = _read_rows(schema, *_unpack(file))
        _rehearse(schema, rows)
        with self._lock:
            is_second = self._knows(rows)
            if is_second:
                rows = _renewed(rows)
            [workshop] = rows["workshop"]
            former_code = workshop["code"]
            if self.find(workshop["code"]) is not None:
                workshop["code"] = self._free_code()
            visitor = Visitor(Role.FACILITATOR, workshop["id"], is_starter=True)
            with self._change(visitor, AGENDA, IDEAS, PLAN, SEATS) as change:
                _insert(change, schema, rows)
                change.trail("restored", "")
        return Restored(visitor, former_code, is_second)

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


# -- writing -------------------------------------------------------------------------------------


def _rows(read: Callable[..., list[Row]], table: Table, visitor: Visitor) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    found = read(
        f"SELECT {', '.join(names)} FROM {table.name} WHERE {table.key} = $1{table.order}",
        visitor.workshop_id,
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def _pack(workshop_id: str, rows: Rows) -> bytes:
    """The archive; its manifest says how many rows each table has, and their checksum."""
    texts = {
        table: "".join(f"{json.dumps(row, default=_said)}\n" for row in held)
        for table, held in rows.items()
    }
    manifest = {
        "format": FORMAT,
        "version": SCHEMA_VERSION,
        "workshop": workshop_id,
        "tables": {table: sha256(text.encode()).hexdigest() for table, text in texts.items()},
    }
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
        for table, text in texts.items():
            packed.writestr(f"{table}.jsonl", text)
    return archive.getvalue()


def _said(moment: date) -> str:
    """A date, or a moment with its time."""
    return moment.isoformat()


# -- reading -------------------------------------------------------------------------------------


def _unpack(file: bytes) -> tuple[int, dict[str, bytes]]:
    """The version of the app that wrote it, and the lines of each table, checked."""
    if len(file) > MAX_BYTES:
        raise NoBackup(f"it has more than {MAX_BYTES / 1e6:.0f} MB")
    try:
        with zipfile.ZipFile(BytesIO(file)) as packed:
            if sum(member.file_size for member in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise NoBackup(f"unpacked it has more than {MAX_UNPACKED_BYTES / 1e6:.0f} MB")
            manifest = json.loads(packed.read(MANIFEST))
            sums = _sums(manifest)
            texts = {table: packed.read(f"{table}.jsonl") for table in sums}
    except (zipfile.BadZipFile, EOFError, LookupError, TypeError, ValueError) as error:
        raise NoBackup("it is no backup of this app, or not all of one") from error
    except (RuntimeError, OSError) as error:  # a password, a nested bomb, a rare method
        raise NoBackup("it is packed in a way that this app does not use") from error
    for table, text in texts.items():
        if sha256(text).hexdigest() != sums[table]:
            raise NoBackup("it was damaged or changed")
    return int(manifest["version"]), texts


def _sums(manifest: Any) -> dict[str, str]:
    if manifest["format"] != FORMAT or not isinstance(manifest["version"], int):
        raise ValueError
    if manifest["version"] > SCHEMA_VERSION:
        raise NoBackup(
            f"it is of version {manifest['version']}, this app knows version {SCHEMA_VERSION}; "
            "install the newer app"
        )
    return {str(table): str(checksum) for table, checksum in dict(manifest["tables"]).items()}


def _read_rows(schema: Iterable[Table], version: int, texts: dict[str, bytes]) -> Rows:
    """The rows with values as the tables hold them, all of one workshop."""
    if sum(text.count(b"\n") for text in texts.values()) > MAX_ROWS:
        raise NoBackup(f"it has more than {MAX_ROWS:,} rows")
    try:
        rows = {
            table.name: [_read_row(table, version, line) for line in texts[table.name].splitlines()]
            for table in schema
        }
        [workshop] = rows["workshop"]
        _refuse_strangers(schema, rows, workshop["id"])
    except KeyError as error:
        raise NoBackup("a part is missing") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise NoBackup("it holds what this app does not write") from error
    return rows


def _read_row(table: Table, version: int, line: bytes) -> dict[str, Any]:
    row = json.loads(line)
    if version < SCHEMA_VERSION:
        row = _older(table.name, row) | row
    return {column.name: column.read(row[column.name]) for column in table.columns}


def _older(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """What the rows of versions 2 and 3 lacked, as upgrades/3.sql and 4.sql fill it in."""
    match table:
        case "workshop":
            return {"recovery": None, "door": Door.OPEN.value}
        case "person":
            return {"at_door": False, "reads_after": None}
        case "token":
            return {"is_starter": row["role"] == Role.FACILITATOR}
        case _:
            return {}


def _refuse_strangers(schema: Iterable[Table], rows: Rows, workshop_id: str) -> None:
    """Raise ValueError where a row is of another workshop, or points to nothing in the file."""
    for table in schema:
        if any(row[table.key] != workshop_id for row in rows[table.name]):
            raise ValueError("a row is of another workshop")
    ids = {table: {row["id"] for row in rows[table]} for table in NAMED}
    for (table_name, column), target in POINTS_TO.items():
        if not {row[column] for row in rows[table_name]} <= ids[target] | {"", None}:
            raise ValueError(f"{column} points to nothing")
    if len(rows["person"]) - len(rows["removal"]) > MOST_PEOPLE:
        raise ValueError("more people than a workshop seats")
    for row in rows["token"]:
        is_seat = Role(row["role"]) is Role.PARTICIPANT
        if is_seat != bool(row["person_id"]) or len(row["fingerprint"]) != 64:
            raise ValueError("a link is none")
        if row["is_starter"] and Role(row["role"]) is not Role.FACILITATOR:
            raise ValueError("a starter is no facilitator")
    recovery = rows["workshop"][0]["recovery"]
    if recovery is not None and len(recovery) != 64:
        raise ValueError("a recovery code is none")


def _rehearse(schema: Iterable[Table], rows: Rows) -> None:
    """Restore into records of its own, in memory, and ask there what every screen asks.

    Values refuse nonsense as they are made, so what no screen could show is refused here.
    """
    [workshop] = rows["workshop"]
    if read_code(workshop["code"]) != workshop["code"] or len(workshop["code"]) != CODE_LENGTH:
        raise NoBackup("its room code is none")
    store = Choices(":memory:")
    visitor = Visitor(Role.FACILITATOR, workshop["id"])
    try:
        with store._change(visitor) as change:
            _insert(change, schema, rows)
        _ask_everything(store, visitor)
    except (ValueError, TypeError, KeyError, duckdb.Error, StoreError, RecursionError) as error:
        raise NoBackup("it holds what this app does not write") from error
    finally:
        store.close()


def _ask_everything(store: Choices, visitor: Visitor) -> None:
    steps = store.funnel(visitor).steps
    workshop = store.workshop(visitor)
    refuse_text("the name of the workshop", workshop.name, TITLE_LENGTH)
    places = [idea.step for idea in store.ideas(visitor)]
    places += [step for team in store.teams(visitor) for step in team.done]
    places += [] if workshop.position.step is None else [workshop.position.step]
    if any(not 0 <= place < len(steps) for place in places):
        raise ValueError("a step is not in the funnel")
    for version in store.funnel_versions(visitor):
        store._funnel(visitor.workshop_id, version.number)
    for ask in (
        store.assumptions,
        store.actions,
        store.choice,
        store.scenarios,
        store.removed,
        store.waiting,
    ):
        ask(visitor)


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


def _insert(change: Change, schema: Iterable[Table], rows: Rows) -> None:
    for table in schema:
        names = [column.name for column in table.columns]
        for some in _portions(rows[table.name]):
            places = iter(range(1, len(some) * len(names) + 1))
            marks = ", ".join(f"({', '.join(f'${next(places)}' for _ in names)})" for _ in some)
            change.run(
                f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {marks}",
                *(row[name] for row in some for name in names),
            )


def _marks(count: int) -> str:
    return ", ".join(f"${place}" for place in range(1, count + 1))


def _portions(values: list[Any]) -> Iterable[list[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
