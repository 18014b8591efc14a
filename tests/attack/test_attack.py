"""Roles under attack: every store call, route and page, by every role, with every kind of token.

What there is to attack is taken from the code: a call, a route or a page that nobody has said
what may be done with fails here.
"""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from itertools import product
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zipfile import ZipFile

import pytest
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

import app
from tests.ui.test_guess import with_other_numbers
from workshop.activities import guess, walk
from workshop.domain.access import Forbidden, Role, Visitor, cookie_name
from workshop.domain.agenda import BoardView, Phase, Position, Timer
from workshop.domain.agenda_lines import move_up, usual
from workshop.domain.agreement import ClauseKind
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Condition, Demand
from workshop.domain.commitment import Commitment, Reading
from workshop.domain.funnel import Funnel
from workshop.domain.hand_off import Doer, Duty, key_of
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.domain.question import Answer, AnswerKind, Question, QuestionKey, Subject
from workshop.domain.scenario import Scenario
from workshop.domain.term import term_key
from workshop.domain.workshop import Door
from workshop.forms import FORMS as FORMS_TAKEN
from workshop.forms import presses
from workshop.live import services
from workshop.server import entrance
from workshop.store import Store, StoreError

FACILITATOR, MANAGER, ROOM, PARTICIPANT = Role
FINDS = Question(key_of(0, Duty.FINDS), AnswerKind.CHOICE, tuple(Doer), True, True)
MQL = term_key("MQL")
ALL = set(Role)
LEADERS = {FACILITATOR, MANAGER}
DRAFT = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4), "A rota.", "No follow-up", 3, 1)


@dataclass(frozen=True)
class Questions:
    """One that is being answered, one that is revealed, one that is asked for a second time;
    and one about a case for a word."""

    open: QuestionKey
    revealed: QuestionKey
    again: QuestionKey
    case: QuestionKey


@dataclass(frozen=True)
class House:
    """A workshop with something of every kind in it, and a token for every role."""

    code: str
    name: str
    visitors: dict[Role, Visitor]
    tokens: dict[Role, str]
    withdrawn: dict[Role, str]
    team: str
    ada: str
    bo: str
    gone: str
    knocking: str
    late: str
    asking: str
    ideas: tuple[str, str]
    action: Commitment
    questions: Questions


def build(store: Store, funnel: Funnel, name: str) -> House:
    facilitator = store.workshops.start(name, funnel)
    code = store.workshops.get(facilitator).code
    withdrawn = {role: store.tokens.issue(facilitator, role) for role in ALL - {PARTICIPANT}}
    for role in withdrawn:
        store.tokens.withdraw_links(facilitator, role)
    withdrawn[PARTICIPANT] = store.seats.join(code, f"Cy of {name}", Side.SALES)
    tokens = {role: store.tokens.issue(facilitator, role) for role in (MANAGER, ROOM)}
    tokens[FACILITATOR] = store.tokens.issue_to_starter(facilitator)
    tokens[PARTICIPANT] = store.seats.join(code, f"Ada of {name}", Side.SALES)
    store.seats.join(code, f"Bo of {name}", Side.MARKETING)
    visitors = {}
    for role, token in tokens.items():
        visitor = store.tokens.admit(token)
        assert visitor is not None
        visitors[role] = visitor
    seated = [person for team in store.seats.teams(facilitator) for person in team.people]
    people = {person.name.split()[0]: person for person in seated}
    store.door.remove(facilitator, people["Cy"].id)
    store.door.set(facilitator, Door.ASK)
    store.seats.join(code, f"Di of {name}", Side.SALES)
    store.door.set(facilitator, Door.OPEN)
    [knocking] = store.door.waiting(facilitator)
    ideas = uuid4().hex, uuid4().hex
    for number, idea_id in enumerate(ideas):
        draft = IdeaDraft(f"Secret {number} of {name}", Estimate(0.1, 0.2, 0.4))
        store.ideas.save(visitors[PARTICIPANT], idea_id, 1, draft)
    store.seats.join(code, f"Eve of {name}", Side.OTHER)
    [late] = store.ideas.late(facilitator)
    asking = store.devices.ask_for_seat(code, people["Ada"].id, f"{uuid4().hex} of {name}")
    assert asking is not None
    action = Commitment(
        uuid4().hex,
        ideas[0],
        f"Pact of {name}",
        "Ada",
        "Bo",
        "Rate",
        0.4,
        0.5,
        date(2027, 1, 4),
        "-",
    )
    store.commitments.save(visitors[MANAGER], action)
    store.agenda.choose_steps(facilitator, [0, 1])
    store.constraints.add(visitors[MANAGER], Condition(Demand.MUST, ideas[0]))
    store.scenarios.save(visitors[MANAGER], Scenario("Sober", 100, (0.1,) * 4, 1000))
    store.agreements.save(visitors[MANAGER], [(ClauseKind.BOTH, f"Promise of {name}")])
    store.agreements.sign(visitors[PARTICIPANT], 1)
    store.agreements.sign_for(visitors[FACILITATOR], 1, f"Bo of {name}", Side.MARKETING)
    questions = ask(store, visitors, name)
    ada, bo, gone = (people[who].id for who in ("Ada", "Bo", "Cy"))
    return House(
        code,
        name,
        visitors,
        tokens,
        withdrawn,
        people["Ada"].team_id,
        ada,
        bo,
        gone,
        knocking.id,
        late.id,
        asking.mark,
        ideas,
        action,
        questions,
    )


def ask(store: Store, visitors: dict[Role, Visitor], name: str) -> Questions:
    """Three questions, each at another point; Ada has answered all of them."""
    questions = [
        Question(
            QuestionKey(Subject.TERM, f"{about}_{name.lower()}"),
            AnswerKind.TEXT,
            is_named=about != "open",
        )
        for about in ("open", "revealed", "again")
    ]
    is_open, revealed, again = (question.key for question in questions)
    store.questions.open(visitors[FACILITATOR], *questions, FINDS)
    for key in (is_open, revealed, again):
        store.questions.answer(visitors[PARTICIPANT], {key: Answer(f"Said {key.about} of {name}")})
    store.questions.reveal(visitors[FACILITATOR], revealed, again)
    store.questions.ask_again(visitors[FACILITATOR], again)
    store.questions.answer(visitors[PARTICIPANT], {again: Answer(f"Said anew of {name}")})
    store.settlements.settle(visitors[FACILITATOR], revealed, f"Word of {name}", "Ada", "Bo")
    store.cases.add(visitors[FACILITATOR], MQL, f"A student of {name}")
    [case] = store.cases.all(visitors[FACILITATOR]).values()
    store.questions.open(visitors[FACILITATOR], case.question)
    return Questions(is_open, revealed, again, case.key)


