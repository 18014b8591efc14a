"""The workshop's records: the one room that speaks SQL.

Every change is one transaction with its row in `activity`; a call returns after COMMIT, and
only then are the screens told. Rights are checked here again, whatever a page has checked.
"""

from __future__ import annotations

from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase
from workshop.domain.checks import TITLE_LENGTH, refuse_text
from workshop.domain.funnel import Funnel
from workshop.domain.origin import Origin
from workshop.domain.text import cleaned
from workshop.store.backup import Backups
from workshop.store.doors import AGENDA
from workshop.store.numbers import PLAN, FunnelVersion
from workshop.store.records import Repeated, StoreError, now
from workshop.store.seats import IDEAS, SEATS, UnknownCode, team_topic
from workshop.store.second_devices import Asking
from workshop.store.verbs import Verb

__all__ = [
    "AGENDA",
    "IDEAS",
    "PLAN",
    "SEATS",
    "Asking",
    "FunnelVersion",
    "Repeated",
    "Store",
    "StoreError",
    "UnknownCode",
    "team_topic",
]


class Store(Backups):
    """All records of all workshops."""

    def start(
        self, name: str, funnel: Funnel, origin: Origin | None = None, *, is_demo: bool = False
    ) -> Visitor:
        """A new workshop in its lobby; returns its facilitator."""
        name = cleaned(name).strip()
        refuse_text("the name of the workshop", name, TITLE_LENGTH)
        visitor = Visitor(Role.FACILITATOR, uuid4().hex, is_starter=True)
        with self._change(visitor, AGENDA, PLAN, SEATS) as change:
            change.insert(
                "workshop",
                id=visitor.workshop_id,
                name=name,
                code=self._free_code(),
                is_demo=is_demo,
                phase=Phase.LOBBY,
                team_shown=0,
                created_at=now(),
            )
            self._insert_funnel(change, funnel, origin)
            change.insert("assumptions", workshop_id=visitor.workshop_id, quality=1.0, success=1.0)
            change.trail(Verb.WORKSHOP_STARTED, name)
        return visitor
