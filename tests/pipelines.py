"""Pipelines whose truth is known: what each lead did, and what a right reading must say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property

from hypothesis import strategies as st

REASONS = 4
SEGMENTS = 3


class Outcome(Enum):
    """How a lead ended, or that it has not ended."""

    WON = "won"
    LOST = "lost"
    OPEN = "open"


@dataclass(frozen=True)
class Lead:
    """What one lead did.

    `entered` has a moment for each stage, the won one last; None where the lead skipped the
    stage or never came so far. `reason` and `segment` are numbers: a layout has words for them.
    """

    number: int
    entered: tuple[datetime | None, ...]
    outcome: Outcome
    closed: datetime | None
    reason: int | None
    amount: int
    segment: int

    def __post_init__(self) -> None:
        moments = [moment for moment in self.entered if moment]
        if self.entered[0] is None or moments != sorted(moments):
            raise ValueError("a lead enters the first stage, and later ones later")
        if (self.closed is None) != (self.outcome is Outcome.OPEN):
            raise ValueError("only an open lead has no date of closing")
        if (self.entered[-1] is not None) != (self.outcome is Outcome.WON):
            raise ValueError("only a won lead has entered the last stage")

    @property
    def created(self) -> datetime:
        first = self.entered[0]
        assert first is not None
        return first

    @property
    def deepest(self) -> int:
        """The number of the furthest stage, 0 the first."""
        return max(stage for stage, moment in enumerate(self.entered) if moment)

    @property
    def kept_stage(self) -> int:
        """The stage that a CRM still shows when it marks a closed deal by a status alone."""
        open_stages = self.entered[:-1]
        return max(stage for stage, moment in enumerate(open_stages) if moment)

    @property
    def last_moved(self) -> datetime:
        return self.closed or max(moment for moment in self.entered if moment)

    @property
    def steps(self) -> list[tuple[int, datetime]]:
        """The stages entered, in order, with their moments."""
        return [(stage, moment) for stage, moment in enumerate(self.entered) if moment]


@dataclass(frozen=True)
class Pipeline:
    """Leads on their way through `stages` stages, and the truth about them."""

    stages: int
    leads: tuple[Lead, ...]

    @cached_property
    def reached(self) -> tuple[int, ...]:
        return tuple(
            sum(lead.deepest >= stage for lead in self.leads) for stage in range(self.stages)
        )

    def ended(self, outcome: Outcome) -> list[Lead]:
        return [lead for lead in self.leads if lead.outcome is outcome]

    @cached_property
    def losses(self) -> Mapping[int, Mapping[int, int]]:
        """How many were lost at each stage for each known reason, both by number."""
        found: dict[int, dict[int, int]] = {}
        for lead in self.ended(Outcome.LOST):
            if lead.reason is not None:
                at_stage = found.setdefault(lead.deepest, {})
                at_stage[lead.reason] = at_stage.get(lead.reason, 0) + 1
        return found

    @property
    def mean_value(self) -> float:
        won = self.ended(Outcome.WON)
        return sum(lead.amount for lead in won) / len(won)

    @property
    def period_days(self) -> tuple[int, int]:
        """From when to when may be counted: to the last lead's arrival, or to the last move."""
        first = min(lead.created for lead in self.leads)
        arrivals = max(lead.created for lead in self.leads) - first
        moves = max(lead.last_moved for lead in self.leads) - first
        return arrivals.days, moves.days + 2


@dataclass(frozen=True)
class Sketch:
    """What hypothesis draws for one lead, before it has dates."""

    deepest: int
    outcome: Outcome
    skipped: frozenset[int]
    arrives: int
    minute: int
    pace: tuple[int, ...]
    reason: int | None
    amount: int
    segment: int


