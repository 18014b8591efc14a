"""The rows of questions, and of what was answered.

Unnamed answers hold no person: those of a side stand in one row, by keys that nobody but their
authors can make, sorted by these. So neither a row, nor its place, nor a moment tells whose an
answer is. Who has answered stands apart, without a moment too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.people import Person, Side
from workshop.domain.question import (
    Answer,
    AnswerKind,
    Guess,
    Question,
    QuestionKey,
    QuestionState,
    Subject,
)
from workshop.store.database import Change, Source, as_json
from workshop.store.engine import Row, Run, insert_rows
from workshop.store.tables import FLAG, ID, INTEGER, JSON, TEXT, WORKSHOP_ID, Column, Table
from workshop.store.topics import QUESTIONS

WHICH = (WORKSHOP_ID, Column("subject", TEXT), Column("about", TEXT))
KEY = ("workshop_id", "subject", "about")
KEY_LENGTH = 24
"""Hex digits: 96 bits, which nobody guesses."""
# An answer that is not revealed is in no file that somebody can open.
IS_REVEALED = (
    "EXISTS (SELECT 1 FROM question WHERE question.workshop_id = {table}.workshop_id "
    "AND question.subject = {table}.subject AND question.about = {table}.about "
    f"AND ({{table}}.round < question.round OR ({{table}}.round = question.round "
    f"AND question.state = '{QuestionState.REVEALED}')))"
)
TABLES = (
    Table(
        "question",
        (
            *WHICH,
            Column("kind", TEXT),
            Column("options", JSON),
            Column("is_named", FLAG),
            Column("asked_of_sides", FLAG),
            Column("round", INTEGER),
            Column("state", TEXT),
        ),
        KEY,
        since=8,
    ),
    Table(
        "answer",
        (*WHICH, Column("round", INTEGER), Column("side", TEXT), Column("said", JSON)),
        (*KEY, "round", "side"),
        since=8,
        backed_up_where=IS_REVEALED.format(table="answer"),
    ),
    Table(
        "answered",
        (*WHICH, Column("round", INTEGER), Column("person_id", ID, points_to="person")),
        (*KEY, "round", "person_id"),
        since=8,
        backed_up_where=IS_REVEALED.format(table="answered"),
    ),
)
# What somebody said, by the key of who said it, as JSON holds it.
Said = dict[str, dict[str, Any]]


def questions_of(source: Source, workshop_id: str) -> Mapping[QuestionKey, Question]:
    """All questions of a workshop that were ever opened."""
    return source.cached(workshop_id, QUESTIONS, "questions", lambda read: _load(read, workshop_id))


def _load(read: Run, workshop_id: str) -> dict[QuestionKey, Question]:
    rows = read(
        "SELECT subject, about, kind, options, is_named, asked_of_sides, round, state "
        "FROM question WHERE workshop_id = $1 ORDER BY subject, about",
        workshop_id,
    )
    questions = (
        Question(
            QuestionKey(Subject(subject), about),
            AnswerKind(kind),
            tuple(json.loads(options)),
            is_named,
            asked_of_sides,
            number,
            QuestionState(state),
        )
        for subject, about, kind, options, is_named, asked_of_sides, number, state in rows
    )
    return {question.key: question for question in questions}


def keep_question(change: Change, question: Question) -> None:
    """Keep a question as it is now."""
    kept: dict[str, object] = {
        "workshop_id": change.workshop_id,
        "subject": question.key.subject,
        "about": question.key.about,
        "kind": question.kind,
        "options": as_json(question.options),
        "is_named": question.is_named,
        "asked_of_sides": question.asked_of_sides,
        "round": question.round,
        "state": question.state,
    }
    change.write(
        "DELETE FROM question WHERE workshop_id = $1 AND subject = $2 AND about = $3",
        change.workshop_id,
        question.key.subject,
        question.key.about,
    )
    change.insert("question", **kept)


def author_key(question: Question, person: Person, visitor: Visitor) -> str:
    """Under which key somebody's answer stands; Forbidden where this browser cannot tell."""
    if question.asked_of_sides:
        return f"{person.team_id} {person.side}"
    if question.is_named:
        return person.id
    if not visitor.secret:
        raise Forbidden("this browser holds no seat that can answer unnamed")
    secret = f"{visitor.secret} {question.key} {question.round}"
    return hashlib.sha256(secret.encode()).hexdigest()[:KEY_LENGTH]


