"""A cohort of leads: how far they came, why they were lost, how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise

import pandas as pd

from workshop import maturity
from workshop.intake.desk import Desk
from workshop.intake.journeys import Counting, entered, levels, undecided
from workshop.intake.report import Report
from workshop.intake.words import Words
from workshop.maturity import Basis, FollowUp, Truth
from workshop.model import Funnel, Step, refuse_outside

MICROSECONDS_OF_A_DAY = 86_400_000_000
MICROSECONDS_OF_AN_HOUR = 3_600_000_000
NO_SEGMENT = "(none)"
WON, LOST, OPEN = "won", "lost", "open"
MOST_SEGMENTS = 12
"""Of how many segments, those that lose most, a step of the funnel keeps the losses."""


@dataclass(frozen=True)
class Span:
    """From when to when the leads entered, and the last moment that the files know of."""

    first: datetime
    last: datetime
    known_until: datetime

    @property
    def days(self) -> int:
        """The days in which leads entered, the first and the last one counted."""
        return (self.last.date() - self.first.date()).days + 1

    @property
    def middle(self) -> datetime:
        return self.first + (self.last - self.first) / 2


@dataclass(frozen=True, slots=True)
class Group:
    """How many leads share a segment, how many stages they reached, a fate and a reason."""

    segment: int
    level: int
    fate: str
    reason: int
    leads: int


class Cohort:
    """The leads of an import, each with its journey through the stages.

    Its journeys are on a desk of their own; close it when it is not needed any more.
    """

    def __init__(
        self,
        desk: Desk,
        stages: Sequence[str],
        reasons: Words,
        segments: Words,
        tell_again: Callable[[str], None],
        report: Callable[[], Report],
    ) -> None:
        """`tell_again` looks up all events of leads whose first moments do not tell their story.

        That, and the `report`, take a pass over the files, and wait until somebody asks.
        """
        self._desk = desk
        self.stages = tuple(stages)
        self._tell_again, self._report = tell_again, report
        self._reasons, self._segments = reasons, segments
        self.tally = lru_cache(self._tally)
        self.followed = lru_cache(self._followed)

    def __enter__(self) -> Cohort:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._desk.close()

    @property
    def report(self) -> Report:
        """What became of every row."""
        return self._report()

    # -- how far -----------------------------------------------------------------------------------

    def reached(
        self, counting: str = Counting.DEEPEST, window: timedelta | None = None
    ) -> tuple[int, ...]:
        """How many leads reached each stage; see `Counting`.

        With a `window` only what happened so long after a lead's first step counts.
        Raises ValueError where the counting is not known or the window is negative.
        """
        return self._reached(self.tally(_counting(counting), window))

    def by_segment(
        self, counting: str = Counting.DEEPEST, window: timedelta | None = None
    ) -> pd.DataFrame:
        """How many leads of each segment reached each stage: `segment` and a column a stage.

        The largest segment first; leads without one come last, as "(none)".
        """
        tally = self.tally(_counting(counting), window)
        reached = {
            number: self._reached(group for group in tally if group.segment == number)
            for number in dict.fromkeys(group.segment for group in tally)
        }
        order = sorted(reached, key=lambda number: (not number, -reached[number][0], number))
        return pd.DataFrame(
            [(self._segments.name(number, NO_SEGMENT), *reached[number]) for number in order],
            columns=["segment", *self.stages],
        )

    def _reached(self, groups: Iterable[Group]) -> tuple[int, ...]:
        reached = [0] * len(self.stages)
        for group in groups:
            for place in range(group.level):
                reached[place] += group.leads
        return tuple(reached)

    def _tally(self, counting: Counting, window: timedelta | None) -> tuple[Group, ...]:
        stages, width = len(self.stages), None if window is None else _microseconds(window)
        left = undecided(counting, stages, width)
        [(told,)] = self._desk.ask(f"SELECT count(*) > 0 FROM journey WHERE {left}")
        if told:
            self._tell_again(left)
        return self._groups(
            "segment, level, "
            f"CASE WHEN level = {stages} THEN '{WON}' WHEN is_lost THEN '{LOST}' "
            f"ELSE '{OPEN}' END AS fate, reason",
            levels(counting, stages, width, told=told),
        )

    def _groups(self, columns: str, source: str) -> tuple[Group, ...]:
        rows = self._desk.ask(
            f"SELECT {columns}, count(*) FROM ({source}) AS leads GROUP BY ALL ORDER BY ALL"
        )
        return tuple(Group(*row) for row in rows)

    # -- why ---------------------------------------------------------------------------------------

    def reasons(self, counting: str = Counting.DEEPEST) -> pd.DataFrame:
        """Why leads were lost: `step, reason, leads, share`, of all that did not advance.

        The rest of a step, still open or lost for no known reason, comes last, as None.
        """
        rows: list[tuple[str, str | None, int, float]] = []
        for place, step in enumerate(self.steps):
            gone = [g for g in self.tally(_counting(counting), None) if g.level == place + 1]
            total = sum(group.leads for group in gone)
            known = self._told(gone, LOST)
            rest = total - sum(known.values())
            told = [*known.items(), *([(None, rest)] if rest else [])]
            rows += [(step, reason, leads, leads / total) for reason, leads in told]
        return pd.DataFrame(rows, columns=["step", "reason", "leads", "share"])

    def won_reasons(self) -> dict[str, int]:
        """Why customers bought, where the files say so; the most frequent first."""
        return self._told(self.tally(Counting.DEEPEST, None), WON)

    def _told(self, groups: Iterable[Group], fate: str) -> dict[str, int]:
        """The known reasons of those with this fate, the most frequent first."""
        told: Counter[str] = Counter()
        for group in groups:
            if group.fate == fate and group.reason:
                told[self._reasons.name(group.reason, "")] += group.leads
        return dict(told.most_common())

    # -- how long ----------------------------------------------------------------------------------

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(
            f"{source} → {target}"
            for source, target in zip(self.stages, self.stages[1:], strict=False)
        )

    def days(self) -> pd.DataFrame:
        """Days from entering a step to advancing: `step, mean, median, p90`, a row a step.

        Of those whose two dates are known and in order; NaN where there are none. Whole days
        where one of the two is a date without a time.
        """
        rows = []
        for place, step in enumerate(self.steps):
            [found] = self._desk.ask(f"{self._durations(place, DURATION_SUMMARY)}")
            rows.append((step, *found))
        return pd.DataFrame(rows, columns=["step", "mean", "median", "p90"]).astype(
            {"mean": float, "median": float, "p90": float}
        )

    def days_by_month(self) -> pd.DataFrame:
        """The trend of the days to advance: `step, month, leads, median`, by month of entering."""
        frames = [
            self._frame(
                self._durations(
                    place,
                    f"date_trunc('month', make_timestamp(t{place}))::DATE AS month, "
                    "count(*) AS leads, quantile_cont(days, 0.5) AS median",
                )
                + " GROUP BY month ORDER BY month"
            ).assign(step=step)
            for place, step in enumerate(self.steps)
        ]
        return pd.concat(frames)[["step", "month", "leads", "median"]].reset_index(drop=True)

    def _durations(self, place: int, columns: str) -> str:
        begins, ends = f"t{place}", f"t{place + 1}"
        day = MICROSECONDS_OF_A_DAY
        days = (
            f"{ends} // {day} - {begins} // {day}"
            if self._has_dates_only(place)
            else f"({ends} - {begins}) / {day}.0"
        )
        return (
            f"SELECT {columns} FROM (SELECT {begins}, {days} AS days FROM journey "
            f"WHERE {ends} >= {begins}) AS durations"
        )

    def _has_dates_only(self, place: int) -> bool:
        """Whether a step begins or ends with dates without a time: then days are whole."""
        [found] = self._desk.ask(
            "SELECT "
            + ", ".join(
                f"coalesce(max(t{k} % {MICROSECONDS_OF_A_DAY}), 0) = 0" for k in (place, place + 1)
            )
            + f" FROM journey WHERE t{place + 1} >= t{place}"
        )
        return any(found)

    @cached_property
    def span(self) -> Span:
        """From when to when leads entered, and until when the files know what became of them."""
        first = entered(len(self.stages), 0)
        [found] = self._desk.ask(
            f"SELECT min({first}), max({first}), max(greatest(last_at, coalesce(lost_at, 0))) "
            "FROM journey"
        )
        return Span(*(in_time(moment or 0) for moment in found))

    # -- the truth about the open ones -------------------------------------------------------------

    def truth(self) -> pd.DataFrame:
        """For each step its rate, said in three ways.

        `step`; `naive`, advanced of entered; `closed_only`, advanced of those decided;
        `corrected` for what is still open, with its 90 % interval `low` to `high`; `open_share`
        of those who entered; `horizon_days`, how long after entering `corrected` looks. See
        `workshop.maturity`; stages that were skipped are filled in.
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
        return tuple(
            maturity.truth(self.followed(place, place + 1, segment))
            for place in range(len(self.steps))
        )

    def _followed(
        self, source: int, target: int, segment: str | None = None, since: datetime | None = None
    ) -> FollowUp:
        """The leads of a stage by the hours until they reached another, were lost, or are open.

        Of one segment, and of those who entered since a moment, where asked.
        """
        counts = self._frame(
            f"SELECT greatest(0, coalesce(until, began, 0) - coalesce(began, until, 0)) "
            f"// {MICROSECONDS_OF_AN_HOUR} AS hours, "
            + ", ".join(
                f"count(*) FILTER (WHERE fate = '{fate}') AS {fate}" for fate in (WON, LOST, OPEN)
            )
            + f" FROM ({self._passing(source, target, segment)}) AS passing "
            f"WHERE {'TRUE' if since is None else f'began >= {in_microseconds(since)}'} "
            "GROUP BY hours ORDER BY hours"
        )
        return FollowUp(*(counts[column].to_numpy(float) for column in ("hours", WON, LOST, OPEN)))

    def _passing(self, source: int, target: int, segment: str | None) -> str:
        """Who entered a stage: when it began, until when it is known, and with what fate."""
        stages = len(self.stages)
        known = in_microseconds(self.span.known_until)
        return (
            f"SELECT segment, reason, {entered(stages, source)} AS began, "
            f"CASE WHEN deepest > {target} THEN {entered(stages, target)} "
            f"WHEN is_lost THEN lost_at ELSE {known} END AS until, "
            f"CASE WHEN deepest > {target} THEN '{WON}' WHEN is_lost THEN '{LOST}' "
            f"ELSE '{OPEN}' END AS fate "
            f"FROM journey WHERE deepest > {source} AND {self._of(segment)}"
        )

    def early_leads(self) -> tuple[datetime, FollowUp] | None:
        """The first win, and the leads that entered before it, by the hours until it."""
        first = entered(len(self.stages), 0)
        [(win,)] = self._desk.ask(f"SELECT min(t{len(self.stages) - 1}) FROM journey")
        if win is None:
            return None
        counts = self._frame(
            f"SELECT ({win} - {first} - 1) // {MICROSECONDS_OF_AN_HOUR} AS hours, "
            "count(*) AS leads "
            f"FROM journey WHERE {first} < {win} GROUP BY hours ORDER BY hours"
        )
        hours, leads = (counts[column].to_numpy(float) for column in ("hours", "leads"))
        none = 0 * leads
        return in_time(win), FollowUp(hours, none, none, leads)

    def halves(self) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
        """Entered and won of each segment, for those who entered in the first and second half.

        Open leads are left out, since the second half has more of them; where no loss is known,
        there is nothing else to count.
        """
        middle = in_microseconds(self.span.middle)
        rows = self._desk.ask(
            f"SELECT began >= {middle} AS later, segment, count(*), "
            f"count(*) FILTER (WHERE fate <> '{OPEN}'), count(*) FILTER (WHERE fate = '{WON}') "
            f"FROM ({self._passing(0, len(self.stages) - 1, None)}) AS p GROUP BY ALL ORDER BY ALL"
        )
        known = any(decided > won for _, _, _, decided, won in rows)
        earlier, later = (
            {
                self._segments.name(segment, NO_SEGMENT): (decided if known else leads, won)
                for in_later, segment, leads, decided, won in rows
                if in_later is half
            }
            for half in (False, True)
        )
        return earlier, later

    def _of(self, segment: str | None) -> str:
        return "TRUE" if segment is None else f"segment = {self._segment_number(segment)}"

    def _segment_number(self, segment: str) -> int:
        names = (NO_SEGMENT, *self._segments.names)
        if segment not in names:
            raise ValueError(f"'{segment}' is no segment; choose one of: {', '.join(names)}")
        return names.index(segment)

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
        deal value is the mean of the won deals where the files say it, else 1; the period is the
        days in which leads entered. Raises ValueError for a choice that cannot be.
        """
        kind = _counting(counting)
        if basis is not Basis.NAIVE and (kind is not Counting.DEEPEST or window is not None):
            raise ValueError(f"'{basis}' counts the deepest stage; choose it, without a window")
        passages = {
            Basis.NAIVE: lambda: self._naive(kind, segment, window),
            Basis.CLOSED_ONLY: lambda: self._closed_only(segment),
            Basis.CORRECTED: lambda: self._corrected(segment),
            Basis.SETTLED: lambda: self._settled(segment, settled_days),
        }[basis]()
        steps = zip(self.stages, self.stages[1:], passages, strict=False)
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
            min(self.span.days, 36_500),
        )

    def _naive(
        self, counting: Counting, segment: str | None, window: timedelta | None
    ) -> list[Passage]:
        tally = self._tally_of(segment, counting, window)
        return [
            self._passage(entered, advanced, [g for g in tally if g.level == place + 1])
            for place, (entered, advanced) in enumerate(pairwise(self._reached(tally)))
        ]

    def _closed_only(self, segment: str | None) -> list[Passage]:
        tally = self._tally_of(segment, Counting.DEEPEST, None)
        lost = [group for group in tally if group.fate == LOST]
        return [
            self._passage(
                told.advanced + told.lost, told.advanced, [g for g in lost if g.level == place + 1]
            )
            for place, told in enumerate(self.truths(segment))
        ]

    def _corrected(self, segment: str | None) -> list[Passage]:
        """What is to be expected; the open ones will be lost as the others were."""
        reached = self._reached(self._tally_of(segment, Counting.DEEPEST, None))
        told = zip(reached, self._closed_only(segment), self.truths(segment), strict=False)
        return [
            closed.expecting(entered, round(truth.corrected * entered))
            for entered, closed, truth in told
        ]

    def _settled(self, segment: str | None, days: int) -> list[Passage]:
        refuse_outside("the number of days to ignore", days, 0, 36_500)
        before = in_microseconds(self.span.known_until - timedelta(days=days))
        passages = []
        for place in range(len(self.steps)):
            step = self._passing(place, place + 1, segment)
            older = f"SELECT * FROM ({step}) AS step WHERE began <= {before}"
            groups = self._groups("segment, 0, fate, reason", older)
            entered_ = sum(group.leads for group in groups)
            gone = [group for group in groups if group.fate != WON]
            advanced = entered_ - sum(group.leads for group in gone)
            passages.append(self._passage(entered_, advanced, gone))
        return passages

    def _tally_of(
        self, segment: str | None, counting: Counting, window: timedelta | None
    ) -> list[Group]:
        wanted = None if segment is None else self._segment_number(segment)
        return [g for g in self.tally(counting, window) if wanted in (None, g.segment)]

    def _passage(self, entered: int, advanced: int, gone: Sequence[Group]) -> Passage:
        """A step that these leads, in groups, did not pass."""
        return Passage(entered, advanced, self._told(gone, LOST), self._lost_in(gone))

    def _lost_in(self, gone: Sequence[Group]) -> dict[str, dict[str, int]]:
        """Those gone of each segment by reason, "" where none is known: those that lose most.

        Nothing where all are of one segment: there is nothing to tell apart.
        """
        lost: dict[int, Counter[str]] = {}
        for group in gone:
            reason = group.reason if group.fate == LOST else 0
            lost.setdefault(group.segment, Counter())[self._reasons.name(reason, "")] += group.leads
        if len(lost) < 2:
            return {}
        named = sorted((-lost[number].total(), number) for number in lost if number)
        return {
            self._segments.name(number, NO_SEGMENT): dict(lost[number])
            for _, number in named[:MOST_SEGMENTS]
        }

    def mean_value(self, segment: str | None = None) -> float | None:
        """The mean value of the won deals; None where the files say none."""
        [(value,)] = self._desk.ask(
            f"SELECT avg(value) FROM journey WHERE deepest = {len(self.stages)} "
            f"AND {self._of(segment)}"
        )
        return None if value is None else float(value)

    def _frame(self, statement: str) -> pd.DataFrame:
        return self._desk.connection.execute(statement).df()


@dataclass(frozen=True)
class Passage:
    """How many leads entered a step, how many advanced, why others were lost, in which segments."""

    entered: int
    advanced: int
    losses: Mapping[str, int]
    segments: Mapping[str, Mapping[str, int]]

    def expecting(self, entered: int, advanced: int) -> Passage:
        """Other counts, with losses of the same kinds in the same proportions, rounded down."""
        lost, of = entered - advanced, max(1, self.entered - self.advanced)

        def scaled(losses: Mapping[str, int]) -> dict[str, int]:
            return {reason: leads * lost // of for reason, leads in losses.items()}

        segments = {segment: scaled(losses) for segment, losses in self.segments.items()}
        return Passage(entered, advanced, scaled(self.losses), segments)


DURATION_SUMMARY = "avg(days), quantile_cont(days, 0.5), quantile_cont(days, 0.9)"


def in_microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def in_time(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


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
