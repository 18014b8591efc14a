"""The agreement in words."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.domain.agreement import ClauseKind
from workshop.wording.figures import counted, percent

CLAUSES = {
    ClauseKind.MANAGEMENT: "What management will do",
    ClauseKind.BOTH: "What both sides will do",
    ClauseKind.INCENTIVE: "The shared incentive",
    ClauseKind.OTHERWISE: "What happens if not",
    ClauseKind.COACHING: "Who coaches, and with what",
    ClauseKind.NEXT_LOOK: "When we look again",
}
NO_CONTRACT = (
    "This is a promise between people who work together. It is no employment contract, and it "
    "changes none."
)
QUESTION = "Can I live with it?"
SCALE_HELP = "1: not at all. 5: fully."
MISSING = "What is missing?"
NOT_WRITTEN = "Management has not written the agreement yet."


def signed_by(number: int) -> str:
    """How many have signed.

    >>> signed_by(0), signed_by(1), signed_by(12)
    ('Nobody has signed yet.', 'Signed by 1 person', 'Signed by 12 people')
    """
    return (
        f"Signed by {counted(number, 'person', 'people')}" if number else "Nobody has signed yet."
    )


def means(by_side: Sequence[tuple[str, float]]) -> str:
    """The mean mark of each side, by its name.

    >>> means([("sales", 4.25), ("marketing", 3)])
    'Sales 4.2 of 5, marketing 3.0 of 5.'
    """
    told = ", ".join(f"{name} {mean:.1f} of 5" for name, mean in by_side)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def incentive_sentence(share: float, sales_share: float) -> str:
    """What the pot is, and how it is shared.

    >>> incentive_sentence(0.05, 0.5).split(". ")[0]
    'The pot is 5 % of the gain that is surely there: the lower bound of what is verified'
    """
    if sales_share == 0.5:
        shared = "Sales and marketing get equal shares."
    else:
        shared = f"Sales gets {percent(sales_share)} of it, marketing {percent(1 - sales_share)}."
    return (
        f"The pot is {percent(share)} of the gain that is surely there: the lower bound of what is "
        f"verified. {shared} It is paid on what the second look verifies, and on nothing else: "
        "estimates pay nothing, and where no gain is verified there is no pot."
    )
