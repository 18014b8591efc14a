"""A file of stage counts → a validated funnel, or every problem with it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from workshop.domain.funnel import Funnel
from workshop.intake import counts, crm
from workshop.intake.counts import Loss, Stage
from workshop.intake.header import is_called
from workshop.intake.layout import Field, Layout, Shape
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.problems import IntakeError, Problem, refusal
from workshop.intake.sheet_reader import is_blank
from workshop.intake.sheets import MAX_BYTES, read_sheets
from workshop.intake.workbook import Sheet

File = tuple[str, bytes]
"""The name of an uploaded file, and its content."""

DATA = Path(__file__).parents[2] / "data"


def read_counts(
    path: str | Path,
    *,
    losses: str | Path | None = None,
    deal_value: float = 1.0,
    currency: str = "EUR",
    period_days: int = 365,
) -> Funnel:
    """The funnel in a file on this machine; see `read_upload`."""
    return read_upload(
        *_from_disk(path),
        losses=None if losses is None else _from_disk(losses),
        deal_value=deal_value,
        currency=currency,
        period_days=period_days,
    )


def read_upload(
    name: str,
    content: bytes,
    losses: tuple[str, bytes] | None = None,
    *,
    deal_value: float = 1.0,
    currency: str = "EUR",
    period_days: int = 365,
) -> Funnel:
    """The funnel in an uploaded file: its name, its bytes, and those of a file of losses.

    Without `losses`, the second sheet of a workbook holds them, if there is anything on it.
    Until somebody says what a won deal is worth it is worth 1, so that money reads as won
    deals; the period is a year. Raises IntakeError with all problems.

    >>> funnel = read_upload("funnel.csv", b"Stage;Amount of leads\\nLead;2.000\\nMQL;700\\n")
    >>> funnel.stages, funnel.counts
    (('Lead', 'MQL'), (2000, 700))
    >>> read_upload("funnel.csv", b"stage,count\\nLead,700\\nMQL,many\\n")
    Traceback (most recent call last):
        ...
    workshop.intake.problems.IntakeError: Line 3, column “count”: “many” is not a number. \
Write a whole number from 0 up, such as 700 or 1,234.
    """
    wrong: list[Problem] = []
    sheets = _open(name, content, wrong)
    stages = counts.stages(sheets[0], wrong) if sheets else []

    wrong_losses: list[Problem] = []
    if losses is None:
        loss_sheets = [sheet for sheet in sheets[1:2] if not all(map(is_blank, sheet))]
    else:
        loss_sheets = _open(*losses, wrong_losses)[:1]
    lost = counts.losses(loss_sheets[0], stages, wrong_losses) if loss_sheets else []

    wrong += [replace(problem, message=f"Losses: {problem.message}") for problem in wrong_losses]
    if wrong:
        raise IntakeError(wrong)
    try:
        return _funnel(stages, lost, deal_value, currency, period_days)
    except ValueError as error:
        remedy = "Correct the deal value, the currency or the period."
        raise refusal(f"{error}.", remedy) from error


def is_of_counts(database: LeadDatabase, layout: Layout | None) -> bool:
    """Whether to read files as counts: they are, or they name a count or a stage, and no moment
    at which a lead came or went."""
    if layout is not None:
        return layout.shape is Shape.COUNTS
    named = database.tables[0].columns
    moments = (Field.CREATED_AT, Field.CLOSED_AT)
    if any(crm.name_rank(field, name) is not None for name in named for field in moments):
        return False
    return any(is_called(name, column) for name in named for column in ("stage", "count"))


def in_order(files: Sequence[File], database: LeadDatabase) -> list[File]:
    """The file of the funnel, then those of losses."""

    def is_of_losses(file: File) -> bool:
        return any(
            any(is_called(column, "reason") for column in table.columns)
            for table in database.tables
            if table.name == file[0]
        )

    return sorted(files, key=is_of_losses) if len(files) > 1 else list(files)


@cache
def example() -> Funnel:
    """The worked example of docs/method.md, read from data/example like any other file.

    >>> example().counts
    (2000, 700, 280, 84, 21)
    """
    folder = DATA / "example"
    return read_counts(folder / "funnel.csv", losses=folder / "losses.csv", deal_value=8_000)


def _from_disk(path: str | Path) -> tuple[str, bytes]:
    try:
        with open(path, "rb") as file:
            return Path(path).name, file.read(MAX_BYTES + 1)
    except OSError as error:
        says = f"The file {Path(path).name} cannot be opened."
        raise refusal(says, "Check that it is there and may be read.") from error


def _open(name: str, content: bytes, problems: list[Problem]) -> list[Sheet]:
    try:
        return read_sheets(name, content)
    except IntakeError as error:
        problems += error.problems
        return []


def _funnel(
    stages: list[Stage], lost: list[Loss], deal_value: float, currency: str, period_days: int
) -> Funnel:
    return Funnel.from_counts(
        {row.name: row.count for row in stages if row.name and row.count is not None},
        deal_value=deal_value,
        currency=currency,
        period_days=period_days,
        losses={
            stage.name: {
                row.reason: row.count
                for row in lost
                if row.stage == stage.name and row.reason and row.count is not None
            }
            for stage in stages[:-1]
            if stage.name
        },
        owners={row.name: row.owner for row in stages[:-1] if row.name and row.owner},
        benchmarks={
            row.name: row.benchmark for row in stages[:-1] if row.name and row.benchmark is not None
        },
    )
