"""The screens from an upload to a funnel: the guess, its corrections, the choices, what is kept."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from time import sleep

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_upload_reading import read_as_shown
from tests.uploads import EXPORTS, ROOT, home, opened, press, said
from workshop.analysis.maturity import Basis
from workshop.domain.access import Role, Visitor
from workshop.domain.funnel import Funnel
from workshop.domain.origin import Origin
from workshop.intake import Job, Opened
from workshop.intake.layout import Outcome, Shape
from workshop.live.downloads import DOWNLOADS
from workshop.store import Store
from workshop.ui.text import escape_markdown
from workshop.ui.upload.under_way import UnderWay

HISTORY = (
    "lead,stage,entered_at,reason,value\n"
    "a,Lead,03/04/2026,,\na,Demo,05/04/2026,,\na,Won,09/04/2026,,500\n"
    "b,Lead,03/04/2026,,\nb,Demo,06/04/2026,,\nb,Lost,07/04/2026,GTX Pro,\n"
    "c,Lead,04/04/2026,,\nc,Lost,05/04/2026,GTXPro,\n"
    "d,Lead,08/04/2026,,\nd,Paused,08/05/2026,,\n"
)


def started(records: Store) -> tuple[Funnel, Origin]:
    [(workshop_id,)] = records.database.read("SELECT id FROM workshop")
    visitor = Visitor(Role.FACILITATOR, workshop_id)
    [version] = records.funnels.versions(visitor)
    assert version.origin is not None
    return records.funnels.current(visitor), version.origin


SHAPES = {
    "one row for each stage that a lead has entered": ("event_log.csv", [16, 14, 9, 5, 2]),
    "one row a lead, with a date for each stage": (
        "hubspot_contacts_lifecycle.csv",
        [45, 34, 19, 11, 4],
    ),
    "one row a deal, with its stage or its outcome": (
        "pipedrive_deals.csv",
        [40, 34, 28, 22, 16, 10],
    ),
}
ONE_OF_EACH = {name for name, _ in SHAPES.values()}


def arrived(*names: str) -> list[tuple[str, bytes]]:
    return [(name, (EXPORTS / name).read_bytes()) for name in names]


def accept(page: AppTest) -> None:
    page.text_input(key="start_name").set_value("Autumn")
    page.text_input(key="start_deal_value").set_value("10,000").run()
    press(page, "start_submit")


def workbook(records: Store) -> openpyxl.Workbook:
    """What the facilitator of the only workshop may take home."""
    [(workshop_id,)] = records.database.read("SELECT id FROM workshop")
    content = DOWNLOADS["export_xlsx"].build(Visitor(Role.FACILITATOR, workshop_id))
    return openpyxl.load_workbook(BytesIO(content))


def told(book: openpyxl.Workbook) -> dict[object, object]:
    return dict(book["Where the numbers come from"].iter_rows(min_row=2, values_only=True))


def counts(book: openpyxl.Workbook) -> list[object]:
    """The leads that reached each stage, as the Funnel sheet has them."""
    rows = list(book["Funnel"].iter_rows(min_row=2, max_col=3, values_only=True))
    steps = [row for row in rows if row[0] and "→" in str(row[0]) and isinstance(row[1], int)]
    return [steps[0][1], *(advanced for _, _, advanced in steps)]


def preview(page: AppTest) -> str:
    """The funnel that somebody is about to accept, as the last table on the page has it."""
    return " ".join(str(cell) for cell in page.table[-1].value.to_numpy().flat)


@pytest.mark.parametrize("shape", list(SHAPES))
def test_an_export_of_each_shape_becomes_an_accepted_funnel(
    records: Store,
    uploads: list[Opened],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shape: str,
) -> None:
    """Shown as it is read, and no file is left. The first one goes this way in a browser too."""
    name, expected = SHAPES[shape]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    page = home(opened(uploads, *arrived(name)))
    chosen = page.selectbox(key="layout_shape")
    assert chosen.options[chosen.index or 0] == shape
    assert list(tmp_path.iterdir())
    read_as_shown(page, EXPORTS / name)
    accept(page)
    book = workbook(records)
    assert counts(book)[: len(expected)] == expected
    assert told(book)["Files"] == name
    assert told(book)["Read as"] == shape
    assert told(book)["Leads still open"] == "open counts as lost"
    assert list(tmp_path.iterdir()) == []


def test_two_files_belong_together_and_a_basis_is_chosen_and_recorded(
    records: Store, uploads: list[Opened]
) -> None:
    page = home(opened(uploads, *arrived("closed.csv", "mql.csv")))
    read_as_shown(page, EXPORTS / "closed.csv", EXPORTS / "mql.csv")
    assert "67 of 67 rows used" in [heading.value for heading in page.header]
    assert "17" in preview(page)
    page.radio(key="basis_of").set_value(Basis.CORRECTED).run()
    assert not page.exception
    assert "17" not in preview(page)
    accept(page)
    book = workbook(records)
    assert told(book)["Files"] == "closed.csv, mql.csv"
    assert told(book)["Leads still open"] == "corrected for open"


def test_nothing_is_counted_before_somebody_has_said_what_cannot_be_told(
    records: Store, uploads: list[Opened]
) -> None:
    page = home(opened(uploads, ("history.csv", HISTORY.encode())))
    assert page.button(key="layout_read").disabled
    assert page.radio(key="layout_day_first").value is None
    page.radio(key="layout_day_first").set_value(True).run()
    assert not page.button(key="layout_read").disabled
    assert page.session_state["upload_home"].read is None


def test_what_is_corrected_and_chosen_is_what_the_workshop_works_on(
    records: Store, uploads: list[Opened]
) -> None:
    page = home(opened(uploads, ("history.csv", HISTORY.encode())))
    page.text_input(key="start_name").set_value("Autumn")
    page.radio(key="layout_day_first").set_value(True)
    page.selectbox(key="means_history_paused").set_value(Outcome.LEFT_OUT).run()
    [merge] = [box for box in page.checkbox if str(box.key).startswith("merge_")]
    merge.check().run()
    press(page, "layout_read")
    assert "The stage is not in the funnel." in said(page)
    assert page.text_input(key="start_deal_value").value == "500"
    page.radio(key="basis_of").set_value(Basis.CLOSED_ONLY).run()
    assert not page.exception
    press(page, "start_submit")
    funnel, origin = started(records)
    assert funnel.stages == ("Lead", "Demo", "Won")
    assert funnel.deal_value == 500
    assert [step.entered for step in funnel.steps] == [3, 2]
    assert sum(sum(step.losses.values()) for step in funnel.steps) == 2
    assert len({reason for step in funnel.steps for reason in step.losses}) == 1
    assert origin.files == ("history.csv",)
    assert origin.basis is Basis.CLOSED_ONLY
    assert origin.day_first is True
    assert origin.meanings["paused"] == Outcome.LEFT_OUT
    assert len(origin.merged) == 1
    assert (origin.rows_read, origin.rows_used) == (10, 9)


def test_a_choice_survives_a_correction_of_the_layout(
    records: Store, uploads: list[Opened]
) -> None:
    page = home(opened(uploads, ("history.csv", HISTORY.encode())))
    page.radio(key="layout_day_first").set_value(True)
    page.selectbox(key="means_history_paused").set_value(Outcome.LEFT_OUT).run()
    press(page, "layout_read")
    page.text_input(key="window").set_value("30").run()
    assert "without a limit of days" in said(page)
    press(page, "read_anew")
    assert page.radio(key="layout_day_first").value is True
    assert page.selectbox(key="means_history_paused").value == Outcome.LEFT_OUT
    press(page, "layout_read")
    assert page.text_input(key="window").value == "30"


def test_two_stages_with_one_number_are_one_stage(records: Store, uploads: list[Opened]) -> None:
    content = (EXPORTS / "event_log.csv").read_bytes()
    page = home(opened(uploads, ("event_log.csv", content)))
    assert "Lead → MQL → SQL → Security review → Won" in said(page)
    assert "These may mean the same" in said(page)
    page.selectbox(key="means_history_security review").set_value(3).run()
    assert "Lead → MQL → SQL → Won" in said(page)
    press(page, "layout_read")
    accept(page)
    assert counts(workbook(records)) == [16, 14, 9, 2]


def test_fewer_than_two_stages_are_no_funnel(records: Store, uploads: list[Opened]) -> None:
    content = (EXPORTS / "event_log.csv").read_bytes()
    page = home(opened(uploads, ("event_log.csv", content)))
    for stage in ("mql", "sql", "security review", "won"):
        page.selectbox(key=f"means_history_{stage}").set_value(Outcome.LEFT_OUT)
    page.run()
    assert page.button(key="layout_read").disabled
    assert "needs at least 2" in page.warning[0].value


@pytest.mark.parametrize("name", sorted(path.name for path in EXPORTS.glob("*.csv")))
def test_every_export_can_be_asked_about_in_every_shape(
    records: Store, uploads: list[Opened], name: str
) -> None:
    """And one of each shape can be read in both of the others."""
    page = home(opened(uploads, *arrived(name)))
    if not page.selectbox:
        return  # a table of stages alone names no leads: it is answered with problems
    shapes = {Shape.HISTORY, Shape.DATES, Shape.DEALS} - {page.selectbox(key="layout_shape").value}
    for shape in sorted(shapes):
        page.selectbox(key="layout_shape").set_value(shape).run()
        assert not page.exception
        if name in ONE_OF_EACH and not page.button(key="layout_read").disabled:
            press(page, "layout_read")
        if any(button.key == "read_anew" for button in page.button):  # not where none could be used
            press(page, "read_anew")


def test_counts_and_their_losses_may_be_uploaded_together(
    records: Store, uploads: list[Opened]
) -> None:
    folder = ROOT / "data" / "example"
    files = [(name, (folder / name).read_bytes()) for name in ("losses.csv", "funnel.csv")]
    page = home(opened(uploads, *files))
    assert "We know the reason for" in said(page)
    page.text_input(key="start_name").set_value("Autumn")
    page.text_input(key="start_deal_value").set_value("8.000").run()
    press(page, "start_submit")
    funnel, origin = started(records)
    assert funnel.counts == (2000, 700, 280, 84, 21)
    assert funnel.deal_value == 8000
    assert origin.files == ("funnel.csv", "losses.csv")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Say what a won deal is worth"),
        ("many", "Write a number, such as 8,000 or 2.5."),
        ("-5", "Write a number from 0 to 1,000,000,000,000,000."),
    ],
)
def test_nobody_starts_without_the_value_of_a_won_deal(
    records: Store, uploads: list[Opened], typed: str, says: str
) -> None:
    counts = b"stage,count\nLead,700\nMQL,70\nWon,7\n"
    page = home(opened(uploads, ("funnel.csv", counts)))
    page.text_input(key="start_deal_value").set_value(typed).run()
    assert page.button(key="start_submit").disabled
    shown = said(page) + "".join(text.value for text in page.markdown)
    assert escape_markdown(says) in shown or says in shown
    page.text_input(key="start_deal_value").set_value("2,5k").run()
    assert not page.button(key="start_submit").disabled
    assert "A won deal is worth €2,500 on average" in said(page)


def test_wrong_counts_are_answered_with_all_that_is_wrong(
    records: Store, uploads: list[Opened]
) -> None:
    page = home(opened(uploads, ("funnel.csv", b"stage,count\nLead,700\nMQL,many\n")))
    assert page.error[0].value.startswith("This file cannot be used yet")
    assert page.button(key="start_submit").disabled
    assert records.database.read("SELECT id FROM workshop") == []


def test_other_files_close_the_ones_before(records: Store, uploads: list[Opened]) -> None:
    files = opened(uploads, ("history.csv", HISTORY.encode()))
    page = home(files)
    press(page, "start_others")
    assert files.database.is_closed
    assert page.session_state["upload_home"].opened is None


def test_a_long_import_shows_its_progress_and_can_be_cancelled(
    records: Store, uploads: list[Opened]
) -> None:
    files = opened(uploads, ("history.csv", HISTORY.encode()))

    def work(job: Job[Opened]) -> Opened:
        job.at("Following every lead …", 0.5)
        while True:
            job.check_cancelled(None)
            sleep(0.01)

    job = Job(work)
    page = AppTest.from_file(str(ROOT / "pages" / "home.py"), default_timeout=30)
    page.session_state["upload_home"] = UnderWay(opened=files, job=job)
    page.run()
    [bar] = page.get("progress")
    assert bar.proto.text == "Following every lead …"
    press(page, "upload_cancel")
    assert job.is_over
    assert files.database.is_closed
    assert page.session_state["upload_home"].opened is None
