"""The plan: the funnel, what management assumes about it, and the actions."""

from __future__ import annotations

import json

from workshop.access import Role, Visitor
from workshop.model import Action, Assumptions, Funnel, Owner, Status, Step
from workshop.store.records import Change, Records, Row, as_json, now, plain

PLAN = "plan"


class Plan(Records):
    """What the room works on and what it decided."""

    def _insert_funnel(self, change: Change, funnel: Funnel) -> None:
        workshop_id, version = change.visitor.workshop_id, 1
        change.insert(
            "funnel",
            workshop_id=workshop_id,
            version=version,
            deal_value=funnel.deal_value,
            currency=funnel.currency,
            period_days=funnel.period_days,
            created_at=now(),
        )
        for place, step in enumerate(funnel.steps):
            change.insert(
                "step",
                workshop_id=workshop_id,
                version=version,
                place=place,
                source=step.source,
                target=step.target,
                entered=step.entered,
                advanced=step.advanced,
                owner=step.owner,
                benchmark=step.benchmark,
                losses=as_json(dict(step.losses)),
            )

    def funnel(self, visitor: Visitor) -> Funnel:
        """The newest version of the funnel, as it was read."""
        return self._cached(
            visitor.workshop_id, PLAN, "funnel", lambda: self._funnel(visitor.workshop_id)
        )

    def _funnel(self, workshop_id: str) -> Funnel:
        [(version, deal_value, currency, period_days)] = self._read(
            "SELECT version, deal_value, currency, period_days FROM funnel "
            "WHERE workshop_id = $1 ORDER BY version DESC LIMIT 1",
            workshop_id,
        )
        steps = tuple(
            Step(source, target, entered, advanced, json.loads(losses), Owner(owner), benchmark)
            for source, target, entered, advanced, owner, benchmark, losses in self._read(
                "SELECT source, target, entered, advanced, owner, benchmark, losses FROM step "
                "WHERE workshop_id = $1 AND version = $2 ORDER BY place",
                workshop_id,
                version,
            )
        )
        return Funnel(steps, deal_value, currency, period_days)

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

    def assume(self, visitor: Visitor, assumptions: Assumptions) -> None:
        visitor.must_be(Role.MANAGER)
        before = self.assumptions(visitor)
        with self._change(visitor, PLAN) as change:
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
            change.trail("assumed", "", plain(before), plain(assumptions))

    def actions(self, visitor: Visitor) -> tuple[Action, ...]:
        """What was committed, oldest first."""
        return self._cached(
            visitor.workshop_id, PLAN, "actions", lambda: self._actions(visitor.workshop_id)
        )

    def _actions(self, workshop_id: str) -> tuple[Action, ...]:
        rows = self._read(
            "SELECT id, idea_id, title, owner, co_owner, kpi, baseline, target, due, first_step, "
            "status FROM action WHERE workshop_id = $1 ORDER BY created_at, id",
            workshop_id,
        )
        return tuple(_read_action(row) for row in rows)

    def commit(self, visitor: Visitor, action: Action) -> None:
        """Turn an idea into an action; the same id again replaces what it said."""
        visitor.must_be(Role.MANAGER, Role.FACILITATOR)
        with self._change(visitor, PLAN) as change:
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
            change.trail("committed", action.id, after=plain(action))

    def activity(self, visitor: Visitor) -> list[Row]:
        """The audit trail, newest first: when, role, person, verb, subject, before, after."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        return self._read(
            "SELECT happened_at, role, person_id, verb, subject, before, after FROM activity "
            "WHERE workshop_id = $1 ORDER BY number DESC",
            visitor.workshop_id,
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
