"""The workshop's records: the one room that speaks SQL.

`Store` holds its parts, one for each noun. Every change is one transaction with its entry in the
activity log; a call returns after COMMIT, and only then are the screens told. Rights are checked
here again, whatever a page has checked.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from workshop.domain.access import Visitor
from workshop.store import (
    activity,
    agreements,
    assumptions,
    cases,
    check_in_links,
    commitments,
    constraints,
    funnels,
    idea_rows,
    people,
    question_rows,
    scenarios,
    settlements,
    submissions,
    tokens,
    versions,
    workshops,
)
from workshop.store.activity import Activity
from workshop.store.agenda import Agenda
from workshop.store.agreements import Agreements
from workshop.store.assumptions import Assumptions
from workshop.store.backups import Backups
from workshop.store.cases import Cases
from workshop.store.check_in_links import CheckInLink, CheckInLinks
from workshop.store.commitments import Commitments
from workshop.store.companies import Companies
from workshop.store.constraints import Constraints
from workshop.store.copies import Copies
from workshop.store.database import Database
from workshop.store.devices import Asking, Devices
from workshop.store.door import Door
from workshop.store.errors import Repeated, StoreError, UnknownCode, Unsaved
from workshop.store.funnels import Funnels, FunnelVersion
from workshop.store.ideas import Ideas
from workshop.store.questions import Questions
from workshop.store.scenarios import Scenarios
from workshop.store.seats import Seats
from workshop.store.settlements import Settlements
from workshop.store.tokens import Tokens
from workshop.store.topics import (
    AGENDA,
    ANSWERS,
    IDEAS,
    PLAN,
    QUESTIONS,
    SEATS,
    person_topic,
    team_topic,
)
from workshop.store.workshops import Workshops

__all__ = [
    "AGENDA",
    "ANSWERS",
    "IDEAS",
    "PLAN",
    "QUESTIONS",
    "SEATS",
    "TABLES",
    "Asking",
    "CheckInLink",
    "FunnelVersion",
    "Repeated",
    "Store",
    "StoreError",
    "UnknownCode",
    "Unsaved",
    "person_topic",
    "team_topic",
]

# Of a fresh file, and of a backup, in this order.
TABLES = (
    *workshops.TABLES,
    *tokens.TABLES,
    *funnels.TABLES,
    *assumptions.TABLES,
    *people.TABLES,
    *idea_rows.TABLES,
    *commitments.TABLES,
    *check_in_links.TABLES,
    *constraints.TABLES,
    *scenarios.TABLES,
    *question_rows.TABLES,
    *settlements.TABLES,
    *agreements.TABLES,
    *cases.TABLES,
    *activity.TABLES,
    *submissions.TABLES,
    *versions.TABLES,
)


class Store:
    """All records of all workshops, in the file at `path` (":memory:" for passing ones).

    `on_commit(workshop_id, topics)` is called after every commit, outside the lock; a change is
    made within `in_turn(workshop_id)`.
    """

    def __init__(
        self,
        path: str | Path,
        on_commit: Callable[[str, tuple[str, ...]], None] = lambda workshop_id, topics: None,
        in_turn: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.database = Database(path, TABLES, on_commit, in_turn)
        self.copies = Copies(self.database)
        self.workshops = Workshops(self.database)
        self.tokens = Tokens(self.database)
        self.agenda = Agenda(self.database, self.copies)
        self.seats = Seats(self.database, self.workshops, self.tokens)
        self.door = Door(self.database)
        self.devices = Devices(self.database, self.workshops)
        self.ideas = Ideas(self.database)
        self.funnels = Funnels(self.database)
        self.assumptions = Assumptions(self.database)
        self.commitments = Commitments(self.database)
        self.check_in_links = CheckInLinks(self.database)
        self.companies = Companies(self.database, self.workshops)
        self.constraints = Constraints(self.database)
        self.scenarios = Scenarios(self.database)
        self.questions = Questions(self.database)
        self.settlements = Settlements(self.database)
        self.agreements = Agreements(self.database)
        self.cases = Cases(self.database)
        self.activity = Activity(self.database.read)
        self.backups = Backups(self.database, self.workshops)

    def version(self, workshop_id: str, *topics: str) -> int:
        """A number that grows with every change of these topics."""
        return self.database.version(workshop_id, *topics)

    def has_taken(self, visitor: Visitor, submission_id: str) -> bool:
        """Whether this answer to a form has been taken."""
        return submissions.has_taken(self.database.read, visitor.workshop_id, submission_id)

    def close(self) -> None:
        self.copies.close()
        self.database.close()
