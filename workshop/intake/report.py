"""What became of the rows of an import: how many were used, and which were set aside, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workshop.domain.import_codes import Cause as Cause
from workshop.intake.event_source import READABLE
from workshop.intake.events import Events
from workshop.intake.expressions import OUTLIER
from workshop.intake.journeys import ELSEWHERE
from workshop.intake.layout import Shape

MOST_LISTED = 10_000
"""Of each cause so many rows are listed; all are counted."""


@dataclass(frozen=True, slots=True)
class SetAsideRow:
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
    set_aside_rows: tuple[SetAsideRow, ...] = ()

    @property
    def rows_read(self) -> int:
        return sum(self.files.values())

    @property
    def rows_used(self) -> int:
        return self.rows_read - sum(self.set_aside.values())


def build_report(events: Events, load_events: Callable[[], None]) -> Report:
    """What became of every row of the files that the events come from; a row has one cause."""
    database = events.database
    load_events()
    rows_listed = [
        SetAsideRow(table.name, rejected.line, "", Cause.BROKEN, rejected.message)
        for table in events.tables
        for rejected in table.rejected
    ]
    counts = {Cause.BROKEN: len(rows_listed)}
    database.query("CREATE OR REPLACE TABLE set_aside (source INTEGER, number BIGINT)")
    totals = [(table.name, total) for table in events.tables for total in table.totals]
    rows_listed += [
        SetAsideRow(name, total.line, "", Cause.TOTAL, total.text) for name, total in totals
    ]
    counts[Cause.TOTAL] = len(totals)
    for cause, rows in _candidates(events).items():
        database.query(
            "CREATE OR REPLACE TABLE candidate AS SELECT source, number, "
            f"min(lead)::VARCHAR AS lead, min(says) AS says FROM ({rows}) AS s "
            "ANTI JOIN set_aside USING (source, number) GROUP BY source, number"
        )
        [(counts[cause],)] = database.query("SELECT count(*) FROM candidate")
        if counts[cause]:
            listed = f"SELECT * FROM candidate ORDER BY source, number LIMIT {MOST_LISTED}"
            rows_listed += [_set_aside_row(events, cause, *row) for row in database.query(listed)]
            database.query("INSERT INTO set_aside SELECT source, number FROM candidate")
    return Report(
        {
            table.name: table.rows + len(table.rejected) + len(table.totals)
            for table in events.tables
        },
        {cause: count for cause, count in counts.items() if count},
        tuple(rows_listed),
    )


def _set_aside_row(
    events: Events, cause: Cause, source: int, number: int, lead: object, says: str
) -> SetAsideRow:
    table = events.database.tables[source]
    name = "" if lead is None else str(lead)
    return SetAsideRow(table.name, events.database.line(table, number), name, cause, says or "")


def _candidates(events: Events) -> dict[Cause, str]:
    """The statement for the rows of each cause: `source, number, lead, says`.

    Those that cost a pass over all events are only asked for where there is something to find.
    """

    def rows(says: str, where: str) -> str:
        return f"SELECT source, number, lead, {says} AS says FROM {events.numbered()} WHERE {where}"

    outlying = "0"
    if events.layout.between:
        outlying = f"count(*) FILTER (WHERE moment = {OUTLIER})"
    [(no_lead, unreadable, outliers)] = events.database.query(
        "SELECT count(*) FILTER (WHERE lead IS NULL), "
        f"count(*) FILTER (WHERE NOT {READABLE}), {outlying} FROM {events.dated}"
    )
    won_at = f"t{events.last}"
    [(backwards,)] = events.database.query(f"SELECT count(*) FROM journey WHERE {won_at} < t0")
    candidates = {
        Cause.NO_LEAD: no_lead and rows("stage_text", "lead IS NULL"),
        **{cause: _left_out(events, cause) for cause, _, _ in events.left_out},
        Cause.NOTHING: events.layout.shape is not Shape.HISTORY and _rows_without_events(events),
        Cause.OUTLIER: outliers and rows("moment_text", f"lead IS NOT NULL AND moment = {OUTLIER}"),
        Cause.UNREADABLE: unreadable
        and rows("moment_text", f"lead IS NOT NULL AND NOT {READABLE}"),
        Cause.UNKNOWN_STAGE: events.rows_elsewhere
        and rows("stage_text", f"lead IS NOT NULL AND {READABLE} AND place = {ELSEWHERE}"),
        Cause.DUPLICATE: REPEATED,
        Cause.BACKWARDS: backwards
        and f"""
            SELECT source, number, lead, moment_text AS says FROM usable_event
            WHERE place = {events.last}
            AND lead IN (SELECT lead FROM journey WHERE {won_at} < t0)""",
    }
    return {cause: statement for cause, statement in candidates.items() if statement}


def _left_out(events: Events, cause: Cause) -> str:
    """The rows that are about something else."""
    return " UNION ALL ".join(
        f"SELECT {events.database.tables.index(table)} AS source, raw.{table.number} AS number, "
        f"NULL AS lead, '' AS says FROM {table.source} AS raw WHERE {condition}"
        for one, table, condition in events.left_out
        if one is cause
    )


# The rows that say again what an earlier row has said of the same lead.
REPEATED = f"""
    SELECT source, number, lead, coalesce(stage_text, moment_text) AS says FROM (
        SELECT *, dense_rank() OVER (
            PARTITION BY lead, place, moment ORDER BY source, number) AS time
        FROM usable_event WHERE place <> {ELSEWHERE}
    ) AS times WHERE time > 1"""


def _rows_without_events(events: Events) -> str:
    """The rows that none of the events come from."""
    return " UNION ALL ".join(
        f"SELECT {place} AS source, raw.{table.number} AS number, '' AS lead, '' AS says "
        f"FROM {table.source} AS raw WHERE raw.{table.number} NOT IN (SELECT number "
        f"FROM {events.numbered()} WHERE source = {place} AND place IS NOT NULL)"
        for place, table in enumerate(events.database.tables)
        if table in events.tables
    )