class Street:
    """Two houses in records of their own, which can be put back to how they were built."""

    def __init__(self, store: Store, built: tuple[Path, House, House]) -> None:
        self.store = store
        self._file, self.here, self.there = built
        self.put_back()

    def put_back(self) -> None:
        """Have both houses as they were built, and nothing else."""
        database = self.store.database
        with database.engine.attached(self._file, "built"), database.replacement() as cursor:
            for table in database.tables:
                cursor.run(f"DELETE FROM {table.name}")
                cursor.run(
                    f"INSERT INTO {table.name} ({table.names}) "
                    f"SELECT {table.names} FROM built.{table.name}{table.order}"
                )
        self.here, self.there = self._asking(self.here), self._asking(self.there)
        self.is_touched = False

    def _asking(self, house: House) -> House:
        """Who asks for a seat is in no file."""
        asking = {one.mark for one in self.store.devices.askers(house.visitors[FACILITATOR])}
        if house.asking in asking:
            return house
        asks = self.store.devices.ask_for_seat(house.code, house.ada, uuid4().hex)
        assert asks is not None
        return replace(house, asking=asks.mark)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, funnel: Funnel) -> tuple[Path, House, House]:
    """A file with two houses, which takes long to build."""
    file = tmp_path_factory.mktemp("built") / "houses.duckdb"
    with closing(Store(file)) as store:
        return file, build(store, funnel, "Heron"), build(store, funnel, "Tern")


@pytest.fixture(scope="module")
def changing(built: tuple[Path, House, House]) -> Iterator[Street]:
    """The street of all tests that take something away: it is put back before each."""
    with closing(Store(":memory:")) as store:
        yield Street(store, built)


@pytest.fixture
def store(changing: Street) -> Store:
    changing.put_back()
    return changing.store


@pytest.fixture
def here(store: Store, changing: Street) -> House:
    return changing.here


@pytest.fixture
def there(store: Store, changing: Street) -> House:
    """Another house in the same records, which nobody touches."""
    return changing.there


@pytest.fixture(scope="module")
def growing(built: tuple[Path, House, House]) -> Iterator[Street]:
    """The street of all tests that change something, and take nothing away."""
    with closing(Store(":memory:")) as store:
        yield Street(store, built)


@pytest.fixture(scope="module")
def street(built: tuple[Path, House, House]) -> Iterator[Untouched]:
    """A street for all that must not change anything: what was tried before leaves no trace."""
    with closing(Store(":memory:")) as store:
        street = Street(store, built)
        yield Untouched(store, street.here, street.there)


# -- store calls ---------------------------------------------------------------------------------

