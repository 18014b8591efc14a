"""Kinds of files that were read wrong once: what a row is, and where the rows begin and end."""

from __future__ import annotations

from pathlib import Path

from tests.cases import Case, assert_read, of_cases, parquet, read_text, workbook
from workshop.intake import Code, read
from workshop.intake.layout import Shape

# -- rows that are leads, without an id ------------------------------------------------------------

NO_ID = {
    "German dates of stages": Case(
        "Anlagedatum;Besichtigung;Kostenvoranschlag;Unterschrift;Absage\n"
        "03.02.2025;10.02.2025;17.02.2025;24.02.2025;\n"
        "03.02.2025;10.02.2025;17.02.2025;;26.02.2025\n"
        "14.02.2025;20.02.2025;;;28.02.2025\n"
        "15.02.2025;21.02.2025;;;\n"
        "16.02.2025;;;;20.02.2025\n17.02.2025;;;;\n18.02.2025;;;;\n",
        {"Lead": 7, "Besichtigung": 4, "Kostenvoranschlag": 2, "Unterschrift": 1},
        lost=3,
        shape=Shape.DATES,
        said=[Code.NO_ID],
    ),
    "deals of one name": Case(
        "Deal Name,Deal Status,Created Date,Close Date,Amount\n"
        "Upgrade,Lost,2025-01-05,2025-02-05,700\nUpgrade,Won,2025-01-16,2025-02-06,500\n"
        "Upgrade,Lost,2025-01-27,2025-02-07,700\nTrial,Won,2025-02-08,2025-03-08,900\n"
        "Trial,Open,2025-02-09,,300\n",
        {"Deal": 5, "Won": 2},
        lost=2,
        mean_value=700,
        said=[Code.NO_ID],
    ),
    "the name first, the id behind it": Case(
        "Opportunity Name\tStage\tCreated Date\tClose Date\tOpportunity ID\n"
        "Acme\tClosed Won\t1/5/2025\t2/15/2025\t006A\n"
        "Acme\tClosed Lost\t1/16/2025\t2/16/2025\t006B\n"
        "Acme\tClosed Lost\t1/27/2025\t2/17/2025\t006C\n"
        "Bolt\tClosed Won\t2/8/2025\t3/18/2025\t006D\n",
        {"Opportunity": 4, "Won": 2},
        lost=2,
    ),
    "an address with two deals of different outcome": Case(
        "Email;Status;Created;Closed\n"
        "ada@example.org;Won;2025-01-05;2025-02-15\nada@example.org;Lost;2025-01-16;2025-02-16\n"
        "bo@example.org;Lost;2025-01-27;2025-02-17\nbo@example.org;Won;2025-02-08;2025-03-18\n"
        "cy@example.org;Open;2025-02-09;\n",
        {"Deal": 5, "Won": 2},
        lost=2,
        said=[Code.NO_ID],
    ),
    "Dutch customers that come back": Case(
        "Klant;Status;Aanmaakdatum;Sluitingsdatum;Reden van verlies\n"
        "Bakker;Gewonnen;13-01-2025;20-02-2025;\nBakker;Verloren;14-01-2025;21-02-2025;Prijs\n"
        "Smit;Verloren;25-01-2025;22-02-2025;Prijs\nSmit;Verloren;26-01-2025;23-02-2025;Tijd\n",
        {"Deal": 4, "Won": 1},
        lost=3,
        losses={"Deal": {"Prijs": 2, "Tijd": 1}},
        said=[Code.NO_ID],
    ),
    "two leads of the same day and outcome": Case(
        "Étape;Statut;Date de création;Date de clôture\n"
        "Devis;Perdue;13/01/2025;20/02/2025\nDevis;Perdue;13/01/2025;20/02/2025\n"
        "Devis;Gagnée;14/01/2025;21/02/2025\nDemande;Perdue;15/01/2025;22/02/2025\n",
        {"Demande": 4, "Devis": 3, "Won": 1},
        lost=3,
        said=[Code.NO_ID],
    ),
    "the owner is no id": Case(
        "Responsable;Etapa;Estado;Fecha de creación\n"
        "Inés;Propuesta;Ganada;13/01/2025\nInés;Propuesta;Perdida;14/01/2025\n"
        "Inés;Consulta;Perdida;25/01/2025\nRaúl;Propuesta;Abierta;26/01/2025\n"
        "Raúl;Consulta;Abierta;27/01/2025\n",
        {"Consulta": 5, "Propuesta": 3, "Won": 1},
        lost=2,
        said=[Code.NO_ID],
    ),
    "a row that was copied, under its id": Case(
        "Deal ID,Status,Created,Closed\n"
        "1,Won,2025-01-05,2025-02-15\n2,Lost,2025-01-16,2025-02-16\n"
        "2,Lost,2025-01-16,2025-02-16\n3,Lost,2025-01-27,2025-02-17\n",
        {"Deal": 3, "Won": 1},
        lost=2,
        aside=1,
    ),
    "rows that lack their id": Case(
        "Deal ID,Status,Created,Closed\n"
        "1,Won,2025-01-05,2025-02-15\n,Lost,2025-01-16,2025-02-16\n"
        "3,Lost,2025-01-27,2025-02-17\n4,Open,2025-01-28,\n",
        {"Deal": 3, "Won": 1},
        lost=1,
        aside=1,
    ),
    "an Italian workbook": Case(
        workbook(
            [
                ["Nome trattativa", "Esito", "Motivo della perdita", "Data di creazione"],
                ["Rinnovo", "Vinta", None, "2025-01-13"],
                ["Rinnovo", "Persa", "Prezzo", "2025-01-24"],
                ["Rinnovo", "Persa", "Tempi", "2025-02-04"],
                ["Nuovo", "Vinta", None, "2025-02-15"],
            ]
        ),
        {"Deal": 4, "Won": 2},
        lost=2,
        losses={"Deal": {"Prezzo": 1, "Tempi": 1}},
        said=[Code.NO_ID],
        name="trattative.xlsx",
    ),
}


