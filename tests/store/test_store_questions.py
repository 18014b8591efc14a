"""Questions: nobody reads an answer before the reveal, and nothing tells whose it is."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from workshop import intake
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import masked
from workshop.domain.hand_off import Doer
from workshop.domain.people import Side
from workshop.domain.question import (
    Answer,
    AnswerKind,
    Guess,
    Progress,
    Question,
    QuestionKey,
    QuestionState,
    Subject,
)
from workshop.store import Repeated, Store, StoreError
from workshop.store.archive import NoBackup

GUESS = Question(QuestionKey(Subject.GUESS, "1"), AnswerKind.PERCENT)
STATEMENT = Question(QuestionKey(Subject.RELATIONSHIP, "lanes"), AnswerKind.SCALE)
OWNER = Question(
    QuestionKey(Subject.HAND_OFF, "1_finds"),
    AnswerKind.CHOICE,
    ("sales", "marketing", "nobody"),
    is_named=True,
    asked_of_sides=True,
)
TERM = Question(QuestionKey(Subject.TERM, "mql"), AnswerKind.TEXT, is_named=True)
ID = "0" * 32


@pytest.fixture
def facilitator(store: Store) -> Visitor:
    return store.workshops.start("Spring", intake.example())


@pytest.fixture
def room(store: Store, facilitator: Visitor) -> list[Visitor]:
    """Three of sales and three of marketing, by turns."""
    code = store.workshops.get(facilitator).code
    sides = [Side.SALES, Side.MARKETING] * 3
    tokens = [store.seats.join(code, f"P{n}", side) for n, side in enumerate(sides)]
    admitted = [store.tokens.admit(token) for token in tokens]
    return [who for who in admitted if who is not None]


def screens(store: Store, facilitator: Visitor) -> Iterator[Visitor]:
    """Whoever is no participant."""
    yield facilitator
    for role in (Role.MANAGER, Role.PROJECTOR):
        yield Visitor(role, facilitator.workshop_id)


def test_an_answer_is_read_by_nobody_before_the_reveal(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.questions.open(facilitator, GUESS)
    for who in room:
        store.questions.answer(who, {GUESS.key: Answer(Guess(0.55))})
    for who in (*screens(store, facilitator), *room):
        with pytest.raises(Forbidden):
            store.questions.answers(who, GUESS.key)
    store.questions.reveal(facilitator, GUESS.key)
    for who in (*screens(store, facilitator), *room):
        assert len(store.questions.answers(who, GUESS.key)) == 6
    store.questions.hide(facilitator, GUESS.key)
    with pytest.raises(Forbidden):
        store.questions.answers(facilitator, GUESS.key)


def test_what_was_never_asked_has_no_answers(store: Store, facilitator: Visitor) -> None:
    with pytest.raises(Forbidden):
        store.questions.answers(facilitator, GUESS.key)
    with pytest.raises(StoreError, match="never asked"):
        store.questions.reveal(facilitator, GUESS.key)


def test_the_own_answer_can_be_read_and_changed_until_the_reveal(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    ada, bo, *_ = room
    store.questions.open(facilitator, GUESS)
    store.questions.answer(ada, {GUESS.key: Answer(Guess(0.55))})
    store.questions.answer(ada, {GUESS.key: Answer(Guess(0.4, 0.3, 0.5))})
    assert store.questions.own(ada, Subject.GUESS) == {GUESS.key: Answer(Guess(0.4, 0.3, 0.5))}
    assert store.questions.own(bo, Subject.GUESS) == {}
    store.questions.reveal(facilitator, GUESS.key)
    with pytest.raises(StoreError, match="not open any more"):
        store.questions.answer(ada, {GUESS.key: Answer(Guess(0.1))})


def test_all_see_counts_by_side_while_it_is_asked(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.questions.open(facilitator, GUESS)
    store.questions.answer(room[0], {GUESS.key: Answer(Guess(0.55))})
    for who in screens(store, facilitator):
        assert store.questions.progress(who) == {
            GUESS.key: {Side.SALES: Progress(1, 3), Side.MARKETING: Progress(0, 3)}
        }


def test_unnamed_answers_keep_their_side_and_no_name(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.questions.open(facilitator, STATEMENT)
    for mark, who in enumerate(room):
        store.questions.answer(who, {STATEMENT.key: Answer(1 + mark % 5)})
    store.questions.reveal(facilitator, STATEMENT.key)
    answers = store.questions.answers(facilitator, STATEMENT.key)
    assert sorted((one.side or "", one.answer.value) for one in answers) == [
        (Side.MARKETING, 1),
        (Side.MARKETING, 2),
        (Side.MARKETING, 4),
        (Side.SALES, 1),
        (Side.SALES, 3),
        (Side.SALES, 5),
    ]
    assert {one.name for one in answers} == {""}


def test_too_few_of_a_side_are_pooled(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.questions.open(facilitator, STATEMENT)
    for who in room[:4]:
        store.questions.answer(who, {STATEMENT.key: Answer(3)})
    store.questions.reveal(facilitator, STATEMENT.key)
    answers = store.questions.answers(facilitator, STATEMENT.key)
    assert [one.side for one in answers] == [None] * 4


def test_fewer_than_three_unnamed_answers_are_shown_to_nobody(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.questions.open(facilitator, STATEMENT)
    for who in room[:2]:
        store.questions.answer(who, {STATEMENT.key: Answer(3)})
    store.questions.reveal(facilitator, STATEMENT.key)
    assert store.questions.answers(facilitator, STATEMENT.key) == ()


def test_nothing_in_the_records_joins_an_unnamed_answer_to_a_person(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    """Neither an id, nor a fingerprint, nor an order, nor a moment stands beside it."""
    store.questions.open(facilitator, STATEMENT)
    entries = len(store.activity.all(facilitator))
    for mark, who in enumerate(room):
        store.questions.answer(who, {STATEMENT.key: Answer(1 + mark % 5)})
    rows = store.database.read("SELECT * FROM answer")
    known = {str(value) for who in room for value in (who.person_id, who.mark, who.secret)}
    assert len(rows) == 2
    assert not any(value in str(row) for row in rows for value in known)
    keys = [key for row in rows for key in json.loads(row[-1])]
    assert keys[:3] == sorted(keys[:3])
    assert keys[3:] == sorted(keys[3:])
    assert len(store.activity.all(facilitator)) == entries
    columns = store.database.read(
        "SELECT column_name FROM information_schema.columns WHERE table_name IN "
        "('answer', 'answered')"
    )
    assert not any("_at" in name or name == "number" for (name,) in columns)


def test_who_answered_on_one_device_does_not_answer_twice_on_another(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    ada = room[0]
    store.questions.open(facilitator, STATEMENT)
    store.questions.answer(ada, {STATEMENT.key: Answer(3)})
    other = Visitor(ada.role, ada.workshop_id, ada.person_id, ada.mark, secret="other")
    with pytest.raises(StoreError, match="another device"):
        store.questions.answer(other, {STATEMENT.key: Answer(5)})


def test_a_side_of_a_mini_team_has_one_answer(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.questions.open(facilitator, OWNER)
    for who in room:
        store.questions.answer(who, {OWNER.key: Answer("sales")})
    teams = store.seats.teams(facilitator)
    sides = sum(len({person.side for person in team.people}) for team in teams)
    store.questions.reveal(facilitator, OWNER.key)
    assert len(store.questions.answers(facilitator, OWNER.key)) == sides


def test_asking_again_begins_a_round_and_keeps_the_one_before(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.questions.open(facilitator, TERM)
    store.questions.answer(room[0], {TERM.key: Answer("asked for a price")})
    store.questions.reveal(facilitator, TERM.key)
    store.questions.ask_again(facilitator, TERM.key)
    assert store.questions.own(room[0], Subject.TERM) == {}
    store.questions.answer(room[0], {TERM.key: Answer("asked twice")})
    [before] = store.questions.answers(facilitator, TERM.key, 1)
    assert before.answer.value == "asked for a price"
    assert before.name == "P0"
    with pytest.raises(Forbidden):
        store.questions.answers(facilitator, TERM.key)
    store.questions.take_back_round(facilitator, TERM.key)
    [shown] = store.questions.answers(facilitator, TERM.key)
    assert shown == before


def test_several_questions_are_asked_again_and_taken_back_together(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    keys = [STATEMENT.key, TERM.key]
    store.questions.open(facilitator, STATEMENT, TERM)
    store.questions.reveal(facilitator, *keys)
    store.questions.ask_again(facilitator, TERM.key)
    store.questions.ask_again(facilitator, *keys)  # the other one is asked again already
    assert [store.questions.all(facilitator)[key].round for key in keys] == [2, 2]
    store.questions.take_back_round(facilitator, *keys)
    questions = store.questions.all(facilitator)
    assert {(questions[key].round, questions[key].state) for key in keys} == {
        (1, QuestionState.REVEALED)
    }
    with pytest.raises(StoreError, match="asked once only"):
        store.questions.take_back_round(facilitator, *keys)


def test_a_round_is_taken_back_where_others_beside_it_are_in_their_first(
    store: Store, facilitator: Visitor
) -> None:
    keys = [STATEMENT.key, TERM.key]
    store.questions.open(facilitator, TERM)
    store.questions.reveal(facilitator, TERM.key)
    store.questions.ask_again(facilitator, TERM.key)
    store.questions.open(facilitator, STATEMENT)
    store.questions.take_back_round(facilitator, *keys)
    questions = store.questions.all(facilitator)
    assert [questions[key].state for key in keys] == [QuestionState.OPEN, QuestionState.REVEALED]


def test_a_repeated_submission_is_taken_once(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.questions.open(facilitator, GUESS)
    store.questions.answer(room[0], {GUESS.key: Answer(Guess(0.5))}, submission_id=ID)
    with pytest.raises(Repeated):
        store.questions.answer(room[0], {GUESS.key: Answer(Guess(0.6))}, submission_id=ID)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (STATEMENT, Answer(6)),
        (STATEMENT, Answer("sales")),
        (OWNER, Answer("the cat")),
        (TERM, Answer("  ")),
        (GUESS, Answer(3)),
        (GUESS, Answer(None)),
    ],
)
def test_what_cannot_be_an_answer_is_refused(
    store: Store, facilitator: Visitor, room: list[Visitor], question: Question, answer: Answer
) -> None:
    store.questions.open(facilitator, question)
    with pytest.raises(ValueError, match=r"no answer|is empty"):
        store.questions.answer(room[0], {question.key: answer})


def test_a_settlement_holds_until_the_next_one_and_can_be_taken_back(
    store: Store, facilitator: Visitor
) -> None:
    with pytest.raises(StoreError, match="Ask the room first"):
        store.settlements.settle(facilitator, TERM.key, "a price", "Ada", "Bo")
    store.questions.open(facilitator, TERM)
    for value in ("asked for a price", "asked twice"):
        store.settlements.settle(facilitator, TERM.key, value, "Ada", "Bo")
    assert store.settlements.valid(facilitator)[TERM.key].value == "asked twice"
    store.settlements.take_back(facilitator, TERM.key)
    assert store.settlements.valid(facilitator)[TERM.key].value == "asked for a price"
    store.settlements.take_back(facilitator, TERM.key)
    assert store.settlements.valid(facilitator) == {}
    with pytest.raises(StoreError, match="Nothing is settled"):
        store.settlements.take_back(facilitator, TERM.key)


def test_an_owner_and_hours_are_settled_among_the_options_and_come_back_from_a_backup(
    store: Store, facilitator: Visitor
) -> None:
    store.questions.open(facilitator, OWNER)
    settle = store.settlements.settle
    with pytest.raises(StoreError, match="Choose who does it"):
        settle(facilitator, OWNER.key, "", "Ada", "Bo", owner=Doer.BOTH)
    with pytest.raises(ValueError, match="a duty has an owner"):
        settle(facilitator, OWNER.key, "", "Ada", "Bo")
    with pytest.raises(ValueError, match="number of hours"):
        settle(facilitator, OWNER.key, "", "Ada", "Bo", owner=Doer.SALES, hours=-1)
    settle(facilitator, OWNER.key, "", "Ada", "Bo", owner=Doer.SALES, hours=4)
    store.questions.reveal(facilitator, OWNER.key)
    store.questions.ask_again(facilitator, OWNER.key)
    held = store.settlements.valid(facilitator)[OWNER.key]
    assert (held.value, held.owner, held.hours, held.round) == ("", "sales", 4, 1)
    again = store.backups.restore(store.backups.make(facilitator)).facilitator
    assert store.settlements.valid(again) == {OWNER.key: held}
    settle(facilitator, OWNER.key, "on Fridays", "Ada", "Bo", owner=Doer.MARKETING)
    assert store.settlements.valid(facilitator)[OWNER.key].round == 2
    [entry] = [one for one in store.activity.all(facilitator) if "on Fridays" in repr(one)]
    assert "sales · 4 h" in repr(entry)


@pytest.mark.parametrize(
    ("about", "owner"), [("1_finds", None), ("1_finds", "the cat"), ("finds", "both")]
)
def test_a_backup_with_a_duty_that_nobody_can_have_is_refused(
    store: Store, facilitator: Visitor, about: str, owner: str | None
) -> None:
    store.questions.open(facilitator, OWNER)
    store.settlements.settle(facilitator, OWNER.key, "", "Ada", "Bo", owner=Doer.SALES)
    with store.database.change(facilitator) as change:
        change.write("UPDATE settlement SET about = $1, owner = $2", about, owner)
    with pytest.raises(NoBackup):
        store.backups.restore(store.backups.make(facilitator))


def test_what_management_wants_comes_back_from_a_backup(store: Store, facilitator: Visitor) -> None:
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    wanted = Assumptions(revenue=250_000, capacities=(("SQL", 200), ("Wön; DROP", 0)))
    store.assumptions.save(manager, wanted)
    assert store.assumptions.current(facilitator) == wanted
    again = store.backups.restore(store.backups.make(facilitator)).facilitator
    assert store.assumptions.current(again) == wanted


@pytest.mark.parametrize(
    "nonsense", [{"revenue": -1.0}, {"capacities": (("", 1.0),)}, {"capacities": (("SQL", -1.0),)}]
)
def test_no_outcome_that_makes_no_sense_is_assumed(nonsense: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"revenue wanted|capacity"):
        Assumptions(**nonsense)


def test_a_backup_holds_revealed_answers_only(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    store.questions.open(facilitator, TERM, STATEMENT)
    store.questions.answer(room[0], {TERM.key: Answer("asked for a price")})
    assert "asked for a price" not in _unpacked(store.backups.make(facilitator))
    store.questions.reveal(facilitator, TERM.key)
    assert "asked for a price" in _unpacked(store.backups.make(facilitator))
    store.questions.ask_again(facilitator, TERM.key)
    store.questions.answer(room[0], {TERM.key: Answer("asked twice")})
    held = _unpacked(store.backups.make(facilitator))
    assert "asked for a price" in held
    assert "asked twice" not in held


def _unpacked(backup: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(backup)) as archive:
        return " ".join(archive.read(name).decode() for name in archive.namelist())


def test_what_is_guessed_is_hidden_from_the_room_until_it_is_revealed(
    store: Store, facilitator: Visitor, room: list[Visitor]
) -> None:
    funnel = intake.example()
    board = Visitor(Role.PROJECTOR, facilitator.workshop_id)
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    keys = [QuestionKey(Subject.GUESS, str(step)) for step in range(4)]
    store.questions.open(facilitator, *(Question(key, AnswerKind.PERCENT) for key in keys))
    for revealed in range(4):
        for who in (board, room[0]):
            assert store.questions.shown_steps(who) == revealed
            assert store.funnels.current(who) == masked(funnel, revealed)
        for who in (facilitator, manager):
            assert store.funnels.current(who) == funnel
        store.questions.reveal(facilitator, keys[revealed])
    assert store.funnels.current(board) == funnel
    store.questions.hide(facilitator, keys[0])
    assert store.funnels.current(board) == masked(funnel, 0)
    store.questions.close(facilitator, keys[0])
    assert store.funnels.current(board) == funnel
    assert store.questions.all(board)[keys[0]].state is QuestionState.CLOSED
