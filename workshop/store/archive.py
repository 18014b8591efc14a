"""The file of a backup: a ZIP archive of a manifest, and the rows of each table as JSON lines; that
of a company: a manifest, and the backup of each of its workshops.

Nothing in a file is believed: its size is asked before it is unpacked, its checksums before it is
read, and every value is read as what its column holds.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any

from workshop.store.errors import StoreError
from workshop.store.migrations import SCHEMA_VERSION
from workshop.store.tables import Table

MANIFEST = "manifest.json"
# What a workshop may hold fits in here, in any script: its words (MOST_CHARACTERS… in ideas, plan,
# funnels and activity) take four bytes a character at most, its rows some hundred bytes each.
MAX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 120_000_000
MAX_ROWS = 150_000
# Of a company; in size all its workshops together may be what one may be.
MOST_WORKSHOPS = 30
# Before, rows came in the order that the clock had given them.
NUMBERED_SINCE = 4
# The reasons and segments of one step are the longest row there is.
MAX_ROW_BYTES = 10_000_000
MAX_MANIFEST_BYTES = 1_000_000
TOO_LARGE_UNPACKED = f"unpacked it has more than {MAX_UNPACKED_BYTES / 1e6:.0f} MB"
# What reading an archive raises that is none, or lacks a part; and one with a password, a nested
# bomb, a rare method.
NO_ARCHIVE = (zipfile.BadZipFile, EOFError, LookupError, TypeError, ValueError)
STRANGELY_PACKED = (RuntimeError, OSError)

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Layout:
    """What the manifest of an archive says, and where; and what its other members are called."""

    format: str
    version: int
    checksums: str
    ending: str


WORKSHOP = Layout("Funnel Reality Check backup", SCHEMA_VERSION, "tables", "jsonl")
COMPANY = Layout("Funnel Reality Check company backup", 1, "workshops", "zip")


class NoBackup(StoreError):  # noqa: N818 — "raise NoBackup" says it
    """The file is no backup that can be restored; nothing was changed."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This file cannot be restored: {why}. Nothing was changed.")


# -- writing -------------------------------------------------------------------------------------


def pack(workshop_id: str, rows: Rows) -> bytes:
    """The archive of a workshop; its manifest says the checksum of each table."""
    texts = {
        table: "".join(f"{as_line(row)}\n" for row in held).encode() for table, held in rows.items()
    }
    return _archive(WORKSHOP, {"workshop": workshop_id}, texts)


def pack_company(name: str, backups: Sequence[bytes]) -> bytes:
    """The archive of a company of this name; its manifest says the checksum of each workshop's."""
    numbered = {str(number): backup for number, backup in enumerate(backups, start=1)}
    return _archive(COMPANY, {"company": name}, numbered)


def _archive(layout: Layout, told: dict[str, str], members: Mapping[str, bytes]) -> bytes:
    manifest = {
        "format": layout.format,
        "version": layout.version,
        **told,
        layout.checksums: {name: sha256(held).hexdigest() for name, held in members.items()},
    }
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
        for name, held in members.items():
            packed.writestr(f"{name}.{layout.ending}", held)
    return archive.getvalue()


def as_line(row: dict[str, Any]) -> str:
    """A row as a line of JSON, its moments and days in ISO 8601."""
    return json.dumps(row, default=_said, ensure_ascii=False)


def _said(moment: date) -> str:
    """A date, or a moment with its time."""
    return moment.isoformat()


# -- reading -------------------------------------------------------------------------------------


def is_of_company(file: bytes) -> bool:
    """Whether a file says that it is the backup of a company; nothing else of it is looked at."""
    try:
        with zipfile.ZipFile(BytesIO(file)) as packed:
            if packed.getinfo(MANIFEST).file_size > MAX_MANIFEST_BYTES:
                return False
            return bool(json.loads(packed.read(MANIFEST))["format"] == COMPANY.format)
    except (*NO_ARCHIVE, *STRANGELY_PACKED):  # restoring it says what is wrong
        return False


def unpack(file: bytes) -> tuple[int, dict[str, bytes]]:
    """The version of the app that wrote it, and the lines of each table, checked."""
    manifest, texts = _checked(file, WORKSHOP)
    return int(manifest["version"]), texts


