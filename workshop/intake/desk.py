"""The desk on which lead-level files are laid out: a DuckDB of their own that sees them alone.

Files of millions of rows do not fit a sheet in memory. They are read by DuckDB, which puts what
does not fit into a folder beside them; that folder goes when the desk is closed.
"""

from __future__ import annotations

import csv
import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, TypeVar
from weakref import WeakSet, finalize

import duckdb
import pandas as pd

from workshop.intake.problems import IntakeError, Problem, refusal
from workshop.intake.sheets import (
    DELIMITERS,
    FOREIGN,
    MARKS,
    MAX_COLUMNS,
    SAVE_AS,
    Cell,
    Size,
    read_workbook,
)

MEMORY = "2500MB"
DISK = "60GB"
CHUNK = 1 << 20
CONTROL_BYTES = bytes({*range(32), 127} - {*b"\t\n\r"})
NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT|UINTEGER|INTEGER|FLOAT|DOUBLE|DECIMAL")
MOMENTS = re.compile(r"DATE|TIMESTAMP")

OF_LEADS = Size(200_000_000, 200_000)

DAMAGED = "A file is damaged, or holds what its columns do not allow."
TOO_MUCH = Problem(
    None,
    None,
    "There is not enough memory or disk for these files, or one of them is cut short.",
    "Leave out columns that say nothing about the funnel, or import fewer months.",
)
# What no file can be blamed for.
OUR_FAULT = (
    duckdb.InterruptException,
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
)

Row = tuple[Any, ...]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line of a CSV file whose cells cannot be told apart."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file on the desk: its name, what to write after FROM, its columns with their types.

    `number` is the expression for the number of a row, from 0, within the file.
    """

    name: str
    source: str
    columns: dict[str, str]
    number: str
    rows: int
    rejected: tuple[Rejected, ...] = ()

    def is_moment(self, column: str) -> bool:
        return bool(MOMENTS.match(self.columns[column]))

    def is_number(self, column: str) -> bool:
        return bool(NUMBERS.match(self.columns[column]))


OPEN: WeakSet[Desk] = WeakSet()
Pause = Callable[[duckdb.DuckDBPyConnection | None], None]


def never(_: duckdb.DuckDBPyConnection | None) -> None:
    """Nobody wants to call the work off."""


class Desk:
    """One or more files, open for questions. Close it, or use it in a `with` statement."""

    def __init__(
        self,
        paths: Sequence[str | Path],
        pause: Pause = never,
    ) -> None:
        """`pause` is called between all parts of the work, with the connection once there is one.

        What it raises comes through, and nothing is left behind.
        """
        self.pause = pause
        folder, opened = Path(mkdtemp(prefix="funnel-")), ExitStack()
        opened.callback(rmtree, folder, ignore_errors=True)
        # Whoever forgets to close the desk leaves nothing behind either.
        self.close = finalize(self, opened.close)
        self.on_close = opened.callback
        OPEN.add(self)
        try:
            prepared = [
                part
                for number, path in enumerate(paths)
                for part in _prepared(Path(path), folder, number, lambda: pause(None))
            ]
            self.connection = _locked(folder, [path for _, path in prepared])
            opened.callback(self.connection.close)
            self.tables = [
                self._table(name, path, number) for number, (name, path) in enumerate(prepared)
            ]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_closed(self) -> bool:
        return not self.close.alive

    def ask(self, statement: str, *values: object) -> list[Row]:
        """The rows of an answer. Raises IntakeError where a file turns out to be damaged."""
        return self._answer(lambda: self.connection.execute(statement, list(values)).fetchall())

    def frame(self, statement: str) -> pd.DataFrame:
        """An answer as a table."""
        return self._answer(lambda: self.connection.execute(statement).df())

    def _answer(self, work: Callable[[], Answer]) -> Answer:
        self.pause(self.connection)
        try:
            return work()
        except OUR_FAULT:
            raise
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise IntakeError([TOO_MUCH]) from error
        except duckdb.Error as error:
            raise refusal(DAMAGED, SAVE_AS) from error

    def _table(self, name: str, path: Path, number: int) -> Table:
        is_parquet = _starts(path, b"PAR1")
        return self._parquet(name, path) if is_parquet else self._csv(name, path, number)

    def _parquet(self, name: str, path: Path) -> Table:
        source = f"read_parquet({quoted(str(path))}, file_row_number = true)"
        columns = {
            column: kind
            for column, kind, *_ in self.ask(f"DESCRIBE SELECT * FROM {source}")
            if column != "file_row_number"
        }
        _refuse_wide(name, len(columns))
        [(rows,)] = self.ask(f"SELECT count(*) FROM {source}")
        return Table(name, source, columns, "file_row_number", rows)

    def _csv(self, name: str, path: Path, number: int) -> Table:
        delimiter, header = _header(name, path)
        columns = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in header)
        source = f"file_{number}"
        self.ask(
            f"CREATE TABLE {source} AS SELECT * FROM read_csv({quoted(str(path))}, "
            f"auto_detect = false, header = true, delim = {quoted(delimiter)}, "
            """quote = '"', escape = '"', store_rejects = true, """
            f"rejects_table = 'rejects_{number}', rejects_scan = 'scans_{number}', "
            f"columns = {{{columns}}})"
        )
        rejected = tuple(
            Rejected(line, _said(kind, len(header)))
            for line, kind in self.ask(
                f"SELECT line, any_value(error_type::VARCHAR) FROM rejects_{number} "
                "GROUP BY line ORDER BY line"
            )
        )
        [(rows,)] = self.ask(f"SELECT count(*) FROM {source}")
        if not rows and not rejected:
            raise refusal(f"The file {name} has a header and no rows.", SAVE_AS)
        return Table(name, source, dict.fromkeys(header, "VARCHAR"), "rowid", rows, rejected)

    def line(self, table: Table, number: int) -> int:
        """The line of a row in its file; the header is line 1."""
        line = number + 2
        for rejected in table.rejected:
            if rejected.line <= line:
                line += 1
        return line


def quoted(text: str) -> str:
    """A text as SQL writes it.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def named(column: str) -> str:
    """A column's name as SQL writes it.

    >>> print(named('Deal "big"'))
    "Deal ""big\"""
    """
    return '"' + column.replace('"', '""') + '"'


