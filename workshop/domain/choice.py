"""The choice of a plan: what management has to give, and what it asks of the ideas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workshop.domain.checks import refuse_outside


class Demand(StrEnum):
    """What management asks of the best plan about an idea, or about an idea and another one."""

    MUST = "must"
    BAN = "ban"
    REQUIRES = "requires"
    EXCLUDES = "excludes"


@dataclass(frozen=True, slots=True)
class Condition:
    """One demand on the best plan; ideas by their ids. Exclusion has no direction."""

    demand: Demand
    idea_id: str
    other_id: str = ""

    def __post_init__(self) -> None:
        if (self.demand in (Demand.REQUIRES, Demand.EXCLUDES)) != bool(self.other_id):
            ideas = "two ideas" if self.other_id else "one idea"
            raise ValueError(f"'{self.demand}' cannot be said of {ideas}")
        if self.idea_id == self.other_id:
            raise ValueError(f"no idea {self.demand} itself; choose another one")
        if self.demand is Demand.EXCLUDES and self.other_id < self.idea_id:
            one, other = self.other_id, self.idea_id
            object.__setattr__(self, "idea_id", one)
            object.__setattr__(self, "other_id", other)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the best plan has to respect: person-days of each side, None for no limit; demands."""

    days_sales: float | None = None
    days_marketing: float | None = None
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        for side, days in (("sales", self.days_sales), ("marketing", self.days_marketing)):
            if days is not None:
                refuse_outside(f"the capacity of {side} in days", days, 0, 1e6)
