"""One thing that the room does: what it is called, and how each screen draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from workshop.live.snapshot import Snapshot

Draw = Callable[[Snapshot], None]


class Place(StrEnum):
    """Where an activity stands on the agenda; the last only where the facilitator wants it."""

    BEFORE_THE_STEPS = "before"
    AT_EACH_STEP = "each"
    AT_CHOSEN_STEPS = "chosen"
    AFTER_THE_STEPS = "after"
    WHERE_WANTED = "wanted"


def nothing(_: Snapshot) -> None:
    """Where a screen has nothing of its own to show."""


@dataclass(frozen=True)
class Activity:
    """An activity of the agenda.

    `code` is what the records keep. `label` is its name, `{step}` in it that of the step; under
    the heading of its step it is called `short_label`. `room_sees` and `hint` are what the
    facilitator reads; `minutes` is how long a new line of it takes. Where `takes_ideas`, the form
    for ideas is open on the screens of the mini-teams, and `team_below` stands below it.
    """

    code: str
    label: str
    place: Place
    room_sees: Callable[[Snapshot], str]
    hint: str
    board: Draw
    team: Draw
    team_below: Draw = nothing
    facilitator: Draw = nothing
    short_label: str = ""
    minutes: int = 8
    takes_ideas: bool = False
    has_own_clock: bool = False
