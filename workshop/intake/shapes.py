"""What a row of a table is: an entry of a history, a lead with dates, a deal, or a count."""

from __future__ import annotations

from workshop.intake import crm
from workshop.intake.columns import WON, Column, outcome
from workshop.intake.field_columns import FieldColumns
from workshop.intake.layout import Field, Outcome, Shape

FEWEST_SEVERAL = 0.1  # of the leads have several stages where rows are entries of a history


def shape_of(found: FieldColumns) -> Shape | None:
    """The shape of a table whose columns are found; None where nothing says what its rows are."""
    has = found.columns.keys()
    passed = [stage for stage in found.dates if stage != Outcome.LOST and not crm.is_won(stage)]
    won = any(crm.is_won(stage) for stage in found.dates)
    names_stage = (
        Field.STAGE in has and crm.column_key(found.columns[Field.STAGE].name) not in crm.STATUSES
    )
    begun = won or Field.CREATED_AT in has
    if Field.STAGE in has and _is_of_counts(found):
        return Shape.COUNTS
    if Field.LEAD in has and Field.STAGE in has and _is_history(found):
        return Shape.HISTORY
    if len(passed) > 1 or (passed and begun and not names_stage):
        return Shape.DATES
    if won and Field.CREATED_AT in has and not has & {Field.STAGE, Field.STATUS}:
        return Shape.DATES
    if has & {Field.STAGE, Field.STATUS} and (
        Field.LEAD in has or has & {Field.CREATED_AT, Field.CLOSED_AT} or _has_ends(found)
    ):
        return Shape.DEALS
    if Field.LEAD in has and (found.any_of(crm.WON_TIMES) or won):
        return Shape.DEALS
    return None


def _is_of_counts(found: FieldColumns) -> bool:
    """Whether every row is a stage, or a reason at a stage, with a count, and nothing else."""
    stage, reason = found.columns[Field.STAGE], found.columns.get(Field.REASON)
    counts = [one for one in found.table if crm.column_key(one.name) in crm.COUNTS]
    if not any(one.filled and one.holds_numbers() and not _is_id(one) for one in counts):
        return False
    rows = [*zip(stage.samples, reason.samples if reason else stage.samples, strict=False)]
    return len(set(rows)) == len(rows)


def _has_ends(found: FieldColumns) -> bool:
    """Whether any stage or status says that a deal is won or lost."""
    ends = (found.columns.get(field) for field in (Field.STAGE, Field.STATUS))
    return any(outcome(text) in (WON, Outcome.LOST) for one in ends if one for text in one.values)


def _is_history(found: FieldColumns) -> bool:
    has = found.columns.keys()
    moved = crm.column_key(found.columns[Field.STAGE].name) in crm.MOVES
    if moved and has & {Field.ENTERED_AT, Field.CREATED_AT}:
        return True
    if len(found.dates) > 1 and Field.ENTERED_AT not in has:
        return False
    if not has & {Field.ENTERED_AT, Field.CREATED_AT}:
        return _enters_several(found) and Field.CLOSED_AT not in has
    if Field.CLOSED_AT in has and Field.ENTERED_AT not in has and not found.names_leads_by_id():
        return False
    # OpportunityHistory has an id of its own beside that of the opportunity.
    ids = found.any_of(("id",))
    own_id = ids not in (None, found.columns[Field.LEAD]) and Field.SEGMENT not in has
    return _enters_several(found) or Field.CREATED_AT not in has or own_id


def _enters_several(found: FieldColumns) -> bool:
    """Whether leads have several rows with different stages."""
    stages = found.values_by_lead(found.columns[Field.STAGE])
    several = sum(len(values) > 1 for values in stages.values())
    return several > 0 and several >= FEWEST_SEVERAL * len(stages)


def _is_id(column: Column) -> bool:
    return crm.column_key(column.name).endswith("id")
