"""Exports of a CRM → a cohort; what nobody says of them is recognised by their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workshop.intake.cells import key
from workshop.intake.cohort import Cohort
from workshop.intake.cohort_builder import build_cohort
from workshop.intake.guess import guess
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.problems import IntakeError, Problem


def read_deals(
    path: str | Path | Sequence[str | Path],
    *,
    deal: str | None = None,
    stage: str | None = None,
    status: str | None = None,
    created_at: str | None = None,
    closed_at: str | None = None,
    value: str | None = None,
    reason: str | None = None,
    segment: str | None = None,
    leads: str | Path | None = None,
    stages: Sequence[str] | None = None,
    day_first: bool | None = None,
) -> Cohort:
    """The cohort of an export of deals, or of any other lead-level files.

    `leads` is the file of the leads that the deals came from. The other names are those of
    columns; what is not said is recognised by the columns' names and values. `stages` are the
    funnel's, in order, the last one won; `day_first` says how 03/04/2026 is meant. Raises
    IntakeError.
    """
    named = {
        Field.LEAD: deal,
        Field.STAGE: stage,
        Field.STATUS: status,
        Field.CREATED_AT: created_at,
        Field.CLOSED_AT: closed_at,
        Field.VALUE: value,
        Field.REASON: reason,
        Field.SEGMENT: segment,
    }
    paths = [path] if isinstance(path, str | Path) else list(path)
    database = LeadDatabase([*paths, *([leads] if leads else [])])
    try:
        layout = _layout(database, {field: name for field, name in named.items() if name})
        if stages is not None:
            layout = _with_stages(layout, stages)
        if day_first is not None:
            layout = replace(layout, day_first=day_first)
        return build_cohort(database, layout)
    except BaseException:
        database.close()
        raise


def _layout(database: LeadDatabase, named: dict[Field, str]) -> Layout:
    there = {name for table in database.tables for name in table.columns}
    unknown = [
        Problem(1, name, f"There is no column “{name}”.", "Name one that the file has.")
        for name in named.values()
        if name not in there
    ]
    if unknown:
        raise IntakeError(unknown)
    found = guess(database, named)
    if found.layout is None:
        remedy = "Name the columns that say which lead, which stage and when."
        raise IntakeError([Problem(1, None, one.message, remedy) for one in found.cautions])
    if found.layout.shape is Shape.COUNTS:
        says = "The file holds counts of stages, not leads or deals."
        raise IntakeError([Problem(1, None, says, "Read it as counts.")])
    return found.layout


def _with_stages(layout: Layout, stages: Sequence[str]) -> Layout:
    """The layout with these stages; a win is the last of them, others are not the funnel's."""
    last = {key(layout.stages[-1]): stages[-1]}
    known = {key(stage): stage for stage in stages} | {key(one): one for one in Outcome}
    meanings = {
        text: (last | known).get(key(means), Outcome.LEFT_OUT)
        for text, means in layout.meanings.items()
        if text not in known
    }
    dates = {
        stage: column
        for name, column in layout.dates.items()
        if (stage := (last | known).get(key(name)))
    }
    return replace(layout, stages=tuple(stages), meanings=meanings, dates=dates)
