"""The file of a backup: a ZIP archive of a manifest, and the rows of each table as JSON lines.

Nothing in a file is believed: its size is asked before it is unpacked, its checksums before it is
read, and every value is read as what its column holds.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any

from workshop.store.errors import StoreError
from workshop.store.migrations import SCHEMA_VERSION
from workshop.store.tables import Table

FORMAT = "Funnel Reality Check backup"
MANIFEST = "manifest.json"
# What a workshop may hold fits in here, in any script: its words (MOST_CHARACTERS… in ideas, plan,
# funnels and activity) take four bytes a character at most, its rows some hundred bytes each.
MAX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 120_000_000
MAX_ROWS = 150_000
# Before, rows came in the order that the clock had given them.
NUMBERED_SINCE = 4
# The reasons and segments of one step are the longest row there is.
MAX_ROW_BYTES = 10_000_000

Rows = dict[str, list[dict[str, Any]]]


class NoBackup(StoreError):  # noqa: N818 — "raise NoBackup" says it
    """The file is no backup that can be restored; nothing was changed."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This file cannot be restored: {why}. Nothing was changed.")


# -- writing -------------------------------------------------------------------------------------


def pack(workshop_id: str, rows: Rows) -> bytes:
    """The archive; its manifest says the checksum of each table."""
    texts = {
        table: "".join(f"{as_line(row)}\n" for row in held).encode() for table, held in rows.items()
    }
    manifest = {
        "format": FORMAT,
        "version": SCHEMA_VERSION,
        "workshop": workshop_id,
        "tables": {table: sha256(text).hexdigest() for table, text in texts.items()},
    }
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
        for table, text in texts.items():
            packed.writestr(f"{table}.jsonl", text)
    return archive.getvalue()


def as_line(row: dict[str, Any]) -> str:
    """A row as a line of JSON, its moments and days in ISO 8601."""
    return json.dumps(row, default=_said, ensure_ascii=False)


def _said(moment: date) -> str:
    """A date, or a moment with its time."""
    return moment.isoformat()


# -- reading -------------------------------------------------------------------------------------


def unpack(file: bytes) -> tuple[int, dict[str, bytes]]:
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


def count_rows(texts: dict[str, bytes]) -> int:
    """How many rows there are; raises NoBackup where they are more than a workshop may have."""
    count = sum(text.count(b"\n") for text in texts.values())
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
