"""The best plan, looked for while others are drawn."""

from __future__ import annotations

from workshop.analysis.planning import BestPlan
from workshop.live.snapshot import Snapshot
from workshop.ui.render_slots import release_slot_while


def best_plan(seen: Snapshot) -> BestPlan | str:
    """The best plan from the ideas of the snapshot, or a sentence why none fits."""
    with release_slot_while(seen.who, "Looking for the best plan …"):
        return seen.best_plan
