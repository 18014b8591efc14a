"""Leads followed from stage to stage, from the journeys on a desk: since when, until when, and
with what fate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from workshop.intake.desk import Desk
from workshop.intake.journeys import entered
from workshop.intake.tally import LOST, NO_SEGMENT, OPEN, WON
from workshop.intake.words import Words
from workshop.maturity import FollowUp

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
class Following:
    """The journeys on a desk through so many stages; segments go by their numbers."""

    desk: Desk
    stages: int
    segments: Words

    @cached_property
    def span(self) -> Span:
        """From when to when leads entered, and until when the files know what became of them."""
        first = entered(self.stages, 0)
        [found] = self.desk.ask(
            f"SELECT min({first}), max({first}), max(greatest(last_at, coalesce(lost_at, 0))) "
            "FROM journey"
        )
        return Span(*(in_time(moment or 0) for moment in found))

    def passing(self, source: int, target: int, where: str) -> str:
        """Who entered a stage: when it began, until when it is known, and with what fate."""
        known_until = in_microseconds(self.span.known_until)
        return (
            f"SELECT segment, reason, {entered(self.stages, source)} AS began, "
            f"CASE WHEN deepest > {target} THEN {entered(self.stages, target)} "
            f"WHEN is_lost THEN lost_at ELSE {known_until} END AS until, "
            f"CASE WHEN deepest > {target} THEN '{WON}' WHEN is_lost THEN '{LOST}' "
            f"ELSE '{OPEN}' END AS fate "
            f"FROM journey WHERE deepest > {source} AND {where}"
        )

    def until(
        self, source: int, target: int, where: str = "TRUE", since: datetime | None = None
    ) -> FollowUp:
        """The leads of a stage by the hours until they reached another, were lost, or are open.

        Of those who entered since a moment, where asked.
        """
        counts = self.desk.frame(
            f"SELECT greatest(0, coalesce(until, began, 0) - coalesce(began, until, 0)) "
            f"// {MICROSECONDS_OF_AN_HOUR} AS hours, "
            + ", ".join(
                f"count(*) FILTER (WHERE fate = '{fate}') AS {fate}" for fate in (WON, LOST, OPEN)
            )
            + f" FROM ({self.passing(source, target, where)}) AS passing "
            f"WHERE {'TRUE' if since is None else f'began >= {in_microseconds(since)}'} "
            "GROUP BY hours ORDER BY hours"
        )
        return FollowUp(*(counts[column].to_numpy(float) for column in ("hours", WON, LOST, OPEN)))

    def early(self) -> tuple[datetime, FollowUp] | None:
        """The first win, and the leads that entered before it, by the hours until it."""
        first = entered(self.stages, 0)
        [(win,)] = self.desk.ask(f"SELECT min(t{self.stages - 1}) FROM journey")
        if win is None:
            return None
        counts = self.desk.frame(
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
        rows = self.desk.ask(
            f"SELECT began >= {middle} AS later, segment, count(*), "
            f"count(*) FILTER (WHERE fate <> '{OPEN}'), count(*) FILTER (WHERE fate = '{WON}') "
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
