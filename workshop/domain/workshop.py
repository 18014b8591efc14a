"""One Funnel Reality Check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workshop.domain.agenda import BoardView, Position, Timer


class Door(StrEnum):
    """How new people come into a workshop: at once, when they are let in, or not at all."""

    OPEN = "open"
    ASK = "ask"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Workshop:
    """One Funnel Reality Check: its name, its room code, and where it is."""

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
