"""The agenda: where the room is in its walk, its timer, and what the board shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace

from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import BoardView, Position, Timer
from workshop.store.copies import Copies
from workshop.store.database import Database, as_json
from workshop.store.funnels import funnel_of
from workshop.store.topics import AGENDA
from workshop.store.verbs import Verb
from workshop.store.workshops import workshop_of


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
                "UPDATE workshop SET phase = $1, step = $2, timer_ends_at = NULL, team_shown = 0 "
                "WHERE id = $3",
                position.phase,
                position.step,
                visitor.workshop_id,
            )
            change.log_activity(
                Verb.ROOM_MOVED, position.phase, before=astuple(before), after=astuple(position)
            )
        self._copies.make_soon()

    def set_timer(self, visitor: Visitor, timer: Timer) -> None:
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA) as change:
            change.update("workshop", visitor.workshop_id, timer_ends_at=timer.ends_at)
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

    def choose_steps(self, visitor: Visitor, steps: Sequence[int]) -> None:
        """Choose the steps that the room works on; of the others it sees the facts.

        Raises ValueError where there is none, or one that the funnel does not have.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, AGENDA) as change:
            known = range(len(funnel_of(change, visitor.workshop_id).steps))
            if not set(steps) <= set(known):
                raise ValueError("A step is not in the funnel.")
            before = workshop_of(change, visitor.workshop_id)
            chosen = replace(before, steps=tuple(sorted(set(steps)))).steps
            change.update("workshop", visitor.workshop_id, steps=as_json(chosen))
            change.log_activity(Verb.STEPS_CHOSEN, "", before.steps, chosen)
