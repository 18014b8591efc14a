"""An idea somebody signed for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workshop.domain.checks import (
    NAME_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    refuse_outside,
    refuse_text,
)
from workshop.domain.text import clean_fields


class Status(StrEnum):
    """How far an action is."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


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
