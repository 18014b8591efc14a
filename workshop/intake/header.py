"""Which line of a table names its columns, what lies above it, and where the cells part.

Reports put a title, the date of the export or `sep=;` above the names, spreadsheets put merged
titles there. The header is the first line as wide as the table below it that names columns and
holds no values.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain

from workshop.intake import crm
from workshop.intake.layout import Field
from workshop.intake.problems import IntakeError, refusal

LINES = 200
"""So many lines are looked at; what a report says above its table is shorter."""
HEAD = 1 << 16
"""So many characters of a file are looked at."""
DELIMITERS = ",;\t|"
LONGEST_CELL = 1 << 24
"""Python reads cells of 131,072 characters at most where nobody says how long they may be; one
quote that is never closed would else take as much memory as there is file."""
MOST_ABOVE = 3
"""More values than that above a header are leads rather than a report's title."""
WIDE = 2 / 3
"""Of the columns that a table usually fills, a header fills so many."""

SYNONYMS = {
    "stage": ("stage", "stage name", "funnel stage"),
    "count": ("count", "number", "amount", "leads", "number of leads", "amount of leads"),
    "owner": ("owner", "department"),
    "benchmark": ("benchmark", "benchmark rate"),
    "reason": ("reason", "loss reason", "lost reason"),
}
FIELDS = {"stage": Field.STAGE, "owner": Field.OWNER, "reason": Field.REASON}
NAMES = frozenset(chain(*crm.COLUMNS.values(), map(crm.squeezed, chain(*SYNONYMS.values()))))

SEPARATOR = re.compile(r'\ufeff?"?sep=(?P<mark>[^\w\s"]|\t)"?[^\S\n]*(?:\r?\n|\r|$)', re.IGNORECASE)
CURRENCY = (
    r"(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|BRL|MXN|INR|JPY|"
    r"[A-Z]{1,3}\$|kr|zł|Fr|Kč|Ft)"
)
NUMBER = re.compile(
    rf"[^\w]*(?:{CURRENCY}\s?)?[^\w]*[0-9](?:[0-9]|[^\w])*(?:{CURRENCY}|[kKmM]|Tsd|Mio)?[^\w]*"
    r"|[-−]?[0-9]+[.,]?[0-9]*[eE][-+]?[0-9]+"
)
DATE = re.compile(
    r"[0-9]{1,4}[-/. ]{1,2}[0-9]{1,2}[-/. ]{1,2}[0-9]{1,4}(?![0-9]).*"
    r"|[0-9]{4}-?W[0-9]{2}.*"
    r"|[0-9]{1,2}\.?[- ](?:de )?[^\W\d]{3,10}\.?,?[- ](?:de )?[0-9]{2,4}\b.*"
    r"|(?:[^\W\d]+, )?[^\W\d]{3,10}\.? [0-9]{1,2},? [0-9]{4}\b.*"
)
ADDRESS_OR_FLAG = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|(?i:true|false)")


def is_called(name: str, column: str) -> bool:
    """Whether a name stands for a column of a table of counts, in a language of data/crm.

    >>> is_called("No. of leads", "count"), is_called("Étape", "stage")
    (False, True)
    """
    if " ".join(name.replace("_", " ").split()).casefold() in SYNONYMS[column]:
        return True
    if column == "count":
        return crm.column_key(name) in crm.COUNTS
    return column in FIELDS and crm.column_key(name) in crm.COLUMNS[FIELDS[column]]


Rows = Sequence[Sequence[str]]

csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Header:
    """The line that names the columns, counted from 0, their names, and what stands above it.

    Cells of several lines count as one line, as in a spreadsheet.
    """

    line: int
    names: tuple[str, ...]
    skipped: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.line < 0 or not self.names:
            raise ValueError(f"no header: line {self.line}, {len(self.names)} names")


