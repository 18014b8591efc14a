"""The room: which workshop this is, where it is in its walk, and its timer."""

from __future__ import annotations

from dataclasses import astuple

from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import BoardView, Position, Timer
from workshop.domain.workshop import Door, Workshop
from workshop.store.doors import AGENDA, Doors
from workshop.store.records import StoreError
from workshop.store.verbs import Verb


class Room(Doors):
    """Where everybody is."""

    def workshop(self, visitor: Visitor) -> Workshop:
        return self._cached(
            visitor.workshop_id, AGENDA, "workshop", lambda: self._workshop(visitor.workshop_id)
        )

    def _workshop(self, workshop_id: str) -> Workshop:
        rows = self._read(
            "SELECT id, name, code, is_demo, phase, step, timer_ends_at, team_shown, created_at, "
            "board_view, door FROM workshop WHERE id = $1",
            workshop_id,
        )
        if not rows:
            raise StoreError("This workshop is not in the records.")
        id_, name, code, is_demo, phase, step, ends_at, team_shown, created_at, view, door = rows[0]
        return Workshop(
            id_,
            name,
            code,
            is_demo,
            Position(phase, step),
            Timer(ends_at),
            team_shown,
            created_at,
            BoardView(view or BoardView.IDEAS),  # records of an older app may say nothing
            Door(door or Door.OPEN),
        )

    def go(self, visitor: Visitor, position: Position) -> None:
        """Take the room to a place in the walk, forward or back. The timer stops."""
        visitor.must_be(Role.FACILITATOR)
        before = self.workshop(visitor).position
        with self._change(visitor, AGENDA) as change:
            change.run(
                "UPDATE workshop SET phase = $1, step = $2, timer_ends_at = NULL, team_shown = 0 "
                "WHERE id = $3",
                position.phase,
                position.step,
                visitor.workshop_id,
            )
            change.trail(
                Verb.ROOM_MOVED, position.phase, before=astuple(before), after=astuple(position)
            )

    def set_timer(self, visitor: Visitor, timer: Timer) -> None:
        visitor.must_be(Role.FACILITATOR)
        with self._change(visitor, AGENDA) as change:
            change.run(
                "UPDATE workshop SET timer_ends_at = $1 WHERE id = $2",
                timer.ends_at,
                visitor.workshop_id,
            )
            change.trail(Verb.TIMER_SET, "", after={"ends_at": timer.ends_at})

    def show_team(self, visitor: Visitor, place: int) -> None:
        """Put the ideas of one mini-team on the projector: its place among those who report."""
        visitor.must_be(Role.FACILITATOR)
        with self._change(visitor, AGENDA) as change:
            change.run(
                "UPDATE workshop SET team_shown = $1 WHERE id = $2", place, visitor.workshop_id
            )
            change.trail(Verb.TEAM_SHOWN, str(place))

    def show_view(self, visitor: Visitor, view: BoardView) -> None:
        """Choose what the board shows at the ranking; management may compare there as well."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        view = BoardView(view)
        before = self.workshop(visitor).board_view
        with self._change(visitor, AGENDA) as change:
            change.run(
                "UPDATE workshop SET board_view = $1 WHERE id = $2", view, visitor.workshop_id
            )
            change.trail(Verb.VIEW_SHOWN, view, before, view)

    def set_door(self, visitor: Visitor, door: Door) -> None:
        """Say how new people come in; who is in stays in."""
        visitor.must_be(Role.FACILITATOR)
        door = Door(door)
        before = self.workshop(visitor).door
        with self._change(visitor, AGENDA) as change:
            change.run("UPDATE workshop SET door = $1 WHERE id = $2", door, visitor.workshop_id)
            change.trail(Verb.DOOR_SET, door, before, door)