@of_cases(NO_ID)
def test_where_no_column_tells_leads_apart_every_row_is_one(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)


def test_rows_of_a_parquet_file_are_leads_too(tmp_path: Path) -> None:
    table = (
        "name,status,created,closed\nRenewal,won,2025-01-05,2025-02-05\n"
        "Renewal,lost,2025-01-16,2025-02-06\nRenewal,lost,2025-01-27,2025-02-07\n"
    )
    case = Case(parquet(tmp_path, table), {"Deal": 3, "Won": 1}, lost=2, name="deals.parquet")
    assert_read(case, tmp_path)


# -- where the rows begin and end ------------------------------------------------------------------

FIVE_DEALS = (
    "Record ID;Deal Stage;Create Date;Close Date;Amount\n"
    "1;Closed Won;2025-01-05;2025-02-05;1000\n2;Closed Lost;2025-01-16;2025-02-06;1000\n"
    "3;Closed Won;2025-01-27;2025-02-07;3000\n4;Closed Lost;2025-02-08;2025-03-08;1000\n"
    "5;Closed Lost;2025-02-09;2025-03-09;1000\n"
)


def five(content: str | bytes, aside: int = 0, name: str = "deals.csv") -> Case:
    return Case(content, {"Deal": 5, "Won": 2}, lost=3, mean_value=2000, aside=aside, name=name)


