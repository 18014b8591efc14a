"""How CRMs and people name columns, stages and outcomes, in seven languages."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.intake import crm
from workshop.intake.columns import WON, outcome
from workshop.intake.layout import Field, Outcome
from workshop.intake.vocabulary import TABLES, table

LANGUAGES = {"en", "de", "fr", "es", "pt", "it", "nl"}

# -- outcomes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stage",
    [
        "L. Project Lost",
        "E. Project Lost",
        "7. Closed Lost",
        "❌ Lost",
        "[Lost]",
        "closedlost",
        "CLOSED_LOST",
        "ClosedLost",
        "Closed - No Decision",
        "Closed - Not Converted",
        "Churned",
        "Dead - no reply",
        "Cancelled",
        "Won by competitor",
        "Won't buy",
        "Abgeschlossen und verloren",
        "Verloren - Preis",
        "Nicht qualifiziert",
        "Absage",
        "Angebot abgelehnt",
        "Kein Interesse",
        "Fermé/Perdu",
        "FERMÉE PERDUE",
        "Disqualifié",
        "Abandonné",
        "Affaire perdue",
        "Sans suite",
        "Cerrada perdida",
        "Cierre perdido",
        "Descalificado",
        "Oportunidad perdida (precio)",
        "Fechado perdido",
        "Desqualificado",
        "Perda",
        "Perso",
        "Chiusa persa",
        "Chiuso Negativamente",
        "Gesloten (verloren)",
        "Afgewezen",
        "Niet gekwalificeerd",
    ],
)
def test_a_stage_that_says_lost_is_lost(stage: str) -> None:
    assert crm.meaning(stage) is Outcome.LOST
    assert outcome(stage) == Outcome.LOST
    assert not crm.is_won(stage)


@pytest.mark.parametrize(
    "stage",
    [
        "D. Project Won",
        "🏆 Closed Won",
        "Closed Won (100%)",
        "closedwon",
        "Won (Sales Pipeline)",
        "Signed",
        "Contract signed",
        "Renewed",
        "Customer",
        "Abgeschlossen und gewonnen",
        "6) Gewonnener Auftrag",
        "Unterschrift",
        "Unterzeichnet",
        "Kunde",
        "Auftrag erteilt",
        "Fermée gagnée",
        "Gagné",
        "Signé",
        "Cerrada ganada",
        "GANADO",
        "Contrato firmado",
        "Fechado ganho",
        "Ganha",
        "Venda concluída",
        "Chiuso vinto",
        "Chiuso positivamente",
        "Firmato",
        "Gesloten en gewonnen",
        "Ondertekend",
        "Klant",
    ],
)
def test_a_stage_that_says_won_is_won(stage: str) -> None:
    assert crm.is_won(stage)
    assert outcome(stage) == WON
    assert crm.meaning(stage) is None


@pytest.mark.parametrize(
    "stage",
    [
        "Wonderland demo",
        "Lossless trial",
        "Win-back call",
        "Winback",
        "Lost contact re-engaged",
        "Verloren - reaktiviert",
        "Not lost",
        "Not disqualified",
        "Nicht verloren",
        "Proposal to be won",
        "Likely won",
        "Wahrscheinlich gewonnen",
        "Not yet won",
        "Not won yet",
        "Noch nicht gewonnen",
        "Pas encore gagné",
        "Not yet qualified",
        "Won/Lost",
        "Closed (won or lost)",
        "No Show",
        "NDA signed",
        "Client meeting",
        "Customer contacted",
        "Termin abgesagt",
        "Test drive",
        "Closed",
        "Abgeschlossen",
        "Swoon",
        "Clost",
    ],
)
def test_false_friends_say_neither_won_nor_lost(stage: str) -> None:
    assert crm.meaning(stage) is None
    assert not crm.is_won(stage)


@pytest.mark.parametrize(
    "stage",
    [
        "not won",
        "Nicht gewonnen",
        "Non gagné",
        "No ganado",
        "Não ganho",
        "Non vinto",
        "Niet gewonnen",
        "Not a fit",
        "Non qualifié",
        "Sem interesse",
        "Geen beslissing",
    ],
)
def test_what_is_denied_is_lost(stage: str) -> None:
    assert crm.meaning(stage) is Outcome.LOST


def test_the_first_of_two_outcomes_counts() -> None:
    assert crm.meaning("Lost - won by another vendor") is Outcome.LOST
    assert crm.is_won("Won - lost later")


@pytest.mark.parametrize("status", ["Duplicate", "Doublon", "Gelöscht", "Test lead", "Altro"])
def test_rows_of_no_deal_are_left_out(status: str) -> None:
    assert crm.meaning(status) is Outcome.LEFT_OUT


@pytest.mark.parametrize(
    "status",
    [
        "Open",
        "Offen",
        "En cours",
        "Abierta",
        "Em andamento",
        "In corso",
        "Lopend",
        "Open deal",
        "Aberto",
        "in Bearbeitung",
        "On hold",
    ],
)
def test_what_is_neither_yet_is_open(status: str) -> None:
    assert crm.is_open(status)
    assert outcome(status) == Outcome.OPEN


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("TRUE", "FALSE"),
        ("WAHR", "FALSCH"),
        ("VRAI", "FAUX"),
        ("Sí", "No"),
        ("Sim", "Não"),
        ("VERO", "FALSO"),
        ("WAAR", "ONWAAR"),
        ("ja", "nee"),
        ("oui", "non"),
        ("1", "0"),
    ],
)
def test_flags_are_read_in_each_language(yes: str, no: str) -> None:
    assert (outcome(yes), outcome(no)) == (WON, Outcome.OPEN)


def test_a_stage_called_won_makes_the_signature_before_it_a_step() -> None:
    assert crm.won_among(["Demo", "Vertrag unterschrieben", "Gewonnen"]) == ("Gewonnen",)
    assert crm.won_among(["Demo", "Signed", "Customer"]) == ("Signed",)
    assert crm.won_among(["Lead", "MQL", "Customer"]) == ("Customer",)
    assert crm.won_among(["Lead", "MQL"]) == ()


OUTCOME_NAMES = [
    (name, code)
    for code in ("won", "lost", "won alone", "lost alone", "customer")
    for name in table("outcomes")[code]
]
BEFORE = ["", "7. ", "3) ", "4 - ", "01 ", "L. ", "a) ", "IV. ", "Stage 2: ", "S3 - ", "Etapa 3 - "]
BEFORE += ["❌ ", "🏆 ", "[", "(", "100 % - ", "1️⃣ ", "  ", "#5 ", "→ ", "\t"]
BEHIND = ["", " ", "  ", " ✅", "!", " (100%)", " - 0 %", "]", " (Sales Pipeline)", ".", "\n"]
CASES = [str, str.upper, str.lower, str.title]


@given(
    st.sampled_from(OUTCOME_NAMES),
    st.sampled_from(BEFORE),
    st.sampled_from(BEHIND),
    st.sampled_from(CASES),
)
def test_what_stands_around_an_outcome_never_changes_it(
    outcome_name: tuple[str, str], before: str, behind: str, case: Callable[[str], str]
) -> None:
    name, code = outcome_name
    written = case(before + name + behind)
    is_lost = code.startswith("lost")
    assert crm.is_won(written) is not is_lost
    assert crm.meaning(written) is (Outcome.LOST if is_lost else None)


@given(
    st.sampled_from([name for names in crm.LADDER for name in names]),
    st.sampled_from(BEFORE),
    st.sampled_from(CASES),
)
def test_no_known_stage_is_an_outcome(name: str, before: str, case: Callable[[str], str]) -> None:
    written = case(before + name)
    assert not crm.is_won(written)
    assert crm.meaning(written) is None


@given(st.text(max_size=40))
def test_any_name_has_a_meaning_or_none(name: str) -> None:
    assert not (crm.is_won(name) and crm.meaning(name))
    crm.sequence_key(name)
    stage, pipeline = crm.split_pipeline(name)
    assert stage or not name
    assert pipeline is None or pipeline in " ".join(name.split())
    crm.dated_stage(name)
    crm.is_other_date(name)
    assert crm.column_key(name) == crm.column_key(name.upper().lower()) or not name.isascii()


# -- the order that names say ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "key"),
    [
        ("4-Proposal", (4,)),
        ("4 - Proposal", (4,)),
        ("3) Angebot", (3,)),
        ("01 Lead", (1,)),
        ("(2) Démo", (2,)),
        ("[2] Démo", (2,)),
        ("2.1 Demo", (2, 1)),
        ("2b) Demo", (2, 2)),
        ("A. Lead", (1,)),
        ("L. Project Lost", (12,)),
        ("b) Talk", (2,)),
        ("C - Offerte", (3,)),
        ("IV. Won", (4,)),
        ("S1", (1,)),
        ("S3 - Demo", (3,)),
        ("Stage 2: Demo", (2,)),
        ("Étape 2", (2,)),
        ("Etapa 3", (3,)),
        ("Schritt 3 – Angebot", (3,)),
        ("Fase 2 Demo", (2,)),
        ("1️⃣ Lead", (1,)),
        ("① Lead", (1,)),
        ("🔥 3 - Hot", (3,)),
        ("10 % - Discovery", (10,)),
        ("Discovery (10%)", (10,)),
        ("Discovery - 10 %", (10,)),
    ],
)
def test_a_name_says_its_place(stage: str, key: tuple[int, ...]) -> None:
    assert crm.sequence_key(stage) == key


@pytest.mark.parametrize(
    "stage",
    [
        "Demo",
        "E-mail",
        "X-Sell",
        "A/B test",
        "15 min call",
        "3D demo",
        "24/7 support",
        "2026-01-05",
        "05.01.2026",
        "3",
        "I",
        "Mix",
        "No Show",
        "Vision",
        "Civil",
        "",
    ],
)
def test_a_number_or_letter_that_is_part_of_the_name_is_no_place(stage: str) -> None:
    assert crm.sequence_key(stage) is None


def test_single_letters_are_numerals_among_numerals() -> None:
    assert crm.sequence(["I. Lead", "II. Demo", "V. Won", "Other"]) == {
        "I. Lead": (1,),
        "II. Demo": (2,),
        "V. Won": (5,),
    }
    assert crm.sequence(["H. Demo", "I. Won"]) == {"H. Demo": (8,), "I. Won": (9,)}


@given(st.lists(st.integers(1, 99), min_size=2, unique=True), st.sampled_from([". ", ") ", " - "]))
def test_numbered_stages_sort_by_their_numbers(numbers: list[int], mark: str) -> None:
    names = [f"{number}{mark}Step" for number in numbers]
    keys = crm.sequence(names)
    assert sorted(names, key=keys.__getitem__) == [f"{one}{mark}Step" for one in sorted(numbers)]


# -- pipelines -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Discovery (Sales Pipeline)", ("Discovery", "Sales Pipeline")),
        ("1. Angebot [Vertriebspipeline]", ("1. Angebot", "Vertriebspipeline")),
        ("Propuesta (Embudo de ventas)", ("Propuesta", "Embudo de ventas")),
        ("Offerte (Verkooppijplijn)", ("Offerte", "Verkooppijplijn")),
        ("Funil de vendas: Proposta", ("Proposta", "Funil de vendas")),
        ("Sales Pipeline / Demo", ("Demo", "Sales Pipeline")),
        ("Closed Won (Sales\nPipeline)", ("Closed Won", "Sales Pipeline")),
        ("Demo (15 min)", ("Demo (15 min)", None)),
        ("Closed (won)", ("Closed (won)", None)),
        ("Proposal/Price Quote", ("Proposal/Price Quote", None)),
        ("Open - not contacted", ("Open - not contacted", None)),
    ],
)
def test_a_pipeline_stands_beside_the_stage(name: str, parts: tuple[str, str | None]) -> None:
    assert crm.split_pipeline(name) == parts


def test_a_bracket_behind_several_stages_is_a_pipeline() -> None:
    names = ["Demo (Neukunden)", "Angebot (Neukunden)", "Angebot (Bestand)", "Gewonnen (Bestand)"]
    assert crm.pipelines_in(names) == ("Neukunden", "Bestand")
    assert crm.split_pipeline(names[1], crm.pipelines_in(names)) == ("Angebot", "Neukunden")
    assert crm.pipelines_in(["Demo (15 min)", "Call (15 min)"]) == ()
    assert crm.pipelines_in(["Geschlossen (verloren)", "Deal (verloren)"]) == ()
    assert crm.pipelines_in(["Demo (geplant)", "Termin (geplant)", "Demo (intern)"]) == ()
    assert crm.pipelines_in(["Review (Renewals Pipeline)", "Demo"]) == ("Renewals Pipeline",)


# -- columns ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        (Field.LEAD, ["Deal-ID", "ID de la transaction", "ID del negocio", "ID do negócio"]),
        (Field.LEAD, ["ID trattativa", "Verkoopkans-ID", "Datensatz-ID", "Opportunity ID"]),
        (Field.STAGE, ["Phase", "Verkaufsphase", "Étape", "Etapa", "Fase", "Estágio", "Stadium"]),
        (Field.STAGE, ["ÉTAPE", "Etape", "Deal – Stage", "Opportunity.StageName"]),
        (Field.ENTERED_AT, ["Geändert am", "Date de modification", "Fecha de entrada"]),
        (
            Field.CREATED_AT,
            ["Erstellungsdatum", "Erstellt am", "Date de création", "Aangemaakt op"],
        ),
        (
            Field.CREATED_AT,
            ["Fecha de creación", "Data de criação", "Data creazione"],
        ),
        (Field.CREATED_AT, ["CreateDate", "Erstellt am (UTC)"]),
        (Field.CREATED_AT, ["Date de création\nde l'opportunité", "Aanmaakdatum"]),
        (Field.CLOSED_AT, ["Abschlussdatum", "Schlussdatum", "Date de clôture", "Sluitingsdatum"]),
        (Field.CLOSED_AT, ["Date de fermeture", "Fecha de cierre", "Data de fechamento"]),
        (Field.CLOSED_AT, ["Data chiusura", "Fecha de cierre del negocio", "Close\nDate"]),
        (Field.STATUS, ["Status", "Statut", "Estado", "Situação", "Stato", "Ergebnis", "Esito"]),
        (Field.REASON, ["Verlustgrund", "Grund für Verlust", "Grund fuer Verlust"]),
        (Field.REASON, ["Raison de la perte", "Motivo de pérdida", "Motivo da perda"]),
        (Field.REASON, ["Motivo perdita", "Reden verlies", "Closed Lost Reason"]),
        (Field.WON_REASON, ["Gewinngrund", "Motif du gain", "Motivo do ganho", "Reden winst"]),
        (Field.SEGMENT, ["Quelle", "Leadquelle", "Lead-Quelle", "Origine", "Origen", "Origem"]),
        (Field.SEGMENT, ["Fonte", "Bron", "Lead Source", "Kanal", "Canal"]),
        (Field.OWNER, ["Inhaber", "Propriétaire", "Propietario", "Proprietário", "Eigenaar"]),
        (Field.VALUE, ["Auftragswert", "Betrag", "Montant", "Importe", "Valor", "Importo"]),
        (Field.VALUE, ["Bedrag", "Amount (EUR)", "Deal Value [€]", "Betrag in EUR", "MONTANT €"]),
        (Field.CURRENCY, ["Währung", "Waehrung", "Devise", "Moneda", "Moeda", "Valuta"]),
        (Field.CURRENCY, ["Deal - Currency of Value", "Amount Currency"]),
        (Field.PIPELINE, ["Pipeline", "Embudo", "Funil", "Pijplijn", "Vertriebspipeline"]),
        (Field.PROBABILITY, ["Probability (%)", "Wahrscheinlichkeit (%)", "Probabilité, %"]),
        (Field.PROBABILITY, ["Probabilidad", "Probabilità", "Waarschijnlijkheid"]),
        (Field.CHANGED_FIELD, ["Field / Event", "Feld/Ereignis", "Champ/Événement", "Veld"]),
        (Field.OLD_STAGE, ["Old Value", "Alter Wert", "Ancienne valeur", "Valor anterior"]),
        (Field.OLD_STAGE, ["Oude waarde", "Vecchio valore", "From Stage"]),
    ],
)
def test_columns_are_known_in_each_language(field: Field, columns: list[str]) -> None:
    for column in columns:
        assert crm.name_rank(field, column) is not None, column


def test_a_column_that_says_more_is_less_sure() -> None:
    exact = crm.name_rank(Field.CLOSED_AT, "Close Date")
    longer = crm.name_rank(Field.CLOSED_AT, "Close Date of the Opportunity")
    assert exact is not None
    assert longer is not None
    assert exact < longer


@pytest.mark.parametrize(
    ("field", "column"),
    [
        (Field.CLOSED_AT, "Expected Close Date"),
        (Field.CLOSED_AT, "Erwartetes Abschlussdatum"),
        (Field.VALUE, "Amount (converted)"),
        (Field.LEAD, "Account ID"),
        (Field.CREATED_AT, "Date"),
        (Field.REASON, "Season"),
    ],
)
def test_a_column_of_another_thing_is_not_taken(field: Field, column: str) -> None:
    assert crm.name_rank(field, column) is None


@given(
    st.sampled_from([(field, name) for field, names in crm.COLUMNS.items() for name in names]),
    st.sampled_from(["", " (EUR)", " [€]", " (UTC)", " in EUR", " *", "\n", " (dd.mm.yyyy)"]),
    st.sampled_from(["", " ", "Deal - ", "Opportunity: ", "\n"]),
    st.sampled_from(CASES),
)
def test_units_case_and_blanks_make_no_other_column(
    named: tuple[Field, str], behind: str, before: str, case: Callable[[str], str]
) -> None:
    field, name = named
    assert crm.column_key(case(before + name + behind)) == name
    assert crm.name_rank(field, case(before + name + behind)) == crm.COLUMNS[field].index(name)


@pytest.mark.parametrize(
    ("column", "stage"),
    [
        ('Date entered "Closed Lost (Sales Pipeline)"', "Closed Lost"),
        ('Date entered "Demo (15 min)"', "Demo (15 min)"),
        ("Became a Customer Date", "Customer"),
        ("hs_v2_date_entered_closedwon", "closedwon"),
        ("Date d'entrée « Démo »", "Démo"),
        ("Datum des Eintritts in „Angebot“", "Angebot"),
        ('Fecha de entrada en "Propuesta"', "Propuesta"),
        ("Data di ingresso in Demo", "Demo"),
        ("Angebotsdatum", "Angebot"),
        ("Datum Angebot", "Angebot"),
        ("Date de la proposition", "proposition"),
        ("Wurde Lead am", "Lead"),
        ("Verloren am", "Verloren"),
        ("mql_date", "mql"),
        ("Entered at", None),
        ("Date entered current stage", None),
        ('Date exited "Demo (Sales Pipeline)"', None),
        ("Datum Erstkontakt", None),
        ("Date of birth", None),
        ("Close Date", None),
        ("Demo", None),
    ],
)
def test_a_column_names_the_stage_that_it_dates(column: str, stage: str | None) -> None:
    assert crm.dated_stage(column) == stage


def test_the_pipeline_of_a_dated_stage_is_known_too() -> None:
    column = 'Date entered "Renewed (Renewals Pipeline)"'
    assert crm.dated_stage_in_pipeline(column) == ("Renewed", "Renewals Pipeline")
    column = "Date entered 'Demo (Inbound)'"
    assert crm.dated_stage_in_pipeline(column, ["Inbound"]) == ("Demo", "Inbound")


@pytest.mark.parametrize(
    "column",
    [
        "Next Activity Date",
        "Last Modified Date",
        "Birthday",
        "Due date",
        "Expected Close Date",
        "Nächste Aktivität",
        "Geburtsdatum",
        "Fälligkeitsdatum",
        "Erwartetes Abschlussdatum",
        "Prochaine activité",
        "Date de modification",
        "Échéance",
        "Próxima actividad",
        "Fecha de nacimiento",
        "Data de vencimento",
        "Última modificação",
        "Data di scadenza",
        "Ultima attività",
        "Volgende activiteit",
        "Verwachte sluitingsdatum",
        "Geboortedatum",
    ],
)
def test_a_date_that_is_of_no_stage_is_known(column: str) -> None:
    assert crm.is_other_date(column)
    assert crm.dated_stage(column) is None


@pytest.mark.parametrize(
    "column", ["Demo", "Angebot", "Due diligence", "Follow-up", "Seguimiento", "Unterschrift"]
)
def test_a_stage_is_no_other_date(column: str) -> None:
    assert not crm.is_other_date(column)


@pytest.mark.parametrize(
    "text",
    [
        "Erstgespräch",
        "Angebot",
        "Unterschrift",
        "Absage",
        "2. Termin vereinbart",
        "Devis envoyé",
        "Propuesta enviada",
        "Apresentação",
        "Preventivo",
        "Offerte",
        "MQL",
        "Closed Won",
    ],
)
def test_the_name_of_a_stage_is_known(text: str) -> None:
    assert crm.is_stage_name(text)


def test_what_is_no_stage_is_not_taken_for_one() -> None:
    for text in ("CreateDate", "Birthday", "Nächste Aktivität", "Region", "Security review"):
        assert not crm.is_stage_name(text)


def test_known_stages_stand_in_one_order_in_each_language() -> None:
    for funnel in (
        ["Neu", "Qualifiziert", "Demo vereinbart", "Angebot", "Verhandlung", "Gewonnen"],
        ["Nouveau lead", "Qualifié", "Démo", "Devis", "Négociation", "Contrat envoyé", "Gagné"],
        ["Lead entrante", "Calificación", "Reunión", "Propuesta", "Negociación", "Ganado"],
        ["Novo lead", "Qualificação", "Reunião", "Proposta", "Negociação", "Ganho"],
        ["Nuovo lead", "Qualifica", "Incontro", "Preventivo", "Negoziazione", "Vinto"],
        ["Nieuwe lead", "Kwalificatie", "Afspraak", "Offerte", "Onderhandeling", "Gewonnen"],
    ):
        ranks = [crm.rank(stage) for stage in funnel]
        assert None not in ranks, funnel
        assert ranks == sorted(rank for rank in ranks if rank is not None)


@pytest.mark.parametrize("name", ["outcomes", "stages", "columns"])
def test_each_name_of_a_table_is_in_a_known_language(name: str) -> None:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["language"] in LANGUAGES
            words = row["words"].split("|")
            assert all(word and word == word.strip() for word in words), row
            assert len(words) == len(set(words)), row


def test_no_word_says_won_and_lost() -> None:
    won = {name for name, code in OUTCOME_NAMES if not code.startswith("lost")}
    lost = {name for name, code in OUTCOME_NAMES if code.startswith("lost")}
    assert not {crm.squeezed(name) for name in won} & {crm.squeezed(name) for name in lost}
