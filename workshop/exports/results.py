"""What a workshop has come to: all that its exports are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from workshop.analysis.agreed import agreed_gain, wanted
from workshop.analysis.planning import BestPlan
from workshop.analysis.ranking import assumed
from workshop.analysis.second_look import Look
from workshop.domain.assumptions import Assumptions
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Idea
from workshop.domain.origin import Origin
from workshop.domain.scenario import Scenario
from workshop.domain.settlement import Settlement
from workshop.exports.rows import Row, prioritised, promises, records


@dataclass(frozen=True)
class Results:
    """A workshop on the day that somebody takes its results home.

    `measured` is the funnel as its file says it; `ranking` is the table of `ranking.ranking`, one
    row for each of the `ideas`. `plan` is None where no plan fits, `origin` where nobody knows it.
    `settled` is what the room has settled on and what holds. `actions` are the improvements, and
    `others` the habits, hand-offs and clauses that were promised too; `looks` say what became of
    what earlier workshops of the company promised.
    """

    workshop_name: str
    measured: Funnel
    assumptions: Assumptions
    ideas: Sequence[Idea]
    ranking: pd.DataFrame
    actions: Sequence[Commitment]
    day: date
    plan: BestPlan | None = None
    scenarios: Sequence[Scenario] = ()
    origin: Origin | None = None
    settled: Sequence[Settlement] = ()
    others: Sequence[Commitment] = ()
    looks: Sequence[Look] = ()

    def __post_init__(self) -> None:
        if sorted(self.ranking["id"]) != sorted(idea.id for idea in self.ideas):
            raise ValueError("the ranking is of other ideas; give the ideas that it ranks")

    @cached_property
    def funnel(self) -> Funnel:
        """The funnel under management's assumptions."""
        return assumed(self.measured, self.assumptions)

    @cached_property
    def idea_rows(self) -> list[Row]:
        """The ideas by the columns of the ranking, best first."""
        return records(self.ranking)

    @cached_property
    def wanted(self) -> list[Row]:
        """The rows of the actions that nobody has dropped, the largest expected gain first."""
        return prioritised(wanted(self.actions), self.idea_rows)

    @cached_property
    def other_rows(self) -> list[Row]:
        """The rows of COMMITMENTS for the others that nobody has dropped."""
        return promises(wanted(self.others))

    @cached_property
    def agreed_gain(self) -> float:
        """What these bring together, money a year."""
        return agreed_gain(self.measured, self.assumptions, self.ideas, self.actions)

    @property
    def last_due(self) -> date | None:
        """The day after which the last of these should show; None where there are none."""
        return max((row["due"] for row in self.wanted), default=None)
