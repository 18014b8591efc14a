"""Where a total moves one way and its segments the other: Simpson's paradox.

A total rate is the mean of its segments' rates, weighted by how many entered. When more enter
by the poorer segments the total falls, though every segment may have improved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workshop.domain.checks import refuse_outside
from workshop.wording import figures

FEWEST_ENTERED = 30  # into a segment, in both groups, for its rates to be compared
BEYOND_CHANCE = 1.645  # standard errors: one-sided, 95 %

Counts = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Reversal:
    """A total that moved one way, while its segments moved the other; rates 0..1.

    `earlier` and `later` are the total rates. `compared` are the segments with their earlier and
    later rate; `left_out` counts those too small for that. `standard_earlier` is the earlier
    rate of all compared ones, `standard_later` what it would be at their later rates if the mix
    had stayed. Where `full`, every compared segment moved against the total.
    """

    earlier: float
    later: float
    standard_earlier: float
    standard_later: float
    compared: tuple[tuple[str, float, float], ...]
    left_out: int
    full: bool


def reversal(earlier: Counts, later: Counts) -> Reversal | None:
    """How the segments disagree with the total between two groups; None where they do not.

    `earlier` and `later` say how many entered each segment and how many of them advanced.
    Compared are the segments that 30 or more entered in both; there must be two. Told is when
    all of them moved against the total (Simpson 1951, "The Interpretation of Interaction in
    Contingency Tables"), or when they did so together, at the earlier mix (Kitagawa 1955,
    "Components of a Difference Between Two Rates"), further than chance explains. A total whose
    rates are said alike has not moved.

    Raises ValueError where more advanced than entered.

    >>> found = reversal({"Search": (800, 120), "Fair": (200, 4)},
    ...     {"Search": (400, 64), "Fair": (600, 18)})
    >>> found.earlier, found.later, found.full
    (0.124, 0.082, True)
    >>> round(found.standard_later, 4)
    0.134
    """
    before, after = _total(earlier), _total(later)
    common = [name for name in earlier if name in later]
    compared = [name for name in common if min(earlier[name][0], later[name][0]) >= FEWEST_ENTERED]
    if len(compared) < 2 or figures.percent(before) == figures.percent(after):
        return None
    entered, advanced = np.array([earlier[name] for name in compared], float).T
    entered_later, advanced_later = np.array([later[name] for name in compared], float).T
    old, new = advanced / entered, advanced_later / entered_later
    mix = entered / entered.sum()
    along = (new - old) * np.sign(after - before)
    error = np.sqrt(mix**2 @ (old * (1 - old) / entered + new * (1 - new) / entered_later))
    full = bool(np.all(along < 0))
    if not full and mix @ along >= -BEYOND_CHANCE * error:
        return None
    return Reversal(
        before,
        after,
        float(mix @ old),
        float(mix @ new),
        tuple(zip(compared, old.tolist(), new.tolist(), strict=True)),
        len({*earlier, *later}) - len(compared),
        full,
    )


def sentence(found: Reversal, earlier: str, later: str) -> str:
    """What a facilitator is told; `earlier` and `later` name the groups.

    >>> found = reversal({"Search": (800, 120), "Fair": (200, 4)},
    ...     {"Search": (400, 64), "Fair": (600, 18)})
    >>> sentence(found, "spring", "autumn").split(", yet ")[0]
    'From spring to autumn the total fell from 12 % to 8.2 %'
    >>> sentence(found, "spring", "autumn").split(", yet ")[1]
    'it rose in every segment: the mix has changed.'
    """
    fell = found.later < found.earlier
    total = (
        f"From {earlier} to {later} the total {'fell' if fell else 'rose'} from "
        f"{figures.percent(found.earlier)} to {figures.percent(found.later)}"
    )
    if found.full:
        where = f"every segment of {FEWEST_ENTERED} or more" if found.left_out else "every segment"
        return f"{total}, yet it {'rose' if fell else 'fell'} in {where}: the mix has changed."
    return (
        f"{total}, yet with the same mix of segments it would have "
        f"{'risen' if fell else 'fallen'} from {figures.percent(found.standard_earlier)} to "
        f"{figures.percent(found.standard_later)}: the mix has changed."
    )


def _total(group: Counts) -> float:
    for segment, (entered, advanced) in group.items():
        refuse_outside(f"the number that advanced in '{segment}'", advanced, 0, entered)
    entrants = sum(entered for entered, _ in group.values())
    return sum(advanced for _, advanced in group.values()) / entrants if entrants else 0.0
