"""Answers as they come: what a room sends at one moment is kept in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workshop.domain.access import Forbidden, Visitor
from workshop.domain.people import Person, Side
from workshop.domain.question import Answer, Question, QuestionKey, QuestionState
from workshop.domain.text import refuse_id
from workshop.store.database import WITHDRAWN, Change
from workshop.store.errors import Repeated, StoreError
from workshop.store.people import person_of
from workshop.store.question_rows import (
    Said,
    as_said,
    author_key,
    keep_answered,
    keep_said,
    people_who_answered,
    questions_of,
    said_in_round,
)
from workshop.store.submissions import take_all, taken_of
from workshop.store.together import Sent
from workshop.store.tokens import marks_that_hold
from workshop.store.topics import person_topic

NOT_OPEN = "This question is not open any more. What was saved before counts."
ANSWERED_ELSEWHERE = "You have answered this on another device. Change it there."


@dataclass(eq=False, kw_only=True)
class SentAnswers(Sent):
    """The answers that one participant has sent."""

    given: Mapping[QuestionKey, Answer]


class AnswerBatch:
    """Answers about to be written, a row for each question and side.

    They leave no entry in the log: a moment beside a person would tell whose an answer is.
    """

    def __init__(self, change: Change, sent: Sequence[SentAnswers]) -> None:
        self._change = change
        self._questions = questions_of(change, change.workshop_id)
        self._marks = marks_that_hold(change, [one.visitor for one in sent])
        ids = [one.submission_id for one in sent if one.submission_id]
        self._taken = taken_of(change.read, change.workshop_id, ids)
        asked = [self._questions[key] for key in self._open_ones(sent)]
        self._kept = said_in_round(change, asked)
        self._answered = people_who_answered(change, asked)
        self._said: dict[tuple[QuestionKey, Side], Said] = {}
        self._new_answered: list[tuple[Question, str]] = []
        self._new_submissions: list[str] = []

    def _open_ones(self, sent: Sequence[SentAnswers]) -> list[QuestionKey]:
        """What is answered and may be, each once."""
        keys = dict.fromkeys(key for one in sent for key in one.given)
        return [key for key in keys if self._is_open(key)]

    def _is_open(self, key: QuestionKey) -> bool:
        question = self._questions.get(key)
        return question is not None and question.state is QuestionState.OPEN

    def add(self, sent: SentAnswers) -> None:
        """Take an answer in, all of it or nothing; raises what is wrong with it."""
        visitor = sent.visitor
        if visitor.mark and visitor.mark not in self._marks:
            raise Forbidden(WITHDRAWN)
        if sent.submission_id:
            refuse_id("this answer", sent.submission_id)
        if sent.submission_id in self._taken:
            raise Repeated
        person = person_of(self._change, visitor)
        for key, answer in sent.given.items():
            self._check(key, answer, person, visitor)
        for key, answer in sent.given.items():
            self._put(self._questions[key], answer, person, visitor)
        self._change.topics.append(person_topic(person.id))
        if sent.submission_id:
            self._taken.add(sent.submission_id)
            self._new_submissions.append(sent.submission_id)

    def _check(self, key: QuestionKey, answer: Answer, person: Person, visitor: Visitor) -> None:
        if not self._is_open(key):
            raise StoreError(NOT_OPEN)
        question = self._questions[key]
        question.refuse(answer)
        is_new = author_key(question, person, visitor) not in self._held(question, person.side)
        if is_new and not question.is_named and person.id in self._answered[key]:
            raise StoreError(ANSWERED_ELSEWHERE)

    def _put(self, question: Question, answer: Answer, person: Person, visitor: Visitor) -> None:
        name = person.name if question.is_named else ""
        said = self._held(question, person.side)
        said[author_key(question, person, visitor)] = as_said(answer, name)
        if person.id not in self._answered[question.key]:
            self._answered[question.key].add(person.id)
            self._new_answered.append((question, person.id))

    def _held(self, question: Question, side: Side) -> Said:
        place = question.key, side
        if place not in self._said:
            self._said[place] = json.loads(self._kept.get(place, "{}"))
        return self._said[place]

    def write(self) -> None:
        said = {(self._questions[key], side): held for (key, side), held in self._said.items()}
        keep_said(self._change, said)
        keep_answered(self._change, self._new_answered)
        take_all(self._change.write, self._change.workshop_id, self._new_submissions)
