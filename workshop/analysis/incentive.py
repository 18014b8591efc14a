"""The shared incentive: a pot that is filled by the gain that is surely there."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.domain.checks import refuse_outside


@dataclass(frozen=True, slots=True)
class Pot:
    """What is shared if so much gain is verified at least; all in money of one period."""

    lower_bound: float
    sales: float
    marketing: float

    @property
    def total(self) -> float:
        return self.sales + self.marketing


def pot(lower_bound: float, share: float, sales_share: float = 0.5) -> Pot:
    """The pot, b · max(0, lower bound of the verified gain), and what each side gets of it.

    `share` is b, a fraction 0..1; `sales_share` is the part of the pot that sales gets, the rest is
    marketing's. Nobody pays in where the gain is below zero. Raises ValueError where a share is
    outside 0..1.

    >>> pot(180_000, 0.05)
    Pot(lower_bound=180000, sales=4500.0, marketing=4500.0)
    >>> pot(-20_000, 0.05).total
    0.0
    """
    refuse_outside("the share of the gain", share, 0, 1)
    refuse_outside("the share of sales", sales_share, 0, 1)
    total = share * max(0.0, lower_bound)
    return Pot(lower_bound, sales_share * total, (1 - sales_share) * total)


def scenarios(
    low: float, expected: float, high: float, share: float, sales_share: float = 0.5
) -> tuple[Pot, Pot, Pot]:
    """The pot in three scenarios, each a lower bound that the second look may verify.

    Raises ValueError where they are out of order, or a share is outside 0..1.

    >>> [one.total for one in scenarios(-10_000, 50_000, 120_000, 0.1)]
    [0.0, 5000.0, 12000.0]
    """
    if not low <= expected <= high:
        raise ValueError(f"{low:g}, {expected:g} and {high:g} are not low, expected and high")
    low_pot, expected_pot, high_pot = (
        pot(bound, share, sales_share) for bound in (low, expected, high)
    )
    return low_pot, expected_pot, high_pot
