"""Excel workbooks: their sheets as rows of cells, in bounded memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import TypeAlias
from xml.parsers import expat
from zipfile import ZipFile

from python_calamine import CalamineWorkbook, SheetTypeEnum

from workshop.intake.cells import Cell
from workshop.intake.decoding import SAVE_AS
from workshop.intake.problems import IntakeError, refusal

MAX_COLUMNS = 100
MAX_PARTS = 1_000  # files inside a workbook

Row: TypeAlias = list[Cell]
Sheet: TypeAlias = list[Row]

REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
COUNT_FIRST = "Count per stage first: the funnel needs one row a stage, not one row a lead."
KEEP_ONLY = "Copy the funnel, and the losses if you have them, to a new workbook and save that."


@dataclass(frozen=True, slots=True)
class Size:
    """How much a workbook may hold: its bytes, also when unpacked, and the rows of a sheet."""

    bytes: int
    rows: int

    @property
    def cells(self) -> int:
        return self.rows * MAX_COLUMNS


def as_cell(value: object) -> Cell:
    """What a workbook or DuckDB says in a cell; blanks around a text are cut off."""
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


def read_workbook(content: bytes, size: Size) -> list[Sheet]:
    """The sheets of an Excel workbook that holds no more than `size`. Raises IntakeError."""
    if len(content) > size.bytes:
        raise refusal(f"The workbook is larger than {size.bytes / 1e6:.0f} MB.", KEEP_ONLY)
    try:
        workbook = CalamineWorkbook.from_filelike(_unpacked(content, size))
        found = [
            [
                [as_cell(value) for value in row]
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
    unpacked_file = BytesIO()
    with ZipFile(BytesIO(content)) as packed, ZipFile(unpacked_file, "w") as unpacked:
        parts = packed.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > size.bytes:
            raise refusal("The workbook holds far more than a funnel needs.", KEEP_ONLY)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                xml = packed.read(part)
                _refuse_hollow_size(xml, size)
                unpacked.writestr(part.filename, xml)
    unpacked_file.seek(0)
    return unpacked_file


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
                row, column = int(reference[2]), _column_number(reference[1])
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


def _column_number(letters: str) -> int:
    """The number of a spreadsheet column.

    >>> _column_number("A"), _column_number("Z"), _column_number("AA")
    (1, 26, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
