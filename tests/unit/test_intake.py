"""Files as people really have them go in; everything else comes back as problems they can mend."""

from __future__ import annotations

import csv
import gzip
import os
import runpy
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import duckdb
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from workshop.domain.funnel import Funnel
from workshop.domain.people import Owner
from workshop.intake import (
    DATA,
    MAX_BYTES,
    IntakeError,
    Problem,
    example,
    read_counts,
    read_upload,
)
from workshop.intake.cells import key
from workshop.intake.sheets import locked_database

PLAIN = b"stage,count\nLead,2000\nMQL,700\nSQL,280\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def problems(
    content: bytes, losses: bytes | None = None, name: str = "funnel.csv"
) -> list[Problem]:
    with pytest.raises(IntakeError) as caught:
        read_upload(name, content, None if losses is None else ("losses.csv", losses))
    found = caught.value.problems
    assert found
    assert all(problem.message and problem.remedy for problem in found)
    return found


def only_problem(content: bytes, losses: bytes | None = None, name: str = "funnel.csv") -> Problem:
    (found,) = problems(content, losses, name)
    return found


def place(problem: Problem) -> tuple[int | None, str | None]:
    return problem.line, problem.column


def workbook(*sheets: list[tuple[object, ...]]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": datetime(2024, 1, 1)})  # the same bytes every time
        for rows in sheets:
            sheet = book.add_worksheet()
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(line, column, value)
                    else:
                        sheet.write(line, column, value)
    return file.getvalue()


def parquet(select: str, folder: Path) -> bytes:
    path = folder / "made.parquet"
    with duckdb.connect() as database:
        database.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


def with_part(book: bytes, name: str, xml: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    changed = BytesIO()
    with ZipFile(BytesIO(book)) as old, ZipFile(changed, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, xml if part == name else old.read(part))
    return changed.getvalue()


# What is read


def test_a_plain_csv_becomes_a_funnel() -> None:
    funnel = read_upload("funnel.csv", PLAIN, deal_value=8000, currency="USD", period_days=90)
    assert funnel == Funnel.from_counts(
        {"Lead": 2000, "MQL": 700, "SQL": 280}, deal_value=8000, currency="USD", period_days=90
    )


def test_a_path_is_read_like_an_upload(tmp_path: Path) -> None:
    path = tmp_path / "funnel.csv"
    path.write_bytes(PLAIN)
    assert read_counts(path) == read_counts(str(path)) == read_upload("funnel.csv", PLAIN)


def test_without_a_deal_value_money_reads_as_won_deals_in_a_year() -> None:
    funnel = read_upload("funnel.csv", PLAIN)
    assert (funnel.deal_value, funnel.currency, funnel.period_days) == (1.0, "EUR", 365)


def test_the_example_is_the_worked_example() -> None:
    funnel = example()
    assert funnel.stages == ("Lead", "MQL", "SQL", "Opportunity", "Won")
    assert funnel.counts == (2000, 700, 280, 84, 21)
    assert funnel.deal_value == 8000
    assert [step.benchmark for step in funnel.steps] == [0.40, 0.38, 0.35, 0.27]
    assert [step.owner for step in funnel.steps] == ["marketing", "both", "sales", "sales"]
    assert funnel.steps[1].losses == {"No follow-up": 210, "No budget": 126}
    assert [step.unexplained for step in funnel.steps] == [260, 84, 25, 8]


def test_owner_benchmark_and_losses_belong_to_the_step_that_leaves_the_stage() -> None:
    funnel = read_upload(
        "funnel.csv",
        b"stage,count,owner,benchmark\nLead,2000,marketing,40 %\nMQL,700,Sales,\nSQL,280,both,\n",
        ("losses.csv", b"stage,reason,count\n mql ,No budget,126\n"),
    )
    assert [step.owner for step in funnel.steps] == [Owner.MARKETING, Owner.SALES]
    assert [step.benchmark for step in funnel.steps] == [0.4, None]
    assert [step.losses for step in funnel.steps] == [{}, {"No budget": 126}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_any_everyday_encoding_is_read(encoding: str) -> None:
    content = "stage,count\nAnfänge,2000\nGelöst,700\n".encode(encoding)
    assert read_upload("funnel.csv", content).stages == ("Anfänge", "Gelöst")


def test_big_endian_utf_16_is_read() -> None:
    content = b"\xfe\xff" + "stage\tcount\nLead\t2000\nMQL\t700\n".encode("utf-16-be")
    assert read_upload("funnel.csv", content).counts == (2000, 700)


def test_a_euro_sign_written_by_windows_is_read() -> None:
    content = "stage,count\nOffer > 100 €,20\nWon,7\n".encode("cp1252")
    assert read_upload("funnel.csv", content).stages[0] == "Offer > 100 €"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_everyday_delimiter_and_line_end_is_read(delimiter: str, newline: str) -> None:
    lines = ["stage,count", "Lead,2000", "MQL,700", "", ""]
    content = newline.join(lines).replace(",", delimiter).encode()
    assert read_upload("funnel.csv", content).counts == (2000, 700)


@pytest.mark.parametrize(
    "written",
    [
        "1234",
        "1,234",
        "1.234",
        "1 234",
        "1'234",
        "1’234",
        "1\xa0234",
        "1\u202f234",
        " 1234 ",
        "1234.0",
        "1234,00",
        "1,234.0",
        "1.234,0",
        "+1234",
        "01234",
    ],
)
def test_a_count_is_read_however_it_is_written(written: str) -> None:
    content = f'stage,count\nLead,"{written}"\nMQL,700\n'.encode()
    assert read_upload("funnel.csv", content).entrants == 1234


def test_millions_are_read() -> None:
    content = b"stage;count\nVisit;1.234.567\nLead;1,000,000\nMQL;0\n"
    assert read_upload("funnel.csv", content).counts == (1_234_567, 1_000_000, 0)


@pytest.mark.parametrize("written", ["0.4", ".4", "0,4", "40%", "40 %", "40\u00a0%", "40.0 %"])
def test_a_benchmark_is_read_however_it_is_written(written: str) -> None:
    content = f"stage;count;benchmark\nLead;2000;{written}\nMQL;700;\n".encode()
    assert read_upload("funnel.csv", content).steps[0].benchmark == 0.4


@pytest.mark.parametrize(
    "header",
    ["STAGE, Count ", "Stage  name,Number", "funnel_stage,Amount of leads", '"Stage","Leads"'],
)
def test_columns_are_known_by_their_everyday_names(header: str) -> None:
    content = f"{header}\nLead,2000\nMQL,700\n".encode()
    assert read_upload("funnel.csv", content).counts == (2000, 700)


def test_columns_may_stand_in_any_order_among_others() -> None:
    content = b"id,count,comment,stage\n1,2000,,Lead\n2,700,good ones,MQL\n"
    assert read_upload("funnel.csv", content).stages == ("Lead", "MQL")


def test_quoted_cells_may_hold_delimiters_quotes_and_line_breaks() -> None:
    content = b'stage,count\n"Lead, ""hot""",2000\n"Qualified\n\nlead",700\n'
    funnel = read_upload("funnel.csv", content)
    assert funnel.stages == ('Lead, "hot"', "Qualified\n\nlead")


def test_blank_lines_are_skipped_wherever_they_are() -> None:
    content = b"\n\nstage,count\n\nLead,2000\n,\nMQL,700\n\n\n"
    assert read_upload("funnel.csv", content).counts == (2000, 700)


def test_nobody_may_have_reached_a_stage() -> None:
    assert read_upload("funnel.csv", b"stage,count\nLead,0\nMQL,0\n").won == 0


def test_losses_may_explain_everything_that_was_lost() -> None:
    losses = b"stage,reason,count\nLead,Price,1000\nLead,Timing,300\n"
    assert read_upload("f.csv", PLAIN, ("l.csv", losses)).steps[0].unexplained == 0


def test_losses_with_a_header_alone_say_that_no_reasons_are_known() -> None:
    funnel = read_upload("f.csv", PLAIN, ("l.csv", b"stage,reason,count\n"))
    assert funnel == read_upload("f.csv", PLAIN)


def test_an_owner_of_the_last_stage_is_accepted_and_not_used() -> None:
    content = b"stage,count,owner\nLead,2000,marketing\nMQL,700,sales\n"
    assert [step.owner for step in read_upload("f.csv", content).steps] == [Owner.MARKETING]


@pytest.mark.parametrize(
    "hostile",
    [
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "+1",
        "-1",
        "<script>alert('x')</script>",
        "**bold** [link](javascript:alert(1))",
        "$\\frac{1}{2}$",
        "'; DROP TABLE idea; --",
        "🙂👩‍👩‍👧",
        "\u202eright to left",
        "../../etc/passwd",
        "NULL",
        "a\tb",
        "“quoted”",
        "x" * 200,
    ],
)
def test_names_and_reasons_pass_through_unchanged(hostile: str) -> None:
    file = StringIO()
    csv.writer(file).writerows([("stage", "count"), (hostile, 20), ("Won", 7)])
    losses = StringIO()
    csv.writer(losses).writerows([("stage", "reason", "count"), (hostile, hostile, 3)])
    funnel = read_upload(
        "funnel.csv", file.getvalue().encode(), ("losses.csv", losses.getvalue().encode())
    )
    assert funnel.stages[0] == hostile
    assert funnel.steps[0].losses == {hostile: 3}
    sheets = workbook(
        [("stage", "count"), (hostile, 20), ("Won", 7)],
        [("stage", "reason", "count"), (hostile, hostile, 3)],
    )
    assert read_upload("funnel.xlsx", sheets) == funnel


# Workbooks and Parquet


def test_a_workbook_holds_the_funnel_and_on_its_second_sheet_the_losses() -> None:
    content = workbook(
        [
            ("stage", "count", "owner", "benchmark"),
            ("Lead", 2000, "marketing", 0.4),
            ("MQL", "1,000", None, "38 %"),
            ("SQL", 280.0),
        ],
        [("stage", "reason", "count"), ("MQL", "No budget", 126)],
    )
    funnel = read_upload("funnel.xlsx", content)
    assert funnel.counts == (2000, 1000, 280)
    assert [step.benchmark for step in funnel.steps] == [0.4, 0.38]
    assert funnel.steps[1].losses == {"No budget": 126}


def test_a_file_of_losses_stands_in_for_the_second_sheet() -> None:
    content = workbook(
        [("stage", "count"), ("Lead", 20), ("MQL", 7)],
        [("stage", "reason", "count"), ("Lead", "No budget", 3)],
    )
    funnel = read_upload("f.xlsx", content, ("l.csv", b"stage,reason,count\nLead,Price,2\n"))
    assert funnel.steps[0].losses == {"Price": 2}


def test_an_empty_second_sheet_says_nothing() -> None:
    funnel = read_upload("f.xlsx", workbook([("stage", "count"), ("Lead", 20), ("MQL", 7)], []))
    assert funnel.steps[0].losses == {}


def test_lines_of_a_workbook_count_from_the_top_of_the_sheet() -> None:
    content = workbook([(), (), ("stage", "count"), ("Lead", 2000), (), ("MQL", "many")])
    assert place(only_problem(content, name="f.xlsx")) == (6, "count")


def test_a_number_with_three_decimals_in_a_workbook_is_no_grouped_thousand() -> None:
    content = workbook([("stage", "count"), ("Lead", 2.345), ("MQL", 1)])
    assert "not a whole number" in only_problem(content, name="f.xlsx").message


def test_a_stage_called_by_a_number_keeps_its_name() -> None:
    content = workbook([("stage", "count"), (2024, 20), ("Won", 7)])
    assert read_upload("f.xlsx", content).stages == ("2024", "Won")


def test_a_parquet_file_is_read(tmp_path: Path) -> None:
    select = """SELECT * FROM (VALUES
        ('Lead', 2000::BIGINT, 'marketing', 0.4::DOUBLE, TIMESTAMPTZ '2024-01-01 00:00:00Z'),
        ('MQL', 700, NULL, NULL, NULL)) AS t("Stage name", count, owner, benchmark, "at ""x"" ")"""
    funnel = read_upload("funnel.parquet", parquet(select, tmp_path))
    assert funnel.counts == (2000, 700)
    assert funnel.steps[0].benchmark == 0.4


def test_parquet_counts_must_be_whole_too(tmp_path: Path) -> None:
    select = "SELECT * FROM (VALUES ('Lead', 2.345::DOUBLE), ('MQL', 1)) AS t(stage, count)"
    found = only_problem(parquet(select, tmp_path), name="f.parquet")
    assert place(found) == (2, "count")


@pytest.mark.parametrize("name", ["funnel.csv", "funnel.txt", "FUNNEL.XLSX", "funnel.parquet"])
def test_the_first_bytes_say_what_a_file_is_and_not_its_name(name: str) -> None:
    sheet = workbook([("stage", "count"), ("Lead", 2000), ("MQL", 700), ("SQL", 280)])
    assert read_upload(name, sheet) == read_upload(name, PLAIN)


# What is wrong, one thing at a time


@pytest.mark.parametrize(
    ("content", "line", "column", "says"),
    [
        (b"stage,amont\nLead,20\nMQL,7\n", 1, "count", "no column “count”"),
        (b"name,count\nLead,20\nMQL,7\n", 1, "stage", "no column “stage”"),
        (b"stage,count,number\nLead,20,20\nMQL,7,7\n", 1, "count", "2 columns could be"),
        (b"stage,count\nLead,20\nMQL,many\n", 3, "count", "“many” is not a number"),
        (b"stage,count\nLead,NaN\nMQL,7\n", 2, "count", "not a number"),
        (b"stage,count\nLead,1e3\nMQL,7\n", 2, "count", "not a number"),
        (b"stage;count\nLead;12,34,5\nMQL;7\n", 2, "count", "not a number"),
        (b"stage,count\nLead,\nMQL,7\n", 2, "count", "The count is empty"),
        (b"stage,count\n,20\nMQL,7\n", 2, "stage", "The stage is empty"),
        (b"stage,count\nLead,20\nMQL,-7\n", 3, "count", "“-7” is negative"),
        ("stage,count\nLead,20\nMQL,−7\n".encode(), 3, "count", "negative"),
        (b"stage,count\nLead,20\nMQL,1.5\n", 3, "count", "“1.5” is not a whole number"),
        (b"stage;count\nLead;20\nMQL;1,5\n", 3, "count", "not a whole number"),
        (b"stage,count\nLead,0.500\nMQL,0\n", 2, "count", "not a whole number"),
        (b"stage,count\nLead,1" + b"0" * 13 + b"\nMQL,7\n", 2, "count", "is more than"),
        (b"stage,count\nLead,1" + b"0" * 9999 + b"\nMQL,7\n", 2, "count", "is more than"),
        (b"stage,count\nLead,20\nMQL,27\n", 3, "count", "27 is more than the 20 on line 2"),
        (b"stage,count\nLead,20\nMQL,x\nSQL,27\n", 3, "count", "not a number"),
        (b"stage,count\nLead,20\n", None, "stage", "only 1 stage"),
        (b"stage,count\n", None, "stage", "no stages"),
        (b"stage,count\nLead,20\nMQL,7\n lead ,3\n", 4, "stage", "already on line 2"),
        (b"stage,count\n" + b"x" * 201 + b",20\nMQL,7\n", 2, "stage", "201 characters"),
        (b"stage,count,owner\nLead,20,finance\nMQL,7,\n", 2, "owner", "“finance”"),
        (b"stage,count,benchmark\nLead,20,good\nMQL,7,\n", 2, "benchmark", "not a rate"),
        (b"stage,count,benchmark\nLead,20,40\nMQL,7,\n", 2, "benchmark", "between 0 and 100 %"),
        (b"stage,count,benchmark\nLead,20,101%\nMQL,7,\n", 2, "benchmark", "between"),
        (b"stage,count,benchmark\nLead,20,\nMQL,7,35%\n", 3, "benchmark", "last stage"),
        (b"stage,count\nLead,2,000\nMQL,700\n", 2, None, "3 cells, the header 2"),
        (b'stage,count\nLead,20\n"MQL,7\nSQL,3\n', 3, None, "cannot be told apart"),
        (b'stage,count\nLead,20\n"MQL"x,7\n', 3, None, "cannot be told apart"),
        (b"stage,count" + b",x" * 200 + b"\nLead,20\nMQL,7\n", 1, None, "cannot be told apart"),
    ],
)
def test_a_wrong_table_names_line_column_and_remedy(
    content: bytes, line: int | None, column: str | None, says: str
) -> None:
    found = problems(content)
    assert place(found[0]) == (line, column)
    assert says in found[0].message


def test_columns_are_named_as_the_file_names_them() -> None:
    content = b"Stage,Amount of leads\nLead,20\nMQL,many\n"
    assert place(only_problem(content)) == (3, "Amount of leads")


def test_lines_are_counted_with_the_blank_ones_and_cells_of_several_lines_once() -> None:
    content = b'\nstage,count\n\n"Le\n\nad",20\n\n5" pipe,9\n\nMQL,many\n'
    assert place(only_problem(content)) == (8, "count")


@pytest.mark.parametrize(
    ("losses", "line", "column", "says"),
    [
        (b"stage,count\nLead,20\n", 1, "reason", "no column “reason”"),
        (b"stage,reason,count\nLead,Price,1301\n", 2, "count", "add up to 1,301"),
        (b"stage,reason,count\nMQL,A,400\nMQL,B,20\nMQL,C,1\n", 4, "count", "add up to 421"),
        (b"stage,reason,count\nDemo,Price,3\n", 2, "stage", "“Demo” is not a stage"),
        (b"stage,reason,count\nSQL,Price,3\n", 2, "stage", "Nobody moves on from “SQL”"),
        (b"stage,reason,count\nLead,,3\n", 2, "reason", "The reason is empty"),
        (b"stage,reason,count\nLead,Price,3\nlead, PRICE,4\n", 3, "reason", "already on line 2"),
        (b"stage,reason,count\nLead,Price,few\n", 2, "count", "not a number"),
        (b"stage,reason,count\nLead,Price,\n", 2, "count", "The count is empty"),
        (b"stage,reason,count\nLead," + b"x" * 201 + b",1\n", 2, "reason", "201 characters"),
        (
            b"stage,reason,count\n" + b"".join(b"Lead,r%d,1\n" % n for n in range(201)),
            2,
            "reason",
            "more than 200 reasons",
        ),
        (b"", None, None, "The table is empty"),
        (PNG, None, None, "a PNG picture"),
    ],
)
def test_wrong_losses_say_that_they_are_the_losses(
    losses: bytes, line: int | None, column: str | None, says: str
) -> None:
    found = only_problem(PLAIN, losses)
    assert place(found) == (line, column)
    assert found.message.startswith("Losses: ")
    assert says in found.message


def test_all_problems_come_at_once() -> None:
    found = problems(
        b"stage,count,owner,benchmark\n"
        b"Lead,many,finance,40\n"
        b"MQL,-3,,\n"
        b"MQL,1.5,,\n"
        b",900,,\n"
        b"Won,901,,\n",
        b"stage,reason,count\nDemo,Price,3\nWon,,x\nLead,Price,2\nLead,Price,2\n",
    )
    assert [place(problem) for problem in found] == [
        (2, "count"),
        (2, "owner"),
        (2, "benchmark"),
        (3, "count"),
        (4, "count"),
        (5, "stage"),
        (4, "stage"),
        (6, "count"),
        (2, "stage"),
        (3, "stage"),
        (3, "reason"),
        (3, "count"),
        (5, "reason"),
    ]


def test_the_second_sheet_is_checked_like_a_file_of_losses() -> None:
    content = workbook(
        [("stage", "count"), ("Lead", 20), ("MQL", 7)],
        [("stage", "reason", "count"), ("Lead", "Price", 14)],
    )
    found = only_problem(content, name="f.xlsx")
    assert place(found) == (2, "count")
    assert found.remedy.startswith("Only 13 were lost there")


def test_an_error_reads_as_its_problems() -> None:
    with pytest.raises(IntakeError, match="Line 3, column “count”: “many” is not a number"):
        read_upload("f.csv", b"stage,count\nLead,20\nMQL,many\n")


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"deal_value": -1.0}, "the deal value is -1"),
        ({"currency": "euro"}, "the currency is 'euro'"),
        ({"period_days": 0}, "the period in days is 0"),
    ],
)
def test_a_wrong_deal_value_currency_or_period_is_a_problem_too(
    terms: dict[str, object], says: str
) -> None:
    with pytest.raises(IntakeError) as caught:
        read_upload("f.csv", PLAIN, **terms)  # type: ignore[arg-type]
    assert says in caught.value.problems[0].message


