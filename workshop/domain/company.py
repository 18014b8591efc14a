"""A company: what outlives an afternoon. Its workshops, what was promised in them, and what came
of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workshop.domain.agreement import Agreement, Signature
from workshop.domain.checks import TITLE_LENGTH, refuse_text
from workshop.domain.commitment import CheckIn, Commitment, Reading, Status
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Idea
from workshop.domain.question import QuestionKey
from workshop.domain.settlement import Settlement
from workshop.domain.text import clean_fields


@dataclass(frozen=True, slots=True)
class Company:
    """Whose workshops these are."""

    id: str
    name: str

    def __post_init__(self) -> None:
        clean_fields(self, "name")
        refuse_text("the name of the company", self.name, TITLE_LENGTH)


@dataclass(frozen=True, slots=True)
class PastWorkshop:
    """One workshop of a company, and the numbers that it worked with last.

    `first_day` and `last_day` are those that its files spoke of, where that is known.
    """

    id: str
    name: str
    created_at: datetime
    funnel: Funnel
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A commitment, and all that is known of it since.

    `began_with` is the funnel of its workshop as it was when two people signed, `idea` the idea
    that it came from, if it came from one.
    """

    commitment: Commitment
    workshop_id: str
    made_at: datetime
    began_with: Funnel
    idea: Idea | None
    check_ins: tuple[CheckIn, ...] = ()
    readings: tuple[Reading, ...] = ()

    @property
    def step(self) -> Step | None:
        """The step whose rate it is to move, as it was counted when two people signed."""
        return None if self.idea is None else self.began_with.steps[self.idea.step]

    @property
    def last_said(self) -> CheckIn | None:
        """What its owners said last."""
        return self.check_ins[-1] if self.check_ins else None

    @property
    def is_kept(self) -> bool | None:
        """What its owners say: None as long as nobody has said anything."""
        if self.last_said is not None:
            return self.last_said.is_kept
        status = self.commitment.status
        return True if status is Status.DONE else False if status is Status.DROPPED else None


@dataclass(frozen=True, slots=True)
class CompanyRecord:
    """A company with its workshops, oldest first, and everything that was promised in them."""

    company: Company
    workshops: tuple[PastWorkshop, ...]
    followed: tuple[Followed, ...]

    def workshop(self, workshop_id: str) -> PastWorkshop:
        return next(one for one in self.workshops if one.id == workshop_id)

    def before(self, workshop_id: str) -> Sequence[PastWorkshop]:
        """The workshops that were before this one, oldest first."""
        numbers = [one.id for one in self.workshops]
        return self.workshops[: numbers.index(workshop_id)]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a workshop has settled on, and what was drafted and signed there.

    `taken_back` are the questions of which nothing holds there that was settled before; versions
    of the agreement are oldest first. `stages` are those of its newest numbers.
    """

    workshop_id: str
    workshop_name: str
    stages: tuple[str, ...]
    settled: tuple[Settlement, ...] = ()
    taken_back: frozenset[QuestionKey] = frozenset()
    agreements: tuple[Agreement, ...] = ()
    signatures: tuple[Signature, ...] = ()
