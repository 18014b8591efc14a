"""What became of the rows of an import: how many were used, and which were set aside, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workshop.domain.import_codes import Cause as Cause

MOST_LISTED = 10_000
"""Of each cause so many rows are listed; all are counted."""


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
