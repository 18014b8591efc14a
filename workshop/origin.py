"""Where the numbers of a funnel come from: what was chosen when they were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workshop import figures


@dataclass(frozen=True, slots=True)
class Origin:
    """The files of a funnel and how they were read; a file of counts leaves nothing to choose.

    `meanings` says what each stage as written counts as. `rows_read` and `set_aside` are the
    report of the import, `cautions` what the facilitator was told to beware of. `period` says how
    `period_days` was found, `exchange` what one of each other currency was taken to be worth.
    """

    files: tuple[str, ...]
    shape: str
    columns: Mapping[str, str] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""
    counting: str = ""
    window_days: int | None = None
    basis: str = ""
    settled_days: int | None = None
    segment: str = ""
    rows_read: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()
    period_days: int | None = None
    period: str = ""
    pipeline: str = ""
    exchange: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("files", "stages", "cautions"):  # JSON has lists
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def rows_used(self) -> int:
        return self.rows_read - sum(self.set_aside.values())

    @property
    def sentence(self) -> str:
        """In one line, for the screens.

        >>> Origin(("deals.csv",), "one row a deal", counting="deepest stage",
        ...        basis="open is left out", rows_read=1200, set_aside={"": 3}).sentence
        'deals.csv: 1,197 of 1,200 rows; deepest stage; open is left out'
        """
        said = [", ".join(self.files)]
        if self.rows_read:
            said[0] += f": {figures.count(self.rows_used)} of {figures.count(self.rows_read)} rows"
        window = "" if self.window_days is None else f"within {figures.days(self.window_days)}"
        settled = f" ({self.settled_days})" if self.settled_days is not None else ""
        of_segment = f"only {self.segment}" if self.segment else ""
        basis = f"{self.basis}{settled}" if self.basis else ""
        return "; ".join(filter(None, (*said, of_segment, self.counting, window, basis)))

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """All of it, as pairs of what and its words, for the export."""
        pairs = [("Files", ", ".join(self.files)), ("Read as", self.shape)]
        pairs += [(f"Column: {what}", column) for what, column in self.columns.items()]
        if self.stages:
            pairs.append(("Stages", " → ".join(self.stages)))
        pairs += [(f"“{written}” counts as", means) for written, means in self.meanings.items()]
        pairs += [(f"“{written}” merged into", kept) for written, kept in self.merged.items()]
        if self.dates:
            pairs.append(("Dates", self.dates))
        if self.pipeline:
            pairs.append(("Pipeline", self.pipeline))
        if self.segment:
            pairs.append(("Segment", self.segment))
        if self.period_days is not None:
            pairs.append(("Period", f"{figures.days(self.period_days)}, {self.period}"))
        pairs += [(f"1 {code} is worth", worth) for code, worth in self.exchange.items()]
        if self.counting:
            pairs.append(("Counting", self.counting))
        if self.window_days is not None:
            pairs.append(("Only what happened within", figures.days(self.window_days)))
        if self.basis:
            pairs.append(("Leads still open", self.basis))
        if self.settled_days is not None:
            pairs.append(("Days ignored at the end", figures.days(self.settled_days)))
        if self.rows_read:
            pairs.append(("Rows read", figures.count(self.rows_read)))
            pairs.append(("Rows used", figures.count(self.rows_used)))
        pairs += [
            (f"Set aside: {cause}", figures.count(rows)) for cause, rows in self.set_aside.items()
        ]
        pairs += [("Caution", says) for says in self.cautions]
        return tuple(pairs)
