"""Exports as CRMs write them are recognised, column by column; odd ones never break anything."""

from __future__ import annotations

import csv
from collections import Counter
from io import BytesIO
from itertools import combinations
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from workshop.intake.cells import key, text
from workshop.intake.evidence import Evidence
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.recognition import Column, Recognition, recognise
from workshop.intake.sheets import read_sheets

EXPORTS = Path(__file__).parents[1] / "exports"
MANY = 200


def table(header: list[str], rows: list[list[str]]) -> list[Column]:
    columns = []
    for place, name in enumerate(header):
        texts = [row[place] for row in rows]
        counts = Counter(filter(None, texts))
        columns.append(Column(name, "text", texts, counts if len(counts) <= MANY else {}))
    return columns


def export(name: str, delimiter: str = ",") -> list[Column]:
    with (EXPORTS / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=delimiter)
    return table(header, rows)


def said(found: Recognition) -> list[str]:
    return [caution.message for caution in found.cautions]


def layout(found: Recognition) -> Layout:
    assert found.layout is not None, said(found)
    return found.layout


def test_hubspot_deals_go_from_created_to_won() -> None:
    found = recognise([export("hubspot_deals.csv")])
    assert layout(found).shape is Shape.DEALS
    assert layout(found).stages == ("Deal", "Won")
    assert layout(found).columns == {
        Field.LEAD: "Record ID",
        Field.STAGE: "Deal Stage",
        Field.CREATED_AT: "Create Date",
        Field.CLOSED_AT: "Close Date",
        Field.REASON: "Closed Lost Reason",
        Field.WON_REASON: "Closed Won Reason",
        Field.SEGMENT: "Original Traffic Source",
        Field.OWNER: "Deal owner",
        Field.VALUE: "Amount",
    }
    assert layout(found).meanings["closed won"] == "Won"
    assert layout(found).meanings["closed lost"] == Outcome.LOST
    assert layout(found).meanings["contract sent"] == Outcome.OPEN
    assert any("at which stage deals were lost" in says for says in said(found))


def test_hubspot_contacts_have_a_date_for_each_stage() -> None:
    found = layout(recognise([export("hubspot_contacts_lifecycle.csv")]))
    assert found.shape is Shape.DATES
    assert found.dates == {
        "Lead": "Became a Lead Date",
        "Marketing Qualified Lead": "Became a Marketing Qualified Lead Date",
        "Sales Qualified Lead": "Became a Sales Qualified Lead Date",
        "Opportunity": "Became an Opportunity Date",
        "Customer": "Became a Customer Date",
    }
    assert found.stages == tuple(found.dates)
    assert found.columns[Field.LEAD] == "Record ID"
    assert found.columns[Field.SEGMENT] == "Original Source"


@pytest.mark.parametrize("turned", [False, True])
def test_hubspot_stage_ids_get_their_labels_and_their_order(turned: bool) -> None:
    tables = [export("hubspot_stage_history.csv"), export("hubspot_stages.csv")]
    found = recognise(tables[::-1] if turned else tables)
    assert layout(found).shape is Shape.HISTORY
    assert layout(found).stages == (
        "Appointment scheduled",
        "Qualified to buy",
        "Presentation scheduled",
        "Contract sent",
        "Closed won",
    )
    assert layout(found).columns == {
        Field.LEAD: "deal_id",
        Field.STAGE: "value",
        Field.ENTERED_AT: "date_entered",
    }
    assert layout(found).meanings["pres03"] == "Presentation scheduled"
    assert layout(found).meanings["lost06"] == Outcome.LOST
    assert not found.unused
    assert not found.unsure


