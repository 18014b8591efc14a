"""The walk: every place of a workshop in order.

Nothing here forbids a jump; the facilitator may go to any place of the walk at any time.
"""

from __future__ import annotations

from collections.abc import Collection

from workshop import activities
from workshop.domain import agenda_lines
from workshop.domain.agenda import Position
from workshop.domain.agenda_lines import Agenda
from workshop.domain.checks import TITLE_LENGTH
from workshop.domain.funnel import Funnel
from workshop.domain.workshop import Workshop
from workshop.wording.shortening import shorten_step

Walk = tuple[Position, ...]


def walk(steps: int, chosen: Collection[int] | None = None) -> Walk:
    """Every place of the usual agenda on that many steps: see `agenda_lines.usual`.

    >>> len(walk(4)), len(walk(4, [1, 2]))
    (16, 12)
    """
    return agenda_lines.usual(steps, chosen).places


def agenda_of(workshop: Workshop, funnel: Funnel) -> Agenda:
    """The agenda of a workshop; where it is now is always on it."""
    return workshop.agenda_on(len(funnel.steps))


def next_position(position: Position, places: Walk) -> Position:
    """The place after this one; the last place is its own next.

    Raises ValueError where the walk does not know the position.

    >>> next_position(Position("report_back", 0), walk(2)) == Position("facts", 1)
    True
    """
    return places[min(number(position, places) + 1, len(places) - 1)]


def back(position: Position, places: Walk) -> Position:
    """The place before this one; the lobby is its own.

    Raises ValueError where the walk does not know the position.

    >>> back(Position("rank"), walk(2)) == Position("report_back", 1)
    True
    """
    return places[max(number(position, places) - 1, 0)]


def number(position: Position, places: Walk) -> int:
    """Which place of the walk this is, from 0; ValueError where the walk does not know it."""
    if position not in places:
        step = "no step" if position.step is None else f"step {position.step}"
        raise ValueError(f"'{position.phase}' at {step} is no place of this walk")
    return places.index(position)


def label(position: Position, funnel: Funnel, longest: int = 2 * TITLE_LENGTH) -> str:
    """A place in words, the name of its step in at most so many characters.

    >>> from workshop.domain.funnel import Step
    >>> funnel = Funnel((Step("MQL", "SQL", 700, 280),), 8000, "EUR", 365)
    >>> label(Position("ideas", 0), funnel)
    'Ideas for MQL → SQL'
    """
    words = activities.activity_of(position.phase).label
    if position.step is None:
        return words
    return words.format(step=shorten_step(funnel.steps[position.step], longest))


def short_label(position: Position, funnel: Funnel) -> str:
    """A place under the heading of its step; one without a step by its full name.

    >>> from workshop.domain.funnel import Step
    >>> funnel = Funnel((Step("MQL", "SQL", 700, 280),), 8000, "EUR", 365)
    >>> short_label(Position("report_back", 0), funnel), short_label(Position("rank"), funnel)
    ('Report back', 'Ranking of all ideas')
    """
    short = activities.activity_of(position.phase).short_label
    return short if short and position.step is not None else label(position, funnel)


def step_at(position: Position) -> int | None:
    """The index of the step that a place is about; a break is about none, wherever it stands.

    >>> step_at(Position("ideas", 2)), step_at(Position("break", 2))
    (2, None)
    """
    return position.step if activities.activity_of(position.phase).short_label else None