def find_header(rows: Rows, file: str = "the file") -> Header:
    """The header of a table, whose first lines these are. Raises IntakeError where none is.

    >>> find_header([["Deals report"], [], ["id", "won on"], ["1", "2026-01-05"]])
    Header(line=2, names=('id', 'won on'), skipped=('Deals report',))
    """
    rows = [[cell.strip() for cell in row] for row in rows[:LINES]]
    usual = _usual_columns(rows)
    if not usual:
        raise refusal(f"The first line of {file} names no columns.", WRITE_NAMES, 1)
    filled = [line for line, row in enumerate(rows) if _filled(row)]
    first = next((line for line in filled if _is_wide(rows[line], usual)), filled[0])
    known = next((line for line in range(len(rows)) if _is_known(rows, line)), None)
    if _holds_values(rows, first):
        if known is None:
            raise _unnamed(file, rows[first], first)
        if sum(_is_wide(row, usual) for row in rows[:known]) > MOST_ABOVE:
            says = f"The column names of {file} seem to be on line {known + 1}, below other rows."
            raise refusal(says, "Delete the lines above the column names, or say which it is.")
        return header_on(rows, known)
    if known is not None and known > first and _share(rows[first]) <= 0.5:
        return header_on(rows, known)
    return header_on(rows, first + _has_names_below(rows[first : first + 2], rows[first + 2 :]))


def header_on(rows: Rows, line: int, file: str = "the file") -> Header:
    """The header that stands on a line, counted from 0. Raises IntakeError where nothing does."""
    if line >= len(rows) or not _filled(rows[line]):
        says = f"Line {line + 1} of {file} names no columns."
        raise refusal(says, "Choose the line with the column names.")
    above = rows[line - 1] if line else ()
    titles = above if len(_filled(above)) > 1 and not any(map(is_value, above)) else ()
    joined = _joined(titles, rows[line])
    uses_titles = joined != [*map(_one_line, rows[line])]
    skipped = rows[: line - 1 if uses_titles else line]
    texts = (" ".join(_one_line(cell) for cell in _filled(row)) for row in skipped)
    return Header(line, tuple(_numbered(joined)), tuple(filter(None, texts)))


def find_delimiter(text: str) -> str:
    """What parts the cells in the first lines of a file: what it says itself, or what fits best.

    What it says counts if it is there: a file that was saved again may be parted otherwise.

    >>> find_delimiter("sep=;\\nstage;count"), find_delimiter("Deals, all\\na;b\\n1,5;2,5")
    (';', ';')
    """
    said = SEPARATOR.match(text)
    if said and said["mark"] in text[said.end() :]:
        return said["mark"]
    return max(DELIMITERS, key=lambda delimiter: _fit(cells(text, delimiter)[:LINES]))


def cells(text: str, delimiter: str) -> list[list[str]]:
    """The first lines of a file as cells; a line that says `sep=` is an empty one.

    >>> cells('sep=;\\n"a;b";c\\n', ";")
    [[], ['a;b', 'c']]
    """
    said = SEPARATOR.match(text)
    try:
        rows = [
            *csv.reader(StringIO(text[said.end() :] if said else text, ""), delimiter=delimiter)
        ]
    except csv.Error:  # a cell longer than any
        rows = []
    return [[], *rows] if said else rows


WRITE_NAMES = "Write a line above the rows that says what each column is."


def _unnamed(file: str, row: Sequence[str], line: int) -> IntakeError:
    value = next(cell for cell in row if is_value(cell))
    says = f"No line names the columns of {file}: line {line + 1} is a row, it says “{value[:40]}”."
    return refusal(says, WRITE_NAMES, line + 1)


def is_value(cell: str) -> bool:
    """Whether a cell is a number, a date, an e-mail address or a flag, as no column is called.

    >>> [is_value(cell) for cell in ("1.234,50 €", "5 janv. 2026", "2026-01-05T10:00Z", "Q1 2026")]
    [True, True, True, False]
    """
    text = cell.strip()
    return any(kind.fullmatch(text) for kind in (NUMBER, DATE, ADDRESS_OR_FLAG))


def is_number(cell: str) -> bool:
    """Whether a cell is a number or an amount of money, and not a date."""
    return bool(NUMBER.fullmatch(cell.strip())) and not DATE.fullmatch(cell.strip())


def _is_name(cell: str) -> bool:
    """Whether a cell is what CRMs or people call a column."""
    name = cell.strip()
    if not name or name.endswith(":"):
        return False
    return crm.column_key(name) in NAMES or crm.dated_stage(name) is not None


