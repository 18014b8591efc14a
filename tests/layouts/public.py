"""Layouts of public data sets and descriptions, named above each, rebuilt with made-up rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.layouts.cells import (
    by_time,
    expected_close,
    kept_stage,
    probability,
    reason,
    segment,
    shown_stage,
    status,
)
from tests.layouts.files import Cell, Day, Format, Money, Table
from tests.layouts.layout import (
    COUNTED,
    EUR,
    Carries,
    Losses,
    Stages,
    layout,
)
from tests.layouts.words import (
    ENGLISH,
    Words,
)
from tests.pipelines import Outcome, Pipeline
from workshop.intake.layout import Shape


# The file sales_pipeline.csv of the data set “CRM Sales Opportunities”, Maven Analytics' data
# playground, https://mavenanalytics.io/data-playground (columns also in
# github.com/TauGI0/gn-price_realization_analysis_of_closed_deals_vs_srp_using_crm_data,
# database/raw_sales_pipeline.sql). A lost deal is worth 0 there, an open one nothing, and a
# deal that is still Prospecting has no engage_date.
@layout(
    "maven_sales_pipeline",
    "Maven Analytics, CRM Sales Opportunities",
    replace(
        ENGLISH,
        stages=("Prospecting", "Engaging", "Engaging", "Engaging", "Engaging"),
        won_stage="Won",
        lost_stage="Lost",
    ),
    Format(dates="2025-03-13", line_ends=("\n",)),
    Shape.DEALS,
    Carries(stages=Stages.ENDS, losses=Losses.COUNTED, period=False),
)
def maven_sales_pipeline(pipeline: Pipeline, words: Words) -> Table:
    header = ["opportunity_id", "sales_agent", "product", "account", "deal_stage"]
    header += ["engage_date", "close_date", "close_value"]
    worth = {Outcome.WON: 1, Outcome.LOST: 0}
    return Table(
        header,
        [
            [
                f"{lead.number:03}C1I7A",
                "Moses Frase",
                segment(lead, words),
                f"Account {lead.number}",
                shown_stage(lead, words),
                None if shown_stage(lead, words) == "Prospecting" else Day(lead.created),
                Day(lead.closed) if lead.closed else None,
                Money(lead.amount * worth[lead.outcome]) if lead.closed else None,
            ]
            for lead in pipeline.leads
        ],
    )


# The fields of opportunities of Sage CRM,
# https://help.sagecrm.com/on_premise/en/2024R1/Main%20Menu/Content/User/SO_OpportunityFields.htm
@layout(
    "sage_opportunities",
    "Sage CRM, opportunities with stage and status",
    replace(
        ENGLISH,
        stages=("Lead", "Qualified", "Proposal Submitted", "Quoted", "Negotiating"),
        open="In Progress",
    ),
    Format(dates="13/03/2025 09:30", numbers="12,500.00"),
    Shape.DEALS,
)
def sage_opportunities(pipeline: Pipeline, words: Words) -> Table:
    header = ["Company", "Person", "Description", "Source", "Type", "Opened", "Closed"]
    header += ["Territory", "Reason For Loss", "Stage", "Status", "Certainty%", "Forecast"]
    header += ["Priority", "Assigned To", "Reference"]
    return Table(
        header,
        [
            [
                f"Company {lead.number}",
                f"Person {lead.number}",
                "Licences",
                segment(lead, words),
                "License",
                lead.created,
                lead.closed,
                "Europe",
                reason(lead, words),
                kept_stage(lead, words),
                status(lead, words),
                probability(lead, pipeline.stages),
                Money(lead.amount),
                "Normal",
                "Ana Ruiz",
                f"9-{10_000 + lead.number}",
            ]
            for lead in pipeline.leads
        ],
    )


# The model of an opportunity of Capsule, https://developer.capsulecrm.com/v2/models/opportunity:
# a closed one keeps the last open milestone, by which it is known where it was lost.
@layout(
    "capsule_opportunities",
    "Capsule, opportunities with the last open milestone",
    replace(ENGLISH, won_stage="Won", lost_stage="Lost"),
    Format(dates="2025-03-13T09:30:00.000Z"),
    Shape.DEALS,
    EUR,
)
def capsule_opportunities(pipeline: Pipeline, words: Words) -> Table:
    header = ["id", "name", "party", "milestone", "lastOpenMilestone", "value", "currency"]
    header += ["probability", "lostReason", "createdAt", "closedOn", "expectedCloseOn"]
    return Table(
        header,
        [
            [
                str(9_000 + lead.number),
                f"Opportunity {lead.number}",
                f"Party {lead.number}",
                shown_stage(lead, words),
                kept_stage(lead, words),
                Money(lead.amount),
                "EUR",
                probability(lead, pipeline.stages),
                reason(lead, words),
                lead.created,
                Day(lead.closed) if lead.closed else None,
                Day(expected_close(lead)),
            ]
            for lead in pipeline.leads
        ],
    )


# The history of the stages of deals in Bitrix24: crm.stagehistory.list,
# https://training.bitrix24.com/rest_help/crm/stagehistory/index.php, with the names of stages as
# in the dataset crm_deal_stage_history, https://helpdesk.bitrix24.com/open/22879310
@layout(
    "bitrix24_stage_history",
    "Bitrix24, stage history of deals",
    replace(
        ENGLISH,
        stages=("New", "Create papers", "Invoice", "In progress", "Final invoice"),
        won_stage="Deal won",
        lost_stage="Deal lost",
    ),
    Format(separator=";", dates="2025-03-13T14:30:00+05:00"),
    Shape.HISTORY,
    COUNTED,
)
def bitrix24_stage_history(pipeline: Pipeline, words: Words) -> Table:
    header = ["ID", "TYPE_ID", "DEAL_ID", "DATE_CREATE", "STAGE_SEMANTIC_ID", "STAGE_SEMANTIC"]
    header += ["STAGE_ID", "STAGE_NAME"]
    semantics = {words.won_stage: ("S", "success"), words.lost_stage: ("F", "failed")}
    rows: list[Sequence[Cell]] = []
    for moment, lead, stage in by_time(pipeline, words):
        letter, word = semantics.get(stage, ("P", "processing"))
        kind = {"P": "1" if stage == words.stages[0] else "2"}.get(letter, "3")
        rows.append(
            [
                str(2000 + len(rows)),
                kind,
                str(lead.number),
                moment,
                letter,
                word,
                f"C1:{stage.upper().replace(' ', '_')}",
                stage,
            ]
        )
    return Table(header, rows)
