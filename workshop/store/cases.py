"""Cases: the short ones that both sides judge, to see whether they mean the same by a word."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.case import Case
from workshop.domain.question import QuestionKey, Subject
from workshop.domain.term import term_key, terms
from workshop.store.database import Database, Source
from workshop.store.engine import Run
from workshop.store.errors import StoreError
from workshop.store.funnels import funnel_of
from workshop.store.question_rows import WHICH
from workshop.store.tables import FLAG, TEXT, Column, Table
from workshop.store.topics import QUESTIONS
from workshop.store.verbs import Verb

TABLES = (
    # By the code of its question, which stays the same in a restored copy.
    Table(
        "judged_case",
        (*WHICH, Column("term", TEXT), Column("words", TEXT), Column("is_removed", FLAG)),
        ("workshop_id", "subject", "about"),
        numbered_by="row_order",
        since=9,
    ),
)
MOST_CASES = 30
"""Of one word: twice as many as the agreement of the sides is measured from."""


class Cases:
    """What both sides judge."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, visitor: Visitor) -> Mapping[QuestionKey, Case]:
        """Every case, oldest first, by its question; removed ones are among them."""
        return cases_of(self._database, visitor.workshop_id)

    def add(
        self, visitor: Visitor, term: QuestionKey, words: str, *, submission_id: str = ""
    ) -> None:
        """Add a case for a word. Raises Repeated where this submission was taken before.

        Raises StoreError where the funnel has no such word, or there are as many cases as may be.
        """
        visitor.must_be(Role.FACILITATOR)
        case = Case(QuestionKey(Subject.CASE, uuid4().hex), term, words.strip())
        with self._database.change(visitor, QUESTIONS, submission_id=submission_id) as change:
            funnel = funnel_of(change, visitor.workshop_id)
            words_of_it = terms(funnel, range(len(funnel.steps)))
            if term not in {term_key(word) for word in words_of_it}:
                raise StoreError("This word is not one of the funnel's. Load the page again.")
            known = cases_of(change, visitor.workshop_id).values()
            held = [one for one in known if one.term == term and not one.is_removed]
            if len(held) >= MOST_CASES:
                raise StoreError(f"A word has {MOST_CASES} cases at most; remove one first.")
            change.insert(
                "judged_case",
                workshop_id=visitor.workshop_id,
                subject=case.key.subject,
                about=case.key.about,
                term=case.term.about,
                words=case.words,
                is_removed=False,
            )
            change.log_activity(Verb.CASE_ADDED, str(term), after=case.words)

    def remove(self, visitor: Visitor, key: QuestionKey, *, removed: bool = True) -> None:
        """Judge a case no more, or bring it back; what was answered stays."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, QUESTIONS) as change:
            held = cases_of(change, visitor.workshop_id).get(key)
            if held is None:
                raise StoreError("This case is not known. Load the page again.")
            if held.is_removed == removed:
                return
            change.write(
                "UPDATE judged_case SET is_removed = $1 "
                "WHERE workshop_id = $2 AND subject = $3 AND about = $4",
                removed,
                visitor.workshop_id,
                key.subject,
                key.about,
            )
            verb = Verb.CASE_REMOVED if removed else Verb.CASE_BROUGHT_BACK
            change.log_activity(verb, str(held.term), held.words)


def cases_of(source: Source, workshop_id: str) -> Mapping[QuestionKey, Case]:
    return source.cached(workshop_id, QUESTIONS, "cases", lambda read: _load(read, workshop_id))


def _load(read: Run, workshop_id: str) -> dict[QuestionKey, Case]:
    rows = read(
        "SELECT subject, about, term, words, is_removed FROM judged_case "
        "WHERE workshop_id = $1 ORDER BY number",
        workshop_id,
    )
    cases = (
        Case(
            QuestionKey(Subject(subject), about),
            QuestionKey(Subject.TERM, term),
            words,
            is_removed,
        )
        for subject, about, term, words, is_removed in rows
    )
    return {case.key: case for case in cases}
