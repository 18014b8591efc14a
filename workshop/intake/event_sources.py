"""Which tables and columns the events come from, by the shape of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from workshop.domain.import_codes import Cause
from workshop.intake import crm
from workshop.intake.columns import Column
from workshop.intake.event_source import BEGAN, EventSource, Word
from workshop.intake.expressions import (
    ALL,
    NO_MOMENT,
    NO_VALUE,
    Expressions,
    MomentSql,
    cell_text,
    filled_cell,
    samples,
    sql_list,
    ticked_cell,
)
from workshop.intake.journeys import ELSEWHERE, LOST
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.lead_database import LeadDatabase, Table
from workshop.intake.problems import IntakeError, Problem
from workshop.intake.sql import sql_name
from workshop.intake.words import place_stages, written

# A table says something of deals where it has one of these.
TELLS_OF_DEALS = (Field.LEAD, Field.STAGE, Field.STATUS, Field.CREATED_AT, Field.CLOSED_AT)


class EventSources:
    """The sources of the events of a database's files, read as a layout says. Raises IntakeError.

    The tables that it joins with, of the words for stages, are made on the way.
    """

    def __init__(self, database: LeadDatabase, layout: Layout) -> None:
        self.database = database
        self.layout = layout
        self.last = len(layout.stages) - 1
        self.rows_elsewhere = 0
        """How many rows name a stage that is not in the funnel."""
        self.left_out: list[tuple[Cause, Table, str]] = []
        """The rows that are about something else: why, of which table, and the condition."""
        self._says = Expressions(database, layout)
        self.found = self._find()

    @property
    def has_mixed_clocks(self) -> bool:
        """Whether some moments have a time of day and others are no more than a day."""
        return len(self._says.clocks) > 1

    # -- shapes ------------------------------------------------------------------------------------

    def _find(self) -> list[EventSource]:
        match self.layout.shape:
            case Shape.HISTORY:
                tables = self._tables_with(Field.STAGE)
                found = [one for table in tables for one in self._history(table)]
            case Shape.DATES:
                found = [one for table in self.database.tables for one in self._dates(table)]
            case Shape.DEALS:
                found = [one for table in self.database.tables for one in self._deals(table)]
            case Shape.COUNTS:
                raise ValueError("counts of stages name no leads; there are no events to read")
            case _:
                assert_never(self.layout.shape)
        for table in self.database.tables:
            if (chosen := self._says.in_pipeline(table, self.layout.columns)) != ALL:
                others = f"coalesce({chosen}, FALSE) = FALSE"
                self.left_out.append((Cause.OTHER_PIPELINE, table, others))
        if not found:
            says = "The columns chosen are in none of the files."
            raise IntakeError([Problem(None, None, says, "Choose columns that the files have.")])
        return found

    def _tables_with(self, field: Field) -> list[Table]:
        column = self.layout.columns.get(field)
        return [table for table in self.database.tables if column in table.columns]

    def _column(self, table: Table, field: Field) -> str | None:
        """The column of a table that says this, if one does."""
        column = self.layout.columns.get(field)
        return column if column in table.columns else None

    def _history(self, table: Table) -> list[EventSource]:
        """Every stage that was entered; in a log of changes also the stage before the first one."""
        stage, when = self.layout.columns[Field.STAGE], self._column(table, Field.ENTERED_AT)
        if when is None and Field.ENTERED_AT in self.layout.columns:
            missing = self.layout.columns[Field.ENTERED_AT]
            says = f"The file {table.name} has no column “{missing}” for the date."
            raise IntakeError([Problem(1, missing, says, "Choose the column with the date.")])
        moment = self._says.moment(table, when, is_needed=True) if when else NO_MOMENT
        about_stage = self._about_stage(table)
        sources = [self._stage_source(table, stage, moment, about_stage)]
        if when and self._lacks_dates(table, when):
            undated_end = (
                f"(raw.{sql_name(when)} IS NULL AND stage.number IN ({LOST}, {self.last}))"
            )
            dated = f"{about_stage} AND coalesce({undated_end}, FALSE) = FALSE"
            sources = [
                self._stage_source(table, stage, moment, dated),
                self._stage_source(table, stage, NO_MOMENT, f"{about_stage} AND {undated_end}"),
            ]
        if before := self._column(table, Field.OLD_STAGE):
            changes = self._changes(table, when, about_stage)
            created = self._column(table, Field.CREATED_AT)
            began = self._says.moment(table, created) if created else MomentSql(BEGAN, "NULL")
            # Whatever else is said of a lead is said later than the stage before its first change.
            sources.append(
                replace(
                    self._stage_source(table, before, began, "raw.is_change"),
                    rows=changes,
                    word=Word.NEVER,
                )
            )
            if today := self._column(table, Field.STATUS):
                sources.append(
                    replace(
                        self._stage_source(table, today, began, "NOT raw.is_change"),
                        rows=changes,
                    )
                )
        return sources

    def _stage_source(self, table: Table, stage: str, moment: MomentSql, where: str) -> EventSource:
        return self._source(
            table,
            self.layout.columns,
            "stage.number",
            moment,
            Word.AT_ITS_MOMENT,
            stage=stage,
            where=where,
        )

    def _lacks_dates(self, table: Table, column: str) -> bool:
        empty = f"SELECT 1 FROM {table.source} AS raw WHERE raw.{sql_name(column)} IS NULL LIMIT 1"
        return bool(self.database.query(empty))

    def _about_stage(self, table: Table) -> str:
        """Whether a row of a log is about a change of the stage; the others are left out."""
        column = self._column(table, Field.CHANGED_FIELD)
        if column is None:
            return ALL
        names = [text for text, _ in written(self.database, table, column)]
        of_stage = [text for text in names if crm.column_key(text) in crm.STAGE_FIELDS]
        created = [text for text in names if crm.column_key(text) in crm.CREATIONS]
        others = f"coalesce({cell_text(column)}, '') NOT IN ({sql_list([*of_stage, *created])})"
        self.left_out.append((Cause.OTHER_CHANGE, table, others))
        return f"{cell_text(column)} IN ({sql_list(of_stage)})"

    def _changes(self, table: Table, when: str | None, about_stage: str) -> str:
        """The first change of every lead's stage, or a row of one without any, to select from.

        With `is_change`, which of the two it is, and `began`, when a row says it was created.
        """
        edited = self._says.moment(table, when) if when else NO_MOMENT
        moment = edited.microseconds
        lead = self._says.lead(table, self.layout.columns)
        return f"""(
            SELECT * FROM (
                SELECT raw.*, raw.{table.number}, {about_stage} AS is_change,
                    min(CASE WHEN {about_stage} THEN NULL ELSE {moment} END)
                        OVER (PARTITION BY {lead}) AS began,
                    row_number() OVER (PARTITION BY {lead}
                        ORDER BY CASE WHEN {about_stage} THEN 0 ELSE 1 END, {moment},
                            raw.{table.number}) AS change
                FROM {table.source} AS raw {edited.join}
            ) AS changes WHERE change = 1)"""

    def _dates(self, table: Table) -> list[EventSource]:
        """A source for each stage, of the rows that have a date for it, and what is so today."""
        columns = self.layout.columns
        dates = {stage: one for stage, one in self.layout.dates.items() if one in table.columns}
        ends = {str(Outcome.LOST), self.layout.stages[-1]}
        sources = []
        for stage, column in dates.items():
            ticked = Column(column, samples=samples(self.database, table, column)).holds_ticks()
            sources.append(
                self._source(
                    table,
                    columns,
                    str(LOST if stage == Outcome.LOST else self.layout.stages.index(stage)),
                    NO_MOMENT if ticked else self._says.moment(table, column),
                    Word.AT_ITS_MOMENT if stage in ends else Word.NEVER,
                    where=ticked_cell(column) if ticked else filled_cell(column),
                )
            )
        created = self._column(table, Field.CREATED_AT)
        if sources and created and not any(one.is_dated for one in sources):
            began = self._says.moment(table, created)
            sources.append(self._source(table, columns, "0", began, Word.NEVER))
        today = self._column(table, Field.STATUS) or self._column(table, Field.STAGE)
        if sources and today:
            sources.append(
                self._source(
                    table,
                    columns,
                    "stage.number",
                    NO_MOMENT,
                    Word.TODAY,
                    stage=today,
                    where=f"stage.number <> {ELSEWHERE}",
                )
            )
        return sources

    def _deals(self, table: Table) -> list[EventSource]:
        """When a deal was created, and what became of it.

        The stage that a deal is in says that it came so far, not when.
        """
        layout, columns = self.layout, self.layout.columns
        if self._is_first_touch(table):
            moment = self._says.moment(table, layout.first_touch[Field.CREATED_AT])
            return [self._source(table, layout.first_touch, "0", moment, Word.NEVER)]
        if not {columns.get(field) for field in TELLS_OF_DEALS} & set(table.columns):
            return []
        created, closed = (
            self._column(table, field) for field in (Field.CREATED_AT, Field.CLOSED_AT)
        )
        stage, status = self._column(table, Field.STAGE), self._column(table, Field.STATUS)
        closing = self._says.moment(table, closed) if closed else NO_MOMENT
        won = len(layout.stages) - 1
        # Where an outcome says who is lost, a reason beside an open deal does not.
        says_lost = str(Outcome.LOST) in layout.meanings.values()
        open_columns = without_reasons(columns) if says_lost else columns
        first = "1" if layout.first_touch else "0"
        moment = self._says.moment(table, created) if created else NO_MOMENT
        sources = [self._source(table, open_columns, first, moment, Word.NEVER)]
        for outcome in filter(None, (status, stage)):
            sources.append(
                self._source(
                    table,
                    columns,
                    "stage.number",
                    closing,
                    Word.AT_ITS_MOMENT,
                    stage=outcome,
                    where=f"stage.number IN ({LOST}, {won})",
                )
            )
        if not status and not stage:  # a table of wins alone
            sources.append(self._source(table, columns, str(won), closing, Word.AT_ITS_MOMENT))
        if stage:
            sources.append(
                self._source(
                    table,
                    open_columns,
                    "stage.number",
                    NO_MOMENT,
                    Word.NEVER,
                    stage=stage,
                    where=f"stage.number BETWEEN 0 AND {won - 1}",
                )
            )
        return sources

    def _is_first_touch(self, table: Table) -> bool:
        needed = (Field.LEAD, Field.CREATED_AT)
        return bool(self.layout.first_touch) and all(
            self.layout.first_touch.get(field) in table.columns for field in needed
        )

    def _source(
        self,
        table: Table,
        columns: Mapping[Field, str],
        place: str,
        when: MomentSql,
        word: Word,
        stage: str | None = None,
        where: str = ALL,
    ) -> EventSource:
        value = columns.get(Field.VALUE)
        worth = NO_VALUE
        if value is not None and value in table.columns:
            worth = self._says.value(table, value)
        reasons = [
            f"reason_word_{number}"
            for number, field in enumerate((Field.REASON, Field.WON_REASON))
            if columns.get(field) in table.columns
        ]
        joins = self._stage_join(table, stage) if stage else ""
        joins += self._word_join(table, columns, Field.REASON, "reason_word", "reason_word_0")
        joins += self._word_join(table, columns, Field.WON_REASON, "reason_word", "reason_word_1")
        joins += self._word_join(table, columns, Field.SEGMENT, "segment_word", "segment_word")
        reason = ", ".join(f"{name}.number" for name in reasons)
        conditions = [one for one in (where, self._says.in_pipeline(table, columns)) if one != ALL]
        return EventSource(
            table,
            table.source,
            self._says.lead(table, columns),
            place,
            when.microseconds,
            word,
            f"coalesce({reason}, 0)" if reasons else "0",
            "coalesce(segment_word.number, 0)" if "segment_word" in joins else "0",
            worth.amount,
            joins + worth.join,
            when.join,
            " AND ".join(conditions) or ALL,
            cell_text(stage) if stage else "NULL",
            when.text,
        )

    # -- columns as SQL ----------------------------------------------------------------------------

    def _stage_join(self, table: Table, column: str) -> str:
        """The join that finds the place of a stage or an outcome by how it is written."""
        to = f"stage_{self.database.tables.index(table)}_{list(table.columns).index(column)}"
        self.rows_elsewhere += place_stages(self.database, self.layout, table, column, to)
        return f"LEFT JOIN {to} AS stage ON stage.written = raw.{sql_name(column)}::VARCHAR "

    def _word_join(
        self, table: Table, columns: Mapping[Field, str], field: Field, words: str, name: str
    ) -> str:
        column = columns.get(field)
        if column is None or column not in table.columns:
            return ""
        return f"LEFT JOIN {words} AS {name} ON {name}.written = raw.{sql_name(column)}::VARCHAR "


def without_reasons(columns: Mapping[Field, str]) -> dict[Field, str]:
    reasons = (Field.REASON, Field.WON_REASON)
    return {field: column for field, column in columns.items() if field not in reasons}
