"""One thing that the room does: what it is called, and how each screen draws it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workshop.forms.form import Form
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block

Draw = Callable[[Snapshot], None]
Show = Callable[[Snapshot], Sequence[Block]]


class Place(StrEnum):
    """Where an activity stands on the agenda; the last only where the facilitator wants it."""

    BEFORE_THE_STEPS = "before"
    AT_EACH_STEP = "each"
    AT_CHOSEN_STEPS = "chosen"
    AFTER_THE_STEPS = "after"
    WHERE_WANTED = "wanted"


def nothing(_: Snapshot) -> None:
    """Where a screen has nothing of its own to show."""


def no_blocks(_: Snapshot) -> Sequence[Block]:
    """Where a mini-team is shown nothing."""
    return ()


def no_form(_: Snapshot) -> Form | None:
    """Where nobody is asked for anything."""


@dataclass(frozen=True)
class Activity:
    """An activity of the agenda.

    `code` is what the records keep. `label` is its name, `{step}` in it that of the step; under
    the heading of its step it is called `short_label`. `room_sees` and `hint` are what the
    facilitator reads; `minutes` is how long a new line of it takes. `form` is what a mini-team
    is asked, below `team` and above `team_below`. Where it `takes_ideas`, these are counted on the
    board. Where it `says_numbers`, it waits until what the room still guesses is revealed.
    """

    code: str
    label: str
    place: Place
    room_sees: Callable[[Snapshot], str]
    hint: Callable[[Snapshot], str]
    board: Draw
    team: Show
    form: Callable[[Snapshot], Form | None] = no_form
    team_below: Show = no_blocks
    facilitator: Draw = nothing
    short_label: str = ""
    minutes: int = 8
    takes_ideas: bool = False
    says_numbers: bool = False
    has_own_clock: bool = False