# Files that are no tables


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n\t", b",,,\n,,\n"])
def test_an_empty_file_is_a_problem(content: bytes) -> None:
    assert problems(content)[0].message == "The table is empty."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (PNG, "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "a JPEG picture"),
        (b"GIF89a\x01\x00", "a GIF picture"),
        (b"%PDF-1.7\n", "a PDF document"),
        (gzip.compress(PLAIN, mtime=0), "a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "an old Excel file"),
        (PLAIN + b"\0\0\0", "not a table"),
        ("stage,count\nLead,20\n".encode("utf-16-le"), "not a table"),
        ("stage,count\nLead,20\n".encode("utf-16") + b"\0", "not a table"),
        (b"PAR1" + b"\x15\x04" * 50 + b"PAR1", "Parquet file is damaged"),
        (b"PK\x03\x04" + b"junk" * 50, "not an Excel workbook"),
    ],
)
def test_a_file_that_only_claims_to_be_a_csv_is_named_for_what_it_is(
    content: bytes, says: str
) -> None:
    assert says in only_problem(content).message


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        file.writestr("funnel.csv", PLAIN)
    assert "not an Excel workbook" in only_problem(archive.getvalue(), name="f.xlsx").message


def test_a_cut_off_workbook_is_refused() -> None:
    content = workbook([("stage", "count"), ("Lead", 20), ("MQL", 7)])
    assert "not an Excel workbook" in only_problem(content[:-40], name="f.xlsx").message


