"""Counts, one row a stage, and losses by reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.layouts.cells import (
    stage_names,
)
from tests.layouts.files import WORKBOOK, Format, Money, Table
from tests.layouts.layout import (
    Carries,
    Losses,
    several_files,
)
from tests.layouts.words import (
    DUTCH,
    ENGLISH,
    FRENCH,
    GERMAN,
    ITALIAN,
    PORTUGUESE,
    SPANISH,
    Words,
)
from tests.pipelines import Pipeline
from workshop.intake.layout import Shape

COUNTS = Carries(losses=Losses.TOGETHER, value=False, period=False)


def counts(pipeline: Pipeline, words: Words) -> Table:
    stages = stage_names(pipeline, words)
    return Table(
        [words.stage, words.count],
        [[stage, Money(count)] for stage, count in zip(stages, pipeline.reached, strict=True)],
    )


def lost_counts(pipeline: Pipeline, words: Words) -> Table:
    """How many were lost at each stage, by reason."""
    return Table(
        [words.stage, words.reason, words.count],
        [
            [words.stages[stage], words.reasons[reason], count]
            for stage, by_reason in sorted(pipeline.losses.items())
            for reason, count in sorted(by_reason.items())
        ],
    )


for words, form in (
    (ENGLISH, Format()),
    (GERMAN, Format(separator=";", encoding="Windows-1252", numbers="12.500")),
    (FRENCH, Format(separator=";", encoding="UTF-8 with BOM")),
    (SPANISH, Format(separator=";", first_line="sep=;\r\n", says="sep=;")),
    (PORTUGUESE, Format(separator="\t", encoding="UTF-16")),
    (ITALIAN, Format(separator="|")),
    (DUTCH, Format(separator=";")),
):

    @several_files(
        f"counts_{words.language.lower()}",
        f"Counts of stages and of losses in {words.language}, two files",
        words,
        form,
        Shape.COUNTS,
        COUNTS,
    )
    def two_files(pipeline: Pipeline, words: Words, form: Format, folder: Path) -> Sequence[Path]:
        return [
            form.write(counts(pipeline, words), folder / "stages"),
            form.write(lost_counts(pipeline, words), folder / "losses"),
        ]


@several_files(
    "counts_workbook",
    "Counts of stages and of losses, two sheets of a workbook under a title",
    ENGLISH,
    WORKBOOK,
    Shape.COUNTS,
    COUNTS,
)
def counts_workbook(pipeline: Pipeline, words: Words, form: Format, folder: Path) -> Sequence[Path]:
    stages = replace(counts(pipeline, words), above=[["Our funnel of 2025"], []])
    sheets = [("Stages", stages), ("Losses", lost_counts(pipeline, words))]
    return [form.write_workbook(sheets, folder / "funnel")]
