"""A file of funnel numbers → a validated funnel, or every problem with it at once.

Lead-level files — stage histories, dates of stages, deals — become a `Cohort`, from which a
funnel follows by how it is counted. The simplest file has one row a stage (`stage, count`,
optionally `owner` and `benchmark`), and optionally one row a loss reason (`stage, reason,
count`), as CSV, XLSX or Parquet. An owner, a benchmark and the losses belong to the step that
leaves the stage on whose row they stand; the owner of the last stage is not used. Other columns
are left alone. What a file is, its first bytes say.
"""

from __future__ import annotations

from workshop.intake.caution import Caution, Code, Severity
from workshop.intake.cohort import Cohort
from workshop.intake.cohort_builder import read_history
from workshop.intake.deals import read_deals
from workshop.intake.files import (
    Opened,
    Read,
    close_all,
    start_opening,
    start_opening_again,
    start_reading,
)
from workshop.intake.funnel_file import (
    DATA,
    example,
    in_order,
    is_of_counts,
    read_counts,
    read_upload,
)
from workshop.intake.job import Job
from workshop.intake.problems import IntakeError, Problem
from workshop.intake.reading import Reading, read
from workshop.intake.report import Report
from workshop.intake.sheets import MAX_BYTES

__all__ = [
    "DATA",
    "MAX_BYTES",
    "Caution",
    "Code",
    "Cohort",
    "IntakeError",
    "Job",
    "Opened",
    "Problem",
    "Read",
    "Reading",
    "Report",
    "Severity",
    "close_all",
    "example",
    "in_order",
    "is_of_counts",
    "read",
    "read_counts",
    "read_deals",
    "read_history",
    "read_upload",
    "start_opening",
    "start_opening_again",
    "start_reading",
]