@pytest.mark.parametrize("name", ["funnel.docx", "funnel", "funnel.csv.exe", "funnel.json"])
def test_an_unknown_ending_is_refused(name: str) -> None:
    assert "are not read" in only_problem(PLAIN, name=name).message


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="cannot be opened"):
        read_counts(tmp_path / "missing.csv")
    with pytest.raises(IntakeError, match="cannot be opened"):
        read_counts(tmp_path)


# Limits


def test_thirty_megabytes_of_garbage_are_refused_by_size(tmp_path: Path) -> None:
    path = tmp_path / "garbage.csv"
    path.write_bytes(os.urandom(1_000_000) * 30)
    with pytest.raises(IntakeError, match="larger than 20 MB"):
        read_counts(path)


def test_the_largest_file_taken_may_be_garbage_of_any_kind() -> None:
    limit = MAX_BYTES
    for garbage in (
        os.urandom(1_000_000) * 20,
        b"a" * limit,
        b'"' * limit,
        b"stage,count\n" + b"Lead,20\n" * (limit // 8 - 2),
        b"stage,count\n" + b"\n" * (limit - 20) + b"MQL,7",
    ):
        problems(garbage)


def test_a_file_of_leads_is_told_to_count_first() -> None:
    content = b"lead,stage,count\n" + b"".join(b"%d,Lead,1\n" % lead for lead in range(51))
    found = only_problem(content)
    assert place(found) == (52, "stage")
    assert "more than 50 stages" in found.message
    assert "one row a stage, not one row a lead" in found.remedy


def test_fifty_stages_with_two_hundred_reasons_each_are_read() -> None:
    funnel = b"stage,count\n" + b"".join(b"s%d,%d\n" % (n, 50_000 - n * 1000) for n in range(50))
    losses = b"stage,reason,count\n" + b"".join(
        b"s%d,r%d,1\n" % (stage, reason) for stage in range(49) for reason in range(200)
    )
    steps = read_upload("f.csv", funnel, ("l.csv", losses)).steps
    assert [len(step.losses) for step in steps] == [200] * 49


def test_a_parquet_file_of_many_rows_is_refused(tmp_path: Path) -> None:
    select = "SELECT 'stage ' || range AS stage, 1 AS count FROM range(200000)"
    found = only_problem(parquet(select, tmp_path), name="f.parquet")
    assert "more than 10,000 rows" in found.message


def test_a_parquet_file_of_many_columns_is_refused(tmp_path: Path) -> None:
    select = "SELECT " + ", ".join(f"{n} AS c{n}" for n in range(101))
    found = only_problem(parquet(select, tmp_path), name="f.parquet")
    assert "more than 100 columns" in found.message


def test_a_small_parquet_file_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    select = "SELECT repeat('x', 1000000) AS stage, range AS count FROM range(30)"
    content = parquet(select, tmp_path)
    assert len(content) < MAX_BYTES
    assert "far more text" in only_problem(content, name="f.parquet").message


def test_a_small_workbook_that_unpacks_to_much_is_refused() -> None:
    book = workbook([("stage", "count")])
    content = with_part(book, "xl/worksheets/sheet1.xml", b" " * (MAX_BYTES + 1))
    assert len(content) < MAX_BYTES
    assert "far more than a funnel needs" in only_problem(content, name="f.xlsx").message


def test_a_filled_cell_in_the_last_corner_of_a_sheet_does_not_take_the_memory() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "stage")
        sheet.write(1_048_575, 16_383, "stray")
    found = only_problem(file.getvalue(), name="f.xlsx")
    assert "goes on beyond row 10,001 or column 100" in found.message


