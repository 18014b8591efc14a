"""The rows of one of several pipelines."""

from __future__ import annotations

from workshop.intake.layout import Field, Layout
from workshop.intake.lead_database import Table
from workshop.intake.sql import sql_name, sql_text

EVERYTHING = "TRUE"


def in_pipeline(table: Table, layout: Layout) -> str:
    """Whether a row of a table is of the layout's pipeline, as SQL."""
    column = layout.columns.get(Field.PIPELINE)
    if column is None or column not in table.columns or layout.pipeline is None:
        return EVERYTHING
    return f"trim({sql_name(column)}::VARCHAR) = {sql_text(layout.pipeline.strip())}"
