"""The same pipeline in many layouts: a reading says what is true of it, or what it cannot know."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, seed, settings

from tests.examples import is_thorough
from tests.layouts import LAYOUTS
from tests.layouts.defects import DEFECTS, Defect
from tests.layouts.page import PAGE, page
from tests.pipelines import Pipeline, pipelines
from workshop import intake
from workshop.intake import IntakeError
from workshop.intake.reading import Reading


@cache
def two_pipelines() -> list[Pipeline]:
    """The simplest pipeline, and one of six stages: drawn once, and written in every layout."""
    drawn: list[Pipeline] = []

    @seed(8)
    @settings(max_examples=2, deadline=None, database=None)
    @given(pipelines())
    def draw(pipeline: Pipeline) -> None:
        drawn.append(pipeline)

    draw()
    assert [pipeline.stages for pipeline in drawn] == [3, 6]
    return drawn


def told(reading: Reading) -> Mapping[int, Mapping[str, int]]:
    """The losses by the number of their stage, without the stages that lost nobody."""
    return {
        stage: dict(reading.losses[name])
        for stage, name in enumerate(reading.stages)
        if reading.losses.get(name)
    }


def accounted(reading: Reading) -> None:
    assert reading.rows_read == reading.rows_used + sum(reading.set_aside.values())
    assert reading.reached[0] == reading.won + reading.lost + reading.open
    assert reading.won == reading.reached[-1]
    assert len(reading.reached) == len(reading.stages)


# The six stages say all that three say; those are for the short words that few rows leave room for.
ALL_TWICE = list(product([0, 1], LAYOUTS))
ONE_IN_SIX_TWICE = [(0, name) for name in [*LAYOUTS][::6]] + [(1, name) for name in LAYOUTS]


@pytest.mark.parametrize(("which", "name"), ALL_TWICE if is_thorough() else ONE_IN_SIX_TWICE)
def test_a_known_pipeline_is_read_as_it_was(which: int, name: str) -> None:
    pipeline, layout = two_pipelines()[which], LAYOUTS[name]
    truth = layout.expected(pipeline)
    with tempfile.TemporaryDirectory() as folder:
        reading = intake.read(*layout.write(pipeline, Path(folder)))
    accounted(reading)
    assert reading.shape is layout.shape
    assert reading.reached == truth.reached, reading.stages
    assert reading.won == truth.won
    if truth.lost is not None:
        assert (reading.lost, reading.open) == (truth.lost, truth.open)
    if truth.losses is not None:
        assert told(reading) == truth.losses
    if truth.mean_value is not None:
        assert reading.mean_value == pytest.approx(truth.mean_value)
    if truth.currency is not None:
        assert reading.currency == truth.currency
    if truth.period_days is not None:
        shortest, longest = truth.period_days
        assert shortest <= reading.period_days <= longest, reading.period_basis


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
@pytest.mark.parametrize("which", [0, 1] if is_thorough() else [1])
def test_what_is_lost_is_said_or_refused(defect: Defect, which: int) -> None:
    pipeline = two_pipelines()[which]
    with tempfile.TemporaryDirectory() as folder:
        try:
            reading = intake.read(*defect.writes(pipeline, Path(folder)))
        except IntakeError as error:
            said = [str(error)]
        else:
            accounted(reading)
            said = [
                f"{caution.code} {caution.message} {caution.remedy}"
                for caution in reading.cautions
                if str(caution.severity) != "note"
            ]
    assert any(re.search(defect.matter, text, re.IGNORECASE | re.DOTALL) for text in said), said


def test_there_are_forty_layouts_and_more_than_ten_defects() -> None:
    assert len(LAYOUTS) >= 40
    assert len(DEFECTS) > 10


def test_the_page_of_layouts_says_what_is_tested() -> None:
    assert PAGE.read_text("utf-8") == page()