# Who may, and what a call is given: values of a workshop, so that those of another can be tried.
CALLS: dict[str, tuple[set[Role], Callable[[House, Funnel], tuple[Any, ...]]]] = {
    "workshops.get": (ALL, lambda house, funnel: ()),
    "has_taken": (ALL, lambda house, funnel: (house.name,)),
    "funnels.current": (ALL, lambda house, funnel: ()),
    "assumptions.current": (ALL, lambda house, funnel: ()),
    "seats.teams": (ALL, lambda house, funnel: ()),
    "ideas.readable": (ALL, lambda house, funnel: ()),
    "ideas.counts": (ALL, lambda house, funnel: (1,)),
    "commitments.all": ({*LEADERS, ROOM}, lambda house, funnel: ()),
    "commitments.save_reading": (
        {MANAGER},
        lambda house, funnel: (Reading(house.action.id, date(2027, 3, 1), 18, 50),),
    ),
    "companies.of": (LEADERS, lambda house, funnel: ()),
    "companies.record": ({*LEADERS, ROOM}, lambda house, funnel: ()),
    "companies.agreed": (LEADERS, lambda house, funnel: ()),
    "companies.rename": (LEADERS, lambda house, funnel: ("Heron and sons",)),
    "companies.plan_second_look": (LEADERS, lambda house, funnel: ("Again", usual(3))),
    "check_in_links.issue": (LEADERS, lambda house, funnel: ("Ada",)),
    "check_in_links.withdraw": (LEADERS, lambda house, funnel: ("Ada",)),
    "check_in_links.names": (LEADERS, lambda house, funnel: ()),
    "constraints.current": ({*LEADERS, ROOM}, lambda house, funnel: ()),
    "scenarios.all": (LEADERS, lambda house, funnel: ()),
    "activity.all": (LEADERS, lambda house, funnel: ()),
    "funnels.version": (LEADERS, lambda house, funnel: ()),
    "funnels.versions": (LEADERS, lambda house, funnel: ()),
    "agenda.show_view": (LEADERS, lambda house, funnel: (BoardView.STEPS,)),
    "agenda.show_points": (LEADERS, lambda house, funnel: (2.0,)),
    "agenda.choose_steps": ({FACILITATOR}, lambda house, funnel: ([0],)),
    "agenda.change_agenda": (
        {FACILITATOR},
        lambda house, funnel: (partial(move_up, position=Position(Phase.COMMIT)),),
    ),
    "agenda.use_template": (
        {FACILITATOR},
        lambda house, funnel: ("town_hall", usual(3)),
    ),
    "agenda.take_back_agenda": ({FACILITATOR}, lambda house, funnel: ()),
    "backups.make": ({FACILITATOR}, lambda house, funnel: ()),
    "backups.make_company": ({FACILITATOR}, lambda house, funnel: ()),
    "agenda.move_to": ({FACILITATOR}, lambda house, funnel: (Position(Phase.RANK),)),
    "agenda.set_timer": ({FACILITATOR}, lambda house, funnel: (Timer(),)),
    "agenda.show_team": ({FACILITATOR}, lambda house, funnel: (0,)),
    "tokens.issue": ({FACILITATOR}, lambda house, funnel: (ROOM,)),
    "tokens.withdraw_links": ({FACILITATOR}, lambda house, funnel: (ROOM,)),
    "tokens.issue_to_starter": ({FACILITATOR}, lambda house, funnel: ()),
    "tokens.renew_recovery_code": ({FACILITATOR}, lambda house, funnel: ()),
    "tokens.has_recovery_code": ({FACILITATOR}, lambda house, funnel: ()),
    "seats.import_roster": ({FACILITATOR}, lambda house, funnel: ([("Di", Side.SALES)],)),
    "seats.reshuffle": ({FACILITATOR}, lambda house, funnel: ()),
    "seats.move": ({FACILITATOR}, lambda house, funnel: (house.ada, house.team)),
    "seats.rename": ({FACILITATOR}, lambda house, funnel: (house.team, "Otters")),
    "door.set": ({FACILITATOR}, lambda house, funnel: (Door.CLOSED,)),
    "door.waiting": ({FACILITATOR}, lambda house, funnel: ()),
    "door.newcomers": ({FACILITATOR}, lambda house, funnel: (timedelta(days=1),)),
    "door.let_in": ({FACILITATOR}, lambda house, funnel: ([house.knocking],)),
    "seats.own_name": ({PARTICIPANT}, lambda house, funnel: ()),
    "ideas.late": ({FACILITATOR, PARTICIPANT}, lambda house, funnel: ()),
    "ideas.is_late": ({PARTICIPANT}, lambda house, funnel: ()),
    "ideas.let_read": ({FACILITATOR, PARTICIPANT}, lambda house, funnel: (house.late,)),
    "door.is_waiting": ({PARTICIPANT}, lambda house, funnel: ()),
    "devices.askers": ({FACILITATOR, PARTICIPANT}, lambda house, funnel: ()),
    "devices.share_seat": ({FACILITATOR, PARTICIPANT}, lambda house, funnel: (house.asking,)),
    "devices.turn_away": ({FACILITATOR, PARTICIPANT}, lambda house, funnel: (house.asking,)),
    "door.remove": ({FACILITATOR}, lambda house, funnel: (house.bo,)),
    "door.restore": ({FACILITATOR}, lambda house, funnel: (house.gone,)),
    "door.removed": ({FACILITATOR}, lambda house, funnel: ()),
    "ideas.merge": ({FACILITATOR}, lambda house, funnel: house.ideas),
    "funnels.replace": ({FACILITATOR}, lambda house, funnel: (funnel, None)),
    "funnels.return_to": ({FACILITATOR}, lambda house, funnel: (1,)),
    "ideas.withdraw": ({FACILITATOR, PARTICIPANT}, lambda house, funnel: (house.ideas[0],)),
    "assumptions.save": ({MANAGER}, lambda house, funnel: (Assumptions(),)),
    "commitments.save": ({MANAGER}, lambda house, funnel: (house.action,)),
    "constraints.set_capacity": ({MANAGER}, lambda house, funnel: (10, 10)),
    "constraints.add": (
        {MANAGER},
        lambda house, funnel: (Condition(Demand.EXCLUDES, *house.ideas),),
    ),
    "constraints.remove": (
        {MANAGER},
        lambda house, funnel: (Condition(Demand.MUST, house.ideas[0]),),
    ),
    "scenarios.save": ({MANAGER}, lambda house, funnel: (Scenario("Bold", 9, (0.2,) * 4, 9),)),
    "scenarios.remove": ({MANAGER}, lambda house, funnel: ("Sober",)),
    "seats.person": ({PARTICIPANT}, lambda house, funnel: ()),
    "ideas.estimate_requests": ({PARTICIPANT}, lambda house, funnel: ()),
    "ideas.save": ({PARTICIPANT}, lambda house, funnel: (house.ideas[0], 1, DRAFT)),
    "ideas.estimate": (
        {PARTICIPANT},
        lambda house, funnel: (house.ideas[0], Estimate(0, 0.1, 0.2)),
    ),
    "ideas.asked_again": ({PARTICIPANT}, lambda house, funnel: ()),
    "ideas.estimate_again": (
        {PARTICIPANT},
        lambda house, funnel: (house.ideas[0], Estimate(0, 0.1, 0.2)),
    ),
    "questions.all": (ALL, lambda house, funnel: ()),
    "questions.shown_steps": (ALL, lambda house, funnel: ()),
    "questions.progress": (ALL, lambda house, funnel: ()),
    "questions.answers": (ALL, lambda house, funnel: (house.questions.revealed,)),
    "questions.own": ({PARTICIPANT}, lambda house, funnel: (Subject.TERM,)),
    "questions.answer": (
        {PARTICIPANT},
        lambda house, funnel: ({house.questions.open: Answer("asked for a price")},),
    ),
    "questions.open": (
        {FACILITATOR},
        lambda house, funnel: (
            Question(QuestionKey(Subject.TERM, "new"), AnswerKind.TEXT, is_named=True),
        ),
    ),
    "questions.close": ({FACILITATOR}, lambda house, funnel: (house.questions.open,)),
    "questions.reveal": ({FACILITATOR}, lambda house, funnel: (house.questions.open,)),
    "questions.hide": ({FACILITATOR}, lambda house, funnel: (house.questions.revealed,)),
    "questions.ask_again": ({FACILITATOR}, lambda house, funnel: (house.questions.revealed,)),
    "questions.take_back_round": ({FACILITATOR}, lambda house, funnel: (house.questions.again,)),
    "settlements.valid": (ALL, lambda house, funnel: ()),
    "settlements.settle": (
        {FACILITATOR},
        lambda house, funnel: (house.questions.open, "a price", "Ada", "Bo"),
    ),
    "settlements.take_back": ({FACILITATOR}, lambda house, funnel: (house.questions.revealed,)),
    "agreements.current": (ALL, lambda house, funnel: ()),
    "agreements.versions": (LEADERS, lambda house, funnel: ()),
    "agreements.signatures": (ALL, lambda house, funnel: ()),
    "agreements.sign": ({PARTICIPANT}, lambda house, funnel: (1,)),
    "agreements.take_back_own": ({PARTICIPANT}, lambda house, funnel: (1,)),
    "agreements.sign_for": (LEADERS, lambda house, funnel: (1, uuid4().hex, Side.SALES)),
    "agreements.take_back": (
        LEADERS,
        lambda house, funnel: (1, f"Bo of {house.name}", Side.MARKETING),
    ),
    "agreements.save": (
        {MANAGER},
        lambda house, funnel: ([(ClauseKind.COACHING, "Each other, on Mondays")],),
    ),
    "cases.all": (ALL, lambda house, funnel: ()),
    "cases.add": ({FACILITATOR}, lambda house, funnel: (MQL, "A buyer")),
    "cases.remove": ({FACILITATOR}, lambda house, funnel: (house.questions.case,)),
    "seats.set_done": ({PARTICIPANT}, lambda house, funnel: (1, True)),
}
# Calls without a visitor: what they give away, or why no browser reaches them.
BEFORE_THE_DOOR = {
    "workshops.start": "the entrance asks for the host key, or counts",
    "seats.join": "the room code is the right; the entrance counts guesses",
    "check_in_links.find": "the token is the right; the entrance counts guesses",
    "check_in_links.followed": "what the token of a link was found for",
    "check_in_links.check_in": "the token is the right; the entrance counts guesses",
    "seats.holds": "the token is the right",
    "seats.namesake": "the room code is the right; the entrance counts guesses",
    "devices.ask_for_seat": "it opens nothing until it is confirmed",
    "workshops.find": "a number that opens nothing by itself",
    "tokens.admit": "the token is the right",
    "tokens.find_by_recovery_code": "the code is the right; the entrance counts guesses",
    "tokens.recover": "the code is the right; the entrance counts guesses",
    "version": "counters that say nothing by themselves",
    "tokens.version": "a counter that says nothing by itself",
    "tokens.remember": "the store's own",
    "copies.all": "the operator's, from a terminal",
    "copies.make_soon": "the store's own",
    "copies.close": "the server's own",
    "close": "the server's own",
    "copies.make": "the operator's, from a terminal",
    "copies.replace_all": "the operator's, from a terminal",
    "backups.restore": "the file is the right; the entrance asks for the host key, or counts",
    "backups.restore_company": "the file is the right, as with that of one workshop",
}
# What the other parts are made of.
INSIDE = {"database."}


def public_calls() -> dict[str, inspect.Signature]:
    store = Store(":memory:")
    parts = {"": store} | {f"{name}.": part for name, part in vars(store).items()}
    store.close()
    return {
        f"{part}{name}": inspect.signature(call)
        for part, held in parts.items()
        if part not in INSIDE
        for name, call in inspect.getmembers(held, inspect.ismethod)
        if not name.startswith("_")
    }


