"""What one drawing reads of the records: each of them once; what follows from it, once for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import pandas as pd

from workshop.analysis.agreed import agreed_gain, with_agreed
from workshop.analysis.outcome import Limit, limit_of
from workshop.analysis.planning import BestPlan
from workshop.analysis.planning import best_plan as choose_plan
from workshop.analysis.portfolio import Infeasible
from workshop.analysis.ranking import assumed, effects
from workshop.analysis.ranking import ranking as rank_ideas
from workshop.analysis.ranking import worth as worth_of_ideas
from workshop.analysis.second_look import Look, looks
from workshop.domain.access import Visitor
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Choice
from workshop.domain.commitment import Commitment
from workshop.domain.company import CompanyRecord
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Effect, Idea
from workshop.domain.people import Team
from workshop.domain.workshop import Workshop
from workshop.live import services
from workshop.live.laptop import Laptop
from workshop.store import PLAN

Value = TypeVar("Value")
OWN = Laptop()


@dataclass(frozen=True)
class Snapshot:
    """What a visitor may see of their workshop now. `measured` is the funnel as the file says it.

    `ideas` are those that the visitor may read; `plan_version` is how new the funnel, the
    assumptions and the plan are. `shown_steps` is how many steps, from the first, the visitor may
    see the numbers of, and None where that is all: the others are masked in both funnels.
    `laptop` is what the device is at from which a mini-team looks.
    """

    who: Visitor
    plan_version: int
    workshop: Workshop
    measured: Funnel
    assumptions: Assumptions
    teams: tuple[Team, ...]
    ideas: tuple[Idea, ...]
    shown_steps: int | None = None
    laptop: Laptop = OWN

    def is_masked(self, step: int | None = None) -> bool:
        """Whether a step's numbers are hidden from the visitor; without one, whether any are."""
        return self.shown_steps is not None and (step is None or step >= self.shown_steps)

    @cached_property
    def funnel(self) -> Funnel:
        """The funnel under management's assumptions."""
        return self.of_numbers("funnel", lambda: assumed(self.measured, self.assumptions))

    @cached_property
    def seated(self) -> tuple[Team, ...]:
        """The mini-teams in which somebody sits."""
        return tuple(team for team in self.teams if team.people)

    @cached_property
    def team_names(self) -> dict[str, str]:
        """The names of the mini-teams by their ids."""
        return {team.id: team.name for team in self.teams}

    @cached_property
    def counted(self) -> tuple[Idea, ...]:
        """The ideas that count, oldest first."""
        return tuple(idea for idea in self.ideas if idea.counts)

    @cached_property
    def _effects(self) -> dict[str, Effect]:
        return dict(
            zip(
                (idea.id for idea in self.counted),
                effects(self.counted, self.assumptions),
                strict=True,
            )
        )

    def effects(self, ideas: Iterable[Idea]) -> list[Effect]:
        """What these ideas will probably do; each of them counts."""
        return [self._effects[idea.id] for idea in ideas]

    @cached_property
    def commitments(self) -> tuple[Commitment, ...]:
        """What was committed to, oldest first."""
        return services.store().commitments.all(self.who)

    @cached_property
    def actions(self) -> tuple[Commitment, ...]:
        """The improvements among them: ideas that somebody signed for."""
        return tuple(one for one in self.commitments if one.is_improvement)

    @cached_property
    def record(self) -> CompanyRecord | None:
        """All that is known of the company; None as long as the room still guesses."""
        return services.store().companies.record(self.who)

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """What became of everything that was promised until now, by the numbers of today."""
        return looks(self.record, self.workshop.id) if self.record else ()

    @cached_property
    def choice(self) -> Choice:
        """What management asks of the best plan."""
        return services.store().constraints.current(self.who)

    @cached_property
    def planned(self) -> Choice:
        """What the best plan has to respect: what management asks, and what is agreed."""
        return with_agreed(self.choice, self.ideas, self.actions)

    @cached_property
    def agreed_gain(self) -> float:
        """What the actions that nobody has dropped bring together, money a year."""
        return agreed_gain(self.measured, self.assumptions, self.ideas, self.actions)

    @cached_property
    def limit(self) -> Limit | None:
        """The stage that can serve no more, if management has said that one cannot."""
        return limit_of(self.funnel, self.assumptions)

    def is_held_up(self, idea_id: str) -> bool:
        """Whether an idea brings nothing until that stage can serve more."""
        return self.limit is not None and self.limit.holds_up(self.idea(idea_id).step)

    def idea(self, idea_id: str) -> Idea:
        return next(idea for idea in self.ideas if idea.id == idea_id)

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """All ideas of the snapshot, best first, money a year."""
        return self.computed(
            "ranking",
            lambda: rank_ideas(self.measured, self.assumptions, self.ideas, self.team_names),
        )

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """The part of the ranking that counts."""
        return self.ranking[self.ranking["state"] == "counts"]

    @cached_property
    def best_plan(self) -> BestPlan | str:
        """The best plan from these ideas, or a sentence why none fits."""

        def choose() -> BestPlan | str:
            try:
                return choose_plan(self.measured, self.assumptions, self.ideas, self.planned)
            except Infeasible as problem:
                return f"No plan fits: {problem}."

        return self.computed("best plan", choose)

    def worth(self, ideas: tuple[Idea, ...]) -> dict[str, dict[str, float]]:
        """What each of these ideas brings alone if it works as estimated, money a year."""
        return self.computed(
            f"worth of {[idea.id for idea in ideas]}",
            lambda: worth_of_ideas(self.measured, self.assumptions, ideas),
        )

    def computed(self, name: str, build: Callable[[], Value]) -> Value:
        """What `build` makes of this snapshot, once for all screens that see the same."""
        key = (name, self.plan_version, self._seen)
        value: Value = services.cached_by_version(self.who.workshop_id, key, build)
        return value

    def of_numbers(self, name: str, build: Callable[[], Value]) -> Value:
        """What follows from the numbers alone, once for all screens that see the same of them."""
        key = (name, self.plan_version, self.shown_steps)
        value: Value = services.cached_by_version(self.who.workshop_id, key, build)
        return value

    @cached_property
    def _seen(self) -> int:
        # By what the ideas say: other mini-teams' change nothing for who may not read them.
        return hash((self.ideas, tuple(self.team_names.items()), self.shown_steps))


def take(who: Visitor, laptop: Laptop = OWN) -> Snapshot:
    """What this visitor may see now."""
    store = services.store()
    # The version first: what is committed in between is then looked up anew, never overlooked.
    version = store.version(who.workshop_id, PLAN)
    return Snapshot(
        who,
        version,
        store.workshops.get(who),
        store.funnels.current(who),
        store.assumptions.current(who),
        store.seats.teams(who),
        store.ideas.readable(who),
        store.questions.shown_steps(who),
        laptop,
    )
