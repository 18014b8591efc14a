"""Commitments in words: of which kind, how often, how far."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workshop.domain.commitment import CommitmentKind, Rhythm, Status

STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        Status.OPEN: "open",
        Status.UNDER_WAY: "under way",
        Status.DONE: "done",
        Status.DROPPED: "dropped",
    }
)
RHYTHMS: Mapping[Rhythm, str] = MappingProxyType(
    {
        Rhythm.ONCE: "once",
        Rhythm.DAILY: "every day",
        Rhythm.WEEKLY: "every week",
        Rhythm.MONTHLY: "every month",
    }
)
KINDS: Mapping[CommitmentKind, str] = MappingProxyType(
    {
        CommitmentKind.IMPROVEMENT: "Action",
        CommitmentKind.PLAY: "Habit of both teams",
        CommitmentKind.HAND_OFF: "Hand-off",
        CommitmentKind.CLAUSE: "Clause of the agreement",
    }
)
