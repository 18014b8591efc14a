"""What the cells of a column say, as SQL: leads, moments, amounts in one currency.

Moments are microseconds since 1970, in UTC where the file says an offset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workshop.intake.amounts import MARK_TELLS, amount_format
from workshop.intake.cells import key
from workshop.intake.columns import TICKED
from workshop.intake.currencies import rate_of
from workshop.intake.dates import Ambiguous, DateFormat, date_format
from workshop.intake.journeys import DAY
from workshop.intake.layout import Field, Layout
from workshop.intake.lead_database import LeadDatabase, Table
from workshop.intake.moment_sql import any_moment, usual_moment
from workshop.intake.period import BEGINNING
from workshop.intake.problems import IntakeError, Problem
from workshop.intake.sql import sql_name, sql_text
from workshop.intake.words import written

SAMPLES = 300
TELLING = 20
TELLING_ROWS = 200_000  # how ids are written shows in so many of them
ALL = "TRUE"
FLOATS = ("FLOAT", "DOUBLE")
UNREADABLE, OUTLIER = -1, -2
YEAR_FIRST = "20__-__-__%"
ABOVE_12 = "(1[3-9]|2[0-9]|3[01])[-/.]"
DAY_TELLS, MONTH_TELLS = f"^ *{ABOVE_12}", f"^ *[0-9]{{1,2}}[-/.]{ABOVE_12}"


@dataclass(frozen=True, slots=True)
class MomentSql:
    """The moment of an event, in microseconds since 1970, and how the file says it; as SQL.

    `join` finds the moments of cells that are written in other ways than is usual in their column.
    """

    microseconds: str
    text: str
    join: str = ""


NO_MOMENT = MomentSql("NULL::BIGINT", "NULL")


@dataclass(frozen=True, slots=True)
class AmountSql:
    """What a deal is worth, as SQL, and the join that it takes, as with a moment."""

    amount: str
    join: str = ""


NO_VALUE = AmountSql("NULL::DOUBLE")


class Expressions:
    """What the columns of files say, read as a layout says, as SQL. Raises IntakeError."""

    def __init__(self, database: LeadDatabase, layout: Layout) -> None:
        self.database = database
        self.layout = layout
        self.clocks: set[bool] = set()
        """Whether the columns of moments that were asked for have a time of day."""
        self._casts_leads = len(set(self._lead_types())) > 1
        self._leads: dict[tuple[str, str], str] = {}
        self._values: dict[str, AmountSql] = {}

    def _lead_types(self) -> list[str]:
        leads = [self.layout.columns.get(Field.LEAD), self.layout.first_touch.get(Field.LEAD)]
        return [
            table.columns[lead]
            for table in self.database.tables
            for lead in dict.fromkeys(leads)
            if lead in table.columns and lead is not None
        ]

    def lead(self, table: Table, columns: Mapping[Field, str]) -> str:
        """Which lead a row is about; the row itself where no column says it."""
        column = columns.get(Field.LEAD)
        if column is None:
            row = f"raw.{table.number}"
            place = self.database.tables.index(table)
            return row if len(self.database.tables) == 1 else f"'{place}-' || {row}"
        if (table.source, column) not in self._leads:
            self._leads[table.source, column] = self._one_lead(table, column)
        return self._leads[table.source, column]

    def _one_lead(self, table: Table, column: str) -> str:
        """A lead's name in one writing: 7 and 7.0 are one, and so are addresses in any case."""
        cell = f"raw.{sql_name(column)}"
        if self._casts_leads or table.columns[column] in FLOATS:
            cell = f"{cell}::VARCHAR"
        elif table.columns[column] != "VARCHAR":
            return cell
        [(blanks, addresses, points)] = self.database.query(
            f"SELECT bool_or(lead <> trim(lead)), bool_or(contains(lead, '@')), "
            f"bool_or(ends_with(lead, '.0')) FROM (SELECT {cell} AS lead "
            f"FROM {table.source} AS raw LIMIT {TELLING_ROWS}) AS first"
        )
        if blanks:
            cell = f"nullif(trim({cell}), '')"
        if addresses:
            cell = f"lower({cell})"
        return f"regexp_replace({cell}, '^([0-9]+)[.]0+$', '\\1')" if points else cell

    def in_pipeline(self, table: Table, columns: Mapping[Field, str]) -> str:
        column = columns.get(Field.PIPELINE)
        if column not in table.columns or column is None or self.layout.pipeline is None:
            return ALL
        wanted = key(self.layout.pipeline)
        texts = [text for text, _ in written(self.database, table, column) if key(text) == wanted]
        return f"{cell_text(column)} IN ({sql_list(texts)})"

    def value(self, table: Table, column: str) -> AmountSql:
        """What a deal is worth, in the currency of the layout."""
        if table.source not in self._values:
            rate, worth = rate_of(self.database, table, self.layout), self._amount(table, column)
            if rate is not None:
                worth = replace(worth, amount=f"({worth.amount}) * {rate}")
            self._values[table.source] = worth
        return self._values[table.source]

    def _amount(self, table: Table, column: str) -> AmountSql:
        """A number as it is, or as people write it: € 1.234,50 or 1.2k."""
        if table.is_number(column):
            return AmountSql(f"raw.{sql_name(column)}::DOUBLE")
        format_ = amount_format(samples(self.database, table, column, MARK_TELLS))
        return AmountSql(
            *self._with_odd(
                table, column, format_.usual_sql(cell_text(column)), format_.sql("written")
            )
        )

    def moment(self, table: Table, column: str, *, is_needed: bool = False) -> MomentSql:
        """Microseconds since 1970; UNREADABLE where the cell says no moment.

        Where it is empty that is so only if a moment is needed. The text of the moment occurs
        once here: it is worked out for every row as often as it occurs.
        """
        cell, join = f"raw.{sql_name(column)}", ""
        if not is_needed and not samples(self.database, table, column):
            return NO_MOMENT
        if table.is_moment(column):
            read = f"epoch_us({cell}::TIMESTAMP)"
            self.clocks.add(table.columns[column] != "DATE")
        else:
            read, join = self._read_dates(table, column)
        moment = f"coalesce({self._within(read)}, {UNREADABLE})"
        if not is_needed:
            moment = f"CASE WHEN {cell} IS NOT NULL THEN {moment} END"
        return MomentSql(moment, cell_text(column), join)

    def _within(self, moment: str) -> str:
        """The moment, or OUTLIER where it is not of the days that were asked for."""
        if self.layout.between is None:
            return moment
        first, last = ((day - BEGINNING).days for day in self.layout.between)
        inside = f"m >= {first * DAY} AND m < {(last + 1) * DAY}"
        named_once = f"CASE WHEN m IS NULL OR {inside} THEN m ELSE {OUTLIER} END"
        return f"list_transform([{moment}], lambda m: {named_once})[1]"

    def _read_dates(self, table: Table, column: str) -> tuple[str, str]:
        """The moment of a text, and the join that it needs."""
        format_ = self._format(table, column)
        self.clocks.add(format_.has_clock)
        usual = usual_moment(format_, cell_text(column))
        return self._with_odd(table, column, usual, any_moment(format_, "written"))

    def _with_odd(self, table: Table, column: str, usual: str, any_: str) -> tuple[str, str]:
        """What a text says, and the join that it needs.

        `usual` reads most texts of a column fast. What it cannot read is read beforehand by `any_`,
        from `written`, each writing once: that takes long.
        """
        odd = f"{cell_text(column)} IS NOT NULL AND {usual} IS NULL"
        if not self.database.query(f"SELECT 1 FROM {table.source} AS raw WHERE {odd} LIMIT 1"):
            return usual, ""
        to = f"odd_{self.database.tables.index(table)}_{list(table.columns).index(column)}"
        self.database.query(
            f"CREATE OR REPLACE TABLE {to} AS SELECT written, {any_} AS meant FROM "
            f"(SELECT DISTINCT {cell_text(column)} AS written "
            f"FROM {table.source} AS raw WHERE {odd})"
        )
        join = f"LEFT JOIN {to} ON {to}.written = {cell_text(column)} "
        return f"coalesce({usual}, {to}.meant)", join

    def _format(self, table: Table, column: str) -> DateFormat:
        """How the dates of a column are written. Raises IntakeError where that must be asked."""
        found = date_format(samples(self.database, table, column), self.layout.day_first)
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


