"""The plan: what management assumes about the funnel, and the actions."""

from __future__ import annotations

import json
from collections.abc import Sequence

from workshop.domain.access import Role, Visitor
from workshop.domain.action import Action, Status
from workshop.domain.assumptions import Assumptions
from workshop.domain.text import refuse_id
from workshop.store.numbers import PLAN, Numbers
from workshop.store.records import Row, StoreError, as_json, now, plain
from workshop.store.verbs import Verb

# In all that is agreed, so that a backup holds it.
MOST_CHARACTERS_OF_ACTIONS = 1_000_000


class Plan(Numbers):
    """What management assumes, and what the room decided."""

    def assumptions(self, visitor: Visitor) -> Assumptions:
        return self._cached(
            visitor.workshop_id, PLAN, "assumptions", lambda: self._assumptions(visitor.workshop_id)
        )

    def _assumptions(self, workshop_id: str) -> Assumptions:
        [(deal_value, period_days, benchmarks, quality, success)] = self._read(
            "SELECT deal_value, period_days, benchmarks, quality, success FROM assumptions "
            "WHERE workshop_id = $1",
            workshop_id,
        )
        known = tuple(json.loads(benchmarks)) if benchmarks else None
        return Assumptions(deal_value, period_days, known, quality, success)

    def assume(
        self, visitor: Visitor, assumptions: Assumptions, *, submission_id: str = ""
    ) -> None:
        """Keep what management assumes. Raises Repeated where this submission was taken before."""
        visitor.must_be(Role.MANAGER)
        before = self.assumptions(visitor)
        with self._change(visitor, PLAN, submission_id=submission_id) as change:
            change.run(
                "UPDATE assumptions SET deal_value = $1, period_days = $2, benchmarks = $3, "
                "quality = $4, success = $5 WHERE workshop_id = $6",
                assumptions.deal_value,
                assumptions.period_days,
                as_json(assumptions.benchmarks),
                assumptions.quality,
                assumptions.success,
                visitor.workshop_id,
            )
            change.trail(Verb.ASSUMPTIONS_SAVED, "", plain(before), plain(assumptions))

    def actions(self, visitor: Visitor) -> tuple[Action, ...]:
        """What was committed, oldest first; the room reads it from the board."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER, Role.ROOM)
        return self._cached(
            visitor.workshop_id, PLAN, "actions", lambda: self._actions(visitor.workshop_id)
        )

    def _actions(self, workshop_id: str) -> tuple[Action, ...]:
        rows = self._read(
            "SELECT id, idea_id, title, owner, co_owner, kpi, baseline, target, due, first_step, "
            "status FROM action WHERE workshop_id = $1 ORDER BY number",
            workshop_id,
        )
        return tuple(_read_action(row) for row in rows)

    def commit(self, visitor: Visitor, action: Action, *, submission_id: str = "") -> None:
        """Turn an idea into an action; the same id again replaces what it said.

        Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.MANAGER)
        refuse_id("this action", action.id)
        with self._change(visitor, PLAN, submission_id=submission_id) as change:
            change.must_own("idea", action.idea_id)
            change.must_own("action", action.id, or_new=True)
            _refuse_too_much(action, self._actions(visitor.workshop_id))
            change.upsert(
                "action",
                {
                    "id": action.id,
                    "workshop_id": visitor.workshop_id,
                    "idea_id": action.idea_id,
                    "created_at": now(),
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
            change.trail(Verb.ACTION_SAVED, action.id, after=plain(action))

    def activity(self, visitor: Visitor) -> list[Row]:
        """The audit trail, newest first: when, role, person, verb, subject, before, after."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        return self._read(
            "SELECT happened_at, role, person_id, verb, subject, before, after FROM activity "
            "WHERE workshop_id = $1 ORDER BY number DESC",
            visitor.workshop_id,
        )


def _refuse_too_much(action: Action, held: Sequence[Action]) -> None:
    others = sum(other.characters for other in held if other.id != action.id)
    if others + action.characters > MOST_CHARACTERS_OF_ACTIONS:
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
