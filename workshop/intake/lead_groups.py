"""Leads in groups: how many reached each stage, why others were lost, in which segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workshop.intake.words import Words

NO_SEGMENT = "(none)"
WON, LOST, OPEN = "won", "lost", "open"
MOST_SEGMENTS = 12
"""Of how many segments, those that lose most, a step of the funnel keeps the losses."""


@dataclass(frozen=True, slots=True)
class LeadGroup:
    """How many leads share a segment, how many stages they reached, a outcome and a reason."""

    segment: int
    level: int
    outcome: str
    reason: int
    leads: int


@dataclass(frozen=True, slots=True)
class LeadGroups:
    """Leads in groups, and the words that the numbers of their reasons and segments stand for."""

    groups: tuple[LeadGroup, ...]
    reasons: Words
    segments: Words

    def where(self, wanted: Callable[[LeadGroup], bool]) -> LeadGroups:
        return LeadGroups(tuple(filter(wanted, self.groups)), self.reasons, self.segments)

    @property
    def leads(self) -> int:
        return sum(group.leads for group in self.groups)

    def reached(self, stages: int) -> tuple[int, ...]:
        """How many leads reached each stage."""
        return tuple(
            sum(group.leads for group in self.groups if group.level > place)
            for place in range(stages)
        )

    def left_after(self, place: int) -> LeadGroups:
        """Those who reached this stage and none beyond it."""
        return self.where(lambda group: group.level == place + 1)

    def of_segment(self, number: int) -> LeadGroups:
        return self.where(lambda group: group.segment == number)

    def with_outcome(self, outcome: str) -> LeadGroups:
        return self.where(lambda group: group.outcome == outcome)

    def reasons_for(self, outcome: str) -> dict[str, int]:
        """The known reasons of those with this outcome, the most frequent first."""
        counted: Counter[str] = Counter()
        for group in self.groups:
            if group.outcome == outcome and group.reason:
                counted[self.reasons.name(group.reason, "")] += group.leads
        return dict(counted.most_common())

    def losses_by_segment(self) -> dict[str, dict[str, int]]:
        """Those gone of each segment by reason, "" where none is known: those that lose most.

        Nothing where all are of one segment: there is nothing to tell apart.
        """
        lost: dict[int, Counter[str]] = {}
        for group in self.groups:
            reason = self.reasons.name(group.reason if group.outcome == LOST else 0, "")
            lost.setdefault(group.segment, Counter())[reason] += group.leads
        if len(lost) < 2:
            return {}
        named = sorted((-lost[number].total(), number) for number in lost if number)
        return {
            self.segments.name(number, NO_SEGMENT): dict(lost[number])
            for _, number in named[:MOST_SEGMENTS]
        }


@dataclass(frozen=True)
class StepCounts:
    """How many leads entered a step, how many advanced, why others were lost, in which segments."""

    entered: int
    advanced: int
    losses: Mapping[str, int]
    segments: Mapping[str, Mapping[str, int]]

    @classmethod
    def without(cls, entered: int, advanced: int, gone: LeadGroups) -> StepCounts:
        """A step that these leads did not pass."""
        return cls(entered, advanced, gone.reasons_for(LOST), gone.losses_by_segment())

    def expecting(self, entered: int, advanced: int) -> StepCounts:
        """Other counts, with losses of the same kinds in the same proportions, rounded down."""
        lost, of = entered - advanced, max(1, self.entered - self.advanced)

        def scaled(losses: Mapping[str, int]) -> dict[str, int]:
            return {reason: leads * lost // of for reason, leads in losses.items()}

        segments = {segment: scaled(losses) for segment, losses in self.segments.items()}
        return StepCounts(entered, advanced, scaled(self.losses), segments)
