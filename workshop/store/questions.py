"""Questions: both sides answer by themselves, the room sees both, the room settles.

Nobody reads an answer of others before it is revealed, and `answers` is the one call that reads
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.people import Person, Side
from workshop.domain.question import (
    Answer,
    Answered,
    Progress,
    Question,
    QuestionKey,
    QuestionState,
    Subject,
    without_names,
)
from workshop.store.answering import AnswerBatch, SentAnswers
from workshop.store.database import Change, Database
from workshop.store.engine import Run
from workshop.store.errors import StoreError
from workshop.store.people import person_of, seated_in
from workshop.store.question_rows import (
    Said,
    answer_of,
    author_key,
    keep_question,
    load_said,
    questions_of,
    shown_steps,
)
from workshop.store.together import Together
from workshop.store.topics import ANSWERS, PLAN, QUESTIONS
from workshop.store.verbs import Verb


class Questions:
    """What the room is asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answering = Together(database, ANSWERS, AnswerBatch)

    def all(self, visitor: Visitor) -> Mapping[QuestionKey, Question]:
        """Every question that was ever opened, and how far it is."""
        return questions_of(self._database, visitor.workshop_id)

    def shown_steps(self, visitor: Visitor) -> int | None:
        """How many steps, from the first, the visitor may see the numbers of; None for all."""
        return shown_steps(self._database, visitor)

    # -- asking ------------------------------------------------------------------------------------

    def open(self, visitor: Visitor, *questions: Question) -> None:
        """Ask these questions, or those again that were closed; what is asked already stays."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, QUESTIONS, ANSWERS, PLAN) as change:
            known = questions_of(change, visitor.workshop_id)
            for question in questions:
                held = known.get(question.key, question)
                if held.state is QuestionState.CLOSED:
                    opened = replace(held, state=QuestionState.OPEN)
                    _keep_moved(change, opened, Verb.QUESTION_OPENED)

    def close(self, visitor: Visitor, *keys: QuestionKey) -> None:
        """Take back that these are asked. What was answered is there when they are opened again."""
        self._turn(visitor, keys, Verb.QUESTION_CLOSED, QuestionState.OPEN, QuestionState.CLOSED)

    def reveal(self, visitor: Visitor, *keys: QuestionKey) -> None:
        """Show the answers to all; from then on nobody changes theirs."""
        self._turn(
            visitor, keys, Verb.QUESTION_REVEALED, QuestionState.OPEN, QuestionState.REVEALED
        )

    def hide(self, visitor: Visitor, *keys: QuestionKey) -> None:
        """Take a reveal back: the question is open as before."""
        self._turn(visitor, keys, Verb.QUESTION_HIDDEN, QuestionState.REVEALED, QuestionState.OPEN)

    def ask_again(self, visitor: Visitor, *keys: QuestionKey) -> None:
        """Ask revealed questions once more: a new round begins, those of before stay."""
        self._turn(
            visitor,
            keys,
            Verb.QUESTION_ASKED_AGAIN,
            QuestionState.REVEALED,
            QuestionState.OPEN,
            rounds=1,
        )

    def take_back_round(self, visitor: Visitor, *keys: QuestionKey) -> None:
        """Take back that these were asked again: of those that were, the round before is the last.

        Raises StoreError where each was asked once only.
        """
        again = [key for key in keys if self._held(visitor, key).round > 1]
        if not again:
            raise StoreError("This question was asked once only.")
        self._turn(
            visitor,
            again,
            Verb.QUESTION_ROUND_TAKEN_BACK,
            QuestionState.OPEN,
            QuestionState.REVEALED,
            rounds=-1,
        )

    def _turn(
        self,
        visitor: Visitor,
        keys: Sequence[QuestionKey],
        verb: Verb,
        before: QuestionState,
        after: QuestionState,
        *,
        rounds: int = 0,
    ) -> None:
        """Take these questions from `before` to `after`, so many rounds on; others stay.

        Pressed twice, it is done once.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, QUESTIONS, ANSWERS, PLAN) as change:
            known = questions_of(change, visitor.workshop_id)
            for key in keys:
                if key not in known:
                    raise StoreError(f"The question '{key}' was never asked.")
                if known[key].state is before:
                    moved = replace(known[key], state=after, round=known[key].round + rounds)
                    _keep_moved(change, moved, verb)

    def _held(self, visitor: Visitor, key: QuestionKey) -> Question:
        visitor.must_be(Role.FACILITATOR)
        held = questions_of(self._database, visitor.workshop_id).get(key)
        if held is None:
            raise StoreError(f"The question '{key}' was never asked.")
        return held

    # -- answering ---------------------------------------------------------------------------------

    def answer(
        self,
        visitor: Visitor,
        given: Mapping[QuestionKey, Answer],
        *,
        submission_id: str = "",
    ) -> None:
        """Keep what a participant answers; until the reveal it may be replaced.

        The log says nothing of it: a moment beside a person would tell whose an unnamed answer is.
        Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.PARTICIPANT)
        self._answering.take(SentAnswers(visitor=visitor, given=given, submission_id=submission_id))

    def own(self, visitor: Visitor, subject: Subject) -> dict[QuestionKey, Answer]:
        """What the participant, or their side of the mini-team, has answered in this round."""
        visitor.must_be(Role.PARTICIPANT)
        person = person_of(self._database, visitor)
        own: dict[QuestionKey, Answer] = {}
        for key, question in questions_of(self._database, visitor.workshop_id).items():
            if key.subject is not subject or question.state is QuestionState.CLOSED:
                continue
            said = self._said(visitor, question, person.side, question.round)
            held = said.get(author_key(question, person, visitor))
            if held is not None:
                own[key] = answer_of(held)
        return own

    def answers(
        self, visitor: Visitor, key: QuestionKey, number: int | None = None
    ) -> tuple[Answered, ...]:
        """What was answered in a round, the last one unless `number` says which.

        Raises Forbidden, whoever asks, until it is revealed. Too few unnamed answers of a side are
        pooled or left out (`without_names`).
        """
        question = questions_of(self._database, visitor.workshop_id).get(key)
        number = number or (question.round if question else 1)
        is_past = question is not None and 0 < number < question.round
        is_shown = question is not None and question.state is QuestionState.REVEALED
        if question is None or not (is_past or (is_shown and number == question.round)):
            raise Forbidden("answers are shown once they are revealed")
        given = [
            Answered(answer_of(one), side, one.get("name", ""))
            for side in Side
            for one in self._said(visitor, question, side, number).values()
        ]
        return tuple(given) if question.is_named else without_names(given)

    def _said(self, visitor: Visitor, question: Question, side: Side, number: int) -> Said:
        return self._database.cached(
            visitor.workshop_id,
            ANSWERS,
            f"{question.key} of {side} in {number}",
            lambda read: load_said(read, visitor.workshop_id, question, side, number),
        )

    def progress(self, visitor: Visitor) -> dict[QuestionKey, dict[Side, Progress]]:
        """How many of each side that is here have answered each question in its round."""
        here = [
            person
            for person in seated_in(self._database, visitor.workshop_id).values()
            if person.joined
        ]
        answered = self._database.cached(
            visitor.workshop_id, ANSWERS, "answered", lambda read: _answered(read, visitor)
        )
        return {
            key: _progress(question, here, answered.get((key, question.round), set()))
            for key, question in questions_of(self._database, visitor.workshop_id).items()
        }


def _keep_moved(change: Change, moved: Question, verb: Verb) -> None:
    keep_question(change, moved)
    change.log_activity(verb, str(moved.key), after={"round": moved.round})


def _answered(read: Run, visitor: Visitor) -> dict[tuple[QuestionKey, int], set[str]]:
    answered: dict[tuple[QuestionKey, int], set[str]] = {}
    for subject, about, number, person_id in read(
        "SELECT subject, about, round, person_id FROM answered WHERE workshop_id = $1",
        visitor.workshop_id,
    ):
        place = QuestionKey(Subject(subject), about), number
        answered.setdefault(place, set()).add(person_id)
    return answered


def _progress(question: Question, here: list[Person], answered: set[str]) -> dict[Side, Progress]:
    """By side; of a mini-team's side where it answers together."""
    progress = {}
    for side in Side:
        people = [person for person in here if person.side is side]
        done = [person for person in people if person.id in answered]
        if question.asked_of_sides:
            asked = len({person.team_id for person in people})
            progress[side] = Progress(len({person.team_id for person in done}), asked)
        else:
            progress[side] = Progress(len(done), len(people))
    return {side: held for side, held in progress.items() if held.asked}
