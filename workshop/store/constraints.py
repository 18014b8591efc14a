"""Constraints: what the best plan has to respect."""

from __future__ import annotations

from workshop.domain.access import Role, Visitor
from workshop.domain.choice import Choice, Condition, Demand
from workshop.store import clock
from workshop.store.database import Change, Database, Source, as_values
from workshop.store.engine import Run
from workshop.store.idea_rows import idea_of
from workshop.store.tables import (
    CREATED_AT,
    ID,
    ID_OR_NOBODYS,
    NUMBER,
    TEXT,
    WORKSHOP_ID,
    Column,
    Table,
)
from workshop.store.topics import PLAN
from workshop.store.verbs import Verb

TABLES = (
    # Empty days are no limit.
    Table(
        "capacity",
        (
            WORKSHOP_ID,
            Column("days_sales", NUMBER, may_be_empty=True),
            Column("days_marketing", NUMBER, may_be_empty=True),
        ),
        ("workshop_id",),
    ),
    Table(
        "condition",
        (
            WORKSHOP_ID,
            Column("demand", TEXT),
            Column("idea_id", ID, points_to="idea"),
            Column("other_id", ID_OR_NOBODYS, points_to="idea"),
            CREATED_AT,
        ),
        ("workshop_id", "demand", "idea_id", "other_id"),
        numbered_by="row_order",
    ),
)
OPPOSITE = {Demand.MUST: Demand.BAN, Demand.BAN: Demand.MUST}


class Constraints:
    """What management has to give, and what it asks of the ideas."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, visitor: Visitor) -> Choice:
        """Capacity and conditions, the oldest condition first; the board shows the plan."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR)
        return constraints_of(self._database, visitor.workshop_id)

    def set_capacity(
        self,
        visitor: Visitor,
        sales: float | None,
        marketing: float | None,
        *,
        submission_id: str = "",
    ) -> None:
        """Give the person-days of each side; None is no limit.

        Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.MANAGER)
        capacity = Choice(sales, marketing)
        with self._database.change(visitor, PLAN, submission_id=submission_id) as change:
            before = constraints_of(change, visitor.workshop_id)
            change.write(
                "INSERT INTO capacity (workshop_id, days_sales, days_marketing) "
                "VALUES ($1, $2, $3) ON CONFLICT (workshop_id) DO UPDATE SET "
                "days_sales = excluded.days_sales, days_marketing = excluded.days_marketing",
                visitor.workshop_id,
                capacity.days_sales,
                capacity.days_marketing,
            )
            change.log_activity(
                Verb.CAPACITY_SET,
                "",
                {"sales": before.days_sales, "marketing": before.days_marketing},
                {"sales": sales, "marketing": marketing},
            )

    def add(self, visitor: Visitor, condition: Condition) -> None:
        """Keep a condition; of "must" and "must not" about one idea the newer one counts."""
        visitor.must_be(Role.MANAGER)
        with self._database.change(visitor, PLAN) as change:
            for idea_id in filter(None, (condition.idea_id, condition.other_id)):
                idea_of(change, visitor.workshop_id, idea_id)
            if condition.demand in OPPOSITE:
                _remove(change, Condition(OPPOSITE[condition.demand], condition.idea_id))
            change.write(
                "INSERT INTO condition (workshop_id, demand, idea_id, other_id, created_at) "
                "VALUES ($1, $2, $3, $4, $5) "
                "ON CONFLICT (workshop_id, demand, idea_id, other_id) DO NOTHING",
                visitor.workshop_id,
                condition.demand,
                condition.idea_id,
                condition.other_id,
                clock.now(),
            )
            change.log_activity(Verb.CONDITION_ADDED, condition.idea_id, after=as_values(condition))

    def remove(self, visitor: Visitor, condition: Condition) -> None:
        """Take a condition back."""
        visitor.must_be(Role.MANAGER)
        with self._database.change(visitor, PLAN) as change:
            _remove(change, condition)
            change.log_activity(
                Verb.CONDITION_REMOVED, condition.idea_id, before=as_values(condition)
            )


def _remove(change: Change, condition: Condition) -> None:
    change.write(
        "DELETE FROM condition WHERE workshop_id = $1 AND demand = $2 "
        "AND idea_id = $3 AND other_id = $4",
        change.workshop_id,
        condition.demand,
        condition.idea_id,
        condition.other_id,
    )


def constraints_of(source: Source, workshop_id: str) -> Choice:
    """Capacity and conditions, the oldest condition first."""
    return source.cached(workshop_id, PLAN, "constraints", lambda read: _load(read, workshop_id))


def _load(read: Run, workshop_id: str) -> Choice:
    rows = read(
        "SELECT days_sales, days_marketing FROM capacity WHERE workshop_id = $1", workshop_id
    )
    sales, marketing = rows[0] if rows else (None, None)
    conditions = read(
        "SELECT demand, idea_id, other_id FROM condition WHERE workshop_id = $1 ORDER BY number",
        workshop_id,
    )
    return Choice(
        sales,
        marketing,
        tuple(Condition(Demand(demand), one, other) for demand, one, other in conditions),
    )
