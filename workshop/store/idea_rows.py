"""Ideas as rows: the tables of ideas and estimates, and how they are read and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from workshop.domain.idea import Estimate, Idea, IdeaDraft
from workshop.domain.people import Side
from workshop.store import clock
from workshop.store.database import Change, Source, as_values
from workshop.store.engine import Row, Run
from workshop.store.errors import StoreError
from workshop.store.tables import (
    CREATED_AT,
    FLAG,
    ID,
    INTEGER,
    NUMBER,
    TEXT,
    WORKSHOP_ID,
    Column,
    Table,
)
from workshop.store.topics import IDEAS


class Round(IntEnum):
    """When a side estimated: before its mini-team reported back, or after."""

    FIRST = 1
    SECOND = 2


TABLES = (
    Table(
        "idea",
        (
            Column("id", ID),
            WORKSHOP_ID,
            Column("step", INTEGER),
            Column("team_id", ID, points_to="team"),
            Column("author", TEXT),
            Column("title", TEXT),
            Column("plan", TEXT),
            Column("reason", TEXT, may_be_empty=True),
            Column("segment", TEXT, may_be_empty=True),
            Column("low", NUMBER),
            Column("likely", NUMBER),
            Column("high", NUMBER),
            Column("days_sales", NUMBER),
            Column("days_marketing", NUMBER),
            Column("owner", TEXT),
            Column("withdrawn", FLAG),
            Column("merged_into", ID, may_be_empty=True, points_to="idea"),
            CREATED_AT,
        ),
        ("id",),
        numbered_by="row_order",
    ),
    # What each side within a mini-team believes; the other side reads it once both are in. In the
    # second round it has heard the arguments.
    Table(
        "estimate",
        (
            Column("idea_id", ID, points_to="idea"),
            Column("side", TEXT),
            Column("round", INTEGER, before=lambda row: Round.FIRST),
            WORKSHOP_ID,
            Column("low", NUMBER),
            Column("likely", NUMBER),
            Column("high", NUMBER),
            CREATED_AT,
        ),
        ("idea_id", "side", "round"),
        numbered_by="row_order",
    ),
)
IDEA = (
    "SELECT id, step, team_id, author, created_at, withdrawn, merged_into, "
    "title, low, likely, high, plan, reason, days_sales, days_marketing, owner, segment FROM idea"
)
SAID = "side, round, low, likely, high FROM estimate"


def ideas_of(source: Source, workshop_id: str) -> tuple[Idea, ...]:
    """All ideas of a workshop, oldest first."""
    return source.cached(workshop_id, IDEAS, "ideas", lambda read: _load(read, workshop_id))


def idea_of(source: Source, workshop_id: str, idea_id: str) -> Idea:
    """One idea of a workshop. Raises StoreError where it is not in the records."""
    for idea in ideas_of(source, workshop_id):
        if idea.id == idea_id:
            return idea
    raise StoreError("This idea is not in the records.")


def _load(read: Run, workshop_id: str) -> tuple[Idea, ...]:
    rows = read(f"{IDEA} WHERE workshop_id = $1 ORDER BY number", workshop_id)
    estimates: dict[str, list[Row]] = {}
    for idea_id, *said in read(
        f"SELECT idea_id, {SAID} WHERE workshop_id = $1 ORDER BY round, number", workshop_id
    ):
        estimates.setdefault(idea_id, []).append(tuple(said))
    return tuple(_read_idea(row, estimates.get(row[0], ())) for row in rows)


def known_ids(read: Run, ids: Sequence[str]) -> set[str]:
    """Which of these are ids of ideas, in whatever workshop."""
    marks = ", ".join(f"${place}" for place in range(1, len(ids) + 1))
    return {id_ for (id_,) in read(f"SELECT id FROM idea WHERE id IN ({marks})", *ids)}


def insert_ideas(change: Change, ideas: Sequence[Idea]) -> None:
    """Keep new ideas, each with the estimate of its author's side."""
    change.insert_all("idea", [_row(change.workshop_id, idea) for idea in ideas])
    said = [(idea, side, estimate) for idea in ideas for side, estimate in idea.estimates]
    change.insert_all(
        "estimate", [_said(change.workshop_id, *one, number=Round.FIRST) for one in said]
    )