def cell_text(column: str) -> str:
    """What a cell says, as a text."""
    return f"raw.{sql_name(column)}::VARCHAR"


def filled_cell(column: str) -> str:
    return f"raw.{sql_name(column)} IS NOT NULL"


def ticked_cell(column: str) -> str:
    return f"lower(trim({cell_text(column)})) IN ({sql_list(TICKED)})"


def sql_list(texts: Sequence[str]) -> str:
    """Texts as SQL lists them; one that no cell holds where there are none."""
    return ", ".join(map(sql_text, texts)) or "NULL"


def samples(
    database: LeadDatabase,
    table: Table,
    column: str,
    telling: Sequence[str] = (DAY_TELLS, MONTH_TELLS),
) -> list[str]:
    """Some of what a column says, among it what tells how that is meant if anything does."""
    name = f"{sql_name(column)}::VARCHAR"
    found = database.query(
        f"(SELECT {name} FROM {table.source} WHERE {name} IS NOT NULL LIMIT {SAMPLES}) "
        + "".join(
            f"UNION ALL (SELECT {name} FROM {table.source} "
            f"WHERE {name} NOT LIKE '{YEAR_FIRST}' AND regexp_matches({name}, {sql_text(tells)}) "
            f"LIMIT {TELLING}) "
            for tells in telling
        )
    )
    return [text for (text,) in found if text.strip()]
