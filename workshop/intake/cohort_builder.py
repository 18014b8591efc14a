"""From files and their layout to a cohort."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from workshop.intake.cohort import Cohort
from workshop.intake.event_source import USABLE
from workshop.intake.events import Events
from workshop.intake.journeys import journeys, lead_summaries, stage_known, word_of
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.problems import refusal
from workshop.intake.report import build_report
from workshop.wording.import_words import CAUSES

NOTHING_USED = "No row could be used."


def read_leads(paths: Sequence[str | Path], layout: Layout) -> Cohort:
    """The leads of one or more files, read as the layout says. Raises IntakeError."""
    database = LeadDatabase(paths)
    try:
        return build_cohort(database, layout)
    except BaseException:
        database.close()
        raise


def build_cohort(database: LeadDatabase, layout: Layout) -> Cohort:
    """The cohort of the files in a database, which belongs to the cohort from now on."""
    events = Events(database, layout)
    stages = len(layout.stages)
    summaries = lead_summaries(stages, events.usable, events.fields)
    database.query(f"CREATE OR REPLACE TABLE lead_summary AS {summaries}")
    database.query("CREATE OR REPLACE VIEW leads AS SELECT * FROM lead_summary")
    names_stages = database.query(
        f"SELECT 1 FROM leads WHERE {stage_known(stages, events.fields)} LIMIT 1"
    )
    database.query(f"CREATE OR REPLACE VIEW journey AS {journeys(stages, events.fields)}")
    load_events = cache(partial(load_all_events, events))
    report = cache(partial(build_report, events, load_events))
    if not names_stages:
        causes = " ".join(CAUSES[cause] for cause in report().set_aside)
        raise refusal(f"{NOTHING_USED} {causes}".strip(), "Check the columns and the stages.")
    if not events.fields.words and database.query(
        "SELECT 1 FROM leads WHERE lead IS NOT NULL LIMIT 1"
    ):
        load_events()
    return Cohort(database, layout.stages, events.reasons, events.segments, load_events, report)


def load_all_events(events: Events) -> None:
    """All events of the leads whose first moments do not tell the whole story.

    What their rows say is in `usable_event`, their distinct events in `distinct_event`; `leads`
    gets their last word where it is the last of their moments.
    """
    database = events.database
    database.query(
        "CREATE OR REPLACE TABLE lead_to_load AS SELECT lead FROM leads WHERE lead IS NOT NULL"
    )
    # What can be used is chosen among their rows, not before: dates are slow to read.
    rows = events.numbered(of="lead_to_load")
    database.query(f"CREATE OR REPLACE TABLE loaded_event AS SELECT * FROM {rows}")
    database.query(
        f"CREATE OR REPLACE VIEW usable_event AS SELECT * FROM loaded_event WHERE {USABLE}"
    )
    if not events.fields.words:
        # Beside the others: to change so many rows takes longer than to write all of them.
        database.query(
            "CREATE OR REPLACE TABLE corrected_summary AS "
            "SELECT lead_summary.* REPLACE (latest.word AS last_word) FROM lead_summary "
            f"JOIN (SELECT lead, max({word_of('moment', events.last + 1)}) AS word "
            "FROM usable_event GROUP BY lead) AS latest ON latest.lead = lead_summary.lead"
        )
        database.query(
            "CREATE OR REPLACE VIEW leads AS SELECT * FROM lead_summary WHERE lead IS NULL "
            "UNION ALL SELECT * FROM corrected_summary"
        )
    database.query(
        "CREATE OR REPLACE TABLE distinct_event AS SELECT DISTINCT lead, "
        f"CASE WHEN place < 0 THEN {events.last + 1} ELSE place END AS place, moment "
        f"FROM usable_event WHERE moment IS NOT NULL AND NOT (place = {events.last} AND lead IN ("
        f"SELECT lead FROM journey WHERE lead IS NOT NULL AND deepest <= {events.last}))"
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
