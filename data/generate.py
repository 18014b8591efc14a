"""Writes the templates and the example funnel: `python data/generate.py`.

The only source of these files; README.md says where every figure comes from.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

EXAMPLE_FUNNEL = [
    ("Lead", 2000, "marketing", "40 %"),
    ("MQL", 700, "both", "38 %"),
    ("SQL", 280, "sales", "35 %"),
    ("Opportunity", 84, "sales", "27 %"),
    ("Won", 21, "", ""),
]
EXAMPLE_LOSSES = [
    ("Lead", "Not our kind of customer", 520),
    ("Lead", "Wrong contact details", 310),
    ("Lead", "Only wanted the download", 210),
    ("MQL", "No follow-up", 210),
    ("MQL", "No budget", 126),
    ("SQL", "Decision maker not reached", 78),
    ("SQL", "Not urgent", 59),
    ("SQL", "Missing feature", 34),
    ("Opportunity", "Lost to a competitor", 24),
    ("Opportunity", "Price", 18),
    ("Opportunity", "No decision", 13),
]
TEMPLATE_FUNNEL = [(stage, "", owner, "") for stage, _, owner, _ in EXAMPLE_FUNNEL]
FUNNEL = {
    "stage": "One row a stage, from the first contact to won.",
    "count": "Everybody who reached this stage in the period.",
    "owner": "Optional: sales, marketing or both. Who answers for the step from this stage "
    "to the next.",
    "benchmark": "Optional: the rate comparable companies reach from this stage to the next, "
    "such as 40 %. Leave it empty for the last stage.",
}
LOSSES = {
    "stage": "The stage that was left: losses between MQL and SQL stand under MQL.",
    "reason": "Why they were lost, one row a reason.",
    "count": "How many were lost for this reason. What no row explains counts as unexplained.",
}

Rows = Sequence[tuple[str | int, ...]]


def write(folder: Path) -> None:
    """Write all files into `folder`/templates and `folder`/example."""
    for name in ("templates", "example"):
        (folder / name).mkdir(exist_ok=True)
    write_csv(folder / "templates/funnel-template.csv", FUNNEL, TEMPLATE_FUNNEL)
    write_csv(folder / "templates/losses-template.csv", LOSSES, [])
    write_csv(folder / "example/funnel.csv", FUNNEL, EXAMPLE_FUNNEL)
    write_csv(folder / "example/losses.csv", LOSSES, EXAMPLE_LOSSES)
    with xlsxwriter.Workbook(folder / "templates/funnel-template.xlsx") as book:
        book.set_properties({"created": datetime(2024, 1, 1)})  # the same bytes every time
        write_sheet(book, "Funnel", FUNNEL, TEMPLATE_FUNNEL)
        write_sheet(book, "Losses", LOSSES, [])


def write_csv(path: Path, header: dict[str, str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def write_sheet(book: xlsxwriter.Workbook, name: str, header: dict[str, str], rows: Rows) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(header) - 1, 22)
    for column, (title, note) in enumerate(header.items()):
        sheet.write_string(0, column, title, bold)
        sheet.write_comment(0, column, note)
    for line, row in enumerate(rows, 1):
        sheet.write_row(line, 0, row)


if __name__ == "__main__":
    write(Path(__file__).parent)
