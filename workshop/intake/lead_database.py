"""Lead-level files in a DuckDB of their own, open for queries.

Files of millions of rows do not fit a sheet in memory. They are read by DuckDB, which puts what
does not fit into a folder beside them; that folder goes when the database is closed. Files of
people whom nobody knows are opened in a process of their own: see `IsolatedLeadDatabase`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import WeakSet, finalize

import duckdb

from workshop.intake.decoding import SAVE_AS
from workshop.intake.header import cells
from workshop.intake.locked_duckdb import (
    MOMENT_TYPES,
    NUMBER_TYPES,
    Limits,
    connect,
    parquet_columns,
    read_csv,
)
from workshop.intake.problems import IntakeError, Problem, refusal
from workshop.intake.sql import sql_name, sql_text
from workshop.intake.totals import LAST, is_note, is_total, spellings
from workshop.intake.unpacking import Unpacked, refuse_wide, unpack

if TYPE_CHECKING:  # the process of a lead database does without, and is up in half the time
    import pandas as pd

MOST_ROWS = 60_000_000
"""Of a Parquet file, in which a few bytes may stand for all of them."""

ROW_ID = "rowid"
MOST_TOTALS = 10_000
MOST_GROUPED = 200_000
"""Reports with totals between their rows are made to be read, so they have no more rows."""

FEWER_ROWS = "Import fewer months, or leave out leads that say nothing about the funnel."
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

Record = tuple[Any, ...]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line of a CSV file whose cells cannot be told apart."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Total:
    """A row that is a total or a note, with what it says."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file in the database: its name, what to write after FROM, its columns with their types.

    `number` is the expression for the number of a row, from 0, within the file. `header_line` is
    the line with the column names, from 1, `skipped` what stands above it. `gaps` are the lines
    below it that are none of the rows.
    """

    name: str
    source: str
    columns: dict[str, str]
    number: str
    rows: int
    rejected: tuple[Rejected, ...] = ()
    totals: tuple[Total, ...] = ()
    header_line: int = 1
    skipped: tuple[str, ...] = ()
    gaps: tuple[int, ...] = ()

    @property
    def names_columns_on_a_line(self) -> bool:
        """Whether a line of the file names its columns: Parquet keeps their names elsewhere."""
        return self.number == ROW_ID

    def is_moment(self, column: str) -> bool:
        return bool(MOMENT_TYPES.match(self.columns[column]))

    def is_number(self, column: str) -> bool:
        return bool(NUMBER_TYPES.match(self.columns[column]))


OPEN_DATABASES: WeakSet[LeadDatabase] = WeakSet()


class RunningQuery(Protocol):
    """What answers a statement: how far it is, in per cent, and the way to end it."""

    def query_progress(self) -> float: ...

    def interrupt(self) -> None: ...


CancellationCheck = Callable[[RunningQuery | None], None]


def never_cancelled(_: RunningQuery | None) -> None:
    """Nobody wants to call the work off."""


class LeadDatabase:
    """One or more files, open for queries. Close it, or use it in a `with` statement."""

    tables: list[Table]

    def __init__(
        self,
        paths: Sequence[str | Path],
        check_cancelled: CancellationCheck = never_cancelled,
        header_lines: Mapping[str, int] | None = None,
        limits: Limits | None = None,
        within: Path | None = None,
    ) -> None:
        """`check_cancelled` is called between all parts of the work, with what runs once there is.

        What it raises comes through, and nothing is left behind. `header_lines` say by the name
        of a file on which line, from 1, its columns are named; otherwise that is found out.
        `within` is where its folder is made.
        """
        self.check_cancelled = check_cancelled
        self.limits = limits or Limits()
        folder, opened = Path(mkdtemp(prefix="funnel-", dir=within)), ExitStack()
        opened.callback(rmtree, folder, ignore_errors=True)
        # Whoever forgets to close the database leaves nothing behind either.
        self.close = finalize(self, opened.close)
        self.on_close = opened.callback
        OPEN_DATABASES.add(self)
        try:
            self.open_files(folder, [*map(Path, paths)], header_lines or {})
        except BaseException:
            self.close()
            raise

    def open_files(
        self, folder: Path, paths: Sequence[Path], header_lines: Mapping[str, int]
    ) -> None:
        files = [
            file
            for number, path in enumerate(paths)
            for file in unpack(
                path,
                folder,
                number,
                lambda: self.check_cancelled(None),
                header_lines.get(path.name),
            )
        ]
        self.connection = connect([file.path for file in files], self.limits, folder / "spill")
        self.on_close(self.connection.close)
        self.tables = [self._table(file, number) for number, file in enumerate(files)]

    def __enter__(self) -> LeadDatabase:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_closed(self) -> bool:
        return not self.close.alive

    def query(self, statement: str, *values: object) -> list[Record]:
        """The rows of an answer. Raises IntakeError where a file turns out to be damaged."""
        return self._answer(lambda: self.connection.execute(statement, list(values)).fetchall())

    def query_frame(self, statement: str) -> pd.DataFrame:
        """An answer as a table."""
        return self._answer(lambda: self.connection.execute(statement).df())

    def _answer(self, work: Callable[[], Answer]) -> Answer:
        self.check_cancelled(self.connection)
        try:
            return work()
        except OUR_FAULT:
            raise
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise IntakeError([TOO_MUCH]) from error
        except duckdb.Error as error:
            raise refusal(DAMAGED, SAVE_AS) from error

    def _table(self, file: Unpacked, number: int) -> Table:
        if file.header is None:
            return self._parquet(file.name, file.path)
        return self._csv(file, list(file.header.names), f"file_{number}")

    def _parquet(self, name: str, path: Path) -> Table:
        columns = self._answer(
            lambda: parquet_columns(self.connection, path, name, MOST_ROWS, FEWER_ROWS)
        )
        refuse_wide(name, len(columns))
        source = f"read_parquet({sql_text(str(path))}, file_row_number = true)"
        return Table(name, source, columns, "file_row_number", self._rows(source))

    def _csv(self, file: Unpacked, header: list[str], source: str) -> Table:
        assert file.header is not None
        csv_file = read_csv(
            file.path,
            file.delimiter,
            header,
            "header = true",
            f"skip = {file.skip}",
            "store_rejects = true",
            f"rejects_table = 'rejects_{source}'",
            f"rejects_scan = 'scans_{source}'",
        )
        self.query(f"CREATE TABLE {source} AS SELECT * FROM {csv_file}")
        table = Table(
            file.name,
            source,
            dict.fromkeys(header, "VARCHAR"),
            ROW_ID,
            self._rows(source),
            header_line=file.header.line + 1,
            skipped=file.header.skipped,
            gaps=file.gaps,
        )
        table = self._without_totals(self._with_rejected(table, file))
        if not table.rows and not table.rejected:
            raise refusal(f"The file {file.name} has a header and no rows.", SAVE_AS)
        return table

    def _rows(self, source: str) -> int:
        [(rows,)] = self.query(f"SELECT count(*) FROM {source}")
        return int(rows)

    def _with_rejected(self, table: Table, file: Unpacked) -> Table:
        """The table with the lines that were not read, the totals and notes among them apart."""
        found = self.query(
            "SELECT line, any_value(error_type::VARCHAR), any_value(csv_line) "
            f"FROM rejects_{table.source} GROUP BY line ORDER BY line"
        )
        last, totals = table.header_line + table.rows + len(found) - LAST, []
        for line, _, text in found[-MOST_TOTALS:]:
            row = [*chain(*cells(text, file.delimiter))]
            if is_total(row) or (line > last and is_note(row, len(table.columns))):
                totals.append(Total(line, _text(row)))
        apart = {total.line for total in totals}
        rejected = tuple(
            Rejected(line, _why_rejected(kind, len(table.columns)))
            for line, kind, _ in found
            if line not in apart
        )
        gaps = tuple(sorted({*table.gaps, *(line for line, *_ in found)}))
        return replace(table, rejected=rejected, totals=tuple(totals), gaps=gaps)

    def _without_totals(self, table: Table) -> Table:
        """The table without its rows that are totals or notes."""
        first = ", ".join(sql_text(word) for word in spellings())
        begins = " OR ".join(f"{sql_name(column)} IN ({first})" for column in [*table.columns][:2])
        last = table.rows - LAST
        if table.rows > MOST_GROUPED:
            begins = "FALSE"
        rows = self.query(
            f"SELECT rowid, * FROM {table.source} WHERE rowid >= {last} OR {begins} ORDER BY rowid"
        )
        width = len(table.columns)
        found = {
            number: Total(self.line(table, number), _text(row))
            for number, *cells_ in rows
            if is_total(row := [cell or "" for cell in cells_])
            or (number >= last and is_note(row, width))
        }
        if not found:
            return table
        numbers = ", ".join(map(str, found))
        # Written anew, so that the rows are numbered without gaps; these are in `gaps`.
        self.query(
            f"CREATE OR REPLACE TABLE {table.source} AS SELECT * FROM {table.source} "
            f"WHERE rowid NOT IN ({numbers}) ORDER BY rowid"
        )
        totals = sorted([*table.totals, *found.values()], key=lambda total: total.line)
        gaps = sorted([*table.gaps, *(total.line for total in found.values())])
        rows_left = table.rows - len(found)
        return replace(table, rows=rows_left, totals=tuple(totals), gaps=tuple(gaps))

    def line(self, table: Table, number: int) -> int:
        """The line of a row in its file, from 1."""
        line = table.header_line + number + 1
        for gap in table.gaps:
            if gap <= line:
                line += 1
        return line


def _text(row: Sequence[str]) -> str:
    return " ".join(" ".join(row).split())


def _why_rejected(kind: str, columns: int) -> str:
    match kind:
        case "TOO MANY COLUMNS" | "MISSING COLUMNS":
            return f"The row has not the {columns} cells that the header names."
        case "UNQUOTED VALUE":
            return 'A cell that starts with " does not end with one.'
        case _:
            return "The cells of this line cannot be told apart."