def varied(number: int, sketch: Sketch) -> Sketch:
    """Another arrival, amount, pace and segment for each lead, however simply it is drawn."""
    return replace(
        sketch,
        arrives=(sketch.arrives + 53 * number) % 241,
        minute=(sketch.minute + 17 * number) % 541,
        pace=tuple(
            1 + (days + 7 * number + 3 * stage) % 20 for stage, days in enumerate(sketch.pace)
        ),
        amount=500 + (sketch.amount + 3700 * number) % 39_600,
        segment=(sketch.segment + number) % SEGMENTS,
    )


def lead(number: int, stages: int, start: datetime, sketch: Sketch) -> Lead:
    """The lead of a sketch: `pace` are the days that it stays in each stage."""
    moment = start + timedelta(days=sketch.arrives, minutes=sketch.minute)
    won = sketch.outcome is Outcome.WON
    last = stages - 1 if won else sketch.deepest
    entered: list[datetime | None] = [None] * stages
    for stage in range(last + 1):
        if stage in sketch.skipped and 0 < stage < last:
            continue
        entered[stage] = moment
        moment += timedelta(days=sketch.pace[stage], minutes=7)
    closed = {Outcome.WON: entered[-1], Outcome.LOST: moment, Outcome.OPEN: None}[sketch.outcome]
    reason = sketch.reason if sketch.outcome is Outcome.LOST else None
    return Lead(
        number, tuple(entered), sketch.outcome, closed, reason, sketch.amount, sketch.segment
    )


@st.composite
def sketches(
    draw: st.DrawFn,
    stages: int,
    deepest: int | None = None,
    outcome: Outcome | None = None,
    skips: bool = True,
) -> Sketch:
    middle = range(1, stages - 1)
    return Sketch(
        deepest=draw(st.integers(0, stages - 2)) if deepest is None else deepest,
        outcome=outcome or draw(st.sampled_from(Outcome)),
        skipped=draw(st.frozensets(st.sampled_from(middle), max_size=1)) if skips else frozenset(),
        arrives=draw(st.integers(0, 240)),
        minute=draw(st.integers(0, 540)),
        pace=draw(st.tuples(*[st.integers(0, 19)] * stages)),
        reason=draw(st.sampled_from([None, *range(REASONS)])),
        amount=100 * draw(st.integers(0, 395)),
        segment=draw(st.integers(0, SEGMENTS - 1)),
    )


@st.composite
def pipelines(draw: st.DrawFn) -> Pipeline:
    """Leads of 2025 in 3 to 6 stages: at each of them some are lost, some open, some won at last.

    The first lead arrives on a day above 12, so that the dates say which number is the month;
    one won lead goes through every stage, one loss has a reason, and the leads arrive over more
    than three months.
    """
    stages = draw(st.integers(3, 6))
    start = datetime(2025, draw(st.integers(1, 3)), draw(st.integers(13, 28)), 8)
    drawn = [draw(sketches(stages, stages - 1, Outcome.WON, skips=False)) for _ in range(2)]
    for stage in range(stages - 1):
        lost = draw(sketches(stages, stage, Outcome.LOST))
        drawn.append(replace(lost, reason=0) if stage == 0 else lost)
        drawn.append(draw(sketches(stages, stage, Outcome.OPEN)))
    drawn += draw(st.lists(sketches(stages), min_size=max(0, 12 - len(drawn)), max_size=40))
    leads = [
        lead(number, stages, start, varied(number, sketch))
        for number, sketch in enumerate(drawn, 1)
    ]
    first, second = leads[0].created - start, leads[1].created - start
    leads[0] = moved(leads[0], -timedelta(days=first.days))
    leads[1] = moved(leads[1], timedelta(days=120 - second.days))
    return Pipeline(stages, tuple(leads))


def moved(lead: Lead, by: timedelta) -> Lead:
    """The same lead, at another time."""
    entered = tuple(moment + by if moment else None for moment in lead.entered)
    closed = lead.closed + by if lead.closed else None
    return replace(lead, entered=entered, closed=closed)
