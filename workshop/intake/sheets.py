"""A small file of counts → its sheets as rows of cells, whatever the file's name claims.

Tables here are small, so everything is bounded: bytes, rows, columns, time and memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import assert_never

import duckdb

from workshop.intake.decoding import (
    SAVE_AS,
    START,
    FileKind,
    as_utf8,
    decode_by_first_fit,
    kind_of,
)
from workshop.intake.header import HEAD, SEPARATOR, find_delimiter
from workshop.intake.locked_duckdb import (
    NUMBER_TYPES,
    Limits,
    connect,
    parquet_columns,
    read_csv,
)
from workshop.intake.problems import IntakeError, refusal
from workshop.intake.workbook import (
    COUNT_FIRST,
    MAX_COLUMNS,
    Row,
    Sheet,
    Size,
    as_cell,
    read_workbook,
)

MAX_BYTES = 20_000_000  # of a file, and of a workbook when unpacked
MAX_ROWS = 10_000

LIMITS = Limits(memory=256_000_000, disk=0, threads=1)
OF_COUNTS = Size(MAX_BYTES, MAX_ROWS)

EXTENSIONS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
END = "\x03"  # closes the text handed to DuckDB; a control character, so no table holds it


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file: one of a CSV or Parquet file, all of a workbook.

    Row i of a sheet is line i + 1 of the file. Texts come without the blanks around them, empty
    cells as "". Raises IntakeError.
    """
    if len(content) > MAX_BYTES:
        raise refusal(f"The file is larger than {MAX_BYTES / 1e6:.0f} MB.", COUNT_FIRST)
    kind = kind_of(content[:START], "The file")
    extension = Path(name).suffix.lower()
    if extension not in EXTENSIONS:
        ending = f"Files ending in “{extension}”" if extension else "Files without an ending"
        raise refusal(f"{ending} are not read.", SAVE_AS)
    match kind:
        case FileKind.WORKBOOK:
            read = read_workbook(content, OF_COUNTS)
        case FileKind.PARQUET:
            read = [_parquet(name, content)]
        case FileKind.TEXT:
            read = [_csv(_text(content))]
        case _:
            assert_never(kind)
    if any(len(sheet) > MAX_ROWS + 1 for sheet in read):
        raise _too_long()
    return read


def _too_long() -> IntakeError:
    return refusal(f"The table has more than {MAX_ROWS:,} rows.", COUNT_FIRST)


@contextmanager
def locked_database(content: bytes) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A database that can read these bytes, at the path that comes with it, and nothing else."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "table")
        path.write_bytes(content)
        with connect([path], LIMITS) as database:
            yield database, str(path)


def _fetch(database: duckdb.DuckDBPyConnection) -> Sheet:
    """The rows of the open result, stopping where their texts outgrow what a file may hold."""
    rows: Sheet = []
    size = 0
    while (record := database.fetchone()) is not None:
        row = [as_cell(value) for value in record]
        size += sum(len(cell) for cell in row if isinstance(cell, str))
        if size > MAX_BYTES:
            raise refusal("The table holds far more text than a funnel needs.", COUNT_FIRST)
        rows.append(row)
    return rows


def _parquet(name: str, content: bytes) -> Sheet:
    try:
        with locked_database(content) as (database, path):
            columns = parquet_columns(database, Path(path), name, MAX_ROWS, COUNT_FIRST)
            if len(columns) > MAX_COLUMNS:
                remedy = "Keep the columns stage, count, owner and benchmark."
                raise refusal(f"The table has more than {MAX_COLUMNS} columns.", remedy)
            names = ", ".join(f"c{number}" for number in range(len(columns)))
            values = ", ".join(
                f"c{number}" if NUMBER_TYPES.match(kind) else f"c{number}::VARCHAR"
                for number, kind in enumerate(columns.values())
            )
            database.execute(
                f"SELECT {values} FROM read_parquet($1) AS t({names}) LIMIT {MAX_ROWS + 1}",
                [path],
            )
            return [[column.strip() for column in columns], *_fetch(database)]
    except duckdb.Error as error:
        raise refusal("The Parquet file is damaged or too large to unpack.", SAVE_AS) from error


def _text(content: bytes) -> str:
    """The text of a file, its lines ended by newlines."""
    utf8 = decode_by_first_fit(
        content, lambda encoding: b"".join(as_utf8([content], encoding, "The file"))
    )
    return utf8.decode().rstrip()


def _csv(text: str) -> Sheet:
    if text.count("\n") > MAX_ROWS:
        raise _too_long()
    head, delimiter = text[:HEAD], find_delimiter(text[:HEAD])
    if said := SEPARATOR.match(head):
        text = f"\n{text[said.end() :]}"
    columns = map(str, range(MAX_COLUMNS))
    options = ("header = false", "null_padding = true", "parallel = false")
    try:
        with locked_database(_with_blank_rows(text, delimiter).encode()) as (database, path):
            database.execute(f"SELECT * FROM {read_csv(path, delimiter, columns, *options)}")
            rows = [_without_padding(row) for row in _fetch(database)]
    except duckdb.Error as error:
        said = re.search(r"CSV Error on Line: (\d+)", str(error))
        raise _broken(int(said[1]) if said else None) from error
    # DuckDB drops an unclosed quote and all that follows it without a word.
    if not rows or rows[-1] != [END]:
        raise _broken(len(rows) + 1)
    return rows[:-1]


def _broken(line: int | None) -> IntakeError:
    return refusal(
        "The cells cannot be told apart from here on.",
        'A cell that starts with " must end with one, and a line may have '
        f"{MAX_COLUMNS} cells; mend this line and try again.",
        line,
    )


def _with_blank_rows(text: str, delimiter: str) -> str:
    """The text with its end marked and its blank lines, but for those inside quotes, as rows.

    DuckDB skips blank lines, and then its rows could not be counted as a spreadsheet does.
    """
    start = rf"(?:^|(?<={re.escape(delimiter)}))[^\S\n]*"
    parts = re.compile(rf'(?P<quoted>{start}"(?:[^"]++|"")*+")|^[^\S\n]*$', re.MULTILINE)
    rows = parts.sub(lambda part: part["quoted"] or delimiter, text)
    return f"{rows}\n{END}\n"


def _without_padding(row: Row) -> Row:
    filled = [number for number, cell in enumerate(row, 1) if cell != ""]
    return row[: max(filled, default=0)]
