"""The line that names the columns is found wherever it stands, and nothing above it is read."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from workshop.intake import IntakeError, Problem, read_deals, read_upload
from workshop.intake.header import Header, cells, find_delimiter, find_header, header_on, is_value
from workshop.intake.lead_database import LeadDatabase, Table
from workshop.intake.report import Cause
from workshop.intake.totals import is_note, is_total

Rows = Sequence[Sequence[object]]

NAMES = ["Record ID", "Deal Stage", "Create Date", "Close Date", "Amount"]
DEALS = [
    ["1", "Closed Won", "2026-01-05", "2026-02-05", "1000"],
    ["2", "Closed Lost", "2026-01-06", "2026-02-06", "1000"],
    ["3", "Closed Won", "2026-01-07", "2026-02-07", "1000"],
]


def written(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    file = StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return file.getvalue()


def tables(path: Path, content: bytes | str, **said: Any) -> list[Table]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with LeadDatabase([path], **said) as database:
        return database.tables


def table(path: Path, content: bytes | str, **said: Any) -> Table:
    [only] = tables(path, content, **said)
    return only


def workbook(*sheets: Rows, merged: str = "") -> bytes:
    into = BytesIO()
    with xlsxwriter.Workbook(into) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
            if merged:
                sheet.merge_range(merged, rows[0][0])
    return into.getvalue()


def problem(path: Path, content: bytes | str) -> str:
    with pytest.raises(IntakeError) as refused:
        tables(path, content)
    return str(refused.value)


def answer(rows: list[list[str]]) -> tuple[Header | None, list[Problem]]:
    try:
        return find_header(rows), []
    except IntakeError as refused:
        return None, refused.problems


# -- any table -------------------------------------------------------------------------------------

WORDS = st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=12).filter(
    lambda word: not is_value(word)
)
COLUMNS = {
    "date": st.dates(datetime(2019, 1, 1).date(), datetime(2026, 1, 1).date()).map(str),
    "german date": st.dates().map(lambda day: f"{day:%d.%m.%Y}"),
    "number": st.integers(0, 10**12).map(str),
    "amount": st.integers(0, 10**6).map(lambda cents: f"€ {cents / 100:,.2f}"),
    "stage": st.sampled_from(["Lead", "MQL", "Deal", "Opportunity", "Closed Won", "Event"]),
    "name": WORDS,
}


@st.composite
def any_table(draw: st.DrawFn) -> list[list[str]]:
    """A header with names of any kind, and rows that hold at least one column of values."""
    kinds = draw(st.lists(st.sampled_from([*COLUMNS]), min_size=1, max_size=7))
    kinds = [draw(st.sampled_from(["date", "number"])), *kinds]
    known = st.sampled_from([*NAMES, "stage", "count", "Contact", "Phase\ndu cycle", "Montant"])
    header = [draw(st.one_of(WORDS, known)) for _ in kinds]
    rows = draw(st.integers(1, 12))
    return [header, *([draw(COLUMNS[kind]) for kind in kinds] for _ in range(rows))]


TITLES = st.sampled_from(
    [["Deals report"], ["As of 2026-07-01 · Operations"], [], ["", ""], ["Bericht, Q1; alle"]]
)


@given(any_table())
def test_a_header_on_the_first_line_stays_there(rows: list[list[str]]) -> None:
    found = find_header(rows)
    assert found.line == 0
    assert len(found.names) == len(set(map(str.casefold, found.names))) == len(rows[0])
    assert found.skipped == ()


@given(any_table(), st.lists(st.one_of(TITLES, st.just(["sep=;"])), max_size=12))
def test_what_stands_above_a_header_leaves_it_as_it_is(
    rows: list[list[str]], above: list[list[str]]
) -> None:
    found = find_header([*above, *rows])
    assert found.line == len(above)
    assert found.names == find_header(rows).names
    assert found.skipped == tuple(row[0] for row in above if row and row[0])


@given(any_table(), st.sampled_from(",;\t|"), st.lists(TITLES, max_size=4), st.booleans())
def test_the_delimiter_is_the_one_that_a_table_was_written_with(
    rows: list[list[str]], delimiter: str, above: list[list[str]], is_said: bool
) -> None:
    text = written([*above, *rows], delimiter)
    text = f"sep={delimiter}\n{text}" if is_said else text
    assert find_delimiter(text) == delimiter
    assert find_header(cells(text, delimiter)).line == len(above) + is_said


@given(any_table())
def test_rows_without_a_header_are_never_read_as_one(rows: list[list[str]]) -> None:
    with pytest.raises(IntakeError, match="No line names the columns"):
        find_header(rows[1:])


@given(st.lists(st.lists(st.one_of(st.just(""), WORDS, st.sampled_from(["7", *NAMES])))))
def test_whatever_the_lines_are_there_is_a_header_or_a_sentence(rows: list[list[str]]) -> None:
    found, problems = answer(rows)
    assert all(problem.message and problem.remedy for problem in problems)
    assert (found is None) == bool(problems)
    assert found is None or len(found.names) == len(rows[found.line]) > 0


@given(any_table(), st.integers(0, 20))
def test_somebody_may_say_which_line_it_is(rows: list[list[str]], line: int) -> None:
    if line < len(rows):
        assert header_on(rows, line).line == line
    else:
        with pytest.raises(IntakeError, match=f"Line {line + 1} .* names no columns"):
            header_on(rows, line)


# -- names -----------------------------------------------------------------------------------------


def test_titles_of_groups_name_what_is_blank_or_repeated_below_them() -> None:
    rows = [
        ["Deals"],
        ["Record ID", "Lead", "", "Deal", ""],
        ["", "Created", "Owner", "Created", "Amount"],
        ["1", "2026-01-05", "Ann", "2026-02-05", "1000"],
    ]
    names = ("Record ID", "Lead Created", "Owner", "Deal Created", "Amount")
    assert find_header(rows) == Header(2, names, ("Deals",))


def test_groups_that_are_written_above_every_column_are_no_header() -> None:
    rows = [
        ["Deal", "Deal", "Dates", "Dates"],
        ["Record ID", "Deal Stage", "Created", "Closed"],
        ["1", "Closed Won", "2026-01-05", "2026-02-05"],
    ]
    assert find_header(rows).names == ("Record ID", "Deal Stage", "Created", "Closed")


def test_names_merged_over_two_rows_are_found_in_the_upper_one() -> None:
    rows = [
        ["Record ID", "Deal Stage", "Owner", "Dates", ""],
        ["", "", "", "Create Date", "Close Date"],
        ["1", "Closed Won", "Ann", "2026-01-05", "2026-02-05"],
    ]
    found = find_header(rows)
    assert found.line == 1
    assert found.names == ("Record ID", "Deal Stage", "Owner", "Create Date", "Close Date")


def test_line_breaks_in_names_are_blanks_and_unnamed_columns_get_a_number() -> None:
    rows = [["Record\r\nID", "Deal\nStage", "", "Amount", "amount"], [*"12345"]]
    assert find_header(rows).names == (
        "Record ID", "Deal Stage", "column 3", "Amount", "amount (5)",
    )  # fmt: skip


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "delimiter"),
    [
        ("sep=;\n", ";"),
        ('"sep=|"\r\n', "|"),
        ("sep=\t\n", "\t"),
        ("sep=,\n\nPipeline, open and closed\n", ","),
        ('"Deals report"\n"As of 2026-07-01"\n\n', ","),
        ("Verkaufschancen;;;;\nStand: 01.07.2026;;;;\n;;;;\n", ";"),
        ('"Affaires\nde l’année"\n\n\n\n', "\t"),
        ("Informe de negocios\nFiltrado por: Todos, 2026\n\n", ";"),
        ("Owner:|Ann\nFrom:|2026-01-01\nTo:|2026-07-01\n", "|"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_above_the_header_are_skipped_and_kept_to_be_shown(
    tmp_path: Path, above: str, delimiter: str, encoding: str
) -> None:
    text = above + written([NAMES, *DEALS], delimiter)
    found = table(tmp_path / "deals.csv", text.encode(encoding))
    assert list(found.columns) == NAMES
    assert found.rows == 3
    assert (found.rejected, found.totals) == ((), ())
    lines = [*csv.reader(StringIO(above, newline=""), delimiter=delimiter)]
    assert found.header_line == len(lines) + 1
    said = (" ".join(" ".join(row).split()) for row in lines)
    assert found.skipped == tuple(text for text in said if text and not text.startswith("sep="))


@pytest.mark.parametrize("ends", [["\n", "\r\n"], ["\r\n", "\n"], ["\r"], ["\r", "\n"], ["\r\n"]])
def test_lines_may_end_each_in_its_own_way(tmp_path: Path, ends: list[str]) -> None:
    rows = ["Deals", "Q1", ",".join(NAMES), *(",".join(row) for row in DEALS)]
    text = "".join(row + ends[place % len(ends)] for place, row in enumerate(rows))
    path = tmp_path / "deals.csv"
    path.write_bytes((text + '4,"Closed\rWon",2026-01-08,2026-02-08,5').encode())
    with LeadDatabase([path]) as database:
        [found] = database.tables
        assert (found.rows, found.header_line, found.rejected) == (4, 3, ())
        stages = database.query(f'SELECT "Deal Stage" FROM {found.source} ORDER BY rowid')
        assert [" ".join(stage.split()) for (stage,) in stages] == [
            "Closed Won", "Closed Lost", "Closed Won", "Closed Won",
        ]  # fmt: skip


def test_lines_count_as_in_the_file_with_what_is_skipped_broken_and_blank(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text(
        'Report\n\nlead,stage,entered_at\na,Lead,2026-01-05\n\n\n"b\nb",Lead,2026-01-06\n'
        "broken\n\nc,Lead,2026-01-07\nSubtotal,,3\nd,Lead,2026-01-08\nTotal,,4\n"
    )
    with LeadDatabase([path]) as database:
        [found] = database.tables
        rows = database.query(f"SELECT lead, rowid FROM {found.source} ORDER BY rowid")
        lines = {lead: database.line(found, number) for lead, number in rows}
    assert lines == {"a": 4, "b\nb": 7, "c": 10, "d": 12}
    assert [rejected.line for rejected in found.rejected] == [8]
    assert [(total.line, total.text) for total in found.totals] == [
        (11, "Subtotal 3"),
        (13, "Total 4"),
    ]


def test_the_header_may_be_on_the_line_that_somebody_says(tmp_path: Path) -> None:
    text = written([["Ref", "Phase", "Von", "Bis", "Wert"], NAMES, *DEALS])
    assert [*table(tmp_path / "a.csv", text).columns] == NAMES
    found = table(tmp_path / "a.csv", text, header_lines={"a.csv": 1})
    assert list(found.columns) == ["Ref", "Phase", "Von", "Bis", "Wert"]
    assert (found.header_line, found.skipped, found.rows) == (1, (), 4)
    with pytest.raises(IntakeError, match=r"Line 90 of the file a\.csv names no columns"):
        table(tmp_path / "a.csv", text, header_lines={"a.csv": 90})


@pytest.mark.parametrize(
    "rows",
    [
        DEALS,
        [["ann@example.com", "Gewonnen", "05.01.2026"], ["bo@example.com", "Verloren", "6.1.26"]],
        [["A-1", "Ganado", "1.250,00 €"], ["A-2", "Perdido", "900,00 €"]],
        [["a", "Lead", "5 janv. 2026"], ["a", "MQL", "9 févr. 2026"], ["b", "Lead", "1 mai 2026"]],
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_without_column_names_is_refused_with_a_sentence(
    tmp_path: Path, rows: list[list[str]], kind: str
) -> None:
    content = workbook(rows) if kind == "xlsx" else written(rows, ";").encode()
    says = problem(tmp_path / f"deals.{kind}", content)
    assert f"No line names the columns of the file deals.{kind}: line 1 is a row" in says
    assert "Write a line above the rows" in says


def test_names_far_below_rows_are_pointed_at(tmp_path: Path) -> None:
    text = written([*DEALS, *DEALS, NAMES, *DEALS])
    assert "deals.csv seem to be on line 7" in problem(tmp_path / "deals.csv", text)


# -- workbooks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "merged", "line"),
    [
        ([["Deals report", *[""] * 4], ["As of 2026-07-01"], [], NAMES, *DEALS], "A1:E1", 4),
        ([[], [], [], NAMES, *DEALS], "", 4),
        ([["", "", *row] for row in [["Negocios"], [], NAMES, *DEALS]], "", 3),
        ([[NAMES[0], "Deal\nStage", *NAMES[2:]], *DEALS], "", 1),
    ],
)
def test_a_sheet_is_read_below_its_titles(
    tmp_path: Path, rows: list[list[str]], merged: str, line: int
) -> None:
    found = table(tmp_path / "deals.xlsx", workbook(rows, merged=merged))
    assert list(found.columns) == NAMES
    assert (found.rows, found.header_line) == (3, line)


def test_every_sheet_has_a_header_of_its_own_and_covers_are_left_out(tmp_path: Path) -> None:
    cover = [["Deals of all regions"], ["On", "2026-07-01"]]
    content = workbook([], cover, [["2025"], NAMES, *DEALS], [NAMES, *DEALS[:2]])
    found = tables(tmp_path / "deals.xlsx", content)
    assert [(one.header_line, one.rows) for one in found] == [(2, 3), (1, 2)]


def test_a_sheet_as_wide_as_the_others_without_a_header_is_not_dropped(tmp_path: Path) -> None:
    says = problem(tmp_path / "deals.xlsx", workbook([NAMES, *DEALS], DEALS))
    assert "No line names the columns" in says


def test_lines_of_a_sheet_count_from_its_top_with_the_blank_ones(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    path.write_bytes(workbook([["Deals"], NAMES, DEALS[0], [], DEALS[1], [], DEALS[2]]))
    with LeadDatabase([path]) as database:
        [found] = database.tables
        assert [database.line(found, number) for number in range(3)] == [3, 5, 7]


# -- totals and notes ------------------------------------------------------------------------------

FOOTERS = {
    "Salesforce": [
        ["Grand Totals (3 records)", "", "", "", "3000"],
        [],
        ["Confidential Information - Do Not Distribute"],
        ["Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."],
        ["Generated By: Ann Lee 7/1/2026 9:15 AM"],
    ],
    "English": [["Total", "", "", "", "3,000.00"], ["Count: 3", "", "", "", ""]],
    "German": [["Summe", "", "", "", "3.000,00 €"], ["Stand: 01.07.2026", "", "", "", ""]],
    "German, Excel": [["", "Gesamtergebnis", "", "", "3000"], ["Anzahl", "3", "", "", ""]],
    "French": [["Total général", "", "", "", "3 000,00 €"], ["3 enregistrements", "", "", "", ""]],
    "Spanish": [["Suma", "", "", "", "3.000"], ["3 registros", "", "", "", ""]],
    "Portuguese": [["Total geral", "", "", "", "R$ 3.000,00"], ["Contagem", "3", "", "", ""]],
    "Italian": [["Totale", "", "", "", "3.000"], ["Media", "", "", "", "1.000"]],
    "Dutch": [["Totaal", "", "", "", "3.000"], ["Alle bedragen zijn voorlopig.", "", "", "", ""]],
}


@pytest.mark.parametrize("name", FOOTERS)
@pytest.mark.parametrize("kind", [";", ",", "xlsx"])
def test_totals_and_notes_under_a_table_are_set_aside_and_accounted_for(
    tmp_path: Path, name: str, kind: str
) -> None:
    rows = [NAMES, *DEALS, *FOOTERS[name]]
    path = tmp_path / "deals.xlsx" if kind == "xlsx" else tmp_path / "deals.csv"
    path.write_bytes(workbook(rows) if kind == "xlsx" else written(rows, kind).encode())
    footers = [line for line, row in enumerate(rows, 1) if row and line > 4]
    with read_deals(path) as cohort:
        assert cohort.reached() == (3, 2)
        report = cohort.report
        assert report.set_aside == {Cause.TOTAL: len(footers)}
        assert report.rows_read == 3 + len(footers)
        assert report.rows_used == 3
        assert [aside.line for aside in report.set_aside_rows] == footers
        assert all(aside.says for aside in report.set_aside_rows)


def test_totals_of_groups_between_the_rows_are_set_aside(tmp_path: Path) -> None:
    rows = [NAMES, DEALS[0], ["Subtotal", "", "", "", "1000"], *DEALS[1:]]
    rows += [["Zwischensumme", "", "", "", "2000"], ["", "Count", "3", "", ""]]
    found = table(tmp_path / "deals.csv", written(rows))
    assert found.rows == 3
    assert [total.line for total in found.totals] == [3, 6, 7]


def test_leads_that_are_called_like_a_total_are_leads(tmp_path: Path) -> None:
    rows = [["Deal Name", "Deal Stage", "Create Date", "Amount"]]
    rows += [["Total", "Closed Won", "2026-01-05", "5"], ["Sum", "", "2026-01-05", "5"]]
    rows += [["Media", "Closed Lost", "", ""], ["D-17", "", "", ""]]
    found = table(tmp_path / "deals.csv", written(rows))
    assert (found.rows, found.totals) == (4, ())


@given(st.lists(WORDS, min_size=2, max_size=6))
def test_a_row_with_words_beside_its_name_is_no_total(row: list[str]) -> None:
    assert not is_total([*row, "Closed Won"])
    assert not is_note([*row, "Closed Won"], len(row) + 1) or len(row) + 1 < 2


# -- counts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nstage;count\nLead;2000\nMQL;700\nWon;21\n",
        "Funnel 2026, all regions\n\nstage,count\nLead,2000\nMQL,700\nWon,21\n\nTotal,2721\n",
        "Trichter;EU\nAm;01.07.2026\nstage;count\nLead;2.000\nMQL;700\nWon;21\nSumme;2.721",
        "Funnel\tQ1\rstage\tcount\r\nLead\t2000\nMQL\t700\r\nWon\t21\r\nGenerated by Ann\t\n",
    ],
)
def test_counts_are_read_below_titles_and_above_totals(text: str) -> None:
    funnel = read_upload("funnel.csv", text.encode())
    assert funnel.stages == ("Lead", "MQL", "Won")
    assert funnel.counts == (2000, 700, 21)


def test_a_workbook_of_counts_is_read_below_titles_and_above_totals() -> None:
    counts: Rows = [
        ["Funnel"],
        [],
        ["stage", "count"],
        ["Lead", 2000],
        ["MQL", 700],
        ["Total", 2700],
    ]
    losses: Rows = [
        ["Verluste"],
        ["stage", "reason", "count"],
        ["Lead", "Price", 9],
        ["Total", "", 9],
    ]
    funnel = read_upload("funnel.xlsx", workbook(counts, losses))
    assert funnel.counts == (2000, 700)
    assert funnel.steps[0].losses == {"Price": 9}


def test_problems_below_titles_name_the_line_of_the_file() -> None:
    with pytest.raises(IntakeError) as refused:
        read_upload("f.csv", b"sep=;\nFunnel;\n\nstage;count\nLead;2000\n\nMQL;many\n")
    assert [problem.line for problem in refused.value.problems] == [7]


def test_counts_without_column_names_are_refused_with_a_sentence() -> None:
    with pytest.raises(IntakeError, match="No line names the columns of the table: line 1 is"):
        read_upload("f.csv", b"Lead,2000\nMQL,700\n")
