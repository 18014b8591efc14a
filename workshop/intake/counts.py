"""Sheets of counts → the stages and losses of a funnel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from workshop.domain.people import Owner
from workshop.intake import cells
from workshop.intake.cells import Cell, key, quoted
from workshop.intake.problems import Problem
from workshop.intake.sheet_reader import Table
from workshop.intake.workbook import COUNT_FIRST, Sheet

MAX_STAGES = 50
MAX_REASONS = 200  # a stage


@dataclass(frozen=True, slots=True)
class Stage:
    """A row of the funnel; None where a cell is empty or wrong."""

    line: int
    name: str | None
    count: int | None
    owner: Owner | None
    benchmark: float | None


@dataclass(frozen=True, slots=True)
class Loss:
    """A row of the losses; None where a cell is empty or wrong."""

    line: int
    stage: str | None
    reason: str | None
    count: int | None


def stages(sheet: Sheet, problems: list[Problem]) -> list[Stage]:
    """The stages of a funnel in order; adds what is wrong with them to `problems`."""
    table = Table(sheet, ("stage", "count"), ("owner", "benchmark"), problems)
    if len(table.records) > MAX_STAGES:
        line, _ = table.records[MAX_STAGES]
        table.refuse(line, "stage", f"There are more than {MAX_STAGES} stages.", COUNT_FIRST)
        return []
    table.refuse_long_rows()
    found = [
        Stage(
            line,
            table.read(line, row, "stage", cells.name),
            table.read(line, row, "count", cells.count),
            table.read(line, row, "owner", cells.owner),
            table.read(line, row, "benchmark", cells.rate),
        )
        for line, row in table.records
    ]
    _refuse_repeated_stages(found, table)
    _refuse_growth(found, table)
    _refuse_early_end(found, table)
    return found


def losses(sheet: Sheet, funnel: list[Stage], problems: list[Problem]) -> list[Loss]:
    """The losses of a funnel; adds what is wrong with them to `problems`.

    A sheet with a header alone says that no reasons are known.
    """
    table = Table(sheet, ("stage", "reason", "count"), (), problems)
    table.refuse_long_rows()
    names = ", ".join(quoted(stage.name) for stage in funnel[:-1] if stage.name)
    remedy = f"Name the stage that the losses left: {names}." if names else None
    found = [
        Loss(
            line,
            table.read(line, row, "stage", _stage_left(funnel), remedy),
            table.read(line, row, "reason", cells.name),
            table.read(line, row, "count", cells.count),
        )
        for line, row in table.records
    ]
    for stage, after in pairwise(funnel):
        here = [loss for loss in found if loss.stage == stage.name]
        _refuse_repeated_reasons(here, table)
        if stage.count is not None and after.count is not None:
            _refuse_excess(here, stage.count - after.count, table)
    return found


def _stage_left(funnel: list[Stage]) -> Callable[[Cell], str]:
    """Reads the name of a stage that people move on from, as the funnel writes it."""
    names = {key(stage.name): stage.name for stage in funnel if stage.name}
    last = funnel[-1].name if funnel else None

    def parse(cell: Cell) -> str:
        name = cells.name(cell)
        if not names:
            return name
        if key(name) not in names:
            raise ValueError(f"{quoted(name)} is not a stage of the funnel")
        if names[key(name)] == last:
            raise ValueError(f"Nobody moves on from {quoted(name)}, so nothing is lost there")
        return names[key(name)]

    return parse


def _refuse_repeated_stages(found: list[Stage], table: Table) -> None:
    seen: dict[str, int] = {}
    for stage in found:
        if stage.name is None:
            continue
        first = seen.setdefault(key(stage.name), stage.line)
        if first != stage.line:
            says = f"The stage {quoted(stage.name)} is already on line {first}."
            table.refuse(stage.line, "stage", says, "Rename one of the two, or delete it.")


def _refuse_growth(found: list[Stage], table: Table) -> None:
    counts = [(stage.line, stage.count) for stage in found if stage.count is not None]
    for (before, larger), (line, count) in pairwise(counts):
        if count > larger:
            says = f"{count:,} is more than the {larger:,} on line {before}."
            remedy = "Order the stages from first to last and count everybody who reached them."
            table.refuse(line, "count", says, remedy)


def _refuse_early_end(found: list[Stage], table: Table) -> None:
    if len(found) < 2:
        says = "There is only 1 stage." if found else "There are no stages."
        remedy = "Write two or more, one row each, from the first contact to won."
        table.refuse(None, "stage", says, remedy)
    elif found[-1].benchmark is not None:
        says = "Nobody moves on from the last stage, so it has no benchmark."
        remedy = "A benchmark stands beside the stage that is left: move them all one row up."
        table.refuse(found[-1].line, "benchmark", says, remedy)


def _refuse_repeated_reasons(here: list[Loss], table: Table) -> None:
    seen: dict[str, int] = {}
    for loss in here:
        if loss.reason is None:
            continue
        first = seen.setdefault(key(loss.reason), loss.line)
        if first != loss.line:
            says = f"The reason {quoted(loss.reason)} is already on line {first}."
            table.refuse(loss.line, "reason", says, "Add the two up in one row.")
    if len(seen) > MAX_REASONS:
        says = f"{quoted(here[0].stage or '')} has more than {MAX_REASONS} reasons."
        table.refuse(here[0].line, "reason", says, "Put the rare ones together as “Other”.")


def _refuse_excess(here: list[Loss], lost: int, table: Table) -> None:
    explained = 0
    for loss in here:
        before, explained = explained, explained + (loss.count or 0)
        if before <= lost < explained:
            says = f"The losses of {quoted(loss.stage or '')} add up to {explained:,} here."
            remedy = f"Only {lost:,} were lost there: correct the losses or the funnel."
            table.refuse(loss.line, "count", says, remedy)
