"""The vocabulary: frozen values that refuse nonsense.

Everything else in the house takes and returns these. Counts are whole people, rates and
shares are fractions 0..1, money is in the funnel's currency, effort in person-days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from math import isfinite

from workshop.text import clean_counts, clean_fields, cleaned

TITLE_LENGTH = 200
TEXT_LENGTH = 10_000
NAME_LENGTH = 80
MOST_STEPS = 50


class Side(StrEnum):
    """Where a person comes from."""

    SALES = "sales"
    MARKETING = "marketing"
    OTHER = "other"


class Owner(StrEnum):
    """The department that answers for a step or an effort."""

    SALES = "sales"
    MARKETING = "marketing"
    BOTH = "both"


class Lever(StrEnum):
    """What an idea moves: a step's conversion, the number of entrants, or the deal value."""

    CONVERSION = "conversion"
    VOLUME = "volume"
    DEAL_VALUE = "deal_value"


class Phase(StrEnum):
    """Where the room is."""

    LOBBY = "lobby"
    FACTS = "facts"
    IDEAS = "ideas"
    REPORT = "report_back"
    RANK = "rank"
    COMMIT = "commit"
    CLOSED = "closed"


class BoardView(StrEnum):
    """What the board shows at the ranking."""

    IDEAS = "ideas"
    STEPS = "steps"
    UNKNOWN = "unknowns"


class Door(StrEnum):
    """How new people come into a workshop: at once, when they are let in, or not at all."""

    OPEN = "open"
    ASK = "ask"
    CLOSED = "closed"


class Status(StrEnum):
    """How far an action is."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


def refuse_outside(name: str, value: float, low: float, high: float) -> None:
    """Raise ValueError unless low ≤ value ≤ high; says the number and the allowed range.

    >>> refuse_outside("quality", 1.2, 0, 1)
    Traceback (most recent call last):
        ...
    ValueError: quality is 1.2; it must lie between 0 and 1
    """
    if not (isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} is {value:g}; it must lie between {low:g} and {high:g}")


def refuse_text(name: str, text: str, longest: int) -> None:
    """Raise ValueError where a text that must be there is blank or too long."""
    if not text.strip():
        raise ValueError(f"{name} is empty; write a few words")
    refuse_long(name, text, longest)


def refuse_long(name: str, text: str, longest: int) -> None:
    """Raise ValueError where a text is too long; says by how much.

    >>> refuse_long("the title", "a" * 230, 200)
    Traceback (most recent call last):
        ...
    ValueError: the title has 230 characters and is limited to 200; take 30 away
    """
    if len(text) > longest:
        raise ValueError(
            f"{name} has {len(text):,} characters and is limited to {longest:,}; "
            f"take {len(text) - longest:,} away"
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One passage of the funnel, from stage `source` to stage `target`.

    `losses` counts the lost by reason; what it leaves out is the unexplained rest.
    `benchmark` is the rate that comparable companies reach, 0..1, if one is known.
    `segments` counts the lost of each segment by reason, those without a known one under "";
    what it leaves out belongs to no known segment.

    >>> step = Step("MQL", "SQL", entered=700, advanced=280, losses={"No follow-up": 210})
    >>> step.rate, step.lost, step.unexplained
    (0.4, 420, 210)
    >>> Step("MQL", "SQL", 700, 280, {"No budget": 126}, segments={"Search": {"No budget": 130}})
    Traceback (most recent call last):
        ...
    ValueError: the segments at MQL → SQL lose 130 to 'No budget'; only 126 were lost to it there
    """

    source: str
    target: str
    entered: int
    advanced: int
    losses: Mapping[str, int] = field(default_factory=dict)
    owner: Owner = Owner.BOTH
    benchmark: float | None = None
    segments: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clean_fields(self, "source", "target")
        object.__setattr__(self, "losses", clean_counts(self.losses))
        segments = {cleaned(name): clean_counts(lost) for name, lost in self.segments.items()}
        object.__setattr__(self, "segments", segments)
        refuse_text("the source stage", self.source, TITLE_LENGTH)
        refuse_text("the target stage", self.target, TITLE_LENGTH)
        refuse_outside(f"the number that entered {self.name}", self.entered, 0, 10**12)
        refuse_outside(f"the number that advanced at {self.name}", self.advanced, 0, self.entered)
        for reason, count in self.losses.items():
            refuse_text(f"a loss reason at {self.name}", reason, TITLE_LENGTH)
            refuse_outside(f"the loss '{reason}' at {self.name}", count, 0, self.lost)
        explained = sum(self.losses.values())
        if explained > self.lost:
            raise ValueError(
                f"the loss reasons at {self.name} add up to {explained:,}; "
                f"only {self.lost:,} were lost there"
            )
        if self.benchmark is not None:
            refuse_outside(f"the benchmark of {self.name}", self.benchmark, 0, 1)
        self._refuse_segments()

    def _refuse_segments(self) -> None:
        known = {**self.losses, "": self.unexplained}
        told = dict.fromkeys(known, 0)
        for segment, losses in self.segments.items():
            refuse_text(f"a segment at {self.name}", segment, TITLE_LENGTH)
            for reason, count in losses.items():
                if reason not in known:
                    raise ValueError(f"'{reason}' in '{segment}' is no loss reason at {self.name}")
                refuse_outside(f"the loss of '{segment}' at {self.name}", count, 0, self.lost)
                told[reason] += count
        for reason, count in told.items():
            if count > known[reason]:
                cause = f"'{reason}'" if reason else "no known reason"
                raise ValueError(
                    f"the segments at {self.name} lose {count:,} to {cause}; "
                    f"only {known[reason]:,} were lost to it there"
                )

    @property
    def name(self) -> str:
        return f"{self.source} → {self.target}"

    @property
    def lost(self) -> int:
        return self.entered - self.advanced

    @property
    def rate(self) -> float:
        """Conversion rate; 0 where nobody entered."""
        return self.advanced / self.entered if self.entered else 0.0

    @property
    def unexplained(self) -> int:
        """The lost without a known reason."""
        return self.lost - sum(self.losses.values())

    def lost_to(self, reason: str | None, segment: str | None = None) -> int:
        """How many were lost for this reason in this segment; None stands for all of them."""
        if segment is None:
            return self.lost if reason is None else self.losses[reason]
        within = self.segments[segment]
        return sum(within.values()) if reason is None else within.get(reason, 0)


