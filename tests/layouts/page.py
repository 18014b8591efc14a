"""docs/layouts.md, written from the registries: `python -m tests.layouts.page` writes it anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.layouts import LAYOUTS
from tests.layouts.defects import DEFECTS
from tests.layouts.layout import Layout
from workshop.wording.import_words import SHAPES

PAGE = Path(__file__).parents[2] / "docs" / "layouts.md"
ABOVE = """# Layouts that are read

One pipeline whose truth is known is written in each of these layouts, and what is read from the
files is compared with the truth (`tests/unit/test_layouts.py`). All names and figures are invented;
columns, their order and their words are those of the programs. What a file does not carry is not
compared: an export that moves every lost deal to "Closed Lost" cannot say where it was lost, so
it tells only created → won. The page is written from the tests: `python -m tests.layouts.page`.

"""
BELOW = """
## What cannot be read right

These files have lost something that nobody can bring back. Reading them is refused, or a caution
names the matter.

"""


def row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return row(header) + row("---" for _ in header) + "".join(map(row, rows))


def layout_row(layout: Layout) -> Sequence[str]:
    form = layout.format
    numbers = form.numbers if layout.carries.value else "—"
    return (
        layout.name,
        layout.says,
        layout.words.language,
        form.file,
        form.dates,
        numbers,
        SHAPES[layout.shape],
        str(layout.carries),
    )


def page() -> str:
    header = ("layout", "what it is", "language", "file", "dates", "numbers", "read as", "compared")
    defects = [(defect.name, defect.says) for defect in DEFECTS.values()]
    return (
        ABOVE
        + table(header, map(layout_row, LAYOUTS.values()))
        + BELOW
        + table(("file", "what it has lost"), defects)
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
