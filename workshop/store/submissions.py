"""The answers to forms that have been taken: one that a browser sends again changes nothing."""

from __future__ import annotations

from workshop.domain.text import refuse_id
from workshop.store import clock
from workshop.store.engine import Run, Taken
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


def has_taken(run: Run, workshop_id: str, submission_id: str) -> bool:
    """Whether this answer has been taken."""
    return bool(
        run(
            "SELECT 1 FROM submission WHERE workshop_id = $1 AND id = $2",
            workshop_id,
            submission_id,
        )
    )
