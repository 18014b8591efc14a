"""What the screens of an upload show while nobody corrects a guess is what `intake.read` says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from streamlit.testing.v1 import AppTest

from tests.layouts import LAYOUTS, Layout
from tests.pipelines import Pipeline, pipelines
from tests.uploads import EXPORTS, home, opened, press, said
from workshop import intake
from workshop.domain.import_codes import Counting
from workshop.intake import Caution, IntakeError, Opened, Reading, Severity
from workshop.intake.layout import Shape
from workshop.store import Store
from workshop.ui.text import escape_markdown
from workshop.wording import figures

FILES = [
    ("event_log.csv",),
    ("hubspot_contacts_lifecycle.csv",),
    ("hubspot_stage_history.csv", "hubspot_stages.csv"),
    ("pipedrive_deals.csv",),
    ("pipedrive_flow.csv",),
    ("salesforce_opportunities.csv",),
    ("salesforce_opportunity_history.csv",),
    ("closed.csv", "mql.csv"),
]
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


def both_ways(uploads: list[Opened], *paths: Path) -> None:
    files = opened(uploads, *((path.name, path.read_bytes()) for path in paths))
    page = home(files)
    try:
        reading = intake.read(*paths)
    except IntakeError:
        assert not page.button or page.button(key="layout_read").disabled
        return
    if reading.shape is Shape.COUNTS:
        shown = list(reading.cautions)
        assert f"{figures.count(reading.reached[0])} reached {reading.stages[0]}" in said(page)
    else:
        shown = [one for one in reading.cautions if is_shown(page, one)]
        press(page, "layout_read")
        agree(page, reading)
    assert all(one in shown or is_shown(page, one) for one in reading.cautions)


@pytest.mark.parametrize("names", FILES, ids=" ".join)
def test_an_export_is_shown_as_it_is_read(
    records: Store, uploads: list[Opened], names: tuple[str, ...]
) -> None:
    both_ways(uploads, *(EXPORTS / name for name in names))


@pytest.mark.parametrize("layout", [*LAYOUTS.values()][::5], ids=[*LAYOUTS][::5])
@ONCE
@given(pipeline=pipelines())
def test_a_layout_is_shown_as_it_is_read(
    records: Store,
    uploads: list[Opened],
    tmp_path: Path,
    layout: Layout,
    pipeline: Pipeline,
) -> None:
    both_ways(uploads, *layout.write(pipeline, tmp_path))
