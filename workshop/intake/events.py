"""Files on the desk and their layout → events: who entered which stage, and when.

Stages, reasons and segments are looked up once for each way they are written, and stand in the
events as numbers. Moments are microseconds since 1970, in UTC where the file says an offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain
from typing import assert_never

from workshop.intake import crm
from workshop.intake.columns import Column
from workshop.intake.desk import Desk, Table, named
from workshop.intake.expressions import (
    ALL,
    NEVER_SAID,
    NO_VALUE,
    Expressions,
    When,
    filled_cell,
    listed,
    said,
    samples,
    ticked_cell,
)
from workshop.intake.journeys import (
    ELSEWHERE,
    LOST,
    OPEN_AGAIN,
    REASONS,
    SEGMENTS,
    TODAY,
    Known,
    word_of,
)
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.problems import IntakeError, Problem
from workshop.intake.report import Cause
from workshop.intake.words import number_words, place_stages, written
from workshop.wording.import_words import FIELDS

BEGAN = "raw.began"
"""When a lead was created, NULL where no row of a log of changes says so."""
# A table says something of deals where it has one of these.
TELLS_OF_DEALS = (Field.LEAD, Field.STAGE, Field.STATUS, Field.CREATED_AT, Field.CLOSED_AT)


class Word(Enum):
    """When the events of a part say what the lead has come to."""

    NEVER = "NULL"
    AT_ITS_MOMENT = f"coalesce(moment, {TODAY})"
    TODAY = str(TODAY)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the events: the rows of a table that say when a stage was entered."""

    table: Table
    rows: str
    lead: str
    place: str
    moment: str
    word: Word
    reason: str
    segment: str
    value: str
    joins: str
    moment_join: str
    where: str
    stage_said: str
    moment_said: str

    def select(self, more: str = "", of: str = "") -> str:
        """Its events, with `more` columns; only those of the leads in a table `of`, if any."""
        only = f"JOIN {of} ON {of}.lead = {self.lead} " if of else ""
        return (
            f"SELECT {self.lead} AS lead, {self.place} AS place, {self.moment} AS moment, "
            f"{self.reason} AS reason, {self.segment} AS segment, {self.value} AS value{more} "
            f"FROM {self.rows} AS raw {only}{self.moment_join}{self.joins} WHERE {self.where}"
        )

    @property
    def is_dated(self) -> bool:
        return self.moment != NEVER_SAID.microseconds

    def usable(self, stages: int) -> str:
        """Its events that can be used, with their words."""
        word = "NULL::BIGINT" if self.word is Word.NEVER else word_of(self.word.value, stages)
        return f"SELECT *, {word} AS word FROM ({self.select()}) AS event WHERE {USABLE}"


