"""A named set of assumptions: what the funnel could be."""

from __future__ import annotations

from dataclasses import dataclass, field

from workshop.domain.checks import NAME_LENGTH, refuse_long, refuse_outside
from workshop.domain.text import clean_fields


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of assumptions: what the funnel could be. Rates in the order of its steps.

    `success` is the share of ideas that work; None where nobody has said it. `funnel_version` says
    on which numbers it was kept; None where that was not recorded, or it was not kept.
    """

    name: str
    entrants: float
    rates: tuple[float, ...]
    deal_value: float
    quality: float = 1.0
    success: float | None = None
    funnel_version: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        clean_fields(self, "name")
        if not self.name.strip():
            raise ValueError("Give this scenario a name.")
        refuse_long("the name of the scenario", self.name, NAME_LENGTH)
        refuse_outside("the number of entrants", self.entrants, 0, 1e12)
        for rate in self.rates:
            refuse_outside("a conversion rate", rate, 0, 1)
        refuse_outside("the deal value", self.deal_value, 0, 1e15)
        refuse_outside("the downstream quality", self.quality, 0, 1)
        if self.success is not None:
            refuse_outside("the chance of success", self.success, 0, 1)