def _row(workshop_id: str, idea: Idea) -> dict[str, Any]:
    return {
        "id": idea.id,
        "workshop_id": workshop_id,
        "step": idea.step,
        "team_id": idea.team_id,
        "author": idea.author,
        "withdrawn": idea.withdrawn,
        "created_at": idea.created_at,
        **_written(idea.draft),
    }


def _said(
    workshop_id: str, idea: Idea, side: Side, estimate: Estimate, number: Round
) -> dict[str, Any]:
    return {
        "idea_id": idea.id,
        "side": side,
        "round": number,
        "workshop_id": workshop_id,
        "created_at": clock.now(),
        "low": estimate.low,
        "likely": estimate.likely,
        "high": estimate.high,
    }


def update_draft(change: Change, idea: Idea) -> None:
    """Keep what an idea says now."""
    change.update("idea", idea.id, **_written(idea.draft))


def _written(draft: IdeaDraft) -> dict[str, Any]:
    """What a mini-team may write anew, by column."""
    return {
        "title": draft.title,
        "plan": draft.plan,
        "reason": draft.reason,
        "segment": draft.segment,
        "low": draft.recovers.low,
        "likely": draft.recovers.likely,
        "high": draft.recovers.high,
        "days_sales": draft.days_sales,
        "days_marketing": draft.days_marketing,
        "owner": draft.owner,
    }


def put_estimate(change: Change, idea: Idea, side: Side, estimate: Estimate, number: Round) -> None:
    """Keep what a side expects of an idea; the moment it was first said in this round stays."""
    said = dict(idea.first if number is Round.SECOND else idea.estimates)
    if side in said:
        change.write(
            "UPDATE estimate SET low = $4, likely = $5, high = $6 "
            "WHERE idea_id = $1 AND side = $2 AND round = $3",
            idea.id,
            side,
            number,
            estimate.low,
            estimate.likely,
            estimate.high,
        )
        return
    change.insert("estimate", **_said(change.workshop_id, idea, side, estimate, number))


def renew_idea(change: Change, renewed: Idea) -> None:
    """Of all ideas that have been read, replace only the one that this change is about."""

    def amended(ideas: tuple[Idea, ...]) -> tuple[Idea, ...]:
        if all(idea.id != renewed.id for idea in ideas):
            return (*ideas, renewed)
        return tuple(renewed if idea.id == renewed.id else idea for idea in ideas)

    change.amend(IDEAS, "ideas", amended)


def estimated(idea: Idea, side: Side, estimate: Estimate, number: Round) -> Idea:
    """The idea with what a side expects of it; its own estimate is that of its author's side.

    Raises ValueError where a side estimates a second time that has not a first time.
    """
    said, first = dict(idea.estimates), dict(idea.first)
    if number is Round.SECOND:
        if side not in said:
            raise ValueError(f"{side} has estimated a second time, and not a first time")
        first.setdefault(side, said[side])
    if number is Round.FIRST and side in first:
        first[side] = estimate
    else:
        said[side] = estimate
    authors = next(iter(said.values()))
    return replace(
        idea,
        draft=replace(idea.draft, recovers=authors),
        estimates=tuple(said.items()),
        first=tuple(first.items()),
    )


def words_of(idea: Idea, side: Side) -> dict[str, Any]:
    """An idea for the activity log, with what this side said; nothing where it had not yet."""
    recovers = dict(idea.estimates).get(side) if idea.estimates else idea.draft.recovers
    return as_values(idea.draft) | {"recovers": None if recovers is None else as_values(recovers)}


def _read_idea(row: Row, said: Sequence[Row]) -> Idea:
    """An idea as it is in the records; the first estimate of a side was its author's."""
    id_, step, team_id, author, created_at, withdrawn, merged_into, title, low, likely, high = row[
        :11
    ]
    draft = IdeaDraft(title, Estimate(low, likely, high), *row[11:])
    idea = Idea(id_, step, team_id, author, draft, created_at, withdrawn, merged_into)
    for side, number, *marks in said:
        idea = estimated(idea, Side(side), Estimate(*marks), Round(number))
    return idea
