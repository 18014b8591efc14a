"""The answers to forms that have been taken: one that a browser sends again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.domain.text import refuse_id
from workshop.store import clock
from workshop.store.engine import Run, Taken, insert_rows
from workshop.store.errors import Repeated
from workshop.store.tables import ID, MOMENT, WORKSHOP_ID, Column, Table

TABLES = (
    Table(
        "submission",
        (WORKSHOP_ID, Column("id", ID), Column("taken_at", MOMENT)),
        ("workshop_id", "id"),
        since=5,
    ),
)


def take(run: Run, workshop_id: str, submission_id: str) -> None:
    """Note that this answer is taken now; raises Repeated where it was before."""
    refuse_id("this answer", submission_id)
    try:
        run(
            "INSERT INTO submission (workshop_id, id, taken_at) VALUES ($1, $2, $3)",
            workshop_id,
            submission_id,
            clock.now(),
        )
    except Taken as error:
        raise Repeated from error


def taken_of(run: Run, workshop_id: str, submission_ids: Sequence[str]) -> set[str]:
    """Which of these answers have been taken before."""
    if not submission_ids:
        return set()
    marks = ", ".join(f"${place}" for place in range(2, len(submission_ids) + 2))
    found = run(
        f"SELECT id FROM submission WHERE workshop_id = $1 AND id IN ({marks})",
        workshop_id,
        *submission_ids,
    )
    return {submission_id for (submission_id,) in found}


def take_all(run: Run, workshop_id: str, submission_ids: Sequence[str]) -> None:
    """Note that these answers are taken now; none of them was before."""
    now = clock.now()
    rows = [(workshop_id, submission_id, now) for submission_id in submission_ids]
    insert_rows(run, "submission", ("workshop_id", "id", "taken_at"), rows)


def has_taken(run: Run, workshop_id: str, submission_id: str) -> bool:
    """Whether this answer has been taken."""
    return bool(
        run(
            "SELECT 1 FROM submission WHERE workshop_id = $1 AND id = $2",
            workshop_id,
            submission_id,
        )
    )
