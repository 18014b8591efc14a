"""What the screens of an upload show while nobody corrects a guess is what `intake.read` says.

An export of each kind goes all the way on the page, here and in `test_upload`. Of the layouts it is
enough that what the page asks for is read as what was guessed is: `intake.read` reads by the guess.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from streamlit.testing.v1 import AppTest

from tests.layouts import LAYOUTS
from tests.layouts import Layout as WayToWrite
from tests.pipelines import Pipeline, pipelines
from tests.uploads import EXPORTS, ROOT, home, opened, press, said
from workshop import intake
from workshop.domain.import_codes import Counting
from workshop.intake import Caution, Opened, Reading, Severity
from workshop.intake.cohort_builder import build_cohort
from workshop.intake.guess import guess
from workshop.intake.layout import Layout, Shape
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.plausibility import cautions
from workshop.intake.reading import reading_of
from workshop.store import Store
from workshop.ui.text import escape_markdown
from workshop.wording import figures

FILES = [
    ("hubspot_stage_history.csv", "hubspot_stages.csv"),
    ("pipedrive_flow.csv",),
    ("salesforce_opportunities.csv",),
    ("salesforce_opportunity_history.csv",),
]
LAYOUTS_OF_LEADS = [one for one in LAYOUTS.values() if one.shape is not Shape.COUNTS][::5]
ONCE = settings(
    max_examples=1,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def is_shown(page: AppTest, caution: Caution) -> bool:
    """Whether a caution stands there as loud as it is bad."""
    match caution.severity:
        case Severity.CRITICAL:
            loud = [box.value for box in page.error]
            assert all("Check this first" in text for text in loud)
        case Severity.WARNING:
            loud = [box.value for box in page.warning]
        case Severity.NOTE:
            return str(caution) in [text.value for text in page.text]
    return any(escape_markdown(caution.message) in text for text in loud)


def agree(page: AppTest, reading: Reading) -> None:
    """Whether what is shown after the press of “Read the file” is what the reading says."""
    read = page.session_state["upload_home"].read
    cohort = read.cohort
    assert cohort.stages == reading.stages
    assert cohort.reached(Counting.DEEPEST) == reading.reached
    assert cohort.outcome_counts() == (reading.won, reading.lost, reading.open)
    assert (cohort.report.rows_read, cohort.report.rows_used) == (
        reading.rows_read,
        reading.rows_used,
    )
    assert cohort.report.set_aside == reading.set_aside
    words = said(page)
    assert f"{figures.counted(reading.reached[0], 'lead')} came in" in words
    assert f"{figures.count(reading.lost)} lost" in words
    assert f"{figures.days(reading.period_days)}, " in words
    assert page.selectbox(key="start_currency").value == (reading.currency or "EUR")


def read_as_shown(page: AppTest, *paths: Path) -> None:
    """Press “Read the file”; the page says before and after it what a reading does."""
    reading = intake.read(*paths)
    shown = [one for one in reading.cautions if is_shown(page, one)]
    press(page, "layout_read")
    agree(page, reading)
    assert all(one in shown or is_shown(page, one) for one in reading.cautions)


@pytest.mark.parametrize("names", FILES, ids=" ".join)
def test_an_export_is_shown_as_it_is_read(
    records: Store, uploads: list[Opened], names: tuple[str, ...]
) -> None:
    paths = [EXPORTS / name for name in names]
    page = home(opened(uploads, *((path.name, path.read_bytes()) for path in paths)))
    read_as_shown(page, *paths)


def test_counts_are_shown_as_they_are_read(records: Store, uploads: list[Opened]) -> None:
    path = ROOT / "data" / "example" / "funnel.csv"
    page = home(opened(uploads, (path.name, path.read_bytes())))
    reading = intake.read(path)
    assert reading.shape is Shape.COUNTS
    assert f"{figures.count(reading.reached[0])} reached {reading.stages[0]}" in said(page)
    assert reading.cautions
    assert all(is_shown(page, one) for one in reading.cautions)


def asked() -> None:
    """The questions about how files are read, alone on a page."""
    import streamlit as st

    from workshop.ui.upload.answers import Answers
    from workshop.ui.upload.layout import ask_layout

    answers = st.session_state.setdefault("answers", Answers())
    st.session_state["layout"] = ask_layout(st.session_state["opened"], answers, lambda lines: None)


@pytest.mark.parametrize("layout", LAYOUTS_OF_LEADS, ids=lambda layout: layout.name)
@ONCE
@given(pipeline=pipelines())
def test_a_layout_is_read_as_it_was_guessed_while_nobody_corrects_it(
    tmp_path: Path, layout: WayToWrite, pipeline: Pipeline
) -> None:
    paths = tuple(layout.write(pipeline, tmp_path))
    with LeadDatabase(paths) as database:
        guessed = guess(database)
        page = AppTest.from_function(asked, default_timeout=60)
        page.session_state["opened"] = Opened(database, guessed, (), paths, {})
        page.run()
        assert not page.exception
        assert all(is_shown(page, one) for one in guessed.cautions)
        page.button(key="layout_read").click().run()
        asked_for = page.session_state["layout"]
        assert guessed.layout is not None
        if asked_for != guessed.layout:  # such as in a column that is not read in this shape
            assert read_by(database, asked_for) == read_by(database, guessed.layout)


def read_by(database: LeadDatabase, layout: Layout) -> Reading:
    cohort = build_cohort(database, layout)
    return reading_of(cohort, layout, cautions(cohort))