@dataclass(frozen=True, slots=True)
class Funnel:
    """A measured funnel: its steps in order, the mean value of a won deal, the days counted.

    The steps share their stages; their counts may come from different cohorts, so a step's
    `entered` need not equal the `advanced` before it.
    """

    steps: tuple[Step, ...]
    deal_value: float
    currency: str
    period_days: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        if not self.steps:
            raise ValueError("the funnel has 0 steps; it needs at least 1")
        if len(self.steps) > MOST_STEPS:
            raise ValueError(
                f"the funnel has {len(self.steps):,} steps and is limited to {MOST_STEPS}"
            )
        for before, after in pairwise(self.steps):
            if before.target != after.source:
                raise ValueError(f"'{after.name}' does not continue '{before.name}'")
        if len(set(self.stages)) < len(self.stages):
            raise ValueError(f"a stage name occurs twice: {', '.join(self.stages)}")
        refuse_outside("the deal value", self.deal_value, 0, 1e15)
        refuse_outside("the period in days", self.period_days, 1, 36_500)
        if len(self.currency) != 3 or not (self.currency.isalpha() and self.currency.isupper()):
            raise ValueError(f"the currency is '{self.currency}'; it must be a code such as EUR")

    @classmethod
    def from_counts(
        cls,
        stages: Mapping[str, int],
        *,
        deal_value: float,
        currency: str,
        period_days: int,
        losses: Mapping[str, Mapping[str, int]] | None = None,
        owners: Mapping[str, Owner] | None = None,
        benchmarks: Mapping[str, float] | None = None,
    ) -> Funnel:
        """A funnel from stage counts in order.

        `losses`, `owners` and `benchmarks` are keyed by the stage that is left: the losses of
        "MQL" are those between MQL and the stage after it.

        >>> funnel = Funnel.from_counts(
        ...     {"Lead": 2000, "MQL": 700}, deal_value=8000, currency="EUR", period_days=365)
        >>> funnel.steps[0].rate
        0.35
        """
        losses, owners, benchmarks = losses or {}, owners or {}, benchmarks or {}
        for stage in [*losses, *owners, *benchmarks]:
            if stage not in list(stages)[:-1]:
                raise ValueError(f"'{stage}' is not a stage that anybody moves on from")
        counts = list(stages.items())
        steps = tuple(
            Step(
                source,
                target,
                entered,
                advanced,
                dict(losses.get(source, {})),
                owners.get(source, Owner.BOTH),
                benchmarks.get(source),
            )
            for (source, entered), (target, advanced) in pairwise(counts)
        )
        return cls(steps, deal_value, currency, period_days)

    @property
    def stages(self) -> tuple[str, ...]:
        return (self.steps[0].source, *(step.target for step in self.steps))

    @property
    def counts(self) -> tuple[int, ...]:
        return (self.steps[0].entered, *(step.advanced for step in self.steps))

    @property
    def entrants(self) -> int:
        return self.steps[0].entered

    @property
    def won(self) -> int:
        return self.steps[-1].advanced


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
    all. VOLUME and DEAL_VALUE read `recovers` as a relative uplift of entrants or deal value;
    they have no step.
    """

    step: int | None
    recovers: Estimate
    reason: str | None = None
    quality: float = 1.0
    success: float = 1.0
    lever: Lever = Lever.CONVERSION
    segment: str | None = None

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
class Assumptions:
    """What management believes about the funnel; None keeps what the file said."""

    deal_value: float | None = None
    period_days: int | None = None
    benchmarks: tuple[float | None, ...] | None = None
    quality: float = 1.0
    success: float = 1.0

    def __post_init__(self) -> None:
        refuse_outside("the downstream quality", self.quality, 0, 1)
        refuse_outside("the chance of success", self.success, 0, 1)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the walk: the phase, and the index of the step where it has one."""

    phase: Phase
    step: int | None = None

    @property
    def its_step(self) -> int:
        """The index of its step; ValueError where it has none."""
        if self.step is None:
            raise ValueError(f"the phase '{self.phase}' is at no step")
        return self.step


