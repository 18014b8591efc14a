"""An Excel workbook: a sheet a table, ready to be read and filtered, and pages to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from workshop.domain.text import cleaned
from workshop.exports.columns import Column, Kind
from workshop.exports.rows import Row
from workshop.wording.figures import symbol

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
A4 = 9  # as the file format numbers the papers
TOP: dict[str, Any] = {"valign": "top", "text_wrap": True}
# The quote prefix is Excel's own mark of a text that must not become a formula.
TEXT: dict[str, Any] = {"quote_prefix": True}
ROW_HEIGHT = 20  # pixels, where nothing wraps
BAR_HEIGHT, AROUND_THE_BARS = 34, 60
LOSS = "#D55E00"


class Book:
    """A workbook that grows sheet by sheet; all its money is in one currency."""

    def __init__(self, currency: str) -> None:
        self._file = BytesIO()
        self.file = xlsxwriter.Workbook(self._file, OPTIONS)
        self.currency = currency
        self._heading = self.file.add_format(
            TOP | {"bold": True, "bg_color": "#DDE3E8", "font_color": "#000000", "bottom": 1}
        )
        formats: dict[Kind, dict[str, Any]] = {
            Kind.TEXT: TEXT,
            Kind.WHOLE: {"num_format": "#,##0"},
            Kind.MONEY: {"num_format": f'"{symbol(currency)}"#,##0'},
            Kind.SHARE: {"num_format": "0.0%"},
            Kind.DAYS: {"num_format": "#,##0.0"},
            Kind.DATE: {"num_format": "d mmm yyyy", "align": "left"},
        }
        self._formats = {kind: self.file.add_format(TOP | f) for kind, f in formats.items()}

    def sheet(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> Worksheet:
        """A sheet that begins with this table, to be filtered by every column.

        It prints in landscape, one page wide, its headings on top of every page.
        """
        sheet = self.file.add_worksheet(name)
        self.table(sheet, columns, rows)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet

    def table(
        self, sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Row], top: int = 0
    ) -> None:
        """Write a table with its headings, from the row `top` down."""
        for place, column in enumerate(columns):
            heading = column.heading.format(currency=self.currency)
            sheet.write_string(top, place, heading, self._heading)
        for line, row in enumerate(rows, start=top + 1):
            for place, column in enumerate(columns):
                self._write(sheet, line, place, row[column.name], column.kind or row["kind"])

    def content(self) -> bytes:
        """The finished file; nothing can be added after."""
        self.file.close()
        return self._file.getvalue()

    def _write(self, sheet: Worksheet, line: int, place: int, value: Any, kind: Kind) -> None:
        """Write a cell; what is missing stays blank."""
        form = self._formats[kind]
        if pd.isna(value):
            sheet.write_blank(line, place, None, form)
        elif kind is Kind.TEXT:
            sheet.write_string(line, place, cleaned(value), form)
        elif kind is Kind.DATE:
            sheet.write_datetime(line, place, value, form)
        else:
            sheet.write_number(line, place, value, form)


class Page:
    """A sheet that prints on one page, written from the top down."""

    def __init__(self, book: Book, name: str, columns: Sequence[Column]) -> None:
        """The columns say how wide the page's are."""
        self._book, self._name, self._line = book, name, 0
        self._title = book.file.add_format(TEXT | {"bold": True, "font_size": 16})
        self._section = book.file.add_format(TEXT | {"bold": True, "font_size": 13})
        self._plain = book.file.add_format(TEXT)
        self._sheet = book.file.add_worksheet(name)
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, column.width)
        self._sheet.hide_gridlines(2)
        self._sheet.set_paper(A4)
        self._sheet.fit_to_pages(1, 1)

    def title(self, words: str) -> None:
        self._say(words, self._title)

    def section(self, words: str) -> None:
        self._line += 1
        self._say(words, self._section)

    def say(self, words: str) -> None:
        self._say(words, self._plain)

    def table(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        self._book.table(self._sheet, columns, rows, self._line)
        self._line += len(rows) + 1

    def table_with_bars(
        self, columns: Sequence[Column], rows: Sequence[Row], money: str, title: str
    ) -> None:
        """A table and below it a chart of its column `money`; the first column names the bars."""
        first, last = self._line + 1, self._line + len(rows)
        place = next(k for k, column in enumerate(columns) if column.name == money)
        self.table(columns, rows)
        chart = self._book.file.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": title,
                "categories": [self._name, first, 0, last, 0],
                "values": [self._name, first, place, last, place],
                "fill": {"color": LOSS},
                "gap": 60,
                "data_labels": {"value": True, "num_format": self._spoken_money()},
            }
        )
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})  # the first on top
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        height = AROUND_THE_BARS + BAR_HEIGHT * len(rows)
        chart.set_size({"width": 760, "height": height})
        self._sheet.insert_chart(self._line + 1, 0, chart, {"description": title})
        self._line += 2 + height // ROW_HEIGHT

    def _spoken_money(self) -> str:
        """Money as people speak it, as a number format of Excel's."""
        sign = symbol(self._book.currency)
        return f'[>=999500]"{sign}"0.0,,"m";[>=1000]"{sign}"0,"k";"{sign}"0'

    def _say(self, words: str, form: Any) -> None:
        self._sheet.write_string(self._line, 0, cleaned(words), form)
        self._line += 1