class Events:
    """The events of the files on a desk, read as a layout says. Raises IntakeError."""

    def __init__(self, desk: Desk, layout: Layout) -> None:
        self.desk = desk
        self.layout = layout
        self._refuse_missing_columns()
        self.reasons = number_words(
            desk, layout, (Field.REASON, Field.WON_REASON), "reason_word", REASONS
        )
        self.segments = number_words(desk, layout, (Field.SEGMENT,), "segment_word", SEGMENTS)
        self.elsewhere = 0
        """How many rows name a stage that is not in the funnel."""
        self.left_out: list[tuple[Cause, Table, str]] = []
        """The rows that are about something else: why, of which table, and the condition."""
        self._says = Expressions(desk, layout)
        self.parts = self._parts()

    def _refuse_missing_columns(self) -> None:
        layout, there = self.layout, [*chain(*(table.columns for table in self.desk.tables))]
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
    def known(self) -> Known:
        """What the events say beside leads, stages and moments."""
        # A deal need not say when it was closed, nor a log when the first stage was entered.
        may_be_undated = self.layout.shape is Shape.DEALS or Field.OLD_STAGE in self.layout.columns
        return Known(
            moments=not may_be_undated and all(part.is_dated for part in self.parts),
            words=may_be_undated
            or not all(part.is_dated and part.word is Word.AT_ITS_MOMENT for part in self.parts),
            mixed_clocks=len(self._says.clocks) > 1,
            reasons=bool(self.reasons.names),
            segments=bool(self.segments.names),
            values=any(part.value != NO_VALUE.amount for part in self.parts),
        )

    @property
    def last(self) -> int:
        """The place of the last stage."""
        return len(self.layout.stages) - 1

    @property
    def dated(self) -> str:
        """The leads and moments of all events, without what takes a look-up to know."""
        every = " UNION ALL ".join(
            f"SELECT {part.lead} AS lead, {part.moment} AS moment FROM {part.rows} AS raw "
            + part.moment_join
            + ("" if part.where == ALL else f"{part.joins} WHERE {part.where}")
            for part in self.parts
        )
        return f"({every}) AS event"

    @property
    def usable(self) -> str:
        """The events that can be used, as something to write after FROM."""
        every = " UNION ALL ".join(part.usable(len(self.layout.stages)) for part in self.parts)
        return f"({every}) AS event"

    def numbered(self, of: str = "") -> str:
        """Every event, with its table's index (`source`), its row's number, and what that says.

        Of all leads, or only of those in a table `of`.
        """
        every = " UNION ALL ".join(
            part.select(
                f", {self.desk.tables.index(part.table)} AS source, "
                f"raw.{part.table.number} AS number, "
                f"{part.stage_said} AS stage_said, {part.moment_said} AS moment_said",
                of,
            )
            for part in self.parts
        )
        return f"({every}) AS event"

    @property
    def tables(self) -> list[Table]:
        """The tables that they come from."""
        return [t for t in self.desk.tables if any(part.table is t for part in self.parts)]

    # -- shapes ------------------------------------------------------------------------------------

    def _parts(self) -> list[Part]:
        match self.layout.shape:
            case Shape.HISTORY:
                tables = self._tables_with(Field.STAGE)
                found = [part for table in tables for part in self._history(table)]
            case Shape.DATES:
                found = [part for table in self.desk.tables for part in self._dates(table)]
            case Shape.DEALS:
                found = [part for table in self.desk.tables for part in self._deals(table)]
            case Shape.COUNTS:
                raise ValueError("counts of stages name no leads; there are no events to read")
            case _:
                assert_never(self.layout.shape)
        for table in self.desk.tables:
            if (chosen := self._says.in_pipeline(table, self.layout.columns)) != ALL:
                others = f"coalesce({chosen}, FALSE) = FALSE"
                self.left_out.append((Cause.OTHER_PIPELINE, table, others))
        if not found:
            says = "The columns chosen are in none of the files."
            raise IntakeError([Problem(None, None, says, "Choose columns that the files have.")])
        return found

    def _tables_with(self, field: Field) -> list[Table]:
        column = self.layout.columns.get(field)
        return [table for table in self.desk.tables if column in table.columns]

    def _column(self, table: Table, field: Field) -> str | None:
        """The column of a table that says this, if one does."""
        column = self.layout.columns.get(field)
        return column if column in table.columns else None

    def _history(self, table: Table) -> list[Part]:
        """Every stage that was entered; in a log of changes also the stage before the first one."""
        stage, when = self.layout.columns[Field.STAGE], self._column(table, Field.ENTERED_AT)
        if when is None and Field.ENTERED_AT in self.layout.columns:
            missing = self.layout.columns[Field.ENTERED_AT]
            says = f"The file {table.name} has no column “{missing}” for the date."
            raise IntakeError([Problem(1, missing, says, "Choose the column with the date.")])
        moment = self._says.moment(table, when, is_needed=True) if when else NEVER_SAID
        about_stage = self._about_stage(table)
        parts = [self._stage_part(table, stage, moment, about_stage)]
        if when and self._lacks_dates(table, when):
            undated_end = f"(raw.{named(when)} IS NULL AND stage.number IN ({LOST}, {self.last}))"
            dated = f"{about_stage} AND coalesce({undated_end}, FALSE) = FALSE"
            parts = [
                self._stage_part(table, stage, moment, dated),
                self._stage_part(table, stage, NEVER_SAID, f"{about_stage} AND {undated_end}"),
            ]
        if before := self._column(table, Field.OLD_STAGE):
            changes = self._changes(table, when, about_stage)
            created = self._column(table, Field.CREATED_AT)
            began = self._says.moment(table, created) if created else When(BEGAN, "NULL")
            # Whatever else is said of a lead is said later than the stage before its first change.
            parts.append(
                replace(
                    self._stage_part(table, before, began, "raw.is_change"),
                    rows=changes,
                    word=Word.NEVER,
                )
            )
            if today := self._column(table, Field.STATUS):
                parts.append(
                    replace(
                        self._stage_part(table, today, began, "NOT raw.is_change"),
                        rows=changes,
                    )
                )
        return parts

    def _stage_part(self, table: Table, stage: str, moment: When, where: str) -> Part:
        return self._part(
            table,
            self.layout.columns,
            "stage.number",
            moment,
            Word.AT_ITS_MOMENT,
            stage=stage,
            where=where,
        )

    def _lacks_dates(self, table: Table, column: str) -> bool:
        empty = f"SELECT 1 FROM {table.source} AS raw WHERE raw.{named(column)} IS NULL LIMIT 1"
        return bool(self.desk.ask(empty))

    def _about_stage(self, table: Table) -> str:
        """Whether a row of a log is about a change of the stage; the others are left out."""
        column = self._column(table, Field.CHANGED_FIELD)
        if column is None:
            return ALL
        names = [text for text, _ in written(self.desk, table, column)]
        of_stage = [text for text in names if crm.plain(text) in crm.STAGE_FIELDS]
        created = [text for text in names if crm.plain(text) in crm.CREATIONS]
        others = f"coalesce({said(column)}, '') NOT IN ({listed([*of_stage, *created])})"
        self.left_out.append((Cause.OTHER_CHANGE, table, others))
        return f"{said(column)} IN ({listed(of_stage)})"

    def _changes(self, table: Table, when: str | None, about_stage: str) -> str:
        """The first change of every lead's stage, or a row of one without any, to select from.

        With `is_change`, which of the two it is, and `began`, when a row says it was created.
        """
        edited = self._says.moment(table, when) if when else NEVER_SAID
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

    def _dates(self, table: Table) -> list[Part]:
        """A part for each stage, of the rows that have a date for it, and what is so today."""
        columns = self.layout.columns
        dates = {stage: one for stage, one in self.layout.dates.items() if one in table.columns}
        ends = {str(Outcome.LOST), self.layout.stages[-1]}
        parts = []
        for stage, column in dates.items():
            ticked = Column(column, samples=samples(self.desk, table, column)).holds_ticks()
            parts.append(
                self._part(
                    table,
                    columns,
                    str(LOST if stage == Outcome.LOST else self.layout.stages.index(stage)),
                    NEVER_SAID if ticked else self._says.moment(table, column),
                    Word.AT_ITS_MOMENT if stage in ends else Word.NEVER,
                    where=ticked_cell(column) if ticked else filled_cell(column),
                )
            )
        created = self._column(table, Field.CREATED_AT)
        if parts and created and not any(part.is_dated for part in parts):
            began = self._says.moment(table, created)
            parts.append(self._part(table, columns, "0", began, Word.NEVER))
        today = self._column(table, Field.STATUS) or self._column(table, Field.STAGE)
        if parts and today:
            parts.append(
                self._part(
                    table,
                    columns,
                    "stage.number",
                    NEVER_SAID,
                    Word.TODAY,
                    stage=today,
                    where=f"stage.number <> {ELSEWHERE}",
                )
            )
        return parts

    def _deals(self, table: Table) -> list[Part]:
        """When a deal was created, and what became of it.

        The stage that a deal is in says that it came so far, not when.
        """
        layout, columns = self.layout, self.layout.columns
        if self._is_first_touch(table):
            moment = self._says.moment(table, layout.first_touch[Field.CREATED_AT])
            return [self._part(table, layout.first_touch, "0", moment, Word.NEVER)]
        if not {columns.get(field) for field in TELLS_OF_DEALS} & set(table.columns):
            return []
        created, closed = (
            self._column(table, field) for field in (Field.CREATED_AT, Field.CLOSED_AT)
        )
        stage, status = self._column(table, Field.STAGE), self._column(table, Field.STATUS)
        closing = self._says.moment(table, closed) if closed else NEVER_SAID
        won = len(layout.stages) - 1
        # Where an outcome says who is lost, a reason beside an open deal does not.
        says_lost = str(Outcome.LOST) in layout.meanings.values()
        open_columns = without_reasons(columns) if says_lost else columns
        first = "1" if layout.first_touch else "0"
        moment = self._says.moment(table, created) if created else NEVER_SAID
        parts = [self._part(table, open_columns, first, moment, Word.NEVER)]
        for outcome in filter(None, (status, stage)):
            parts.append(
                self._part(
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
            parts.append(self._part(table, columns, str(won), closing, Word.AT_ITS_MOMENT))
        if stage:
            parts.append(
                self._part(
                    table,
                    open_columns,
                    "stage.number",
                    NEVER_SAID,
                    Word.NEVER,
                    stage=stage,
                    where=f"stage.number BETWEEN 0 AND {won - 1}",
                )
            )
        return parts

    def _is_first_touch(self, table: Table) -> bool:
        needed = (Field.LEAD, Field.CREATED_AT)
        return bool(self.layout.first_touch) and all(
            self.layout.first_touch.get(field) in table.columns for field in needed
        )

    def _part(
        self,
        table: Table,
        columns: Mapping[Field, str],
        place: str,
        when: When,
        word: Word,
        stage: str | None = None,
        where: str = ALL,
    ) -> Part:
        value = columns.get(Field.VALUE)
        worth = NO_VALUE
        if value is not None and value in table.columns:
            worth = self._says.value(table, value)
        reasons = [
            f"reason_word_{number}"
            for number, field in enumerate((Field.REASON, Field.WON_REASON))
            if columns.get(field) in table.columns
        ]
        joins = self._stages(table, stage) if stage else ""
        joins += self._word(table, columns, Field.REASON, "reason_word", "reason_word_0")
        joins += self._word(table, columns, Field.WON_REASON, "reason_word", "reason_word_1")
        joins += self._word(table, columns, Field.SEGMENT, "segment_word", "segment_word")
        reason = ", ".join(f"{name}.number" for name in reasons)
        conditions = [one for one in (where, self._says.in_pipeline(table, columns)) if one != ALL]
        return Part(
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
            said(stage) if stage else "NULL",
            when.said,
        )

    # -- columns as SQL ----------------------------------------------------------------------------

    def _stages(self, table: Table, column: str) -> str:
        """The join that finds the place of a stage or an outcome by how it is written."""
        to = f"stage_{self.desk.tables.index(table)}_{list(table.columns).index(column)}"
        self.elsewhere += place_stages(self.desk, self.layout, table, column, to)
        return f"LEFT JOIN {to} AS stage ON stage.written = raw.{named(column)}::VARCHAR "

    def _word(
        self, table: Table, columns: Mapping[Field, str], field: Field, words: str, name: str
    ) -> str:
        column = columns.get(field)
        if column is None or column not in table.columns:
            return ""
        return f"LEFT JOIN {words} AS {name} ON {name}.written = raw.{named(column)}::VARCHAR "


# Moments before 1970, and from 2041 on, are slips, such as a year of two digits, or stand for
# "never"; those between leave room for the number of a reason or a segment in a BIGINT.
# The moment occurs once here: it is worked out for every row as often as it occurs.
READABLE = f"coalesce(moment, 0) BETWEEN 0 AND {TODAY}"
USABLE = f"lead IS NOT NULL AND place >= {OPEN_AGAIN} AND {READABLE}"


def without_reasons(columns: Mapping[Field, str]) -> dict[Field, str]:
    reasons = (Field.REASON, Field.WON_REASON)
    return {field: column for field, column in columns.items() if field not in reasons}
