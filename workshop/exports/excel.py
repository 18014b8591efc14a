"""An Excel workbook, one sheet a table, ready to be read, filtered and printed."""

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


class Book:
    """A workbook that grows sheet by sheet; all its money is in one currency."""

    def __init__(self, currency: str) -> None:
        self._file = BytesIO()
        self._book = xlsxwriter.Workbook(self._file, OPTIONS)
        self._currency = currency
        self._heading = self._book.add_format(
            TOP | {"bold": True, "bg_color": "#DDE3E8", "font_color": "#000000", "bottom": 1}
        )
        formats: dict[Kind, dict[str, Any]] = {
            # the quote prefix is Excel's own mark of a text that must not become a formula
            Kind.TEXT: {"quote_prefix": True},
            Kind.WHOLE: {"num_format": "#,##0"},
            Kind.MONEY: {"num_format": f'"{symbol(currency)}"#,##0'},
            Kind.SHARE: {"num_format": "0.0%"},
            Kind.DAYS: {"num_format": "#,##0.0"},
            Kind.DATE: {"num_format": "d mmm yyyy", "align": "left"},
        }
        self._formats = {kind: self._book.add_format(TOP | f) for kind, f in formats.items()}

    def sheet(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> Worksheet:
        """A sheet that begins with this table, to be filtered by every column.

        It prints in landscape, one page wide, its headings on top of every page.
        """
        sheet = self._book.add_worksheet(name)
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
            heading = column.heading.format(currency=self._currency)
            sheet.write_string(top, place, heading, self._heading)
        for line, row in enumerate(rows, start=top + 1):
            for place, column in enumerate(columns):
                self._write(sheet, line, place, row[column.name], column.kind or row["kind"])

    def content(self) -> bytes:
        """The finished file; nothing can be added after."""
        self._book.close()
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
