"""What the room has agreed on: the word that holds until it settles on the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workshop.domain.checks import (
    NAME_LENGTH,
    TEXT_LENGTH,
    refuse_long,
    refuse_outside,
    refuse_text,
)
from workshop.domain.hand_off import Doer, place_of
from workshop.domain.question import QuestionKey, Subject
from workshop.domain.text import clean_fields

MOST_HOURS = 24 * 365
CARRIED_OVER = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the room has settled on in a round, and who stood for it on each side.

    Of a duty, `owner` says who has it, and `hours` within how many, if that was said; `value` may
    then be empty. `round` is CARRIED_OVER where an earlier workshop of the company has settled it.
    """

    key: QuestionKey
    value: str
    sales: str
    marketing: str
    settled_at: datetime
    owner: Doer | None = None
    hours: float | None = None
    round: int = 1

    def __post_init__(self) -> None:
        clean_fields(self, "value", "sales", "marketing")
        if self.key.subject is Subject.HAND_OFF:
            place_of(self.key)
            refuse_long("what you settle on", self.value, TEXT_LENGTH)
        else:
            refuse_text("what you settle on", self.value, TEXT_LENGTH)
        if (self.key.subject is Subject.HAND_OFF) != (self.owner is not None):
            raise ValueError(f"{self.key}: a duty has an owner, and nothing else has")
        if self.hours is not None:
            refuse_outside("the number of hours", self.hours, 0, MOST_HOURS)
        for name in (self.sales, self.marketing):
            refuse_text("the name of who stands for it", name, NAME_LENGTH)
