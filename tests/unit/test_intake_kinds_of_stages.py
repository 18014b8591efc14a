"""Kinds of files that were read wrong once: which stages there are, and in what order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.cases import Case, assert_read, of_cases, walked, workbook
from workshop.intake import Code
from workshop.intake.layout import Shape


def german(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def french(day: date) -> str:
    return day.strftime("%d/%m/%Y")


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
    "a stage that follows the win, the newest rows first": Case(
        "\n".join(
            [
                "lead_id,stage,entered_at",
                *reversed(
                    walked(
                        "",
                        (4, "Intro > Pilot"),
                        (5, "Intro > Pilot > Won > Onboarding"),
                        (3, "Intro > Lost"),
                    ).split()
                ),
            ]
        ),
        {"Intro": 12, "Pilot": 9, "Won": 5},
        lost=3,
        aside=5,
        said=[Code.AFTER_WON],
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
    "deals whose stages nobody knows, which is said": Case(
        "Deal ID,Stage,Status,Created\n"
        "1,Mulling,won,2025-01-02\n2,Mulling,lost,2025-01-14\n3,Tinkering,lost,2025-01-25\n"
        "4,Tinkering,open,2025-01-26\n",
        {"Mulling": 4, "Tinkering": 3, "Won": 1},
        lost=2,
        said=[Code.STAGE_PLACE_UNSURE],
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
    "a first change to won that was taken back": Case(
        "Opportunity ID,Old Value,New Value,Edit Date\n"
        "1,Lead,Demo,2025-02-01\n1,Demo,Won,2025-02-05\n"
        "2,Lead,Demo,2025-02-02\n2,Demo,Lost,2025-02-06\n"
        "3,Lead,Won,2025-02-03\n3,Won,Demo,2025-02-09\n"
        "4,Lead,Demo,2025-02-04\n4,Demo,Won,2025-02-08\n",
        {"Lead": 4, "Demo": 4, "Won": 2},
        lost=1,
        said=[Code.LAST_WORD],
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


# -- several pipelines in one file -----------------------------------------------------------------

TWO_PIPELINES = {
    "dates of the stages of both": Case(
        'Record ID,Pipeline,Deal Stage,Create Date,Close Date,"Date entered ""Scan (Sales)""",'
        '"Date entered ""Audit (Sales)""","Date entered ""Closed Won (Sales)""",'
        '"Date entered ""Closed Lost (Sales)""","Date entered ""Review (Renewals)""",'
        '"Date entered ""Renewed (Renewals)"""\n'
        "1,Sales,Closed Won,2025-01-03,2025-03-01,2025-01-03,2025-02-01,2025-03-01,,,\n"
        "2,Sales,Closed Lost,2025-01-14,2025-03-02,2025-01-14,2025-02-02,,2025-03-02,,\n"
        "3,Sales,Closed Lost,2025-01-15,2025-02-20,2025-01-15,,,2025-02-20,,\n"
        "4,Sales,Audit,2025-01-16,,2025-01-16,2025-02-04,,,,\n"
        "5,Sales,Scan,2025-01-17,,2025-01-17,,,,,\n"
        "6,Renewals,Review,2025-01-18,,,,,,2025-01-18,\n"
        "7,Renewals,Renewed,2025-01-19,2025-02-11,,,,,2025-01-19,2025-02-11\n",
        {"Scan": 5, "Audit": 3, "Closed Won": 1},
        lost=2,
        aside=2,
        said=[Code.PIPELINES],
    ),
    "a Spanish column of pipelines in a history": Case(
        "ID del negocio;Embudo;Etapa;Fecha\n"
        + walked(
            "",
            (4, "Ventas;Contacto > Ventas;Oferta"),
            (3, "Ventas;Contacto > Ventas;Oferta > Ventas;Ganado"),
            (5, "Ventas;Contacto > Ventas;Perdido"),
            delimiter=";",
            written=french,
        ).lstrip()
        + walked(
            "", (3, "Soporte;Contacto > Soporte;Visita"), delimiter=";", written=french, lead="S"
        ).lstrip(),
        {"Contacto": 12, "Oferta": 7, "Ganado": 3},
        lost=5,
        aside=6,
        said=[Code.PIPELINES],
    ),
    "three pipelines, whose lost deals keep their stage": Case(
        "Deal - ID\tDeal - Pipeline\tDeal - Stage\tDeal - Status\tDeal - Deal created\n"
        "1\tPartner\tIntro\topen\t2025-01-13\n"
        "2\tDirect\tIntro\tlost\t2025-01-14\n3\tDirect\tTrial\tlost\t2025-01-25\n"
        "4\tDirect\tTrial\twon\t2025-02-06\n5\tDirect\tIntro\topen\t2025-02-17\n"
        "6\tEvents\tBooth\twon\t2025-02-18\n7\tEvents\tBooth\tlost\t2025-02-19\n",
        {"Intro": 4, "Trial": 2, "Won": 1},
        lost=2,
        aside=3,
        said=[Code.PIPELINES],
    ),
    "German deals of two pipelines that share the names of stages": Case(
        "Datensatz-ID;Pipeline;Dealphase;Erstellungsdatum;Abschlussdatum;Betrag\n"
        "1;Neukunden;Abgeschlossen und gewonnen;02.01.2025;20.02.2025;1.000,00\n"
        "2;Neukunden;Abgeschlossen und verloren;14.01.2025;21.02.2025;2.000,00\n"
        "3;Neukunden;Abgeschlossen und verloren;25.01.2025;22.02.2025;2.000,00\n"
        "4;Neukunden;Angebot;26.01.2025;;500,00\n"
        "5;Bestand;Abgeschlossen und gewonnen;03.01.2025;20.02.2025;90.000,00\n"
        "6;Bestand;Abgeschlossen und gewonnen;04.01.2025;20.02.2025;90.000,00\n",
        {"Deal": 4, "Won": 1},
        lost=2,
        mean_value=1000,
        aside=2,
        said=[Code.PIPELINES],
    ),
    "one pipeline that some rows leave blank": Case(
        "Deal ID,Pipeline,Deal Stage,Create Date,Close Date\n"
        "1,Sales,Closed Won,2025-01-02,2025-02-20\n2,,Closed Lost,2025-01-14,2025-02-21\n"
        "3,Sales,Closed Lost,2025-01-25,2025-02-22\n4,,Closed Won,2025-01-26,2025-02-23\n",
        {"Deal": 4, "Won": 2},
        lost=2,
    ),
    "one pipeline in two writings": Case(
        "Deal ID,Pipeline,Deal Stage,Create Date,Close Date\n"
        "1,Sales,Closed Won,2025-01-02,2025-02-20\n2,sales ,Closed Lost,2025-01-14,2025-02-21\n"
        "3,Sales,Closed Lost,2025-01-25,2025-02-22\n",
        {"Deal": 3, "Won": 1},
        lost=2,
    ),
    "pipelines beside the stages' names": Case(
        "Deal ID;Pipeline;Deal Stage;Create Date;Close Date\n"
        "1;Shop;Paid (Shop);2025-01-02;2025-02-20\n"
        "2;B2B;Closed Won (B2B);2025-01-14;2025-02-21\n"
        "3;B2B;Closed Lost (B2B);2025-01-25;2025-02-22\n"
        "4;B2B;Closed Lost (B2B);2025-01-26;2025-02-23\n"
        "5;B2B;Demo (B2B);2025-01-27;\n",
        {"Deal": 4, "Won": 1},
        lost=2,
        aside=1,
        said=[Code.PIPELINES],
    ),
}


@of_cases(TWO_PIPELINES)
def test_of_several_pipelines_the_largest_is_read_alone(case: Case, tmp_path: Path) -> None:
    assert_read(case, tmp_path)
