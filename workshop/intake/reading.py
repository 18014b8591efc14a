"""Files, as the upload screens read them while nobody corrects a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop.domain.import_codes import Counting
from workshop.intake.caution import Caution, Code
from workshop.intake.cohort import Cohort
from workshop.intake.cohort_builder import build_cohort
from workshop.intake.funnel_file import File, in_order, is_of_counts, read_upload
from workshop.intake.guess import guess
from workshop.intake.layout import Layout, Shape
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.lead_groups import LOST, OPEN, WON
from workshop.intake.period import PeriodBasis
from workshop.intake.plausibility import cautions
from workshop.intake.problems import IntakeError, Problem
from workshop.intake.report import Cause

YEAR_ASSUMED = Caution(
    Code.PERIOD_UNKNOWN,
    "A file of counts does not say how long they cover: a year is assumed.",
    "Say how long they cover.",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What files say of a funnel.

    `stages` are in order, the last one won; `reached` counts for each the leads that came so far or
    farther, so that reached[0] == won + lost + open. `losses` counts by stage and reason the lost
    leads whose reason is known, at the last stage they reached. rows_read == rows_used + the sum of
    `set_aside`. `mean_value` is that of the won deals in `currency`, both None where the files do
    not say. `period_basis` says how the period was found.
    """

    shape: Shape
    stages: tuple[str, ...]
    reached: tuple[int, ...]
    won: int
    lost: int
    open: int
    losses: Mapping[str, Mapping[str, int]]
    rows_read: int
    rows_used: int
    set_aside: Mapping[Cause, int]
    cautions: list[Caution]
    mean_value: float | None
    currency: str | None
    period_days: int
    period_basis: PeriodBasis


def read(*paths: str | Path) -> Reading:
    """Read files exactly as the upload screens do when nobody corrects a guess.

    Raises IntakeError where they cannot be read, or where somebody would have to be asked first.
    """
    with LeadDatabase(paths) as database:
        found = guess(database)
        if is_of_counts(database, found.layout):
            return _counts(database, [(Path(path).name, Path(path).read_bytes()) for path in paths])
        if found.layout is None:
            remedy = "Name the columns that say which lead, which stage and when."
            raise IntakeError([Problem(None, None, one.message, remedy) for one in found.cautions])
        cohort = build_cohort(database, found.layout)
        return reading_of(cohort, found.layout, [*found.cautions, *cautions(cohort)])


def reading_of(cohort: Cohort, layout: Layout, beware: list[Caution]) -> Reading:
    """What a cohort says, counted by the deepest stage."""
    groups = cohort.groups(Counting.DEEPEST, None)
    report = cohort.report
    return Reading(
        layout.shape,
        cohort.stages,
        groups.reached(len(cohort.stages)),
        groups.with_outcome(WON).leads,
        groups.with_outcome(LOST).leads,
        groups.with_outcome(OPEN).leads,
        {
            stage: groups.left_after(place).reasons_for(LOST)
            for place, stage in enumerate(cohort.stages[:-1])
        },
        report.rows_read,
        report.rows_used,
        report.set_aside,
        beware,
        cohort.mean_value(),
        layout.currency,
        cohort.period.days,
        cohort.period.basis,
    )


def _counts(database: LeadDatabase, files: Sequence[File]) -> Reading:
    """What counts of stages say: who did not go on is lost."""
    of_funnel, *of_losses = in_order(files, database)
    funnel = read_upload(*of_funnel, losses=of_losses[0] if of_losses else None)
    rows = sum(table.rows for table in database.tables)
    first, *_, won = funnel.counts
    return Reading(
        Shape.COUNTS,
        funnel.stages,
        funnel.counts,
        won,
        first - won,
        0,
        {step.source: dict(step.losses) for step in funnel.steps},
        rows,
        rows,
        {},
        [YEAR_ASSUMED],
        None,
        None,
        funnel.period_days,
        PeriodBasis.ASSUMED,
    )
