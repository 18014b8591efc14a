"""Leads followed from stage to stage: since when, until when, and with what outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from workshop.analysis.maturity import FollowUp
from workshop.intake.journeys import DAY, entered, moments
from workshop.intake.lead_database import LeadDatabase
from workshop.intake.lead_groups import LOST, NO_SEGMENT, OPEN, WON
from workshop.intake.period import DayCounts, count_days
from workshop.intake.words import Words

MICROSECONDS_OF_AN_HOUR = 3_600_000_000
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


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


@dataclass(frozen=True)
class FollowUpQueries:
    """Queries about the journeys in a database, through so many stages."""

    database: LeadDatabase
    stages: int
    segments: Words

    @cached_property
    def entered_days(self) -> DayCounts | None:
        """The days on which leads entered; that of a win is none, where it is all that is known."""
        return self._days(f"coalesce({moments(self.stages - 1)}, NULL)")

    @cached_property
    def ended_days(self) -> DayCounts | None:
        """The last day that is known of each lead."""
        return self._days("nullif(greatest(last_at, coalesce(lost_at, 0)), 0)")

    @cached_property
    def closed_days(self) -> DayCounts | None:
        """The days on which leads were won or lost."""
        won_at = f"t{self.stages - 1}"
        return self._days(f"coalesce({won_at}, CASE WHEN is_lost THEN nullif(lost_at, 0) END)")

    def _days(self, moment: str) -> DayCounts | None:
        return count_days(
            dict(
                self.database.query(
                    f"SELECT {moment} // {DAY} AS day, count(*) FROM journey "
                    f"WHERE {moment} IS NOT NULL GROUP BY day"
                )
            )
        )

    @cached_property
    def span(self) -> Span:
        """From when to when leads entered, and until when the files know what became of them.

        Days far from all others are left out: one slip of the pen would move the ends by years.
        """
        first = entered(self.stages, 0)
        bounds = []
        for days, moment in (
            (self.entered_days or self._days(first), first),
            (self.ended_days, "greatest(last_at, coalesce(lost_at, 0))"),
        ):
            low, high = (days.first, days.last) if days else (0, 0)
            bounds += self.database.query(
                f"SELECT min({moment}), max({moment}) FROM journey WHERE {moment} "
                f"BETWEEN {low * DAY} AND {(high + 1) * DAY - 1}"
            )
        (begun, last), (_, known_until) = bounds
        return Span(*(in_time(moment or 0) for moment in (begun, last, known_until)))

    @cached_property
    def contradicting(self) -> int:
        """How many leads were won or lost and then something else."""
        [(leads,)] = self.database.query("SELECT count(*) FROM journey WHERE contradicts")
        return int(leads)

    @cached_property
    def dated(self) -> tuple[int, ...]:
        """Of how many leads it is known when they entered each stage."""
        known = ", ".join(f"count(t{place})" for place in range(self.stages))
        [leads] = self.database.query(f"SELECT {known} FROM journey")
        return tuple(leads)

    @cached_property
    def cycle_days(self) -> float | None:
        """The median days from entering to won; None where nobody's two dates are known."""
        first, won_at = entered(self.stages, 0), f"t{self.stages - 1}"
        [(took,)] = self.database.query(
            f"SELECT quantile_cont({won_at} - {first}, 0.5) FROM journey "
            f"WHERE deepest = {self.stages} AND {won_at} > {first}"
        )
        return None if took is None else float(took) / DAY

    def undated_ends(self) -> tuple[int, int]:
        """How many won and lost leads have no date for it, and how many there are."""
        [(undated, ends)] = self.database.query(
            "SELECT count(*) FILTER (WHERE CASE WHEN is_lost THEN coalesce(lost_at, 0) = 0 "
            f"ELSE t{self.stages - 1} IS NULL END), count(*) FROM journey "
            f"WHERE is_lost OR deepest = {self.stages}"
        )
        return int(undated), int(ends)

    def passing(self, source: int, target: int, where: str) -> str:
        """Who entered a stage: when it began, until when it is known, and with what outcome."""
        known_until = in_microseconds(self.span.known_until)
        return (
            f"SELECT segment, reason, {entered(self.stages, source)} AS began, "
            f"least({known_until}, CASE WHEN deepest > {target} "
            f"THEN {entered(self.stages, target)} "
            f"WHEN is_lost THEN nullif(lost_at, 0) ELSE {known_until} END) AS until, "
            f"CASE WHEN deepest > {target} THEN '{WON}' WHEN is_lost THEN '{LOST}' "
            f"ELSE '{OPEN}' END AS outcome "
            f"FROM journey WHERE deepest > {source} AND {where}"
        )

    def until(
        self, source: int, target: int, where: str = "TRUE", since: datetime | None = None
    ) -> FollowUp:
        """The leads of a stage by the hours until they reached another, were lost, or are open.

        Of those who entered since a moment, where asked.
        """
        counts = self.database.query_frame(
            f"SELECT greatest(0, coalesce(until, began, 0) - coalesce(began, until, 0)) "
            f"// {MICROSECONDS_OF_AN_HOUR} AS hours, "
            + ", ".join(
                f"count(*) FILTER (WHERE outcome = '{outcome}') AS {outcome}"
                for outcome in (WON, LOST, OPEN)
            )
            + f" FROM ({self.passing(source, target, where)}) AS passing "
            f"WHERE {'TRUE' if since is None else f'began >= {in_microseconds(since)}'} "
            "GROUP BY hours ORDER BY hours"
        )
        return FollowUp(*(counts[column].to_numpy(float) for column in ("hours", WON, LOST, OPEN)))

    def early(self) -> tuple[datetime, FollowUp] | None:
        """The first win, and the leads that entered before it, by the hours until it."""
        first = entered(self.stages, 0)
        [(win,)] = self.database.query(f"SELECT min(t{self.stages - 1}) FROM journey")
        if win is None:
            return None
        counts = self.database.query_frame(
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
        rows = self.database.query(
            f"SELECT began >= {middle} AS later, segment, count(*), "
            f"count(*) FILTER (WHERE outcome <> '{OPEN}'), "
            f"count(*) FILTER (WHERE outcome = '{WON}') "
            f"FROM ({self.passing(0, self.stages - 1, 'TRUE')}) AS p GROUP BY ALL ORDER BY ALL"
        )
        known = any(decided > won for _, _, _, decided, won in rows)
        earlier, later = (
            {
                self.segments.name(segment, NO_SEGMENT): (decided if known else leads, won)
                for in_later, segment, leads, decided, won in rows
                if in_later is half
            }
            for half in (False, True)
        )
        return earlier, later


def in_microseconds(moment: datetime) -> int:
    return (moment - BEGINNING) // timedelta(microseconds=1)


def in_time(microseconds: int) -> datetime:
    return BEGINNING + timedelta(microseconds=microseconds)
