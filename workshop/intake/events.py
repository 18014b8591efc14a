"""Files in a database and their layout → events: who entered which stage, and when.

Stages, reasons and segments are looked up once for each way they are written, and stand in the
events as numbers. Moments are microseconds since 1970, in UTC where the file says an offset.
"""

from __future__ import annotations

from itertools import chain

from workshop.intake.event_source import Word
from workshop.intake.event_sources import EventSources
from workshop.intake.expressions import ALL, NO_VALUE
from workshop.intake.journeys import REASONS, SEGMENTS, EventFields
from workshop.intake.layout import Field, Layout, Shape
from workshop.intake.lead_database import LeadDatabase, Table
from workshop.intake.problems import IntakeError, Problem
from workshop.intake.words import number_words
from workshop.wording.import_words import FIELDS


class Events:
    """The events of the files in a database, read as a layout says. Raises IntakeError."""

    def __init__(self, database: LeadDatabase, layout: Layout) -> None:
        self.database = database
        self.layout = layout
        self._refuse_missing_columns()
        self.reasons = number_words(
            database, layout, (Field.REASON, Field.WON_REASON), "reason_word", REASONS
        )
        self.segments = number_words(database, layout, (Field.SEGMENT,), "segment_word", SEGMENTS)
        sources = EventSources(database, layout)
        self.sources = tuple(sources.found)
        self.left_out, self.rows_elsewhere = sources.left_out, sources.rows_elsewhere
        self._has_mixed_clocks = sources.has_mixed_clocks

    def _refuse_missing_columns(self) -> None:
        layout, there = self.layout, [*chain(*(table.columns for table in self.database.tables))]
        of_fields = (*layout.columns.items(), *layout.first_touch.items())
        asked = [(FIELDS[field], column) for field, column in of_fields]
        remedy = f"Choose one of these: {', '.join(f'“{name}”' for name in there[:20])}."
        problems = [
            Problem(1, column, f"No file has the column “{column}” for the {what}.", remedy)
            for what, column in (*asked, *layout.dates.items())
            if column not in there
        ]
        if problems:
            raise IntakeError(problems)

    @property
    def fields(self) -> EventFields:
        """What the events say beside leads, stages and moments."""
        # A deal need not say when it was closed, nor a log when the first stage was entered.
        may_be_undated = self.layout.shape is Shape.DEALS or Field.OLD_STAGE in self.layout.columns
        return EventFields(
            moments=not may_be_undated and all(source.is_dated for source in self.sources),
            words=may_be_undated
            or not all(one.is_dated and one.word is Word.AT_ITS_MOMENT for one in self.sources),
            mixed_clocks=self._has_mixed_clocks,
            reasons=bool(self.reasons.names),
            segments=bool(self.segments.names),
            values=any(source.value != NO_VALUE.amount for source in self.sources),
        )

    @property
    def last(self) -> int:
        """The place of the last stage."""
        return len(self.layout.stages) - 1

    @property
    def dated(self) -> str:
        """The leads and moments of all events, without what takes a look-up to know."""
        every = " UNION ALL ".join(
            f"SELECT {source.lead} AS lead, {source.moment} AS moment FROM {source.rows} AS raw "
            + source.moment_join
            + ("" if source.where == ALL else f"{source.joins} WHERE {source.where}")
            for source in self.sources
        )
        return f"({every}) AS event"

    @property
    def usable(self) -> str:
        """The events that can be used, as something to write after FROM."""
        every = " UNION ALL ".join(
            source.usable(len(self.layout.stages)) for source in self.sources
        )
        return f"({every}) AS event"

    def numbered(self, of: str = "") -> str:
        """Every event, with its table's index (`source`), its row's number, and what that says.

        Of all leads, or only of those in a table `of`.
        """
        every = " UNION ALL ".join(
            source.select(
                f", {self.database.tables.index(source.table)} AS source, "
                f"raw.{source.table.number} AS number, "
                f"{source.stage_text} AS stage_text, {source.moment_text} AS moment_text",
                of,
            )
            for source in self.sources
        )
        return f"({every}) AS event"

    @property
    def tables(self) -> list[Table]:
        """The tables that they come from."""
        return [t for t in self.database.tables if any(one.table is t for one in self.sources)]
