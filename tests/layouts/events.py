"""Logs of events, and files that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.layouts.cells import (
    by_time,
    reason,
    segment,
)
from tests.layouts.files import Day, Format, Money, Table
from tests.layouts.layout import (
    NO_VALUE,
    Carries,
    Losses,
    Stages,
    layout,
    several_files,
)
from tests.layouts.words import (
    ENGLISH,
    FRENCH,
    Words,
)
from tests.pipelines import Outcome, Pipeline
from workshop.intake.layout import Shape


def log(pipeline: Pipeline, words: Words, header: list[str]) -> Table:
    """One row an event of a lead: a stage, or that it was lost, and why."""
    return Table(
        header,
        [
            [
                f"u{lead.number:04}",
                stage,
                moment,
                reason(lead, words) if stage == words.lost_stage else None,
                segment(lead, words),
            ]
            for moment, lead, stage in by_time(pipeline, words)
        ],
    )


EVENTS = replace(
    ENGLISH,
    stages=("signed_up", "activated", "demo_booked", "trial_started", "quote_sent"),
    won_stage="purchased",
    lost_stage="lost",
)


@layout(
    "event_log",
    "A product's log of events",
    EVENTS,
    Format(separator="|", dates="2025-03-13T09:30:00.000Z", line_ends=("\n",)),
    Shape.HISTORY,
    NO_VALUE,
)
def event_log(pipeline: Pipeline, words: Words) -> Table:
    return log(pipeline, words, ["user_id", "event", "timestamp", "reason", "channel"])


@layout(
    "event_log_epoch",
    "A product's log of events with milliseconds since 1970",
    EVENTS,
    Format(separator="\t", dates="1741858200000"),
    Shape.HISTORY,
    NO_VALUE,
)
def event_log_epoch(pipeline: Pipeline, words: Words) -> Table:
    return log(pipeline, words, ["distinct_id", "event", "time", "lost_reason", "utm_source"])


@layout(
    "event_log_parquet",
    "A log of events from a warehouse",
    EVENTS,
    Format(kind="Parquet", dates="cells"),
    Shape.HISTORY,
    NO_VALUE,
)
def event_log_parquet(pipeline: Pipeline, words: Words) -> Table:
    return log(pipeline, words, ["user_id", "event_name", "event_timestamp", "reason", "source"])


@several_files(
    "leads_and_won_deals",
    "Leads of marketing and won deals of sales, joined on an id",
    ENGLISH,
    Format(line_ends=("\n",)),
    Shape.DEALS,
    Carries(stages=Stages.ENDS, losses=Losses.NONE),
)
def leads_and_won_deals(
    pipeline: Pipeline, words: Words, form: Format, folder: Path
) -> Sequence[Path]:
    leads = Table(
        ["mql_id", "first_contact_date", "origin"],
        [
            [f"a{lead.number:031x}", Day(lead.created), segment(lead, words)]
            for lead in pipeline.leads
        ],
    )
    deals = Table(
        ["mql_id", "seller_id", "won_date", "deal_value"],
        [
            [f"a{lead.number:031x}", f"s{lead.number}", lead.closed, Money(lead.amount)]
            for lead in pipeline.ended(Outcome.WON)
        ],
    )
    return [form.write(leads, folder / "leads"), form.write(deals, folder / "deals")]


@several_files(
    "leads_and_won_deals_by_email",
    "The same, joined on e-mail addresses in capitals and with blanks",
    FRENCH,
    Format(separator=";", encoding="UTF-8 with BOM", dates="13/03/2025", numbers="12 500,00 €"),
    Shape.DEALS,
    Carries(stages=Stages.ENDS, losses=Losses.NONE, currency="EUR"),
)
def leads_and_won_deals_by_email(
    pipeline: Pipeline, words: Words, form: Format, folder: Path
) -> Sequence[Path]:
    leads = Table(
        ["E-mail", words.created, words.segment],
        [
            [f"Personne{lead.number}@Example.FR ", Day(lead.created), segment(lead, words)]
            for lead in pipeline.leads
        ],
    )
    deals = Table(
        ["E-mail", "Date de signature", words.amount],
        [
            [
                f" personne{lead.number}@example.fr",
                Day(lead.closed or lead.created),
                Money(lead.amount),
            ]
            for lead in pipeline.ended(Outcome.WON)
        ],
    )
    return [form.write(leads, folder / "pistes"), form.write(deals, folder / "ventes")]
