"""What management believes about the funnel."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.domain.checks import refuse_outside


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What management believes about the funnel; None keeps what the file said.

    `success` is the share of such ideas that really work; None until management has said it.
    """

    deal_value: float | None = None
    period_days: int | None = None
    benchmarks: tuple[float | None, ...] | None = None
    quality: float = 1.0
    success: float | None = None

    def __post_init__(self) -> None:
        refuse_outside("the downstream quality", self.quality, 0, 1)
        if self.success is not None:
            refuse_outside("the chance of success", self.success, 0, 1)
