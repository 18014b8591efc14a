"""From files and their layout to a cohort, with an account of every row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from workshop.intake.cohort import Cohort
from workshop.intake.desk import Desk
from workshop.intake.events import UNREADABLE, USABLE, Events
from workshop.intake.journeys import ELSEWHERE, gathered, unpacked
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.problems import refusal
from workshop.intake.report import MOST_LISTED, Aside, Cause, Report

NOTHING_USED = "No row could be used."


def read_leads(paths: Sequence[str | Path], layout: Layout) -> Cohort:
    """The leads of one or more files, read as the layout says. Raises IntakeError."""
    desk = Desk(paths)
    try:
        return gather(desk, layout)
    except BaseException:
        desk.close()
        raise


def gather(desk: Desk, layout: Layout) -> Cohort:
    """The cohort of the files on a desk, which is the cohort's from now on."""
    events = Events(desk, layout)
    stages = len(layout.stages)
    desk.ask(f"CREATE OR REPLACE TABLE leads AS {gathered(stages, events.statement, events.known)}")
    desk.ask(f"CREATE OR REPLACE VIEW journey AS {unpacked(stages, events.known)}")
    report = cache(partial(account, events))
    [(leads,)] = desk.ask("SELECT count(*) FROM journey")
    if not leads:
        causes = " ".join(str(cause) for cause in report().set_aside)
        raise refusal(f"{NOTHING_USED} {causes}".strip(), "Check the columns and the stages.")
    again = partial(tell_again, events)
    return Cohort(desk, layout.stages, events.reasons, events.segments, again, report)


def tell_again(events: Events, which: str) -> None:
    """All events of some of the leads in a table `again`; `which` chooses from the journeys."""
    events.desk.ask(
        "CREATE OR REPLACE TABLE again AS SELECT DISTINCT lead, "
        f"CASE WHEN place < 0 THEN {events.last + 1} ELSE place END AS place, moment "
        f"FROM {events.statement} WHERE moment IS NOT NULL "
        f"AND lead IN (SELECT lead FROM journey WHERE {which})"
    )


# -- the report ------------------------------------------------------------------------------------


def account(events: Events) -> Report:
    """What became of every row of the files that the events come from."""
    desk = events.desk
    desk.ask(
        f"CREATE OR REPLACE TABLE told AS SELECT * FROM {events.numbered} "
        f"WHERE {USABLE} AND lead IN (SELECT lead FROM journey WHERE lead IS NOT NULL)"
    )
    used = [table for table in desk.tables if any(part.table is table for part in events.parts)]
    asides = [
        Aside(table.name, rejected.line, "", Cause.BROKEN, rejected.message)
        for table in used
        for rejected in table.rejected
    ]
    counts = {Cause.BROKEN: len(asides)}
    for cause, rows in suspects(events).items():
        distinct = f"SELECT source, number, min(lead) AS lead, min(says) AS says FROM ({rows}) AS s"
        distinct += " GROUP BY source, number"
        [(counts[cause],)] = desk.ask(f"SELECT count(*) FROM ({distinct}) AS d")
        listed = f"{distinct} ORDER BY source, number LIMIT {MOST_LISTED}"
        asides += [aside(desk, cause, *row) for row in (desk.ask(listed) if counts[cause] else ())]
    return Report(
        {table.name: table.rows + len(table.rejected) for table in used},
        {cause: count for cause, count in counts.items() if count},
        tuple(asides),
    )


def aside(desk: Desk, cause: Cause, source: int, number: int, lead: object, says: str) -> Aside:
    table = desk.tables[source]
    who = "" if lead is None else str(lead)
    return Aside(table.name, desk.line(table, number), who, cause, says or "")


def suspects(events: Events) -> dict[Cause, str]:
    """The statement for the rows of each cause: `source, number, lead, says`.

    Those that cost a pass over all events are only asked for where there is something to find.
    """

    def rows(says: str, where: str) -> str:
        return f"SELECT source, number, lead, {says} AS says FROM {events.numbered} WHERE {where}"

    filled, readable = "lead IS NOT NULL", f"(moment IS NULL OR moment <> {UNREADABLE})"
    [(no_lead, unreadable)] = events.desk.ask(
        "SELECT count(*) FILTER (WHERE lead IS NULL), "
        f"count(*) FILTER (WHERE moment = {UNREADABLE}) FROM {events.dated}"
    )
    [(backwards,)] = events.desk.ask(f"SELECT count(*) FROM journey WHERE t{events.last} < t0")
    told = {
        Cause.NO_LEAD: no_lead and rows("stage_said", "lead IS NULL"),
        Cause.NOTHING: events.layout.shape is not Shape.HISTORY and silent(events),
        Cause.UNREADABLE: unreadable and rows("moment_said", f"{filled} AND moment = {UNREADABLE}"),
        Cause.UNKNOWN_STAGE: events.elsewhere
        and rows("stage_said", f"{filled} AND {readable} AND place = {ELSEWHERE}"),
        Cause.DUPLICATE: REPEATED,
        Cause.BACKWARDS: backwards
        and f"""
            SELECT source, number, lead, moment_said AS says FROM told WHERE place = {events.last}
            AND lead IN (SELECT lead FROM journey WHERE t{events.last} < t0)""",
    }
    return {cause: statement for cause, statement in told.items() if statement}


# The rows that say again what an earlier row has said of the same lead.
REPEATED = f"""
    SELECT source, number, lead, coalesce(stage_said, moment_said) AS says FROM (
        SELECT *, row_number() OVER (
            PARTITION BY lead, place, moment ORDER BY source, number) AS time
        FROM told WHERE place <> {ELSEWHERE}
    ) AS times WHERE time > 1"""


def silent(events: Events) -> str:
    """The rows that none of the events come from."""
    desk = events.desk
    tables = [table for table in desk.tables if any(part.table is table for part in events.parts)]
    return " UNION ALL ".join(
        f"SELECT {desk.tables.index(table)} AS source, raw.{table.number} AS number, "
        f"'' AS lead, '' AS says FROM {table.source} AS raw WHERE raw.{table.number} NOT IN "
        f"(SELECT number FROM {events.numbered} WHERE source = {desk.tables.index(table)} "
        "AND place IS NOT NULL)"
        for table in tables
    )


def read_history(
    path: str | Path | Sequence[str | Path],
    stages: Sequence[str],
    lead: str = "lead",
    stage: str = "stage",
    entered_at: str = "entered_at",
    reason: str | None = None,
    segment: str | None = None,
    value: str | None = None,
    *,
    day_first: bool | None = None,
) -> Cohort:
    """The cohort of a stage history: a row for each stage that a lead has entered.

    `stages` are in order, the last one won; rows of a stage called lost, closed lost or the like
    say that the lead was lost. The other names are those of the file's columns.
    """
    named = {
        Field.LEAD: lead,
        Field.STAGE: stage,
        Field.ENTERED_AT: entered_at,
        Field.REASON: reason,
        Field.SEGMENT: segment,
        Field.VALUE: value,
    }
    columns = {field: column for field, column in named.items() if column}
    layout = Layout(
        Shape.HISTORY, tuple(stages), columns, meanings=LOST_BY_NAME, day_first=day_first
    )
    return read_leads([path] if isinstance(path, str | Path) else path, layout)


LOST_BY_NAME = dict.fromkeys(
    ("lost", "closed lost", "closedlost", "closed-lost", "closed - lost", "disqualified"),
    str(Outcome.LOST),
)
