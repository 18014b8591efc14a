"""HubSpot: deals, contacts, the history of stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.layouts.cells import (
    by_time,
    closed_when,
    expected_close,
    reason,
    segment,
    shown_stage,
    stage_names,
)
from tests.layouts.files import Cell, Format, Money, Table
from tests.layouts.layout import (
    COUNTED,
    ENDS,
    ENDS_EUR,
    Carries,
    layout,
    several_files,
)
from tests.layouts.words import (
    ENGLISH,
    GERMAN,
    SPANISH,
    Words,
)
from tests.pipelines import Outcome, Pipeline
from workshop.intake.layout import Shape

HUBSPOT = replace(
    ENGLISH,
    stages=(
        "Appointment Scheduled",
        "Qualified To Buy",
        "Presentation Scheduled",
        "Decision Maker Bought-In",
        "Contract Sent",
    ),
)


@layout(
    "hubspot_deals_date_entered",
    "HubSpot, deals with the date at which each stage was entered",
    HUBSPOT,
    Format(dates="2025-03-13 09:30"),
    Shape.DATES,
)
def hubspot_deals_date_entered(pipeline: Pipeline, words: Words) -> Table:
    stages = [*stage_names(pipeline, words), words.lost_stage]
    header = ["Record ID", "Deal Name", "Pipeline", "Deal Stage", "Amount", "Create Date"]
    header += ["Close Date", "Deal owner", "Original Traffic Source", "Closed Lost Reason"]
    header += [f'Date entered "{stage} (Sales Pipeline)"' for stage in stages]
    return Table(
        header,
        [
            [
                str(50_100_000 + 7 * lead.number),
                f"Deal {lead.number}",
                "Sales Pipeline",
                shown_stage(lead, words),
                Money(lead.amount),
                lead.created,
                expected_close(lead),
                "Ana Ruiz",
                segment(lead, words),
                reason(lead, words),
                *lead.entered,
                closed_when(lead, Outcome.LOST),
            ]
            for lead in pipeline.leads
        ],
    )


def hubspot_plain(pipeline: Pipeline, words: Words, header: list[str]) -> Table:
    """Deals without the dates of their stages: a lost deal does not say where it was lost."""
    return Table(
        header,
        [
            [
                str(50_100_000 + 7 * lead.number),
                f"Deal {lead.number}",
                shown_stage(lead, words),
                "Sales",
                Money(lead.amount),
                lead.created,
                expected_close(lead),
                segment(lead, words),
                reason(lead, words),
            ]
            for lead in pipeline.leads
        ],
    )


@layout(
    "hubspot_deals_german",
    "HubSpot in German, deals with today's stage",
    replace(
        GERMAN,
        stages=(
            "Termin vereinbart",
            "Qualifiziert zum Kauf",
            "Präsentation geplant",
            "Entscheidungsträger überzeugt",
            "Vertrag gesendet",
        ),
    ),
    Format(
        separator=";", encoding="UTF-8 with BOM", dates="13.03.2025 09:30", numbers="12.500,00 €"
    ),
    Shape.DEALS,
    ENDS_EUR,
)
def hubspot_deals_german(pipeline: Pipeline, words: Words) -> Table:
    header = ["Datensatz-ID", "Deal-Name", "Deal-Phase", "Pipeline", "Betrag", "Erstelldatum"]
    header += ["Abschlussdatum", "Ursprüngliche Traffic-Quelle", "Grund für verlorenen Deal"]
    return hubspot_plain(pipeline, words, header)


@layout(
    "hubspot_deals_spanish",
    "HubSpot in Spanish, deals with today's stage",
    replace(
        SPANISH,
        stages=(
            "Cita programada",
            "Calificado para comprar",
            "Presentación programada",
            "Decisor convencido",
            "Contrato enviado",
        ),
    ),
    Format(separator=";", dates="13/03/2025 09:30", numbers="12500,00"),
    Shape.DEALS,
    ENDS,
)
def hubspot_deals_spanish(pipeline: Pipeline, words: Words) -> Table:
    header = ["ID de registro", "Nombre del negocio", "Etapa del negocio", "Pipeline", "Valor"]
    header += ["Fecha de creación", "Fecha de cierre", "Fuente de tráfico original"]
    header += ["Motivo de cierre perdido"]
    return hubspot_plain(pipeline, words, header)


@layout(
    "hubspot_contacts_lifecycle",
    "HubSpot, contacts with the dates of lifecycle stages",
    replace(
        ENGLISH,
        stages=(
            "Subscriber",
            "Lead",
            "Marketing Qualified Lead",
            "Sales Qualified Lead",
            "Opportunity",
        ),
        won_stage="Customer",
    ),
    Format(dates="2025-03-13 09:30", quoted=True),
    Shape.DATES,
    Carries(value=False),
)
def hubspot_contacts_lifecycle(pipeline: Pipeline, words: Words) -> Table:
    stages = stage_names(pipeline, words)
    header = ["Record ID", "First Name", "Email", "Lifecycle Stage", "Lead Status", "Create Date"]
    header += [f"Became a{'n' if stage.startswith('O') else ''} {stage} Date" for stage in stages]
    header += ["Original Source", "Reason for Disqualification"]
    lead_status = {Outcome.WON: None, Outcome.LOST: "Unqualified", Outcome.OPEN: "In Progress"}
    return Table(
        header,
        [
            [
                str(5000 + lead.number),
                f"Person {lead.number}",
                f"person{lead.number}@example.com",
                stages[lead.deepest],
                lead_status[lead.outcome],
                lead.created,
                *lead.entered,
                segment(lead, words),
                reason(lead, words),
            ]
            for lead in pipeline.leads
        ],
    )


@several_files(
    "hubspot_stage_history",
    "HubSpot through Fivetran, history by ids and the table that names them",
    HUBSPOT,
    Format(line_ends=("\n",)),
    Shape.HISTORY,
    COUNTED,
)
def hubspot_stage_history(
    pipeline: Pipeline, words: Words, form: Format, folder: Path
) -> Sequence[Path]:
    labels = [*stage_names(pipeline, words), words.lost_stage]
    ids = {label: f"f66ca9bc{number:02}" for number, label in enumerate(labels)}
    history = ["_fivetran_start", "deal_id", "_fivetran_active", "_fivetran_end"]
    history += ["_fivetran_synced", "date_entered", "source", "source_id", "value"]
    rows: list[Sequence[Cell]] = [
        [
            moment,
            str(3954699000 + lead.number),
            "TRUE",
            "2050-01-01 00:00:00",
            moment,
            moment,
            "CRM_UI",
            "u1",
            ids[stage],
        ]
        for moment, lead, stage in by_time(pipeline, words)
    ]
    stages = ["_fivetran_deleted", "active", "closed_won", "is_closed", "display_order"]
    stages += ["probability", "stage_id", "label", "pipeline_id", "created_at"]
    named: list[Sequence[Cell]] = [
        [
            "FALSE",
            "TRUE",
            str(label == words.won_stage).upper(),
            str(label in (words.won_stage, words.lost_stage)).upper(),
            number,
            {words.won_stage: "1.0", words.lost_stage: "0.0"}.get(label, f"0.{number + 1}"),
            ids[label],
            label,
            "default",
            "2024-12-01 08:00:00",
        ]
        for number, label in enumerate(labels)
    ]
    return [
        form.write(Table(history, rows), folder / "deal_stage"),
        form.write(Table(stages, named), folder / "deal_pipeline_stage"),
    ]
