"""How lead-level files are laid out: their shape, what each column says, which stages there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workshop.domain.checks import TITLE_LENGTH, refuse_text
from workshop.domain.import_codes import Field as Field
from workshop.domain.import_codes import Outcome as Outcome
from workshop.domain.import_codes import Shape as Shape
from workshop.domain.text import cleaned
from workshop.intake.cells import key


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file, or two that belong together, are to be read.

    `stages` are the funnel's, in order, the last one won. `meanings` says what a stage (or
    status) means by `key()` of how it is written: one of `stages`, or an Outcome; a stage that
    it leaves out means itself where it is one of `stages`, and is set aside otherwise.
    `dates` names the date column of each stage of a file of shape DATES. `merged` says for
    reasons and segments which spelling stands for which other one.

    Where no column is the LEAD, every row is a lead of its own. `pipeline` is the one of several
    whose rows are read, `currency` the one in which deal values count, `exchange` what one of
    another currency is worth in it. `first_touch` are the columns (LEAD, CREATED_AT, and perhaps
    SEGMENT and others) of a table of leads that a file of deals is joined with on LEAD; its rows
    enter the first stage.
    Moments before or after the days of `between` are set aside.
    `day_first` says how 03/04/2026 is meant; None where the dates tell it themselves.
    """

    shape: Shape
    stages: tuple[str, ...]
    columns: Mapping[Field, str]
    meanings: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[Field, Mapping[str, str]] = field(default_factory=dict)
    first_touch: Mapping[Field, str] = field(default_factory=dict)
    day_first: bool | None = None
    pipeline: str | None = None
    between: tuple[date, date] | None = None
    currency: str | None = None
    exchange: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Columns keep the names that their file gives them; those are what it is asked by.
        dates = {cleaned(stage): column for stage, column in self.dates.items()}
        if len(dates) < len(self.dates):
            raise ValueError(f"a stage has two dates: {', '.join(self.dates)}")
        meanings = {written: cleaned(means) for written, means in self.meanings.items()}
        object.__setattr__(self, "stages", tuple(map(cleaned, self.stages)))
        object.__setattr__(self, "dates", dates)
        object.__setattr__(self, "meanings", meanings)
        for stage in self.stages:
            refuse_text("a stage", stage, TITLE_LENGTH)
        if len(self.stages) < 2:
            raise ValueError(f"there are {len(self.stages)} stages; a funnel needs at least 2")
        if len(set(map(key, self.stages))) < len(self.stages):
            raise ValueError(f"a stage occurs twice: {', '.join(self.stages)}")
