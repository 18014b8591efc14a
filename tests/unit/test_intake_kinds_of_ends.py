"""Kinds of files that were read wrong once: which leads are lost, and by what name."""

from __future__ import annotations

from pathlib import Path

from tests.cases import Case, assert_read, of_cases, walked, workbook
from workshop.intake import Code

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
    "cancelled, and who did it": Case(
        walked(
            "lead_id,stage,entered_at",
            (1, "Scoping > Quote > Won"),
            (1, "Scoping > Quote > Cancelled by customer"),
            (1, "Scoping > Storno durch Kunde"),
            (1, "Scoping"),
        ),
        {"Scoping": 4, "Quote": 2, "Won": 1},
        lost=2,
    ),
    "a Spanish contact is a step, a no-go is none": Case(
        "ID;Etapa;Estado\n1;Propuesta;Ganada\n2;Propuesta;No go\n3;Contacto;Descartada\n"
        "4;Contacto;Abierta\n",
        {"Contacto": 4, "Propuesta": 2, "Won": 1},
        lost=2,
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