def _filled(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _share(row: Sequence[str]) -> float:
    """The part of a line that is known names."""
    filled = _filled(row)
    return sum(map(_is_name, filled)) / len(filled) if filled else 0.0


def _is_known(rows: Rows, line: int) -> bool:
    """Whether most of a line are names that CRMs and people give to columns, and none a value."""
    if any(map(is_value, rows[line])):
        return False
    stands_alone = all(len(_filled(above)) < 2 for above in rows[:line])
    return _has_values_below(rows, line) or (stands_alone and _share(rows[line]) > 0.5)


def _has_values_below(rows: Rows, line: int) -> bool:
    """Whether most of a line are known names, and below one of them there are values.

    Stages are called like columns too ("Lead", "Won"), but no values stand below them.
    """
    row, below = rows[line], rows[line + 1 :]
    names = [place for place, cell in enumerate(row) if _is_name(cell)]
    has_values = any(2 * _values(below, place) > len(below) for place in names)
    return len(names) > 1 and _share(row) > 0.5 and has_values


def _values(rows: Rows, place: int) -> int:
    return sum(place < len(row) and is_value(row[place]) for row in rows)


def _holds_values(rows: Rows, line: int) -> bool:
    """Whether a line is one of the rows; a column may be called "2025" among known names."""
    values = [cell for cell in rows[line] if is_value(cell)]
    if not values:
        return False
    return not all(map(is_number, values)) or not _has_values_below(rows, line)


def _usual_columns(rows: Rows) -> list[int]:
    """The columns that most rows fill, of those rows that are about as wide as the table."""
    filled = [{place for place, cell in enumerate(row) if cell} for row in rows]
    filled = [places for places in filled if places]
    several = [places for places in filled if len(places) > 1]
    filled = several if len(several) > 1 else filled
    if not filled:
        return []
    widths = sorted((max(places) + 1 for places in filled), reverse=True)
    # One row that is too wide, because a comma was not quoted, does not make a table wider.
    width = widths[max(1, len(widths) // 5) if len(widths) > 3 else 0]
    rows_of_table = [places for places in filled if 2 * len(places) > width] or filled
    often = Counter(place for places in rows_of_table for place in places if place < width)
    usual = [place for place, times in often.items() if 2 * times >= len(rows_of_table)]
    return usual or [*filled[0]]


def _is_wide(row: Sequence[str], usual: Sequence[int]) -> bool:
    return sum(place < len(row) and row[place] != "" for place in usual) >= WIDE * len(usual)


def _has_names_below(head: Rows, rest: Rows) -> bool:
    """Whether a line holds the titles of groups, and the one below it the names.

    Either the lower line names what the upper one leaves blank, or the upper one says the same
    title again and again. Below the names there are values.
    """
    if len(head) < 2:
        return False
    upper, lower = head
    texts = [place for place, cell in enumerate(lower) if cell]
    blank = [place for place, cell in enumerate(upper) if not cell]
    repeated = 2 * len(set(_filled(upper))) <= len(_filled(upper))
    is_completed = any(place in texts for place in blank) or repeated
    has_values_below = any(_values(rest, place) for place in texts)
    return (
        is_completed
        and not any(map(is_value, lower))
        and any(map(_is_name, lower))
        and has_values_below
    )


def _joined(titles: Sequence[str], row: Sequence[str]) -> list[str]:
    """The names on a line; a blank one is the title above it, a repeated one is put behind it."""
    names = [*map(_one_line, row)]
    often = Counter(map(str.casefold, names))
    title, joined = "", []
    for place, name in enumerate(names):
        above = _one_line(titles[place]) if place < len(titles) else ""
        title = above or title
        if not name:
            joined.append(above)
        else:
            joined.append(f"{title} {name}" if title and often[name.casefold()] > 1 else name)
    return joined


def _one_line(cell: str) -> str:
    return " ".join(cell.split())


def _numbered(names: Iterable[str]) -> list[str]:
    """Names that differ: unnamed and repeated ones get the number of their column."""
    header: list[str] = []
    taken = {"rowid"}
    for place, name in enumerate(names, 1):
        column = name or f"column {place}"
        while column.casefold() in taken:
            column = f"{column} ({place})"
        header.append(column)
        taken.add(column.casefold())
    return header


def _fit(rows: Rows) -> tuple[int, int, int]:
    """How well a delimiter parts lines: whether they have a header with known names, how many
    lines are as wide as the header, or as most are, and how wide that is."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return (-1, 0, 0)
    try:
        row = rows[find_header(rows).line]
    except IntakeError:
        [(width, often)] = widths.most_common(1)
        return (-1, often, width)
    if len(row) < 2:
        return (-1, 0, 0)
    return (min(2, sum(map(_is_name, row))), widths[len(row)], len(row))
