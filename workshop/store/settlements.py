"""Settlements: what the room has agreed to say, and who stood for it on each side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.hand_off import Doer
from workshop.domain.question import QuestionKey, Subject
from workshop.domain.settlement import Settlement
from workshop.store import clock
from workshop.store.database import Change, Database, Source
from workshop.store.engine import Run
from workshop.store.errors import StoreError
from workshop.store.question_rows import questions_of
from workshop.store.tables import (
    FLAG,
    ID,
    INTEGER,
    MOMENT,
    NUMBER,
    TEXT,
    WORKSHOP_ID,
    Column,
    Table,
)
from workshop.store.topics import QUESTIONS
from workshop.store.verbs import Verb

TABLES = (
    # The last one that was not taken back is valid; those of before stay.
    Table(
        "settlement",
        (
            Column("id", ID),
            WORKSHOP_ID,
            Column("subject", TEXT),
            Column("about", TEXT),
            Column("value", TEXT),
            Column("sales", TEXT),
            Column("marketing", TEXT),
            Column("settled_at", MOMENT),
            Column("taken_back", FLAG),
            Column("owner", TEXT, may_be_empty=True),
            Column("hours", NUMBER, may_be_empty=True),
            Column("round", INTEGER),
        ),
        ("id",),
        numbered_by="row_order",
        since=8,
    ),
)


class Settlements:
    """What the room has settled on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def valid(self, visitor: Visitor) -> Mapping[QuestionKey, Settlement]:
        """What holds now, by the question it settles."""
        return settlements_of(self._database, visitor.workshop_id)

    def settle(
        self,
        visitor: Visitor,
        key: QuestionKey,
        value: str,
        sales: str,
        marketing: str,
        *,
        owner: Doer | None = None,
        hours: float | None = None,
        submission_id: str = "",
    ) -> None:
        """Settle a question; what was settled before stays in the records, and holds no more.

        `owner` is one of the question's options. Raises StoreError where it was never asked or has
        no such option, and Repeated where this submission was taken before.
        """
        visitor.must_be(Role.FACILITATOR)
        names = value.strip(), sales.strip(), marketing.strip()
        settled = Settlement(key, *names, clock.now(), owner, hours)
        with self._database.change(visitor, QUESTIONS, submission_id=submission_id) as change:
            question = questions_of(change, visitor.workshop_id).get(key)
            if question is None:
                raise StoreError("Ask the room first, then settle it.")
            if owner is not None and owner not in question.options:
                raise StoreError("Choose who does it among those the room was asked about.")
            before = settlements_of(change, visitor.workshop_id).get(key)
            insert(change, replace(settled, round=question.round))
            change.log_activity(
                Verb.QUESTION_SETTLED, str(key), before and _told(before), _told(settled)
            )

    def take_back(self, visitor: Visitor, key: QuestionKey) -> None:
        """Take back what holds; what was settled before it holds again."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, QUESTIONS) as change:
            held = change.read(
                "SELECT id FROM settlement WHERE workshop_id = $1 AND subject = $2 "
                "AND about = $3 AND NOT taken_back ORDER BY number DESC LIMIT 1",
                visitor.workshop_id,
                key.subject,
                key.about,
            )
            if not held:
                raise StoreError("Nothing is settled here.")
            change.update("settlement", held[0][0], taken_back=True)
            change.log_activity(Verb.SETTLEMENT_TAKEN_BACK, str(key))


def insert(change: Change, settled: Settlement) -> None:
    """Keep what holds in a workshop from now on."""
    change.insert(
        "settlement",
        id=uuid4().hex,
        workshop_id=change.workshop_id,
        subject=settled.key.subject,
        about=settled.key.about,
        value=settled.value,
        sales=settled.sales,
        marketing=settled.marketing,
        settled_at=settled.settled_at,
        taken_back=False,
        owner=settled.owner,
        hours=settled.hours,
        round=settled.round,
    )


def taken_back_of(source: Source, workshop_id: str) -> frozenset[QuestionKey]:
    """The questions of which nothing holds any more that was settled."""
    rows = source.read(
        "SELECT subject, about FROM settlement WHERE workshop_id = $1 "
        "GROUP BY subject, about HAVING min(CASE WHEN taken_back THEN 1 ELSE 0 END) = 1",
        workshop_id,
    )
    return frozenset(QuestionKey(Subject(subject), about) for subject, about in rows)


def _told(settled: Settlement) -> str:
    """What is settled, for the activity log."""
    hours = "" if settled.hours is None else f"{settled.hours:g} h"
    return " · ".join(part for part in (settled.owner, settled.value, hours) if part)


def settlements_of(source: Source, workshop_id: str) -> Mapping[QuestionKey, Settlement]:
    return source.cached(
        workshop_id, QUESTIONS, "settlements", lambda read: _load(read, workshop_id)
    )


def _load(read: Run, workshop_id: str) -> dict[QuestionKey, Settlement]:
    rows = read(
        "SELECT subject, about, value, sales, marketing, settled_at, owner, hours, round "
        "FROM settlement WHERE workshop_id = $1 AND NOT taken_back ORDER BY number",
        workshop_id,
    )
    settled = (
        Settlement(
            QuestionKey(Subject(subject), about),
            value,
            sales,
            marketing,
            settled_at,
            None if owner is None else Doer(owner),
            hours,
            number,
        )
        for subject, about, value, sales, marketing, settled_at, owner, hours, number in rows
    )
    return {one.key: one for one in settled}
