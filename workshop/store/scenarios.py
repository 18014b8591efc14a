"""Scenarios: named sets of assumptions."""

from __future__ import annotations

import json

from workshop.domain.access import Role, Visitor
from workshop.domain.scenario import Scenario
from workshop.store import clock
from workshop.store.assumptions import rate_of_before
from workshop.store.database import Database, Source, as_json, as_values
from workshop.store.engine import Run
from workshop.store.errors import StoreError
from workshop.store.funnels import versions_of
from workshop.store.tables import (
    CREATED_AT,
    INTEGER,
    JSON,
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
        "scenario",
        (
            WORKSHOP_ID,
            Column("name", TEXT),
            Column("entrants", NUMBER),
            Column("rates", JSON),
            Column("deal_value", NUMBER),
            Column("quality", NUMBER),
            # Before, nobody was asked, and 1 stood for that.
            Column("success_rate", NUMBER, may_be_empty=True, before=rate_of_before),
            Column("funnel_version", INTEGER, may_be_empty=True, before=lambda row: None),
            CREATED_AT,
        ),
        ("workshop_id", "name"),
        numbered_by="row_order",
    ),
)
MOST_SCENARIOS = 12


class Scenarios:
    """Under which assumptions management compares."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, visitor: Visitor) -> tuple[Scenario, ...]:
        """The named sets of assumptions, oldest first."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        return scenarios_of(self._database, visitor.workshop_id)

    def save(self, visitor: Visitor, scenario: Scenario) -> None:
        """Keep a named set; the same name again replaces what it said."""
        visitor.must_be(Role.MANAGER)
        with self._database.change(visitor, PLAN) as change:
            held = {known.name: known for known in scenarios_of(change, visitor.workshop_id)}
            if scenario.name not in held and len(held) >= MOST_SCENARIOS:
                raise StoreError(f"{MOST_SCENARIOS} scenarios are kept at most; remove one first.")
            version = versions_of(change, visitor.workshop_id)[0].number
            before = as_values(held[scenario.name]) if scenario.name in held else None
            change.write(
                "INSERT INTO scenario (workshop_id, name, entrants, rates, deal_value, quality, "
                "success_rate, funnel_version, created_at) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
                "ON CONFLICT (workshop_id, name) DO UPDATE SET entrants = excluded.entrants, "
                "rates = excluded.rates, deal_value = excluded.deal_value, "
                "quality = excluded.quality, success_rate = excluded.success_rate, "
                "funnel_version = excluded.funnel_version",
                visitor.workshop_id,
                scenario.name,
                scenario.entrants,
                as_json(scenario.rates),
                scenario.deal_value,
                scenario.quality,
                scenario.success,
                version,
                clock.now(),
            )
            change.log_activity(Verb.SCENARIO_SAVED, scenario.name, before, as_values(scenario))

    def remove(self, visitor: Visitor, name: str) -> None:
        """Remove a named set; the activity log keeps what it said."""
        visitor.must_be(Role.MANAGER)
        with self._database.change(visitor, PLAN) as change:
            scenarios = scenarios_of(change, visitor.workshop_id)
            held = [as_values(known) for known in scenarios if known.name == name]
            change.write(
                "DELETE FROM scenario WHERE workshop_id = $1 AND name = $2",
                visitor.workshop_id,
                name,
            )
            change.log_activity(Verb.SCENARIO_REMOVED, name, before=held[0] if held else None)


def scenarios_of(source: Source, workshop_id: str) -> tuple[Scenario, ...]:
    """The named sets of assumptions, oldest first."""
    return source.cached(workshop_id, PLAN, "scenarios", lambda read: _load(read, workshop_id))


def _load(read: Run, workshop_id: str) -> tuple[Scenario, ...]:
    rows = read(
        "SELECT name, entrants, rates, deal_value, quality, success_rate, funnel_version "
        "FROM scenario WHERE workshop_id = $1 ORDER BY number",
        workshop_id,
    )
    return tuple(
        Scenario(name, entrants, tuple(json.loads(rates)), *others)
        for name, entrants, rates, *others in rows
    )