def _locked(folder: Path, paths: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(folder / "spill"),
            "max_temp_directory_size": DISK,
        },
    )
    # Without a bar, which is not printed, a statement does not say how far it is.
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute("SET progress_bar_time = 0")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET allowed_paths = $1", [[str(path) for path in paths]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _starts(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


def _prepared(
    path: Path, folder: Path, number: int, pause: Callable[[], None]
) -> Iterator[tuple[str, Path]]:
    """The tables of a file as files that DuckDB reads: Parquet, or CSV in UTF-8."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        says = f"The file {path.name} cannot be opened."
        raise refusal(says, "Check that it is there and may be read.") from error
    for signature, kind in FOREIGN.items():
        if start.startswith(signature):
            raise refusal(f"The file {path.name} is {kind}, not a table.", SAVE_AS)
    if not start:
        raise refusal(f"The file {path.name} is empty.", SAVE_AS)
    if start.startswith(b"PAR1"):
        yield path.name, path
    elif start.startswith(b"PK\x03\x04"):
        yield from _sheets(path, folder, number)
    else:
        yield path.name, _in_utf8(path, folder / f"{number}.csv", start, pause)


def _sheets(path: Path, folder: Path, number: int) -> Iterator[tuple[str, Path]]:
    for place, sheet in enumerate(read_workbook(path.read_bytes(), OF_LEADS)):
        rows = [row for row in sheet if any(cell != "" for cell in row)]
        if not rows:
            continue
        width = len(rows[0])
        to = folder / f"{number}_{place}.csv"
        with to.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([*map(_written, row[:width])] for row in rows)
        yield path.name, to


def _written(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _in_utf8(path: Path, copy: Path, start: bytes, pause: Callable[[], None]) -> Path:
    """The file itself where it is UTF-8 without a mark, else a copy that is."""
    encodings = [code for mark, code in MARKS.items() if start.startswith(mark)]
    for encoding in [*encodings, "utf-8", "cp1252", "latin-1"]:
        try:
            return _decoded(path, copy, encoding, pause)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes everything")


def _decoded(path: Path, copy: Path, encoding: str, pause: Callable[[], None]) -> Path:
    keep, decoder = encoding == "utf-8", getincrementaldecoder(encoding)()
    with path.open("rb") as file, copy.open("wb") as out:
        while content := file.read(CHUNK):
            pause()
            text = decoder.decode(content)
            written = content if keep else text.encode()
            # Ten times as fast as looking for the first of them.
            if len(written.translate(None, CONTROL_BYTES)) < len(written):
                says = f"The file {path.name} is not a table: it holds characters no text has."
                raise refusal(says, SAVE_AS)
            if not keep:
                out.write(written)
        decoder.decode(b"", final=True)
    return path if keep else copy


def _header(name: str, path: Path) -> tuple[str, list[str]]:
    """The delimiter and the names of the columns; unnamed and repeated ones get a number."""
    with path.open("r", encoding="utf-8", newline="") as file:
        start = file.readline(CHUNK)
    bare = re.sub(r'"[^"]*"', "", start)
    delimiter = max(DELIMITERS, key=bare.count)
    cells = next(csv.reader([start], delimiter=delimiter), [])
    _refuse_wide(name, len(cells))
    header: list[str] = []
    for place, cell in enumerate(cells, 1):
        column = " ".join(cell.split()) or f"column {place}"
        while column.casefold() in ("rowid", *map(str.casefold, header)):
            column = f"{column} ({place})"
        header.append(column)
    if not header:
        raise refusal(f"The first line of {name} names no columns.", SAVE_AS, 1)
    return delimiter, header


def _refuse_wide(name: str, columns: int) -> None:
    if columns > MAX_COLUMNS:
        says = f"The file {name} has {columns} columns; {MAX_COLUMNS} are read at most."
        raise refusal(says, "Keep the columns that say something about the funnel.")


def _said(kind: str, columns: int) -> str:
    match kind:
        case "TOO MANY COLUMNS" | "MISSING COLUMNS":
            return f"The row has not the {columns} cells that the header names."
        case "UNQUOTED VALUE":
            return 'A cell that starts with " does not end with one.'
        case _:
            return "The cells of this line cannot be told apart."
