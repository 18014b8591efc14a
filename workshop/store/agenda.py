"""The agenda: where the room is in its walk, its timer, and what the board shows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import astuple, replace
from functools import partial

from workshop.domain import agenda_lines
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import BoardView, Position, Timer
from workshop.domain.agenda_lines import Agenda as Lines
from workshop.store import clock
from workshop.store.copies import Copies
from workshop.store.database import Change, Database
from workshop.store.errors import StoreError
from workshop.store.funnels import funnel_of
from workshop.store.topics import AGENDA
from workshop.store.verbs import Verb
from workshop.store.workshops import agenda_json, agenda_values, workshop_of


class Agenda:
    """Where everybody is."""

    def __init__(self, database: Database, copies: Copies) -> None:
        self._database = database
        self._copies = copies

    def move_to(self, visitor: Visitor, position: Position) -> None:
        """Take the room to a place in the walk, forward or back. The timer stops.

        A copy of all records is made meanwhile.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA) as change:
            before = workshop_of(change, visitor.workshop_id).position
            change.write(
                "UPDATE workshop SET phase = $1, step = $2, moved_at = $3, timer_ends_at = NULL, "
                "timer_warns_at = NULL, team_shown = 0 WHERE id = $4",
                position.phase,
                position.step,
                clock.now(),
                visitor.workshop_id,
            )
            change.log_activity(
                Verb.ROOM_MOVED, position.phase, before=astuple(before), after=astuple(position)
            )
        self._copies.make_soon()

    def set_timer(self, visitor: Visitor, timer: Timer) -> None:
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA) as change:
            change.update(
                "workshop",
                visitor.workshop_id,
                timer_ends_at=timer.ends_at,
                timer_warns_at=timer.warns_at,
            )
            change.log_activity(Verb.TIMER_SET, "", after={"ends_at": timer.ends_at})

    def show_team(self, visitor: Visitor, place: int) -> None:
        """Put the ideas of one mini-team on the projector: its place among those who report."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA) as change:
            change.update("workshop", visitor.workshop_id, team_shown=place)
            change.log_activity(Verb.TEAM_SHOWN, str(place))

    def show_view(self, visitor: Visitor, view: BoardView) -> None:
        """Choose what the board shows at the ranking; management may compare there as well."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        view = BoardView(view)
        with self._database.change(visitor, AGENDA) as change:
            before = workshop_of(change, visitor.workshop_id).board_view
            change.update("workshop", visitor.workshop_id, board_view=view)
            change.log_activity(Verb.VIEW_SHOWN, view, before, view)

    def show_points(self, visitor: Visitor, points: float) -> None:
        """Choose the improvement, in percentage points, at which the board compares the steps."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        with self._database.change(visitor, AGENDA) as change:
            before = workshop_of(change, visitor.workshop_id)
            change.update(
                "workshop", visitor.workshop_id, points=replace(before, points=points).points
            )
            change.log_activity(Verb.POINTS_SHOWN, "", before.points, points)

    def choose_steps(self, visitor: Visitor, steps: Collection[int]) -> None:
        """Choose the steps that the room works on; the facts of the others stay as they are.

        Raises ValueError where the funnel does not have one of them, and StoreError where there is
        none, or where a line that would have to go is locked.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA) as change:
            known = range(len(funnel_of(change, visitor.workshop_id).steps))
            if not set(steps) <= set(known):
                raise ValueError("A step is not in the funnel.")
            chosen = partial(agenda_lines.choose_steps, chosen=steps)
            _replace(change, Verb.STEPS_CHOSEN, "", chosen)

    def change_agenda(self, visitor: Visitor, make: Callable[[Lines], Lines]) -> None:
        """Make another agenda of the one there is: what `make` says, such as `move_up` of a line.

        Raises StoreError with its words where `make` refuses.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA) as change:
            _replace(change, Verb.AGENDA_CHANGED, "", make)

    def use_template(self, visitor: Visitor, template: str, agenda: Lines) -> None:
        """Replace the agenda by that of a template, by its code."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA) as change:
            _replace(change, Verb.AGENDA_TEMPLATE_USED, template, lambda _: agenda)

    def take_back_agenda(self, visitor: Visitor) -> None:
        """Undo the last change of the agenda. Raises StoreError where there is none to undo."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA) as change:
            workshop = workshop_of(change, visitor.workshop_id)
            before, former = workshop.agenda, workshop.former_agenda
            if before is None or former is None:
                raise StoreError("No change of the agenda is left to undo.")
            change.update(
                "workshop", visitor.workshop_id, agenda=agenda_json(former), former_agenda=None
            )
            change.log_activity(
                Verb.AGENDA_TAKEN_BACK, "", agenda_values(before), agenda_values(former)
            )


def _replace(change: Change, verb: Verb, subject: str, make: Callable[[Lines], Lines]) -> None:
    """Keep what `make` makes of the agenda, and the one before it for who undoes this.

    What is pressed twice changes nothing the second time, so that it can still be undone.
    """
    steps = len(funnel_of(change, change.workshop_id).steps)
    before = workshop_of(change, change.workshop_id).made_agenda(steps)
    try:
        after = make(before)
    except ValueError as problem:
        raise StoreError(str(problem)) from problem
    if after == before:
        return
    change.update(
        "workshop",
        change.workshop_id,
        agenda=agenda_json(after),
        former_agenda=agenda_json(before),
        steps=None,
    )
    change.log_activity(verb, subject, agenda_values(before), agenda_values(after))
