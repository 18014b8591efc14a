"""Actions: what the room decided to do."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.domain.access import Role, Visitor
from workshop.domain.action import Action, Status
from workshop.domain.text import refuse_id
from workshop.store import clock
from workshop.store.database import Change, Database, Source, as_values
from workshop.store.engine import Row, Run
from workshop.store.errors import StoreError
from workshop.store.question_rows import shown_steps
from workshop.store.tables import (
    CREATED_AT,
    DAY,
    ID,
    NUMBER,
    TEXT,
    WORKSHOP_ID,
    Column,
    Table,
)
from workshop.store.topics import PLAN
from workshop.store.verbs import Verb

TABLES = (
    Table(
        "action",
        (
            Column("id", ID),
            WORKSHOP_ID,
            Column("idea_id", ID, points_to="idea"),
            Column("title", TEXT),
            Column("owner", TEXT),
            Column("co_owner", TEXT),
            Column("kpi", TEXT),
            Column("baseline", NUMBER),
            Column("target", NUMBER),
            Column("due", DAY),
            Column("first_step", TEXT),
            Column("status", TEXT),
            CREATED_AT,
        ),
        ("id",),
        numbered_by="row_order",
    ),
)
# In all that is agreed, so that a backup holds it.
MOST_CHARACTERS_OF_ACTIONS = 1_000_000


class Actions:
    """What was agreed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, visitor: Visitor) -> tuple[Action, ...]:
        """What was committed, oldest first; the room reads it from the board."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR)
        actions = actions_of(self._database, visitor.workshop_id)
        # Their KPIs tell the rates that the room may still be guessing.
        return actions if shown_steps(self._database, visitor) is None else ()

    def save(self, visitor: Visitor, *actions: Action, submission_id: str = "") -> None:
        """Turn ideas into actions, all or none; the same id again replaces what it said.

        Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.MANAGER)
        for action in actions:
            refuse_id("this action", action.id)
        with self._database.change(visitor, PLAN, submission_id=submission_id) as change:
            _refuse_too_much(actions, actions_of(change, visitor.workshop_id))
            for action in actions:
                _save(change, action)


def _save(change: Change, action: Action) -> None:
    change.must_own("idea", action.idea_id)
    change.must_own("action", action.id, or_new=True)
    change.upsert(
        "action",
        {
            "id": action.id,
            "workshop_id": change.workshop_id,
            "idea_id": action.idea_id,
            "created_at": clock.now(),
        },
        title=action.title,
        owner=action.owner,
        co_owner=action.co_owner,
        kpi=action.kpi,
        baseline=action.baseline,
        target=action.target,
        due=action.due,
        first_step=action.first_step,
        status=action.status,
    )
    change.log_activity(Verb.ACTION_SAVED, action.id, after=as_values(action))


def actions_of(source: Source, workshop_id: str) -> tuple[Action, ...]:
    """What was committed, oldest first."""
    return source.cached(workshop_id, PLAN, "actions", lambda read: _load(read, workshop_id))


def _load(read: Run, workshop_id: str) -> tuple[Action, ...]:
    rows = read(
        "SELECT id, idea_id, title, owner, co_owner, kpi, baseline, target, due, first_step, "
        "status FROM action WHERE workshop_id = $1 ORDER BY number",
        workshop_id,
    )
    return tuple(_read_action(row) for row in rows)


def _refuse_too_much(actions: Sequence[Action], held: Sequence[Action]) -> None:
    new = {action.id for action in actions}
    others = sum(other.characters for other in held if other.id not in new)
    saved = sum(action.characters for action in actions)
    if others + saved > MOST_CHARACTERS_OF_ACTIONS:
        raise StoreError(
            f"All actions may have {MOST_CHARACTERS_OF_ACTIONS:,} characters together. "
            "Shorten what some of them begin with."
        )


def _read_action(row: Row) -> Action:
    id_, idea_id, title, owner, co_owner, kpi, baseline, target, due, first_step, status = row
    return Action(
        id_,
        idea_id,
        title,
        owner,
        co_owner,
        kpi,
        baseline,
        target,
        due,
        first_step,
        Status(status),
    )
