"""Funnels: the numbers of a workshop in all their versions, and where each comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from workshop.domain.access import Role, Visitor
from workshop.domain.funnel import Funnel, Step, masked
from workshop.domain.origin import Origin
from workshop.domain.people import Owner
from workshop.store import clock
from workshop.store.database import Change, Database, Source, as_json, as_values
from workshop.store.engine import Row, Run
from workshop.store.errors import StoreError
from workshop.store.question_rows import shown_steps
from workshop.store.tables import (
    BIGINT,
    CREATED_AT,
    INTEGER,
    JSON,
    NUMBER,
    TEXT,
    WORKSHOP_ID,
    Column,
    Table,
)
from workshop.store.topics import PLAN
from workshop.store.verbs import Verb

TABLES = (
    # A funnel that was read again is a new version; the older ones stay.
    Table(
        "funnel",
        (
            WORKSHOP_ID,
            Column("version", INTEGER),
            Column("deal_value", NUMBER),
            Column("currency", TEXT),
            Column("period_days", INTEGER),
            Column("origin", JSON, may_be_empty=True),
            CREATED_AT,
        ),
        ("workshop_id", "version"),
    ),
    Table(
        "step",
        (
            WORKSHOP_ID,
            Column("version", INTEGER),
            Column("place", INTEGER),
            Column("source", TEXT),
            Column("target", TEXT),
            Column("entered", BIGINT),
            Column("advanced", BIGINT),
            Column("owner", TEXT),
            Column("benchmark", NUMBER, may_be_empty=True),
            Column("losses", JSON),
            Column("segments", JSON, may_be_empty=True),
        ),
        ("workshop_id", "version", "place"),
    ),
)
# In all versions of the numbers together, so that a backup holds them.
MOST_CHARACTERS_OF_NUMBERS = 2_000_000


@dataclass(frozen=True, slots=True)
class FunnelVersion:
    """A funnel that was read into a workshop: its number from 1, when, and where it comes from."""

    number: int
    created_at: datetime
    origin: Origin | None


class Funnels:
    """What was measured."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, visitor: Visitor) -> Funnel:
        """The newest version of the funnel, as it was read.

        Whoever is still guessing sees none of the numbers that they guess (`shown_steps`).
        """
        funnel = funnel_of(self._database, visitor.workshop_id)
        return masked(funnel, shown_steps(self._database, visitor))

    def version(self, visitor: Visitor) -> int:
        """The number of the newest version."""
        return self.versions(visitor)[0].number

    def versions(self, visitor: Visitor) -> tuple[FunnelVersion, ...]:
        """All funnels that were read into the workshop, the newest first."""
        visitor.must_be(Role.FACILITATOR, Role.MANAGER)
        return versions_of(self._database, visitor.workshop_id)

    def replace(self, visitor: Visitor, funnel: Funnel, origin: Origin | None) -> None:
        """Work on with newer numbers; those of before stay as a version.

        The stages must be the same, since ideas belong to steps. Owners and benchmarks that
        the new numbers do not say stay, and so do the reasons and segments that ideas aim at,
        with nobody lost. Raises StoreError where the stages differ.
        """
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, PLAN) as change:
            _replace(change, funnel, origin, Verb.NUMBERS_REPLACED)

    def return_to(self, visitor: Visitor, number: int) -> None:
        """Go back to the numbers of an older version: they become the newest one."""
        visitor.must_be(Role.FACILITATOR)
        with self._database.change(visitor, PLAN) as change:
            funnel = load_funnel(change.read, visitor.workshop_id, number)
            versions = versions_of(change, visitor.workshop_id)
            older = {version.number: version for version in versions}
            _replace(change, funnel, older[number].origin, Verb.NUMBERS_TAKEN_BACK)


def funnel_of(source: Source, workshop_id: str) -> Funnel:
    """The newest version of a workshop's funnel."""
    return source.cached(
        workshop_id,
        PLAN,
        "funnel",
        lambda read: load_funnel(read, workshop_id, _newest(read, workshop_id)),
    )


def known_version(source: Source, workshop_id: str, version: int) -> Funnel:
    """One version of a workshop's funnel, as `load_funnel` has it, read once."""
    return source.cached(
        workshop_id,
        PLAN,
        f"funnel version {version}",
        lambda read: load_funnel(read, workshop_id, version),
    )


def versions_of(source: Source, workshop_id: str) -> tuple[FunnelVersion, ...]:
    """All funnels that were read into a workshop, the newest first."""
    return source.cached(
        workshop_id, PLAN, "funnel versions", lambda read: _load_versions(read, workshop_id)
    )


def _newest(read: Run, workshop_id: str) -> int:
    [(version,)] = read("SELECT max(version) FROM funnel WHERE workshop_id = $1", workshop_id)
    return int(version or 0)


