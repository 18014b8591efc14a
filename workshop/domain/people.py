"""Who is in the room: people, their sides, their mini-teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workshop.domain.checks import NAME_LENGTH, refuse_text
from workshop.domain.text import clean_fields


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
