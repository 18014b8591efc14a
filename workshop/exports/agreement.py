"""The agreement between the departments, to be read and to be signed on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workshop.domain.checks import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH, refuse_long, refuse_text
from workshop.domain.text import clean_fields, cleaned
from workshop.exports.typesetting import KIND, typeset
from workshop.wording import figures

NO_CONTRACT = "This is no employment contract."


@dataclass(frozen=True, slots=True)
class Clause:
    """What is agreed on one matter; the matter is its heading."""

    heading: str
    text: str

    def __post_init__(self) -> None:
        clean_fields(self, "heading", "text")
        refuse_text("the heading of the clause", self.heading, TITLE_LENGTH)
        refuse_long("the clause", self.text, TEXT_LENGTH)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, for which side in a word, and the day they did; None where they have not yet."""

    name: str
    side: str
    signed_on: date | None = None

    def __post_init__(self) -> None:
        clean_fields(self, "name", "side")
        refuse_text("the name of who signs", self.name, NAME_LENGTH)
        refuse_text("the side of who signs", self.side, NAME_LENGTH)


def agreement_pdf(
    title: str,
    clauses: Sequence[Clause],
    signatures: Sequence[Signature],
    day: date,
    *,
    own_fonts: bool = True,
) -> bytes:
    """The clauses, numbered; then who has signed, and a line for each who has not.

    `own_fonts` is that of `typesetting.typeset`.
    """
    title = cleaned(title)
    parts = {
        "name": title,
        "under": f"Agreement, {figures.day(day)}",
        "foot": f"Agreement · {title}",
        "clauses": [{"heading": one.heading, "text": one.text} for one in clauses],
        "no_contract": NO_CONTRACT,
        "signed": [
            [one.name, one.side, figures.day(one.signed_on)]
            for one in signatures
            if one.signed_on is not None
        ],
        "unsigned": [[one.name, one.side] for one in signatures if one.signed_on is None],
    }
    return typeset("agreement", f"{KIND}: {title}", parts, day, own_fonts=own_fonts)
