"""Two hundred broken files: each ends in a funnel or in problems with a remedy."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from workshop import intake
from workshop.analysis.maturity import Basis
from workshop.domain.import_codes import Counting
from workshop.intake import Cohort, IntakeError, Problem, read_deals
from workshop.intake.header import cells
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.plausibility import cautions

NAMES = [
    "lead_id", "stage", "entered_at", "Deal ID", "Deal Stage", "Create Date", "Close Date",
    "Amount", "Closed Lost Reason", "Original Source", "Became a lead date", "Status",
    "Became a customer date", "event", "timestamp", "", " ", "stage", "rowid", "number", "written",
    "a\nb", 'say "x"', "ünïcode", "'; DROP TABLE journey; --",
]  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "Lead", "lead ", "MQL", "SQL", "Closed Won", "closed lost", "won", "lost", "open"]
    ),
    st.sampled_from(
        ["2026-01-05", "2026-01-05T10:00:00Z", "05/01/2026", "31/12/2026", "12/31/2026", "5.1.26"]
    ),
    st.sampled_from(["1767600000", "46027", "0000-00-00", "9999-12-31", "yesterday", "1e400"]),
    st.sampled_from(["1,234.50", "€ 1.234,50", "-5", "NaN", "inf", "No budget", "no  BUDGET"]),
    st.sampled_from(['"', '""', '"open', "a,b", "a;b", "a\tb", "line\nbreak", "\x00", "\ufeff"]),
    st.integers(1, 9).map(lambda number: f"L{number}"),
    st.text(max_size=8),
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """The bytes of a table that something has happened to."""
    header = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8))
    width = len(header)
    rows = draw(
        st.lists(st.lists(CELLS, min_size=max(1, width - 1), max_size=width + 1), max_size=12)
    )
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    quote = draw(st.booleans())
    lines = [
        delimiter.join('"' + cell.replace('"', '""') + '"' if quote else cell for cell in row)
        for row in [header, *rows]
    ]
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]))
    return text.encode(encoding, "replace")


@st.composite
def histories(draw: st.DrawFn) -> bytes:
    """The bytes of a history that could be read, were it not for some of its cells."""
    stages = st.sampled_from(["Lead", "MQL", "SQL", "Won", "Lost"])
    dates = st.dates(pd.Timestamp("2025-01-01").date(), pd.Timestamp("2026-01-01").date())
    good = st.tuples(st.integers(1, 6).map(str), stages, dates.map(str), st.just("Fair"))
    bad = st.tuples(CELLS, CELLS, CELLS, CELLS)
    rows = draw(st.lists(st.one_of(good, good, good, bad), min_size=1, max_size=25))
    frame = pd.DataFrame(rows, columns=["lead", "stage", "entered_at", "segment"])
    match draw(st.sampled_from(["csv", "parquet", "xlsx"])):
        case "parquet":
            return bytes(frame.to_parquet())
        case "xlsx":
            into = BytesIO()
            clean = frame.map(lambda cell: "".join(mark for mark in cell if mark.isprintable()))
            with pd.ExcelWriter(into, engine="xlsxwriter") as writer:
                clean.to_excel(writer, index=False)
                writer.book.set_properties({"created": datetime(2024, 1, 1)})  # the same bytes
            return into.getvalue()
        case _:
            return frame.to_csv(index=False).encode("utf-8", "replace")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file as it is, cut short, with foreign bytes in it, or no table at all."""
    content = draw(st.one_of(tables(), histories()))
    place = draw(st.integers(0, len(content)))
    match draw(st.sampled_from(["whole", "whole", "cut", "foreign", "noise"])):
        case "cut":
            return content[:place]
        case "foreign":
            return content[:place] + draw(st.binary(max_size=30)) + content[place:]
        case "noise":
            return draw(st.binary(max_size=200))
    return content


def read(path: Path) -> tuple[Cohort | None, list[Problem]]:
    try:
        return read_deals(path), []
    except IntakeError as error:
        return None, error.problems