def test_cells_without_a_reference_are_counted_too() -> None:
    cells = b"<row>" + b"<c/>" * 100 + b"<c><v>1</v></c></row>"
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>%s</sheetData></worksheet>"
    )
    content = with_part(workbook([]), "xl/worksheets/sheet1.xml", sheet % cells)
    assert "goes on beyond" in only_problem(content, name="f.xlsx").message


def test_a_workbook_cannot_claim_strings_that_it_does_not_hold() -> None:
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'count="1" uniqueCount="2147483648"><si><t>stage</t></si></sst>'
    )
    content = with_part(workbook([("stage", "count")]), "xl/sharedStrings.xml", strings)
    assert "far more than a funnel needs" in only_problem(content, name="f.xlsx").message


def test_the_reading_database_sees_one_file_and_cannot_be_unlocked(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(PLAIN)
    with locked_database(PLAIN) as (database, path):
        assert database.execute("SELECT count(*) FROM read_csv($1)", [path]).fetchall() == [(3,)]
        for refused in (
            f"SELECT * FROM read_csv('{other}')",
            f"COPY (SELECT 1) TO '{tmp_path}/written.csv'",
            "SET enable_external_access = true",
            "SET memory_limit = '8GB'",
        ):
            with pytest.raises(duckdb.Error):
                database.execute(refused)
    assert not Path(path).exists()


# Templates


def test_the_generator_writes_the_files_that_are_here(tmp_path: Path) -> None:
    runpy.run_path(str(DATA / "generate.py"))["write"](tmp_path)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert len(written) == 5
    for path in written:
        assert (DATA / path).read_bytes() == (tmp_path / path).read_bytes()


@pytest.mark.parametrize("name", ["funnel-template.csv", "funnel-template.xlsx"])
def test_an_unfilled_template_names_every_cell_to_fill(name: str) -> None:
    found = problems((DATA / "templates" / name).read_bytes(), name=name)
    assert [place(problem) for problem in found] == [(line, "count") for line in range(2, 7)]


def test_a_filled_template_is_a_funnel() -> None:
    lines = (DATA / "templates" / "funnel-template.csv").read_text("utf-8").splitlines()
    counts = [2000, 700, 280, 84, 21]
    filled = [
        line.replace(",,", f",{count},", 1) for line, count in zip(lines[1:], counts, strict=True)
    ]
    losses = (DATA / "templates" / "losses-template.csv").read_bytes() + b"Lead,Price,100\n"
    content = "\n".join([lines[0], *filled]).encode()
    funnel = read_upload("f.csv", content, ("l.csv", losses))
    assert funnel.counts == tuple(counts)
    assert funnel.steps[0].losses == {"Price": 100}


# Anything at all


def outcome(
    name: str, content: bytes, losses: tuple[str, bytes] | None = None
) -> Funnel | list[Problem]:
    try:
        return read_upload(name, content, losses)
    except IntakeError as error:
        return error.problems


def is_sound(outcome: Funnel | list[Problem]) -> bool:
    if isinstance(outcome, Funnel):
        return True
    return bool(outcome) and all(problem.message and problem.remedy for problem in outcome)


names = st.sampled_from(["f.csv", "f.tsv", "f.xlsx", "f.parquet", "f.txt", "f", "f.png"])


@examples(40)
@given(names, st.binary(max_size=300) | st.binary(max_size=60).map(lambda b: b"PK\x03\x04" + b))
def test_random_bytes_end_in_a_funnel_or_in_problems(name: str, content: bytes) -> None:
    assert is_sound(outcome(name, content))


words = st.text(max_size=5) | st.sampled_from(
    [
        *("stage", "count", "owner", "benchmark", "reason", "Lead", "MQL", "won", "20", "1.5"),
        *("-3", "1,234", "40%", "sales", "", " ", '"', '""', "'", "\\", "\n", "\r", "é", "€", "="),
    ]
)
broken_tables = st.builds(
    lambda rows, delimiter, newline, encoding: newline.join(map(delimiter.join, rows)).encode(
        encoding, errors="replace"
    ),
    st.lists(st.lists(words, max_size=6), max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"]),
)


@examples(25)
@given(broken_tables, st.none() | broken_tables)
def test_randomly_broken_tables_end_in_a_funnel_or_in_problems(
    content: bytes, losses: bytes | None
) -> None:
    assert is_sound(outcome("f.csv", content, None if losses is None else ("l.csv", losses)))


@examples(15)
@given(st.data())
def test_randomly_damaged_files_end_in_a_funnel_or_in_problems(data: st.DataObject) -> None:
    book = workbook(
        [("stage", "count"), ("Lead", 20), ("MQL", 7)],
        [("stage", "reason", "count"), ("Lead", "Price", 3)],
    )
    content = bytearray(data.draw(st.sampled_from([book, PLAIN])))
    for _ in range(3):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    assert is_sound(outcome(data.draw(names), bytes(content)))


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20
).filter(lambda name: name == name.strip())


@examples(15)
@given(
    st.lists(cells, min_size=2, max_size=6, unique_by=key),
    st.lists(st.integers(0, 10**9), min_size=6, max_size=6),
    st.sampled_from(",;\t|"),
)
def test_every_funnel_that_is_written_down_is_read_back(
    stages: list[str], numbers: list[int], delimiter: str
) -> None:
    counts = dict(zip(stages, sorted(numbers, reverse=True), strict=False))
    file = StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerows([("stage", "count"), *counts.items()])
    funnel = read_upload("f.csv", file.getvalue().encode())
    assert dict(zip(funnel.stages, funnel.counts, strict=True)) == counts
