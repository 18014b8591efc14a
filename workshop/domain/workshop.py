"""One Funnel Reality Check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workshop.domain import agenda_lines
from workshop.domain.agenda import BoardView, Position, Timer
from workshop.domain.agenda_lines import Agenda
from workshop.domain.checks import refuse_outside

POINTS = 5.0
MOST_POINTS = 20
"""The largest improvement, in percentage points, at which steps are compared."""


class Door(StrEnum):
    """How new people come into a workshop: at once, when they are let in, or not at all."""

    OPEN = "open"
    ASK = "ask"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Workshop:
    """One Funnel Reality Check: its name, its room code, and where it is.

    `agenda` is what the facilitator has made of it, `former_agenda` what the last change can be
    undone to; without one it is the usual agenda, with work on these `steps` (on all where that is
    None: records of before there were agendas). The room is where it is since `moved_at`; None
    where it has not moved yet. `points` is the improvement, in percentage points, at which the
    board compares the steps.
    """

    id: str
    name: str
    code: str
    is_demo: bool
    position: Position
    timer: Timer
    team_shown: int
    created_at: datetime
    board_view: BoardView = BoardView.IDEAS
    door: Door = Door.OPEN
    steps: tuple[int, ...] | None = None
    points: float = POINTS
    agenda: Agenda | None = None
    former_agenda: Agenda | None = None
    moved_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.steps is not None and not self.steps:
            raise ValueError("Choose at least one step to work on.")
        refuse_outside("the improvement in percentage points", self.points, 0, MOST_POINTS)

    def made_agenda(self, steps: int) -> Agenda:
        """The agenda as it was made, as far as a funnel of so many steps goes.

        Newer numbers may have fewer steps than those that it was made for.
        """
        if self.agenda is not None:
            return agenda_lines.for_steps(self.agenda, steps)
        known = [step for step in self.steps or () if step < steps]
        return agenda_lines.usual(steps, known or None)

    def agenda_on(self, steps: int) -> Agenda:
        """The agenda on a funnel of so many steps; where the room is now is always on it."""
        return agenda_lines.including(self.made_agenda(steps), self.position)

    def chosen_steps(self, count: int) -> tuple[int, ...]:
        """The indexes of the steps that the room works on, of a funnel of so many."""
        return self.made_agenda(count).chosen_steps

    def revealed_steps(self, count: int) -> frozenset[int]:
        """The steps, of so many, whose ideas the room may read where it is now."""
        agenda = self.agenda_on(count)
        return frozenset(
            step for step in range(count) if agenda_lines.revealed(agenda, self.position, step)
        )
