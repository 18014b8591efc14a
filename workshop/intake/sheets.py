"""The bytes of a file → its sheets as rows of cells, whatever the file's name claims.

Tables here are small, so everything is bounded: bytes, rows, columns, time and memory. DuckDB
reads CSV and Parquet in a locked configuration, calamine reads workbooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias
from xml.parsers import expat
from zipfile import ZipFile

import duckdb
from python_calamine import CalamineWorkbook, SheetTypeEnum

from workshop.intake.cells import CONTROL, Cell
from workshop.intake.header import HEAD, SEPARATOR, find_delimiter
from workshop.intake.parquet import refuse_oversized
from workshop.intake.problems import IntakeError, refusal

MAX_BYTES = 20_000_000  # of a file, and of a workbook when unpacked
MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_PARTS = 1_000  # files inside a workbook

LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "256MB",
    "threads": 1,
    "temp_directory": "",  # never to disk
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much a workbook may hold: its bytes, also when unpacked, and the rows of a sheet."""

    bytes: int
    rows: int

    @property
    def cells(self) -> int:
        return self.rows * MAX_COLUMNS


OF_COUNTS = Size(MAX_BYTES, MAX_ROWS)

Row: TypeAlias = list[Cell]
Sheet: TypeAlias = list[Row]

EXTENSIONS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
FOREIGN = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or one locked with a password",
}
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
END = "\x03"  # closes the text handed to DuckDB; a control character, so no table holds it
NUMBER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT|UINTEGER|FLOAT|DOUBLE|DECIMAL")
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

SAVE_AS = "Save the table as CSV, Excel (.xlsx) or Parquet and choose that file."
COUNT_FIRST = "Count per stage first: the funnel needs one row a stage, not one row a lead."
KEEP_ONLY = "Copy the funnel, and the losses if you have them, to a new workbook and save that."


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file: one of a CSV or Parquet file, all of a workbook.

    Row i of a sheet is line i + 1 of the file. Texts come without the blanks around them, empty
    cells as "". Raises IntakeError.
    """
    if len(content) > MAX_BYTES:
        raise refusal(f"The file is larger than {MAX_BYTES / 1e6:.0f} MB.", COUNT_FIRST)
    for signature, kind in FOREIGN.items():
        if content.startswith(signature):
            raise refusal(f"The file is {kind}, not a table.", SAVE_AS)
    extension = Path(name).suffix.lower()
    if extension not in EXTENSIONS:
        ending = f"Files ending in “{extension}”" if extension else "Files without an ending"
        raise refusal(f"{ending} are not read.", SAVE_AS)
    if content.startswith(b"PK\x03\x04"):
        read = read_workbook(content, OF_COUNTS)
    elif content.startswith(b"PAR1"):
        read = [_parquet(name, content)]
    else:
        read = [_csv(_text(content))]
    if any(len(sheet) > MAX_ROWS + 1 for sheet in read):
        raise _too_long()
    return read


def _too_long() -> IntakeError:
    return refusal(f"The table has more than {MAX_ROWS:,} rows.", COUNT_FIRST)


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float():
            return value
        case Decimal():
            return float(value)
        case _:
            return str(value).strip()


@contextmanager
def locked_database(content: bytes) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A database that can read these bytes, at the path that comes with it, and nothing else."""
    with TemporaryDirectory() as folder, duckdb.connect(config=LIMITS) as database:
        path = Path(folder, "table")
        path.write_bytes(content)
        database.execute("SET allowed_paths = $1", [[str(path)]])
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        yield database, str(path)


def _fetch(database: duckdb.DuckDBPyConnection) -> Sheet:
    """The rows of the open result, stopping where their texts outgrow what a file may hold."""
    rows: Sheet = []
    size = 0
    while (record := database.fetchone()) is not None:
        row = [_cell(value) for value in record]
        size += sum(len(cell) for cell in row if isinstance(cell, str))
        if size > MAX_BYTES:
            raise refusal("The table holds far more text than a funnel needs.", COUNT_FIRST)
        rows.append(row)
    return rows