def load_funnel(read: Run, workshop_id: str, version: int) -> Funnel:
    """One version of a workshop's funnel. Raises StoreError where there is none of that number."""
    rows = read(
        "SELECT deal_value, currency, period_days FROM funnel "
        "WHERE workshop_id = $1 AND version = $2",
        workshop_id,
        version,
    )
    if not rows:
        raise StoreError(f"There is no version {version} of these numbers.")
    steps = read(
        "SELECT source, target, entered, advanced, losses, owner, benchmark, segments "
        "FROM step WHERE workshop_id = $1 AND version = $2 ORDER BY place",
        workshop_id,
        version,
    )
    return Funnel(tuple(_read_step(row) for row in steps), *rows[0])


def _load_versions(read: Run, workshop_id: str) -> tuple[FunnelVersion, ...]:
    rows = read(
        "SELECT version, created_at, origin FROM funnel WHERE workshop_id = $1 "
        "ORDER BY version DESC",
        workshop_id,
    )
    return tuple(
        FunnelVersion(number, created_at, Origin(**json.loads(origin)) if origin else None)
        for number, created_at, origin in rows
    )


def _replace(change: Change, funnel: Funnel, origin: Origin | None, verb: Verb) -> None:
    # Within the change: of two new funnels at once, one is the first.
    version = _newest(change.read, change.workshop_id)
    before = load_funnel(change.read, change.workshop_id, version)
    if funnel.stages != before.stages:
        raise StoreError(
            f"The stages are {_named(funnel.stages)}; the workshop works on "
            f"{_named(before.stages)}. Give them the same names in the same order, or "
            "start a new workshop."
        )
    steps = tuple(
        _carried_on(
            old,
            new,
            _aimed_at(change, "reason", place),
            _aimed_at(change, "segment", place),
        )
        for place, (old, new) in enumerate(zip(before.steps, funnel.steps, strict=True))
    )
    insert_funnel(change, replace(funnel, steps=steps), origin, version + 1)
    change.log_activity(
        verb,
        str(version + 1),
        {"version": version, "counts": before.counts},
        {"version": version + 1, "counts": funnel.counts},
    )


def _aimed_at(change: Change, column: str, step: int) -> list[str]:
    """The reasons or segments that ideas on a step aim at, those taken out of the count too."""
    rows = change.read(
        f"SELECT DISTINCT {column} FROM idea "
        f"WHERE workshop_id = $1 AND step = $2 AND {column} IS NOT NULL ORDER BY {column}",
        change.workshop_id,
        step,
    )
    return [name for (name,) in rows]


def insert_funnel(change: Change, funnel: Funnel, origin: Origin | None, version: int = 1) -> None:
    """Keep a funnel as this version. Raises StoreError where all of them would be too large."""
    change.insert(
        "funnel",
        workshop_id=change.workshop_id,
        version=version,
        deal_value=funnel.deal_value,
        currency=funnel.currency,
        period_days=funnel.period_days,
        origin=None if origin is None else as_json(as_values(origin)),
        created_at=clock.now(),
    )
    for place, step in enumerate(funnel.steps):
        change.insert(
            "step",
            workshop_id=change.workshop_id,
            version=version,
            place=place,
            source=step.source,
            target=step.target,
            entered=step.entered,
            advanced=step.advanced,
            owner=step.owner,
            benchmark=step.benchmark,
            losses=as_json(dict(step.losses)),
            segments=as_json({name: dict(lost) for name, lost in step.segments.items()}),
        )
    _refuse_too_much(change)


def _refuse_too_much(change: Change) -> None:
    [(characters,)] = change.read(
        "SELECT (SELECT sum(length(source) + length(target) + length(CAST(losses AS TEXT)) "
        "+ coalesce(length(CAST(segments AS TEXT)), 0)) FROM step WHERE workshop_id = $1) "
        "+ (SELECT sum(coalesce(length(CAST(origin AS TEXT)), 0)) FROM funnel "
        "WHERE workshop_id = $1)",
        change.workshop_id,
    )
    if characters > MOST_CHARACTERS_OF_NUMBERS:
        raise StoreError(
            f"All versions of the numbers may have {MOST_CHARACTERS_OF_NUMBERS:,} characters "
            "together. Use fewer reasons and segments, or start a new workshop."
        )


def _read_step(row: Row) -> Step:
    source, target, entered, advanced, losses, owner, benchmark, segments = row
    return Step(
        source,
        target,
        entered,
        advanced,
        json.loads(losses),
        Owner(owner),
        benchmark,
        json.loads(segments) if segments else {},
    )


def _carried_on(old: Step, new: Step, reasons: Iterable[str], segments: Iterable[str]) -> Step:
    """A step's new numbers, with what only the old ones say and people rely on."""
    return replace(
        new,
        losses={**new.losses, **{one: 0 for one in reasons if one not in new.losses}},
        segments={**new.segments, **{one: {} for one in segments if one not in new.segments}},
        owner=old.owner if new.owner is Owner.BOTH else new.owner,
        benchmark=old.benchmark if new.benchmark is None else new.benchmark,
    )


def _named(stages: tuple[str, ...]) -> str:
    return " → ".join(stages)
