"""One Funnel Reality Check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workshop.domain.agenda import BoardView, Position, Timer
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

    `steps` are the indexes of those that the room works on; None where it works on all. `points`
    is the improvement, in percentage points, at which the board compares the steps.
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

    def __post_init__(self) -> None:
        if self.steps is not None and not self.steps:
            raise ValueError("Choose at least one step to work on.")
        refuse_outside("the improvement in percentage points", self.points, 0, MOST_POINTS)

    def chosen_steps(self, count: int) -> tuple[int, ...]:
        """The indexes of the steps that the room works on, of a funnel of so many.

        Newer numbers may have fewer steps than those that were chosen from.
        """
        known = tuple(step for step in self.steps or () if step < count)
        return known or tuple(range(count))
