"""Files of kinds that were read wrong once: what a row is, which stages there are, in what order."""

from __future__ import annotations

from pathlib import Path

from tests.cases import Case, assert_read, of_cases
from workshop.intake import Code

LOSSES_WITHOUT_DATE = {
    "an id, an outcome and a reason": Case(
        "id,outcome,loss_reason\n"
        "1,won,\n2,won,\n3,lost,Too expensive\n4,lost,Too expensive\n5,lost,No need\n6,lost,\n",
        {"Deal": 6, "Won": 2},
        lost=4,
        losses={"Deal": {"Too expensive": 2, "No need": 1}},
        said=[Code.DATES_MISSING, Code.PERIOD_UNKNOWN],
    ),
    "German, semicolons, only wins dated": Case(
        "Vorgangsnr;Ergebnis;Verlustgrund;Angelegt am;Abschlussdatum;Auftragswert\n"
        "A-1;Gewonnen;;02.01.2026;20.01.2026;4.000,00\n"
        "A-2;Verloren;Preis;05.01.2026;;2.000,00\n"
        "A-3;Verloren;Preis;19.01.2026;;3.000,00\n"
        "A-4;Verloren;Kein Bedarf;02.02.2026;;3.000,00\n"
        "A-5;Gewonnen;;10.02.2026;25.03.2026;6.000,00\n",
        {"Deal": 5, "Won": 2},
        lost=3,
        losses={"Deal": {"Preis": 2, "Kein Bedarf": 1}},
        mean_value=5000,
        said=[Code.DATES_MISSING],
    ),
}


@of_cases(LOSSES_WITHOUT_DATE)
def test_a_loss_without_a_date_is_a_loss(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)