def test_salesforce_opportunities_are_month_first_and_do_not_say_where_they_were_lost() -> None:
    found = layout(recognise([export("salesforce_opportunities.csv")]))
    assert found.shape is Shape.DEALS
    assert found.stages == ("Opportunity", "Won")
    assert found.day_first is False
    assert found.columns == {
        Field.LEAD: "Opportunity ID",
        Field.STAGE: "Stage",
        Field.CREATED_AT: "Created Date",
        Field.CLOSED_AT: "Close Date",
        Field.REASON: "Loss Reason",
        Field.SEGMENT: "Lead Source",
        Field.OWNER: "Opportunity Owner",
        Field.VALUE: "Amount",
    }


def test_salesforce_history_tells_the_stages_entered() -> None:
    found = layout(recognise([export("salesforce_opportunity_history.csv")]))
    assert found.shape is Shape.HISTORY
    assert found.stages == (
        "Prospecting",
        "Qualification",
        "Proposal/Price Quote",
        "Negotiation/Review",
        "Closed Won",
    )
    assert found.columns[Field.LEAD] == "Opportunity ID"
    assert found.columns[Field.STAGE] == "To Stage"
    assert found.columns[Field.ENTERED_AT] == "Last Modified"
    assert found.meanings["closed lost"] == Outcome.LOST
    assert found.day_first is False


def test_pipedrive_deals_keep_the_stage_in_which_they_were_lost() -> None:
    found = layout(recognise([export("pipedrive_deals.csv", ";")]))
    assert found.shape is Shape.DEALS
    assert found.stages == (
        "Qualified",
        "Contact Made",
        "Demo Scheduled",
        "Proposal Made",
        "Negotiations Started",
        "Won",
    )
    assert found.columns == {
        Field.LEAD: "Deal - ID",
        Field.STAGE: "Deal - Stage",
        Field.STATUS: "Deal - Status",
        Field.CREATED_AT: "Deal - Deal created",
        Field.CLOSED_AT: "Deal - Deal closed on",
        Field.REASON: "Deal - Lost reason",
        Field.SEGMENT: "Deal - Source channel",
        Field.OWNER: "Deal - Owner",
        Field.VALUE: "Deal - Value",
        Field.CURRENCY: "Deal - Currency of Value",
    }
    assert found.meanings["won"] == "Won"
    assert found.meanings["lost"] == Outcome.LOST
    assert found.meanings["open"] == Outcome.OPEN


def test_pipedrive_flow_leaves_out_what_is_no_stage() -> None:
    found = layout(recognise([export("pipedrive_flow.csv")]))
    assert found.shape is Shape.HISTORY
    assert found.stages[0] == "Qualified"
    assert found.stages[-2:] == ("Negotiations Started", "Won")
    assert found.columns[Field.LEAD] == "item_id"
    assert found.columns[Field.STAGE] == "new_value_formatted"
    assert found.columns[Field.ENTERED_AT] == "log_time"
    assert found.meanings["€1,500"] == Outcome.LEFT_OUT


def test_an_event_log_names_its_stages() -> None:
    found = recognise([export("event_log.csv")])
    assert layout(found).shape is Shape.HISTORY
    assert layout(found).columns == {
        Field.LEAD: "lead_id",
        Field.STAGE: "event",
        Field.ENTERED_AT: "timestamp",
        Field.REASON: "reason",
        Field.SEGMENT: "segment",
        Field.VALUE: "value",
    }
    assert set(layout(found).stages) == {"Lead", "MQL", "SQL", "Security review", "Won"}
    assert found.unsure == ("Security review",)


def test_a_history_places_the_stages_that_nobody_knows() -> None:
    names = ["lead", "mql", "sql", "security review", "won"]
    seen = Evidence(before=dict.fromkeys(combinations(names, 2), 5))
    found = recognise([export("event_log.csv")], seen)
    assert layout(found).stages == ("Lead", "MQL", "SQL", "Security review", "Won")
    assert found.unsure == ()


