"""Hand-made tables with a date, or a yes, for each stage."""

from __future__ import annotations

from dataclasses import replace

from tests.layouts.cells import (
    reason,
    segment,
    status,
)
from tests.layouts.files import WORKBOOK, Day, Format, Money, Table
from tests.layouts.layout import (
    EUR,
    Carries,
    layout,
)
from tests.layouts.words import (
    ENGLISH,
    FRENCH,
    GERMAN,
    Words,
)
from tests.pipelines import Outcome, Pipeline
from workshop.intake.layout import Shape


def dates_without_id(pipeline: Pipeline, words: Words) -> Table:
    """One column a stage; who refused has a date and a reason; nobody has a number."""
    stages = [*words.stages[: pipeline.stages - 1], "Unterschrift"]
    return Table(
        [*stages, "Absage", "Absagegrund", "Auftragswert", "Quelle"],
        [
            [
                *[Day(moment) if moment else None for moment in lead.entered],
                Day(lead.closed) if lead.closed and lead.outcome is Outcome.LOST else None,
                reason(lead, words),
                Money(lead.amount),
                segment(lead, words),
            ]
            for lead in pipeline.leads
        ],
    )


for name, form, carries in (
    (
        "dates_german",
        Format(separator=";", encoding="Windows-1252", dates="13.03.2025", numbers="12.500,00 €"),
        EUR,
    ),
    ("dates_german_workbook", WORKBOOK, Carries()),
):
    layout(
        name,
        "A hand-made table in German, a date for each stage, without an id",
        replace(
            GERMAN, stages=("Erstkontakt", "Erstgespräch", "Vorführung", "Angebot", "Nachfassen")
        ),
        form,
        Shape.DATES,
        carries,
    )(dates_without_id)


@layout(
    "dates_french",
    "A hand-made table in French, a date for each stage, with outcome",
    FRENCH,
    Format(separator=";", encoding="Windows-1252", dates="13/03/2025", numbers="12500,00"),
    Shape.DATES,
)
def dates_french(pipeline: Pipeline, words: Words) -> Table:
    stages = [*words.stages[: pipeline.stages - 1], "Signature"]
    return Table(
        ["Client", *stages, "Statut", "Motif de perte", "Montant"],
        [
            [
                f"Client {lead.number}",
                *[Day(moment) if moment else None for moment in lead.entered],
                status(lead, words),
                reason(lead, words),
                Money(lead.amount),
            ]
            for lead in pipeline.leads
        ],
    )


@layout(
    "ticks_english",
    "A hand-made table in English, yes or no for each stage",
    ENGLISH,
    Format(kind="XLSX", dates="cells", numbers="cells"),
    Shape.DATES,
)
def ticks(pipeline: Pipeline, words: Words) -> Table:
    stages = [*words.stages[: pipeline.stages - 1], words.won]
    return Table(
        ["Customer", "Created", *stages, "Status", "Loss Reason", "Amount"],
        [
            [
                f"Customer {lead.number}",
                Day(lead.created),
                *["Yes" if moment else "No" for moment in lead.entered],
                status(lead, words),
                reason(lead, words),
                Money(lead.amount),
            ]
            for lead in pipeline.leads
        ],
    )
