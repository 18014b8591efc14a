"""What one table of a lead-level file seems to be, and the layout that follows from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import assert_never

from workshop.intake import crm
from workshop.intake.caution import Caution, Code, Severity
from workshop.intake.cells import key, quoted
from workshop.intake.columns import WON, Column, flags
from workshop.intake.dates import Ambiguous, DateFormat
from workshop.intake.evidence import Evidence
from workshop.intake.field_columns import FieldColumns
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.lead_ids import check_lead_ids
from workshop.intake.problems import Problem
from workshop.intake.shapes import shape_of
from workshop.intake.stages import Label, Labels, Ladder
from workshop.intake.stages_by_shape import dated_stages, stages_in_column, stages_of_deals

SHARED = 0.2  # of the values of two columns, where they join two files
REPEATED = 0.9  # fewer different ids than this share of the rows: no column to join on


class TableGuess:
    """What one table seems to be: its columns by field, and its shape."""

    def __init__(
        self,
        table: Sequence[Column],
        labels: Labels,
        known: Mapping[Field, str],
        pipeline: str | None,
    ) -> None:
        self.found = FieldColumns(table, labels, known, pipeline)
        self.shape = shape_of(self.found)
        self._leads_table: FieldColumns | None = None
        check_lead_ids(self.found, self.shape)

    def likelihood(self) -> tuple[int, int]:
        """Which of two tables the funnel is made of: histories first, then the fuller one."""
        order = [None, Shape.COUNTS, Shape.DEALS, Shape.DATES, Shape.HISTORY]
        tells = {
            Field.VALUE,
            Field.CLOSED_AT,
            Field.STATUS,
            Field.STAGE,
        } & self.found.columns.keys()
        return order.index(self.shape), len(tells)

    # -- tables that belong together ---------------------------------------------------------------

    def labels(self) -> Labels:
        """Of a table that names stages: by id the label, its place, and WON or Outcome.LOST."""
        ids, label = self.found.any_of(crm.STAGE_IDS), self.found.any_of(crm.STAGE_LABELS)
        place, won = self.found.any_of(crm.STAGE_ORDERS), self.found.any_of(crm.WON_FLAGS)
        if not (ids and label and place) or Field.ENTERED_AT in self.found.columns:
            return {}
        ends = (
            flags(won, len(ids.samples)),
            flags(self.found.any_of(crm.CLOSED_FLAGS), len(ids.samples)),
        )
        found: dict[str, Label] = {}
        for stage, name, order, is_won, is_closed in zip(
            ids.samples, label.samples, place.samples, *ends, strict=False
        ):
            if stage.strip() and name.strip() and re.fullmatch("[0-9]{1,9}", order):
                lost = crm.meaning(name) or (Outcome.LOST if is_closed and not is_won else None)
                found[key(stage)] = (name, float(order), WON if is_won else lost)
        return found

    def join(self, other: TableGuess) -> bool:
        """Take another table as the leads that these deals came from, if an id joins the two."""
        leads = other.found
        created = leads.columns.get(Field.CREATED_AT)
        pairs = [
            (_shared_ids(ours, theirs), ours, theirs)
            for ours in self.found.table
            for theirs in leads.table
        ]
        share, ours, theirs = max(pairs, key=lambda pair: pair[0])
        if not created or share < SHARED or theirs is created:
            return False
        self.found.columns[Field.LEAD] = ours
        self.found.cautions = [one for one in self.found.cautions if one.code is not Code.NO_ID]
        self._leads_table = leads
        leads.columns[Field.LEAD] = theirs
        fields = (Field.LEAD, Field.CREATED_AT, Field.SEGMENT, Field.OWNER)
        self.found.first_touch = {
            one: leads.columns[one].name for one in fields if one in leads.columns
        }
        if Field.SEGMENT in self.found.first_touch:
            self.found.columns.pop(Field.SEGMENT, None)
        return True

    # -- the layout --------------------------------------------------------------------------------

    def layout(self, evidence: Evidence) -> tuple[Layout | None, tuple[str, ...]]:
        match self.shape:
            case Shape.HISTORY:
                found = stages_in_column(self.found, evidence, self.shape)
                drop = self._columns_of_no_history()
            case Shape.DATES:
                found = dated_stages(self.found, evidence)
                drop = {Field.ENTERED_AT, Field.OLD_STAGE, Field.CHANGED_FIELD}
            case Shape.DEALS:
                found = stages_of_deals(self.found)
                drop = {Field.ENTERED_AT, Field.OLD_STAGE, Field.CHANGED_FIELD}
            case Shape.COUNTS:
                found, drop = (
                    stages_in_column(self.found, Evidence(), self.shape),
                    set(Field) - {Field.STAGE, Field.OWNER},
                )
            case None:
                self._say_what_is_missing()
                return None, ()
            case _:
                assert_never(self.shape)
        self.found.cautions += found.cautions
        self._warn()
        if len(found.stages) < 2:
            says = "A funnel needs two stages or more; the file names fewer."
            self.found.cautions.append(Caution(Code.NOT_RECOGNISED, says))
            return None, found.unsure
        return self._laid_out(found, drop), found.unsure

    def _laid_out(self, found: Ladder, drop: set[Field]) -> Layout:
        assert self.shape is not None
        if self.found.pipeline is None:
            drop = {*drop, Field.PIPELINE}
        columns = {
            one: column.name for one, column in self.found.columns.items() if one not in drop
        }
        dates = {stage: column.name for stage, column in self.found.dates.items()}
        return Layout(
            self.shape,
            found.stages,
            columns,
            found.meanings,
            dates if self.shape is Shape.DATES else {},
            {},
            self.found.first_touch,
            pipeline=self.found.pipeline if Field.PIPELINE in columns else None,
        )

    def _columns_of_no_history(self) -> set[Field]:
        """The columns that a history does not need; a log of changes says what came before."""
        if Field.ENTERED_AT not in self.found.columns and Field.CREATED_AT in self.found.columns:
            self.found.columns[Field.ENTERED_AT] = self.found.columns.pop(Field.CREATED_AT)
        if Field.OLD_STAGE in self.found.columns:
            self.found.take_stage_today()
            return {Field.CLOSED_AT}
        return {Field.CREATED_AT, Field.CLOSED_AT, Field.STATUS}

    # -- what is open ------------------------------------------------------------------------------

    def day_first(self) -> tuple[tuple[str, ...], bool | None]:
        """The date columns somebody has to say it of, and what the others say."""
        moments = [*self.found.dates.values()] if self.shape is Shape.DATES else []
        for found in filter(None, (self.found, self._leads_table)):
            moments += [
                found.columns[one]
                for one in (Field.ENTERED_AT, Field.CREATED_AT, Field.CLOSED_AT)
                if one in found.columns
            ]
        asked, told = [], set()
        for column in {column.name: column for column in moments if column.kind == "text"}.values():
            match column.date_format():
                case Ambiguous():
                    asked.append(column.name)
                case DateFormat(day_first=bool() as first):
                    told.add(first)
                case Problem() as problem if column.filled:
                    says = f"Column {quoted(column.name)}: {problem.message}"
                    self.found.cautions.append(Caution(Code.DATES_UNREADABLE, says, problem.remedy))
        if len(told) == 1:
            return (), told.pop()
        return tuple(asked), None

    def _say_what_is_missing(self) -> None:
        for which, says in (
            (Field.LEAD, "No column says which lead or deal a row is about: name one lead_id."),
            (Field.STAGE, "No column says which stage was reached: name one stage."),
        ):
            if which not in self.found.columns:
                self.found.cautions.append(Caution(Code.NOT_RECOGNISED, says))
        if not self.found.cautions:
            says = "No column says when a stage was reached: name one date."
            self.found.cautions.append(Caution(Code.NOT_RECOGNISED, says))

    def _warn(self) -> None:
        if Field.REASON not in self.found.columns and self.shape is not Shape.COUNTS:
            says = "No column says why deals were lost."
            self.found.cautions.append(Caution(Code.NO_REASON, says, severity=Severity.NOTE))


def _shared_ids(ours: Column, theirs: Column) -> float:
    """How surely two columns hold the same ids, 0..2."""
    one, other = set(map(key, ours.filled)), set(map(key, theirs.filled))
    share = len(one & other) / min(len(one), len(other)) if one and other else 0.0
    named = crm.column_key(ours.name)
    same = named == crm.column_key(theirs.name) and named.endswith(("id", "email"))
    unlike_ids = (ours.holds_dates() and bool(one)) or len(other) < REPEATED * len(theirs.filled)
    return share * (not unlike_ids) + same
