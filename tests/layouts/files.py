"""Tables of cells, written as a program or a person writes them: separators, dates, numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import xlsxwriter
from babel.dates import format_date


@dataclass(frozen=True)
class Money:
    """A whole amount, written as the format says."""

    amount: int


@dataclass(frozen=True)
class Day:
    """A moment of which the column shows the day alone."""

    moment: datetime


Cell = str | int | Money | Day | datetime | None


@dataclass(frozen=True)
class Table:
    """A header and rows; perhaps rows above the header (a title) and below (a total, a footer)."""

    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    above: Sequence[Sequence[Cell]] = ()
    below: Sequence[Sequence[Cell]] = ()

    @property
    def lines(self) -> list[Sequence[Cell]]:
        return [*self.above, list(self.header), *self.rows, *self.below]


def long_date(locale: str, pattern: str) -> Callable[[datetime], str]:
    """Dates with the name of the month, as Unicode's locale data spell it."""
    return lambda moment: format_date(moment.date(), pattern, locale)


def by_pattern(pattern: str) -> Callable[[datetime], str]:
    return lambda moment: moment.strftime(pattern)


def american(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment.year}"


def american_12_hours(moment: datetime) -> str:
    return f"{american(moment)} {moment.hour % 12 or 12}:{moment:%M %p}"


def with_offset(moment: datetime) -> str:
    """A moment as a server five hours ahead of Greenwich writes it."""
    zone = timezone(timedelta(hours=5))
    return moment.replace(tzinfo=UTC).astimezone(zone).isoformat()


def serial(moment: datetime) -> str:
    """Days since 1899-12-30, as a spreadsheet saves a date that lost its format."""
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    return f"{days:.5f}".rstrip("0").rstrip(".")


def epoch_milliseconds(moment: datetime) -> str:
    return str(int(moment.replace(tzinfo=UTC).timestamp() * 1000))


def iso_week(moment: datetime) -> str:
    year, week, day = moment.isocalendar()
    return f"{year}-W{week:02}-{day}"


# How a moment and how a day are written.
Writer = Callable[[datetime], str]
DATES: Mapping[str, tuple[Writer, Writer]] = {
    "2025-03-13 09:30:00": (by_pattern("%Y-%m-%d %H:%M:%S"), by_pattern("%Y-%m-%d")),
    "2025-03-13 09:30": (by_pattern("%Y-%m-%d %H:%M"), by_pattern("%Y-%m-%d")),
    "2025-03-13": (by_pattern("%Y-%m-%d"), by_pattern("%Y-%m-%d")),
    "2025-03-13T09:30:00.000Z": (by_pattern("%Y-%m-%dT%H:%M:%S.000Z"), by_pattern("%Y-%m-%d")),
    "2025-03-13T09:30:00.000+0000": (
        by_pattern("%Y-%m-%dT%H:%M:%S.000+0000"),
        by_pattern("%Y-%m-%d"),
    ),
    "2025-03-13T14:30:00+05:00": (with_offset, by_pattern("%Y-%m-%d")),
    "2025-03-13 09:30:00.123000+00:00": (
        by_pattern("%Y-%m-%d %H:%M:%S.123000+00:00"),
        by_pattern("%Y-%m-%d"),
    ),
    "13.03.2025 09:30": (by_pattern("%d.%m.%Y %H:%M"), by_pattern("%d.%m.%Y")),
    "13.03.2025": (by_pattern("%d.%m.%Y"), by_pattern("%d.%m.%Y")),
    "13.03.25": (by_pattern("%d.%m.%y"), by_pattern("%d.%m.%y")),
    "13/03/2025 09:30": (by_pattern("%d/%m/%Y %H:%M"), by_pattern("%d/%m/%Y")),
    "13/03/2025": (by_pattern("%d/%m/%Y"), by_pattern("%d/%m/%Y")),
    "13-03-2025": (by_pattern("%d-%m-%Y"), by_pattern("%d-%m-%Y")),
    "3/13/2025": (american, american),
    "3/13/2025 9:30 AM": (american_12_hours, american),
    "Mar 13, 2025 09:30 AM": (by_pattern("%b %d, %Y %I:%M %p"), by_pattern("%b %d, %Y")),
    "13-Mar-2025": (by_pattern("%d-%b-%Y"), by_pattern("%d-%b-%Y")),
    "Thu, 13 Mar 2025 09:30:00 GMT": (
        by_pattern("%a, %d %b %Y %H:%M:%S GMT"),
        by_pattern("%d %b %Y"),
    ),
    "13. März 2025": (long_date("de_DE", "d. MMMM yyyy"),) * 2,
    "13 mars 2025": (long_date("fr_FR", "d MMMM yyyy"),) * 2,
    "13 de marzo de 2025": (long_date("es_ES", "d 'de' MMMM 'de' yyyy"),) * 2,
    "13 de mar. de 2025": (long_date("pt_BR", "d 'de' MMM 'de' yyyy"),) * 2,
    "13 marzo 2025": (long_date("it_IT", "d MMMM yyyy"),) * 2,
    "13 mrt 2025": (long_date("nl_NL", "d MMM yyyy"),) * 2,
    "2025-W11-4": (iso_week, iso_week),
    "45729.39583": (serial, lambda moment: serial(moment).partition(".")[0]),
    "1741858200000": (epoch_milliseconds, epoch_milliseconds),
}