TRAIL = {"activity", "topic_version"}


def dump(store: Store, *, without_trail: bool = False) -> dict[str, list[str]]:
    """All that is in the records."""
    tables = store.database.read("SELECT table_name FROM information_schema.tables")
    return {
        table: sorted(map(str, store.database.read(f"SELECT * FROM {table}")))
        for (table,) in tables
        if not (without_trail and table in TRAIL)
    }


class Untouched:
    """A street whose records are looked at after each attack."""

    def __init__(self, store: Store, here: House, there: House) -> None:
        self.store, self.here, self.there = store, here, there
        self._last = dump(store)

    def is_as_before(self, *, but_for_the_trail: bool = False) -> bool:
        """Whether the records say what they said when they were last looked at."""
        before, self._last = self._last, dump(self.store)
        own = TRAIL if but_for_the_trail else set()
        return all(rows == before[table] for table, rows in self._last.items() if table not in own)


def test_of_every_store_call_it_is_said_who_may() -> None:
    calls = public_calls()
    asks_who = {name for name, call in calls.items() if "visitor" in call.parameters}
    assert asks_who == set(CALLS)
    assert set(calls) - asks_who == set(BEFORE_THE_DOOR)


def names_something(name: str) -> bool:
    """Whether a call is given what belongs to a workshop."""
    nobody: Any = object()
    try:
        CALLS[name][1](nobody, nobody)
    except AttributeError:
        return True
    return False


READS = {
    "questions.all",
    "questions.shown_steps",
    "questions.progress",
    "questions.answers",
    "questions.own",
    "settlements.valid",
    "agreements.current",
    "agreements.versions",
    "agreements.signatures",
    "cases.all",
    "workshops.get",
    "has_taken",
    "funnels.current",
    "assumptions.current",
    "seats.teams",
    "ideas.readable",
    "ideas.counts",
    "commitments.all",
    "companies.of",
    "companies.record",
    "companies.agreed",
    "check_in_links.names",
    "constraints.current",
    "scenarios.all",
    "activity.all",
    "funnels.version",
    "funnels.versions",
    "backups.make",
    "backups.make_company",
    "tokens.has_recovery_code",
    "door.removed",
    "door.waiting",
    "door.newcomers",
    "door.is_waiting",
    "seats.own_name",
    "ideas.late",
    "ideas.is_late",
    "devices.askers",
    "seats.person",
    "ideas.estimate_requests",
    "ideas.asked_again",
}
# What has to have happened before a call is one that is allowed.
PREPARED: dict[str, Callable[[Store, House], None]] = {
    "ideas.estimate_again": lambda store, house: store.agenda.move_to(
        house.visitors[FACILITATOR], Position(Phase.REPORT, 1)
    ),
}
BACKUPS = {"backups.make", "backups.make_company"}
NAMING = [name for name in CALLS if names_something(name)]


def test_what_is_not_revealed_is_read_by_nobody_but_its_author(
    street: Untouched, funnel: Funnel
) -> None:
    """By no call that reads, of no role; a backup and the log are among them."""
    store, here = street.store, street.here
    hidden = ("Said open_heron of Heron", "Said anew of Heron")
    for name in sorted(READS):
        roles, given = CALLS[name]
        for role in roles:
            read = attrgetter(name)(store)(here.visitors[role], *given(here, funnel))
            told = unpacked(read) if name in BACKUPS else repr(read)
            is_author = (name, role) == ("questions.own", PARTICIPANT)
            assert all((words in told) == is_author for words in hidden), (name, role)
    for role in ALL:
        for key in (here.questions.open, here.questions.again):
            with pytest.raises(Forbidden):
                store.questions.answers(here.visitors[role], key)


def unpacked(backup: bytes) -> str:
    """All that a backup says, of a company that of each of its workshops too."""
    with ZipFile(BytesIO(backup)) as archive:
        held = {member: archive.read(member) for member in archive.namelist()}
    return " ".join(
        unpacked(part) if member.endswith(".zip") else part.decode()
        for member, part in held.items()
    )


@pytest.mark.parametrize("name", sorted(READS))
def test_what_may_be_read_is_told_and_nothing_changes(
    street: Untouched, funnel: Funnel, name: str
) -> None:
    """And it is told of one's own workshop, although there is another."""
    store, here = street.store, street.here
    may, given = CALLS[name]
    for role in sorted(may):
        told = attrgetter(name)(store)(here.visitors[role], *given(here, funnel))
        assert_is_not_about(street.there, told)
    assert street.is_as_before()


def assert_is_not_about(house: House, told: object) -> None:
    assert house.name not in repr(told)
    assert not any(id_ in repr(told) for id_ in (*house.ideas, house.ada, house.team))


# What these take away, the next call would miss: the growing street has it to the end.
TAKES_AWAY = {
    "door.let_in",
    "ideas.let_read",
    "devices.share_seat",
    "devices.turn_away",
    "door.remove",
    "door.restore",
    "ideas.merge",
    "ideas.withdraw",
    "agenda.take_back_agenda",
    "tokens.withdraw_links",
    "constraints.remove",
    "scenarios.remove",
    "funnels.replace",
    "agreements.save",
    "agreements.take_back",
    "agreements.take_back_own",
}


@pytest.mark.parametrize(
    ("name", "role"),
    [(name, role) for name, (may, _) in CALLS.items() if name not in READS for role in sorted(may)],
)
def test_a_change_is_for_its_roles_and_of_their_own_workshop(
    changing: Street, growing: Street, funnel: Funnel, name: str, role: Role
) -> None:
    street = growing
    if name in TAKES_AWAY:
        street = changing
        street.put_back()
    here = street.here
    if name in PREPARED:
        PREPARED[name](street.store, here)
    told = attrgetter(name)(street.store)(here.visitors[role], *CALLS[name][1](here, funnel))
    assert_is_not_about(street.there, told)


@pytest.mark.parametrize("name", CALLS)
def test_a_store_call_is_for_no_other_role(street: Untouched, funnel: Funnel, name: str) -> None:
    store, here = street.store, street.here
    may, given = CALLS[name]
    for role in sorted(ALL - may):
        with pytest.raises(Forbidden):
            attrgetter(name)(store)(here.visitors[role], *given(here, funnel))
    assert may == ALL or street.is_as_before()


@pytest.mark.parametrize("name", NAMING)
def test_no_call_reaches_into_another_workshop(
    street: Untouched, funnel: Funnel, name: str
) -> None:
    """With what belongs to the other workshop."""
    store, here = street.store, street.here
    may, given = CALLS[name]
    for visitor in (here.visitors[role] for role in sorted(may)):
        with suppress(StoreError, Forbidden, ValueError):
            attrgetter(name)(store)(visitor, *given(street.there, funnel))
    assert street.is_as_before(but_for_the_trail=True)