@pytest.mark.parametrize("turned", [False, True])
def test_won_deals_are_joined_with_their_leads(turned: bool) -> None:
    tables = [export("mql.csv"), export("closed.csv")]
    found = layout(recognise(tables[::-1] if turned else tables))
    assert found.shape is Shape.DEALS
    assert found.stages == ("MQL", "Won")
    assert found.columns == {
        Field.LEAD: "mql_id",
        Field.CLOSED_AT: "won_date",
        Field.OWNER: "sr_id",
    }
    assert found.first_touch == {
        Field.LEAD: "mql_id",
        Field.CREATED_AT: "first_contact_date",
        Field.SEGMENT: "origin",
    }


def test_deals_with_a_date_of_their_own_come_after_the_first_touch() -> None:
    leads = table(["contact_id", "created_at"], [[f"c{n}", "2026-01-02"] for n in range(5)])
    rows = [
        [f"d{n}", f"c{n}", "2026-01-05", "2026-02-01", stage]
        for n, stage in enumerate(["Closed Won", "Closed Lost", "Demo"])
    ]
    deals = table(["deal_id", "contact_id", "created_at", "closed_at", "stage"], rows)
    found = layout(recognise([leads, deals]))
    assert found.stages == ("Contact", "Deal", "Won")
    assert found.columns[Field.LEAD] == found.first_touch[Field.LEAD] == "contact_id"


def test_a_workbook_and_a_parquet_file_are_recognised_like_the_csv(tmp_path: Path) -> None:
    source = EXPORTS / "pipedrive_deals.csv"
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    book = BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    [[header, *body]] = read_sheets("deals.xlsx", book.getvalue())
    from_book = table(
        [text(cell) for cell in header], [[text(cell) for cell in row] for row in body]
    )

    parquet = tmp_path / "deals.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (FROM read_csv('{source}', all_varchar = true)) TO '{parquet}' (FORMAT parquet)"
        )
        result = connection.execute(f"SELECT * FROM read_parquet('{parquet}')")
        names = [name for name, *_ in result.description]
        from_parquet = table(names, [[cell or "" for cell in row] for row in result.fetchall()])

    expected = recognise([export("pipedrive_deals.csv", ";")])
    assert recognise([from_book]) == recognise([from_parquet]) == expected


def test_dates_that_can_be_read_either_way_are_named() -> None:
    rows = [["1", "Lead", "03/04/2026"], ["1", "Won", "05/06/2026"]]
    found = recognise([table(["lead_id", "stage", "entered_at"], rows)])
    assert found.ambiguous == ("entered_at",)
    assert layout(found).day_first is None


def test_a_count_per_stage_is_a_funnel_already() -> None:
    found = recognise([table(["stage", "count"], [["Lead", "20"], ["Won", "3"]])])
    assert layout(found).shape is Shape.COUNTS


def test_flags_say_which_stage_is_won_and_which_is_lost() -> None:
    header = ["OpportunityId", "StageName", "CreatedDate", "IsWon", "IsClosed"]
    rows = [
        ["1", "Talking", "2026-01-01", "false", "false"],
        ["1", "Papers in", "2026-01-09", "true", "true"],
        ["2", "Talking", "2026-01-02", "false", "false"],
        ["2", "Gone", "2026-01-11", "false", "true"],
    ]
    found = layout(recognise([table(header, rows)]))
    assert found.shape is Shape.HISTORY
    assert found.stages == ("Talking", "Papers in")
    assert found.meanings["gone"] == Outcome.LOST


def test_what_is_missing_is_said() -> None:
    found = recognise([table(["colour", "weight"], [["red", "12"]])])
    assert found.layout is None
    assert any("lead_id" in says for says in said(found))
    assert recognise([]).layout is None