def unpack_company(file: bytes) -> tuple[str, tuple[bytes, ...]]:
    """The name of the company, and the backup of each workshop, whose size alone is checked."""
    manifest, backups = _checked(file, COMPANY)
    if not backups:
        raise NoBackup("there is no workshop in it")
    if len(backups) > MOST_WORKSHOPS:
        raise NoBackup(f"it has more than {MOST_WORKSHOPS} workshops")
    if sum(map(_unpacked_bytes, backups.values())) > MAX_UNPACKED_BYTES:
        raise NoBackup(TOO_LARGE_UNPACKED)
    name = manifest.get("company")
    if not isinstance(name, str):
        raise NoBackup("it does not say the name of the company")
    return name, tuple(backups.values())


def _checked(file: bytes, layout: Layout) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest of an archive and its members by their names; NoBackup where one is not so."""
    if len(file) > MAX_BYTES:
        raise NoBackup(f"it has more than {MAX_BYTES / 1e6:.0f} MB")
    if _unpacked_bytes(file) > MAX_UNPACKED_BYTES:
        raise NoBackup(TOO_LARGE_UNPACKED)
    with _opened(file) as packed:
        manifest = json.loads(packed.read(MANIFEST))
        sums = _sums(manifest, layout)
        members = {name: packed.read(f"{name}.{layout.ending}") for name in sums}
    for name, held in members.items():
        if sha256(held).hexdigest() != sums[name]:
            raise NoBackup("it was damaged or changed")
    return manifest, members


def _unpacked_bytes(file: bytes) -> int:
    with _opened(file) as packed:
        return sum(member.file_size for member in packed.infolist())


@contextmanager
def _opened(file: bytes) -> Iterator[zipfile.ZipFile]:
    """An archive to read; NoBackup where it is none, or what is read in it is not there."""
    try:
        with zipfile.ZipFile(BytesIO(file)) as packed:
            yield packed
    except NO_ARCHIVE as error:
        raise NoBackup("it is no backup of this app, or not all of one") from error
    except STRANGELY_PACKED as error:
        raise NoBackup("it is packed in a way that this app does not use") from error


def _sums(manifest: Any, layout: Layout) -> dict[str, str]:
    if manifest["format"] != layout.format or not isinstance(manifest["version"], int):
        raise ValueError
    if manifest["version"] > layout.version:
        raise NoBackup(
            f"it is of version {manifest['version']}, this app knows version {layout.version}; "
            "install the newer app"
        )
    return {str(name): str(checksum) for name, checksum in dict(manifest[layout.checksums]).items()}


def count_rows(texts: Iterable[bytes]) -> int:
    """How many rows there are; raises NoBackup where they are more than a backup may have."""
    count = sum(text.count(b"\n") for text in texts)
    if count > MAX_ROWS:
        raise NoBackup(f"it has more than {MAX_ROWS:,} rows")
    return count


def read_rows(
    schema: Iterable[Table], version: int, texts: dict[str, bytes], done: Callable[[], None]
) -> Rows:
    """The rows with values as the tables hold them; `done` is called after each of them.

    Raises KeyError where a part is missing, ValueError or TypeError where a value is none.
    """
    rows: Rows = {}
    for table in schema:
        held = rows[table.name] = []
        text = b"" if version < table.since else texts[table.name_among(texts)]
        for line in BytesIO(text):
            held.append(_read_row(table, version, line))
            done()
        if version < NUMBERED_SINCE and table.order and held and "created_at" in held[0]:
            held.sort(key=lambda row: row["created_at"])
    return rows


def _read_row(table: Table, version: int, line: bytes) -> dict[str, Any]:
    if len(line) > MAX_ROW_BYTES:
        raise ValueError("a row is longer than any that this app writes")
    row = json.loads(line)
    if version < SCHEMA_VERSION:
        new = [one for one in table.columns if one.before and one.name not in row]
        row |= {column.name: column.before(row) for column in new if column.before}
    return {column.name: column.read(row[column.name]) for column in table.columns}
