"""The best plan, looked for while others are drawn."""

from __future__ import annotations

from workshop.analysis.planning import BestPlan
from workshop.domain.access import Visitor
from workshop.live import snapshot
from workshop.ui.render_slots import release_slot_while


def best_plan(who: Visitor) -> BestPlan | str:
    """The best plan from the ideas this visitor may read, or a sentence why none fits."""
    with release_slot_while(who, "Looking for the best plan …"):
        return snapshot.best_plan(who)
