"""Documents to print: words and numbers, set by one of the templates beside this module.

A template gets all its data as one string of JSON, and shows every text in it letter by letter:
what people typed never becomes a part of a template. It reads nothing but the templates, and no
network. The letters are those that the typesetter brings along, so that a document looks alike on
every machine; for scripts that these do not have, the machine's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop.wording import figures

if TYPE_CHECKING:
    # The typesetter is loaded with the first document: until then it would only fill the memory.
    import typst

KIND = "Funnel Reality Check"
FONT = "Libertinus Serif"
# Of the same width, for a program that does not have it: the last one is always there.
CHART_FONT = f"{FONT}, Liberation Serif, Liberation Sans"
TEMPLATES = Path(__file__).parent / "templates"
FOR_ALL: typst.PDFStandard = "ua-1"  # a screen reader reads it
MISSING = (
    "Some letters in this document are not known to the machine that made it. They are left blank "
    "or drawn as boxes; a font for their script, installed there, mends that."
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its headings, its rows, the columns of numbers, and the parts of the width.

    A column of width 0 takes what it needs. `has_sum` is whether the last row sums up the others.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    right: Sequence[int] = ()
    has_sum: bool = False

    def __post_init__(self) -> None:
        if any(len(row) != len(self.headings) for row in (*self.rows, self.widths)):
            raise ValueError("a row of the table has another number of cells than its head")


def typeset(
    template: str, title: str, parts: Mapping[str, Any], day: date, *, own_fonts: bool = True
) -> bytes:
    """The document as PDF: tagged, with its language, its title and its fonts in it.

    It is PDF/UA-1, unless the machine does not know all letters in it; then the document says so.
    `own_fonts` is whether the machine's own fonts may be used for what ours do not have.
    """
    given = {
        **parts,
        "kind": KIND,
        "title": title,
        "date": figures.day(day),
        "day": {"year": day.year, "month": day.month, "day": day.day},
    }
    import typst

    fonts = typst.Fonts(include_system_fonts=own_fonts)
    try:
        return _compiled(template, {**given, "missing": ""}, day, fonts, [FOR_ALL])
    except typst.TypstError:
        return _compiled(template, {**given, "missing": MISSING}, day, fonts, [])


def _compiled(
    template: str,
    data: Mapping[str, Any],
    day: date,
    fonts: typst.Fonts,
    standards: list[typst.PDFStandard],
) -> bytes:
    import typst

    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=fonts,
        sys_inputs={"data": json.dumps(data, default=asdict)},
        pdf_standards=standards,
        timestamp=datetime.combine(day, time(), UTC),
    )
