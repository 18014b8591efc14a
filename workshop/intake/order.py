"""An order from claims of which comes before which, the surest claims first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Claim = tuple[str, str]
"""The first comes before the second."""


def ranked_pairs(names: Sequence[str], claims: Iterable[Claim]) -> list[str]:
    """The names in an order that keeps every claim that no surer one contradicts.

    Ranked pairs, after Tideman (1987), Independence of clones as a criterion for voting rules,
    Social Choice and Welfare 4: claims are taken one by one, and one that would close a circle
    with those before it is left out. Names that no claim divides stay in the order given.

    >>> ranked_pairs(["c", "b", "a"], [("a", "b"), ("b", "c"), ("c", "a")])
    ['a', 'b', 'c']
    """
    after: dict[str, set[str]] = {name: set() for name in names}
    for first, second in claims:
        if first == second or first in after[second]:
            continue
        behind = {second, *after[second]}
        for name in names:
            if name == first or first in after[name]:
                after[name] |= behind
    left, order = list(names), []
    while left:
        following = next(name for name in left if not any(name in after[other] for other in left))
        left.remove(following)
        order.append(following)
    return order
