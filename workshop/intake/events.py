"""Files on the desk and their layout → events: who entered which stage, and when.

Stages, reasons and segments are looked up once for each way they are written, and stand in the
events as numbers. Moments are microseconds since 1970, in UTC where the file says an offset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from workshop.intake.amounts import MARK_TELLS, amount_format
from workshop.intake.dates import Ambiguous, DateFormat, Numbered, date_format
from workshop.intake.desk import Desk, Table, named, quoted
from workshop.intake.journeys import ELSEWHERE, LOST, REASONS, SEGMENTS, Known
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.problems import IntakeError, Problem
from workshop.intake.words import number_words, place_stages

SAMPLES = 300
TELLING = 20
ALL = "TRUE"
NO_VALUE = "NULL::DOUBLE"
UNREADABLE = -1
YEAR_2041 = 2_240_524_800_000_000
"""Moments from then on, and before 1970, are slips, such as a year of two digits, or stand for
"never"; those between leave room for the number of a reason or a segment in a BIGINT."""

YEAR_FIRST = "20__-__-__%"
ABOVE_12 = "(1[3-9]|2[0-9]|3[01])[-/.]"
DAY_TELLS, MONTH_TELLS = f"^ *{ABOVE_12}", f"^ *[0-9]{{1,2}}[-/.]{ABOVE_12}"

MICROSECONDS = {
    Numbered.SECONDS: "({0} * 1000000)::BIGINT",
    Numbered.MILLISECONDS: "({0} * 1000)::BIGINT",
    Numbered.EXCEL_DAYS: "(({0} - 25569) * 86400000000)::BIGINT",
}


@dataclass(frozen=True, slots=True)
class When:
    """The moment of an event, in microseconds since 1970, and how the file says it; as SQL."""

    microseconds: str
    said: str


NEVER_SAID = When("NULL::BIGINT", "NULL")


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the events: the rows of a table that say when a stage was entered."""

    table: Table
    lead: str
    place: str
    moment: str
    reason: str
    segment: str
    value: str
    joins: str
    where: str
    stage_said: str
    moment_said: str

    def select(self, more: str = "", of: str = "") -> str:
        """Its events, with `more` columns; only those of the leads in a table `of`, if any."""
        only = f"JOIN {of} ON {of}.lead = {self.lead} " if of else ""
        return (
            f"SELECT {self.lead} AS lead, {self.place} AS place, {self.moment} AS moment, "
            f"{self.reason} AS reason, {self.segment} AS segment, {self.value} AS value{more} "
            f"FROM {self.table.source} AS raw {only}{self.joins} WHERE {self.where}"
        )


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
        self._casts_leads = len(set(self._lead_types())) > 1
        self.parts = self._parts()

    def _refuse_missing_columns(self) -> None:
        layout, there = self.layout, [*chain(*(table.columns for table in self.desk.tables))]
        named_ = [*layout.columns.items(), *layout.first_touch.items(), *layout.dates.items()]
        remedy = f"Choose one of these: {', '.join(f'“{name}”' for name in there[:20])}."
        problems = [
            Problem(1, column, f"No file has the column “{column}” for the {field}.", remedy)
            for field, column in named_
            if column not in there
        ]
        if problems:
            raise IntakeError(problems)

    @property
    def known(self) -> Known:
        """What the events say beside leads, stages and moments."""
        return Known(
            moments=self.layout.shape in (Shape.HISTORY, Shape.DATES),
            reasons=bool(self.reasons.names),
            segments=bool(self.segments.names),
            values=any(part.value != NO_VALUE for part in self.parts),
        )

    @property
    def last(self) -> int:
        """The place of the last stage."""
        return len(self.layout.stages) - 1

    @property
    def dated(self) -> str:
        """The leads and moments of all events, without what takes a look-up to know."""
        every = " UNION ALL ".join(
            f"SELECT {part.lead} AS lead, {part.moment} AS moment FROM {part.table.source} AS raw "
            + ("" if part.where == ALL else f"{part.joins} WHERE {part.where}")
            for part in self.parts
        )
        return f"({every}) AS event"

    @property
    def usable(self) -> str:
        """The events that can be used, as something to write after FROM."""
        every = " UNION ALL ".join(part.select() for part in self.parts)
        return f"(SELECT * FROM ({every}) AS event WHERE {USABLE}) AS event"

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

    def _lead_types(self) -> list[str]:
        leads = [self.layout.columns.get(Field.LEAD), self.layout.first_touch.get(Field.LEAD)]
        return [
            table.columns[lead]
            for table in self.desk.tables
            for lead in dict.fromkeys(leads)
            if lead in table.columns and lead is not None
        ]

    # -- shapes ------------------------------------------------------------------------------------

    def _parts(self) -> list[Part]:
        match self.layout.shape:
            case Shape.HISTORY:
                found = [self._history(table) for table in self._tables_with(Field.STAGE)]
            case Shape.DATES:
                found = [part for table in self.desk.tables for part in self._dates(table)]
            case _:
                found = [part for table in self.desk.tables for part in self._deals(table)]
        if not found:
            says = "The columns chosen are in none of the files."
            raise IntakeError([Problem(None, None, says, "Choose columns that the files have.")])
        return found

    def _tables_with(self, field: Field) -> list[Table]:
        column = self.layout.columns.get(field)
        return [table for table in self.desk.tables if column in table.columns]

    def _history(self, table: Table) -> Part:
        when = self.layout.columns[Field.ENTERED_AT]
        if table not in self._tables_with(Field.ENTERED_AT):
            says = f"The file {table.name} has no column “{when}” for the date."
            raise IntakeError([Problem(1, when, says, "Choose the column with the date.")])
        stage = self.layout.columns[Field.STAGE]
        return self._part(
            table,
            self.layout.columns,
            "stage.number",
            self._moment(table, when, is_needed=True),
            stage=stage,
        )

    def _dates(self, table: Table) -> list[Part]:
        """A part for each stage, of the rows that have a date for it."""
        return [
            self._part(
                table,
                self.layout.columns,
                str(LOST if stage == Outcome.LOST else self.layout.stages.index(stage)),
                self._moment(table, column),
                where=f"raw.{named(column)} IS NOT NULL",
            )
            for stage, column in self.layout.dates.items()
            if column in table.columns
        ]

    def _deals(self, table: Table) -> list[Part]:
        """When a deal was created, and what became of it.

        The stage that a deal is in says that it came so far, not when.
        """
        layout, columns = self.layout, self.layout.columns
        if self._is_first_touch(table):
            moment = self._moment(table, layout.first_touch[Field.CREATED_AT])
            return [self._part(table, layout.first_touch, "0", moment)]
        if columns.get(Field.LEAD) not in table.columns:
            return []
        created, closed = (
            columns[field] if columns.get(field) in table.columns else None
            for field in (Field.CREATED_AT, Field.CLOSED_AT)
        )
        stage, status = (
            columns[field] if columns.get(field) in table.columns else None
            for field in (Field.STAGE, Field.STATUS)
        )
        closing = self._moment(table, closed) if closed else NEVER_SAID
        won = len(layout.stages) - 1
        parts = []
        if created:
            first = "1" if layout.first_touch else "0"
            parts.append(self._part(table, columns, first, self._moment(table, created)))
        if outcome := status or stage:
            parts.append(
                self._part(
                    table,
                    columns,
                    "stage.number",
                    closing,
                    stage=outcome,
                    where=f"stage.number IN ({LOST}, {won})",
                )
            )
        else:  # a table of wins alone
            parts.append(self._part(table, columns, str(won), closing))
        if stage:
            parts.append(
                self._part(
                    table,
                    columns,
                    "stage.number",
                    NEVER_SAID,
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
        stage: str | None = None,
        where: str = ALL,
    ) -> Part:
        lead, value = f"raw.{named(columns[Field.LEAD])}", columns.get(Field.VALUE)
        reasons = [
            f"reason_word_{place}"
            for place, field in enumerate((Field.REASON, Field.WON_REASON))
            if columns.get(field) in table.columns
        ]
        joins = self._stages(table, stage) if stage else ""
        joins += self._word(table, columns, Field.REASON, "reason_word", "reason_word_0")
        joins += self._word(table, columns, Field.WON_REASON, "reason_word", "reason_word_1")
        joins += self._word(table, columns, Field.SEGMENT, "segment_word", "segment_word")
        reason = ", ".join(f"{name}.number" for name in reasons)
        return Part(
            table,
            f"{lead}::VARCHAR" if self._casts_leads else lead,
            place,
            when.microseconds,
            f"coalesce({reason}, 0)" if reasons else "0",
            "coalesce(segment_word.number, 0)" if "segment_word" in joins else "0",
            self._amount(table, value) if value in table.columns and value else NO_VALUE,
            joins,
            where,
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

    def _amount(self, table: Table, column: str) -> str:
        """A number as it is, or as people write it: € 1.234,50 or 1.2k."""
        if table.is_number(column):
            return f"raw.{named(column)}::DOUBLE"
        return amount_format(samples(self.desk, table, column, MARK_TELLS)).sql(said(column))

    def _moment(self, table: Table, column: str, *, is_needed: bool = False) -> When:
        """Microseconds since 1970; UNREADABLE where the cell says no moment.

        Where it is empty that is so only if a moment is needed. The text of the moment occurs
        once here: it is worked out for every row as often as it occurs.
        """
        written = f"raw.{named(column)}"
        read = (
            f"epoch_us({written}::TIMESTAMP)"
            if table.is_moment(column)
            else parsed_moment(self._format(table, column), said(column))
        )
        moment = f"coalesce({read}, {UNREADABLE})"
        if not is_needed:
            moment = f"CASE WHEN {written} IS NOT NULL THEN {moment} END"
        return When(moment, said(column))

    def _format(self, table: Table, column: str) -> DateFormat:
        """How the dates of a column are written. Raises IntakeError where that must be asked."""
        found = date_format(samples(self.desk, table, column), self.layout.day_first)
        match found:
            case Ambiguous():
                says = (
                    f"“{found.example}” may be written as {found.day_first.label} or as "
                    f"{found.month_first.label}."
                )
                remedy = "Say whether the day or the month comes first."
                raise IntakeError([Problem(None, column, says, remedy)])
            case Problem():
                raise IntakeError([Problem(found.line, column, found.message, found.remedy)])
        return found


READABLE = f"(moment IS NULL OR moment BETWEEN 0 AND {YEAR_2041})"
USABLE = f"lead IS NOT NULL AND place >= {ELSEWHERE} AND {READABLE}"


def said(column: str) -> str:
    """What a cell says, as a text."""
    return f"raw.{named(column)}::VARCHAR"


def parsed_moment(format_: DateFormat, written: str) -> str:
    """Microseconds since 1970 of a text in this format, NULL where it is in no such format."""
    if format_.numbers:
        return MICROSECONDS[format_.numbers].format(f"try_cast({written} AS DOUBLE)")
    formats = ", ".join(quoted(one) for one in format_.formats)
    parsed = f"try_strptime(trim({written}), [{formats}])::TIMESTAMP"
    if format_.formats[0].startswith("%Y-%m-%d") and not format_.zoned:
        parsed = f"coalesce(try_cast({written} AS TIMESTAMP), {parsed})"  # twice as fast
    return f"epoch_us({parsed})"


def samples(
    desk: Desk,
    table: Table,
    column: str,
    telling: Sequence[str] = (DAY_TELLS, MONTH_TELLS),
) -> list[str]:
    """Some of what a column says, among it what tells how that is meant if anything does."""
    name = f"{named(column)}::VARCHAR"
    found = desk.ask(
        f"(SELECT {name} FROM {table.source} WHERE {name} IS NOT NULL LIMIT {SAMPLES}) "
        + "".join(
            f"UNION ALL (SELECT {name} FROM {table.source} "
            f"WHERE {name} NOT LIKE '{YEAR_FIRST}' AND regexp_matches({name}, {quoted(tells)}) "
            f"LIMIT {TELLING}) "
            for tells in telling
        )
    )
    return [text for (text,) in found if text.strip()]
