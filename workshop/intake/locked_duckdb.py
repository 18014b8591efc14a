"""DuckDB in a locked configuration: it can read the files that it was opened for, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from workshop.intake.problems import refusal
from workshop.intake.sql import sql_name, sql_text

NUMBER_TYPES = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT|UINTEGER|INTEGER|FLOAT|DOUBLE|DECIMAL")
MOMENT_TYPES = re.compile(r"DATE|TIMESTAMP")
PLAIN_COLUMNS = "Keep columns of texts, numbers and dates, and save the table again."


@dataclass(frozen=True, slots=True)
class Limits:
    """What DuckDB may take for the files of one import: bytes, and threads where not all."""

    memory: int = 2_500_000_000
    disk: int = 60_000_000_000
    threads: int | None = None


def connect(
    paths: Sequence[Path], limits: Limits, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A database that can read these files.

    What does not fit into memory goes to the folder `spill`; without one that is an error.
    """
    connection = duckdb.connect(
        config={
            "memory_limit": f"{limits.memory}B",
            "temp_directory": str(spill or ""),
            "max_temp_directory_size": f"{limits.disk}B",
        },
    )
    if limits.threads is not None:
        connection.execute(f"SET threads = {limits.threads}")
    # Without a bar, which is not printed, a statement does not say how far it is.
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute("SET progress_bar_time = 0")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET allowed_paths = $1", [[str(path) for path in paths]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def read_csv(path: str | Path, delimiter: str, columns: Iterable[str], *options: str) -> str:
    """What to write after FROM for a CSV file whose cells are read as texts.

    >>> print(read_csv("a.csv", ";", ["stage"], "header = true"))
    read_csv('a.csv', auto_detect = false, delim = ';', quote = '"', escape = '"', \
header = true, columns = {"stage": 'VARCHAR'})
    """
    types = ", ".join(f"{sql_name(column)}: 'VARCHAR'" for column in columns)
    syntax = (
        "auto_detect = false",
        f"delim = {sql_text(delimiter)}",
        """quote = '"', escape = '"'""",
    )
    how = ", ".join((*syntax, *options))
    return f"read_csv({sql_text(str(path))}, {how}, columns = {{{types}}})"


def parquet_columns(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, most_rows: int, fewer_rows: str
) -> dict[str, str]:
    """The columns of a Parquet file with their types, as it says itself.

    Raises IntakeError where it has more rows, before any of them is read, or columns that hold
    lists or records: one value repeated takes a few bytes however often it is, so the size of such
    a file says nothing about what it takes to read it. `fewer_rows` says how to mend the former.
    """
    [(rows,)] = connection.execute(
        "SELECT greatest(sum(num_rows), (SELECT sum(rows) FROM ("
        "SELECT row_group_id, max(row_group_num_rows) AS rows FROM parquet_metadata($1) "
        "GROUP BY row_group_id))) FROM parquet_file_metadata($1)",
        [str(path)],
    ).fetchall()
    if rows > most_rows:
        raise refusal(f"The file {name} has more than {most_rows:,} rows, {rows:,}.", fewer_rows)
    # The first entry is the table itself; whatever else has entries below it is nested.
    nested = connection.execute(
        "SELECT name FROM parquet_schema($1) "
        "WHERE num_children > 0 OR repetition_type = 'REPEATED' LIMIT 1 OFFSET 1",
        [str(path)],
    ).fetchall()
    for (column,) in nested:
        raise refusal(
            f"The column “{column}” of the file {name} holds lists or records.", PLAIN_COLUMNS
        )
    described = connection.execute("DESCRIBE SELECT * FROM read_parquet($1)", [str(path)])
    return {column: kind for column, kind, *_ in described.fetchall()}
