"""A sheet with named columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from workshop.domain.checks import TITLE_LENGTH
from workshop.intake.cells import Cell, quoted, text
from workshop.intake.header import find_header, is_called
from workshop.intake.problems import IntakeError, Problem
from workshop.intake.totals import is_note, is_total
from workshop.intake.workbook import Row, Sheet

REMEDIES = {
    "stage": f"Write the stage's name in at most {TITLE_LENGTH} characters, or delete the row.",
    "count": "Write a whole number from 0 up, such as 700 or 1,234.",
    "owner": "Write sales, marketing or both, or leave the cell empty.",
    "benchmark": "Write a rate such as 40 % or 0.4, or leave the cell empty.",
    "reason": f"Write the reason in at most {TITLE_LENGTH} characters, or delete the row: "
    "its losses then count as unexplained.",
}

Value = TypeVar("Value")


class Table:
    """Reads the cells of a sheet by column name and notes everything that is wrong.

    Blank rows, what stands above the names of the columns, and a total or a note under the table
    are skipped.
    """

    def __init__(
        self,
        sheet: Sheet,
        needed: tuple[str, ...],
        optional: tuple[str, ...],
        problems: list[Problem],
    ) -> None:
        self.records: list[tuple[int, Row]] = []
        self.needed = needed
        self.problems = problems
        self._places: dict[str, int] = {}
        if all(map(is_blank, sheet)):
            self.refuse(None, None, "The table is empty.", "Fill in the template.")
            return
        try:
            self._line = find_header([[*map(text, row)] for row in sheet], "the table").line + 1
        except IntakeError as error:
            problems += error.problems
            return
        self._header = sheet[self._line - 1]
        self.records = _without_totals(sheet, self._line)
        for column in (*needed, *optional):
            self._find(column)

    def _find(self, column: str) -> None:
        names = [text(cell) for cell in self._header]
        places = [place for place, name in enumerate(names) if is_called(name, column)]
        if len(places) == 1:
            self._places[column] = places[0]
        elif places:
            says = f"{len(places)} columns could be the {column}."
            self.refuse(self._line, column, says, "Rename or delete all but one of them.")
        elif column in self.needed:
            there = ", ".join(quoted(cell) for cell in self._header[:10] if cell != "")
            remedy = f"Name a column {column}; this row names {there}."
            self.refuse(self._line, column, f"There is no column “{column}”.", remedy)

    def refuse(self, line: int | None, column: str | None, message: str, remedy: str) -> None:
        """Note a problem, under the name that the column has in the file."""
        if column in self._places:
            column = text(self._header[self._places[column]])
        self.problems.append(Problem(line, column, message, remedy))

    def refuse_long_rows(self) -> None:
        """Note the rows with more cells than the header names."""
        for line, row in self.records:
            if len(row) > len(self._header):
                says = f"The row has {len(row)} cells, the header {len(self._header)}."
                remedy = 'Put a number with a comma in quotes ("1,234"), or name every column.'
                self.refuse(line, None, says, remedy)

    def read(
        self,
        line: int,
        row: Row,
        column: str,
        parse: Callable[[Cell], Value],
        remedy: str | None = None,
    ) -> Value | None:
        """The value of a cell; None where it is empty or wrong, or its column is missing."""
        place = self._places.get(column)
        if place is None:
            return None
        cell = row[place] if place < len(row) else ""
        try:
            if cell != "":
                return parse(cell)
            if column in self.needed:
                raise ValueError(f"The {column} is empty")
        except ValueError as error:
            self.refuse(line, column, f"{error}.", remedy or REMEDIES[column])
        return None


def _without_totals(sheet: Sheet, header_line: int) -> list[tuple[int, Row]]:
    """The rows below a header with their lines, up to the totals and notes at the end."""
    below = enumerate(sheet[header_line:], header_line + 1)
    records = [(line, row) for line, row in below if not is_blank(row)]
    width = len(sheet[header_line - 1])
    while records:
        last = [*map(text, records[-1][1])]
        if not (is_total(last) or is_note(last, width)):
            break
        del records[-1]
    return records


def is_blank(row: Row) -> bool:
    return all(cell == "" for cell in row)
