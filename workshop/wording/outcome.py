"""What the revenue that management wants takes, in sentences."""

from __future__ import annotations

from workshop.wording import figures


def needed(revenue: float, currency: str) -> str:
    """The beginning of the sentence that ends with how many are needed.

    >>> needed(250_000, "USD")
    'For $250k a year we need'
    """
    return f"For {figures.money(revenue, currency)} a year we need"


def today(entrants: float, stage: str, revenue: float, currency: str) -> str:
    """The end of the sentence, and what comes in today; people and money a year.

    >>> today(2000, "Lead", 168_000, "USD")
    "to reach Lead in a year, at today's rates. Today it is 2,000, and they bring $168k."
    """
    came, brings = figures.count(entrants), figures.money(revenue, currency)
    return (
        f"to reach {stage} in a year, at today's rates. Today it is {came}, and they bring "
        f"{brings}."
    )


def rates(today: float, needed: float) -> str:
    """A rate today and the one that is needed, fractions 0..1, in percent.

    >>> rates(0.35, 0.3849), rates(0.004, 0.0051)
    ('35 % → 38.5 %', '0.4 % → 0.51 %')
    """
    return f"{100 * today:.3g} % → {100 * needed:.3g} %"


def limited(stage: str, capacity: float, won: float, revenue: float, currency: str) -> str:
    """Which stage stops us first, and at what; people and money a year.

    >>> limited("SQL", 200, 15, 120_000, "USD")
    'SQL stops us first: we can serve 200 a year there. That wins 15 and brings $120k.'
    """
    return (
        f"{stage} stops us first: we can serve {figures.count(capacity)} a year there. "
        f"That wins {figures.count(won)} and brings {figures.money(revenue, currency)}."
    )


HELD_UP = "held up"
"""Said of an idea before the stage that can serve no more."""


def stopped(stage: str, capacity: float) -> str:
    """Which stage can serve no more, people a year, and what that means for ideas before it.

    >>> stopped("Opportunity", 60)
    'We can serve only 60 a year at Opportunity. Ideas before that bring nothing until it can \
serve more; they are marked “held up”.'
    """
    return (
        f"We can serve only {figures.count(capacity)} a year at {stage}. Ideas before that bring "
        f"nothing until it can serve more; they are marked “{HELD_UP}”."
    )


ENOUGH = "We can serve that many at every stage whose capacity is known."
NOT_SAID = "Management has not said yet which revenue it wants. It does so under Assumptions."
