"""Kinds of files that were read wrong once: limits in days, and amounts in several currencies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.cases import Case, assert_read, cohort_of, of_cases, workbook
from workshop.intake import Code

# -- a limit where stages carry no date ------------------------------------------------------------

UNDATED_STAGES = {
    "lost deals keep their stage": Case(
        "Deal - ID,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Deal closed on\n"
        "1,Proposal,won,2025-01-01,2025-01-25\n2,Proposal,won,2025-01-02,2025-01-06\n"
        "3,Proposal,lost,2025-01-03,2025-01-20\n4,Proposal,open,2025-01-04,\n"
        "5,Demo,lost,2025-01-05,2025-01-20\n6,Demo,open,2025-01-06,\n"
        "7,Qualified,lost,2025-01-07,2025-01-20\n",
        {"Qualified": 7, "Demo": 6, "Proposal": 4, "Won": 2},
        lost=3,
    ),
    "German, in semicolons": Case(
        "Vorgangsnummer;Phase;Status;Erstellt am;Geschlossen am\n"
        "1;Angebot;Gewonnen;01.01.2025;25.01.2025\n2;Angebot;Gewonnen;02.01.2025;06.01.2025\n"
        "3;Anfrage;Verloren;03.01.2025;20.01.2025\n4;Anfrage;Offen;14.01.2025;\n",
        {"Anfrage": 4, "Angebot": 2, "Won": 2},
        lost=1,
    ),
    "no dates of creation": Case(
        "ID;Etapa;Estado\n1;Propuesta;Ganada\n2;Propuesta;Ganada\n3;Propuesta;Perdida\n"
        "4;Consulta;Perdida\n5;Consulta;Abierta\n",
        {"Consulta": 5, "Propuesta": 3, "Won": 2},
        lost=2,
    ),
    "a history without any date": Case(
        "lead_id,stage\n1,Lead\n1,Demo\n1,Won\n2,Lead\n2,Demo\n2,Lost\n3,Lead\n4,Lead\n4,Lost\n",
        {"Lead": 4, "Demo": 2, "Won": 1},
        lost=2,
    ),
    "wins alone are dated": Case(
        "Deal ID|Stage|Status|Won on\n"
        "1|Proposal|won|2025-01-25\n2|Proposal|lost|\n3|Demo|lost|\n4|Demo|open|\n",
        {"Demo": 4, "Proposal": 2, "Won": 1},
        lost=2,
    ),
}


@of_cases(UNDATED_STAGES)
def test_a_limit_that_excludes_nothing_changes_nothing(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)
    with cohort_of(case, tmp_path) as cohort:
        assert cohort.reached(window=timedelta(days=36_500)) == cohort.reached()


def test_a_limit_holds_for_wins_where_stages_are_undated(tmp_path: Path) -> None:
    case = UNDATED_STAGES["lost deals keep their stage"]
    with cohort_of(case, tmp_path) as cohort:
        first, *_, won = cohort.reached(window=timedelta(days=10))
        assert (first, won) == (7, 1)  # the other win took 24 days


# -- amounts in several currencies -----------------------------------------------------------------

CURRENCIES = {
    "a column of codes": Case(
        "Record ID,Deal Stage,Create Date,Close Date,Amount,Currency\n"
        "1,Closed Won,2025-01-05,2025-02-05,4000,EUR\n2,Closed Won,2025-01-16,2025-02-16,6000,EUR\n"
        "3,Closed Won,2025-01-27,2025-02-27,9000,USD\n4,Closed Won,2025-02-08,2025-03-08,9000,JPY\n"
        "5,Closed Lost,2025-02-19,2025-03-19,4000,EUR\n",
        {"Deal": 5, "Won": 4},
        lost=1,
        mean_value=5000,
        currency="EUR",
        said=[Code.CURRENCIES],
    ),
    "codes in small letters": Case(
        "Deal ID;Status;Value;currency code;Created\n"
        "1;won;4000;gbp;2025-01-05\n2;won;2000;gbp;2025-01-16\n3;won;900;chf;2025-01-27\n"
        "4;lost;900;gbp;2025-02-08\n",
        {"Deal": 4, "Won": 3},
        lost=1,
        mean_value=3000,
        currency="GBP",
        said=[Code.CURRENCIES],
    ),
    "German amounts with their signs": Case(
        "Vorgangsnummer;Ergebnis;Angelegt am;Auftragswert\n"
        "1;Gewonnen;15.01.2025;1.200,00 €\n2;Gewonnen;16.01.2025;800,00 €\n"
        "3;Gewonnen;17.01.2025;9.000,00 $\n4;Verloren;18.01.2025;700,00 €\n",
        {"Deal": 4, "Won": 3},
        lost=1,
        mean_value=1000,
        currency="EUR",
        said=[Code.CURRENCIES],
    ),
    "signs before the amounts": Case(
        'id,status,created,amount\n1,won,2025-01-15,"£1,200.50"\n2,won,2025-01-16,£799.50\n'
        '3,won,2025-01-17,"€90,000.00"\n4,lost,2025-01-18,£5\n',
        {"Deal": 4, "Won": 3},
        lost=1,
        mean_value=1000,
        currency="GBP",
        said=[Code.CURRENCIES],
    ),
    "names of currencies": Case(
        "ID,Estado,Fecha de creación,Importe,Moneda\n"
        "1,Ganada,2025-01-15,1000,Euro\n2,Ganada,2025-01-16,3000,Euro\n"
        "3,Ganada,2025-01-17,500,US Dollar\n4,Perdida,2025-01-18,500,Euro\n",
        {"Deal": 4, "Won": 3},
        lost=1,
        mean_value=2000,
        currency="EUR",
        said=[Code.CURRENCIES],
    ),
    "only lost deals in the other one": Case(
        workbook(
            [
                ["Deal-ID", "Status", "Erstellt am", "Betrag", "Währung"],
                [1, "Gewonnen", "2025-01-15", 1000, "CHF"],
                [2, "Gewonnen", "2025-01-16", 3000, "CHF"],
                [3, "Verloren", "2025-01-17", 500, "EUR"],
            ]
        ),
        {"Deal": 3, "Won": 2},
        lost=1,
        mean_value=2000,
        currency="CHF",
        name="deals.xlsx",
    ),
}

ONE_CURRENCY = {
    "the column's name says it": Case(
        "Deal ID,Status,Created,Amount (EUR)\n"
        "1,won,2025-01-15,1000\n2,won,2025-01-16,3000\n3,lost,2025-01-17,500\n",
        {"Deal": 3, "Won": 2},
        lost=1,
        mean_value=2000,
        currency="EUR",
    ),
    "some amounts are blank": Case(
        "Deal ID,Status,Created,Amount,Currency\n"
        "1,won,2025-01-15,1000,USD\n2,won,2025-01-16,,USD\n3,won,2025-01-17,3000,USD\n"
        "4,lost,2025-01-18,,\n5,won,2025-01-19,,\n",
        {"Deal": 5, "Won": 4},
        lost=1,
        mean_value=2000,
        currency="USD",
    ),
    "some codes are blank": Case(
        "Deal ID;Status;Created;Amount;Currency\n"
        "1;won;2025-01-15;1000;SEK\n2;won;2025-01-16;3000;\n3;lost;2025-01-17;9;SEK\n",
        {"Deal": 3, "Won": 2},
        lost=1,
        mean_value=2000,
        currency="SEK",
    ),
    "codes in capitals and in small letters": Case(
        "Deal ID;Status;Created;Amount;Currency\n"
        "1;won;2025-01-15;1000;EUR\n2;won;2025-01-16;3000;eur\n3;lost;2025-01-17;9; EUR \n",
        {"Deal": 3, "Won": 2},
        lost=1,
        mean_value=2000,
        currency="EUR",
    ),
    "French amounts": Case(
        "N°;Statut;Créée le;Montant\n1;Gagnée;15/01/2025;1 200,50 €\n"
        "2;Gagnée;16/01/2025;2 799,50 €\n3;Perdue;17/01/2025;10,00 €\n",
        {"Deal": 3, "Won": 2},
        lost=1,
        mean_value=2000,
        currency="EUR",
    ),
}


@of_cases(CURRENCIES)
def test_values_in_several_currencies_have_a_mean_in_one(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)


@of_cases(ONE_CURRENCY)
def test_values_in_one_currency_are_not_warned_of(case: Case, tmp_path: Path) -> None:
    reading = assert_read(case, tmp_path)
    assert Code.CURRENCIES not in {caution.code for caution in reading.cautions}
