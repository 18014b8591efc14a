"""What a second look says of a commitment, in words."""

from __future__ import annotations

from workshop.wording import figures

Counted = tuple[float, float]


def rate(counted: Counted) -> float:
    """A rate 0..1 of (advanced, entered); 0 where nobody entered."""
    advanced, entered = counted
    return advanced / entered if entered else 0.0


def change(before: Counted | None, target: float | None, after: Counted | None) -> str:
    """A rate before, the one to reach, and the one of now.

    >>> change((280, 700), 0.5, (40, 81)), change((280, 700), None, None)
    ('40 % → target 50 %, now 49 %', '40 %')
    """
    words = "" if before is None else figures.percent(rate(before))
    if target is not None:
        words += f" → target {figures.percent(target)}"
    return words if after is None else f"{words}, now {figures.percent(rate(after))}"


def too_early(more: int | None) -> str:
    """That nothing can be said yet, and when it can.

    >>> too_early(52), too_early(1)
    ('too early, about 52 more', 'too early, one more')
    >>> too_early(None)
    'cannot be told with these few cases'
    """
    if more is None:
        return "cannot be told with these few cases"
    return "too early, one more" if more == 1 else f"too early, about {figures.count(more)} more"


def kept(number: int, of: int) -> str:
    """How much of what was promised is kept.

    >>> kept(5, 8), kept(0, 0)
    ('Kept 5 of 8', 'Nobody has said yet what was kept')
    """
    return f"Kept {number} of {of}" if of else "Nobody has said yet what was kept"


def can_show(
    before: Counted,
    target: float,
    cases: int | None,
    days: float | None,
    stage: str,
    *,
    knows_step_days: bool,
) -> str:
    """When a rate at its target can be told from the one before; said before anybody signs.

    So many `cases` must leave the stage first, which takes so many `days`, None where nobody
    comes; those of the step itself are among them where they are known.

    >>> can_show((280, 700), 0.5, 133, 99.4, "MQL", knows_step_days=True)
    'This can show after about 133 more of MQL, in about 99 days.'
    >>> can_show((280, 700), 0.4, None, 0, "MQL", knows_step_days=False)
    'Today it is 40 %. Aim higher.'
    """
    if cases is None or target <= rate(before):
        return f"Today it is {figures.percent(rate(before))}. Aim higher."
    shows = f"This can show after about {figures.count(cases)} more of {stage}"
    if days is None:
        return f"{shows}."
    own = "" if knows_step_days else ", and the days that the step itself takes"
    return f"{shows}, in about {_days(days)}{own}."


def never(before: Counted) -> str:
    """That a target can never be told from the rate before.

    >>> never((21, 84))
    'This can never show: only 84 were counted before.'
    """
    return f"This can never show: only {figures.count(before[1])} were counted before."


def _days(days: float) -> str:
    whole = round(days)
    return "a day" if whole <= 1 else f"{whole:,} days"


def better_measure(earlier: str | None) -> str:
    """What to take instead where a rate never shows.

    >>> better_measure("Lead → MQL")
    'Take the rate of Lead → MQL, which more people enter, or the hours until they are answered.'
    """
    hours = "the hours until they are answered"
    if earlier is None:
        return f"Take {hours} instead."
    return f"Take the rate of {earlier}, which more people enter, or {hours}."


def foreseen(low: float, high: float, outcome: float) -> str:
    """What a side expected of a rate, 80 times of 100, and what it is.

    >>> foreseen(0.48, 0.55, 0.494)
    'expected 48 to 55 %, it is 49 %: within'
    >>> foreseen(0.48, 0.55, 0.43)
    'expected 48 to 55 %, it is 43 %: below'
    """
    place = "below" if outcome < low else "above" if outcome > high else "within"
    return (
        f"expected {figures.per_hundred(low)} to {figures.percent(high)}, "
        f"it is {figures.percent(outcome)}: {place}"
    )


def turned_out(factor: float | None) -> str:
    """How much of what this company estimates comes true.

    >>> turned_out(0.52), turned_out(1.3)
    ('Of what we estimate, about 52 % comes true.', 'Our estimates are exceeded: 130 % comes true.')
    >>> turned_out(-0.2)
    'Of what we estimate, nothing has come true so far.'
    """
    if factor is None:
        return "No estimate could be checked yet."
    if factor <= 0:
        return "Of what we estimate, nothing has come true so far."
    if factor > 1:
        return f"Our estimates are exceeded: {figures.percent(factor)} comes true."
    return f"Of what we estimate, about {figures.percent(factor)} comes true."


def chances(p_up: float, p_target: float | None) -> str:
    """How likely it is that a rate went up, and that it is at its target.

    >>> chances(0.92, 0.284)
    'It went up with a chance of 92 %; it is at its target with one of 28 %.'
    """
    up = f"It went up with a chance of {figures.percent(p_up)}"
    if p_target is None:
        return f"{up}."
    return f"{up}; it is at its target with one of {figures.percent(p_target)}."


def worth(low: float, likely: float, high: float, currency: str) -> str:
    """What the change has brought with the leads of the new numbers.

    >>> worth(-3000, 12_000, 29_000, "EUR")
    'Worth about €12k in the new numbers (−€3k to €29k). That it moved is no proof of why.'
    """
    span = figures.range_of_money(low, high, currency)
    money = figures.money(likely, currency)
    return f"Worth about {money} in the new numbers ({span}). That it moved is no proof of why."