def is_answered(content: bytes) -> bool:
    """Whether a file gives a funnel; otherwise it has problems that say how to mend them."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        path.write_bytes(content)
        cohort, problems = read(path)
        if cohort is None:
            assert problems
            assert all(problem.message and problem.remedy for problem in problems)
            return False
        with cohort:
            reached = cohort.reached(Counting.STRICT, timedelta(days=30))
            assert reached == tuple(sorted(reached, reverse=True))
            assert cohort.funnel(basis=Basis.CORRECTED).stages == cohort.stages
            assert not cohort.truth().isna().any(axis=None)
            assert cohort.report.rows_used <= cohort.report.rows_read
            assert all(str(one) for one in cautions(cohort))
            assert len(cohort.days()) == len(cohort.stages) - 1
        return True


@settings(
    examples(20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(damaged())
def test_a_broken_file_ends_in_problems_or_a_funnel(content: bytes) -> None:
    is_answered(content)


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_the_files_that_are_broken_above_can_be_read_when_they_are_whole(kind: str) -> None:
    rows = [("1", "Lead", "2025-01-01"), ("1", "Won", "2025-02-01"), ("2", "Lead", "2025-01-05")]
    frame = pd.DataFrame(rows, columns=["lead", "stage", "entered_at"])
    into = BytesIO()
    match kind:
        case "parquet":
            into.write(frame.to_parquet())
        case "xlsx":
            frame.to_excel(into, index=False, engine="xlsxwriter")
        case _:
            into.write(frame.to_csv(index=False).encode())
    assert is_answered(into.getvalue())


@pytest.mark.parametrize("length", [131_072, 131_073, 900_000])
def test_a_long_cell_moves_no_line_and_hides_no_blank_one(length: int, tmp_path: Path) -> None:
    long = "x" * length
    assert cells(f'1,"{long}"\n', ",") == [["1", long]]
    file = tmp_path / "export.csv"
    rows = [f'1,Lead,2026-01-05,"{long}"', "", "1,MQL,2026-01-06,-", "", "2,Lead,2026-01-07,-"]
    file.write_text("\n".join(["lead_id,stage,entered_on,note", *rows, ""]), encoding="utf-8")
    with LeadDatabase([file]) as database:
        [table] = database.tables
    assert (table.rows, table.gaps) == (3, (3, 5))


@pytest.mark.parametrize("stage", ["\x1b", "MQL\x1b", "\x00\ufffe", "Won\x0b", "\ud800Lead"[1:]])
def test_a_stage_with_what_no_text_can_hold_is_read_without_it(stage: str) -> None:
    rows = [("1", "Lead", "2025-01-01"), ("1", "MQL", "2025-01-05"), ("1", "Won", "2025-02-01")]
    rows += [("2", "Lead", "2025-01-05"), ("2", stage, "2025-01-09")]
    into = BytesIO(pd.DataFrame(rows, columns=["lead", "stage", "entered_at"]).to_parquet())
    assert is_answered(into.getvalue())


@pytest.mark.parametrize("names", [["MQL\x1b"], ["MQL\x1b", "MQL"], ["MQL", "MQL\x1b"]])
def test_a_column_of_dates_is_found_whatever_its_name_holds(
    names: list[str], tmp_path: Path
) -> None:
    entered = ["2025-02-14", "2025-02-14", None], [None, None, "2025-02-15"]
    frame = pd.DataFrame({"lead_id": ["1", "2", "3"], "Lead": ["2025-01-13"] * 3})
    for name, dates in zip(names, entered, strict=False):
        frame[name] = dates
    frame["Won"] = ["2025-04-15", None, None]
    frame.to_parquet(tmp_path / "leads.parquet")
    reading = intake.read(tmp_path / "leads.parquet")
    assert reading.stages == ("Lead", "MQL", "Won")
    assert reading.reached == (3, 2, 1), "the first of two columns of the same name counts"


def test_deals_whose_stage_nobody_knows_are_not_taken_for_counts(tmp_path: Path) -> None:
    """`Nombre` is a number in French; every name in it was once refused as no number."""
    (tmp_path / "negocios.csv").write_text(
        "ID del negocio;Nombre;Así va;Fecha de creación;Fecha de cierre\n"
        "1001;Talleres Núñez;Prospecto;03/02/2026;\n"
        "1002;Óptica Sol;Ganado;14/02/2026;01/04/2026\n",
        encoding="utf-8",
    )
    with pytest.raises(IntakeError) as refused:
        intake.read(tmp_path / "negocios.csv")
    [problem] = refused.value.problems
    assert problem.message == "No column says which stage was reached: name one stage."
