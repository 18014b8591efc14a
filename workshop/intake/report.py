"""What became of the rows of an import: how many were used, and which were set aside, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_LISTED = 10_000
"""Of each cause so many rows are listed; all are counted."""


class Cause(StrEnum):
    """Why a row was set aside."""

    BROKEN = "The cells of the row cannot be told apart."
    TOTAL = "The row is a total or a note under the table, not a lead."
    NO_LEAD = "The row does not say which lead it is about."
    OTHER_PIPELINE = "The row is about another pipeline."
    OTHER_CHANGE = "The row is about a change of something else than the stage."
    NOTHING = "The row says nothing about the funnel: it has no date and no outcome."
    OUTLIER = "The date is far from all others and was left out."
    UNREADABLE = "The date is missing or cannot be read."
    UNKNOWN_STAGE = "The stage is not in the funnel."
    DUPLICATE = "The same lead enters the same stage at the same moment in an earlier row."
    BACKWARDS = "The win is dated before the beginning: it counts as won, its dates are not used."


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that was set aside. Lines count as in a spreadsheet: the header is line 1."""

    file: str
    line: int
    lead: str
    cause: Cause
    says: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of an import: how many each file has, how many were set aside by cause, which."""

    files: Mapping[str, int]
    set_aside: Mapping[Cause, int]
    asides: tuple[Aside, ...] = ()

    @property
    def rows_read(self) -> int:
        return sum(self.files.values())

    @property
    def rows_used(self) -> int:
        return self.rows_read - sum(self.set_aside.values())
