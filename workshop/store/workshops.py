"""Workshops: which there are, and where each of them is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from workshop.domain.access import Role, Visitor, new_code
from workshop.domain.agenda import BoardView, Phase, Position, Timer
from workshop.domain.agenda_lines import Agenda, AgendaLine
from workshop.domain.assumptions import Assumptions
from workshop.domain.checks import TITLE_LENGTH, refuse_text
from workshop.domain.company import Company
from workshop.domain.funnel import Funnel
from workshop.domain.origin import Origin
from workshop.domain.settlement import Settlement
from workshop.domain.text import cleaned
from workshop.domain.workshop import POINTS, Door, Workshop
from workshop.store import assumptions, clock, funnels, settlements
from workshop.store.database import Database, Source, as_json
from workshop.store.engine import Run
from workshop.store.errors import StoreError
from workshop.store.tables import (
    CREATED_AT,
    FLAG,
    ID,
    INTEGER,
    JSON,
    MOMENT,
    NUMBER,
    TEXT,
    Column,
    Table,
)
from workshop.store.topics import AGENDA, PLAN, SEATS
from workshop.store.verbs import Verb

TABLES = (
    Table(
        "workshop",
        (
            Column("id", ID),
            Column("name", TEXT),
            Column("code", TEXT, is_unique=True),
            Column("is_demo", FLAG),
            Column("phase", TEXT),
            Column("step", INTEGER, may_be_empty=True),
            Column("timer_ends_at", MOMENT, may_be_empty=True),
            Column("team_shown", INTEGER),
            Column("board_view", TEXT),
            Column("recovery", TEXT, may_be_empty=True, before=lambda row: None),
            Column("door", TEXT, before=lambda row: Door.OPEN.value),
            Column("steps", JSON, may_be_empty=True, before=lambda row: None),
            Column("points", NUMBER, may_be_empty=True, before=lambda row: None),
            Column("agenda", JSON, may_be_empty=True, before=lambda row: None),
            Column("former_agenda", JSON, may_be_empty=True, before=lambda row: None),
            Column("moved_at", MOMENT, may_be_empty=True, before=lambda row: None),
            Column("timer_warns_at", MOMENT, may_be_empty=True, before=lambda row: None),
            # Which company it is of: workshops with the same id are of one.
            Column("company_id", ID, before=lambda row: row["id"]),
            Column("company", TEXT, before=lambda row: row["name"]),
            CREATED_AT,
        ),
        ("id",),
    ),
)


NOTHING_ASSUMED = Assumptions()


class Workshops:
    """All workshops of this server."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found: dict[str, tuple[int, str]] = {}

    def start(
        self,
        name: str,
        funnel: Funnel,
        origin: Origin | None = None,
        *,
        agenda: Agenda | None = None,
        is_demo: bool = False,
        company: Company | None = None,
        assumed: Assumptions = NOTHING_ASSUMED,
        settled: Iterable[Settlement] = (),
    ) -> Visitor:
        """A new workshop in its lobby, on this agenda or the usual; returns its facilitator.

        It is of this company, which whoever starts it must be let into, or of a new one that is
        called as it is; management begins with what is `assumed`, and what was `settled` holds.
        """
        name = cleaned(name).strip()
        refuse_text("the name of the workshop", name, TITLE_LENGTH)
        visitor = Visitor(Role.FACILITATOR, uuid4().hex, is_starter=True)
        company = company or Company(uuid4().hex, name)
        with self._database.change(visitor, AGENDA, PLAN, SEATS) as change:
            change.insert(
                "workshop",
                id=visitor.workshop_id,
                name=name,
                code=free_code(change.read),
                is_demo=is_demo,
                phase=Phase.LOBBY,
                team_shown=0,
                board_view=BoardView.IDEAS,
                door=Door.OPEN,
                agenda=agenda_json(agenda),
                company_id=company.id,
                company=company.name,
                created_at=clock.now(),
            )
            funnels.insert_funnel(change, funnel, origin)
            assumptions.insert(change, assumed)
            for one in settled:
                settlements.insert(change, one)
            change.log_activity(Verb.WORKSHOP_STARTED, name)
        return visitor

    def find(self, code: str) -> str | None:
        """The workshop with this room code, or None."""
        # A code stays its workshop's, but where all records are replaced.
        version = self._database.version("")
        known = self._found.get(code)
        if known is not None and known[0] == version:
            return known[1]
        rows = self._database.read("SELECT id FROM workshop WHERE code = $1", code)
        if not rows:
            return None
        self._found[code] = (version, rows[0][0])
        return self._found[code][1]

    def get(self, visitor: Visitor) -> Workshop:
        """The visitor's own workshop."""
        return workshop_of(self._database, visitor.workshop_id)


def free_code(read: Run) -> str:
    """A new room code that no workshop of this server has."""
    while read("SELECT 1 FROM workshop WHERE code = $1", code := new_code()):
        pass
    return code


def workshop_of(source: Source, workshop_id: str) -> Workshop:
    """A workshop and where it is. Raises StoreError where it is not in the records."""
    return source.cached(workshop_id, AGENDA, "workshop", lambda read: _load(read, workshop_id))


def _load(read: Run, workshop_id: str) -> Workshop:
    rows = read(
        "SELECT id, name, code, is_demo, phase, step, timer_ends_at, team_shown, created_at, "
        "board_view, door, steps, points, agenda, former_agenda, moved_at, timer_warns_at "
        "FROM workshop WHERE id = $1",
        workshop_id,
    )
    if not rows:
        raise StoreError("This workshop is not in the records.")
    [row] = rows
    id_, name, code, is_demo, phase, step, ends_at, team_shown, created_at, *chosen = row
    view, door, steps, points, agenda, former_agenda, moved_at, warns_at = chosen
    return Workshop(
        id_,
        name,
        code,
        is_demo,
        Position(phase, step),
        Timer(ends_at, warns_at),
        team_shown,
        created_at,
        BoardView(view or BoardView.IDEAS),  # records of an older app may say nothing
        Door(door or Door.OPEN),
        tuple(json.loads(steps)) if steps else None,
        POINTS if points is None else points,
        _agenda(agenda),
        _agenda(former_agenda),
        moved_at,
    )


def _agenda(text: str | None) -> Agenda | None:
    return None if text is None else Agenda(tuple(AgendaLine(**line) for line in json.loads(text)))


def agenda_values(agenda: Agenda) -> list[dict[str, Any]]:
    """The lines of an agenda as JSON can hold them."""
    return [asdict(line) for line in agenda.lines]


def agenda_json(agenda: Agenda | None) -> str | None:
    """An agenda as the records hold it."""
    return None if agenda is None else as_json(agenda_values(agenda))
