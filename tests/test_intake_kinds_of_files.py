"""Files of kinds that were read wrong once: what a row is, which stages there are, their order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.cases import Case, assert_read, of_cases, parquet, read_text, walked, workbook
from workshop.intake import Code
from workshop.intake.layout import Shape
from workshop.intake.report import Cause


def german(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def french(day: date) -> str:
    return day.strftime("%d/%m/%Y")


# -- losses that no date tells ---------------------------------------------------------------------

LOSSES_WITHOUT_DATE = {
    "an id, an outcome and a reason": Case(
        "id,outcome,loss_reason\n"
        "1,won,\n2,won,\n3,lost,Too expensive\n4,lost,Too expensive\n5,lost,No need\n6,lost,\n",
        {"Deal": 6, "Won": 2},
        lost=4,
        losses={"Deal": {"Too expensive": 2, "No need": 1}},
        said=[Code.DATES_MISSING, Code.PERIOD_UNKNOWN],
    ),
    "German, only wins are dated": Case(
        "Vorgangsnr;Ergebnis;Verlustgrund;Angelegt am;Abschlussdatum;Auftragswert\n"
        "A-1;Gewonnen;;02.01.2025;20.01.2025;4.000,00\n"
        "A-2;Verloren;Preis;05.01.2025;;2.000,00\n"
        "A-3;Verloren;Preis;19.01.2025;;3.000,00\n"
        "A-4;Verloren;Kein Bedarf;02.02.2025;;3.000,00\n"
        "A-5;Gewonnen;;10.02.2025;25.03.2025;6.000,00\n",
        {"Deal": 5, "Won": 2},
        lost=3,
        losses={"Deal": {"Preis": 2, "Kein Bedarf": 1}},
        mean_value=5000,
        said=[Code.DATES_MISSING],
    ),
    "lost deals keep their stage, one of them has a date": Case(
        "Deal - ID,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Deal closed on,"
        "Deal - Lost reason\n"
        "1,Offer,won,2025-01-02,2025-02-11,\n"
        "2,Offer,won,2025-01-14,2025-03-02,\n"
        "3,Offer,lost,2025-01-20,2025-03-05,Price\n"
        "4,Offer,lost,2025-02-01,,Price\n"
        "5,Demo,lost,2025-02-03,,No answer\n"
        "6,Demo,open,2025-02-14,,\n"
        "7,Qualified,lost,2025-03-01,,No answer\n"
        "8,Qualified,lost,2025-03-02,,\n",
        {"Qualified": 8, "Demo": 6, "Offer": 4, "Won": 2},
        lost=5,
        losses={"Qualified": {"No answer": 1}, "Demo": {"No answer": 1}, "Offer": {"Price": 2}},
    ),
    "a reason alone says lost": Case(
        "Deal ID;Stage;Created;Closed;Loss reason\n"
        "1;Closed won;2025-01-02;2025-02-11;\n"
        "2;Proposal;2025-01-14;2025-03-02;Price\n"
        "3;Proposal;2025-01-20;2025-03-05;Price\n"
        "4;Qualified;2025-02-01;2025-03-06;Timing\n"
        "5;Qualified;2025-02-08;;\n",
        {"Qualified": 5, "Proposal": 3, "Closed won": 1},
        lost=3,
        losses={"Qualified": {"Timing": 1}, "Proposal": {"Price": 2}},
    ),
    "a Spanish history whose losses have no date": Case(
        "ID de prospecto;Etapa;Fecha\n"
        "P1;Contacto;03/02/2025\nP1;Propuesta;10/02/2025\nP1;Ganado;21/02/2025\n"
        "P2;Contacto;04/02/2025\nP2;Propuesta;14/02/2025\nP2;Perdido;\n"
        "P3;Contacto;05/02/2025\nP3;Perdido;\n"
        "P4;Contacto;18/02/2025\n",
        {"Contacto": 4, "Propuesta": 2, "Ganado": 1},
        lost=2,
    ),
    "French dates of stages, and a status alone that says lost": Case(
        "N° opportunité;Créée le;Date démo;Date proposition;Date signature;Statut\n"
        "1;03/02/2025;10/02/2025;18/02/2025;26/02/2025;Gagnée\n"
        "2;04/02/2025;11/02/2025;19/02/2025;;Perdue\n"
        "3;05/02/2025;12/02/2025;;;Perdue\n"
        "4;06/02/2025;;;;Perdue\n"
        "5;07/02/2025;;;;En cours\n",
        {"Opportunity": 5, "Démo": 3, "Proposition": 2, "Signature": 1},
        lost=3,
    ),
    "dates that stand for none": Case(
        "deal_id,status,created_at,closed_at\n"
        "1,Won,2025-01-02,2025-02-11\n"
        "2,Lost,2025-01-14,0000-00-00\n"
        "3,Lost,2025-01-20,n/a\n"
        "4,Lost,2025-02-01,-\n"
        "5,Won,2025-02-08,2025-03-11\n"
        "6,Open,2025-02-10,\n"
        "7,Lost,2025-02-18,2025-03-20\n",
        {"Deal": 7, "Won": 2},
        lost=4,
    ),
    "only losses are dated": Case(
        "Deal ID,Deal Status,Lost on,Created on\n"
        "1,Won,,2025-01-02\n2,Won,,2025-01-14\n3,Lost,2025-03-01,2025-01-20\n"
        "4,Lost,2025-03-09,2025-02-01\n5,Open,,2025-02-08\n",
        {"Deal": 5, "Won": 2},
        lost=2,
    ),
    "some ends are dated, and some deals say nothing but their outcome": Case(
        "deal_id,status,created_at,closed_at\n"
        "1,Won,2025-01-02,2025-02-11\n2,Won,2025-01-14,\n3,Lost,2025-01-20,\n"
        "4,Lost,2025-02-01,2025-02-11\n5,Open,2025-02-01,\n"
        "6,Open,,\n7,Lost,,\n8,Won,,\n",
        {"Deal": 8, "Won": 3},
        lost=3,
    ),
    "a Portuguese workbook": Case(
        workbook(
            [
                ["Código", "Resultado", "Motivo da perda", "Valor"],
                [1, "Ganho", None, 1000],
                [2, "Perdido", "Preço", 900],
                [3, "Perdido", "Concorrente", 800],
                [4, "Ganho", None, 3000],
                [5, "Perdido", "Preço", 700],
            ]
        ),
        {"Deal": 5, "Won": 2},
        lost=3,
        losses={"Deal": {"Preço": 2, "Concorrente": 1}},
        mean_value=2000,
        name="negócios.xlsx",
    ),
}


@of_cases(LOSSES_WITHOUT_DATE)
def test_a_loss_without_a_date_is_a_loss(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)


# -- the order of stages ---------------------------------------------------------------------------

STAGE_ORDER = {
    "SQL after Qualified, against the usual names": Case(
        walked(
            "lead_id,stage,entered_at",
            (3, "New > Contacted > Working"),
            (4, "New > Contacted > Working > Qualified"),
            (3, "New > Contacted > Working > Qualified > SQL"),
            (2, "New > Contacted > Working > Qualified > SQL > Won"),
        ),
        {"New": 12, "Contacted": 12, "Working": 12, "Qualified": 9, "SQL": 5, "Won": 2},
        lost=0,
        said=[Code.STAGE_ORDER],
    ),
    "an opportunity before the MQL, in French": Case(
        walked(
            "N° de piste;Étape;Date d'entrée",
            (5, "Opportunité"),
            (4, "Opportunité > MQL"),
            (2, "Opportunité > MQL > Gagné"),
            (3, "Opportunité > Perdu"),
            delimiter=";",
            written=french,
        ),
        {"Opportunité": 14, "MQL": 6, "Gagné": 2},
        lost=3,
        said=[Code.STAGE_ORDER],
    ),
    "leads against the numbers before the names": Case(
        walked(
            "lead_id\tstage\tdate",
            (6, "2. Erstgespräch"),
            (5, "2. Erstgespräch > 1. Angebot"),
            (3, "2. Erstgespräch > 1. Angebot > 3. Gewonnen"),
            (4, "2. Erstgespräch > 1. Angebot > 4. Verloren"),
            delimiter="\t",
            written=german,
        ),
        {"2. Erstgespräch": 18, "1. Angebot": 12, "3. Gewonnen": 3},
        lost=4,
        said=[Code.STAGE_ORDER],
    ),
    "one slip in a hundred does not turn numbered stages": Case(
        walked(
            "lead_id,stage,entered_at",
            (60, "1 - Kickoff > 2 - Workshop"),
            (1, "2 - Workshop > 1 - Kickoff"),
            (39, "1 - Kickoff > 2 - Workshop > 3 - Won"),
        ),
        {"1 - Kickoff": 100, "2 - Workshop": 100, "3 - Won": 39},
        lost=0,
    ),
    "one slip alone does not turn numbered stages that others skip": Case(
        walked(
            "lead_id,stage,entered_at",
            (20, "1. Intake > 3. Pilot"),
            (20, "1. Intake > 2. Audit"),
            (10, "1. Intake > 2. Audit > 3. Pilot > 4. Won"),
            (1, "1. Intake > 3. Pilot > 2. Audit"),
            (5, "1. Intake"),
        ),
        {"1. Intake": 56, "2. Audit": 51, "3. Pilot": 31, "4. Won": 10},
        lost=0,
    ),
    "a stage that most leads skip": Case(
        walked(
            "Lead,Fase,Datum",
            (9, "Aanvraag > Voorstel"),
            (2, "Aanvraag > Technische toets > Voorstel"),
            (4, "Aanvraag > Voorstel > Gewonnen"),
            (1, "Aanvraag > Technische toets > Voorstel > Gewonnen"),
            (3, "Aanvraag > Verloren"),
        ),
        {"Aanvraag": 19, "Technische toets": 16, "Voorstel": 16, "Gewonnen": 5},
        lost=3,
    ),
    "the newest rows first, in Italian": Case(
        "\n".join(
            [
                "ID trattativa;Fase;Data",
                *reversed(
                    walked(
                        "",
                        (4, "Sopralluogo > Preventivo"),
                        (3, "Sopralluogo > Preventivo > Collaudo"),
                        (2, "Sopralluogo > Preventivo > Collaudo > Vinta"),
                        (5, "Sopralluogo > Persa"),
                        delimiter=";",
                        written=french,
                    ).split()
                ),
            ]
        ),
        {"Sopralluogo": 14, "Preventivo": 9, "Collaudo": 5, "Vinta": 2},
        lost=5,
    ),
    "some leads go back": Case(
        walked(
            "lead_id,stage,entered_at",
            (7, "Triage > Showroom > Fitting"),
            (3, "Triage > Showroom > Triage > Showroom > Fitting > Won"),
            (2, "Triage > Showroom > Fitting > Showroom"),
            (4, "Triage > Lost"),
        ),
        {"Triage": 16, "Showroom": 12, "Fitting": 12, "Won": 3},
        lost=4,
    ),
    "columns of dates in another order than the dates": Case(
        "lead;Abnahme;Besichtigung;Gewonnen;Kontakt\n"
        "1;20.02.2025;12.02.2025;26.02.2025;03.02.2025\n"
        "2;21.02.2025;13.02.2025;;04.02.2025\n"
        "3;22.02.2025;14.02.2025;27.02.2025;05.02.2025\n"
        "4;;15.02.2025;;06.02.2025\n"
        "5;;;;07.02.2025\n",
        {"Kontakt": 5, "Besichtigung": 4, "Abnahme": 3, "Gewonnen": 2},
        lost=0,
        shape=Shape.DATES,
    ),
    "names that mean the same elsewhere are two stages here": Case(
        walked(
            "lead_id,stage,entered_at",
            (3, "Lead > Proposal"),
            (3, "Lead > Proposal > Quote"),
            (2, "Lead > Proposal > Quote > Won"),
        ),
        {"Lead": 8, "Proposal": 8, "Quote": 5, "Won": 2},
        lost=0,
    ),
}


@of_cases(STAGE_ORDER)
def test_the_order_of_stages_is_the_one_that_leads_took(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)


# -- histories of a field --------------------------------------------------------------------------

FIELD_HISTORY = {
    "Salesforce's report": Case(
        "Opportunity ID,Opportunity Name,Stage,Amount,Created Date,Close Date,Field / Event,"
        "Old Value,New Value,Edit Date\n"
        "006A,Alder,Closed Lost,500,1/15/2025,2/28/2025,Created.,,,1/15/2025\n"
        "006A,Alder,Closed Lost,500,1/15/2025,2/28/2025,Stage,Prospecting,Proposal,1/25/2025\n"
        "006A,Alder,Closed Lost,500,1/15/2025,2/28/2025,Stage,Proposal,Closed Lost,2/28/2025\n"
        "006B,Birch,Closed Won,700,1/16/2025,2/20/2025,Created.,,,1/16/2025\n"
        "006B,Birch,Closed Won,700,1/16/2025,2/20/2025,Stage,Prospecting,Proposal,1/20/2025\n"
        "006B,Birch,Closed Won,700,1/16/2025,2/20/2025,Stage,Proposal,Negotiation,1/30/2025\n"
        "006B,Birch,Closed Won,700,1/16/2025,2/20/2025,Stage,Negotiation,Closed Won,2/20/2025\n"
        "006C,Cedar,Closed Lost,900,1/17/2025,2/10/2025,Created.,,,1/17/2025\n"
        "006C,Cedar,Closed Lost,900,1/17/2025,2/10/2025,Stage,Prospecting,Closed Lost,2/10/2025\n"
        "006D,Doum,Proposal,400,1/18/2025,6/30/2025,Created.,,,1/18/2025\n"
        "006D,Doum,Proposal,400,1/18/2025,6/30/2025,Stage,Prospecting,Proposal,1/29/2025\n",
        {"Prospecting": 4, "Proposal": 3, "Negotiation": 1, "Closed Won": 1},
        lost=2,
        mean_value=700,
        shape=Shape.HISTORY,
    ),
    "only created so far": Case(
        "Opportunity ID,Stage,Field / Event,Old Value,New Value,Edit Date\n"
        "006A,Closed Won,Created.,,,1/15/2025\n"
        "006A,Closed Won,Stage,Prospecting,Proposal,1/25/2025\n"
        "006A,Closed Won,Stage,Proposal,Closed Won,2/25/2025\n"
        "006B,Closed Lost,Created.,,,1/16/2025\n"
        "006B,Closed Lost,Stage,Prospecting,Closed Lost,2/16/2025\n"
        "006C,Prospecting,Created.,,,1/17/2025\n"
        "006D,Proposal,Created.,,,1/18/2025\n",
        {"Prospecting": 4, "Proposal": 2, "Closed Won": 1},
        lost=1,
    ),
    "its table of changes, with other fields": Case(
        "OpportunityId,Field,OldValue,NewValue,CreatedDate\n"
        "006A,created,,,2025-01-05T09:00:00.000+0000\n"
        "006A,StageName,Prospecting,Value Proposition,2025-01-15T09:00:00.000+0000\n"
        "006A,Amount,1000,1200,2025-01-16T09:00:00.000+0000\n"
        "006A,StageName,Value Proposition,Closed Won,2025-02-15T09:00:00.000+0000\n"
        "006B,created,,,2025-01-06T09:00:00.000+0000\n"
        "006B,StageName,Prospecting,Value Proposition,2025-01-18T09:00:00.000+0000\n"
        "006B,Owner,Ada,Grace,2025-01-19T09:00:00.000+0000\n"
        "006B,StageName,Value Proposition,Closed Lost,2025-02-18T09:00:00.000+0000\n"
        "006C,created,,,2025-01-07T09:00:00.000+0000\n"
        "006C,StageName,Prospecting,Closed Lost,2025-01-30T09:00:00.000+0000\n",
        {"Prospecting": 3, "Value Proposition": 2, "Closed Won": 1},
        lost=2,
        aside=2,
    ),
    "German, with changes of the amount": Case(
        "Opportunity-ID;Phase;Feld/Ereignis;Alter Wert;Neuer Wert;Bearbeitungsdatum\n"
        "A1;Abgeschlossen und gewonnen;Erstellt.;;;05.01.2025\n"
        "A1;Abgeschlossen und gewonnen;Phase;Erstkontakt;Angebot;20.01.2025\n"
        "A1;Abgeschlossen und gewonnen;Betrag;5.000;6.000;21.01.2025\n"
        "A1;Abgeschlossen und gewonnen;Phase;Angebot;Abgeschlossen und gewonnen;22.02.2025\n"
        "A2;Abgeschlossen und verloren;Erstellt.;;;06.01.2025\n"
        "A2;Abgeschlossen und verloren;Phase;Erstkontakt;Angebot;21.01.2025\n"
        "A2;Abgeschlossen und verloren;Phase;Angebot;Abgeschlossen und verloren;23.02.2025\n"
        "A3;Angebot;Erstellt.;;;07.01.2025\n"
        "A3;Angebot;Phase;Erstkontakt;Angebot;25.01.2025\n"
        "A4;Abgeschlossen und verloren;Erstellt.;;;08.01.2025\n"
        "A4;Abgeschlossen und verloren;Phase;Erstkontakt;Abgeschlossen und verloren;30.01.2025\n",
        {"Erstkontakt": 4, "Angebot": 3, "Abgeschlossen und gewonnen": 1},
        lost=2,
        aside=1,
    ),
    "from one stage to another, and not of which field": Case(
        "Opportunity ID,From Stage,To Stage,Last Modified\n"
        "1,Discovery,Evaluation,2025-02-13\n1,Evaluation,Closed Won,2025-03-15\n"
        "2,Discovery,Evaluation,2025-02-14\n2,Evaluation,Closed Lost,2025-03-16\n"
        "3,Discovery,Closed Lost,2025-02-20\n4,Discovery,Evaluation,2025-02-21\n",
        {"Discovery": 4, "Evaluation": 3, "Closed Won": 1},
        lost=2,
        shape=Shape.HISTORY,
    ),
    "a French workbook": Case(
        workbook(
            [
                ["ID opportunité", "Ancienne valeur", "Nouvelle valeur", "Date de modification"],
                ["O1", "Prospection", "Proposition", "2025-02-13"],
                ["O1", "Proposition", "Gagnée", "2025-02-23"],
                ["O2", "Prospection", "Proposition", "2025-02-14"],
                ["O2", "Proposition", "Perdue", "2025-02-24"],
                ["O3", "Prospection", "Perdue", "2025-02-25"],
            ]
        ),
        {"Prospection": 3, "Proposition": 2, "Gagnée": 1},
        lost=2,
        name="historique.xlsx",
    ),
    "the first stage stands among the old values alone": Case(
        "Opportunity ID,Old Value,New Value,Edit Date\n"
        "1,Wexford,Ablage,2025-02-13\n1,Ablage,Zork,2025-02-15\n1,Zork,Closed Won,2025-02-17\n"
        "2,Wexford,Ablage,2025-02-14\n2,Ablage,Zork,2025-02-16\n2,Zork,Closed Lost,2025-02-19\n"
        "3,Wexford,Ablage,2025-02-15\n3,Ablage,Closed Lost,2025-02-19\n"
        "4,Wexford,Closed Lost,2025-02-19\n5,Zork,Closed Lost,2025-02-20\n",
        {"Wexford": 5, "Ablage": 4, "Zork": 3, "Closed Won": 1},
        lost=4,
    ),
    "a loss that was taken back": Case(
        "Opportunity ID;Field;Old Value;New Value;Edit Date\n"
        "1;Stage;Demo;Closed Lost;2025-02-13\n1;Stage;Closed Lost;Offer;2025-02-20\n"
        "1;Stage;Offer;Closed Won;2025-03-13\n"
        "2;Stage;Demo;Offer;2025-02-14\n2;Stage;Offer;Closed Won;2025-02-24\n"
        "2;Stage;Closed Won;Closed Lost;2025-03-24\n"
        "3;Stage;Demo;Offer;2025-02-15\n3;Stage;Offer;Demo;2025-02-25\n",
        {"Demo": 3, "Offer": 3, "Closed Won": 1},
        lost=1,
        said=[Code.LAST_WORD],
    ),
}


@of_cases(FIELD_HISTORY)
def test_a_history_tells_what_each_value_was_changed_to(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)


# -- outcomes in other words -----------------------------------------------------------------------


def ending(header: str, first: str, second: str, won: str, lost: str, sep: str = ",") -> Case:
    """Eleven leads: three won, three lost at the second stage, four at the first, one open."""
    text = walked(
        header,
        (3, f"{first} > {second} > {won}"),
        (3, f"{first} > {second} > {lost}"),
        (4, f"{first} > {lost}"),
        (1, first),
        delimiter=sep,
    )
    return Case(text, {first: 11, second: 6, won: 3}, lost=7)


LOST_BY_ANOTHER_NAME = {
    "letters before the names": ending(
        "lead_id,stage,entered_at", "A. Inquiry", "B. Site visit", "C. Project Won", "L. Lost bid"
    ),
    "German": ending(
        "Lead-ID;Phase;Datum", "Anfrage", "Angebot", "Auftrag erhalten", "Auftrag verloren", ";"
    ),
    "German, not won": ending(
        "Lead-ID;Phase;Datum", "Anfrage", "Angebot", "Gewonnen", "Nicht gewonnen", ";"
    ),
    "French": ending(
        "ID de la piste;Étape;Date", "Qualification", "Devis", "Fermée gagnée", "Fermée perdue", ";"
    ),
    "Spanish": ending(
        "ID;Etapa;Fecha", "Calificación", "Presupuesto", "Cerrada ganada", "Cerrada perdida", ";"
    ),
    "Portuguese": ending(
        "ID;Fase;Data", "Qualificação", "Orçamento", "Fechado e ganho", "Fechado e perdido", ";"
    ),
    "Italian": ending(
        "ID|Fase|Data", "Contatto", "Preventivo", "Chiusa vinta", "Chiusa persa", "|"
    ),
    "Dutch": ending(
        "ID\tFase\tDatum", "Kwalificatie", "Offerte", "Gesloten gewonnen", "Gesloten verloren", "\t"
    ),
    "signs before the names": ending(
        "lead_id,stage,entered_at", "🌱 New", "📄 Quote", "🏆 Won", "❌ Lost"
    ),
    "no decision is no win": ending(
        "lead_id,stage,entered_at", "New", "Quote", "Closed – Won", "Closed – No decision"
    ),
    "cancelled by the customer": ending(
        "lead_id,stage,entered_at", "1 Scoping", "2 Quote", "3 Won", "9 Cancelled by customer"
    ),
    "a step with an outcome inside its name": ending(
        "lead_id,stage,entered_at", "Lostwithiel visit", "Wonderland demo", "Won", "Lost"
    ),
    "lost and disqualified are two losses": Case(
        walked(
            "lead_id,stage,entered_at",
            (2, "New > Quote > Won"),
            (2, "New > Quote > Lost"),
            (3, "New > Disqualified"),
        ),
        {"New": 7, "Quote": 4, "Won": 2},
        lost=5,
    ),
    "deals that end in several words for lost": Case(
        "Deal ID;Deal Stage;Create Date;Close Date\n"
        "1;Closed – Won;2025-01-02;2025-02-11\n2;Closed – No decision;2025-01-14;2025-03-02\n"
        "3;Closed – Lost to competitor;2025-01-20;2025-03-05\n4;Dead;2025-02-01;2025-03-06\n"
        "5;Quote;2025-02-08;\n",
        {"Deal": 5, "Won": 1},
        lost=3,
    ),
    "a stage that no word calls lost, with the reasons": Case(
        "lead_id,stage,entered_at,reason\n"
        + "".join(
            f"{lead},Inquiry,2025-02-{lead:02},\n{lead},Visit,2025-03-{lead:02},\n"
            for lead in range(1, 9)
        )
        + "".join(f"{lead},Won,2025-04-{lead:02},\n" for lead in (1, 2, 3))
        + "".join(f"{lead},Drawer,2025-04-{lead:02},Price\n" for lead in (4, 5, 6, 7)),
        {"Inquiry": 8, "Visit": 8, "Won": 3},
        lost=4,
        losses={"Visit": {"Price": 4}},
        said=[Code.TAKEN_FOR_LOST],
    ),
}


@of_cases(LOST_BY_ANOTHER_NAME)
def test_a_loss_by_any_name_is_no_step_on_the_way(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)
