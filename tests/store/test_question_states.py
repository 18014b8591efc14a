"""Whatever is pressed in whatever order, nobody reads an answer before it is revealed."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from workshop import intake
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.people import Side
from workshop.domain.question import (
    MOST_ROUNDS,
    Answer,
    AnswerKind,
    Question,
    QuestionKey,
    QuestionState,
    Subject,
)
from workshop.store import Store, StoreError

NAMED = Question(QuestionKey(Subject.TERM, "named"), AnswerKind.TEXT, is_named=True)
UNNAMED = Question(QuestionKey(Subject.TERM, "unnamed"), AnswerKind.TEXT)
PEOPLE = 6
questions = st.sampled_from([NAMED, UNNAMED])
people = st.integers(0, PEOPLE - 1)


class Room(RuleBasedStateMachine):
    """A facilitator who presses everything, and people who answer whenever they like.

    `said` holds who has said what in which round, `at` how far each question is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.store = Store(":memory:")
        self.facilitator = self.store.workshops.start("Spring", intake.example())
        code = self.store.workshops.get(self.facilitator).code
        sides = (Side.SALES, Side.MARKETING)
        tokens = [self.store.seats.join(code, f"P{n}", sides[n % 2]) for n in range(PEOPLE)]
        self.people = [who for token in tokens if (who := self.store.tokens.admit(token))]
        self.at = {question.key: (QuestionState.CLOSED, 1) for question in (NAMED, UNNAMED)}
        self.said: dict[tuple[QuestionKey, int], dict[int, str]] = {}
        self.words = 0

    def teardown(self) -> None:
        self.store.close()

    def move(self, key: QuestionKey, before: QuestionState, after: QuestionState, by: int) -> None:
        state, number = self.at[key]
        if state is before:
            self.at[key] = (after, number + by)

    @rule(question=questions)
    def open(self, question: Question) -> None:
        self.store.questions.open(self.facilitator, question)
        self.move(question.key, QuestionState.CLOSED, QuestionState.OPEN, 0)

    @rule(question=questions)
    def close(self, question: Question) -> None:
        with suppress(StoreError):
            self.store.questions.close(self.facilitator, question.key)
        self.move(question.key, QuestionState.OPEN, QuestionState.CLOSED, 0)

    @rule(question=questions)
    def reveal(self, question: Question) -> None:
        with suppress(StoreError):
            self.store.questions.reveal(self.facilitator, question.key)
        self.move(question.key, QuestionState.OPEN, QuestionState.REVEALED, 0)

    @rule(question=questions)
    def hide(self, question: Question) -> None:
        with suppress(StoreError):
            self.store.questions.hide(self.facilitator, question.key)
        self.move(question.key, QuestionState.REVEALED, QuestionState.OPEN, 0)

    @rule(question=questions)
    def ask_again(self, question: Question) -> None:
        if self.at[question.key][1] == MOST_ROUNDS:
            return
        with suppress(StoreError):
            self.store.questions.ask_again(self.facilitator, question.key)
        self.move(question.key, QuestionState.REVEALED, QuestionState.OPEN, 1)

    @rule(question=questions)
    def take_back_round(self, question: Question) -> None:
        state, number = self.at[question.key]
        with suppress(StoreError):
            self.store.questions.take_back_round(self.facilitator, question.key)
        if number > 1 and state is QuestionState.OPEN:
            self.at[question.key] = (QuestionState.REVEALED, number - 1)

    @rule(question=questions, person=people)
    def answer(self, question: Question, person: int) -> None:
        self.words += 1
        words = f"words {self.words:04}"
        state, number = self.at[question.key]
        given = {question.key: Answer(words)}
        if state is not QuestionState.OPEN:
            with pytest.raises(StoreError):
                self.store.questions.answer(self.people[person], given)
            return
        self.store.questions.answer(self.people[person], given)
        self.said.setdefault((question.key, number), {})[person] = words

    @rule(question=questions)
    def settle(self, question: Question) -> None:
        with suppress(StoreError):
            self.store.settlements.settle(self.facilitator, question.key, "a word", "Ada", "Bo")

    def visitors(self) -> list[Visitor]:
        roles = (Role.MANAGER, Role.PROJECTOR)
        others = [Visitor(role, self.facilitator.workshop_id) for role in roles]
        return [self.facilitator, *others, *self.people]

    @invariant()
    def answers_are_read_once_they_are_revealed_and_never_before(self) -> None:
        for key, (state, number) in self.at.items():
            for each in range(1, number + 1):
                said = sorted(self.said.get((key, each), {}).values())
                is_enough = key == NAMED.key or len(said) > 2
                for who in self.visitors():
                    if each == number and state is not QuestionState.REVEALED:
                        with pytest.raises(Forbidden):
                            self.store.questions.answers(who, key, each)
                        continue
                    shown = self.store.questions.answers(who, key, each)
                    told = sorted(str(one.answer.value) for one in shown)
                    assert told == (said if is_enough else [])

    @invariant()
    def the_own_answer_stays_readable(self) -> None:
        for key, (state, number) in self.at.items():
            for person, who in enumerate(self.people):
                own = self.store.questions.own(who, Subject.TERM).get(key)
                said = self.said.get((key, number), {}).get(person)
                is_shown = said is not None and state is not QuestionState.CLOSED
                assert own == (Answer(said) if is_shown else None)

    @invariant()
    def a_backup_holds_nothing_that_is_not_revealed(self) -> None:
        with ZipFile(BytesIO(self.store.backups.make(self.facilitator))) as archive:
            held = " ".join(archive.read(name).decode() for name in archive.namelist())
        for (key, number), said in self.said.items():
            state, last = self.at[key]
            is_shown = number < last or (number == last and state is QuestionState.REVEALED)
            assert all((words in held) == is_shown for words in said.values())


Room.TestCase.settings = settings(
    max_examples=8,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestRoom = Room.TestCase
