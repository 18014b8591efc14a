"""The codes of an import in words, for screens, exports and reports; where numbers come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from workshop.domain.import_codes import Basis, Cause, Counting, Field, Outcome, PeriodSource, Shape
from workshop.domain.origin import DATE_OF, OF_LEADS, Origin
from workshop.wording import figures

SHAPES: Mapping[Shape, str] = MappingProxyType(
    {
        Shape.COUNTS: "one row a stage, with a count",
        Shape.HISTORY: "one row for each stage that a lead has entered",
        Shape.DATES: "one row a lead, with a date for each stage",
        Shape.DEALS: "one row a deal, with its stage or its outcome",
    }
)
FIELDS: Mapping[Field, str] = MappingProxyType(
    {
        Field.LEAD: "lead",
        Field.STAGE: "stage",
        Field.ENTERED_AT: "entered at",
        Field.CREATED_AT: "created at",
        Field.CLOSED_AT: "closed at",
        Field.STATUS: "won, lost or open",
        Field.REASON: "reason",
        Field.WON_REASON: "reason of a win",
        Field.SEGMENT: "segment",
        Field.OWNER: "owner",
        Field.VALUE: "deal value",
        Field.CURRENCY: "currency",
        Field.PIPELINE: "pipeline",
        Field.PROBABILITY: "probability of winning",
        Field.CHANGED_FIELD: "which field changed",
        Field.OLD_STAGE: "stage before",
    }
)
OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {Outcome.LOST: "lost", Outcome.OPEN: "open", Outcome.LEFT_OUT: "left out"}
)
COUNTINGS: Mapping[Counting, str] = MappingProxyType(
    {
        Counting.DEEPEST: "the deepest stage reached",
        Counting.ORDERED: "the stages in order",
        Counting.STRICT: "strictly one after the other",
        Counting.ANY: "in any order",
    }
)
BASES: Mapping[Basis, str] = MappingProxyType(
    {
        Basis.NAIVE: "open counts as lost",
        Basis.CLOSED_ONLY: "open is left out",
        Basis.CORRECTED: "corrected for open",
        Basis.SETTLED: "the last days are ignored",
    }
)
CAUSES: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.BROKEN: "The cells of the row cannot be told apart.",
        Cause.TOTAL: "The row is a total or a note under the table, not a lead.",
        Cause.NO_LEAD: "The row does not say which lead it is about.",
        Cause.OTHER_PIPELINE: "The row is about another pipeline.",
        Cause.OTHER_CHANGE: "The row is about a change of something else than the stage.",
        Cause.NOTHING: "The row says nothing about the funnel: it has no date and no outcome.",
        Cause.OUTLIER: "The date is far from all others and was left out.",
        Cause.UNREADABLE: "The date is missing or cannot be read.",
        Cause.UNKNOWN_STAGE: "The stage is not in the funnel.",
        Cause.DUPLICATE: (
            "The same lead enters the same stage at the same moment in an earlier row."
        ),
        Cause.BACKWARDS: (
            "The win is dated before the beginning: it counts as won, its dates are not used."
        ),
    }
)
PERIODS: Mapping[PeriodSource, str] = MappingProxyType(
    {
        PeriodSource.ENTERED: "the days on which leads came in",
        PeriodSource.CLOSED: "the days on which deals were closed",
        PeriodSource.ASSUMED: "not in the file: a year is assumed",
        PeriodSource.AS_BEFORE: "not in the file: the same as before",
        PeriodSource.CHOSEN: "chosen by hand",
    }
)


def how_long(source: PeriodSource, first: date | None, last: date | None) -> str:
    """How the length of a period was found, with its days where the files speak of them.

    >>> how_long(PeriodSource.ENTERED, date(2025, 1, 1), date(2025, 12, 31))
    'from 1 January to 31 December 2025: the days on which leads came in'
    """
    when = f"{figures.dates(first, last)}: " if first and last else ""
    return f"{when}{PERIODS[source]}"


def in_one_line(origin: Origin) -> str:
    """Where numbers come from, for the screens.

    >>> in_one_line(Origin(("deals.csv",), Shape.DEALS, counting=Counting.DEEPEST,
    ...     basis=Basis.CLOSED_ONLY, rows_read=1200, set_aside={Cause.NO_LEAD: 3}))
    'deals.csv: 1,197 of 1,200 rows; the deepest stage reached; open is left out'
    """
    said = [", ".join(origin.files)]
    if origin.rows_read:
        said[0] += f": {figures.count(origin.rows_used)} of {figures.count(origin.rows_read)} rows"
    if origin.segment:
        said.append(f"only {origin.segment}")
    if origin.counting is not None:
        said.append(COUNTINGS[origin.counting])
    if origin.window_days is not None:
        said.append(f"within {figures.days(origin.window_days)}")
    if origin.basis is not None:
        settled = f" ({origin.settled_days})" if origin.settled_days is not None else ""
        said.append(f"{BASES[origin.basis]}{settled}")
    return "; ".join(said)


def in_full(origin: Origin) -> tuple[tuple[str, str], ...]:
    """All of it, as pairs of what and its words, for the export."""
    pairs = [("Files", ", ".join(origin.files)), ("Read as", SHAPES[origin.shape])]
    pairs += [(f"Column: {_column(key)}", column) for key, column in origin.columns.items()]
    if origin.stages:
        pairs.append(("Stages", " → ".join(origin.stages)))
    pairs += [
        (f"“{written}” counts as", _meaning(means, origin.stages))
        for written, means in origin.meanings.items()
    ]
    pairs += [(f"“{written}” merged into", kept) for written, kept in origin.merged.items()]
    if origin.day_first is not None:
        pairs.append(("Dates", "day first" if origin.day_first else "month first"))
    if origin.pipeline:
        pairs.append(("Pipeline", origin.pipeline))
    if origin.segment:
        pairs.append(("Segment", origin.segment))
    if origin.period_days is not None and origin.period is not None:
        how = how_long(origin.period, origin.first_day, origin.last_day)
        pairs.append(("Period", f"{figures.days(origin.period_days)}, {how}"))
    pairs += [(f"1 {code} is worth", worth) for code, worth in origin.exchange.items()]
    if origin.counting is not None:
        pairs.append(("Counting", COUNTINGS[origin.counting]))
    if origin.window_days is not None:
        pairs.append(("Only what happened within", figures.days(origin.window_days)))
    if origin.basis is not None:
        pairs.append(("Leads still open", BASES[origin.basis]))
    if origin.settled_days is not None:
        pairs.append(("Days ignored at the end", figures.days(origin.settled_days)))
    if origin.rows_read:
        pairs.append(("Rows read", figures.count(origin.rows_read)))
        pairs.append(("Rows used", figures.count(origin.rows_used)))
    pairs += [
        (f"Set aside: {CAUSES[cause]}", figures.count(rows))
        for cause, rows in origin.set_aside.items()
    ]
    pairs += [("Caution", says) for says in origin.cautions]
    return tuple(pairs)


def _column(key: str) -> str:
    """What a column says, by its key in `Origin.columns`.

    >>> _column("entered_at"), _column("leads.segment"), _column("date.SQL")
    ('entered at', 'segment, of the leads', 'date of SQL')
    """
    if key.startswith(DATE_OF):
        return f"date of {key.removeprefix(DATE_OF)}"
    words = FIELDS[Field(key.removeprefix(OF_LEADS))]
    return f"{words}, of the leads" if key.startswith(OF_LEADS) else words


def _meaning(means: str, stages: Sequence[str]) -> str:
    return means if means in stages or means not in set(Outcome) else OUTCOMES[Outcome(means)]
