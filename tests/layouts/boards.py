"""Boards whose columns are stages: monday.com, Trello."""

from __future__ import annotations

from dataclasses import replace

from tests.layouts.cells import (
    reason,
    segment,
    shown_stage,
)
from tests.layouts.files import WORKBOOK, Day, Format, Money, Table
from tests.layouts.layout import (
    ENDS,
    Carries,
    Stages,
    layout,
)
from tests.layouts.words import (
    ENGLISH,
    Words,
)
from tests.pipelines import Pipeline
from workshop.intake.layout import Shape


@layout(
    "monday_board",
    "monday.com, a board with its title and group above the header",
    replace(
        ENGLISH,
        stages=("New", "Discovery", "Demo", "Proposal", "Negotiation"),
        won_stage="Won",
        lost_stage="Lost",
    ),
    WORKBOOK,
    Shape.DEALS,
    ENDS,
)
def monday_board(pipeline: Pipeline, words: Words) -> Table:
    header = ["Name", "Owner", "Stage", "Deal Value", "Deal creation date", "Close Date"]
    header += ["Lost reason", "Source", "Item ID (auto generated)"]
    return Table(
        header,
        [
            [
                f"Deal {lead.number}",
                "Ana Ruiz",
                shown_stage(lead, words),
                Money(lead.amount),
                Day(lead.created),
                Day(lead.closed) if lead.closed else None,
                reason(lead, words),
                segment(lead, words),
                str(18_000_000_00 + lead.number),
            ]
            for lead in pipeline.leads
        ],
        above=[["Deals"], [], ["All deals"]],
    )


@layout(
    "trello_board",
    "Trello, cards with their lists and no dates of creation",
    replace(ENGLISH, won_stage="Won", lost_stage="Lost"),
    Format(dates="2025-03-13T09:30:00.000Z", line_ends=("\n",)),
    Shape.DEALS,
    Carries(stages=Stages.ENDS, period=False),
)
def trello_board(pipeline: Pipeline, words: Words) -> Table:
    header = ["Card ID", "Card Name", "Card URL", "Labels", "Members", "Last Activity Date"]
    header += ["List ID", "List Name", "Board ID", "Board Name", "Archived", "Deal value"]
    header += ["Loss reason"]
    return Table(
        header,
        [
            [
                f"65f1c0de{lead.number:016x}",
                f"Card {lead.number}",
                f"https://trello.example/c/{lead.number}",
                segment(lead, words),
                "ana",
                lead.last_moved,
                f"65f1aaaa{hash_of(shown_stage(lead, words))}",
                shown_stage(lead, words),
                "65f1bbbb",
                "Sales",
                "false",
                Money(lead.amount),
                reason(lead, words),
            ]
            for lead in pipeline.leads
        ],
    )


def hash_of(name: str) -> str:
    return f"{sum(name.encode()):016x}"
