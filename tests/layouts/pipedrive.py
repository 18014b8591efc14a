"""Pipedrive: deals in three languages, the flow of changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.layouts.cells import (
    closed_when,
    expected_close,
    kept_stage,
    reason,
    segment,
    status,
)
from tests.layouts.files import Cell, Day, Format, Money, Table
from tests.layouts.layout import (
    COUNTED,
    EUR,
    Carries,
    layout,
)
from tests.layouts.words import (
    ENGLISH,
    GERMAN,
    PORTUGUESE,
    Words,
)
from tests.pipelines import Outcome, Pipeline
from workshop.intake.layout import Shape

PIPEDRIVE = replace(
    ENGLISH,
    stages=("Qualified", "Contact Made", "Demo Scheduled", "Proposal Made", "Negotiations Started"),
    won="won",
    lost="lost",
    open="open",
)
PIPEDRIVE_GERMAN = replace(
    GERMAN,
    stages=(
        "Qualifiziert",
        "Kontakt hergestellt",
        "Demo geplant",
        "Angebot erstellt",
        "Verhandlungen begonnen",
    ),
)
PIPEDRIVE_PORTUGUESE = replace(
    PORTUGUESE,
    stages=(
        "Qualificado",
        "Contato feito",
        "Demonstração agendada",
        "Proposta feita",
        "Negociações iniciadas",
    ),
    open="Aberto",
)


def pipedrive(pipeline: Pipeline, words: Words, header: list[str], currency: str) -> Table:
    return Table(
        header,
        [
            [
                str(100 + lead.number),
                f"Deal {lead.number}",
                Money(lead.amount),
                currency,
                kept_stage(lead, words),
                status(lead, words),
                "Pipeline",
                "Ben Okafor",
                segment(lead, words),
                lead.created,
                closed_when(lead, Outcome.WON),
                closed_when(lead, Outcome.LOST),
                lead.closed,
                Day(expected_close(lead)),
                reason(lead, words),
            ]
            for lead in pipeline.leads
        ],
    )


@layout(
    "pipedrive_deals",
    "Pipedrive, deals with stage and status",
    PIPEDRIVE,
    Format(),
    Shape.DEALS,
    EUR,
)
def pipedrive_deals(pipeline: Pipeline, words: Words) -> Table:
    names = ["ID", "Title", "Value", "Currency of Value", "Stage", "Status", "Pipeline", "Owner"]
    names += ["Source channel", "Deal created", "Won time", "Lost time", "Deal closed on"]
    names += ["Expected close date", "Lost reason"]
    return pipedrive(pipeline, words, [f"Deal - {name}" for name in names], "EUR")


@layout(
    "pipedrive_deals_german",
    "Pipedrive in German, deals with stage and status",
    PIPEDRIVE_GERMAN,
    Format(separator=";", encoding="UTF-8 with BOM", numbers="12500,00"),
    Shape.DEALS,
    EUR,
)
def pipedrive_deals_german(pipeline: Pipeline, words: Words) -> Table:
    names = ["ID", "Titel", "Wert", "Währung von Wert", "Phase", "Status", "Pipeline", "Besitzer"]
    names += ["Quelle", "Deal erstellt", "Zeitpunkt gewonnen", "Zeitpunkt verloren"]
    names += ["Deal abgeschlossen am", "Voraussichtliches Abschlussdatum", "Grund für Verlust"]
    return pipedrive(pipeline, words, [f"Deal - {name}" for name in names], "EUR")


@layout(
    "pipedrive_deals_portuguese",
    "Pipedrive in Portuguese, deals with stage and status",
    PIPEDRIVE_PORTUGUESE,
    Format(kind="XLSX", dates="cells", numbers="cells"),
    Shape.DEALS,
    Carries(currency="BRL"),
)
def pipedrive_deals_portuguese(pipeline: Pipeline, words: Words) -> Table:
    names = ["ID", "Título", "Valor", "Moeda de Valor", "Etapa", "Status", "Funil", "Proprietário"]
    names += ["Canal de origem", "Negócio criado em", "Data de ganho", "Data de perda"]
    names += ["Negócio fechado em", "Data de fechamento esperada", "Motivo da perda"]
    return pipedrive(pipeline, words, [f"Negócio - {name}" for name in names], "BRL")


@layout(
    "pipedrive_flow",
    "Pipedrive, changes of deals",
    PIPEDRIVE,
    Format(line_ends=("\n",)),
    Shape.HISTORY,
    COUNTED,
)
def pipedrive_flow(pipeline: Pipeline, words: Words) -> Table:
    """A deal changes its stage or its status: won and lost are changes of the status."""
    header = ["id", "item_id", "user_id", "field_key", "old_value", "new_value"]
    header += ["new_value_formatted", "log_time"]
    rows: list[Sequence[Cell]] = []
    for lead in pipeline.leads:
        before = ""
        for stage, moment in lead.steps:
            if stage < pipeline.stages - 1:
                rows.append(
                    [
                        str(900 + len(rows)),
                        str(lead.number),
                        "7",
                        "stage_id",
                        before,
                        str(stage + 1),
                        words.stages[stage],
                        moment,
                    ]
                )
                before = str(stage + 1)
        if lead.closed:
            word = status(lead, words)
            rows.append(
                [
                    str(900 + len(rows)),
                    str(lead.number),
                    "7",
                    "status",
                    "open",
                    word,
                    word.capitalize(),
                    lead.closed,
                ]
            )
    return Table(header, rows)
