"""A measured funnel and its steps.

Counts are whole people, rates and shares are fractions 0..1, money is in the funnel's currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from workshop.domain.checks import TITLE_LENGTH, refuse_outside, refuse_text
from workshop.domain.people import Owner
from workshop.domain.text import clean_counts, clean_fields, cleaned

MOST_STEPS = 50


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

    def with_stages(self, names: Sequence[str]) -> Funnel:
        """The same funnel, its stages called by these names.

        >>> Funnel((Step("leads", "won", 9, 3),), 1, "EUR", 30).with_stages(["Lead", "Won"]).stages
        ('Lead', 'Won')
        """
        steps = (
            replace(step, source=source, target=target)
            for step, (source, target) in zip(self.steps, pairwise(names), strict=True)
        )
        return replace(self, steps=tuple(steps))

    @property
    def counts(self) -> tuple[int, ...]:
        return (self.steps[0].entered, *(step.advanced for step in self.steps))

    @property
    def entrants(self) -> int:
        return self.steps[0].entered

    @property
    def won(self) -> int:
        return self.steps[-1].advanced


def masked(funnel: Funnel, shown: int | None) -> Funnel:
    """The funnel without the numbers of its steps from the one of index `shown` on.

    Two funnels that differ in these numbers alone are the same then. None masks nothing.

    >>> first, second = Step("Lead", "MQL", 2000, 700), Step("MQL", "SQL", 700, 280)
    >>> masked(Funnel((first, second), 8000, "EUR", 365), 1).steps[1].rate
    1.0
    """
    if shown is None:
        return funnel
    steps = (
        Step(step.source, step.target, 1, 1, owner=step.owner) if place >= shown else step
        for place, step in enumerate(funnel.steps)
    )
    return replace(funnel, steps=tuple(steps))


def known_part(funnel: Funnel, shown: int | None) -> Funnel:
    """The steps before the one of index `shown`; all where that is None.

    Raises ValueError where none is left.
    """
    return funnel if shown is None else replace(funnel, steps=funnel.steps[:shown])
