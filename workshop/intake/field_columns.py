"""Which column of a table holds which field of a lead or deal, by its name and its values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from workshop.domain.checks import TITLE_LENGTH
from workshop.intake import crm
from workshop.intake.caution import Caution, Code
from workshop.intake.cells import key, quoted
from workshop.intake.columns import Column
from workshop.intake.layout import Field, Outcome
from workshop.intake.stages import Labels


class FieldColumns:
    """The columns of one table by the field that they hold.

    `columns` are those of fields, `dates` those of stages, by the stage's name or Outcome.LOST,
    `first_touch` the names of those of another table, with the leads that deals came from.
    `stage_labels` say what the ids of stages mean, `cautions` gather what the table does not tell.
    """

    def __init__(
        self,
        table: Sequence[Column],
        labels: Labels,
        known: Mapping[Field, str],
        pipeline: str | None,
    ) -> None:
        self.table = table
        self.stage_labels = labels
        self.cautions: list[Caution] = []
        self.first_touch: dict[Field, str] = {}
        self.columns: dict[Field, Column] = {}
        self.dates: dict[str, Column] = {}
        self._take_all(known)
        self.pipelines = self._pipelines()
        self.pipeline = pipeline or self._largest_pipeline()
        self.dates = self._dated()

    def _take_all(self, known: Mapping[Field, str]) -> None:
        by_name = {column.name: column for column in self.table}
        self.columns = {field: by_name[name] for field, name in known.items() if name in by_name}
        self._take(Field.LEAD, _holds_names)
        self._take(Field.CHANGED_FIELD, lambda column: not column.filled or column.holds_words())
        self._take(Field.OLD_STAGE)
        self._take_new_stage()
        if last := self.any_of(crm.LAST_STAGES):
            self.columns.setdefault(Field.STAGE, last)
            self.take_stage_today()
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
        """The column that is called by the first of these names that any is called by."""
        by_key = {crm.column_key(column.name): column for column in self.table}
        return next((by_key[name] for name in names if name in by_key), None)

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
        is_id = crm.column_key(column.name).endswith("id")
        return is_id or not (column.filled and column.holds_numbers())

    def _names_segments(self, column: Column) -> bool:
        """Whether a column may say segments; beside its id, a source is what wrote the row."""
        wrote = crm.column_key(column.name) == "source" and self.any_of(("sourceid",))
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

    # -- what they say of leads --------------------------------------------------------------------

    def take_stage_today(self) -> None:
        """The stage of today, beside each change of a log or the last stage of a closed deal."""
        self.columns.pop(Field.STATUS, None)
        if today := self._find(Field.STAGE, lambda column: column.holds_words()):
            self.columns[Field.STATUS] = today

    def names_leads_by_id(self) -> bool:
        """Whether the column that names leads holds ids, which names and addresses are not."""
        name = crm.column_key(self.columns[Field.LEAD].name)
        return name not in crm.LEAD_NAMES and "mail" not in name

    def values_by_lead(self, column: Column) -> Mapping[str, set[str]]:
        """What a column says of each lead, by `key()`."""
        found: dict[str, set[str]] = defaultdict(set)
        for lead, text in zip(self.columns[Field.LEAD].samples, column.samples, strict=False):
            if lead.strip() and text.strip():
                found[lead].add(key(text))
        return found


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
