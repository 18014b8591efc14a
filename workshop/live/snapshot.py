"""What one drawing reads of the records, computed once for all screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from workshop.analysis.planning import BestPlan
from workshop.analysis.planning import best_plan as choose_plan
from workshop.analysis.portfolio import Infeasible
from workshop.analysis.ranking import ranking as rank_ideas
from workshop.analysis.ranking import worth as worth_of_ideas
from workshop.domain.access import Visitor
from workshop.domain.idea import Idea
from workshop.live import services
from workshop.store import PLAN


def of_ideas(
    name: str,
    who: Visitor,
    build: Callable[[tuple[Idea, ...]], Any],
    ideas: tuple[Idea, ...] | None = None,
) -> Any:
    """What `build` makes of these ideas, once for each state of the records.

    Without `ideas`, of all that this visitor may read.
    """
    # The version first: what is committed in between is then looked up anew, never overlooked.
    # The ideas by what they say: other mini-teams' change nothing for who may not read them.
    version = services.store().version(who.workshop_id, PLAN)
    ideas = services.store().ideas.readable(who) if ideas is None else ideas
    names = tuple((team.id, team.name) for team in services.store().seats.teams(who))
    key = (name, version, hash((ideas, names)))
    return services.cached_by_version(who.workshop_id, key, lambda: build(ideas))


def ranking(who: Visitor) -> pd.DataFrame:
    """All ideas this visitor may read, best first."""
    table: pd.DataFrame = of_ideas("ranking", who, lambda ideas: _ranked(who, ideas))
    return table


def worth(who: Visitor, ideas: tuple[Idea, ...]) -> dict[str, dict[str, float]]:
    """What each of these brings alone, in money a year, as in `ranking`."""

    def build(ideas: tuple[Idea, ...]) -> dict[str, dict[str, float]]:
        return worth_of_ideas(
            services.store().funnels.current(who), services.store().assumptions.current(who), ideas
        )

    each: dict[str, dict[str, float]] = of_ideas("worth", who, build, ideas)
    return each


def _ranked(who: Visitor, ideas: tuple[Idea, ...]) -> pd.DataFrame:
    names = {team.id: team.name for team in services.store().seats.teams(who)}
    return rank_ideas(
        services.store().funnels.current(who),
        services.store().assumptions.current(who),
        ideas,
        names,
    )


def best_plan(who: Visitor) -> BestPlan | str:
    """The best plan from the ideas this visitor may read, or a sentence why none fits."""

    def build(ideas: tuple[Idea, ...]) -> BestPlan | str:
        try:
            return choose_plan(
                services.store().funnels.current(who),
                services.store().assumptions.current(who),
                ideas,
                services.store().constraints.current(who),
            )
        except Infeasible as problem:
            return f"No plan fits: {problem}."

    plan: BestPlan | str = of_ideas("best plan", who, build)
    return plan
