"""Assumptions: what management believes about the funnel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workshop.domain.access import Role, Visitor
from workshop.domain.assumptions import Assumptions as Assumed
from workshop.store.database import Change, Database, Source, as_json, as_values
from workshop.store.engine import Run
from workshop.store.tables import INTEGER, JSON, NUMBER, WORKSHOP_ID, Column, Table
from workshop.store.topics import PLAN
from workshop.store.verbs import Verb


def rate_of_before(row: Mapping[str, Any]) -> Any:
    """The share of ideas that work, from the row of an older app, which took 1 unless told."""
    return None if row["success"] == 1 else row["success"]


TABLES = (
    Table(
        "assumptions",
        (
            WORKSHOP_ID,
            Column("deal_value", NUMBER, may_be_empty=True),
            Column("period_days", INTEGER, may_be_empty=True),
            Column("benchmarks", JSON, may_be_empty=True),
            Column("quality", NUMBER),
            # Before, nobody was asked, and 1 stood for that.
            Column("success_rate", NUMBER, may_be_empty=True, before=rate_of_before),
            Column("revenue", NUMBER, may_be_empty=True, before=lambda row: None),
            Column("capacities", JSON, may_be_empty=True, before=lambda row: None),
        ),
        ("workshop_id",),
    ),
)


class Assumptions:
    """What management assumes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, visitor: Visitor) -> Assumed:
        return assumptions_of(self._database, visitor.workshop_id)

    def save(self, visitor: Visitor, assumed: Assumed, *, submission_id: str = "") -> None:
        """Keep what management assumes. Raises Repeated where this submission was taken before."""
        visitor.must_be(Role.MANAGER)
        with self._database.change(visitor, PLAN, submission_id=submission_id) as change:
            before = assumptions_of(change, visitor.workshop_id)
            change.write(
                "UPDATE assumptions SET deal_value = $1, period_days = $2, benchmarks = $3, "
                "quality = $4, success_rate = $5, revenue = $6, capacities = $7 "
                "WHERE workshop_id = $8",
                assumed.deal_value,
                assumed.period_days,
                as_json(assumed.benchmarks),
                assumed.quality,
                assumed.success,
                assumed.revenue,
                as_json(assumed.capacities),
                visitor.workshop_id,
            )
            change.log_activity(Verb.ASSUMPTIONS_SAVED, "", as_values(before), as_values(assumed))


def insert(change: Change, assumed: Assumed) -> None:
    """Begin a workshop with this assumed."""
    change.insert(
        "assumptions",
        workshop_id=change.workshop_id,
        deal_value=assumed.deal_value,
        period_days=assumed.period_days,
        benchmarks=as_json(assumed.benchmarks),
        quality=assumed.quality,
        success_rate=assumed.success,
        revenue=assumed.revenue,
        capacities=as_json(assumed.capacities),
    )


def assumptions_of(source: Source, workshop_id: str) -> Assumed:
    return source.cached(workshop_id, PLAN, "assumptions", lambda read: _load(read, workshop_id))


def _load(read: Run, workshop_id: str) -> Assumed:
    [(deal_value, period_days, benchmarks, quality, success, revenue, capacities)] = read(
        "SELECT deal_value, period_days, benchmarks, quality, success_rate, revenue, capacities "
        "FROM assumptions WHERE workshop_id = $1",
        workshop_id,
    )
    known = tuple(json.loads(benchmarks)) if benchmarks else None
    limits = tuple((stage, limit) for stage, limit in json.loads(capacities or "[]"))
    return Assumed(deal_value, period_days, known, quality, success, revenue, limits)
