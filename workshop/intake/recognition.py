"""A first guess at how lead-level files are laid out, from the names of columns and some values.

Nothing here raises for odd files: what cannot be told is said, and a person corrects the guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workshop.intake import crm
from workshop.intake.cells import key, quoted
from workshop.intake.columns import WON, Column, flags, outcome
from workshop.intake.counts import MAX_STAGES
from workshop.intake.dates import Ambiguous, DateFormat, date_format
from workshop.intake.layout import Field, Layout, Outcome, Shape
from workshop.intake.problems import Problem
from workshop.intake.stages import Ladder, ladder
from workshop.model import TITLE_LENGTH

__all__ = ["Column", "Recognition", "recognise"]

REPEATED = 0.9  # fewer different leads than this share of the rows: a lead has several rows
SHARED = 0.2  # of the values of two columns, where they join two files


Table = Sequence[Column]
Labels = Mapping[str, tuple[str, float, str | None]]


@dataclass(frozen=True, slots=True)
class Recognition:
    """A guess, and what is open about it.

    `missing` says in sentences what the files do not tell, `ambiguous` names the date columns
    that may be read day first or month first, `unsure` the stages whose place is to be checked,
    `unused` the places of files that the guess does not use. No layout, where nothing fits.
    """

    layout: Layout | None
    missing: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    unused: tuple[int, ...] = ()


def recognise(tables: Sequence[Table], after: Mapping[str, float] | None = None) -> Recognition:
    """What one file, or two that belong together, seem to be.

    Two may be deals and the leads that they came from, joined on an id, or a history of stages
    that are written as ids, and the table that names them. `after` says how late in a history
    each stage comes on average; it places stages that nobody knows by name.

    >>> found = recognise([[Column("lead_id"), Column("event", samples=("Lead", "SQL", "Won")),
    ...                     Column("timestamp")]])
    >>> found.layout.shape.name, found.layout.stages
    ('HISTORY', ('Lead', 'SQL', 'Won'))
    """
    guesses = {number: _Guess(table) for number, table in enumerate(tables) if table}
    names = next(
        (place for place, guess in guesses.items() if len(guesses) > 1 and guess.labels()), None
    )
    labels = guesses.pop(names).labels() if names is not None else {}
    guesses = {number: _Guess(tables[number], labels) for number in guesses}
    if not guesses:
        return Recognition(None, ("The files name no columns.",), unused=tuple(range(len(tables))))
    main = max(guesses, key=lambda number: guesses[number].likelihood())
    guess = guesses[main]
    used = {main} if names is None else {main, names}
    if guess.shape is Shape.DEALS:
        for number in set(guesses) - used:
            if guess.join(guesses[number]):
                used.add(number)
                break
    layout, unsure = guess.layout(labels, after or {})
    ambiguous, day_first = guess.day_first()
    if layout and day_first is not None:
        layout = replace(layout, day_first=day_first)
    unused = tuple(number for number in range(len(tables)) if number not in used)
    for number in unused:
        there = ", ".join(quoted(column.name) for column in tables[number][:3])
        guess.missing.append(f"The file with the columns {there} is not used.")
    return Recognition(layout, tuple(guess.missing), ambiguous, unsure, unused)


class _Guess:
    """What one table seems to be; `missing` gathers what it does not tell."""

    def __init__(self, table: Table, labels: Labels | None = None) -> None:
        self.table = table
        self.stage_ids = frozenset(labels or ())
        self.missing: list[str] = []
        self.first_touch: dict[Field, str] = {}
        self.touched: _Guess | None = None
        self.columns: dict[Field, Column] = {}
        self.dates = self._dated()
        self._take(Field.LEAD)
        self._take(Field.STAGE, lambda column: self._names_stages(column))
        self._take(Field.STATUS, Column.holds_outcomes)
        for moment in (Field.ENTERED_AT, Field.CREATED_AT, Field.CLOSED_AT):
            self._take(moment, Column.holds_dates)
        for words in (Field.REASON, Field.WON_REASON):
            self._take(words, lambda column: not column.filled or column.holds_words())
        self._take(Field.SEGMENT, self._names_segments)
        self._take(Field.VALUE, Column.holds_numbers)
        self._take(Field.OWNER)
        self.shape = self._shape()

    # -- columns -----------------------------------------------------------------------------------

    def _find(
        self, names: Iterable[str], fits: Callable[[Column], bool] = lambda column: True
    ) -> Column | None:
        taken = {column.name for column in self.columns.values()}
        for name in names:
            for column in self.table:
                if crm.plain(column.name) == name and column.name not in taken and fits(column):
                    return column
        return None

    def _take(self, which: Field, fits: Callable[[Column], bool] = lambda column: True) -> None:
        if column := self._find(crm.COLUMNS[which], fits):
            self.columns[which] = column

    def _holds_stage_ids(self, column: Column) -> bool:
        return bool(column.values) and self.stage_ids.issuperset(map(key, column.values))

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
        wrote = crm.plain(column.name) == "source" and self._any(("sourceid",))
        return not wrote and (not column.filled or column.holds_words())

    def _dated(self) -> dict[str, Column]:
        """The date columns of stages, by the stage's name or Outcome.LOST."""
        found: dict[str, Column] = {}
        for column in self.table:
            stage = crm.dated_stage(column.name)
            if stage is None or len(stage) > TITLE_LENGTH or not column.holds_dates():
                continue
            outcome = crm.meaning(stage)
            if outcome is not Outcome.LEFT_OUT and key(stage) != "evangelist":
                found.setdefault(str(outcome) if outcome else crm.shown(stage), column)
        return found

    def _shape(self) -> Shape | None:
        has = self.columns.keys()
        passed = [stage for stage in self.dates if stage != Outcome.LOST and not crm.is_won(stage)]
        won = any(crm.is_won(stage) for stage in self.dates)
        told = Field.STAGE in has and crm.plain(self.columns[Field.STAGE].name) not in crm.STATUSES
        begun = won or Field.CREATED_AT in has
        if Field.LEAD not in has:
            counted = self._find(crm.COUNTS, Column.holds_numbers)
            return Shape.COUNTS if Field.STAGE in has and counted else None
        if len(passed) > 1 or (passed and begun and not told):
            return Shape.DATES
        if won and Field.CREATED_AT in has and not has & {Field.STAGE, Field.STATUS}:
            return Shape.DATES
        if Field.STAGE in has and self._is_history():
            return Shape.HISTORY
        if has & {Field.STAGE, Field.STATUS} or self._find(crm.WON_TIMES) or won:
            return Shape.DEALS
        return None

    def _is_history(self) -> bool:
        has = self.columns.keys()
        if not has & {Field.ENTERED_AT, Field.CREATED_AT}:
            return False
        leads = self.columns[Field.LEAD].filled
        repeated = len(set(leads)) < REPEATED * len(leads)
        moved = crm.plain(self.columns[Field.STAGE].name) in crm.MOVES
        # OpportunityHistory has an id of its own beside that of the opportunity.
        own_id = self._find(("id",)) is not None and Field.SEGMENT not in has
        return repeated or moved or Field.CREATED_AT not in has or own_id

    def likelihood(self) -> tuple[int, int]:
        """Which of two tables the funnel is made of: histories first, then the fuller one."""
        order = [None, Shape.COUNTS, Shape.DEALS, Shape.DATES, Shape.HISTORY]
        tells = {Field.VALUE, Field.CLOSED_AT, Field.STATUS, Field.STAGE} & self.columns.keys()
        return order.index(self.shape), len(tells)

    # -- tables that belong together ---------------------------------------------------------------

    def labels(self) -> Labels:
        """Of a table that names stages: by id the label, its place, and WON or Outcome.LOST."""
        ids, label = self._any(crm.STAGE_IDS), self._any(crm.STAGE_LABELS)
        place, won = self._any(crm.STAGE_ORDERS), self._any(crm.WON_FLAGS)
        if not (ids and label and place) or Field.ENTERED_AT in self.columns:
            return {}
        ends = flags(won, len(ids.samples)), flags(self._any(crm.CLOSED_FLAGS), len(ids.samples))
        found: dict[str, tuple[str, float, str | None]] = {}
        for stage, name, order, is_won, is_closed in zip(
            ids.samples, label.samples, place.samples, *ends, strict=False
        ):
            if stage.strip() and name.strip() and re.fullmatch("[0-9]{1,9}", order):
                lost = crm.meaning(name) or (Outcome.LOST if is_closed and not is_won else None)
                found[key(stage)] = (name, float(order), WON if is_won else lost)
        return found

    def _any(self, names: Iterable[str]) -> Column | None:
        plain = {crm.plain(column.name): column for column in self.table}
        return next((plain[name] for name in names if name in plain), None)

    def join(self, leads: _Guess) -> bool:
        """Take another table as the leads that these deals came from, if an id joins the two."""
        created = leads.columns.get(Field.CREATED_AT)
        pairs = [
            (_shared(ours, theirs), ours, theirs) for ours in self.table for theirs in leads.table
        ]
        share, ours, theirs = max(pairs, key=lambda pair: pair[0])
        if not created or share < SHARED or theirs is created:
            return False
        self.columns[Field.LEAD] = ours
        self.touched = leads
        leads.columns[Field.LEAD] = theirs
        kept = (Field.LEAD, Field.CREATED_AT, Field.SEGMENT, Field.OWNER)
        self.first_touch = {one: leads.columns[one].name for one in kept if one in leads.columns}
        if Field.SEGMENT in self.first_touch:
            self.columns.pop(Field.SEGMENT, None)
        return True

    # -- the layout --------------------------------------------------------------------------------

    def layout(
        self, labels: Labels, after: Mapping[str, float]
    ) -> tuple[Layout | None, tuple[str, ...]]:
        match self.shape:
            case Shape.HISTORY:
                found = self._stages(labels, after)
                if Field.ENTERED_AT not in self.columns:
                    self.columns[Field.ENTERED_AT] = self.columns.pop(Field.CREATED_AT)
                drop = {Field.CREATED_AT, Field.CLOSED_AT, Field.STATUS}
            case Shape.DATES:
                found = self._dated_ladder()
                drop = {Field.STAGE, Field.STATUS, Field.ENTERED_AT, Field.CLOSED_AT}
            case Shape.DEALS:
                found = self._deals(labels, after)
                drop = {Field.ENTERED_AT}
            case Shape.COUNTS:
                found, drop = self._stages({}, after), set(Field) - {Field.STAGE, Field.OWNER}
            case None:
                self._say_what_is_missing()
                return None, ()
        self._warn()
        if len(found.stages) < 2:
            self.missing.append("A funnel needs two stages or more; the file names fewer.")
            return None, found.unsure
        columns = {one: column.name for one, column in self.columns.items() if one not in drop}
        dates = {stage: column.name for stage, column in self.dates.items()}
        if self.shape is not Shape.DATES:
            dates = {}
        return (
            Layout(self.shape, found.stages, columns, found.meanings, dates, {}, self.first_touch),
            found.unsure,
        )

    def _stages(self, labels: Labels, after: Mapping[str, float]) -> Ladder:
        column = self.columns[Field.STAGE]
        values = column.values
        if len(values) > MAX_STAGES:
            self.missing.append(
                f"Column {quoted(column.name)} says {len(values):,} different things: choose the "
                f"stages among them; the {MAX_STAGES} most frequent ones are taken for now."
            )
            often = sorted(values, key=lambda text: -column.distinct.get(text, 0))[:MAX_STAGES]
            values = [text for text in values if text in often]
        unnamed = [text for text in values if labels and key(text) not in labels]
        if unnamed:
            self.missing.append(f"The table of stages does not name {quoted(unnamed[0])}.")
        found = ladder(values, after, labels, self._ends(column) | self._other_fields(column))
        if not found.is_won_known and found.stages and self.shape is not Shape.COUNTS:
            self.missing.append(
                f"No stage says that a deal is won: {quoted(found.stages[-1])} is taken for it."
            )
        return found

    def _dated_ladder(self) -> Ladder:
        passed = [stage for stage in self.dates if stage != Outcome.LOST]
        created = self.columns.get(Field.CREATED_AT)
        taken = {column.name for column in self.dates.values()}
        if created and created.name in taken:
            self.columns.pop(Field.CREATED_AT)
        elif created and len([one for one in passed if not crm.is_won(one)]) < 2:
            first = _entity(self.columns[Field.LEAD].name)
            self.dates = {first if first not in self.dates else "Created": created} | self.dates
        found = ladder([stage for stage in self.dates if stage != Outcome.LOST], {}, {}, {})
        # Several columns may date one stage; the first of them does.
        dates = {
            found.meanings[key(stage)]: stage
            for stage in reversed(self.dates)
            if stage != Outcome.LOST
        }
        lost = {str(Outcome.LOST): self.dates[Outcome.LOST]} if Outcome.LOST in self.dates else {}
        self.dates = {stage: self.dates[dates[stage]] for stage in found.stages} | lost
        if not lost:
            self.missing.append(
                "No column says when somebody was lost: who did not go on counts as open."
            )
        return found

    def _deals(self, labels: Labels, after: Mapping[str, float]) -> Ladder:
        """All stages where lost deals keep the stage they were in; else created and won alone."""
        first = _entity(self.first_touch[Field.LEAD]) if self.first_touch else None
        stage, status = self.columns.get(Field.STAGE), self.columns.get(Field.STATUS)
        if Field.CREATED_AT not in self.columns and not first:
            self.missing.append("No column says when deals were created.")
        if Field.CLOSED_AT not in self.columns:
            self.missing.append("No column says when deals were closed.")
        if not stage and not status:
            if not first:
                self.missing.append("The file holds won deals alone: add the one with all leads.")
            return Ladder(self._from_created_to_won(first))
        meanings = (
            {key(text): outcome(text) or Outcome.LEFT_OUT for text in status.values}
            if status
            else {}
        )
        found = self._stages(labels, after) if stage else Ladder(())
        told = Outcome.LOST in meanings.values() and Outcome.LOST not in found.meanings.values()
        if stage and told:
            open_stages = found.stages[:-1] if found.is_won_known else found.stages
            self.missing = [says for says in self.missing if "is taken for it" not in says]
            won = found.stages[-1] if found.is_won_known else WON
            meanings = {text: won if says == WON else says for text, says in meanings.items()}
            stages = (*open_stages, won)
            stages = (_unlike(first, stages), *stages) if first else stages
            return Ladder(stages, dict(found.meanings) | meanings, found.unsure)
        if stage:
            self.missing = [says for says in self.missing if "is taken for it" not in says]
            self.missing.append(
                "The file does not say at which stage deals were lost, so the funnel goes from "
                "created to won. A history of stages would tell more."
            )
            won_stage = found.stages[-1] if found.is_won_known else None
            meanings |= {
                text: WON if says == won_stage else says if says in set(Outcome) else Outcome.OPEN
                for text, says in found.meanings.items()
            }
            if status and Outcome.LOST not in found.meanings.values():
                self.columns.pop(Field.STAGE)
            else:
                self.columns.pop(Field.STATUS, None)
        if Outcome.LOST not in meanings.values():
            self.missing.append("No stage or status says that a deal is lost.")
        if WON not in meanings.values():
            self.missing.append("No stage or status says that a deal is won.")
        return Ladder(self._from_created_to_won(first), meanings)

    def _from_created_to_won(self, first: str | None) -> tuple[str, ...]:
        """The stages of deals that tell no others, after the leads that they came from."""
        deal = "Opportunity" if self._is_salesforce() else "Deal"
        if first and Field.CREATED_AT not in self.columns:
            return first, WON
        return (_unlike(first, (deal,)), deal, WON) if first else (deal, WON)

    def _is_salesforce(self) -> bool:
        return any("opportunity" in crm.plain(column.name) for column in self.table)

    def _ends(self, stage: Column) -> dict[str, str]:
        """What flags beside the stage say it means: WON, or Outcome.LOST."""
        won = flags(self._any(crm.WON_FLAGS), len(stage.samples))
        closed = flags(self._any(crm.CLOSED_FLAGS), len(stage.samples))
        found: dict[str, str] = {}
        for text, is_won, is_closed in zip(stage.samples, won, closed, strict=False):
            if is_won or is_closed:
                found[key(text)] = WON if is_won else Outcome.LOST
        return found

    def _other_fields(self, stage: Column) -> dict[str, str]:
        """The values that are no stage: a log of changes says which field each row is about."""
        changed = self._any(crm.COLUMNS[Field.CHANGED_FIELD])
        if not changed:
            return {}
        about = list(zip(changed.samples, stage.samples, strict=False))
        stages = {text for name, text in about if crm.plain(name) in crm.STAGE_FIELDS}
        others = {text for name, text in about} - stages
        if others and stages:
            self.missing.append(
                f"Column {quoted(changed.name)} names other changes than those of stages; "
                "they are left out."
            )
        return {key(text): Outcome.LEFT_OUT for text in others} if stages else {}

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
            match date_format(column.samples):
                case Ambiguous():
                    asked.append(column.name)
                case DateFormat(day_first=bool() as first):
                    told.add(first)
                case Problem() as problem if column.filled:
                    says = f"Column {quoted(column.name)}: {problem.message} {problem.remedy}"
                    self.missing.append(says)
        if len(told) == 1:
            return (), told.pop()
        return tuple(asked), None

    def _say_what_is_missing(self) -> None:
        for which, says in (
            (Field.LEAD, "No column says which lead or deal a row is about: name one lead_id."),
            (Field.STAGE, "No column says which stage was reached: name one stage."),
        ):
            if which not in self.columns:
                self.missing.append(says)

    def _warn(self) -> None:
        lead = self.columns.get(Field.LEAD)
        if lead and crm.plain(lead.name) in crm.LEAD_NAMES:
            self.missing.append(
                f"No column holds an id, so {quoted(lead.name)} is taken for one: leads of the "
                "same name would count as one."
            )
        pipelines = self._any(crm.COLUMNS[Field.PIPELINE])
        if pipelines and len(pipelines.values) > 1:
            self.missing.append(
                f"The file holds {len(pipelines.values)} pipelines, whose stages are mixed: "
                "export one of them alone."
            )
        if Field.REASON not in self.columns and self.shape is not Shape.COUNTS:
            self.missing.append("No column says why deals were lost.")


def _entity(column: str) -> str:
    """What an id is of: MQL for mql_id."""
    name = crm.squeezed(column)
    return next((says for part, says in crm.ENTITIES.items() if part in name), "Lead")


def _unlike(stage: str, others: Iterable[str]) -> str:
    return "First contact" if key(stage) in map(key, others) else stage


def _shared(ours: Column, theirs: Column) -> float:
    """How surely two columns hold the same ids, 0..2."""
    one, other = set(ours.filled), set(theirs.filled)
    share = len(one & other) / min(len(one), len(other)) if one and other else 0.0
    named = crm.plain(ours.name)
    same = named == crm.plain(theirs.name) and named.endswith(("id", "email"))
    unlike_ids = (ours.holds_dates() and bool(one)) or len(other) < REPEATED * len(theirs.filled)
    return share * (not unlike_ids) + same