@pytest.mark.parametrize("name", NAMING)
def test_one_foreign_id_among_ones_own_is_enough_to_be_refused(
    street: Untouched, funnel: Funnel, name: str
) -> None:
    store, here, there = street.store, street.here, street.there
    mine, theirs = CALLS[name][1](here, funnel), CALLS[name][1](there, funnel)
    mixed = [
        (*mine[:place], foreign, *mine[place + 1 :])
        for place, (own, foreign) in enumerate(zip(mine, theirs, strict=True))
        if own != foreign
    ]
    if isinstance(mine[0] if mine else None, Condition) and mine[0].other_id:
        mixed += [(Condition(mine[0].demand, here.ideas[0], there.ideas[1]),)]
    if name == "commitments.save":
        fields = {field: getattr(here.action, field) for field in here.action.__slots__}
        mixed += [
            (Commitment(**fields | {"id": uuid4().hex, "idea_id": there.ideas[0]}),),
            (Commitment(**fields | {"id": there.action.id}),),
        ]
    for role, given in product(sorted(CALLS[name][0]), mixed):
        with suppress(StoreError, Forbidden, ValueError):
            attrgetter(name)(store)(here.visitors[role], *given)
    assert street.is_as_before(but_for_the_trail=True)


def test_no_call_tells_one_sides_second_estimate_before_the_other_has_given_its_own(
    store: Store, here: House, funnel: Funnel
) -> None:
    facilitator, ada = here.visitors[FACILITATOR], here.visitors[PARTICIPANT]
    bo = replace(ada, person_id=here.bo)
    for idea_id in here.ideas:
        store.ideas.estimate(bo, idea_id, Estimate(0.1, 0.3, 0.5))
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    store.ideas.estimate_again(ada, here.ideas[0], Estimate(0.3137, 0.3137, 0.3137))
    tellers = [
        (name, visitor)
        for name in sorted(READS)
        for visitor in (bo, here.visitors[ROOM])
        if visitor.role in CALLS[name][0]
    ]
    for phase in (Phase.REPORT, Phase.IDEAS, Phase.LOBBY):
        step = None if phase is Phase.LOBBY else 1
        store.agenda.move_to(facilitator, Position(phase, step))
        for name, visitor in tellers:
            told = attrgetter(name)(store)(visitor, *CALLS[name][1](here, funnel))
            assert "0.3137" not in repr(told), (name, visitor.role, phase)
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    store.ideas.estimate_again(bo, here.ideas[0], Estimate(0.1, 0.3, 0.5))
    for visitor in (bo, here.visitors[ROOM]):
        assert "0.3137" in repr(store.ideas.readable(visitor))


# -- routes --------------------------------------------------------------------------------------

ROUTES: dict[str, set[Role]] = {
    "/live": ALL,
    "/export_csv": LEADERS,
    "/export_actions": LEADERS,
    "/export_xlsx": LEADERS,
    "/export_markdown": LEADERS,
    "/export_report": LEADERS,
    "/export_cheat_sheet": LEADERS,
    "/export_agreement": LEADERS,
    "/export_calendar": LEADERS,
    "/backup": {FACILITATOR},
    "/company_cheat_sheet": LEADERS,
    "/company_agreement": LEADERS,
    "/company_calendar": LEADERS,
    "/company_backup": {FACILITATOR},
    "/team": {PARTICIPANT},
    "/team/stage": {PARTICIPANT},
}
# Routes that are one role's: none stands in their address.
OF_ONE_ROLE = {"/team", "/team/stage"}
# Routes that let somebody in, or are nobody's: they have tests of their own.
OPEN_ROUTES = {
    "/upload/{secret}/{number:int}",
    "/enter/{token}",
    "/check-in/{token}",
    "/join",
    "/join/{code}",
    "/join/{code}/waiting",
    "/start",
    "/healthz",
    "/metrics",
    "/parts/{version}/{name}",
}
# Routes that ask for the key of whoever runs the server.
OPERATORS = {"/operator/backup", "/operator/restore"}

Cookies = Callable[[House, House, Role], dict[str, str]]
# What a browser may bring that is not the right token under the right name.
WRONG: dict[str, Cookies] = {
    "no cookie": lambda here, there, role: {},
    "an empty token": lambda here, there, role: {cookie_name(role, here.code): ""},
    "an unknown token": lambda here, there, role: {cookie_name(role, here.code): "x" * 22},
    "a withdrawn token": lambda here, there, role: {
        cookie_name(role, here.code): here.withdrawn[role]
    },
    "another workshop's token": lambda here, there, role: {
        cookie_name(role, here.code): there.tokens[role]
    },
    "the cookie of another workshop": lambda here, there, role: {
        cookie_name(role, there.code): there.tokens[role]
    },
    **{
        f"the token of the {other}": lambda here, there, role, other=other: {  # type: ignore[misc]
            cookie_name(role, here.code): here.tokens[other]
        }
        for other in Role
    },
}


def tokens_that_do_not_fit(role: Role) -> list[str]:
    return [kind for kind in WRONG if kind != f"the token of the {role}"]


@pytest.fixture(scope="module")
def server(client: TestClient) -> Iterator[tuple[TestClient, Store]]:
    """The whole server, on records of its own."""
    store = Store(":memory:", on_commit=lambda *change: services.hub().publish(*change))
    patched = pytest.MonkeyPatch()
    patched.setattr(services, "store", lambda: store)
    for kept in (services.hub, entrance.gate):
        kept.cache_clear()
    yield client, store
    patched.undo()
    store.close()
    for kept in (services.hub, entrance.gate):
        kept.cache_clear()


@pytest.fixture(scope="module")
def served(server: tuple[TestClient, Store], built: tuple[Path, House, House]) -> Street:
    return Street(server[1], built)


@pytest.fixture
def houses(served: Street) -> tuple[House, House]:
    """The houses of the served street, for who takes nothing away."""
    if served.is_touched:
        served.put_back()
    return served.here, served.there


@pytest.fixture
def own_houses(served: Street) -> tuple[House, House]:
    """The same as they were built, for who takes something away."""
    served.put_back()
    served.is_touched = True
    return served.here, served.there


def is_let_in(client: TestClient, path: str, code: str, role: str, cookies: dict[str, str]) -> bool:
    query = f"{path}?w={code}&role={role}"
    headers = {"cookie": "; ".join(f"{name}={token}" for name, token in cookies.items())}
    if path != "/live":
        return client.get(query, headers=headers).status_code == 200
    try:
        with client.websocket_connect(query, headers=headers) as line:
            return "stamp" in line.receive_json()
    except WebSocketDisconnect:
        return False


# A form of each role that leads, with values that are right.
FORMS: dict[str, tuple[Role, Callable[[House], dict[str, str]]]] = {
    "agreement": (MANAGER, lambda house: {"both": "We call within a day."}),
    "capacity": (MANAGER, lambda house: {"sales": "4", "marketing": ""}),
    "hand_off": (
        FACILITATOR,
        lambda house: {"owner": "sales", "value": "", "sales": "Ada", "marketing": "Bo"},
    ),
    "outcome": (MANAGER, lambda house: {"revenue": "250,000"}),
    "promise": (
        MANAGER,
        lambda house: {
            "kind": "play",
            "title": "Ride along",
            "owner": "Ada",
            "co_owner": "Bo",
            "rhythm": "weekly",
            "due": "2027-03-01",
            "first_step": "",
        },
    ),
    "team_name": (FACILITATOR, lambda house: {"team": house.team, "name": "Otters"}),
}


