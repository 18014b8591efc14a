"""The agenda: where the room is, what it may read there, and the soft timer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workshop.domain.checks import refuse_outside
from workshop.domain.funnel import MOST_STEPS
from workshop.domain.idea import Idea
from workshop.domain.people import Team


class Phase(StrEnum):
    """The codes of the activities that the app comes with (`workshop.activities`)."""

    LOBBY = "lobby"
    FACTS = "facts"
    IDEAS = "ideas"
    REPORT = "report_back"
    BREAK = "break"
    RELATIONSHIP = "relationship"
    OBSTACLES = "obstacles"
    HAND_OFFS = "hand_offs"
    WORDS = "words"
    OUTCOME = "outcome"
    READINGS = "readings"
    ESTIMATES = "estimates"
    RANK = "rank"
    COMMIT = "commit"
    CLOSED = "closed"


CODE = re.compile(r"[a-z][a-z_]{0,39}")


class BoardView(StrEnum):
    """What the board shows at the ranking."""

    IDEAS = "ideas"
    IMPROVEMENT = "improvement"
    STEPS = "steps"
    UNKNOWN = "unknowns"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the walk: the code of its activity, and the index of the step where it has one."""

    phase: str
    step: int | None = None

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.phase):
            raise ValueError(f"'{self.phase}' is no code of an activity")
        if self.step is not None:
            refuse_outside("the index of the step", self.step, 0, MOST_STEPS)

    @property
    def its_step(self) -> int:
        """The index of its step; ValueError where it has none."""
        if self.step is None:
            raise ValueError(f"the phase '{self.phase}' is at no step")
        return self.step


@dataclass(frozen=True, slots=True)
class Timer:
    """A soft timer: ends at a moment known to every screen, or is not running.

    From `warns_at` on every screen says that it is nearly over.
    """

    ends_at: datetime | None = None
    warns_at: datetime | None = None


LONGEST_TIMER = 24 * 60
LAST_PART = 0.2
"""Of the time that there is: that much before its end it is nearly over."""


def reporting(teams: Sequence[Team], ideas: Sequence[Idea], step: int) -> tuple[Team, ...]:
    """Who reports back on a step: whoever sits in a mini-team, and what is left of the others.

    A mini-team in which nobody sits any more is read out where an idea of it counts.

    >>> reporting([Team("a", "Team 1"), Team("b", "Team 2")], [], step=0)
    ()
    """
    wrote = {idea.team_id for idea in ideas if idea.counts and idea.step == step}
    return tuple(team for team in teams if team.people or team.id in wrote)


def start(now: datetime, minutes: float) -> Timer:
    """A timer that runs from now; raises ValueError outside 0 to 1,440 minutes.

    >>> start(datetime(2026, 3, 14, 12), 10).warns_at.minute
    8
    """
    refuse_outside("the timer in minutes", minutes, 0, LONGEST_TIMER)
    return _timer(now + timedelta(minutes=minutes), timedelta(minutes=minutes) * LAST_PART)


def extend(timer: Timer, now: datetime, minutes: float = 1) -> Timer:
    """More time: on top of what is left, or from now where none is.

    >>> noon = datetime(2026, 3, 14, 12)
    >>> extend(start(noon, 5), noon, 1).ends_at.minute
    6
    """
    if timer.ends_at is None or timer.ends_at <= now:
        return start(now, minutes)
    last_part = timer.ends_at - (timer.warns_at or timer.ends_at)
    ends_at = timer.ends_at + timedelta(minutes=minutes)
    return _timer(ends_at, last_part + timedelta(minutes=minutes) * LAST_PART)


def _timer(ends_at: datetime, last_part: timedelta) -> Timer:
    return Timer(ends_at, ends_at - last_part)


def stop() -> Timer:
    """No timer."""
    return Timer()
