"""A cohort of leads: how far they came, why they were lost, how long it took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from workshop.analysis import maturity
from workshop.analysis.maturity import Basis, Truth
from workshop.domain.checks import refuse_outside
from workshop.domain.funnel import Funnel, Step
from workshop.domain.import_codes import Counting
from workshop.intake import durations
from workshop.intake.follow_up_queries import FollowUpQueries, Span, in_microseconds
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.lead_groups import (
    LOST,
    NO_SEGMENT,
    OPEN,
    WON,
    LeadGroup,
    LeadGroups,
    StepCounts,
)
from workshop.intake.period import Period, period_of
from workshop.intake.report import Report
from workshop.intake.stage_counting import levels, undecided
from workshop.intake.words import Words


@dataclass(frozen=True, slots=True)
class WonValue:
    """How many won deals say what they are worth, their sum and the largest of them."""

    deals: int
    sum: float
    largest: float


class OutcomeCounts(NamedTuple):
    """What became of leads, in leads."""

    won: int
    lost: int
    open: int

    @property
    def all(self) -> int:
        return sum(self)


class Cohort:
    """The leads of an import, each with its journey through the stages.

    Its journeys are in a database of their own; close it when it is not needed any more.
    """

    def __init__(
        self,
        database: LeadDatabase,
        stages: Sequence[str],
        reasons: Words,
        segments: Words,
        load_events: Callable[[], None],
        report: Callable[[], Report],
    ) -> None:
        """`load_events` loads all events of the leads whose first moments do not tell their story.

        That, and the `report`, take a pass over the files, and wait until somebody asks.
        """
        self._database = database
        self.stages = tuple(stages)
        self.follow_up = FollowUpQueries(database, len(self.stages), segments)
        self._load_events, self._report = load_events, report
        self._reasons, self._segments = reasons, segments
        self.groups = lru_cache(self._count_groups)
        self._follow_up_of = lru_cache(self.follow_up.until)

    def __enter__(self) -> Cohort:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    @property
    def report(self) -> Report:
        """What became of every row."""
        return self._report()

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(f"{source} → {target}" for source, target in pairwise(self.stages))

    @property
    def span(self) -> Span:
        """From when to when leads entered, and until when the files know what became of them."""
        return self.follow_up.span

    @cached_property
    def period(self) -> Period:
        """How long the numbers cover: the days in which leads entered, or were closed."""
        return period_of(self.follow_up.entered_days, self.follow_up.closed_days)

    @cached_property
    def won_value(self) -> WonValue:
        """What the won deals are worth, where the files say it."""
        [(deals, total, largest)] = self._database.query(
            "SELECT count(value), coalesce(sum(value), 0), coalesce(max(value), 0) FROM journey "
            f"WHERE deepest = {len(self.stages)}"
        )
        return WonValue(deals, total, largest)

    # -- how far -----------------------------------------------------------------------------------

    def reached(
        self, counting: str = Counting.DEEPEST, window: timedelta | None = None
    ) -> tuple[int, ...]:
        """How many leads reached each stage; see `Counting`.

        With a `window` only what happened so long after a lead's first step counts.
        Raises ValueError where the counting is not known or the window is negative.
        """
        return self.groups(_counting(counting), window).reached(len(self.stages))

    def outcome_counts(
        self,
        counting: str = Counting.DEEPEST,
        segment: str | None = None,
        window: timedelta | None = None,
    ) -> OutcomeCounts:
        """What became of the leads, or those of one segment, that reached the first stage."""
        groups = self._groups_of(segment, _counting(counting), window)
        there = groups.where(lambda group: group.level > 0)
        return OutcomeCounts(*(there.with_outcome(outcome).leads for outcome in (WON, LOST, OPEN)))

    def by_segment(
        self, counting: str = Counting.DEEPEST, window: timedelta | None = None
    ) -> pd.DataFrame:
        """How many leads of each segment reached each stage: `segment` and a column a stage.

        The largest segment first; leads without one come last, as "(none)".
        """
        groups = self.groups(_counting(counting), window)
        reached = {
            number: groups.of_segment(number).reached(len(self.stages))
            for number in dict.fromkeys(group.segment for group in groups.groups)
        }
        order = sorted(reached, key=lambda number: (not number, -reached[number][0], number))
        return pd.DataFrame(
            [(self._segments.name(number, NO_SEGMENT), *reached[number]) for number in order],
            columns=["segment", *self.stages],
        )

    def _count_groups(self, counting: Counting, window: timedelta | None) -> LeadGroups:
        stages, width = len(self.stages), None if window is None else _microseconds(window)
        which = undecided(counting, stages, width)
        needs_events = bool(self._database.query(f"SELECT 1 FROM journey WHERE {which} LIMIT 1"))
        if needs_events:
            self._load_events()
        return self._grouped(
            "segment, level, "
            f"CASE WHEN level = {stages} THEN '{WON}' WHEN is_lost THEN '{LOST}' "
            f"ELSE '{OPEN}' END AS outcome, reason",
            levels(counting, stages, width, needs_events=needs_events),
        )

    def _grouped(self, columns: str, leads: str) -> LeadGroups:
        rows = self._database.query(
            f"SELECT {columns}, count(*) FROM ({leads}) AS leads GROUP BY ALL ORDER BY ALL"
        )
        return LeadGroups(tuple(LeadGroup(*row) for row in rows), self._reasons, self._segments)

    def _groups_of(
        self, segment: str | None, counting: Counting, window: timedelta | None
    ) -> LeadGroups:
        groups = self.groups(counting, window)
        return groups if segment is None else groups.of_segment(self._segment_number(segment))

    def _segment_number(self, segment: str) -> int:
        names = (NO_SEGMENT, *self._segments.names)
        if segment not in names:
            raise ValueError(f"'{segment}' is no segment; choose one of: {', '.join(names)}")
        return names.index(segment)

    def _of(self, segment: str | None) -> str:
        return "TRUE" if segment is None else f"segment = {self._segment_number(segment)}"

    # -- why ---------------------------------------------------------------------------------------

    def reasons(self, counting: str = Counting.DEEPEST) -> pd.DataFrame:
        """Why leads were lost: `step, reason, leads, share`, of all that did not advance.

        The rest of a step, still open or lost for no known reason, comes last, as None.
        """
        groups = self.groups(_counting(counting), None)
        rows: list[tuple[str, str | None, int, float]] = []
        for place, step in enumerate(self.steps):
            gone = groups.left_after(place)
            known = gone.reasons_for(LOST)
            rest = gone.leads - sum(known.values())
            told = [*known.items(), *([(None, rest)] if rest else [])]
            rows += [(step, reason, leads, leads / gone.leads) for reason, leads in told]
        return pd.DataFrame(rows, columns=["step", "reason", "leads", "share"])

    def won_reasons(self) -> dict[str, int]:
        """Why customers bought, where the files say so; the most frequent first."""
        return self.groups(Counting.DEEPEST, None).reasons_for(WON)

    # -- how long ----------------------------------------------------------------------------------

    def days(self) -> pd.DataFrame:
        """Days from entering a step to advancing: `step, mean, median, p90`, a row a step.

        Of those whose two dates are known and in order; NaN where there are none. Whole days
        where one of the two is a date without a time.
        """
        return durations.days_to_advance(self._database, self.steps)

    def days_by_month(self) -> pd.DataFrame:
        """The trend of the days to advance: `step, month, leads, median`, by month of entering."""
        return durations.days_to_advance_by_month(self._database, self.steps)

    # -- the truth about the open ones -------------------------------------------------------------

    def truth(self) -> pd.DataFrame:
        """For each step its rate, said in three ways.

        `step`; `naive`, advanced of entered; `closed_only`, advanced of those decided;
        `corrected` for what is still open, with its 90 % interval `low` to `high`; `open_share`
        of those who entered; `horizon_days`, how long after entering `corrected` looks. See
        `workshop.analysis.maturity`; stages that were skipped are filled in.
        """
        return pd.DataFrame(
            [
                (
                    step,
                    told.naive,
                    told.closed_only,
                    told.corrected,
                    told.low,
                    told.high,
                    told.open_share,
                    told.horizon_days,
                )
                for step, told in zip(self.steps, self.truths(), strict=True)
            ],
            columns=[
                "step",
                "naive",
                "closed_only",
                "corrected",
                "low",
                "high",
                "open_share",
                "horizon_days",
            ],
        )

    def truths(self, segment: str | None = None) -> tuple[Truth, ...]:
        """The truth about each step, with all its intervals and counts."""
        steps = pairwise(range(len(self.stages)))
        return tuple(maturity.truth(self._follow_up_of(*step, self._of(segment))) for step in steps)

    # -- the funnel --------------------------------------------------------------------------------

    def funnel(
        self,
        counting: str = Counting.DEEPEST,
        segment: str | None = None,
        *,
        window: timedelta | None = None,
        basis: Basis = Basis.NAIVE,
        settled_days: int = 0,
        deal_value: float | None = None,
        currency: str = "EUR",
    ) -> Funnel:
        """The funnel of all leads or of one segment, with its losses by reason and by segment.

        `basis` says how leads that are still open count; all but NAIVE count the deepest stage
        without a window, and SETTLED ignores who entered a step in the last `settled_days`. The
        deal value is the mean of the won deals where the files say it, else 1; the period is
        `period`. Raises ValueError for a choice that cannot be.
        """
        kind = _counting(counting)
        if basis is not Basis.NAIVE and (kind is not Counting.DEEPEST or window is not None):
            raise ValueError(f"'{basis}' counts the deepest stage; choose it, without a window")
        counts_by_step = {
            Basis.NAIVE: lambda: self._naive(kind, segment, window),
            Basis.CLOSED_ONLY: lambda: self._closed_only(segment),
            Basis.CORRECTED: lambda: self._corrected(segment),
            Basis.SETTLED: lambda: self._settled(segment, settled_days),
        }[basis]()
        steps = zip(self.stages, self.stages[1:], counts_by_step, strict=False)
        known = self.mean_value(segment) if deal_value is None else deal_value
        return Funnel(
            tuple(
                Step(
                    source,
                    target,
                    passed.entered,
                    passed.advanced,
                    passed.losses,
                    segments=passed.segments,
                )
                for source, target, passed in steps
            ),
            1.0 if known is None else known,
            currency,
            self.period.days,
        )

    def _naive(
        self, counting: Counting, segment: str | None, window: timedelta | None
    ) -> list[StepCounts]:
        groups = self._groups_of(segment, counting, window)
        return [
            StepCounts.without(entered, advanced, groups.left_after(place))
            for place, (entered, advanced) in enumerate(pairwise(groups.reached(len(self.stages))))
        ]

    def _closed_only(self, segment: str | None) -> list[StepCounts]:
        lost = self._groups_of(segment, Counting.DEEPEST, None).with_outcome(LOST)
        return [
            StepCounts.without(told.advanced + told.lost, told.advanced, lost.left_after(place))
            for place, told in enumerate(self.truths(segment))
        ]

    def _corrected(self, segment: str | None) -> list[StepCounts]:
        """What is to be expected; the open ones will be lost as the others were."""
        reached = self._groups_of(segment, Counting.DEEPEST, None).reached(len(self.stages))
        told = zip(reached, self._closed_only(segment), self.truths(segment), strict=False)
        return [
            closed.expecting(entered, round(truth.corrected * entered))
            for entered, closed, truth in told
        ]

    def _settled(self, segment: str | None, days: int) -> list[StepCounts]:
        refuse_outside("the number of days to ignore", days, 0, 36_500)
        before = in_microseconds(self.span.known_until - timedelta(days=days))
        counts_by_step = []
        for source, target in pairwise(range(len(self.stages))):
            step = self.follow_up.passing(source, target, self._of(segment))
            older = f"SELECT * FROM ({step}) AS step WHERE began <= {before}"
            groups = self._grouped("segment, 0, outcome, reason", older)
            advanced = groups.with_outcome(WON).leads
            gone = groups.where(lambda group: group.outcome != WON)
            counts_by_step.append(StepCounts.without(groups.leads, advanced, gone))
        return counts_by_step

    def mean_value(self, segment: str | None = None) -> float | None:
        """The mean value of the won deals; None where the files say none."""
        [(value,)] = self._database.query(
            f"SELECT avg(value) FROM journey WHERE deepest = {len(self.stages)} "
            f"AND {self._of(segment)}"
        )
        return None if value is None else float(value)


def _counting(name: str) -> Counting:
    try:
        return Counting(name)
    except ValueError:
        known = ", ".join(Counting)
        raise ValueError(f"the counting is '{name}'; it must be one of {known}") from None


def _microseconds(window: timedelta) -> int:
    if window < timedelta(0):
        raise ValueError(f"the window is {window}; it must not be negative")
    return window // timedelta(microseconds=1)
