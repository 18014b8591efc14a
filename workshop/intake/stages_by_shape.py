"""The stages of a funnel, by the shape of the table that tells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from workshop.intake import crm
from workshop.intake.caution import Caution, Code, Severity
from workshop.intake.cells import key, quoted
from workshop.intake.columns import WON, Column, flags, outcome
from workshop.intake.counts import MAX_STAGES
from workshop.intake.evidence import Evidence
from workshop.intake.field_columns import FieldColumns
from workshop.intake.layout import Field, Outcome, Shape
from workshop.intake.stages import Ladder, ladder

EXPLAINED = 0.8  # of the rows of an outcome have a reason where the outcome is a loss


# -- a column that says stages ---------------------------------------------------------------------


def stages_in_column(table: FieldColumns, evidence: Evidence, shape: Shape | None) -> Ladder:
    """The stages that a column names."""
    column = table.columns[Field.STAGE]
    values = _most_frequent(table, column)
    if before := table.columns.get(Field.OLD_STAGE):
        values = list(dict.fromkeys([*_of_stages(table, before), *values]))[:MAX_STAGES]
    unnamed = [
        text for text in values if table.stage_labels and key(text) not in table.stage_labels
    ]
    if unnamed:
        says = f"The table of stages does not name {quoted(unnamed[0])}."
        table.cautions.append(Caution(Code.STAGE_NOT_NAMED, says, "Add it to that table."))
    ends = _flagged(table, column) | _other_changes(table, column)
    found = ladder(values, evidence, table.stage_labels, ends, _numbers(table, column))
    if not found.is_won_known and found.stages and shape is not Shape.COUNTS:
        table.cautions.append(
            Caution(
                Code.WON_UNKNOWN,
                f"No stage says that a deal is won: {quoted(found.stages[-1])} is taken for it.",
                "Give the stage that means won the last place.",
            )
        )
    return found


def _of_stages(table: FieldColumns, column: Column) -> list[str]:
    """What a column says in the rows about stages, in a log of changes of several fields."""
    changed = table.columns.get(Field.CHANGED_FIELD)
    if changed is None:
        return column.values
    about = zip(changed.samples, column.samples, strict=False)
    of_stages = [text for name, text in about if crm.column_key(name) in crm.STAGE_FIELDS]
    return [text for text in dict.fromkeys(of_stages) if text.strip()]


def _most_frequent(table: FieldColumns, column: Column) -> list[str]:
    values = column.values
    if len(values) <= MAX_STAGES:
        return values
    table.cautions.append(
        Caution(
            Code.TOO_MANY_STAGES,
            f"Column {quoted(column.name)} says {len(values):,} different things; the "
            f"{MAX_STAGES} most frequent ones are taken for now.",
            "Choose the stages among them.",
        )
    )
    often = sorted(values, key=lambda text: -column.distinct.get(text, 0))[:MAX_STAGES]
    return [text for text in values if text in often]


def _numbers(table: FieldColumns, stage: Column) -> dict[str, float]:
    """The mean probability that stands beside each stage: later stages have larger ones."""
    column = table.columns.get(Field.PROBABILITY)
    if column is None:
        return {}
    found: dict[str, list[float]] = defaultdict(list)
    for text, chance in zip(stage.samples, column.samples, strict=False):
        digits = chance.replace("%", "").replace(",", ".").strip()
        if text.strip() and digits.replace(".", "", 1).isdecimal() and 0 < float(digits) < 100:
            found[key(text)].append(float(digits))  # a lost deal has 0 % in any stage
    return {text: sum(chances) / len(chances) for text, chances in found.items()}


def _flagged(table: FieldColumns, stage: Column) -> dict[str, str]:
    """What flags beside the stage say it means: WON, or Outcome.LOST."""
    won = flags(table.any_of(crm.WON_FLAGS), len(stage.samples))
    closed = flags(table.any_of(crm.CLOSED_FLAGS), len(stage.samples))
    found: dict[str, str] = {}
    for text, is_won, is_closed in zip(stage.samples, won, closed, strict=False):
        if is_won or is_closed:
            found[key(text)] = WON if is_won else Outcome.LOST
    return found


def _other_changes(table: FieldColumns, stage: Column) -> dict[str, str]:
    """The values that are no stage: a log of changes says which field each row is about."""
    changed = table.columns.get(Field.CHANGED_FIELD)
    if not changed:
        return {}
    about = list(zip(changed.samples, stage.samples, strict=False))
    stages = {key(text) for name, text in about if crm.column_key(name) in crm.STAGE_FIELDS}
    others = {key(text) for name, text in about} - stages
    if others - {""} and stages:
        table.cautions.append(
            Caution(
                Code.OTHER_CHANGES,
                f"Column {quoted(changed.name)} names other changes than those of stages; they "
                "are left out.",
                severity=Severity.NOTE,
            )
        )
    return dict.fromkeys(others, Outcome.LEFT_OUT) if stages else {}


# -- a column with a date for each stage -----------------------------------------------------------


def dated_stages(table: FieldColumns, evidence: Evidence) -> Ladder:
    """The stages that date columns are named after; what was created comes first."""
    _date_the_beginning(table)
    stages = [stage for stage in table.dates if stage != Outcome.LOST]
    found = ladder(stages, evidence, {}, {})
    # Several columns may date one stage; the first of them does.
    dates = {
        found.meanings[key(stage)]: stage
        for stage in reversed(table.dates)
        if stage != Outcome.LOST
    }
    lost = {str(Outcome.LOST): table.dates[Outcome.LOST]} if Outcome.LOST in table.dates else {}
    for name, means in dates.items():
        if name == Outcome.LOST:
            lost = {str(Outcome.LOST): table.dates[means]}
    table.dates = {stage: table.dates[dates[stage]] for stage in found.stages} | lost
    if not found.is_won_known:
        table.cautions.append(
            Caution(
                Code.WON_UNKNOWN,
                f"No column is named after the win: {quoted(found.stages[-1])} is taken for it.",
                "Give the stage that means won the last place.",
            )
        )
    today = _outcome_today(table, found)
    if not lost and Outcome.LOST not in today.values():
        table.cautions.append(
            Caution(
                Code.LOST_UNKNOWN,
                "No column says when somebody was lost: who did not go on counts as open.",
                "Add the date of the loss, or the outcome.",
            )
        )
    meanings = dict(found.meanings) | today
    return Ladder(found.stages, meanings, found.unsure, found.is_won_known, found.cautions)


def _date_the_beginning(table: FieldColumns) -> None:
    """Make the day of creation the first stage, where not everybody has the date of another."""
    created = table.columns.get(Field.CREATED_AT)
    if created is None:
        return
    if created.name in {column.name for column in table.dates.values()}:
        table.columns.pop(Field.CREATED_AT)
        return
    passed = [
        column
        for stage, column in table.dates.items()
        if stage != Outcome.LOST and not crm.is_won(stage)
    ]
    reached = max((len(column.filled) for column in passed), default=0)
    if len(passed) < 2 or reached < len(created.filled):
        lead = table.columns.get(Field.LEAD)
        first = _entity(lead.name) if lead else "Lead"
        table.dates = {_unlike(first, table.dates): created} | table.dates


def _outcome_today(table: FieldColumns, found: Ladder) -> dict[str, str]:
    """What the stage or status of today says, where it says the outcome or one of these stages."""
    stages = {key(stage): stage for stage in found.stages}
    for field in (Field.STATUS, Field.STAGE):
        column = table.columns.get(field)
        if column is None:
            continue
        pipelines = crm.pipelines_in(column.values)
        means: dict[str, str] = {}
        for text in column.values:
            name = key(crm.split_pipeline(text, pipelines)[0])
            end = outcome(text)
            means[key(text)] = (
                stages.get(name)
                or (found.stages[-1] if end == WON else end)
                or str(Outcome.LEFT_OUT)
            )
        known = sum(one != Outcome.LEFT_OUT for one in means.values())
        if field is Field.STATUS or 2 * known > len(means):
            table.columns.pop(Field.STAGE if field is Field.STATUS else Field.STATUS, None)
            return means
        del table.columns[field]
    return {}


# -- deals with their stage or outcome -------------------------------------------------------------


def stages_of_deals(table: FieldColumns) -> Ladder:
    """All stages where lost deals keep the stage they were in; else created and won alone."""
    first = _entity(table.first_touch[Field.LEAD]) if table.first_touch else None
    stage, status = table.columns.get(Field.STAGE), table.columns.get(Field.STATUS)
    _say_which_dates_are_missing(table, first)
    if not stage and not status:
        if not first:
            says = "The file holds won deals alone: add the one with all leads."
            table.cautions.append(Caution(Code.WINS_ALONE, says, severity=Severity.CRITICAL))
        return Ladder(_from_created_to_won(table, first))
    meanings = _outcomes_by_status(table, status) if status else {}
    found = stages_in_column(table, Evidence(), Shape.DEALS) if stage else Ladder(())
    table.cautions[:] = [one for one in table.cautions if one.code is not Code.WON_UNKNOWN]
    reasons = table.columns.get(Field.REASON)
    lost_keep_stage = Outcome.LOST not in found.meanings.values() and (
        Outcome.LOST in meanings.values() or (reasons is not None and bool(reasons.filled))
    )
    if stage and lost_keep_stage:
        open_stages = found.stages[:-1] if found.is_won_known else found.stages
        won = found.stages[-1] if found.is_won_known else WON
        meanings = {text: won if says == WON else says for text, says in meanings.items()}
        stages = (*open_stages, won)
        stages = (_unlike(first, stages), *stages) if first else stages
        return Ladder(
            stages, meanings | dict(found.meanings), found.unsure, cautions=found.cautions
        )
    if stage:
        meanings |= _stages_as_outcomes(table, found, status)
    for end, code, says in (
        (Outcome.LOST, Code.LOST_UNKNOWN, "No stage or status says that a deal is lost."),
        (WON, Code.WON_UNKNOWN, "No stage or status says that a deal is won."),
    ):
        if end not in meanings.values():
            remedy = "Say which one means it."
            table.cautions.append(Caution(code, says, remedy, Severity.CRITICAL))
    return Ladder(_from_created_to_won(table, first), meanings)


def _say_which_dates_are_missing(table: FieldColumns, first: str | None) -> None:
    if Field.CREATED_AT not in table.columns and not first:
        says = "No column says when deals were created."
        table.cautions.append(Caution(Code.NO_CREATION_DATE, says))
    if Field.CLOSED_AT not in table.columns:
        says = "No column says when deals were closed."
        table.cautions.append(Caution(Code.NO_CLOSING_DATE, says))


def _outcomes_by_status(table: FieldColumns, status: Column) -> dict[str, str]:
    """What a status means: in words, or lost where the reasons of losses stand beside it."""
    if crm.column_key(status.name) in crm.ACTIVE_FLAGS:
        return {
            key(text): Outcome.OPEN if outcome(text) == WON else Outcome.LOST
            for text in status.values
        }
    found = {
        key(text): outcome(text) or str(crm.meaning(text) or Outcome.OPEN) for text in status.values
    }
    reasons = table.columns.get(Field.REASON)
    if reasons is None or Outcome.LOST in found.values():
        return found
    rows: dict[str, list[bool]] = defaultdict(list)
    for text, reason in zip(status.samples, reasons.samples, strict=False):
        rows[key(text)].append(bool(reason.strip()))
    for text, explained in rows.items():
        if found.get(text) not in (None, WON) and sum(explained) >= EXPLAINED * len(explained):
            found[text] = Outcome.LOST
    return found


def _stages_as_outcomes(
    table: FieldColumns, found: Ladder, status: Column | None
) -> Mapping[str, str]:
    """What stages mean where they say the outcome of closed deals, so that all others are open."""
    table.cautions.append(
        Caution(
            Code.LOST_AT_UNKNOWN,
            "The file does not say at which stage deals were lost, so the funnel goes from "
            "created to won. A history of stages would tell more.",
            severity=Severity.NOTE,
        )
    )
    won_stage = found.stages[-1] if found.is_won_known else None
    if status and Outcome.LOST not in found.meanings.values():
        table.columns.pop(Field.STAGE)
    else:
        table.columns.pop(Field.STATUS, None)
    return {
        text: WON if says == won_stage else says if says in set(Outcome) else str(Outcome.OPEN)
        for text, says in found.meanings.items()
    }


def _from_created_to_won(table: FieldColumns, first: str | None) -> tuple[str, ...]:
    """The stages of deals that tell no others, after the leads that they came from."""
    is_salesforce = any("opportunity" in crm.column_key(column.name) for column in table.table)
    deal = "Opportunity" if is_salesforce else "Deal"
    if first and Field.CREATED_AT not in table.columns:
        return first, WON
    return (_unlike(first, (deal,)), deal, WON) if first else (deal, WON)


def _entity(column: str) -> str:
    """What an id is of: MQL for mql_id."""
    name = crm.squeezed(column)
    return next((says for part, says in crm.ENTITIES.items() if part in name), "Lead")


def _unlike(stage: str, others: Iterable[str]) -> str:
    return "First contact" if key(stage) in map(key, others) else stage
