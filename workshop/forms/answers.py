"""The sheet on which somebody answers all open questions of a subject at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from workshop.domain.access import Visitor
from workshop.domain.checks import TITLE_LENGTH
from workshop.domain.question import (
    Answer,
    AnswerKind,
    Guess,
    Question,
    QuestionKey,
    QuestionState,
    Subject,
)
from workshop.forms.form import Field, Form, Group, Kind, Option, Problems, Submission
from workshop.forms.number import PERCENT, in_percent
from workshop.store import Store

NAME = "answers"
OF_100 = "of 100"
MARKS = ("low", "likely", "high")
OPEN_CHOICE = Option("", "No answer yet")
OUT_OF_ORDER = "Your guess has to lie between the two others."
NO_GUESS = "Write your guess as well."
NOTHING = "Answer at least one of them."
CANNOT = "cannot"
LONGEST_TEXT = 300
"""Characters of an answer in words: one line that a room can read."""
SAVED = "Saved."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the words of its activity; `labels` are those of its choices, by code."""

    question: Question
    words: str
    help: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


def answers_form(
    subject: Subject, asked: Sequence[Asked], own: Mapping[QuestionKey, Answer], title: str
) -> Form:
    """The sheet of a subject, with what was answered before."""
    values: dict[str, str] = {}
    for one in asked:
        values |= _values(one.question, own.get(one.question.key))
    remark = next((answer.remark for answer in own.values() if answer.value is None), "")
    return Form(
        NAME,
        {"subject": subject},
        (*(_part(one) for one in asked), _why_not()),
        "Save",
        title=title,
        values={**values, CANNOT: remark},
        # Once something is saved, all of it stands there to be changed.
        one_at_a_time=len(asked) > 1 and not own,
        below_each=CANNOT,
    )


def _why_not() -> Field:
    return Field(
        CANNOT,
        Kind.TEXT,
        "I cannot answer what I left empty, because …",
        "Only if you like.",
        longest=TITLE_LENGTH,
    )


def _field_of(question: Question) -> str:
    return f"{question.key.subject}_{question.key.about}"


def _part(asked: Asked) -> Field | Group:
    question, name = asked.question, _field_of(asked.question)
    match question.kind:
        case AnswerKind.PERCENT:
            labels = ("Surely at least", "My guess", "Surely at most")
            fields = (
                Field(f"{name}_{mark}", Kind.NUMBER, label, placeholder=OF_100, limits=PERCENT)
                for mark, label in zip(MARKS, labels, strict=True)
            )
            return Group(asked.words, tuple(fields), asked.help, OUT_OF_ORDER)
        case AnswerKind.SCALE:
            return Field(name, Kind.SCALE, asked.words, asked.help)
        case AnswerKind.CHOICE:
            options = (Option(code, asked.labels.get(code, code)) for code in question.options)
            return Field(
                name, Kind.CHOICE, asked.words, asked.help, options=(OPEN_CHOICE, *options)
            )
        case AnswerKind.TEXT:
            return Field(name, Kind.LONG_TEXT, asked.words, asked.help, longest=LONGEST_TEXT)
        case _:
            assert_never(question.kind)


def _values(question: Question, answer: Answer | None) -> dict[str, str]:
    name, value = _field_of(question), answer.value if answer else None
    if question.kind is AnswerKind.PERCENT:
        return {
            f"{name}_{mark}": in_percent(getattr(value, mark) if value else None) for mark in MARKS
        }
    return {name: "" if value is None else str(value)}


def answers_of(questions: Sequence[Question], read: Mapping[str, Any]) -> dict[QuestionKey, Answer]:
    """What was answered, by the fields that were read. Raises Problems where that is nothing."""
    given = {one.key: _value(one, read) for one in questions}
    remark = read[CANNOT]
    answers = {
        key: Answer(value, "" if value is not None else remark)
        for key, value in given.items()
        if value is not None or remark
    }
    if not answers:
        raise Problems({"": NOTHING})
    return answers


def _value(question: Question, read: Mapping[str, Any]) -> Guess | int | str | None:
    name = _field_of(question)
    if question.kind is not AnswerKind.PERCENT:
        value: int | str | None = read[name]
        return None if value == "" else value
    low, likely, high = (
        None if read[f"{name}_{mark}"] is None else read[f"{name}_{mark}"] / 100 for mark in MARKS
    )
    if likely is None and (low, high) != (None, None):
        raise Problems({f"{name}_likely": NO_GUESS})
    return None if likely is None else Guess(likely, low, high)


def take(store: Store, who: Visitor, submission: Submission) -> str:
    """Keep the answers of a sheet. Raises Problems."""
    subject = submission.about.get("subject", "")
    questions = [
        question
        for question in store.questions.all(who).values()
        if question.key.subject == subject and question.state is QuestionState.OPEN
    ]
    if not questions:
        raise Problems({"": "These questions are not open any more. What you saved before counts."})
    sheet = answers_form(Subject(subject), [Asked(one, "") for one in questions], {}, "")
    read = sheet.read(submission)
    store.questions.answer(who, answers_of(questions, read), submission_id=submission.id)
    return SAVED
