"""What management believes about the funnel."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.domain.checks import TITLE_LENGTH, refuse_outside, refuse_text

MOST = 1e15


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What management believes about the funnel; None keeps what the file said.

    `success` is the share of such ideas that really work; None until management has said it.
    `revenue` is what management wants a year, None where it has not said; `capacities` are how
    many a year a stage can serve, by the names of those stages that have a limit.
    """

    deal_value: float | None = None
    period_days: int | None = None
    benchmarks: tuple[float | None, ...] | None = None
    quality: float = 1.0
    success: float | None = None
    revenue: float | None = None
    capacities: tuple[tuple[str, float], ...] = ()
    turned_out: float | None = None

    def __post_init__(self) -> None:
        refuse_outside("the downstream quality", self.quality, 0, 1)
        if self.success is not None:
            refuse_outside("the chance of success", self.success, 0, 1)
        if self.turned_out is not None:
            refuse_outside("how the estimates have turned out", self.turned_out, -10, 10)
        if self.revenue is not None:
            refuse_outside("the revenue wanted", self.revenue, 0, MOST)
        for stage, capacity in self.capacities:
            refuse_text("a stage with a capacity", stage, TITLE_LENGTH)
            refuse_outside(f"the capacity of {stage}", capacity, 0, MOST)
