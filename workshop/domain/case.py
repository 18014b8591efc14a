"""Short cases, by which both sides find out whether they mean the same by a word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workshop.domain.checks import TITLE_LENGTH, refuse_text
from workshop.domain.question import AnswerKind, Question, QuestionKey, Subject
from workshop.domain.text import clean_fields


class Verdict(StrEnum):
    """Whether a case is one of what a word means."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Case:
    """A case in a few words, and the question of the word for which it is judged.

    `key` is that of the question whether it is one. A removed one is judged no more.
    """

    key: QuestionKey
    term: QuestionKey
    words: str
    is_removed: bool = False

    def __post_init__(self) -> None:
        clean_fields(self, "words")
        refuse_text("the case", self.words, TITLE_LENGTH)
        if (self.key.subject, self.term.subject) != (Subject.CASE, Subject.TERM):
            raise ValueError(f"{self.key}: a case is one of what a word means")

    @property
    def question(self) -> Question:
        """Asked of each person by name, as what the word means is."""
        return Question(self.key, AnswerKind.CHOICE, tuple(Verdict), is_named=True)
