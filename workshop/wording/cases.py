"""How both sides judged short cases, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from workshop.domain.people import Side
from workshop.wording.figures import counted
from workshop.wording.sides import NAMES

ALIKE = "Both sides judge every case alike."


def tallies(sides: Mapping[Side, tuple[int, int]]) -> str:
    """How many of each side said yes, of how many who judged.

    >>> tallies({Side.SALES: (3, 4), Side.MARKETING: (0, 3)}), tallies({Side.SALES: (0, 0)})
    ('Sales 3 of 4 yes, marketing 0 of 3.', 'Nobody has judged it.')
    """
    told = [f"{NAMES[side]} {yes} of {judged}" for side, (yes, judged) in sides.items() if judged]
    if not told:
        return "Nobody has judged it."
    told[0] += " yes"
    words = ", ".join(told)
    return f"{words[:1].upper()}{words[1:]}."


def agreement(cases: int, alike: int, kappa: float | None) -> str:
    """How far the majorities of both sides agree, beyond chance where that is defined.

    >>> agreement(16, 13, 0.625)
    'Of 16 cases most of sales and most of marketing call 13 alike. Cohen’s κ is 0.62: \
0 would be no more than chance, 1 full agreement.'
    >>> agreement(15, 15, None)
    'Of 15 cases most of sales and most of marketing call 15 alike. All were called the same, so \
they do not tell whether you mean the same.'
    """
    begun = f"Of {counted(cases, 'case')} most of sales and most of marketing call {alike} alike."
    if kappa is None:
        return f"{begun} All were called the same, so they do not tell whether you mean the same."
    said = f"{kappa:.2f}".replace("-", "−")
    return f"{begun} Cohen’s κ is {said}: 0 would be no more than chance, 1 full agreement."
