"""What both sides of the room are asked, what they answer, and what they settle on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from workshop.domain.checks import (
    TEXT_LENGTH,
    TITLE_LENGTH,
    refuse_long,
    refuse_outside,
    refuse_text,
)
from workshop.domain.people import Side
from workshop.domain.text import clean_fields

CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
LOWEST, HIGHEST = 1, 5
"""The ends of the scale on which statements are answered."""
FEWEST_UNNAMED = 3
"""Fewer unnamed answers of a side are shown together with those of everybody else."""
MOST_ROUNDS = 20


class AnswerKind(StrEnum):
    """What a question is answered with."""

    PERCENT = "percent"
    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


class QuestionState(StrEnum):
    """How far a question is: not asked, being answered, or answered for all to see."""

    CLOSED = "closed"
    OPEN = "open"
    REVEALED = "revealed"


class Subject(StrEnum):
    """The codes under which questions are kept, one for each thing that is asked about."""

    GUESS = "guess"
    RELATIONSHIP = "relationship"
    HAND_OFF = "hand_off"
    TERM = "term"
    CASE = "case"
    OBSTACLE = "obstacle"
    PROMISE = "promise"
    LIMIT = "limit"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class QuestionKey:
    """Which question: its subject, and what it is about, such as a step or a statement.

    >>> str(QuestionKey(Subject.GUESS, "2"))
    'guess/2'
    """

    subject: Subject
    about: str = "all"

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.about):
            raise ValueError(f"'{self.about}' is nothing that a question can be about")

    def __str__(self) -> str:
        return f"{self.subject}/{self.about}"

    @property
    def is_guess(self) -> bool:
        """Whether it is about the rate of a step, whose index is what it is about."""
        return self.subject is Subject.GUESS

    @classmethod
    def read(cls, text: str) -> QuestionKey:
        """A key out of its text; ValueError where it is none.

        >>> QuestionKey.read("guess/2").about
        '2'
        """
        subject, _, about = text.partition("/")
        if subject not in set(Subject):
            raise ValueError(f"'{text}' is no question of this app")
        return cls(Subject(subject), about)


@dataclass(frozen=True, slots=True)
class Guess:
    """A share that somebody guesses, and between which shares it surely lies; all from 0 to 1."""

    likely: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        refuse_outside("the guess", self.likely, 0, 1)
        low = self.likely if self.low is None else self.low
        high = self.likely if self.high is None else self.high
        if not 0 <= low <= self.likely <= high <= 1:
            raise ValueError("The guess has to lie between the two others.")

    def holds(self, truth: float) -> bool | None:
        """Whether the truth lies where it was said to lie surely; None where that was not said.

        >>> Guess(0.4, 0.3, 0.5).holds(0.45), Guess(0.4).holds(0.45)
        (True, None)
        """
        if self.low is None or self.high is None:
            return None
        return self.low <= truth <= self.high


Value = Guess | int | str
"""A guess, a mark on the scale, or a choice or a text."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, how it is asked, and how far it is.

    `options` are the codes to choose from. Where it `is_named`, answers are shown with the names of
    those who gave them; else with their side alone. Where it is `asked_of_sides`, each side of a
    mini-team has one answer together.
    """

    key: QuestionKey
    kind: AnswerKind
    options: tuple[str, ...] = ()
    is_named: bool = False
    asked_of_sides: bool = False
    round: int = 1
    state: QuestionState = QuestionState.CLOSED

    def __post_init__(self) -> None:
        if (self.kind is AnswerKind.CHOICE) != bool(self.options):
            raise ValueError(f"{self.key}: a choice has options, and nothing else has")
        if self.asked_of_sides and not self.is_named:
            raise ValueError(f"{self.key}: what a side of a mini-team answers is not unnamed")
        refuse_outside("the round", self.round, 1, MOST_ROUNDS)

    def refuse(self, answer: Answer) -> None:
        """Raise ValueError where this cannot be the answer."""
        value = answer.value
        if value is None:
            refuse_text("what keeps you from answering", answer.remark, TITLE_LENGTH)
            return
        match self.kind:
            case AnswerKind.PERCENT:
                is_kind = isinstance(value, Guess)
            case AnswerKind.SCALE:
                is_kind = isinstance(value, int) and LOWEST <= value <= HIGHEST
            case AnswerKind.CHOICE:
                is_kind = value in self.options
            case AnswerKind.TEXT:
                is_kind = isinstance(value, str) and bool(value.strip())
            case _:
                assert_never(self.kind)
        if not is_kind:
            raise ValueError("This is no answer to the question. Load the page again.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answers; without a value, why they cannot."""

    value: Value | None
    remark: str = ""

    def __post_init__(self) -> None:
        clean_fields(self, "value", "remark")
        if isinstance(self.value, str):
            refuse_long("the answer", self.value, TEXT_LENGTH)
        refuse_long("the remark", self.remark, TITLE_LENGTH)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as all may see it: the side it came from, and the name where it is named.

    No side where there were too few of it to stay unnamed.
    """

    answer: Answer
    side: Side | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a side have answered, of how many."""

    answered: int
    asked: int


def without_names(answers: Collection[Answered]) -> tuple[Answered, ...]:
    """Unnamed answers as all may see them: of a side where at least three of it have answered.

    Where sales or marketing have given fewer, all are pooled. Fewer than three of others are left
    out, and so are all where there are fewer than three.

    >>> one, two = Answered(Answer(4), Side.SALES), Answered(Answer(2), Side.MARKETING)
    >>> [shown.side for shown in without_names([one, one, two])]
    [None, None, None]
    >>> without_names([one, two])
    ()
    """
    given = Counter(answered.side for answered in answers)
    if any(0 < given[side] < FEWEST_UNNAMED for side in (Side.SALES, Side.MARKETING)):
        shown = [Answered(answered.answer, None) for answered in answers]
        return tuple(shown) if len(shown) >= FEWEST_UNNAMED else ()
    return tuple(
        Answered(answered.answer, answered.side)
        for answered in answers
        if given[answered.side] >= FEWEST_UNNAMED
    )
