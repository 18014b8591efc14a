"""Files as people have them → files that DuckDB reads: Parquet, or CSV in UTF-8 with its header."""

from __future__ import annotations

import csv
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import IncrementalNewlineDecoder
from pathlib import Path

from workshop.intake.cells import Cell
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
from workshop.intake.sheets import (
    FOREIGN,
    MARKS,
    MAX_COLUMNS,
    SAVE_AS,
    Sheet,
    Size,
    read_workbook,
)

CHUNK = 1 << 18
CONTROL_BYTES = bytes({*range(32), 127} - {*b"\t\n\r"})
NEIGHBOURS = (b"\n\n", b"\n\r", b"\r\r")
OF_LEADS = Size(200_000_000, 200_000)

Pause = Callable[[], None]


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
    path: Path, folder: Path, number: int, pause: Pause, header_line: int | None = None
) -> Iterator[Unpacked]:
    """The tables of a file; what has to be written goes to `folder`. Raises IntakeError.

    `header_line` is the line with the column names, from 1, where somebody has said so.
    """
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
        yield Unpacked(path.name, path)
    elif start.startswith(b"PK\x03\x04"):
        yield from _sheets(path, folder / str(number), header_line)
    else:
        text = _in_utf8(path, folder / f"{number}.csv", start, pause)
        yield _delimited(path.name, text, header_line)


def refuse_wide(name: str, columns: int) -> None:
    if columns > MAX_COLUMNS:
        says = f"The file {name} has {columns} columns; {MAX_COLUMNS} are read at most."
        raise refusal(says, "Keep the columns that say something about the funnel.")


# -- delimited text --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in UTF-8 whose lines end alike, and whether any two of their ends are neighbours."""

    path: Path
    has_blank_lines: bool


def _delimited(name: str, text: _Text, header_line: int | None) -> Unpacked:
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


def _in_utf8(path: Path, copy: Path, start: bytes, pause: Pause) -> _Text:
    """The file itself where it is UTF-8 without a mark and ends its lines alike, else a copy."""
    encodings = [code for mark, code in MARKS.items() if start.startswith(mark)]
    for encoding in [*encodings, "utf-8", "cp1252", "latin-1"]:
        try:
            if encoding == "utf-8" and (text := _as_it_is(path, pause)):
                return text
            return _copy(path, copy, encoding, pause)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes everything")


def _as_it_is(path: Path, pause: Pause) -> _Text | None:
    """The file, if it is UTF-8 and its lines end in the same mark, also those inside of cells."""
    decoder = getincrementaldecoder("utf-8")()
    marks: set[str] = set()
    has_blank_lines, last = False, b""
    with path.open("rb") as file:
        while content := file.read(CHUNK):
            pause()
            decoder.decode(content)
            _refuse_control(path, content)
            marks |= _line_ends(content, after_return=last.endswith(b"\r"))
            has_blank_lines = has_blank_lines or _has_blank_line(last + content)
            last = content[-2:]
        decoder.decode(b"", final=True)
    if last.endswith(b"\r"):
        marks.add("return")
    return _Text(path, has_blank_lines) if len(marks) < 2 else None


def _line_ends(content: bytes, *, after_return: bool) -> set[str]:
    """The marks that end lines; a return at the very end may yet be half of a pair."""
    if after_return:
        content = b"\r" + content
    if b"\r" not in content:
        return {"feed"} if b"\n" in content else set()
    feeds, pairs = content.count(b"\n"), content.count(b"\r\n")
    returns = content.count(b"\r") - content.endswith(b"\r")
    found = {"feed": feeds - pairs, "return": returns - pairs, "pair": pairs}
    return {mark for mark, times in found.items() if times}


def _has_blank_line(content: bytes) -> bool:
    """Whether an end of a line follows on another, in a text whose lines end alike.

    Most texts end their lines with a feed alone, and are looked through once.
    """
    pairs = NEIGHBOURS if b"\r" in content else NEIGHBOURS[:1]
    return any(pair in content for pair in pairs)


def _copy(path: Path, copy: Path, encoding: str, pause: Pause) -> _Text:
    """Write a text in UTF-8, its lines ended by newlines."""
    decoder = IncrementalNewlineDecoder(getincrementaldecoder(encoding)(), translate=True)
    has_blank_lines, last = False, b""
    with path.open("rb") as file, copy.open("wb") as out:
        while content := file.read(CHUNK):
            pause()
            text = decoder.decode(content).encode()
            _refuse_control(path, text)
            out.write(text)
            has_blank_lines = has_blank_lines or _has_blank_line(last + text)
            last = text[-1:]
        out.write(decoder.decode(b"", final=True).encode())
    return _Text(copy, has_blank_lines)


def _refuse_control(path: Path, content: bytes) -> None:
    # Ten times as fast as looking for the first of them.
    if len(content.translate(None, CONTROL_BYTES)) < len(content):
        says = f"The file {path.name} is not a table: it holds characters no text has."
        raise refusal(says, SAVE_AS)


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