HEADER_BELOW = {
    "a line that says the separator": five(f"sep=;\n{FIVE_DEALS}"),
    "that line quoted, behind a mark of the encoding": five(
        f'"sep=;"\r\n{FIVE_DEALS}'.encode("utf-8-sig")
    ),
    "tabs, which that line says, in UTF-16": five(
        ("sep=\t\n" + FIVE_DEALS.replace(";", "\t")).encode("utf-16")
    ),
    "a title, a date and a blank line": five(
        f"Verkaufsbericht 1. Quartal\nStand: 31.03.2025\n\n{FIVE_DEALS}"
    ),
    "a title with as many separators as the table": five(
        f"Rapport des ventes;;;;\nDu 01/01/2025 au 31/03/2025;;;;\n;;;;\n{FIVE_DEALS}"
    ),
    "filters and their values": five(
        f"Filters;\nOwner;All\nPipeline;Sales\nRange;2025-01-01 - 2025-03-31\n\n{FIVE_DEALS}"
    ),
    "titles over groups of columns": five(f"Deal;;Dates;;Value\n{FIVE_DEALS}"),
    "a total and a footer": five(
        f"{FIVE_DEALS}Total;;;;7000\n\n"
        "Confidential Information - Do Not Distribute\nCopyright (c) 2025 Acme Inc.\n",
        aside=3,
    ),
    "carriage returns alone": five(FIVE_DEALS.replace("\n", "\r")),
    "blank lines between the rows": five(FIVE_DEALS.replace("\n", "\n\n")),
    "a sheet below a merged title": five(
        workbook(
            [
                ["Trattative chiuse", None, None, None, None],
                [None, None, None, None, None],
                ["Record ID", "Deal\nStage", "Create Date", "Close Date", "Amount"],
                [1, "Closed Won", "2025-01-05", "2025-02-05", 1000],
                [2, "Closed Lost", "2025-01-16", "2025-02-06", 1000],
                [3, "Closed Won", "2025-01-27", "2025-02-07", 3000],
                [4, "Closed Lost", "2025-02-08", "2025-03-08", 1000],
                [5, "Closed Lost", "2025-02-09", "2025-03-09", 1000],
            ]
        ),
        name="trattative.xlsx",
    ),
    "counts below the line of the separator": Case(
        "sep=;\nÉtape;Nombre\nContact;1 500\nDevis;600\nSignature;90\n",
        {"Contact": 1500, "Devis": 600, "Signature": 90},
        lost=1410,
        shape=Shape.COUNTS,
    ),
    "counts below a title": Case(
        "Trichter 2025\n\nPhase,Anzahl\nAnfrage,800\nAngebot,300\nAuftrag,75\n",
        {"Anfrage": 800, "Angebot": 300, "Auftrag": 75},
        lost=725,
        shape=Shape.COUNTS,
    ),
}


@of_cases(HEADER_BELOW)
def test_the_names_of_the_columns_are_found_wherever_they_stand(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)


def test_a_header_that_a_report_repeats_is_no_deal(tmp_path: Path) -> None:
    header, *rows = FIVE_DEALS.splitlines()
    reading = read_text(tmp_path, "\n".join([header, *rows[:3], header, *rows[3:]]))
    assert (reading.won, reading.lost, reading.open) == (2, 3, 0)


def test_what_repeats_with_other_stages_is_the_lead_where_no_name_says_it(tmp_path: Path) -> None:
    rows = [
        ("K1", "Aanvraag", "2025-02-03"),
        ("K1", "Voorstel", "2025-02-05"),
        ("K1", "Gewonnen", "2025-02-09"),
        ("K2", "Aanvraag", "2025-02-04"),
        ("K2", "Voorstel", "2025-02-06"),
        ("K3", "Aanvraag", "2025-02-05"),
        ("K3", "Verloren", "2025-02-07"),
    ]
    path = tmp_path / "dossiers.csv"
    lines = [";".join(row) for row in [("Kandidaat", "Fase", "Datum"), *rows]]
    path.write_text("\n".join(lines))
    found = read(path)
    assert found.shape is Shape.HISTORY
    assert found.stages == ("Aanvraag", "Voorstel", "Gewonnen")
    assert (found.reached, found.won, found.lost, found.open) == ((3, 2, 1), 1, 1, 1)
    assert Code.NO_ID in {caution.code for caution in found.cautions}