@pytest.mark.parametrize(
    ("header", "stages", "won", "lost"),
    [
        (
            ["ID de la transaction", "Étape", "Date d'entrée"],
            ["A. Nouveau lead", "B. Démo planifiée", "C. Devis envoyé"],
            "D. Fermée gagnée",
            "E. Fermée perdue",
        ),
        (
            ["Verkoopkans-ID", "Fase", "Gewijzigd op"],
            ["1 - Kwalificatie", "2 - Afspraak gepland", "3 - Offerte verstuurd"],
            "✅ Gesloten (gewonnen)",
            "❌ Gesloten (verloren)",
        ),
        (
            ["ID do negócio", "Etapa do negócio", "Data de alteração"],
            ["10 % - Qualificação", "40 % - Reunião agendada", "60 % - Proposta"],
            "100 % - Ganho",
            "0 % - Perdido para concorrente",
        ),
        (
            ["ID trattativa", "Fase trattativa", "Data modifica"],
            ["I. Nuovo lead", "II. Incontro", "III. Preventivo"],
            "IV. Chiuso positivamente",
            "V. Chiuso negativamente",
        ),
        (
            ["ID del negocio", "Etapa del negocio", "Fecha de entrada"],
            ["Prospección", "Reunión agendada", "Propuesta enviada"],
            "Contrato firmado",
            "No calificado",
        ),
    ],
)
def test_a_history_ends_in_won_and_lost_in_each_language(
    header: list[str], stages: list[str], won: str, lost: str
) -> None:
    paths = [[*stages, won], [*stages, lost], [*stages[:1], lost], stages[:2]]
    rows = [
        [f"{lead}", stage, f"2026-02-{1 + lead + day:02}"]
        for lead, path in enumerate(paths)
        for day, stage in enumerate(path)
    ]
    found = layout(recognise([table(header, rows)]))
    assert found.shape is Shape.HISTORY
    assert found.stages == (*stages, won)
    assert found.meanings[key(lost)] == Outcome.LOST
    assert list(found.columns.values()) == header


@pytest.mark.parametrize(
    ("header", "statuses"),
    [
        (
            "Datensatz-ID|Name des Deals|Deal-Phase|Deal-Status|Betrag (EUR)|Erstellt am|"
            "Abschlussdatum|Verlustgrund|Leadquelle|Inhaber",
            ["Gewonnen", "Verloren", "Offen"],
        ),
        (
            "ID opportunité|Nom|Étape|Statut|Montant|Date de\ncréation|Date de clôture|"
            "Raison de la perte|Origine du lead|Propriétaire",
            ["Gagnée", "Perdue", "En cours"],
        ),
        (
            "ID del negocio|Nombre|Etapa|Estado|Importe|Fecha de creación|Fecha de cierre|"
            "Motivo de pérdida|Origen|Propietario del negocio",
            ["Ganado", "Perdido", "Abierto"],
        ),
        (
            "Dealnummer|Klant|Fase|Status|Bedrag|Aanmaakdatum|Sluitingsdatum|Reden verlies|"
            "Bron|Eigenaar",
            ["Gewonnen", "Verloren", "Lopend"],
        ),
    ],
)
def test_deals_are_recognised_by_the_columns_of_each_language(
    header: str, statuses: list[str]
) -> None:
    names = header.split("|")
    deals = [(stage, status) for stage in ("Demo", "Pitch") for status in statuses]
    rest = ["1200", "2026-01-15", "2026-03-20", "Preis", "Web", "Jo"]
    rows = [[str(n), f"Deal {n}", *deal, *rest] for n, deal in enumerate(deals)]
    found = layout(recognise([table(names, rows)]))
    assert found.shape is Shape.DEALS
    fields = [Field.LEAD, Field.STAGE, Field.STATUS, Field.VALUE, Field.CREATED_AT]
    fields += [Field.CLOSED_AT, Field.REASON, Field.SEGMENT, Field.OWNER]
    assert found.columns == dict(zip(fields, names[:1] + names[2:], strict=True))
    won, lost, pending = (found.meanings[key(status)] for status in statuses)
    assert (won, lost, pending) == (found.stages[-1], Outcome.LOST, Outcome.OPEN)


