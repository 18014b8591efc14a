"""Files as people have them → files that DuckDB reads: Parquet, or CSV in UTF-8 with its header."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from workshop.intake.cells import Cell
from workshop.intake.decoding import SAVE_AS, START, FileKind, Utf8File, kind_of, utf8_file
from workshop.intake.header import (
    HEAD,
    LINES,
    Header,
    cells,
    find_delimiter,
    find_header,
    header_on,
)
from workshop.intake.problems import IntakeError, refusal
from workshop.intake.workbook import MAX_COLUMNS, Sheet, Size, read_workbook

OF_LEADS = Size(200_000_000, 200_000)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A table as a file that DuckDB reads; one without a header is Parquet.

    `skip` lines stand above the header in that file. `gaps` are the blank lines below it, counted
    from 1 as in the file that people have.
    """

    name: str
    path: Path
    header: Header | None = None
    delimiter: str = ","
    skip: int = 0
    gaps: tuple[int, ...] = ()


def unpack(
    path: Path,
    folder: Path,
    number: int,
    check_cancelled: Callable[[], None],
    header_line: int | None = None,
) -> Iterator[Unpacked]:
    """The tables of a file; what has to be written goes to `folder`. Raises IntakeError.

    `header_line` is the line with the column names, from 1, where somebody has said so.
    """
    try:
        with path.open("rb") as file:
            start = file.read(START)
    except OSError as error:
        says = f"The file {path.name} cannot be opened."
        raise refusal(says, "Check that it is there and may be read.") from error
    kind = kind_of(start, f"The file {path.name}")
    if not start:
        raise refusal(f"The file {path.name} is empty.", SAVE_AS)
    match kind:
        case FileKind.PARQUET:
            yield Unpacked(path.name, path)
        case FileKind.WORKBOOK:
            yield from _sheets(path, folder / str(number), header_line)
        case FileKind.TEXT:
            text = utf8_file(path, folder / f"{number}.csv", start, check_cancelled)
            yield _delimited(path.name, text, header_line)
        case _:
            assert_never(kind)


def refuse_wide(name: str, columns: int) -> None:
    if columns > MAX_COLUMNS:
        says = f"The file {name} has {columns} columns; {MAX_COLUMNS} are read at most."
        raise refusal(says, "Keep the columns that say something about the funnel.")


# -- delimited text --------------------------------------------------------------------------------


def _delimited(name: str, text: Utf8File, header_line: int | None) -> Unpacked:
    with text.path.open("r", encoding="utf-8", errors="ignore", newline="") as file:
        head = file.read(HEAD)
        is_cut = bool(file.read(1))
    delimiter = find_delimiter(head)
    rows = cells(head, delimiter)
    # The last row is cut off too, unless it is the only one.
    header = _header(name, rows[:-1] if is_cut and len(rows) > 1 else rows, header_line)
    refuse_wide(name, len(header.names))
    gaps = _blank_lines(text.path, delimiter, header.line + 1) if text.has_blank_lines else ()
    return Unpacked(name, text.path, header, delimiter, header.line, gaps)


def _blank_lines(path: Path, delimiter: str, after: int) -> tuple[int, ...]:
    """The blank lines below a header, from 1; cells of several lines count as one line."""
    with path.open("r", encoding="utf-8", newline="") as file:
        lines = enumerate(csv.reader(file, delimiter=delimiter), 1)
        try:
            return tuple(line for line, row in lines if not row and line > after)
        except csv.Error:  # a quote that is never closed
            return ()


def _header(name: str, rows: Sequence[Sequence[str]], line: int | None) -> Header:
    file = f"the file {name}"
    return find_header(rows, file) if line is None else header_on(rows, line - 1, file)


# -- workbooks -------------------------------------------------------------------------------------


def _sheets(path: Path, to: Path, header_line: int | None) -> Iterator[Unpacked]:
    """The tables on the sheets of a workbook, each with a header of its own.

    A sheet that is narrower than the tables, and has no header, is a cover or a note.
    """
    found: dict[int, tuple[Sheet, Header]] = {}
    unnamed: list[tuple[int, IntakeError]] = []
    for place, sheet in enumerate(read_workbook(path.read_bytes(), OF_LEADS)):
        rows = [[_written(cell) for cell in row] for row in sheet[: max(LINES, header_line or 0)]]
        if not any(cell for row in sheet for cell in row):
            continue
        try:
            found[place] = (sheet, _header(path.name, rows, header_line))
        except IntakeError as error:
            unnamed.append((max(map(_width, rows)), error))
    widest = min((_width(sheet[header.line]) for sheet, header in found.values()), default=0)
    for width, refused in unnamed:
        if width >= widest:
            raise refused
    for place, (sheet, header) in found.items():
        yield _sheet(path.name, to.with_name(f"{to.name}_{place}.csv"), sheet, header)


def _width(row: Sequence[Cell]) -> int:
    return sum(cell != "" for cell in row)


def _sheet(name: str, to: Path, sheet: Sheet, header: Header) -> Unpacked:
    """Write what stands below the header of a sheet, without columns and lines that are blank."""
    rows = sheet[header.line + 1 :]
    kept = [
        place
        for place, title in enumerate(sheet[header.line])
        if title != "" or any(row[place] != "" for row in rows)
    ]
    refuse_wide(name, len(kept))
    names = tuple(header.names[place] for place in kept)
    gaps = []
    with to.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(names)
        for line, row in enumerate(rows, header.line + 2):
            if any(cell != "" for cell in row):
                write([_written(row[place]) for place in kept])
            else:
                gaps.append(line)
    return Unpacked(name, to, Header(header.line, names, header.skipped), gaps=tuple(gaps))


def _written(cell: Cell) -> str:
    """A cell as a text; a number so that its point is not taken for a mark between thousands.

    >>> _written(7.0), _written(8.125), _written("8.125")
    ('7', '8.1250', '8.125')
    """
    if not isinstance(cell, float):
        return str(cell)
    if cell.is_integer():
        return str(int(cell))
    whole, _, fraction = str(cell).partition(".")
    return f"{whole}.{fraction}0" if len(fraction) == 3 else str(cell)