@dataclass(frozen=True, slots=True)
class Timer:
    """A soft timer: ends at a moment known to every screen, or is not running."""

    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """One Funnel Reality Check: its name, its room code, and where it is."""

    id: str
    name: str
    code: str
    is_demo: bool
    position: Position
    timer: Timer
    team_shown: int
    created_at: datetime
    board_view: BoardView = BoardView.IDEAS
    door: Door = Door.OPEN


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the room. `joined` is false while only the roster knows them.

    Of what their mini-team has written they read, before the report back, what was written after
    `reads_after`; all of it where that is None.
    """

    id: str
    name: str
    side: Side
    team_id: str
    joined: bool = True
    reads_after: datetime | None = None

    def __post_init__(self) -> None:
        clean_fields(self, "name")
        refuse_text("the name", self.name, NAME_LENGTH)

    def reads(self, written_at: datetime) -> bool:
        """Whether they read before the report back what their mini-team wrote at that moment."""
        return self.reads_after is None or written_at > self.reads_after


@dataclass(frozen=True, slots=True)
class Team:
    """A mini-team and who sits in it, in the order they came."""

    id: str
    name: str
    people: tuple[Person, ...] = ()
    done: frozenset[int] = frozenset()


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

    `estimates` are those of each side of the mini-team, the author's side first, whose estimate
    is the draft's; none of a file from the time before sides were asked apart.
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

    @property
    def counts(self) -> bool:
        return not self.withdrawn and self.merged_into is None

    @property
    def beliefs(self) -> tuple[Estimate, ...]:
        """What the sides believe; where nobody knows whose estimate it is, just that one."""
        return tuple(estimate for _, estimate in self.estimates) or (self.draft.recovers,)


@dataclass(frozen=True, slots=True)
class Question:
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
    def about(cls, idea: Idea) -> Question:
        draft, sides = idea.draft, tuple(side for side, _ in idea.estimates)
        return cls(idea.id, idea.step, draft.title, draft.plan, draft.reason, sides, draft.segment)


@dataclass(frozen=True, slots=True)
class Action:
    """An idea somebody signed for."""

    id: str
    idea_id: str
    title: str
    owner: str
    co_owner: str
    kpi: str
    baseline: float
    target: float
    due: date
    first_step: str
    status: Status = Status.OPEN

    def __post_init__(self) -> None:
        clean_fields(self, "title", "owner", "co_owner", "kpi", "first_step")
        refuse_text("the title of the action", self.title, TITLE_LENGTH)
        refuse_text("the owner", self.owner, NAME_LENGTH)
        refuse_text("the co-owner from the other side", self.co_owner, NAME_LENGTH)
        refuse_text("the KPI", self.kpi, TITLE_LENGTH)
        refuse_text("the first step", self.first_step, TEXT_LENGTH)
        refuse_outside("the baseline rate", self.baseline, 0, 1)
        refuse_outside("the target rate", self.target, 0, 1)

    @property
    def characters(self) -> int:
        texts = (self.title, self.owner, self.co_owner, self.kpi, self.first_step)
        return sum(map(len, texts))