@pytest.mark.parametrize(
    ("columns", "stages"),
    [
        (
            ["Datum Angebot", "Datum Erstgespräch", "Gewonnen am", "Verloren am"],
            ("Erstgespräch", "Angebot", "Gewonnen"),
        ),
        (
            ["Date d'entrée « Démo »", "Date d'entrée « Devis »", "Date d'entrée « Gagné »"],
            ("Démo", "Devis", "Gagné"),
        ),
        (
            [
                "Data di ingresso in Incontro",
                "Data di ingresso in Preventivo",
                "Data di ingresso in Chiuso vinto",
            ],
            ("Incontro", "Preventivo", "Chiuso vinto"),
        ),
    ],
)
def test_columns_date_stages_in_other_languages(
    columns: list[str], stages: tuple[str, ...]
) -> None:
    header = ["Lead-ID", "Geburtsdatum", "Nächste Aktivität", *columns]
    rows = [[str(n)] + ["2026-01-15"] * (len(header) - 1) for n in range(4)]
    found = layout(recognise([table(header, rows)]))
    assert found.shape is Shape.DATES
    assert found.stages == stages
    assert set(found.dates.values()) == set(columns)


NAMES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "id",
            "lead_id",
            "deal_id",
            "stage_id",
            "stage",
            "status",
            "event",
            "value",
            "label",
            "name",
            "display_order",
            "closed_won",
            "IsWon",
            "IsClosed",
            "created_at",
            "date_entered",
            "timestamp",
            "won_date",
            "mql_date",
            "demo_at",
            "reason",
            "field_key",
            "new_value",
            "pipeline",
            "amount",
            "count",
            "origin",
        ]
    ),
)
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "Won",
            "Lost",
            "open",
            "MQL",
            "Demo",
            "1",
            "0",
            "true",
            "2026-01-02",
            "03/04/2026",
            "5000",
            "1.",
            "2-Demo",
        ]
    ),
)
COLUMNS = st.builds(
    Column,
    NAMES,
    st.sampled_from(["text", "number", "moment"]),
    st.lists(TEXTS, max_size=8),
    st.dictionaries(TEXTS, st.integers(1, 9), max_size=8),
)


def dated(*names: str) -> list[list[Column]]:
    """A table with a date in each of these columns."""
    return [[Column(name, "text", ["2026-01-02"], {"2026-01-02": 1}) for name in names]]


@examples(60)
@given(
    st.lists(st.lists(COLUMNS, max_size=7, unique_by=lambda column: column.name), max_size=3),
    st.builds(
        Evidence,
        st.dictionaries(TEXTS.map(key), st.integers(1, 9), max_size=4),
        st.dictionaries(TEXTS.map(key), st.integers(0, 9), max_size=4),
        st.dictionaries(TEXTS.map(key), st.integers(0, 9), max_size=4),
        st.dictionaries(st.tuples(TEXTS.map(key), TEXTS.map(key)), st.integers(1, 9), max_size=9),
        st.dictionaries(TEXTS.map(key), st.floats(0, 1), max_size=4),
    ),
)
@example(dated("0\x1b", "b"), Evidence())
@example(dated("0\x1b", "0", "b"), Evidence())
@example(dated("0", "0\x1b", "b"), Evidence())
@example(dated("0\x1b", "00"), Evidence())
@example(dated("mql_date\x1b", "mql_date", "sql_date"), Evidence())
def test_odd_files_never_break_recognition(tables: list[list[Column]], seen: Evidence) -> None:
    found = recognise(tables, seen)
    names = {column.name for columns in tables for column in columns}
    if found.layout:
        used = (found.layout.columns, found.layout.dates, found.layout.first_touch)
        assert {name for mapping in used for name in mapping.values()} <= names
        allowed = {*map(key, found.layout.stages), *map(key, Outcome)}
        assert all(key(says) in allowed for says in found.layout.meanings.values())
        assert set(found.layout.dates) <= {*found.layout.stages, Outcome.LOST}
    else:
        assert said(found)


def test_a_stage_dated_twice_is_no_layout() -> None:
    with pytest.raises(ValueError, match="two dates"):
        Layout(Shape.DATES, ("0", "Won"), {}, dates={"0": "first", "0\x1b": "second"})