def _parquet(name: str, content: bytes) -> Sheet:
    try:
        with locked_database(content) as (database, path):
            refuse_oversized(database, Path(path), name, MAX_ROWS, COUNT_FIRST)
            database.execute("DESCRIBE SELECT * FROM read_parquet($1)", [path])
            columns = [(name.strip(), kind) for name, kind, *_ in database.fetchall()]
            if len(columns) > MAX_COLUMNS:
                remedy = "Keep the columns stage, count, owner and benchmark."
                raise refusal(f"The table has more than {MAX_COLUMNS} columns.", remedy)
            names = ", ".join(f"c{number}" for number in range(len(columns)))
            values = ", ".join(
                f"c{number}" if NUMBER.match(kind) else f"c{number}::VARCHAR"
                for number, (_, kind) in enumerate(columns)
            )
            database.execute(
                f"SELECT {values} FROM read_parquet($1) AS t({names}) LIMIT {MAX_ROWS + 1}", [path]
            )
            return [[name for name, _ in columns], *_fetch(database)]
    except duckdb.Error as error:
        raise refusal("The Parquet file is damaged or too large to unpack.", SAVE_AS) from error


def _text(content: bytes) -> str:
    """The text of a file, its lines ended by newlines."""
    encodings = [mark for start, mark in MARKS.items() if content.startswith(start)]
    for encoding in [*encodings, "utf-8", "cp1252", "latin-1"]:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if CONTROL.search(text):
        raise refusal("The file is not a table: it holds characters that no text has.", SAVE_AS)
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def _csv(text: str) -> Sheet:
    if text.count("\n") > MAX_ROWS:
        raise _too_long()
    head, delimiter = text[:HEAD], find_delimiter(text[:HEAD])
    if said := SEPARATOR.match(head):
        text = f"\n{text[said.end() :]}"
    columns = ", ".join(f"'{number}': 'VARCHAR'" for number in range(MAX_COLUMNS))
    try:
        with locked_database(_with_blank_rows(text, delimiter).encode()) as (database, path):
            database.execute(
                "SELECT * FROM read_csv($1, auto_detect = false, header = false, delim = $2, "
                """quote = '"', escape = '"', null_padding = true, parallel = false, """
                f"columns = {{{columns}}})",
                [path, delimiter],
            )
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


def read_workbook(content: bytes, size: Size) -> list[Sheet]:
    """The sheets of an Excel workbook that holds no more than `size`. Raises IntakeError."""
    if len(content) > size.bytes:
        raise refusal(f"The workbook is larger than {size.bytes / 1e6:.0f} MB.", KEEP_ONLY)
    try:
        workbook = CalamineWorkbook.from_filelike(_unpacked(content, size))
        found = [
            [
                [_cell(value) for value in row]
                for row in workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            ]
            for sheet in workbook.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet
        ]
        return found or [[]]
    except IntakeError:
        raise
    except Exception as error:  # unpacking foreign bytes fails in too many ways to name
        raise refusal("The file is not an Excel workbook, or is damaged.", SAVE_AS) from error


def _unpacked(content: bytes, size: Size) -> BytesIO:
    """The XML of a workbook in an archive without compression, once it is known to be safe."""
    plain = BytesIO()
    with ZipFile(BytesIO(content)) as packed, ZipFile(plain, "w") as unpacked:
        parts = packed.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > size.bytes:
            raise refusal("The workbook holds far more than a funnel needs.", KEEP_ONLY)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                xml = packed.read(part)
                _refuse_hollow_size(xml, size)
                unpacked.writestr(part.filename, xml)
    plain.seek(0)
    return plain


def _refuse_hollow_size(xml: bytes, size: Size) -> None:
    """Refuse XML that claims far more than it holds.

    calamine takes memory for every cell up to the last filled one and for as many strings as
    a workbook says it has; where that fails, it ends the whole process.
    """
    row = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        if any(int(attributes.get(name, 0)) > size.cells for name in ("count", "uniqueCount")):
            raise refusal("The workbook holds far more than a funnel needs.", KEEP_ONLY)
        match tag.rpartition(":")[2]:
            case "row":
                row, column = int(attributes.get("r", row + 1)), 0
            case "c" if "r" in attributes:
                reference = REFERENCE.fullmatch(attributes["r"])
                if not reference:
                    raise ValueError(f"a cell is called {attributes['r']}")
                row, column = int(reference[2]), _column(reference[1])
            case "c":
                column += 1
            case "v" | "is" if row > size.rows + 1 or column > MAX_COLUMNS:
                raise refusal(
                    f"A sheet goes on beyond row {size.rows + 1:,} or column {MAX_COLUMNS}.",
                    f"{COUNT_FIRST} If the sheet looks short, a cell far out is filled: "
                    "copy the table alone to a new workbook.",
                )

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(xml, True)


def _column(letters: str) -> int:
    """The number of a spreadsheet column.

    >>> _column("A"), _column("Z"), _column("AA")
    (1, 26, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
