"""Where the numbers of a funnel come from: what was chosen when they were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workshop.domain.import_codes import Basis, Cause, Counting, Field, PeriodSource, Shape

OF_LEADS, DATE_OF = "leads.", "date."


@dataclass(frozen=True, slots=True)
class Origin:
    """The files of a funnel and how they were read; a file of counts leaves nothing to choose.

    `columns` names the column of each field, by the field's code; OF_LEADS stands before those of
    a table of leads that deals were joined with, DATE_OF before a stage whose dates a column has.
    `meanings` says what each stage as written counts as: one of `stages`, or an Outcome.
    `rows_read` and `set_aside` are the report of the import, `cautions` what the facilitator was
    told to beware of, word for word. `period` says where `period_days` comes from, and `first_day`
    and `last_day` are those that the files speak of; `exchange` is what one of each other currency
    was taken to be worth.

    Takes what JSON has of an origin as well; raises ValueError where a code is none.

    >>> Origin(("deals.csv",), "deals", counting="deepest").counting
    <Counting.DEEPEST: 'deepest'>
    >>> Origin(("deals.csv",), "one row a deal")
    Traceback (most recent call last):
        ...
    ValueError: 'one row a deal' is not a valid Shape
    """

    files: tuple[str, ...]
    shape: Shape
    columns: Mapping[str, str] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    counting: Counting | None = None
    window_days: int | None = None
    basis: Basis | None = None
    settled_days: int | None = None
    segment: str = ""
    rows_read: int = 0
    set_aside: Mapping[Cause, int] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()
    period_days: int | None = None
    period: PeriodSource | None = None
    first_day: date | None = None
    last_day: date | None = None
    pipeline: str = ""
    exchange: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("files", "stages", "cautions"):  # JSON has lists
            self._replace(name, tuple(getattr(self, name)))
        self._replace("shape", Shape(self.shape))
        for name, kind in (("counting", Counting), ("basis", Basis), ("period", PeriodSource)):
            code = getattr(self, name)
            self._replace(name, None if code is None else kind(code))
        for name in ("first_day", "last_day"):
            day = getattr(self, name)
            self._replace(name, date.fromisoformat(day) if isinstance(day, str) else day)
        self._replace("set_aside", {Cause(one): rows for one, rows in self.set_aside.items()})
        for column in self.columns:
            if not column.startswith(DATE_OF):
                Field(column.removeprefix(OF_LEADS))

    def _replace(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    @property
    def rows_used(self) -> int:
        return self.rows_read - sum(self.set_aside.values())
