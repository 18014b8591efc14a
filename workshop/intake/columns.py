"""A column of a file, and what its values may be: dates, numbers, words, outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from workshop.intake import crm
from workshop.intake.amounts import are_amounts
from workshop.intake.cells import key
from workshop.intake.dates import date_format
from workshop.intake.layout import Outcome
from workshop.intake.problems import Problem

TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no")
WON = "Won"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file and some of what it says.

    `samples` are the texts of the same rows in every column of a table, "" where a cell is
    empty. `distinct` counts each value in order of appearance; empty where there are many.
    """

    name: str
    kind: Literal["text", "number", "moment"] = "text"
    samples: Sequence[str] = ()
    distinct: Mapping[str, int] = field(default_factory=dict)

    @property
    def filled(self) -> list[str]:
        return [text for text in self.samples if text.strip()]

    @property
    def values(self) -> list[str]:
        """Its different values, in order of appearance."""
        return [text for text in self.distinct or dict.fromkeys(self.samples) if text.strip()]

    def holds_dates(self) -> bool:
        if self.kind == "moment" or not self.filled:
            return True
        return not isinstance(date_format(self.samples, True), Problem)

    def holds_numbers(self) -> bool:
        return self.kind == "number" or not self.filled or are_amounts(self.filled)

    def holds_words(self) -> bool:
        return self.kind == "text" and not (
            self.filled and (self.holds_dates() or self.holds_numbers())
        )

    def holds_outcomes(self) -> bool:
        """Whether it says won, lost or open, or yes and no, and nothing else."""
        return bool(self.values) and all(outcome(text) for text in self.values)


def outcome(written: str) -> str | None:
    """WON, Outcome.LOST or Outcome.OPEN where a text or a flag says so."""
    text = key(written)
    if crm.is_won(text) or text in TRUE:
        return WON
    if crm.meaning(text) is Outcome.LOST:
        return Outcome.LOST
    return Outcome.OPEN if crm.is_open(text) or text in FALSE else None


def flags(column: Column | None, rows: int) -> list[bool]:
    return [key(text) in TRUE for text in column.samples] if column else [False] * rows
