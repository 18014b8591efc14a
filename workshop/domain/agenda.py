"""The agenda: the places of the walk in order, and the soft timer.

Nothing here forbids a jump; the facilitator may go to any place of the walk at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workshop.domain.checks import refuse_outside
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Idea
from workshop.domain.people import Team


class Phase(StrEnum):
    """Where the room is."""

    LOBBY = "lobby"
    FACTS = "facts"
    IDEAS = "ideas"
    REPORT = "report_back"
    RANK = "rank"
    COMMIT = "commit"
    CLOSED = "closed"


class BoardView(StrEnum):
    """What the board shows at the ranking."""

    IDEAS = "ideas"
    STEPS = "steps"
    UNKNOWN = "unknowns"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the walk: the phase, and the index of the step where it has one."""

    phase: Phase
    step: int | None = None

    @property
    def its_step(self) -> int:
        """The index of its step; ValueError where it has none."""
        if self.step is None:
            raise ValueError(f"the phase '{self.phase}' is at no step")
        return self.step


@dataclass(frozen=True, slots=True)
class Timer:
    """A soft timer: ends at a moment known to every screen, or is not running."""

    ends_at: datetime | None = None


OF_EACH_STEP = (Phase.FACTS, Phase.IDEAS, Phase.REPORT)
AFTER_THE_STEPS = (Phase.RANK, Phase.COMMIT, Phase.CLOSED)
LABELS = {
    Phase.LOBBY: "Lobby",
    Phase.FACTS: "Facts of {step}",
    Phase.IDEAS: "Ideas for {step}",
    Phase.REPORT: "Report back on {step}",
    Phase.RANK: "Ranking of all ideas",
    Phase.COMMIT: "Commit to actions",
    Phase.CLOSED: "Closed",
}
# Under the heading of their step.
SHORT_LABELS = {Phase.FACTS: "Facts", Phase.IDEAS: "Ideas", Phase.REPORT: "Report back"}
VIEWS = {
    BoardView.IDEAS: "Ideas",
    BoardView.STEPS: "Steps",
    BoardView.UNKNOWN: "What we do not know",
}
LONGEST_TIMER = 24 * 60


def walk(steps: int) -> tuple[Position, ...]:
    """Every place of a workshop on that many steps, in order.

    Raises ValueError below one step.

    >>> [position.phase.value for position in walk(1)]
    ['lobby', 'facts', 'ideas', 'report_back', 'rank', 'commit', 'closed']
    >>> len(walk(4))
    16
    """
    if steps < 1:
        raise ValueError(f"the walk has {steps} steps; it needs at least 1")
    return (
        Position(Phase.LOBBY),
        *(Position(phase, step) for step in range(steps) for phase in OF_EACH_STEP),
        *(Position(phase) for phase in AFTER_THE_STEPS),
    )


def next_position(position: Position, steps: int) -> Position:
    """The place after this one; the last place is its own next.

    Raises ValueError where the walk does not know the position.

    >>> next_position(Position(Phase.REPORT, 0), steps=2)
    Position(phase=<Phase.FACTS: 'facts'>, step=1)
    """
    places = walk(steps)
    return places[min(_place(position, steps) + 1, len(places) - 1)]


def back(position: Position, steps: int) -> Position:
    """The place before this one; the lobby is its own.

    Raises ValueError where the walk does not know the position.

    >>> back(Position(Phase.RANK), steps=2)
    Position(phase=<Phase.REPORT: 'report_back'>, step=1)
    """
    return walk(steps)[max(_place(position, steps) - 1, 0)]


def _place(position: Position, steps: int) -> int:
    places = walk(steps)
    if position not in places:
        step = "no step" if position.step is None else f"step {position.step}"
        raise ValueError(f"'{position.phase}' at {step} is no place of a walk of {steps} steps")
    return places.index(position)


def revealed(position: Position, step: int) -> bool:
    """Whether the room may read the ideas on a step: from its report back on.

    >>> revealed(Position(Phase.IDEAS, 1), 0), revealed(Position(Phase.IDEAS, 1), 1)
    (True, False)
    """
    if position.step is None:
        return position.phase is not Phase.LOBBY
    return step < position.step or (step == position.step and position.phase is Phase.REPORT)


def reporting(teams: Sequence[Team], ideas: Sequence[Idea], step: int) -> tuple[Team, ...]:
    """Who reports back on a step: whoever sits in a mini-team, and what is left of the others.

    A mini-team in which nobody sits any more is read out where an idea of it counts.

    >>> reporting([Team("a", "Team 1"), Team("b", "Team 2")], [], step=0)
    ()
    """
    wrote = {idea.team_id for idea in ideas if idea.counts and idea.step == step}
    return tuple(team for team in teams if team.people or team.id in wrote)


def label(position: Position, funnel: Funnel) -> str:
    """A place in words.

    >>> from workshop.domain.funnel import Step
    >>> funnel = Funnel((Step("MQL", "SQL", 700, 280),), 8000, "EUR", 365)
    >>> label(Position(Phase.IDEAS, 0), funnel)
    'Ideas for MQL → SQL'
    """
    words = LABELS[position.phase]
    return words if position.step is None else words.format(step=funnel.steps[position.step].name)


def short_label(position: Position, funnel: Funnel) -> str:
    """A place under the heading of its step; one without a step by its full name.

    >>> from workshop.domain.funnel import Step
    >>> funnel = Funnel((Step("MQL", "SQL", 700, 280),), 8000, "EUR", 365)
    >>> short_label(Position(Phase.REPORT, 0), funnel), short_label(Position(Phase.RANK), funnel)
    ('Report back', 'Ranking of all ideas')
    """
    return label(position, funnel) if position.step is None else SHORT_LABELS[position.phase]


def start(now: datetime, minutes: float) -> Timer:
    """A timer that runs from now; raises ValueError outside 0 to 1,440 minutes."""
    refuse_outside("the timer in minutes", minutes, 0, LONGEST_TIMER)
    return Timer(now + timedelta(minutes=minutes))


def extend(timer: Timer, now: datetime, minutes: float = 1) -> Timer:
    """More time: on top of what is left, or from now where none is.

    >>> noon = datetime(2026, 3, 14, 12)
    >>> extend(start(noon, 5), noon, 1).ends_at.minute
    6
    """
    return Timer(max(timer.ends_at or now, now) + timedelta(minutes=minutes))


def stop() -> Timer:
    """No timer."""
    return Timer()
