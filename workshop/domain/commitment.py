"""A commitment: what two people signed for, how far it is, and what was counted since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from workshop.domain.checks import (
    NAME_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    refuse_long,
    refuse_outside,
    refuse_text,
)
from workshop.domain.text import clean_fields


class CommitmentKind(StrEnum):
    """What was promised: an improvement of a step, a habit of both teams, a service level where
    one department hands over to the other, or a clause of the agreement."""

    IMPROVEMENT = "improvement"
    PLAY = "play"
    HAND_OFF = "hand_off"
    CLAUSE = "clause"


class Rhythm(StrEnum):
    """How often it is to be done."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Status(StrEnum):
    """How far a commitment is."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Commitment:
    """What two people from both sides signed for.

    An improvement comes from an idea and has a rate to reach on the idea's step; the others come
    from none. Where there is a measure, `baseline` and `target` are fractions. `funnel_version`
    says which numbers of its workshop it began with.
    """

    id: str
    idea_id: str
    title: str
    owner: str
    co_owner: str
    kpi: str
    baseline: float | None
    target: float | None
    due: date
    first_step: str
    status: Status = Status.OPEN
    kind: CommitmentKind = CommitmentKind.IMPROVEMENT
    rhythm: Rhythm = Rhythm.ONCE
    funnel_version: int = 1

    def __post_init__(self) -> None:
        clean_fields(self, "title", "owner", "co_owner", "kpi", "first_step")
        refuse_text("the title of the action", self.title, TITLE_LENGTH)
        refuse_text("the owner", self.owner, NAME_LENGTH)
        refuse_text("the co-owner from the other side", self.co_owner, NAME_LENGTH)
        if self.is_improvement:
            refuse_text("the KPI", self.kpi, TITLE_LENGTH)
            refuse_text("the first step", self.first_step, TEXT_LENGTH)
        else:
            refuse_long("the KPI", self.kpi, TITLE_LENGTH)
            refuse_long("the first step", self.first_step, TEXT_LENGTH)
        if self.is_improvement != bool(self.idea_id):
            raise ValueError("an improvement comes from an idea, and nothing else does")
        if self.is_improvement and (self.baseline is None or self.target is None):
            raise ValueError("an improvement needs a rate of today and one to reach")
        for what, rate in (("baseline", self.baseline), ("target", self.target)):
            if rate is not None:
                refuse_outside(f"the {what} rate", rate, 0, 1)

    @property
    def is_improvement(self) -> bool:
        return self.kind is CommitmentKind.IMPROVEMENT

    @property
    def characters(self) -> int:
        texts = (self.title, self.owner, self.co_owner, self.kpi, self.first_step)
        return sum(map(len, texts))

    def is_of(self, name: str) -> bool:
        """Whether this person has signed for it, however they write their name.

        >>> from datetime import date
        >>> day = date(2027, 3, 1)
        >>> walk = Commitment("1", "", "Ride along", "Ada", "Ben", "", None, None, day, "",
        ...     kind=CommitmentKind.PLAY)
        >>> walk.is_of(" ada"), walk.is_of("Al")
        (True, False)
        """
        return name.strip().casefold() in {self.owner.casefold(), self.co_owner.casefold()}


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What an owner says of a commitment: whether it is kept, and a sentence if they like."""

    commitment_id: str
    name: str
    is_kept: bool
    sentence: str
    at: datetime

    def __post_init__(self) -> None:
        clean_fields(self, "name", "sentence")
        refuse_text("the name", self.name, NAME_LENGTH)
        refuse_long("the sentence", self.sentence, TEXT_LENGTH)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted by hand for a commitment: of `entered` cases, `advanced` were as promised.

    >>> from datetime import date
    >>> Reading("1", date(2027, 3, 1), advanced=40, entered=30)
    Traceback (most recent call last):
        ...
    ValueError: the number that were as promised is 40; it must lie between 0 and 30
    """

    commitment_id: str
    day: date
    advanced: int
    entered: int

    def __post_init__(self) -> None:
        refuse_outside("the number of cases", self.entered, 1, 10**12)
        refuse_outside("the number that were as promised", self.advanced, 0, self.entered)
