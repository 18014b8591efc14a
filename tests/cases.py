"""Small files whose right reading is known: how they are written, and what must be read of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from workshop import intake
from workshop.intake import Code, Cohort
from workshop.intake.cohort_builder import build_cohort
from workshop.intake.guess import guess
from workshop.intake.layout import Shape
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.reading import Reading


@dataclass(frozen=True)
class Case:
    """A file, and what a right reading says of it.

    `funnel` counts for each stage the leads that came so far, the last one won; `losses` by stage
    and reason, where the file tells them. `said` are cautions that must not be missing. Where
    mean value, currency, period (in days) or shape is None, the case is not about it.
    """

    content: str | bytes
    funnel: Mapping[str, int]
    lost: int
    losses: Mapping[str, Mapping[str, int]] | None = None
    mean_value: float | None = None
    currency: str | None = None
    period_days: int | None = None
    aside: int = 0
    said: Sequence[Code] = ()
    name: str = "export.csv"
    shape: Shape | None = None

    @property
    def open(self) -> int:
        first, *_, won = self.funnel.values()
        return first - won - self.lost


def walked(
    header: str,
    *walks: tuple[int, str],
    delimiter: str = ",",
    written: Callable[[date], str] = date.isoformat,
    lead: str = "L",
) -> str:
    """A history: so many leads each walk through these stages, one every second day.

    A lead begins the day after the one before it; the columns are id, stage and date.
    """
    lines, number = [header], 0
    for leads, stages in walks:
        for _ in range(leads):
            number += 1
            for step, stage in enumerate(stages.split(" > ")):
                day = date(2025, 2, 3) + timedelta(days=number + 2 * step)
                lines.append(delimiter.join([f"{lead}{number:03}", stage, written(day)]))
    return "\n".join([*lines, ""])


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook of one sheet."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def parquet(folder: Path, text: str) -> bytes:
    """The table of a CSV, typed, as a Parquet file."""
    source, path = folder / "table.csv", folder / "table.parquet"
    source.write_text(text, encoding="utf-8")
    duckdb.sql(f"COPY (FROM '{source}') TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


def read_text(folder: Path, content: str | bytes, name: str = "export.csv") -> Reading:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return intake.read(path)


@contextmanager
def cohort_of(case: Case, folder: Path) -> Iterator[Cohort]:
    """The leads behind a reading, for what a reading does not say."""
    path = folder / case.name
    path.write_bytes(case.content.encode() if isinstance(case.content, str) else case.content)
    with LeadDatabase([path]) as database:
        layout = guess(database).layout
        assert layout is not None
        yield build_cohort(database, layout)


def assert_accounted(reading: Reading) -> None:
    """Every row is used or set aside, and every lead is won, lost or open."""
    assert reading.rows_read == reading.rows_used + sum(reading.set_aside.values())
    assert reading.reached[0] == reading.won + reading.lost + reading.open
    assert reading.reached[-1] == reading.won
    assert list(reading.reached) == sorted(reading.reached, reverse=True)


def assert_read(case: Case, folder: Path) -> Reading:
    """Read the file of a case, and compare all that the case tells."""
    reading = read_text(folder, case.content, case.name)
    assert_accounted(reading)
    found = list(zip(reading.stages, reading.reached, strict=True))
    assert found == list(case.funnel.items()), found
    assert (reading.lost, reading.open) == (case.lost, case.open)
    assert sum(reading.set_aside.values()) == case.aside, reading.set_aside
    if case.losses is not None:
        assert {stage: told for stage, told in reading.losses.items() if told} == case.losses
    if case.mean_value is not None:
        assert reading.mean_value == pytest.approx(case.mean_value)
    if case.currency is not None:
        assert reading.currency == case.currency
    if case.period_days is not None:
        assert reading.period_days == case.period_days, reading.period_basis
    if case.shape is not None:
        assert reading.shape is case.shape
    assert not set(case.said) - {caution.code for caution in reading.cautions}
    return reading


def of_cases(cases: Mapping[str, Case]) -> Callable[..., object]:
    """A test for each of the cases, named by what is peculiar about its file."""
    return pytest.mark.parametrize("case", cases.values(), ids=cases)