@pytest.mark.parametrize(("form", "role"), list(product(FORMS, Role)))
def test_a_form_is_taken_from_its_role_with_their_own_token_only(
    server: tuple[TestClient, Store], houses: tuple[House, House], form: str, role: Role
) -> None:
    client, store = server
    here, there = houses
    owner, values = FORMS[form]

    def status(code: str, cookies: dict[str, str]) -> int:
        about = {"question": str(FINDS.key)} if form == "hand_off" else {}
        sent = {"id": uuid4().hex, "about": about, "values": values(here), "decimal_mark": "."}
        held = {"cookie": "; ".join(f"{name}={token}" for name, token in cookies.items())}
        query = f"/forms/{form}?w={code}&role={role}"
        return client.post(query, headers=held | {"x-funnel-form": "1"}, json=sent).status_code

    right = {cookie_name(role, here.code): here.tokens[role]}
    before = dump(store)
    for kind in tokens_that_do_not_fit(role):
        assert status(here.code, WRONG[kind](here, there, role)) == 403, kind
    assert status(there.code, right) == 403
    is_owner = role is owner
    assert not is_owner or dump(store) == before  # of others it is asked in the end
    assert status(here.code, right) == (200 if is_owner else 422)
    assert (dump(store) != before) == is_owner


def test_of_every_route_it_is_said_who_may() -> None:
    routes = [route for route in app.app._user_routes if isinstance(route, Route | WebSocketRoute)]
    assert len(routes) == len(app.app._user_routes)
    paths = {route.path for route in routes}
    assert paths == {*ROUTES, *OPEN_ROUTES, *OPERATORS, "/forms/{form}"}


@pytest.mark.parametrize("path", sorted(OPERATORS))
def test_the_operators_routes_open_to_no_token(
    server: tuple[TestClient, Store], houses: tuple[House, House], path: str
) -> None:
    client, store = server
    here, _ = houses
    cookies = {cookie_name(role, here.code): token for role, token in here.tokens.items()}
    header = {"cookie": "; ".join(f"{name}={token}" for name, token in cookies.items())}
    before = dump(store)
    for wrong in ({}, {"authorization": "Bearer"}, {"authorization": f"Bearer {'x' * 22}"}):
        assert client.post(path, headers={**header, **wrong}, content=b"x").status_code == 403
    assert dump(store) == before


@pytest.mark.parametrize(("path", "role"), list(product(ROUTES, Role)))
def test_a_route_is_for_its_roles_with_their_own_token_only(
    server: tuple[TestClient, Store], houses: tuple[House, House], path: str, role: Role
) -> None:
    client, _ = server
    here, there = houses
    right = {cookie_name(role, here.code): here.tokens[role]}
    assert is_let_in(client, path, here.code, role, right) == (role in ROUTES[path])
    assert not is_let_in(client, path, there.code, role, right)
    if path not in OF_ONE_ROLE:
        assert not is_let_in(client, path, here.code, "king", right)
    for kind in tokens_that_do_not_fit(role):
        wrong = WRONG[kind](here, there, role)
        assert not is_let_in(client, path, here.code, role, wrong), kind


# -- the mini-team's page and its buttons --------------------------------------------------------

# Who may, and what each says that it is about.
PRESSES: dict[str, tuple[set[Role], Callable[[House], dict[str, str]]]] = {
    "withdraw": ({FACILITATOR, PARTICIPANT}, lambda house: {"idea": house.ideas[0]}),
    "bring_back": ({FACILITATOR, PARTICIPANT}, lambda house: {"idea": house.ideas[0]}),
    "done": ({PARTICIPANT}, lambda house: {"step": "1"}),
    "reopen": ({PARTICIPANT}, lambda house: {"step": "1"}),
    "show_ideas": ({FACILITATOR, PARTICIPANT}, lambda house: {"person": house.late}),
    "share_seat": ({FACILITATOR, PARTICIPANT}, lambda house: {"device": house.asking}),
    "turn_device_away": ({FACILITATOR, PARTICIPANT}, lambda house: {"device": house.asking}),
    "unsign": ({PARTICIPANT}, lambda house: {"version": "1"}),
}
HOSTILE = ("", "0", "-1", "²", "99999", "9" * 5_000, "x" * 32, "0" * 32, "' OR 1=1 --", "\x00")


def held(cookies: dict[str, str]) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={token}" for name, token in cookies.items())}


def press(
    client: TestClient,
    code: str,
    role: Role,
    name: str,
    about: object,
    cookies: dict[str, str],
) -> int:
    sent = {"id": uuid4().hex, "about": about, "values": {}, "decimal_mark": "."}
    headers = held(cookies) | {"x-funnel-form": "1"}
    query = f"/forms/{name}?w={code}&role={role}"
    return client.post(query, headers=headers, json=sent).status_code


def test_of_every_press_it_is_said_who_may() -> None:
    assert {name for name, take in FORMS_TAKEN.items() if take.__module__ == presses.__name__} == {
        *PRESSES
    }


@pytest.mark.parametrize(("name", "role"), list(product(PRESSES, Role)))
def test_a_press_is_taken_from_its_roles_with_their_own_token_only(
    server: tuple[TestClient, Store], served: Street, name: str, role: Role
) -> None:
    client, store = server
    may, about = PRESSES[name]
    if role in may or served.is_touched:
        served.put_back()
    served.is_touched = role in may
    here, there = served.here, served.there
    right = {cookie_name(role, here.code): here.tokens[role]}
    before = dump(store)
    for kind in tokens_that_do_not_fit(role):
        wrong = WRONG[kind](here, there, role)
        assert press(client, here.code, role, name, about(here), wrong) == 403, kind
    assert press(client, there.code, role, name, about(here), right) == 403
    assert role not in may or dump(store) == before  # of others it is asked in the end
    expected = 200 if role in may else 422
    assert press(client, here.code, role, name, about(here), right) == expected
    assert (dump(store) != before) == (role in may)


@pytest.mark.parametrize("name", PRESSES)
def test_a_press_about_what_is_not_ones_own_changes_nothing(
    server: tuple[TestClient, Store], houses: tuple[House, House], name: str
) -> None:
    """What is of another workshop, what is nowhere, and what is missing or no text at all."""
    client, store = server
    here, there = houses
    _, about = PRESSES[name]
    [key] = about(here)
    foreign = [about(there)] if about(there) != about(here) else []
    hostile = [{}, {"other": "1"}, *({key: value} for value in HOSTILE)]
    if name in ("done", "reopen"):
        hostile.remove({key: "0"})  # a step that there is
    no_texts: list[object] = [None, [], "1", {key: None}, {key: 1}, {key: [about(here)[key]]}]
    before = dump(store, without_trail=True)
    for role in Role:
        right = {cookie_name(role, here.code): here.tokens[role]}
        for given in (*foreign, *hostile):
            assert press(client, here.code, role, name, given, right) == 422, given
        for unread in no_texts:
            assert press(client, here.code, role, name, unread, right) == 400, unread
    assert dump(store, without_trail=True) == before


