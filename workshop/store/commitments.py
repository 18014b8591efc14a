"""Commitments: what two people signed for, what they said of it since, and what was counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.commitment import (
    CheckIn,
    Commitment,
    CommitmentKind,
    Reading,
    Rhythm,
    Status,
)
from workshop.domain.text import refuse_id
from workshop.store import clock
from workshop.store.database import Change, Database, Source, as_values
from workshop.store.engine import Row, Run
from workshop.store.errors import StoreError
from workshop.store.question_rows import shown_steps
from workshop.store.tables import (
    BIGINT,
    CREATED_AT,
    DAY,
    FLAG,
    ID,
    ID_OR_NOBODYS,
    INTEGER,
    NUMBER,
    TEXT,
    WORKSHOP_ID,
    Column,
    Table,
)
from workshop.store.topics import PLAN
from workshop.store.verbs import Verb

TABLES = (
    Table(
        "commitment",
        (
            Column("id", ID),
            WORKSHOP_ID,
            Column("idea_id", ID_OR_NOBODYS, points_to="idea"),
            Column("title", TEXT),
            Column("owner", TEXT),
            Column("co_owner", TEXT),
            Column("kpi", TEXT),
            Column("baseline", NUMBER, may_be_empty=True),
            Column("target", NUMBER, may_be_empty=True),
            Column("due", DAY),
            Column("first_step", TEXT),
            Column("status", TEXT),
            # Before, there were improvements alone.
            Column("kind", TEXT, before=lambda row: CommitmentKind.IMPROVEMENT.value),
            Column("rhythm", TEXT, before=lambda row: Rhythm.ONCE.value),
            # Where it is empty, its date says which numbers it began with.
            Column("funnel_version", INTEGER, may_be_empty=True, before=lambda row: None),
            CREATED_AT,
        ),
        ("id",),
        numbered_by="row_order",
        former_name="action",
    ),
    Table(
        "check_in",
        (
            Column("id", ID),
            WORKSHOP_ID,
            Column("commitment_id", ID, points_to="commitment"),
            Column("name", TEXT),
            Column("is_kept", FLAG),
            Column("sentence", TEXT),
            CREATED_AT,
        ),
        ("id",),
        numbered_by="row_order",
        since=9,
    ),
    Table(
        "reading",
        (
            Column("id", ID),
            WORKSHOP_ID,
            Column("commitment_id", ID, points_to="commitment"),
            Column("day", DAY),
            Column("advanced", BIGINT),
            Column("entered", BIGINT),
            CREATED_AT,
        ),
        ("id",),
        numbered_by="row_order",
        since=9,
    ),
)
# In all that is agreed, so that a backup holds it.
MOST_CHARACTERS_OF_COMMITMENTS = 1_000_000
# Check-ins, and readings, of one commitment: a daily one for some years.
MOST_OF_ONE = 1_000

Said = TypeVar("Said", CheckIn, Reading)


class Commitments:
    """What was promised, and what became of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, visitor: Visitor) -> tuple[Commitment, ...]:
        """What was committed, oldest first; the room reads it from the board."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER, Role.PROJECTOR)
        actions = commitments_of(self._database, visitor.workshop_id)
        # Their KPIs tell the rates that the room may still be guessing.
        return actions if shown_steps(self._database, visitor) is None else ()

    def save(self, visitor: Visitor, *actions: Commitment, submission_id: str = "") -> None:
        """Keep these, all or none; the same id again replaces what it said.

        Raises Repeated where this submission was taken before.
        """
        visitor.must_be(Role.MANAGER)
        for action in actions:
            refuse_id("this action", action.id)
        with self._database.change(visitor, PLAN, submission_id=submission_id) as change:
            _refuse_too_much(actions, commitments_of(change, visitor.workshop_id))
            for action in actions:
                _save(change, action)

    def save_reading(self, visitor: Visitor, reading: Reading, *, submission_id: str = "") -> None:
        """Keep what was counted by hand. Raises Repeated where this submission was taken before."""
        visitor.must_be(Role.MANAGER)
        with self._database.change(visitor, PLAN, submission_id=submission_id) as change:
            change.must_own("commitment", reading.commitment_id)
            _refuse_too_many(change, "reading", reading.commitment_id)
            change.insert(
                "reading",
                id=uuid4().hex,
                workshop_id=visitor.workshop_id,
                commitment_id=reading.commitment_id,
                day=reading.day,
                advanced=reading.advanced,
                entered=reading.entered,
                created_at=clock.now(),
            )
            change.log_activity(Verb.READING_SAVED, reading.commitment_id, after=as_values(reading))


def insert_check_in(change: Change, check_in: CheckIn) -> None:
    """Keep what an owner says of a commitment of this workshop."""
    change.must_own("commitment", check_in.commitment_id)
    _refuse_too_many(change, "check_in", check_in.commitment_id)
    change.insert(
        "check_in",
        id=uuid4().hex,
        workshop_id=change.workshop_id,
        commitment_id=check_in.commitment_id,
        name=check_in.name,
        is_kept=check_in.is_kept,
        sentence=check_in.sentence,
        created_at=check_in.at,
    )
    change.log_activity(Verb.CHECKED_IN, check_in.commitment_id, after=as_values(check_in))


def _refuse_too_many(change: Change, table: str, commitment_id: str) -> None:
    [(count,)] = change.read(
        f"SELECT count(*) FROM {table} WHERE commitment_id = $1", commitment_id
    )
    if count >= MOST_OF_ONE:
        raise StoreError(f"This has been said {MOST_OF_ONE:,} times of one action; that is enough.")


def _save(change: Change, action: Commitment) -> None:
    if action.is_improvement:
        change.must_own("idea", action.idea_id)
    change.must_own("commitment", action.id, or_new=True)
    change.upsert(
        "commitment",
        {
            "id": action.id,
            "workshop_id": change.workshop_id,
            "idea_id": action.idea_id,
            "kind": action.kind,
            "funnel_version": action.funnel_version,
            "created_at": clock.now(),
        },
        title=action.title,
        owner=action.owner,
        co_owner=action.co_owner,
        kpi=action.kpi,
        baseline=action.baseline,
        target=action.target,
        due=action.due,
        first_step=action.first_step,
        status=action.status,
        rhythm=action.rhythm,
    )
    change.log_activity(Verb.COMMITMENT_SAVED, action.id, after=as_values(action))


def commitments_of(source: Source, workshop_id: str) -> tuple[Commitment, ...]:
    """What was committed, oldest first."""
    return source.cached(workshop_id, PLAN, "commitments", lambda read: _load(read, workshop_id))


def _load(read: Run, workshop_id: str) -> tuple[Commitment, ...]:
    rows = read(
        "SELECT id, idea_id, title, owner, co_owner, kpi, baseline, target, due, first_step, "
        "status, kind, rhythm, coalesce(funnel_version, (SELECT max(version) FROM funnel "
        "WHERE funnel.workshop_id = $1 AND funnel.created_at <= commitment.created_at), 1) "
        "FROM commitment WHERE workshop_id = $1 ORDER BY number",
        workshop_id,
    )
    return tuple(_read_commitment(row) for row in rows)


def made_at_of(source: Source, workshop_id: str) -> Mapping[str, datetime]:
    """When each commitment of a workshop was made, by its id."""
    statement = "SELECT id, created_at FROM commitment WHERE workshop_id = $1"
    return source.cached(
        workshop_id, PLAN, statement, lambda read: dict(read(statement, workshop_id))
    )


def check_ins_of(source: Source, workshop_id: str) -> tuple[CheckIn, ...]:
    """What owners have said of the commitments of a workshop, oldest first."""
    return _all_of(
        source,
        workshop_id,
        CheckIn,
        "SELECT commitment_id, name, is_kept, sentence, created_at FROM check_in "
        "WHERE workshop_id = $1 ORDER BY number",
    )


def readings_of(source: Source, workshop_id: str) -> tuple[Reading, ...]:
    """What was counted by hand for the commitments of a workshop, oldest first."""
    return _all_of(
        source,
        workshop_id,
        Reading,
        "SELECT commitment_id, day, advanced, entered FROM reading "
        "WHERE workshop_id = $1 ORDER BY number",
    )


def _all_of(
    source: Source, workshop_id: str, made: Callable[..., Said], statement: str
) -> tuple[Said, ...]:
    """What is `made` of each row of this statement, which also names it among what is read."""
    return source.cached(
        workshop_id,
        PLAN,
        statement,
        lambda read: tuple(made(*row) for row in read(statement, workshop_id)),
    )


def _refuse_too_much(actions: Sequence[Commitment], held: Sequence[Commitment]) -> None:
    new = {action.id for action in actions}
    others = sum(other.characters for other in held if other.id not in new)
    saved = sum(action.characters for action in actions)
    if others + saved > MOST_CHARACTERS_OF_COMMITMENTS:
        raise StoreError(
            f"All actions may have {MOST_CHARACTERS_OF_COMMITMENTS:,} characters together. "
            "Shorten what some of them begin with."
        )


def _read_commitment(row: Row) -> Commitment:
    id_, idea_id, title, owner, co_owner, kpi, baseline, target, due, first_step, *codes = row
    status, kind, rhythm, funnel_version = codes
    return Commitment(
        id_,
        idea_id,
        title,
        owner,
        co_owner,
        kpi,
        baseline,
        target,
        due,
        first_step,
        Status(status),
        CommitmentKind(kind),
        Rhythm(rhythm),
        funnel_version,
    )
