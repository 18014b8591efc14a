"""Further CRMs: Zoho, Dynamics 365, Odoo, Close, Copper, Freshsales."""

from __future__ import annotations

from dataclasses import replace

from tests.layouts.cells import (
    by_time,
    chance,
    closed_when,
    expected_close,
    kept_stage,
    probability,
    reason,
    segment,
    shown_stage,
    status,
)
from tests.layouts.files import WORKBOOK, Day, Format, Money, Table
from tests.layouts.layout import (
    ENDS,
    EUR,
    Carries,
    Losses,
    Stages,
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

ZOHO = replace(
    ENGLISH,
    stages=(
        "Qualification",
        "Needs Analysis",
        "Value Proposition",
        "Proposal/Price Quote",
        "Negotiation/Review",
    ),
)


@layout(
    "zoho_deals",
    "Zoho CRM, deals with today's stage",
    ZOHO,
    Format(dates="Mar 13, 2025 09:30 AM", numbers="$12,500.00", line_ends=("\n",)),
    Shape.DEALS,
    Carries(stages=Stages.ENDS, currency="USD"),
)
def zoho_deals(pipeline: Pipeline, words: Words) -> Table:
    header = ["Record Id", "Deal Name", "Amount", "Currency", "Stage", "Probability (%)"]
    header += ["Closing Date", "Created Time", "Lead Source", "Reason For Loss", "Deal Owner"]
    return Table(
        header,
        [
            [
                f"zcrm_{4876876000000300000 + lead.number}",
                f"Deal {lead.number}",
                Money(lead.amount),
                "USD",
                shown_stage(lead, words),
                probability(lead, pipeline.stages),
                Day(expected_close(lead)),
                lead.created,
                segment(lead, words),
                reason(lead, words),
                "Chloe Meyer",
            ]
            for lead in pipeline.leads
        ],
    )


@layout(
    "zoho_stage_history",
    "Zoho CRM, stage history of deals",
    ZOHO,
    Format(dates="Mar 13, 2025 09:30 AM", numbers="12500"),
    Shape.HISTORY,
    Carries(losses=Losses.COUNTED),
)
def zoho_stage_history(pipeline: Pipeline, words: Words) -> Table:
    header = ["Deal Id", "Deal Name", "Stage", "Amount", "Probability (%)", "Expected Revenue"]
    header += ["Closing Date", "Stage Duration (Calendar Days)", "Modified By", "Modified Time"]
    return Table(
        header,
        [
            [
                f"zcrm_{4876876000000400000 + lead.number}",
                f"Deal {lead.number}",
                stage,
                Money(lead.amount),
                chance(stage, pipeline, words),
                Money(lead.amount),
                Day(expected_close(lead)),
                7,
                "Chloe Meyer",
                moment,
            ]
            for moment, lead, stage in reversed(by_time(pipeline, words))
        ],
    )


DYNAMICS = replace(ENGLISH, stages=("1-Qualify", "2-Develop", "3-Propose", "4-Close", "5-Complete"))


@layout(
    "dynamics_opportunities",
    "Dynamics 365, opportunities as a workbook",
    DYNAMICS,
    WORKBOOK,
    Shape.DEALS,
    Carries(losses=Losses.COUNTED),
)
def dynamics_opportunities(pipeline: Pipeline, words: Words) -> Table:
    """A loss says only Canceled or Out-Sold in Status Reason, a win says Won there."""
    header = ["(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum"]
    header += ["(Do Not Modify) Modified On", "Topic", "Potential Customer", "Est. close date"]
    header += ["Est. revenue", "Actual Close Date", "Actual Revenue", "Pipeline Phase"]
    header += ["Status", "Status Reason", "Created On", "Source"]
    reasons = {Outcome.WON: "Won", Outcome.LOST: "Out-Sold", Outcome.OPEN: "In Progress"}
    return Table(
        header,
        [
            [
                f"6e1c2f4a-0000-4000-8000-{lead.number:012}",
                f"x{lead.number}==",
                lead.last_moved,
                f"Topic {lead.number}",
                f"Customer {lead.number}",
                Day(expected_close(lead)),
                Money(lead.amount),
                Day(lead.closed) if lead.closed else None,
                Money(lead.amount if lead.outcome is Outcome.WON else 0) if lead.closed else None,
                kept_stage(lead, words),
                status(lead, words),
                reasons[lead.outcome],
                lead.created,
                segment(lead, words),
            ]
            for lead in pipeline.leads
        ],
    )


@layout(
    "dynamics_opportunities_german",
    "Dynamics 365 in German, view without an id",
    replace(
        GERMAN,
        stages=(
            "1-Qualifizieren",
            "2-Entwickeln",
            "3-Vorschlagen",
            "4-Abschließen",
            "5-Fertigstellen",
        ),
    ),
    Format(separator=";", encoding="Windows-1252", dates="13.03.2025", numbers="12.500,00 €"),
    Shape.DEALS,
    EUR,
)
def dynamics_opportunities_german(pipeline: Pipeline, words: Words) -> Table:
    header = ["Thema", "Potenzieller Kunde", "Gesch. Abschlussdatum", "Gesch. Umsatz"]
    header += ["Pipelinephase", "Status", "Verlustgrund", "Erstellt am"]
    header += ["Tatsächliches Abschlussdatum"]
    return Table(
        header,
        [
            [
                f"Anfrage {lead.number % 5}",
                f"Kunde {lead.number % 7}",
                Day(expected_close(lead)),
                Money(lead.amount),
                kept_stage(lead, words),
                status(lead, words),
                reason(lead, words),
                Day(lead.created),
                Day(lead.closed) if lead.closed else None,
            ]
            for lead in pipeline.leads
        ],
    )


ODOO = replace(
    ENGLISH,
    stages=("New", "Qualified", "Demo", "Proposition", "Negotiation"),
    won_stage="Won",
    lost_stage="Lost",
)


def odoo(pipeline: Pipeline, words: Words, header: list[str]) -> Table:
    """A lost lead is archived where it stood, with a probability of 0."""
    return Table(
        header,
        [
            [
                f"__export__.crm_lead_{lead.number}_a1b2c3d4",
                f"Opportunity {lead.number}",
                words.won_stage if lead.outcome is Outcome.WON else kept_stage(lead, words),
                probability(lead, pipeline.stages),
                reason(lead, words),
                "FALSE" if lead.outcome is Outcome.LOST else "TRUE",
                Money(lead.amount),
                lead.created,
                lead.closed,
                segment(lead, words),
            ]
            for lead in pipeline.leads
        ],
    )


@layout("odoo_leads", "Odoo, crm.lead with archived losses", ODOO, Format(), Shape.DEALS)
def odoo_leads(pipeline: Pipeline, words: Words) -> Table:
    header = ["External ID", "Opportunity", "Stage", "Probability", "Lost Reason", "Active"]
    header += ["Expected Revenue", "Created on", "Closed Date", "Source"]
    return odoo(pipeline, words, header)


@layout(
    "odoo_leads_french",
    "Odoo in French, crm.lead with archived losses",
    replace(
        FRENCH,
        stages=("Nouveau", "Qualifié", "Démonstration", "Proposition", "Négociation"),
        won_stage="Gagné",
    ),
    WORKBOOK,
    Shape.DEALS,
)
def odoo_leads_french(pipeline: Pipeline, words: Words) -> Table:
    header = ["ID externe", "Opportunité", "Étape", "Probabilité", "Motif de perte", "Actif"]
    header += ["Revenu espéré", "Créé le", "Date de clôture", "Source"]
    return odoo(pipeline, words, header)


@layout(
    "close_opportunities",
    "Close, opportunities with status type",
    replace(ENGLISH, won="won", lost="lost", open="active"),
    Format(dates="2025-03-13 09:30:00.123000+00:00"),
    Shape.DATES,
    ENDS,
)
def close_opportunities(pipeline: Pipeline, words: Words) -> Table:
    header = ["id", "lead_name", "status_type", "status_label", "confidence", "user_name"]
    header += ["value", "value_period", "date_created", "date_won", "date_lost", "lost_reason"]
    return Table(
        header,
        [
            [
                f"oppo_{lead.number:043}",
                f"Company {lead.number}",
                status(lead, words),
                shown_stage(lead, replace(words, won_stage="Won", lost_stage="Lost")),
                probability(lead, pipeline.stages),
                "Ana Ruiz",
                Money(lead.amount),
                "one_time",
                lead.created,
                closed_when(lead, Outcome.WON),
                closed_when(lead, Outcome.LOST),
                reason(lead, words),
            ]
            for lead in pipeline.leads
        ],
    )


@layout(
    "copper_opportunities",
    "Copper, opportunities with stage and status",
    ENGLISH,
    Format(separator="\t", dates="3/13/2025", numbers="12,500.00"),
    Shape.DEALS,
)
def copper_opportunities(pipeline: Pipeline, words: Words) -> Table:
    header = ["Copper ID", "Name", "Company", "Pipeline", "Stage", "Value", "Close Date"]
    header += ["Status", "Loss Reason", "Win Probability", "Source", "Created At"]
    return Table(
        header,
        [
            [
                str(33_000_000 + lead.number),
                f"Opportunity {lead.number}",
                f"Company {lead.number}",
                "Sales",
                kept_stage(lead, words),
                Money(lead.amount),
                Day(expected_close(lead)),
                status(lead, words),
                reason(lead, words),
                probability(lead, pipeline.stages),
                segment(lead, words),
                Day(lead.created),
            ]
            for lead in pipeline.leads
        ],
    )


@layout(
    "freshsales_deals",
    "Freshsales, deals with today's stage",
    replace(
        ENGLISH,
        stages=("New", "Qualification", "Demo", "Proposal", "Negotiation"),
        won_stage="Won",
        lost_stage="Lost",
    ),
    Format(dates="Thu, 13 Mar 2025 09:30:00 GMT", numbers="12500.0"),
    Shape.DEALS,
    ENDS,
)
def freshsales_deals(pipeline: Pipeline, words: Words) -> Table:
    header = ["Id", "Name", "Deal value", "Deal stage", "Lost reason", "Closed date"]
    header += ["Expected close date", "Probability (%)", "Source", "Created at"]
    return Table(
        header,
        [
            [
                str(70_000_000 + lead.number),
                f"Deal {lead.number}",
                Money(lead.amount),
                shown_stage(lead, words),
                reason(lead, words),
                lead.closed,
                Day(expected_close(lead)),
                probability(lead, pipeline.stages),
                segment(lead, words),
                lead.created,
            ]
            for lead in pipeline.leads
        ],
    )
