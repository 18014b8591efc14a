"""The choice: what the best plan has to respect, and the named sets of assumptions."""

from __future__ import annotations

import json

from workshop.domain.access import Role, Visitor
from workshop.domain.choice import Choice, Condition, Demand
from workshop.domain.scenario import Scenario
from workshop.store.ideas import Ideas
from workshop.store.numbers import PLAN
from workshop.store.records import Change, StoreError, as_json, now, plain
from workshop.store.verbs import Verb

OPPOSITE = {Demand.MUST: Demand.BAN, Demand.BAN: Demand.MUST}
MOST_SCENARIOS = 12


class Choices(Ideas):
    """What management would choose from, and under which assumptions."""

    def choice(self, visitor: Visitor) -> Choice:
        """Capacity and conditions, the oldest condition first; the board shows the plan."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER, Role.ROOM)
        return self._cached(
            visitor.workshop_id, PLAN, "choice", lambda: self._choice(visitor.workshop_id)
        )

    def _choice(self, workshop_id: str) -> Choice:
        rows = self._read(
            "SELECT days_sales, days_marketing FROM capacity WHERE workshop_id = $1", workshop_id
        )
        sales, marketing = rows[0] if rows else (None, None)
        conditions = self._read(
            "SELECT demand, idea_id, other_id FROM condition WHERE workshop_id = $1 "
            "ORDER BY number",
            workshop_id,
        )
        return Choice(
            sales,
            marketing,
            tuple(Condition(Demand(demand), one, other) for demand, one, other in conditions),
        )

    def limit(
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
        limited = Choice(sales, marketing)
        before = self.choice(visitor)
        with self._change(visitor, PLAN, submission_id=submission_id) as change:
            change.run(
                "INSERT INTO capacity (workshop_id, days_sales, days_marketing) "
                "VALUES ($1, $2, $3) ON CONFLICT (workshop_id) DO UPDATE SET "
                "days_sales = excluded.days_sales, days_marketing = excluded.days_marketing",
                visitor.workshop_id,
                limited.days_sales,
                limited.days_marketing,
            )
            change.trail(
                Verb.CAPACITY_SET,
                "",
                {"sales": before.days_sales, "marketing": before.days_marketing},
                {"sales": sales, "marketing": marketing},
            )

    def demand(self, visitor: Visitor, condition: Condition) -> None:
        """Keep a condition; of "must" and "must not" about one idea the newer one counts."""
        visitor.must_be(Role.MANAGER)
        for idea_id in filter(None, (condition.idea_id, condition.other_id)):
            self._idea(visitor, idea_id)
        with self._change(visitor, PLAN) as change:
            if condition.demand in OPPOSITE:
                self._drop(change, Condition(OPPOSITE[condition.demand], condition.idea_id))
            change.run(
                "INSERT INTO condition (workshop_id, demand, idea_id, other_id, created_at) "
                "VALUES ($1, $2, $3, $4, $5) "
                "ON CONFLICT (workshop_id, demand, idea_id, other_id) DO NOTHING",
                visitor.workshop_id,
                condition.demand,
                condition.idea_id,
                condition.other_id,
                now(),
            )
            change.trail(Verb.CONDITION_ADDED, condition.idea_id, after=plain(condition))

    def waive(self, visitor: Visitor, condition: Condition) -> None:
        """Take a condition back."""
        visitor.must_be(Role.MANAGER)
        with self._change(visitor, PLAN) as change:
            self._drop(change, condition)
            change.trail(Verb.CONDITION_REMOVED, condition.idea_id, before=plain(condition))

    def _drop(self, change: Change, condition: Condition) -> None:
        change.run(
            "DELETE FROM condition WHERE workshop_id = $1 AND demand = $2 "
            "AND idea_id = $3 AND other_id = $4",
            change.visitor.workshop_id,
            condition.demand,
            condition.idea_id,
            condition.other_id,
        )

    def scenarios(self, visitor: Visitor) -> tuple[Scenario, ...]:
        """The named sets of assumptions, oldest first."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        return self._cached(
            visitor.workshop_id, PLAN, "scenarios", lambda: self._scenarios(visitor.workshop_id)
        )

    def _scenarios(self, workshop_id: str) -> tuple[Scenario, ...]:
        rows = self._read(
            "SELECT name, entrants, rates, deal_value, quality, success FROM scenario "
            "WHERE workshop_id = $1 ORDER BY number",
            workshop_id,
        )
        return tuple(
            Scenario(name, entrants, tuple(json.loads(rates)), deal_value, quality, success)
            for name, entrants, rates, deal_value, quality, success in rows
        )

    def keep_scenario(self, visitor: Visitor, scenario: Scenario) -> None:
        """Keep a named set; the same name again replaces what it said."""
        visitor.must_be(Role.MANAGER)
        held = {known.name: known for known in self.scenarios(visitor)}
        if scenario.name not in held and len(held) >= MOST_SCENARIOS:
            raise StoreError(f"{MOST_SCENARIOS} sets are kept at most; remove one first.")
        before = plain(held[scenario.name]) if scenario.name in held else None
        with self._change(visitor, PLAN) as change:
            change.run(
                "INSERT INTO scenario (workshop_id, name, entrants, rates, deal_value, quality, "
                "success, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                "ON CONFLICT (workshop_id, name) DO UPDATE SET entrants = excluded.entrants, "
                "rates = excluded.rates, deal_value = excluded.deal_value, "
                "quality = excluded.quality, success = excluded.success",
                visitor.workshop_id,
                scenario.name,
                scenario.entrants,
                as_json(scenario.rates),
                scenario.deal_value,
                scenario.quality,
                scenario.success,
                now(),
            )
            change.trail(Verb.SCENARIO_SAVED, scenario.name, before, plain(scenario))

    def drop_scenario(self, visitor: Visitor, name: str) -> None:
        """Remove a named set; the trail keeps what it said."""
        visitor.must_be(Role.MANAGER)
        held = [known for known in self.scenarios(visitor) if known.name == name]
        with self._change(visitor, PLAN) as change:
            change.run(
                "DELETE FROM scenario WHERE workshop_id = $1 AND name = $2",
                visitor.workshop_id,
                name,
            )
            change.trail(Verb.SCENARIO_REMOVED, name, before=plain(held[0]) if held else None)