@pytest.mark.parametrize("path", sorted(OF_ONE_ROLE))
def test_a_mini_teams_page_names_nothing_to_who_is_not_let_in(
    server: tuple[TestClient, Store], houses: tuple[House, House], path: str
) -> None:
    client, _ = server
    here, there = houses
    entrance.gate.cache_clear()
    query = f"{path}?w={here.code}"
    right = {cookie_name(PARTICIPANT, here.code): here.tokens[PARTICIPANT]}
    assert "Heron" in client.get(query, headers=held(right)).text
    for kind in tokens_that_do_not_fit(PARTICIPANT):
        answer = client.get(query, headers=held(WRONG[kind](here, there, PARTICIPANT)))
        assert answer.status_code == 403, kind
        assert "Heron" not in answer.text, kind
        assert "Tern" not in answer.text, kind


def laptops(*ideas: str) -> Iterator[str]:
    """What a laptop may say that it is at, true or not, as the query of an address."""
    answer = "0" * 32
    for idea, side in product(ideas, ("", *Side)):
        yield urlencode({"editing": idea, "submission_id": answer, "handed_to": side})
    for hostile in HOSTILE:
        yield urlencode({"editing": hostile, "submission_id": hostile, "handed_to": hostile})
    yield "editing=1&editing=2&handed_to=sales&handed_to=marketing&%00=%ff"


def test_whatever_a_laptop_says_it_is_shown_no_idea_of_others(
    server: tuple[TestClient, Store], own_houses: tuple[House, House]
) -> None:
    """Neither of another mini-team, nor of another workshop; and nothing breaks."""
    client, store = server
    here, there = own_houses
    facilitator = here.visitors[FACILITATOR]
    tokens = [store.seats.join(here.code, f"F{number}", Side.SALES) for number in range(8)]
    strangers = {token: who for token in tokens if (who := store.tokens.admit(token))}
    stranger = next(
        token for token, who in strangers.items() if store.seats.person(who).team_id != here.team
    )
    cookies = {cookie_name(PARTICIPANT, here.code): stranger}
    for place in (Position(Phase.LOBBY), Position(Phase.FACTS, 1), Position(Phase.IDEAS, 1)):
        store.agenda.move_to(facilitator, place)
        for said in laptops(*here.ideas, *there.ideas):
            answer = client.get(f"/team/stage?w={here.code}&{said}", headers=held(cookies))
            assert answer.status_code == 200, said
            assert "Secret" not in answer.text, said
            assert "Tern" not in answer.text, said


def test_no_number_that_is_still_guessed_is_sent_to_a_mini_team(
    server: tuple[TestClient, Store], own_houses: tuple[House, House], funnel: Funnel
) -> None:
    """At no place, whatever the laptop says: with other numbers all that is sent is the same."""
    client, store = server
    house, _ = own_houses
    facilitator = house.visitors[FACILITATOR]
    asked = [one.question for one in guess.sheet(funnel).asked]
    store.questions.open(facilitator, *asked)
    cookies = held({cookie_name(PARTICIPANT, house.code): house.tokens[PARTICIPANT]})
    stages = [f"/team/stage?w={house.code}&{said}" for said in laptops(house.ideas[0])]
    queries = [f"/team?w={house.code}", *stages[:4]]

    def sent() -> dict[tuple[Position, str], str]:
        told = {}
        for position in walk.walk(len(funnel.steps)):
            store.agenda.move_to(facilitator, position)
            for query in queries:
                answer = client.get(query, headers=cookies)
                assert answer.status_code == 200
                told[position, query] = re.sub(r'"stamp": ?"[^"]*"', "", answer.text)
        return told

    before = sent()
    store.funnels.replace(facilitator, with_other_numbers(funnel, 0), None)
    assert sent() == before
    store.questions.reveal(facilitator, *(question.key for question in asked))
    assert sent() != before


# -- pages ---------------------------------------------------------------------------------------

PAGES = {
    "board": ROOM,
    "facilitate": FACILITATOR,
    "agenda": FACILITATOR,
    "numbers": FACILITATOR,
    "links": FACILITATOR,
    "manage": MANAGER,
    "ranking": MANAGER,
    "sensitivity": MANAGER,
    "assumptions": MANAGER,
    "whatif": MANAGER,
    "plan": MANAGER,
    "agreement": MANAGER,
    "actions": MANAGER,
    "answers": MANAGER,
    # The facilitator comes in here as well; what is tried is the same.
    "company": MANAGER,
}
# The frame of all pages, and the front door.
OPEN_PAGES = {"menu", "home"}
CLOSED = "This screen needs its link"


def draw(client: TestClient, page: str, query: str, cookies: dict[str, str]) -> bytes:
    """All that the server sends to a browser that opens this page, up to the end of its run."""
    headers = {"cookie": "; ".join(f"{name}={token}" for name, token in cookies.items())}
    run = BackMsg()
    run.rerun_script.query_string = query
    run.rerun_script.page_name = page
    sent = b""
    with client.websocket_connect("/_stcore/stream", ["streamlit"], headers=headers) as line:
        line.send_bytes(run.SerializeToString())
        while True:
            message = line.receive_bytes()
            sent += message
            told = ForwardMsg.FromString(message)
            if told.WhichOneof("type") == "script_finished":
                return sent


def test_of_every_page_it_is_said_whose_it_is() -> None:
    pages = {page.stem for page in (Path(app.__file__).parent / "pages").glob("*.py")}
    assert pages == set(PAGES) | OPEN_PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_drawn_for_its_role_only(
    server: tuple[TestClient, Store], houses: tuple[House, House], page: str
) -> None:
    client, _ = server
    here, there = houses
    role = PAGES[page]
    query = f"w={here.code}"
    right = {cookie_name(role, here.code): here.tokens[role]}
    drawn = draw(client, page, query, right)
    assert CLOSED.encode() not in drawn
    for kind in tokens_that_do_not_fit(role):
        drawn = draw(client, page, query, WRONG[kind](here, there, role))
        assert CLOSED.encode() in drawn, kind
        assert b"Heron" not in drawn, kind
        assert b"Tern" not in drawn, kind


def test_the_front_door_names_only_the_workshops_that_this_browser_is_in(
    server: tuple[TestClient, Store], houses: tuple[House, House]
) -> None:
    client, _ = server
    here, there = houses
    for role in Role:
        drawn = draw(client, "", "", {cookie_name(role, here.code): here.tokens[role]})
        assert b"Heron" in drawn
        for kind in tokens_that_do_not_fit(role):
            wrong = WRONG[kind](here, there, role)
            assert b"Heron" not in draw(client, "", f"w={here.code}", wrong), kind


# -- who is in no more ---------------------------------------------------------------------------


