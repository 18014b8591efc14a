"""Ideas: what people write down, what they expect of it, and what it does to the funnel.

Shares are fractions 0..1, effort is in person-days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from workshop.domain.checks import (
    NAME_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    refuse_long,
    refuse_outside,
    refuse_text,
)
from workshop.domain.people import Owner, Side
from workshop.domain.text import clean_fields


class Lever(StrEnum):
    """What an idea moves: a step's conversion, the number of entrants, or the deal value."""

    CONVERSION = "conversion"
    VOLUME = "volume"
    DEAL_VALUE = "deal_value"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What somebody believes, as fractions: low ≤ likely ≤ high. Read as Beta-PERT."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        for name in ("low", "likely", "high"):
            refuse_outside(f"the {name} estimate", getattr(self, name), 0, 1)
        if not self.low <= self.likely <= self.high:
            raise ValueError(
                f"the estimate {self.low:g} / {self.likely:g} / {self.high:g} is out of order; "
                "it must be low ≤ likely ≤ high"
            )


@dataclass(frozen=True, slots=True)
class Effect:
    """What an idea does to the funnel.

    A conversion effect recovers the fraction `recovers` of what step `step` (an index) loses —
    for `reason` and in `segment`, or for all reasons and in all segments. The rescued are worth
    `quality` of an ordinary prospect further down; with probability `success` the idea works at
    all. Where `recovers` is not what people estimated, `estimated` is: ideas that were estimated
    alike share their fate in a simulation. VOLUME and DEAL_VALUE read `recovers` as a relative
    uplift of entrants or deal value; they have no step.
    """

    step: int | None
    recovers: Estimate
    reason: str | None = None
    quality: float = 1.0
    success: float = 1.0
    lever: Lever = Lever.CONVERSION
    segment: str | None = None
    estimated: Estimate | None = None

    def __post_init__(self) -> None:
        refuse_outside("the quality", self.quality, 0, 1)
        refuse_outside("the chance of success", self.success, 0, 1)
        if self.lever is Lever.CONVERSION:
            if self.step is None or self.step < 0:
                raise ValueError(f"the step is {self.step}; it must be an index from 0")
        elif any(aim is not None for aim in (self.step, self.reason, self.segment)):
            raise ValueError(f"a {self.lever} effect has no step, no reason and no segment")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An idea to choose from: its effect and its person-days per department."""

    name: str
    effect: Effect
    effort: Mapping[str, float]

    def __post_init__(self) -> None:
        for department, days in self.effort.items():
            refuse_outside(f"the effort of {department} for '{self.name}'", days, 0, 1e6)


@dataclass(frozen=True, slots=True)
class IdeaDraft:
    """What a mini-team writes down about one improvement."""

    title: str
    recovers: Estimate
    plan: str = ""
    reason: str | None = None
    days_sales: float = 0.0
    days_marketing: float = 0.0
    owner: str = ""
    segment: str | None = None

    def __post_init__(self) -> None:
        clean_fields(self, "title", "plan", "reason", "owner", "segment")
        refuse_text("the title", self.title, TITLE_LENGTH)
        refuse_long("the plan", self.plan, TEXT_LENGTH)
        refuse_long("the owner", self.owner, NAME_LENGTH)
        refuse_outside("the sales effort in days", self.days_sales, 0, 10_000)
        refuse_outside("the marketing effort in days", self.days_marketing, 0, 10_000)

    @property
    def stripped(self) -> IdeaDraft:
        """As it is kept: no blanks around the title and the owner."""
        return replace(self, title=self.title.strip(), owner=self.owner.strip())

    @property
    def characters(self) -> int:
        return len(self.title) + len(self.plan) + len(self.owner)

    @property
    def days(self) -> float:
        return self.days_sales + self.days_marketing

    @property
    def department(self) -> Owner:
        """Who does the work: the side with effort, both where both have (or nobody said)."""
        if self.days_sales and not self.days_marketing:
            return Owner.SALES
        if self.days_marketing and not self.days_sales:
            return Owner.MARKETING
        return Owner.BOTH


@dataclass(frozen=True, slots=True)
class Idea:
    """A saved idea. Withdrawn and merged ones stay in the file, so undo is always there.

    `estimates` are what each side of the mini-team says last, the author's side first, whose
    estimate is the draft's; none of a file from the time before sides were asked apart. `first` is
    what those had said first that have estimated a second time.
    """

    id: str
    step: int
    team_id: str
    author: str
    draft: IdeaDraft
    created_at: datetime
    withdrawn: bool = False
    merged_into: str | None = None
    estimates: tuple[tuple[Side, Estimate], ...] = ()
    first: tuple[tuple[Side, Estimate], ...] = ()

    def __post_init__(self) -> None:
        if not dict(self.first).keys() <= dict(self.estimates).keys():
            raise ValueError("a side has estimated a second time that has not a first time")

    @property
    def counts(self) -> bool:
        return not self.withdrawn and self.merged_into is None

    @property
    def first_round(self) -> dict[Side, Estimate]:
        """What each side said before the report back."""
        return dict(self.estimates) | dict(self.first)

    @property
    def is_estimated_anew(self) -> bool:
        """Whether sales and marketing, as far as they had estimated it, have a second time."""
        return dict(self.estimates).keys() - {Side.OTHER} <= dict(self.first).keys()

    @property
    def gaps(self) -> tuple[float, float] | None:
        """How far sales and marketing lay apart in what they hold likely: first, and anew.

        Fractions of the lost; None until both have estimated a second time.
        """
        if not {Side.SALES, Side.MARKETING} <= dict(self.first).keys():
            return None
        return _gap(self.first_round), _gap(dict(self.estimates))

    def without_second_round(self) -> Idea:
        """The idea as it was before any side estimated it a second time."""
        if not self.first:
            return self
        said = tuple(self.first_round.items())
        return replace(
            self, draft=replace(self.draft, recovers=said[0][1]), estimates=said, first=()
        )

    @property
    def beliefs(self) -> tuple[Estimate, ...]:
        """What the sides believe; where nobody knows whose estimate it is, just that one."""
        return tuple(estimate for _, estimate in self.estimates) or (self.draft.recovers,)


def estimated_anew(ideas: Sequence[Idea]) -> tuple[int, int]:
    """How many sides have estimated anew all of these ideas that they had estimated, of how many.

    >>> estimated_anew([])
    (0, 0)
    """
    sides = {side for idea in ideas for side, _ in idea.estimates}
    waiting = {
        side for idea in ideas for side in sides & idea.first_round.keys() - {*dict(idea.first)}
    }
    return len(sides - waiting), len(sides)


def _gap(said: Mapping[Side, Estimate]) -> float:
    return abs(said[Side.SALES].likely - said[Side.MARKETING].likely)


@dataclass(frozen=True, slots=True)
class EstimateRequest:
    """An idea of one's own mini-team that one's own side has not estimated yet.

    It names the sides that have, and holds nothing that their figures could be told from.
    """

    idea_id: str
    step: int
    title: str
    plan: str
    reason: str | None
    estimated: tuple[Side, ...]
    segment: str | None = None

    @classmethod
    def about(cls, idea: Idea) -> EstimateRequest:
        draft, sides = idea.draft, tuple(side for side, _ in idea.estimates)
        return cls(idea.id, idea.step, draft.title, draft.plan, draft.reason, sides, draft.segment)