def load_said(read: Run, workshop_id: str, question: Question, side: Side, number: int) -> Said:
    """What people of a side have answered in a round, as it stands in the records now."""
    rows = read(
        "SELECT said FROM answer WHERE workshop_id = $1 AND subject = $2 AND about = $3 "
        "AND round = $4 AND side = $5",
        workshop_id,
        question.key.subject,
        question.key.about,
        number,
        side,
    )
    said: Said = json.loads(rows[0][0]) if rows else {}
    return said


def said_in_round(
    change: Change, questions: Sequence[Question]
) -> dict[tuple[QuestionKey, Side], str]:
    """What each side has answered to these questions in their round, as JSON holds it."""
    rows = _rows_of_round(change, "answer", "side, said", questions)
    return {
        (QuestionKey(Subject(subject), about), Side(side)): said
        for subject, about, side, said in rows
    }


def keep_said(change: Change, said: Mapping[tuple[Question, Side], Said]) -> None:
    """Keep what people of a side have answered in this round, in an order that tells nothing."""
    insert_rows(
        change.write,
        "answer",
        ("workshop_id", "subject", "about", "round", "side", "said"),
        [
            (
                change.workshop_id,
                question.key.subject,
                question.key.about,
                question.round,
                side,
                as_json(dict(sorted(given.items()))),
            )
            for (question, side), given in said.items()
        ],
        "ON CONFLICT (workshop_id, subject, about, round, side) DO UPDATE SET said = excluded.said",
    )


def people_who_answered(
    change: Change, questions: Sequence[Question]
) -> dict[QuestionKey, set[str]]:
    """The ids of those who have answered these questions in their round."""
    answered: dict[QuestionKey, set[str]] = {question.key: set() for question in questions}
    for subject, about, person_id in _rows_of_round(change, "answered", "person_id", questions):
        answered[QuestionKey(Subject(subject), about)].add(person_id)
    return answered


def _rows_of_round(
    change: Change, table: str, columns: str, questions: Sequence[Question]
) -> list[Row]:
    """Of each row of these questions in their round its subject, what it is about, and these."""
    if not questions:
        return []
    rounds = ", ".join(
        f"(${3 * place + 2}, ${3 * place + 3}, ${3 * place + 4})" for place in range(len(questions))
    )
    values = [value for one in questions for value in (one.key.subject, one.key.about, one.round)]
    return change.read(
        f"SELECT subject, about, {columns} FROM {table} "
        f"WHERE workshop_id = $1 AND (subject, about, round) IN ({rounds})",
        change.workshop_id,
        *values,
    )


def keep_answered(change: Change, answered: Sequence[tuple[Question, str]]) -> None:
    """Keep who, by their ids, have answered which question for the first time."""
    insert_rows(
        change.write,
        "answered",
        ("workshop_id", "subject", "about", "round", "person_id"),
        [
            (change.workshop_id, one.key.subject, one.key.about, one.round, person_id)
            for one, person_id in answered
        ],
    )


def as_said(answer: Answer, name: str) -> dict[str, Any]:
    """An answer as JSON holds it; `name` is "" where it is unnamed."""
    value = asdict(answer.value) if isinstance(answer.value, Guess) else answer.value
    return {"value": value, "remark": answer.remark} | ({"name": name} if name else {})


def answer_of(said: Mapping[str, Any]) -> Answer:
    """An answer out of its JSON."""
    value = said["value"]
    return Answer(Guess(**value) if isinstance(value, dict) else value, said["remark"])


def all_answers_of(source: Source, workshop_id: str) -> list[tuple[QuestionKey, Side, Answer]]:
    """Every answer of every round, as the records hold them: for those who check all of them."""
    rows = source.read(
        "SELECT subject, about, side, said FROM answer WHERE workshop_id = $1", workshop_id
    )
    return [
        (QuestionKey(Subject(subject), about), Side(side), answer_of(one))
        for subject, about, side, said in rows
        for one in json.loads(said).values()
    ]


def shown_steps(source: Source, visitor: Visitor) -> int | None:
    """How many steps, from the first, a visitor may see the numbers of; None for all.

    What people are still guessing is hidden from them and from the board, and so are the steps
    after it, whose numbers would tell it.
    """
    if visitor.role in (Role.FACILITATOR, Role.MANAGER):
        return None
    hidden = (
        int(question.key.about)
        for question in questions_of(source, visitor.workshop_id).values()
        if question.key.is_guess and question.state is QuestionState.OPEN
    )
    return min(hidden, default=None)
