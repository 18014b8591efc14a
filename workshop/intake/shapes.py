"""What one table of a lead-level file seems to be: which column says what, and what a row is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import assert_never

from workshop.domain.checks import TITLE_LENGTH
from workshop.intake import crm
from workshop.intake.caution import Caution, Code, Severity
from workshop.intake.cells import key, quoted
from workshop.intake.columns import WON, Column, flags, outcome
from workshop.intake.dates import Ambiguous, DateFormat
from workshop.intake.evidence import Evidence
from workshop.intake.funnels import dated_stages, stages_of_deals, stages_told
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.problems import Problem
from workshop.intake.stages import Label, Labels, Ladder

FEWEST_SEVERAL = 0.1  # of the leads have several stages where rows are entries of a history
SHARED = 0.2  # of the values of two columns, where they join two files
REPEATED = 0.9  # fewer different ids than this share of the rows: no column to join on
COLLAPSED = re.compile(r"\s*[0-9][.,]?[0-9]*[eE]\+[0-9]{2,}\s*")  # an id that lost its digits

Table = Sequence[Column]


class Guess:
    """What one table seems to be; `cautions` gather what it does not tell."""

    def __init__(
        self,
        table: Table,
        labels: Labels,
        said: Mapping[Field, str],
        pipeline: str | None,
    ) -> None:
        self.table = table
        self.stage_labels = labels
        self.cautions: list[Caution] = []
        self.first_touch: dict[Field, str] = {}
        self.touched: Guess | None = None
        self.columns: dict[Field, Column] = {}
        self.dates: dict[str, Column] = {}
        self._take_all(said)
        self.pipelines = self._pipelines()
        self.pipeline = pipeline or self._largest_pipeline()
        self.dates = self._dated()
        self.shape = self._shape()
        self._settle_lead()

    # -- columns -----------------------------------------------------------------------------------

    def _take_all(self, said: Mapping[Field, str]) -> None:
        named = {column.name: column for column in self.table}
        self.columns = {field: named[name] for field, name in said.items() if name in named}
        self._take(Field.LEAD, _holds_names)
        self._take(Field.CHANGED_FIELD, lambda column: not column.filled or column.holds_words())
        self._take(Field.OLD_STAGE)
        self._take_new_stage()
        if last := self.any_of(crm.LAST_STAGES):
            self.columns.setdefault(Field.STAGE, last)
            self._take_stage_today()
        self._take(Field.STAGE, self._names_stages)
        self._take(Field.STATUS, lambda column: column.holds_outcomes())
        self._take_active_flag()
        for moment in (Field.ENTERED_AT, Field.CREATED_AT, Field.CLOSED_AT):
            self._take(moment, lambda column: column.holds_dates())
        for words in (Field.REASON, Field.WON_REASON):
            self._take(words, lambda column: not column.filled or column.holds_words())
        self._take(Field.SEGMENT, self._names_segments)
        self._take(Field.VALUE, lambda column: column.holds_numbers())
        self._take(Field.CURRENCY, lambda column: not column.filled or column.holds_words())
        self._take(Field.PIPELINE)
        self._take(Field.PROBABILITY, lambda column: column.holds_numbers())
        self._take(Field.OWNER)
        self._take_repeating()

    def _find(
        self, field: Field, fits: Callable[[Column], bool] = lambda column: True
    ) -> Column | None:
        """The column whose name says a field most surely, of those that are not taken yet."""
        taken = {column.name for column in self.columns.values()}
        ranked = [
            (rank, place, column)
            for place, column in enumerate(self.table)
            if column.name not in taken and (rank := crm.name_rank(field, column.name)) is not None
        ]
        return next((column for _, _, column in sorted(ranked) if fits(column)), None)

    def _take(self, field: Field, fits: Callable[[Column], bool] = lambda column: True) -> None:
        if field not in self.columns and (column := self._find(field, fits)):
            self.columns[field] = column

    def _take_new_stage(self) -> None:
        """Of a log of changes take what each one changed to, not what is so today."""
        before, moved = self.columns.get(Field.OLD_STAGE), self.any_of(crm.MOVES)
        if before is None or moved is None:
            return
        self.columns.setdefault(Field.STAGE, moved)
        if not set(map(key, before.filled)) & set(map(key, self.columns[Field.STAGE].filled)):
            del self.columns[Field.OLD_STAGE]  # ids, where the new ones are names

    def _take_active_flag(self) -> None:
        """Where lost deals are archived, the flag says so that they are still worked on."""
        flag = self.any_of(crm.ACTIVE_FLAGS)
        if flag and len(flag.values) > 1 and flag.holds_outcomes():
            self.columns.setdefault(Field.STATUS, flag)

    def any_of(self, names: Iterable[str]) -> Column | None:
        plain = {crm.plain(column.name): column for column in self.table}
        return next((plain[name] for name in names if name in plain), None)

    def _take_repeating(self) -> None:
        """Of a history take for the lead, where no name says it, what repeats with other stages."""
        has = self.columns.keys()
        is_history = Field.STAGE in has and has & {Field.ENTERED_AT, Field.CREATED_AT}
        if Field.LEAD in has or Field.CLOSED_AT in has or not is_history:
            return
        stages = self.columns[Field.STAGE]
        taken = {column.name for column in self.columns.values()}
        found = [
            (len(set(column.filled)), column.name, column)
            for column in self.table
            if column.name not in taken and _holds_names(column) and _repeats_with(column, stages)
        ]
        if found:
            _, name, self.columns[Field.LEAD] = max(found, key=lambda one: one[:2])
            self.cautions.append(
                Caution(
                    Code.NO_ID,
                    f"No column is named after an id. {quoted(name)} is taken for it: it repeats "
                    "with different stages.",
                    "Choose the column of the id if it is another one.",
                )
            )

    def _names_stages(self, column: Column) -> bool:
        """Whether a column may say stages; their ids are numbers at times."""
        if column.kind == "moment" or column.holds_outcomes():
            return False
        if column.filled and column.holds_dates():
            return False
        is_id = crm.plain(column.name).endswith("id")
        return is_id or not (column.filled and column.holds_numbers())

    def _names_segments(self, column: Column) -> bool:
        """Whether a column may say segments; beside its id, a source is what wrote the row."""
        wrote = crm.plain(column.name) == "source" and self.any_of(("sourceid",))
        return not wrote and (not column.filled or column.holds_words())

    def _dated(self) -> dict[str, Column]:
        """The date columns of stages, by the stage's name or Outcome.LOST."""
        taken = {column.name for column in self.columns.values()}
        names = [crm.dated_stage(column.name) or "" for column in self.table]
        pipelines = crm.pipelines_in(names)
        told: dict[str, Column] = {}
        others: dict[str, Column] = {}
        for column in self.table:
            if not column.holds_dates():
                continue
            stage, pipeline = crm.dated_stage_in_pipeline(column.name, pipelines)
            if stage is None and column.filled and column.name not in taken:
                stage = column.name if crm.is_stage_name(column.name) else None
                if stage is None and not crm.is_other_date(column.name):
                    others.setdefault(crm.shown(column.name), column)
            if stage and len(stage) <= TITLE_LENGTH and self._is_chosen(pipeline):
                end = crm.meaning(stage)
                if end is not Outcome.LEFT_OUT and key(stage) != "evangelist":
                    told.setdefault(str(end) if end else crm.shown(stage), column)
        if not told:
            told = self._ticked()
        tells_nothing = not {Field.STAGE, Field.STATUS, Field.ENTERED_AT} & self.columns.keys()
        return {**told, **others} if tells_nothing and len(told) + len(others) > 1 else told

    def _ticked(self) -> dict[str, Column]:
        """The columns that say yes or no for a stage, where there are several."""
        found = {
            crm.shown(column.name): column
            for column in self.table
            if crm.is_stage_name(column.name) and column.holds_ticks()
        }
        return found if len(found) > 1 else {}

    def _is_chosen(self, pipeline: str | None) -> bool:
        return pipeline is None or self.pipeline is None or key(pipeline) == key(self.pipeline)

    def _pipelines(self) -> tuple[str, ...]:
        """Those in a column or in columns' names where there are several, the largest first."""
        column = self.columns.get(Field.PIPELINE)
        rows: Counter[str] = Counter()
        if column is not None:
            rows.update(column.distinct or Counter(column.filled))
        else:
            names = [crm.dated_stage(one.name) or "" for one in self.table]
            pipelines = crm.pipelines_in(names)
            for one in self.table:
                _, named = crm.dated_stage_in_pipeline(one.name, pipelines)
                if named:
                    rows[named] += len(one.filled)
        return tuple(name for name, _ in rows.most_common()) if len({*map(key, rows)}) > 1 else ()

    def _largest_pipeline(self) -> str | None:
        if not self.pipelines:
            return None
        chosen, *rest = self.pipelines
        others = ", ".join(map(quoted, rest))
        self.cautions.append(
            Caution(
                Code.PIPELINES,
                f"The file holds {len(self.pipelines)} pipelines. {quoted(chosen)}, the largest, "
                f"is taken; {others} left out.",
                "Choose another one if the workshop is about that.",
            )
        )
        return chosen

    # -- what a row is -----------------------------------------------------------------------------

    def _shape(self) -> Shape | None:
        has = self.columns.keys()
        passed = [stage for stage in self.dates if stage != Outcome.LOST and not crm.is_won(stage)]
        won = any(crm.is_won(stage) for stage in self.dates)
        told = Field.STAGE in has and crm.plain(self.columns[Field.STAGE].name) not in crm.STATUSES
        begun = won or Field.CREATED_AT in has
        if Field.STAGE in has and self._is_of_counts():
            return Shape.COUNTS
        if Field.LEAD in has and Field.STAGE in has and self._is_history():
            return Shape.HISTORY
        if len(passed) > 1 or (passed and begun and not told):
            return Shape.DATES
        if won and Field.CREATED_AT in has and not has & {Field.STAGE, Field.STATUS}:
            return Shape.DATES
        if has & {Field.STAGE, Field.STATUS} and (
            Field.LEAD in has or has & {Field.CREATED_AT, Field.CLOSED_AT} or self._has_ends()
        ):
            return Shape.DEALS
        if Field.LEAD in has and (self.any_of(crm.WON_TIMES) or won):
            return Shape.DEALS
        return None

    def _is_of_counts(self) -> bool:
        """Whether every row is a stage, or a reason at a stage, with a count, and nothing else."""
        stage, reason = self.columns[Field.STAGE], self.columns.get(Field.REASON)
        counts = [one for one in self.table if crm.plain(one.name) in crm.COUNTS]
        if not any(one.filled and one.holds_numbers() and not _is_id(one) for one in counts):
            return False
        rows = [*zip(stage.samples, reason.samples if reason else stage.samples, strict=False)]
        return len(set(rows)) == len(rows)

    def _has_ends(self) -> bool:
        """Whether any stage or status says that a deal is won or lost."""
        told = (self.columns.get(field) for field in (Field.STAGE, Field.STATUS))
        return any(
            outcome(text) in (WON, Outcome.LOST) for one in told if one for text in one.values
        )

    def _is_history(self) -> bool:
        has = self.columns.keys()
        moved = crm.plain(self.columns[Field.STAGE].name) in crm.MOVES
        if moved and has & {Field.ENTERED_AT, Field.CREATED_AT}:
            return True
        if len(self.dates) > 1 and Field.ENTERED_AT not in has:
            return False
        if not has & {Field.ENTERED_AT, Field.CREATED_AT}:
            return self._enters_several() and Field.CLOSED_AT not in has
        if Field.CLOSED_AT in has and Field.ENTERED_AT not in has and not self._has_id():
            return False
        # OpportunityHistory has an id of its own beside that of the opportunity.
        ids = self.any_of(("id",))
        own_id = ids not in (None, self.columns[Field.LEAD]) and Field.SEGMENT not in has
        return self._enters_several() or Field.CREATED_AT not in has or own_id

    def _has_id(self) -> bool:
        """Whether the column that names leads holds ids, which names and addresses are not."""
        name = crm.plain(self.columns[Field.LEAD].name)
        return name not in crm.LEAD_NAMES and "mail" not in name

    def _enters_several(self) -> bool:
        """Whether leads have several rows with different stages."""
        stages = self._values_by_lead(self.columns[Field.STAGE])
        several = sum(len(values) > 1 for values in stages.values())
        return several > 0 and several >= FEWEST_SEVERAL * len(stages)

    def _values_by_lead(self, column: Column) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for lead, text in zip(self.columns[Field.LEAD].samples, column.samples, strict=False):
            if lead.strip() and text.strip():
                found[lead].add(key(text))
        return found

    def likelihood(self) -> tuple[int, int]:
        """Which of two tables the funnel is made of: histories first, then the fuller one."""
        order = [None, Shape.COUNTS, Shape.DEALS, Shape.DATES, Shape.HISTORY]
        tells = {Field.VALUE, Field.CLOSED_AT, Field.STATUS, Field.STAGE} & self.columns.keys()
        return order.index(self.shape), len(tells)

    def _settle_lead(self) -> None:
        """Take every row for a lead where the column that names leads cannot tell them apart."""
        lead = self.columns.get(Field.LEAD)
        collapsed = lead is not None and any(COLLAPSED.fullmatch(text) for text in lead.filled)
        match self.shape:
            case Shape.HISTORY:
                if lead and collapsed:
                    self.cautions.append(_collapsed(lead, "Leads are mixed up.", Severity.CRITICAL))
                elif lead and not self._has_id():
                    self.cautions.append(_same_names(lead))
            case Shape.DEALS | Shape.DATES:
                if lead is None:
                    self.cautions.append(_no_id("No column holds an id", Severity.NOTE))
                elif collapsed:
                    taken = "Every row is taken for a lead of its own."
                    self.cautions.append(_collapsed(lead, taken, Severity.WARNING))
                    del self.columns[Field.LEAD]
                elif len(set(lead.filled)) < len(lead.filled):
                    self._settle_repeated(lead)
            case Shape.COUNTS | None:
                pass
            case _:
                assert_never(self.shape)

    def _settle_repeated(self, lead: Column) -> None:
        if not self._has_id():
            says = f"{quoted(lead.name)} holds names, and some occur twice"
            self.cautions.append(_no_id(says, Severity.NOTE))
            del self.columns[Field.LEAD]
            return
        ends = [self.columns.get(field) for field in (Field.STATUS, Field.STAGE)]
        told = next((self._values_by_lead(column) for column in ends if column), {})
        mixed = sum(len(set(map(outcome, values))) > 1 for values in told.values())
        if mixed * 2 > sum(Counter(lead.filled)[one] > 1 for one in set(lead.filled)):
            says = f"{quoted(lead.name)} repeats with different outcomes"
            self.cautions.append(_no_id(says, Severity.WARNING))
            del self.columns[Field.LEAD]

    # -- tables that belong together ---------------------------------------------------------------

    def labels(self) -> Labels:
        """Of a table that names stages: by id the label, its place, and WON or Outcome.LOST."""
        ids, label = self.any_of(crm.STAGE_IDS), self.any_of(crm.STAGE_LABELS)
        place, won = self.any_of(crm.STAGE_ORDERS), self.any_of(crm.WON_FLAGS)
        if not (ids and label and place) or Field.ENTERED_AT in self.columns:
            return {}
        ends = flags(won, len(ids.samples)), flags(self.any_of(crm.CLOSED_FLAGS), len(ids.samples))
        found: dict[str, Label] = {}
        for stage, name, order, is_won, is_closed in zip(
            ids.samples, label.samples, place.samples, *ends, strict=False
        ):
            if stage.strip() and name.strip() and re.fullmatch("[0-9]{1,9}", order):
                lost = crm.meaning(name) or (Outcome.LOST if is_closed and not is_won else None)
                found[key(stage)] = (name, float(order), WON if is_won else lost)
        return found

    def join(self, leads: Guess) -> bool:
        """Take another table as the leads that these deals came from, if an id joins the two."""
        created = leads.columns.get(Field.CREATED_AT)
        pairs = [
            (_shared(ours, theirs), ours, theirs) for ours in self.table for theirs in leads.table
        ]
        share, ours, theirs = max(pairs, key=lambda pair: pair[0])
        if not created or share < SHARED or theirs is created:
            return False
        self.columns[Field.LEAD] = ours
        self.cautions = [one for one in self.cautions if one.code is not Code.NO_ID]
        self.touched = leads
        leads.columns[Field.LEAD] = theirs
        kept = (Field.LEAD, Field.CREATED_AT, Field.SEGMENT, Field.OWNER)
        self.first_touch = {one: leads.columns[one].name for one in kept if one in leads.columns}
        if Field.SEGMENT in self.first_touch:
            self.columns.pop(Field.SEGMENT, None)
        return True

    # -- the layout --------------------------------------------------------------------------------

    def layout(self, evidence: Evidence) -> tuple[Layout | None, tuple[str, ...]]:
        match self.shape:
            case Shape.HISTORY:
                found = stages_told(self, evidence)
                drop = self._columns_of_no_history()
            case Shape.DATES:
                found = dated_stages(self, evidence)
                drop = {Field.ENTERED_AT, Field.OLD_STAGE, Field.CHANGED_FIELD}
            case Shape.DEALS:
                found = stages_of_deals(self)
                drop = {Field.ENTERED_AT, Field.OLD_STAGE, Field.CHANGED_FIELD}
            case Shape.COUNTS:
                found, drop = (
                    stages_told(self, Evidence()),
                    set(Field) - {Field.STAGE, Field.OWNER},
                )
            case None:
                self._say_what_is_missing()
                return None, ()
            case _:
                assert_never(self.shape)
        self.cautions += found.cautions
        self._warn()
        if len(found.stages) < 2:
            says = "A funnel needs two stages or more; the file names fewer."
            self.cautions.append(Caution(Code.NOT_RECOGNISED, says))
            return None, found.unsure
        return self._laid_out(found, drop), found.unsure

    def _laid_out(self, found: Ladder, drop: set[Field]) -> Layout:
        assert self.shape is not None
        if self.pipeline is None:
            drop = {*drop, Field.PIPELINE}
        columns = {one: column.name for one, column in self.columns.items() if one not in drop}
        dates = {stage: column.name for stage, column in self.dates.items()}
        return Layout(
            self.shape,
            found.stages,
            columns,
            found.meanings,
            dates if self.shape is Shape.DATES else {},
            {},
            self.first_touch,
            pipeline=self.pipeline if Field.PIPELINE in columns else None,
        )

    def _columns_of_no_history(self) -> set[Field]:
        """The columns that a history does not need; a log of changes says what came before."""
        if Field.ENTERED_AT not in self.columns and Field.CREATED_AT in self.columns:
            self.columns[Field.ENTERED_AT] = self.columns.pop(Field.CREATED_AT)
        if Field.OLD_STAGE in self.columns:
            self._take_stage_today()
            return {Field.CLOSED_AT}
        return {Field.CREATED_AT, Field.CLOSED_AT, Field.STATUS}

    def _take_stage_today(self) -> None:
        """The stage of today, beside each change of a log or the last stage of a closed deal."""
        self.columns.pop(Field.STATUS, None)
        if today := self._find(Field.STAGE, lambda column: column.holds_words()):
            self.columns[Field.STATUS] = today

    # -- what is open ------------------------------------------------------------------------------

    def day_first(self) -> tuple[tuple[str, ...], bool | None]:
        """The date columns somebody has to say it of, and what the others say."""
        moments = [*self.dates.values()] if self.shape is Shape.DATES else []
        for guess in filter(None, (self, self.touched)):
            moments += [
                guess.columns[one]
                for one in (Field.ENTERED_AT, Field.CREATED_AT, Field.CLOSED_AT)
                if one in guess.columns
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
                    self.cautions.append(Caution(Code.DATES_UNREADABLE, says, problem.remedy))
        if len(told) == 1:
            return (), told.pop()
        return tuple(asked), None

    def _say_what_is_missing(self) -> None:
        for which, says in (
            (Field.LEAD, "No column says which lead or deal a row is about: name one lead_id."),
            (Field.STAGE, "No column says which stage was reached: name one stage."),
        ):
            if which not in self.columns:
                self.cautions.append(Caution(Code.NOT_RECOGNISED, says))
        if not self.cautions:
            says = "No column says when a stage was reached: name one date."
            self.cautions.append(Caution(Code.NOT_RECOGNISED, says))

    def _warn(self) -> None:
        if Field.REASON not in self.columns and self.shape is not Shape.COUNTS:
            says = "No column says why deals were lost."
            self.cautions.append(Caution(Code.NO_REASON, says, severity=Severity.NOTE))


def _holds_names(column: Column) -> bool:
    """Whether a column may name leads: dates do not, though numbers may look like them."""
    return not column.filled or column.holds_numbers() or not column.holds_dates()


def _repeats_with(column: Column, stages: Column) -> bool:
    """Whether most values of a column stand beside several stages, each of them once."""
    beside: dict[str, list[str]] = defaultdict(list)
    for text, stage in zip(column.samples, stages.samples, strict=False):
        if text.strip() and stage.strip():
            beside[text].append(key(stage))
    several = [found for found in beside.values() if len(set(found)) > 1]
    once = [found for found in several if len(set(found)) == len(found)]
    return len(beside) > 1 and 2 * len(several) > len(beside) and 5 * len(once) >= 4 * len(several)


def _is_id(column: Column) -> bool:
    return crm.plain(column.name).endswith("id")


def _no_id(because: str, severity: Severity) -> Caution:
    return Caution(
        Code.NO_ID,
        f"{because}: every row is taken for a lead of its own.",
        "Choose the column of the id if there is one.",
        severity,
    )


def _same_names(lead: Column) -> Caution:
    return Caution(
        Code.NO_ID,
        f"No column holds an id, so {quoted(lead.name)} is taken for one: leads of the same name "
        "would count as one.",
        "Export the id as well.",
    )


def _collapsed(lead: Column, what_follows: str, severity: Severity) -> Caution:
    return Caution(
        Code.IDS_COLLAPSED,
        f"The ids in {quoted(lead.name)} have lost digits in a spreadsheet, as "
        f"{quoted(next(text for text in lead.filled if COLLAPSED.fullmatch(text)))} has. "
        f"{what_follows}",
        "Export the file again, and do not save it in a spreadsheet.",
        severity,
    )


def _shared(ours: Column, theirs: Column) -> float:
    """How surely two columns hold the same ids, 0..2."""
    one, other = set(map(key, ours.filled)), set(map(key, theirs.filled))
    share = len(one & other) / min(len(one), len(other)) if one and other else 0.0
    named = crm.plain(ours.name)
    same = named == crm.plain(theirs.name) and named.endswith(("id", "email"))
    unlike_ids = (ours.holds_dates() and bool(one)) or len(other) < REPEATED * len(theirs.filled)
    return share * (not unlike_ids) + same
