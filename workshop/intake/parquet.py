"""What a Parquet file says of itself, before any of its values are read.

A column of one value repeated takes a few bytes however long it is, so the size of such a file
says nothing about what it takes to read it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from workshop.intake.problems import refusal

PLAIN_COLUMNS = "Keep columns of texts, numbers and dates, and save the table again."


def refuse_oversized(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, most_rows: int, fewer_rows: str
) -> None:
    """Raises IntakeError where a file has more rows, or columns that hold lists or records.

    `fewer_rows` says how to mend the former.
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
