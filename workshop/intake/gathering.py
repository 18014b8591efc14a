"""From files and their layout to a cohort, with an account of every row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

from workshop.intake.cohort import Cohort
from workshop.intake.desk import Desk
from workshop.intake.events import READABLE, USABLE, Events
from workshop.intake.expressions import OUTLIER
from workshop.intake.journeys import ELSEWHERE, gathered, stage_known, unpacked, word_of
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.problems import refusal
from workshop.intake.report import MOST_LISTED, Aside, Cause, Report
from workshop.wording.import_words import CAUSES

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
    desk.ask(f"CREATE OR REPLACE TABLE gathered AS {gathered(stages, events.usable, events.known)}")
    desk.ask("CREATE OR REPLACE VIEW leads AS SELECT * FROM gathered")
    names_stages = desk.ask(
        f"SELECT 1 FROM leads WHERE {stage_known(stages, events.known)} LIMIT 1"
    )
    desk.ask(f"CREATE OR REPLACE VIEW journey AS {unpacked(stages, events.known)}")
    read_again = cache(partial(tell_again, events))
    report = cache(partial(account, events, read_again))
    if not names_stages:
        causes = " ".join(CAUSES[cause] for cause in report().set_aside)
        raise refusal(f"{NOTHING_USED} {causes}".strip(), "Check the columns and the stages.")
    if not events.known.words and desk.ask("SELECT 1 FROM leads WHERE lead IS NOT NULL LIMIT 1"):
        read_again()
    return Cohort(desk, layout.stages, events.reasons, events.segments, read_again, report)


def tell_again(events: Events) -> None:
    """All events of the leads whose first moments do not tell the whole story.

    What their rows say is in `told`, their distinct events in `again`; `leads` gets their last word
    where it is the last of their moments.
    """
    desk = events.desk
    desk.ask("CREATE OR REPLACE TABLE named AS SELECT lead FROM leads WHERE lead IS NOT NULL")
    # What can be used is chosen among their rows, not before: dates are slow to read.
    desk.ask(f"CREATE OR REPLACE TABLE theirs AS SELECT * FROM {events.numbered(of='named')}")
    desk.ask(f"CREATE OR REPLACE VIEW told AS SELECT * FROM theirs WHERE {USABLE}")
    if not events.known.words:
        # Beside the others: to change so many rows takes longer than to gather all of them.
        desk.ask(
            "CREATE OR REPLACE TABLE corrected AS "
            "SELECT gathered.* REPLACE (said.word AS last_word) FROM gathered JOIN (SELECT lead, "
            f"max({word_of('moment', events.last + 1)}) AS word FROM told GROUP BY lead) AS said "
            "ON said.lead = gathered.lead"
        )
        desk.ask(
            "CREATE OR REPLACE VIEW leads AS SELECT * FROM gathered WHERE lead IS NULL "
            "UNION ALL SELECT * FROM corrected"
        )
    desk.ask(
        "CREATE OR REPLACE TABLE again AS SELECT DISTINCT lead, "
        f"CASE WHEN place < 0 THEN {events.last + 1} ELSE place END AS place, moment "
        f"FROM told WHERE moment IS NOT NULL AND NOT (place = {events.last} AND lead IN ("
        f"SELECT lead FROM journey WHERE lead IS NOT NULL AND deepest <= {events.last}))"
    )


# -- the report ------------------------------------------------------------------------------------


def account(events: Events, read_again: Callable[[], None]) -> Report:
    """What became of every row of the files that the events come from; a row has one cause."""
    desk = events.desk
    read_again()
    asides = [
        Aside(table.name, rejected.line, "", Cause.BROKEN, rejected.message)
        for table in events.tables
        for rejected in table.rejected
    ]
    counts = {Cause.BROKEN: len(asides)}
    desk.ask("CREATE OR REPLACE TABLE aside (source INTEGER, number BIGINT)")
    totals = [(table.name, total) for table in events.tables for total in table.totals]
    asides += [Aside(name, total.line, "", Cause.TOTAL, total.text) for name, total in totals]
    counts[Cause.TOTAL] = len(totals)
    for cause, rows in suspects(events).items():
        desk.ask(
            "CREATE OR REPLACE TABLE suspect AS SELECT source, number, min(lead)::VARCHAR AS lead, "
            f"min(says) AS says FROM ({rows}) AS s ANTI JOIN aside USING (source, number) "
            "GROUP BY source, number"
        )
        [(counts[cause],)] = desk.ask("SELECT count(*) FROM suspect")
        if counts[cause]:
            listed = f"SELECT * FROM suspect ORDER BY source, number LIMIT {MOST_LISTED}"
            asides += [aside(desk, cause, *row) for row in desk.ask(listed)]
            desk.ask("INSERT INTO aside SELECT source, number FROM suspect")
    return Report(
        {
            table.name: table.rows + len(table.rejected) + len(table.totals)
            for table in events.tables
        },
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
        return f"SELECT source, number, lead, {says} AS says FROM {events.numbered()} WHERE {where}"

    outlying = "0"
    if events.layout.between:
        outlying = f"count(*) FILTER (WHERE moment = {OUTLIER})"
    [(no_lead, unreadable, outliers)] = events.desk.ask(
        "SELECT count(*) FILTER (WHERE lead IS NULL), "
        f"count(*) FILTER (WHERE NOT {READABLE}), {outlying} FROM {events.dated}"
    )
    won_at = f"t{events.last}"
    [(backwards,)] = events.desk.ask(f"SELECT count(*) FROM journey WHERE {won_at} < t0")
    told = {
        Cause.NO_LEAD: no_lead and rows("stage_said", "lead IS NULL"),
        **{cause: left_out(events, cause) for cause, _, _ in events.left_out},
        Cause.NOTHING: events.layout.shape is not Shape.HISTORY and silent(events),
        Cause.OUTLIER: outliers and rows("moment_said", f"lead IS NOT NULL AND moment = {OUTLIER}"),
        Cause.UNREADABLE: unreadable
        and rows("moment_said", f"lead IS NOT NULL AND NOT {READABLE}"),
        Cause.UNKNOWN_STAGE: events.elsewhere
        and rows("stage_said", f"lead IS NOT NULL AND {READABLE} AND place = {ELSEWHERE}"),
        Cause.DUPLICATE: REPEATED,
        Cause.BACKWARDS: backwards
        and f"""
            SELECT source, number, lead, moment_said AS says FROM told WHERE place = {events.last}
            AND lead IN (SELECT lead FROM journey WHERE {won_at} < t0)""",
    }
    return {cause: statement for cause, statement in told.items() if statement}


def left_out(events: Events, cause: Cause) -> str:
    """The rows that are about something else."""
    return " UNION ALL ".join(
        f"SELECT {events.desk.tables.index(table)} AS source, raw.{table.number} AS number, "
        f"NULL AS lead, '' AS says FROM {table.source} AS raw WHERE {condition}"
        for one, table, condition in events.left_out
        if one is cause
    )


# The rows that say again what an earlier row has said of the same lead.
REPEATED = f"""
    SELECT source, number, lead, coalesce(stage_said, moment_said) AS says FROM (
        SELECT *, dense_rank() OVER (
            PARTITION BY lead, place, moment ORDER BY source, number) AS time
        FROM told WHERE place <> {ELSEWHERE}
    ) AS times WHERE time > 1"""


def silent(events: Events) -> str:
    """The rows that none of the events come from."""
    return " UNION ALL ".join(
        f"SELECT {place} AS source, raw.{table.number} AS number, '' AS lead, '' AS says "
        f"FROM {table.source} AS raw WHERE raw.{table.number} NOT IN (SELECT number "
        f"FROM {events.numbered()} WHERE source = {place} AND place IS NOT NULL)"
        for place, table in enumerate(events.desk.tables)
        if table in events.tables
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
