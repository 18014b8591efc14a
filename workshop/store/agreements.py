"""Agreements: what management drafts for both sides, version by version, and who has signed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.agreement import MOST_VERSIONS, Agreement, Clause, ClauseKind, Signature
from workshop.domain.people import Side
from workshop.domain.text import cleaned
from workshop.store import clock
from workshop.store.database import Change, Database, Source, as_json
from workshop.store.engine import Run
from workshop.store.errors import StoreError
from workshop.store.people import person_of, seated_in
from workshop.store.tables import (
    CREATED_AT,
    FLAG,
    ID,
    INTEGER,
    JSON,
    MOMENT,
    TEXT,
    WORKSHOP_ID,
    Column,
    Table,
)
from workshop.store.topics import ANSWERS, QUESTIONS, person_topic
from workshop.store.verbs import Verb

TABLES = (
    Table(
        "agreement",
        (WORKSHOP_ID, Column("version", INTEGER), Column("clauses", JSON), CREATED_AT),
        ("workshop_id", "version"),
        since=9,
    ),
    # One that was taken back stays in the records, and counts no more.
    Table(
        "signature",
        (
            Column("id", ID),
            WORKSHOP_ID,
            Column("version", INTEGER),
            Column("name", TEXT),
            Column("side", TEXT),
            Column("signed_at", MOMENT),
            Column("taken_back", FLAG),
        ),
        ("id",),
        numbered_by="row_order",
        since=9,
    ),
)
MOST_SIGNATURES = 1_000
NOT_CURRENT = "The agreement has been changed meanwhile. Load the page again, and read it first."


class Agreements:
    """What sales and marketing sign."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, visitor: Visitor) -> Agreement | None:
        """The newest version, the one that can be signed; None before there is any."""
        return _current(self._database, visitor.workshop_id)

    def versions(self, visitor: Visitor) -> tuple[Agreement, ...]:
        """All versions, oldest first."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        return agreements_of(self._database, visitor.workshop_id)

    def signatures(self, visitor: Visitor) -> tuple[Signature, ...]:
        """Who has signed which version, in the order they did."""
        return signatures_of(self._database, visitor.workshop_id)

    def save(
        self, visitor: Visitor, clauses: Sequence[Clause], *, submission_id: str = ""
    ) -> Agreement:
        """Keep a draft: other words make a new version, the same words none; returns what holds.

        Older versions stay, with their signatures. Raises Repeated where this submission was taken
        before.
        """
        visitor.must_be(Role.MANAGER)
        with self._database.change(visitor, QUESTIONS, submission_id=submission_id) as change:
            held = _current(change, visitor.workshop_id)
            drafted = Agreement(1, tuple(clauses), clock.now())
            if held is not None:
                if held.clauses == drafted.clauses:
                    return held
                if held.version == MOST_VERSIONS:
                    raise StoreError(f"{MOST_VERSIONS} versions are kept: this is the last one.")
                drafted = replace(drafted, version=held.version + 1)
            change.insert(
                "agreement",
                workshop_id=visitor.workshop_id,
                version=drafted.version,
                clauses=as_json(drafted.clauses),
                created_at=drafted.created_at,
            )
            change.log_activity(
                Verb.AGREEMENT_SAVED,
                str(drafted.version),
                before=held and dict(held.clauses),
                after=dict(drafted.clauses),
            )
        return drafted

    def sign(self, visitor: Visitor, version: int, *, submission_id: str = "") -> None:
        """Sign the current version under one's own name; pressed twice, it is done once.

        Raises StoreError where this version is not the current one, and Repeated where this
        submission was taken before.
        """
        person = person_of(self._database, visitor)
        with self._database.change(visitor, ANSWERS, submission_id=submission_id) as change:
            _must_be_current(change, version)
            if _held(change, version, person.name, person.side) is None:
                _sign(change, Signature(version, person.name, person.side, clock.now()))

    def take_back_own(self, visitor: Visitor, version: int, *, submission_id: str = "") -> None:
        """Take one's own signature under the current version back.

        Raises Repeated where this submission was taken before.
        """
        person = person_of(self._database, visitor)
        with self._database.change(visitor, ANSWERS, submission_id=submission_id) as change:
            _take_back(change, version, person.name, person.side)

    def sign_for(
        self, visitor: Visitor, version: int, name: str, side: Side, *, submission_id: str = ""
    ) -> None:
        """Enter the name of somebody who signs the current version on this screen.

        Raises StoreError where they have signed it, or it is not the current one, and Repeated
        where this submission was taken before.
        """
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        signature = Signature(version, cleaned(name).strip(), side, clock.now())
        with self._database.change(visitor, ANSWERS, submission_id=submission_id) as change:
            _must_be_current(change, version)
            if _held(change, version, signature.name, side) is not None:
                raise StoreError(f"{signature.name} has signed this version already.")
            _sign(change, signature)

    def take_back(self, visitor: Visitor, version: int, name: str, side: Side) -> None:
        """Take somebody's signature under the current version back."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        with self._database.change(visitor, ANSWERS) as change:
            _take_back(change, version, name, side)


