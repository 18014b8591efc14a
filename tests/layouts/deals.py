"""Deals, one a row, in seven languages and many ways to write dates and numbers."""

from __future__ import annotations

from dataclasses import replace

from tests.layouts.cells import (
    kept_stage,
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
    DUTCH,
    ENGLISH,
    FRENCH,
    GERMAN,
    ITALIAN,
    PORTUGUESE,
    SPANISH,
    Words,
    numbered,
)
from tests.pipelines import Pipeline
from workshop.intake.layout import Shape


def deals(pipeline: Pipeline, words: Words) -> Table:
    """One row a deal: where it stands or stood, how it ended, when, for how much and why."""
    header = [words.lead, words.name, words.stage, words.status, words.created, words.closed]
    header += [words.amount, words.reason, words.segment]
    return Table(
        header,
        [
            [
                str(1000 + lead.number),
                f"{words.name} {lead.number}",
                kept_stage(lead, words),
                status(lead, words),
                Day(lead.created),
                Day(lead.closed) if lead.closed else None,
                Money(lead.amount),
                reason(lead, words),
                segment(lead, words),
            ]
            for lead in pipeline.leads
        ],
    )


EMOJI = replace(
    ENGLISH,
    stages=("🌱 Lead", "📞 Qualified", "🖥️ Demo", "📝 Proposal", "🤝 Negotiation"),
    won="✅ Won",
    lost="❌ Lost",
    open="⏳ Open",
)
for name, says, words, form, carries in (
    (
        "deals_german",
        "Deals in German, stages numbered",
        numbered(GERMAN),
        Format(separator=";", encoding="Windows-1252", dates="13.03.2025", numbers="12.500,00 €"),
        EUR,
    ),
    (
        "deals_german_month_names",
        "Deals in German, months in words, thousands as Tsd.",
        numbered(GERMAN),
        Format(separator=";", encoding="UTF-8", dates="13. März 2025", numbers="12,5 Tsd. €"),
        EUR,
    ),
    (
        "deals_swiss",
        "Deals in German of Switzerland, two-digit years",
        numbered(GERMAN),
        Format(separator=";", encoding="UTF-8", dates="13.03.25", numbers="CHF 12'500.00"),
        Carries(currency="CHF"),
    ),
    (
        "deals_french",
        "Deals in French, narrow spaces between thousands",
        numbered(FRENCH),
        Format(separator=";", encoding="UTF-8", dates="13/03/2025", numbers="12 500,00 €"),
        EUR,
    ),
    (
        "deals_french_month_names",
        "Deals in French, months in words",
        FRENCH,
        Format(separator=";", encoding="UTF-16", dates="13 mars 2025", numbers="12500,00"),
        Carries(),
    ),
    (
        "deals_spanish",
        "Deals in Spanish, months in words",
        numbered(SPANISH),
        Format(separator=";", dates="13 de marzo de 2025", numbers="12.500,00"),
        Carries(),
    ),
    (
        "deals_portuguese",
        "Deals in Portuguese, reais, months shortened",
        numbered(PORTUGUESE),
        Format(separator=";", dates="13 de mar. de 2025", numbers="R$ 12.500,00"),
        Carries(currency="BRL"),
    ),
    (
        "deals_italian",
        "Deals in Italian, months in words, whole thousands",
        numbered(ITALIAN),
        Format(separator=";", dates="13 marzo 2025", numbers="12.500"),
        Carries(),
    ),
    (
        "deals_dutch",
        "Deals in Dutch, euro sign before the amount",
        numbered(DUTCH),
        Format(separator=";", dates="13-03-2025", numbers="€ 12.500,00"),
        EUR,
    ),
    (
        "deals_dutch_month_names",
        "Deals in Dutch, months shortened",
        numbered(DUTCH),
        Format(separator="\t", dates="13 mrt 2025", numbers="€ 12.500,00"),
        EUR,
    ),
    (
        "deals_lettered",
        "Deals with lettered stages, amounts with k",
        numbered(ENGLISH, "{letter}. {stage}"),
        Format(dates="13-Mar-2025", numbers="12.5k"),
        Carries(),
    ),
    (
        "deals_emoji",
        "Deals with emoji before stages and outcomes",
        EMOJI,
        Format(encoding="UTF-8 with BOM", dates="2025-03-13", numbers="€12,500"),
        EUR,
    ),
    (
        "deals_serials",
        "Deals with dates as serial numbers of a spreadsheet",
        numbered(ENGLISH, "{number}) {stage}"),
        Format(dates="45729.39583", numbers="12500.00"),
        Carries(),
    ),
    (
        "deals_iso_weeks",
        "Deals with dates as days of ISO weeks",
        numbered(ENGLISH, "{number} - {stage}"),
        Format(dates="2025-W11-4", numbers="USD 12,500.00"),
        Carries(currency="USD"),
    ),
    (
        "deals_workbook",
        "Deals in a workbook with real dates and numbers",
        ENGLISH,
        WORKBOOK,
        Carries(),
    ),
    (
        "deals_text_workbook",
        "Deals in a workbook where everything is text",
        numbered(GERMAN),
        Format(kind="XLSX", dates="13.03.2025", numbers="12.500,00 €"),
        EUR,
    ),
    (
        "deals_parquet",
        "Deals from a warehouse",
        numbered(ENGLISH),
        Format(kind="Parquet", dates="cells", numbers="cells"),
        Carries(),
    ),
    (
        "deals_sep_line",
        "Deals with the line sep=; that Excel writes",
        numbered(GERMAN),
        Format(
            separator=";",
            dates="13.03.2025",
            numbers="12500,00",
            first_line="sep=;\r\n",
            says="sep=;",
        ),
        Carries(),
    ),
    (
        "deals_mixed_line_ends",
        "Deals whose lines end in different ways",
        numbered(ENGLISH),
        Format(dates="2025-03-13", line_ends=("\r\n", "\n"), says="mixed line ends"),
        Carries(),
    ),
):
    layout(name, says, words, form, Shape.DEALS, carries)(deals)
