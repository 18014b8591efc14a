"""Two counts of one funnel beside each other, as a table says them."""

from __future__ import annotations

from collections.abc import Callable

from workshop.domain.funnel import Funnel
from workshop.domain.scenario import Scenario
from workshop.wording import figures

BEFORE, NEW, SAME = "Before", "New", "the same"


def compared(before: Funnel, new: Funnel, revenues: tuple[float, float]) -> list[dict[str, str]]:
    """A row for each figure that changes: what it was, what it becomes, and by how much.

    The stages are the same; `revenues` are those of one period of each, in its currency.

    >>> old, new = (Funnel.from_counts({"MQL": 700, "SQL": count}, deal_value=8000,
    ...     currency="EUR", period_days=365) for count in (280, 350))
    >>> for row in compared(old, new, (2_240_000, 2_800_000)):
    ...     print(" | ".join(row.values()))
    SQL | 280 | 350 | + 25 %
    MQL → SQL | 40 % | 50 % | + 10 points
    Revenue a year | €2.2m | €2.8m | + 25 %
    """
    rows = [
        _row(stage, was, becomes, figures.count)
        for stage, was, becomes in zip(before.stages, before.counts, new.counts, strict=True)
    ]
    for old_step, new_step in zip(before.steps, new.steps, strict=True):
        points = round(100 * (new_step.rate - old_step.rate), 1)
        change = points_more(points) if points else SAME
        rows.append(
            _told(
                old_step.name,
                figures.percent(old_step.rate),
                figures.percent(new_step.rate),
                change,
            )
        )
    values = (
        figures.exact_money(before.deal_value, before.currency),
        figures.exact_money(new.deal_value, new.currency),
    )
    rows.append(_told("Deal value", *values, SAME if len({*values}) == 1 else "new"))
    rows.append(_row("Period, days", before.period_days, new.period_days, figures.count))
    was, becomes = (
        figures.a_year(revenue, funnel.period_days)
        for revenue, funnel in zip(revenues, (before, new), strict=True)
    )
    said = (figures.money(was, before.currency), figures.money(becomes, new.currency))
    rows.append(_told("Revenue a year", *said, _relative(was, becomes)))
    return [row for row in rows if row["Change"] != SAME]


def points_more(points: float) -> str:
    """A difference between two shares.

    >>> points_more(10), points_more(-0.5), points_more(1)
    ('+ 10 points', '− 0.5 points', '+ 1 point')
    """
    return f"{_sign(points)} {abs(points):g} {'point' if abs(points) == 1 else 'points'}"


def changes(today: Scenario, other: Scenario, funnel: Funnel) -> tuple[str, ...]:
    """What a scenario changes, in words; nothing where it is today.

    >>> funnel = Funnel.from_counts({"MQL": 700, "SQL": 280}, deal_value=8000, currency="EUR",
    ...     period_days=365)
    >>> changes(Scenario("Today", 700, (.4,), 8000), Scenario("Bold", 900, (.5,), 8000), funnel)
    ('MQL → SQL from 40 % to 50 %', 'MQL from 700 to 900')
    """
    told = [
        (step.name, figures.percent(was), figures.percent(becomes))
        for step, was, becomes in zip(funnel.steps, today.rates, other.rates, strict=True)
    ]
    told += [
        (funnel.stages[0], figures.count(today.entrants), figures.count(other.entrants)),
        (
            "the deal value",
            figures.exact_money(today.deal_value, funnel.currency),
            figures.exact_money(other.deal_value, funnel.currency),
        ),
        (
            "how well recovered prospects close",
            figures.percent(today.quality),
            figures.percent(other.quality),
        ),
        ("ideas that work", _of_ten(today.success), _of_ten(other.success)),
    ]
    return tuple(f"{name} from {was} to {becomes}" for name, was, becomes in told if was != becomes)


def _of_ten(success: float | None) -> str:
    return "not said" if success is None else f"{10 * success:.3g} of ten"


def _row(name: str, was: float, becomes: float, say: Callable[[float], str]) -> dict[str, str]:
    return _told(name, say(was), say(becomes), _relative(was, becomes))


def _told(name: str, was: str, becomes: str, change: str) -> dict[str, str]:
    return {"": name, BEFORE: was, NEW: becomes, "Change": change}


def _relative(was: float, becomes: float) -> str:
    if was == becomes:
        return SAME
    if not was:
        return "new"
    change = becomes / was - 1
    return f"{_sign(change)} {figures.percent(abs(change))}"


def _sign(change: float) -> str:
    return "+" if change > 0 else "−"
