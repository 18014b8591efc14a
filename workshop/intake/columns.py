"""A column of a file, and what its values may be: dates, numbers, words, outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from workshop.intake import crm
from workshop.intake.amounts import are_amounts
from workshop.intake.dates import Ambiguous, DateFormat, date_format
from workshop.intake.layout import Outcome
from workshop.intake.problems import Problem

# Flags as `squeezed` has them, in the seven languages of data/crm.
TRUE = (
    "true", "1", "yes", "wahr", "ja", "vrai", "oui", "verdadero", "si", "verdadeiro", "sim", "vero",
    "waar",
)  # fmt: skip
FALSE = (
    "false", "0", "no", "falsch", "nein", "faux", "non", "falso", "nao", "onwaar", "nee",
)  # fmt: skip
TICKED = (*TRUE, "x", "✓", "✔", "☑", "✅")
UNTICKED = (*FALSE, "-", "–", "✗", "✘", "☐", "❌")
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
        dates = self.kind == "moment" or not self.filled
        return dates or not isinstance(self.date_format(True), Problem)

    def date_format(self, day_first: bool | None = None) -> DateFormat | Ambiguous | Problem:
        return _date_format(tuple(self.samples), day_first)

    def holds_numbers(self) -> bool:
        return self.kind == "number" or not self.filled or _are_amounts(tuple(self.samples))

    def holds_words(self) -> bool:
        return self.kind == "text" and not (
            self.filled and (self.holds_dates() or self.holds_numbers())
        )

    def holds_ticks(self) -> bool:
        """Whether it says of every row yes or no, or nothing, and yes at least once."""
        said = {text.strip().casefold() for text in self.values}
        return bool(said & {*TICKED}) and said <= {*TICKED, *UNTICKED}

    def holds_outcomes(self) -> bool:
        """Whether it says won, lost or open, or yes and no, and nothing else."""
        return bool(self.values) and all(outcome(text) for text in self.values)


# Each column is asked by many fields whether it could be theirs.
@lru_cache(maxsize=1024)
def _date_format(
    texts: tuple[str, ...], day_first: bool | None
) -> DateFormat | Ambiguous | Problem:
    return date_format(list(dict.fromkeys(texts)), day_first)


@lru_cache(maxsize=1024)
def _are_amounts(texts: tuple[str, ...]) -> bool:
    return are_amounts([text for text in dict.fromkeys(texts) if text.strip()])


def outcome(written: str) -> str | None:
    """WON, Outcome.LOST or Outcome.OPEN where a text or a flag says so."""
    flag = crm.squeezed(written)
    if crm.is_won(written) or flag in TRUE:
        return WON
    if crm.meaning(written) is Outcome.LOST:
        return Outcome.LOST
    return Outcome.OPEN if crm.is_open(written) or flag in FALSE else None


def flags(column: Column | None, rows: int) -> list[bool]:
    return [crm.squeezed(text) in TRUE for text in column.samples] if column else [False] * rows