def grouped(amount: int, mark: str) -> str:
    return f"{amount:,}".replace(",", mark)


NUMBERS: Mapping[str, Callable[[int], str]] = {
    "12500": str,
    "12500.00": lambda amount: f"{amount}.00",
    "12500.0": lambda amount: f"{amount}.0",
    "12,500.00": lambda amount: f"{amount:,}.00",
    "12.500,00": lambda amount: f"{grouped(amount, '.')},00",
    "12.500": lambda amount: grouped(amount, "."),
    "12500,00": lambda amount: f"{amount},00",
    "12.500,00 €": lambda amount: f"{grouped(amount, '.')},00 €",
    "€ 12.500,00": lambda amount: f"€ {grouped(amount, '.')},00",
    "€12,500": lambda amount: f"€{amount:,}",
    "$12,500.00": lambda amount: f"${amount:,}.00",
    "USD 12,500.00": lambda amount: f"USD {amount:,}.00",
    "R$ 12.500,00": lambda amount: f"R$ {grouped(amount, '.')},00",
    "12 500,00 €": lambda amount: f"{grouped(amount, chr(0x202F))},00{chr(0xA0)}€",
    "CHF 12'500.00": lambda amount: f"CHF {grouped(amount, chr(39))}.00",
    "12.5k": lambda amount: f"{amount / 1000:g}k",
    "12,5 Tsd. €": lambda amount: f"{amount / 1000:g}".replace(".", ",") + " Tsd. €",
}


@dataclass(frozen=True)
class Format:
    """How a table becomes a file.

    `dates` and `numbers` name an entry of DATES and NUMBERS; "cells" leaves them to the cells of
    a workbook or a Parquet file.
    """

    kind: str = "CSV"
    separator: str = ","
    encoding: str = "UTF-8"
    dates: str = "2025-03-13 09:30:00"
    numbers: str = "12500"
    line_ends: Sequence[str] = ("\r\n",)
    quoted: bool = False
    first_line: str = ""
    says: str = field(default="", compare=False)

    @property
    def file(self) -> str:
        """The kind of file in a few words, for the table of layouts."""
        if self.kind != "CSV":
            return self.kind
        name = {"\t": "tab", "|": "pipe"}.get(self.separator, self.separator)
        more = f", {self.says}" if self.says else ""
        return f"CSV {name} {self.encoding}{more}"

    def cell(self, cell: Cell) -> object:
        """What stands in the file for a cell."""
        if isinstance(cell, datetime | Day):
            moment = cell.moment if isinstance(cell, Day) else cell
            if self.dates == "cells":
                return moment.date() if isinstance(cell, Day) else moment
            return DATES[self.dates][isinstance(cell, Day)](moment)
        if isinstance(cell, Money):
            return cell.amount if self.numbers == "cells" else NUMBERS[self.numbers](cell.amount)
        return cell

    def write(self, table: Table, path: Path) -> Path:
        """The table as a file next to `path`, whose ending the format gives."""
        match self.kind:
            case "XLSX":
                return self.write_workbook([("Sheet1", table)], path)
            case "Parquet":
                return self.write_parquet(table, path.with_suffix(".parquet"))
            case _:
                return self.write_text(table.lines, path.with_suffix(".csv"))

    def write_text(self, lines: Iterable[Sequence[Cell]], path: Path) -> Path:
        text = self.first_line
        for number, line in enumerate(lines):
            end = self.line_ends[number % len(self.line_ends)]
            text += self.line([self.cell(cell) for cell in line]) + end
        encodings = {"UTF-8 with BOM": "utf-8-sig", "UTF-16": "utf-16", "Windows-1252": "cp1252"}
        path.write_bytes(text.encode(encodings.get(self.encoding, self.encoding)))
        return path

    def line(self, cells: Sequence[object]) -> str:
        out = io.StringIO()
        writer = csv.writer(
            out,
            delimiter=self.separator,
            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL,
            lineterminator="",
        )
        writer.writerow(["" if cell is None else cell for cell in cells])
        return out.getvalue()

    def write_workbook(self, tables: Sequence[tuple[str, Table]], path: Path) -> Path:
        path = path.with_suffix(".xlsx")
        with xlsxwriter.Workbook(path) as book:
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for name, table in tables:
                sheet = book.add_worksheet(name)
                for row, line in enumerate(table.lines):
                    for column, cell in enumerate(map(self.cell, line)):
                        if isinstance(cell, datetime):
                            sheet.write_datetime(row, column, cell, moment)
                        elif isinstance(cell, date):
                            sheet.write_datetime(row, column, cell, day)
                        elif cell is not None:
                            sheet.write(row, column, cell)
        return path

    def write_parquet(self, table: Table, path: Path) -> Path:
        rows = [[self.cell(cell) for cell in row] for row in table.rows]
        pd.DataFrame(rows, columns=list(table.header)).to_parquet(path, index=False)
        return path


WORKBOOK = Format(kind="XLSX", dates="cells", numbers="cells")
