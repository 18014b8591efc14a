"""How far two sides agree: on who owns what, and on which case is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, isfinite

import numpy as np

from workshop.analysis.conversion import Array
from workshop.domain.checks import refuse_outside

Shares = Mapping[str, float] | Sequence[float]

ROUNDING = 0.01  # shares that were rounded before they came here


def agreement(p_sales: Shares, p_marketing: Shares) -> float:
    """The chance, 0..1, that one person of each side, picked by lot, give the same answer.

    Σ over the answers k of p_S(k)·p_M(k): 1 where all say one thing, 0 where no answer is
    shared. Two sides that are split alike, half and half, agree by ½ and no more. The shares of
    the answers of each side, 0..1, are given by code (a code left out has share 0), or both in
    one order.

    Raises ValueError where one side's shares do not add up to 1, to a hundredth, or two sequences
    have not the same length.

    >>> round(agreement({"sales": 0.75, "both": 0.25}, {"marketing": 0.5, "both": 0.5}), 3)
    0.125
    >>> round(agreement([0.75, 0.25, 0], [0, 0.5, 0.5]), 3)
    0.125
    """
    sales, marketing = by_code(p_sales), by_code(p_marketing)
    if not isinstance(p_sales, Mapping) and len(sales) != len(marketing):
        raise ValueError(f"there are {len(sales)} shares of sales, {len(marketing)} of marketing")
    for side, shares in (("sales", sales), ("marketing", marketing)):
        for share in shares.values():
            refuse_outside(f"a share of {side}", share, 0, 1)
        if abs(fsum(shares.values()) - 1) > ROUNDING:
            raise ValueError(
                f"the shares of {side} add up to {fsum(shares.values()):g}; they must make 1"
            )
    return fsum(share * marketing.get(code, 0) for code, share in sales.items())


def by_code(shares: Shares) -> dict[object, float]:
    """The share of each answer, by its code or its place."""
    return dict(shares.items() if isinstance(shares, Mapping) else enumerate(shares))


def kappa(table: Sequence[Sequence[float]] | Array) -> float | None:
    """Cohen's κ of two sides that judged the same cases: agreement beyond chance; at most 1.

    `table[i][j]` counts the cases that one side called i and the other j; rows and columns are in
    one order. κ = (p_o − p_e)/(1 − p_e), with p_o the share of cases that both called alike and
    p_e the share that would be alike if each side gave its answers as often, but at random (Cohen
    1960, "A Coefficient of Agreement for Nominal Scales"): 1 is full agreement, 0 no more than
    chance, below 0 less.

    None where it is not defined: without cases, and where both sides called every case the same
    one thing, since then there was nothing to tell apart.

    Raises ValueError where the table is not square or a count is below 0.

    >>> round(kappa([[20, 5], [10, 15]]), 3)
    0.4
    >>> kappa([[15, 0], [0, 0]]) is None
    True
    """
    counts = np.array(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError("the table is not square; both sides must have the same answers to give")
    for count in counts.flat:
        if not (isfinite(count) and count >= 0):
            raise ValueError(f"a count is {count:g}; it must be 0 or more")
    cases = float(counts.sum())
    if cases == 0:
        return None
    by_chance = float(counts.sum(axis=1) @ counts.sum(axis=0))  # times the cases, squared
    if by_chance == cases**2:
        return None
    alike = float(np.trace(counts))
    return (cases * alike - by_chance) / (cases**2 - by_chance)