def _current(source: Source, workshop_id: str) -> Agreement | None:
    versions = agreements_of(source, workshop_id)
    return versions[-1] if versions else None


def _must_be_current(change: Change, version: int) -> None:
    current = _current(change, change.workshop_id)
    if current is None or current.version != version:
        raise StoreError(NOT_CURRENT)


def _held(change: Change, version: int, name: str, side: Side) -> Signature | None:
    signed = signatures_of(change, change.workshop_id)
    return next((one for one in signed if one.is_of(version, name, side)), None)


def _sign(change: Change, signature: Signature) -> None:
    signed = signatures_of(change, change.workshop_id)
    if sum(one.version == signature.version for one in signed) >= MOST_SIGNATURES:
        raise StoreError(f"{MOST_SIGNATURES:,} people have signed: there is no room for more.")
    change.insert(
        "signature",
        id=uuid4().hex,
        workshop_id=change.workshop_id,
        version=signature.version,
        name=signature.name,
        side=signature.side,
        signed_at=signature.signed_at,
        taken_back=False,
    )
    _log(change, Verb.AGREEMENT_SIGNED, signature)


def _take_back(change: Change, version: int, name: str, side: Side) -> None:
    _must_be_current(change, version)
    held = _held(change, version, name, side)
    if held is None:
        raise StoreError("There is no such signature under this version.")
    change.write(
        "UPDATE signature SET taken_back = TRUE "
        "WHERE workshop_id = $1 AND version = $2 AND name = $3 AND side = $4",
        change.workshop_id,
        version,
        held.name,
        side,
    )
    _log(change, Verb.SIGNATURE_TAKEN_BACK, held)


def _log(change: Change, verb: Verb, signature: Signature) -> None:
    """Say what was done, and have the phones of whom it concerns look again."""
    said = {"version": signature.version, "side": signature.side}
    change.log_activity(verb, signature.name, after=said)
    seated = seated_in(change, change.workshop_id).values()
    change.topics += [
        person_topic(person.id)
        for person in seated
        if signature.is_of(signature.version, person.name, person.side)
    ]


def agreements_of(source: Source, workshop_id: str) -> tuple[Agreement, ...]:
    """All versions, oldest first."""
    return source.cached(
        workshop_id, QUESTIONS, "agreements", lambda read: _load(read, workshop_id)
    )


def _load(read: Run, workshop_id: str) -> tuple[Agreement, ...]:
    rows = read(
        "SELECT version, clauses, created_at FROM agreement WHERE workshop_id = $1 "
        "ORDER BY version",
        workshop_id,
    )
    return tuple(
        Agreement(
            version,
            tuple((ClauseKind(kind), text) for kind, text in json.loads(clauses)),
            created_at,
        )
        for version, clauses, created_at in rows
    )


def signatures_of(source: Source, workshop_id: str) -> tuple[Signature, ...]:
    """Who has signed which version, in the order they did."""
    return source.cached(
        workshop_id, ANSWERS, "signatures", lambda read: _load_signatures(read, workshop_id)
    )


def _load_signatures(read: Run, workshop_id: str) -> tuple[Signature, ...]:
    rows = read(
        "SELECT version, name, side, signed_at FROM signature "
        "WHERE workshop_id = $1 AND NOT taken_back ORDER BY number",
        workshop_id,
    )
    return tuple(Signature(version, name, Side(side), at) for version, name, side, at in rows)
