"""The agreement that sales and marketing sign: its clauses, its versions, and who has signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workshop.domain.checks import NAME_LENGTH, refuse_outside, refuse_text
from workshop.domain.people import Side
from workshop.domain.question import AnswerKind, Question, QuestionKey, Subject
from workshop.domain.text import clean_fields, cleaned

LONGEST_CLAUSE = 300  # characters: six of them are read from the board
MOST_VERSIONS = 50


class ClauseKind(StrEnum):
    """What a clause settles, in the order of the paper."""

    MANAGEMENT = "management"
    BOTH = "both"
    INCENTIVE = "incentive"
    OTHERWISE = "otherwise"
    COACHING = "coaching"
    NEXT_LOOK = "next_look"


Clause = tuple[ClauseKind, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of the agreement, counted from 1: the clauses that have words, in their order."""

    version: int
    clauses: tuple[Clause, ...]
    created_at: datetime

    def __post_init__(self) -> None:
        refuse_outside("the version", self.version, 1, MOST_VERSIONS)
        if not self.clauses:
            raise ValueError("the agreement is empty; write at least one clause")
        kinds = [kind for kind, _ in self.clauses]
        if kinds != [kind for kind in ClauseKind if kind in kinds]:
            raise ValueError("each clause stands once, in the order of the paper")
        words = tuple((kind, cleaned(text).strip()) for kind, text in self.clauses)
        for _, text in words:
            refuse_text("the clause", text, LONGEST_CLAUSE)
        object.__setattr__(self, "clauses", words)


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody's name under a version. Of one name and side there is one under each."""

    version: int
    name: str
    side: Side
    signed_at: datetime

    def __post_init__(self) -> None:
        clean_fields(self, "name")
        refuse_outside("the version", self.version, 1, MOST_VERSIONS)
        refuse_text("the name", self.name, NAME_LENGTH)

    def is_of(self, version: int, name: str, side: Side) -> bool:
        """Whether this is their signature under this version, however its letters are cased."""
        is_theirs = self.name.casefold() == name.casefold() and self.side is side
        return is_theirs and self.version == version


def clauses_of(texts: Mapping[ClauseKind, str]) -> tuple[Clause, ...]:
    """The clauses that have words, in the order of the paper.

    >>> texts = {ClauseKind.BOTH: "We call within a day.", ClauseKind.COACHING: " "}
    >>> [(kind.value, text) for kind, text in clauses_of(texts)]
    [('both', 'We call within a day.')]
    """
    return tuple(
        (kind, text) for kind in ClauseKind if (text := cleaned(texts.get(kind, "")).strip())
    )


def consent_question(version: int) -> Question:
    """Whether somebody can live with this version, from 1 to 5 and without a name.

    Each version has a question of its own: a new one is asked anew.
    """
    return Question(QuestionKey(Subject.AGREEMENT, f"version_{version}"), AnswerKind.SCALE)
