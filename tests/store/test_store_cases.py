"""Cases: kept by their word, removed and brought back, and there again in a restored copy."""

from __future__ import annotations

import pytest

from workshop import intake
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.people import Side
from workshop.domain.question import Answer, QuestionKey, Subject
from workshop.domain.term import term_key
from workshop.store import Repeated, Store, StoreError
from workshop.store.archive import NoBackup
from workshop.store.cases import MOST_CASES

MQL = term_key("MQL")
ID = "0" * 32


@pytest.fixture
def facilitator(store: Store) -> Visitor:
    return store.workshops.start("Spring", intake.example())


def words_of(store: Store, who: Visitor) -> list[tuple[str, bool]]:
    return [(case.words, case.is_removed) for case in store.cases.all(who).values()]


def test_cases_stay_in_the_order_they_were_added(store: Store, facilitator: Visitor) -> None:
    for words in ("  A student  ", "A buyer", "A rival"):
        store.cases.add(facilitator, MQL, words)
    assert words_of(store, facilitator) == [
        ("A student", False),
        ("A buyer", False),
        ("A rival", False),
    ]
    assert {case.term for case in store.cases.all(facilitator).values()} == {MQL}


def test_a_case_sent_twice_is_added_once(store: Store, facilitator: Visitor) -> None:
    store.cases.add(facilitator, MQL, "A student", submission_id=ID)
    with pytest.raises(Repeated):
        store.cases.add(facilitator, MQL, "A student", submission_id=ID)
    assert len(store.cases.all(facilitator)) == 1


def test_a_removed_case_is_brought_back_where_it_was(store: Store, facilitator: Visitor) -> None:
    store.cases.add(facilitator, MQL, "A student")
    store.cases.add(facilitator, MQL, "A buyer")
    [first, _] = store.cases.all(facilitator)
    for removed in (True, True, False):
        store.cases.remove(facilitator, first, removed=removed)
        assert words_of(store, facilitator) == [("A student", removed), ("A buyer", False)]
    verbs = [row[3] for row in store.activity.all(facilitator)]
    assert verbs.count("case_removed") == 1  # pressed twice, done once


def test_a_word_has_so_many_cases_at_most(store: Store, facilitator: Visitor) -> None:
    for number in range(MOST_CASES):
        store.cases.add(facilitator, MQL, f"Case {number}")
    with pytest.raises(StoreError, match="30 cases at most"):
        store.cases.add(facilitator, MQL, "One more")
    store.cases.add(facilitator, term_key("SQL"), "Of another word")
    store.cases.remove(facilitator, next(iter(store.cases.all(facilitator))))
    store.cases.add(facilitator, MQL, "One more")


@pytest.mark.parametrize("words", ["", " \n", "a" * 201])
def test_what_is_no_case_is_refused(store: Store, facilitator: Visitor, words: str) -> None:
    with pytest.raises(ValueError, match="the case"):
        store.cases.add(facilitator, MQL, words)
    with pytest.raises(ValueError, match="one of what a word means"):
        store.cases.add(facilitator, QuestionKey(Subject.OBSTACLE), "A student")
    assert not store.cases.all(facilitator)


def test_a_case_for_a_word_that_the_funnel_has_not_is_refused(
    store: Store, facilitator: Visitor
) -> None:
    with pytest.raises(StoreError, match="not one of the funnel's"):
        store.cases.add(facilitator, term_key("Hot lead"), "A student")


def test_a_case_that_is_not_there_is_not_removed(store: Store, facilitator: Visitor) -> None:
    with pytest.raises(StoreError, match="not known"):
        store.cases.remove(facilitator, QuestionKey(Subject.CASE, "x"))


def test_a_restored_copy_has_the_cases_with_what_was_revealed_of_them(
    store: Store, facilitator: Visitor
) -> None:
    token = store.seats.join(store.workshops.get(facilitator).code, "Ada", Side.SALES)
    ada = store.tokens.admit(token)
    assert ada is not None
    for words in ("A student", "A buyer"):
        store.cases.add(facilitator, MQL, words)
    student, buyer = store.cases.all(facilitator).values()
    store.questions.open(facilitator, student.question, buyer.question)
    store.questions.answer(ada, {student.key: Answer("yes"), buyer.key: Answer("no")})
    store.questions.reveal(facilitator, student.key)
    again = store.backups.restore(store.backups.make(facilitator)).facilitator
    assert again.workshop_id != facilitator.workshop_id
    assert store.cases.all(again) == store.cases.all(facilitator)
    [given] = store.questions.answers(again, student.key)
    assert given.answer == Answer("yes")
    with pytest.raises(Forbidden):
        store.questions.answers(again, buyer.key)


@pytest.mark.parametrize(("column", "value"), [("words", " "), ("term", "No Code")])
def test_a_backup_with_what_is_no_case_is_refused(
    store: Store, facilitator: Visitor, column: str, value: str
) -> None:
    store.cases.add(facilitator, MQL, "A student")
    with store.database.change(facilitator) as change:
        change.write(f"UPDATE judged_case SET {column} = $1", value)
    with pytest.raises(NoBackup):
        store.backups.restore(store.backups.make(facilitator))


def test_nobody_but_the_facilitator_adds_a_case(store: Store, facilitator: Visitor) -> None:
    with pytest.raises(Forbidden):
        store.cases.add(Visitor(Role.MANAGER, facilitator.workshop_id), MQL, "A student")