def test_a_removed_person_is_out_at_once_and_their_ideas_stay(store: Store, here: House) -> None:
    ada, facilitator = here.visitors[PARTICIPANT], here.visitors[FACILITATOR]
    store.door.remove(facilitator, here.ada)
    assert store.tokens.admit(here.tokens[PARTICIPANT]) is None
    assert [idea.author for idea in store.ideas.readable(facilitator)] == ["Ada of Heron"] * 2
    seated = [person.id for team in store.seats.teams(facilitator) for person in team.people]
    assert here.ada not in seated
    assert [person.id for person in store.door.removed(facilitator)] == [here.gone, here.ada]
    for attempt in (
        lambda: store.ideas.save(ada, uuid4().hex, 1, DRAFT),
        lambda: store.ideas.estimate(ada, here.ideas[0], Estimate(0, 0, 0)),
        lambda: store.ideas.estimate_again(ada, here.ideas[0], Estimate(0, 0, 0)),
        lambda: store.ideas.withdraw(ada, here.ideas[0]),
        lambda: store.seats.set_done(ada, 1, True),
    ):
        with pytest.raises((StoreError, Forbidden)):
            attempt()


def test_who_was_removed_by_mistake_is_back_in_the_same_seat(store: Store, here: House) -> None:
    facilitator = here.visitors[FACILITATOR]
    before = store.seats.teams(facilitator)
    store.door.remove(facilitator, here.ada)
    store.door.restore(facilitator, here.ada)
    assert store.seats.teams(facilitator) == before
    assert store.tokens.admit(here.tokens[PARTICIPANT]) == here.visitors[PARTICIPANT]
    store.ideas.save(here.visitors[PARTICIPANT], here.ideas[0], 1, DRAFT)


def test_nobody_is_removed_twice_or_taken_back_who_was_never_removed(
    store: Store, here: House
) -> None:
    facilitator = here.visitors[FACILITATOR]
    with pytest.raises(StoreError):
        store.door.remove(facilitator, here.gone)
    with pytest.raises(StoreError):
        store.door.restore(facilitator, here.ada)


def test_who_was_removed_stays_out_when_the_server_starts_anew(
    tmp_path: Path, built: tuple[Path, House, House]
) -> None:
    file, house, _ = built
    shutil.copyfile(file, tmp_path / "workshop.duckdb")
    after = Store(tmp_path / "workshop.duckdb")
    assert after.tokens.admit(house.withdrawn[PARTICIPANT]) is None
    assert after.tokens.admit(house.withdrawn[ROOM]) is None
    assert after.tokens.admit(house.tokens[PARTICIPANT]) is not None
    after.close()


@pytest.mark.parametrize("role", [MANAGER, ROOM])
def test_withdrawn_links_open_nothing_and_what_their_pages_still_send_is_refused(
    store: Store, here: House, there: House, role: Role
) -> None:
    facilitator = here.visitors[FACILITATOR]
    store.tokens.withdraw_links(facilitator, role)
    assert store.tokens.admit(here.tokens[role]) is None
    assert store.tokens.admit(there.tokens[role]) is not None
    assert store.tokens.admit(store.tokens.issue(facilitator, role)) == here.visitors[role]
    if role is MANAGER:
        with pytest.raises(Forbidden, match="withdrawn"):
            store.constraints.set_capacity(here.visitors[role], 1, 1)


def test_a_facilitator_who_withdraws_the_facilitators_links_keeps_their_own(
    store: Store, here: House
) -> None:
    other = store.tokens.issue(here.visitors[FACILITATOR], FACILITATOR)
    store.tokens.withdraw_links(here.visitors[FACILITATOR], FACILITATOR)
    assert store.tokens.admit(other) is None
    assert store.tokens.admit(here.tokens[FACILITATOR]) == here.visitors[FACILITATOR]


def test_no_co_facilitator_shuts_out_who_started_the_workshop(store: Store, here: House) -> None:
    """Nor takes a right that outlives the withdrawal of the own link."""
    starter = here.visitors[FACILITATOR]
    co = store.tokens.admit(store.tokens.issue(starter, FACILITATOR))
    assert co is not None
    store.tokens.withdraw_links(co, FACILITATOR)
    assert store.tokens.admit(here.tokens[FACILITATOR]) == starter
    before = dump(store)
    for attempt in (store.tokens.issue_to_starter, store.tokens.renew_recovery_code):
        with pytest.raises(Forbidden, match="started the workshop"):
            attempt(co)
    assert dump(store) == before
    store.tokens.withdraw_links(starter, FACILITATOR)
    with pytest.raises(Forbidden, match="withdrawn"):
        store.agenda.move_to(co, Position(Phase.RANK))


def test_a_recovery_code_opens_its_own_workshop_until_a_newer_one_is_made(
    store: Store, here: House, there: House
) -> None:
    starter = here.visitors[FACILITATOR]
    assert not store.tokens.has_recovery_code(starter)
    former, code = (
        store.tokens.renew_recovery_code(starter),
        store.tokens.renew_recovery_code(starter),
    )
    assert store.tokens.has_recovery_code(starter)
    assert not store.tokens.has_recovery_code(there.visitors[FACILITATOR])
    store.tokens.withdraw_links(starter, FACILITATOR)
    back = store.tokens.admit(store.tokens.recover(code))
    assert back is not None
    assert (back, back.is_starter) == (starter, True)
    assert store.activity.all(starter)[0][3] == "facilitator_recovered"
    for wrong in (former, "", "A" * 20):
        assert store.tokens.find_by_recovery_code(wrong) is None
        with pytest.raises(StoreError, match="not known"):
            store.tokens.recover(wrong)
    kept = repr(dump(store))
    assert code not in kept
    assert former not in kept


def test_people_have_no_links_to_hand_out_or_withdraw(store: Store, here: House) -> None:
    with pytest.raises(ValueError, match="room code"):
        store.tokens.issue(here.visitors[FACILITATOR], PARTICIPANT)
    with pytest.raises(ValueError, match="one by one"):
        store.tokens.withdraw_links(here.visitors[FACILITATOR], PARTICIPANT)


@pytest.mark.parametrize("role", [MANAGER, PARTICIPANT])
def test_the_line_of_who_is_out_is_closed(
    server: tuple[TestClient, Store], own_houses: tuple[House, House], role: Role
) -> None:
    client, store = server
    house, _ = own_houses
    facilitator = house.visitors[FACILITATOR]
    cookies = {cookie_name(role, house.code): house.tokens[role]}
    headers = {"cookie": "; ".join(f"{name}={token}" for name, token in cookies.items())}
    with client.websocket_connect(f"/live?w={house.code}&role={role}", headers=headers) as line:
        line.receive_json()
        if role is PARTICIPANT:
            store.door.remove(facilitator, house.ada)
        else:
            store.tokens.withdraw_links(facilitator, role)
        line.receive_json()  # a last tick, so that the screen looks once more
        with pytest.raises(WebSocketDisconnect) as closed:
            line.receive_json()
        assert closed.value.code == 4403
