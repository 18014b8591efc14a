"""Rows that are no leads: totals, counts and notes that reports put under a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workshop.intake.header import is_number

LAST = 20
"""Notes stand in the last lines of a table, if anywhere."""
SENTENCE = 4  # words

TOTALS: tuple[str, ...] = (
    *("total", "totals", "grand total", "grand totals", "sum", "subtotal", "sub-total", "count"),
    *("record count", "number of records", "total records", "average", "subtotals"),
    *("summe", "gesamt", "gesamtsumme", "gesamtergebnis", "insgesamt", "zwischensumme"),
    *("teilergebnis", "ergebnis", "anzahl", "anzahl datensätze", "mittelwert", "durchschnitt"),
    *("total général", "totaux", "sous-total", "somme", "nombre", "moyenne", "total general"),
    *("suma", "suma total", "recuento", "cuenta", "promedio", "soma", "total geral", "contagem"),
    *("média", "totale", "totale generale", "totale complessivo", "subtotale", "somma"),
    *("conteggio", "media", "totaal", "eindtotaal", "subtotaal", "som", "aantal", "gemiddelde"),
)
THINGS = (
    "records?|rows?|lines?|entries|items|deals?|leads?|opportunit(?:y|ies)|datensätze|zeilen|"
    "einträge|verkaufschancen|enregistrements?|lignes?|affaires?|opportunités?|registros?|filas?|"
    "negocios?|oportunidades|linhas?|negócios?|righe|trattative|opportunità|rijen|regels"
)
NUMBER = r"[0-9][0-9.,'’\s]*"
WORDS = "|".join(sorted(map(re.escape, TOTALS), key=len, reverse=True))
TOTAL = re.compile(
    rf"[\s*]*(?:(?:{WORDS})(?:\s*\([\w\s.,€$]*\))?\s*[:=]?\s*(?:{NUMBER})?(?:{THINGS})?|"
    rf"{NUMBER}(?:{THINGS}))[\s*]*",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"\W*(?:confidential|copyright|©|\(c\) [0-9]{4}|(?:report )?(?:generated|exported|printed)\b|"
    r"page [0-9]|data as of|as of\b|vertraulich|(?:erstellt|exportiert|gedruckt)\b|seite [0-9]|"
    r"stand:|confidentiel|(?:généré|exporté|imprimé)|page [0-9]|confidencial|"
    r"(?:generado|exportado|gerado|impreso|impresso)\b|página [0-9]|riservato|"
    r"(?:generato|esportato|stampato)\b|pagina [0-9]|vertrouwelijk|"
    r"(?:gegenereerd|geëxporteerd|afgedrukt)\b|(?:source|quelle|fuente|fonte|bron|note|hinweis|"
    r"nota|remarque|opmerking|filters?)\s?:).*",
    re.IGNORECASE | re.DOTALL,
)


def is_total(row: Sequence[str]) -> bool:
    """Whether a row is a total: a word for it, and beside it nothing but sums.

    >>> is_total(["Summe", "", "12.500,00"]), is_total(["", "Grand Totals (8 records)"])
    (True, True)
    >>> is_total(["Total", "Closed Won", "12500"]), is_total(["Total", "2026-01-05", "12500"])
    (False, False)
    """
    label, *others = [cell for cell in row if cell.strip()] or [""]
    is_sum = (is_number(cell) or TOTAL.fullmatch(cell) for cell in others)
    return bool(TOTAL.fullmatch(label)) and all(is_sum)


def is_note(row: Sequence[str], columns: int) -> bool:
    """Whether a row at the end of a table of so many columns is a note under it.

    >>> is_note(["Copyright (c) 2000-2026 salesforce.com", " inc."], 5)
    True
    >>> is_note(["All figures are provisional.", "", ""], 3), is_note(["D-17", "", ""], 3)
    (True, False)
    """
    filled = [cell for cell in row if cell.strip()]
    if not filled:
        return False
    is_sentence = len(filled) == 1 and columns > 2 and len(filled[0].split()) >= SENTENCE
    return is_sentence or (len(filled) < max(2, columns / 2) and bool(NOTE.fullmatch(filled[0])))


def spellings() -> list[str]:
    """The words for a total as they begin a row."""
    return [text for word in TOTALS for text in (word, word.capitalize(), word.upper())]
