"""The agenda in the records: who changes it, how one press undoes that, and files of before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.store.test_store_backup import Members, changed, members, packed
from workshop.activities import walk
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.agenda_lines import (
    Agenda,
    AgendaLine,
    add,
    move_up,
    remove,
    usual,
    with_lock,
    with_minutes,
)
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Store, StoreError
from workshop.store.archive import NoBackup
from workshop.store.migrations import upgrade_to
from workshop.store.verbs import Verb

RECORDS = Path(__file__).parents[1] / "records"
RANK, COMMIT = Position(Phase.RANK), Position(Phase.COMMIT)
Make = Callable[[Agenda], Agenda]

CHANGES: dict[str, Make] = {
    "moved": partial(move_up, position=COMMIT),
    "removed": partial(remove, position=RANK),
    "shortened": partial(with_minutes, position=RANK, minutes=5),
    "untimed": partial(with_minutes, position=RANK, minutes=None),
    "locked": partial(with_lock, position=RANK, is_locked=True),
    "longer": partial(add, line=AgendaLine(Phase.BREAK, 2, 15)),
}


@pytest.fixture
def facilitator(store: Store, funnel: Funnel) -> Visitor:
    return store.workshops.start("Spring", funnel)


def agenda_of(store: Store, visitor: Visitor) -> Agenda:
    return store.workshops.get(visitor).made_agenda(len(store.funnels.current(visitor).steps))


def log_of(store: Store, visitor: Visitor) -> list[str]:
    return [row[3] for row in reversed(store.activity.all(visitor))][1:]


@pytest.mark.parametrize("make", CHANGES.values(), ids=CHANGES)
def test_a_change_is_kept_logged_and_undone_by_one_press(
    store: Store, facilitator: Visitor, make: Make
) -> None:
    store.agenda.change_agenda(facilitator, make)
    assert agenda_of(store, facilitator) == make(usual(4)) != usual(4)
    store.agenda.take_back_agenda(facilitator)
    assert agenda_of(store, facilitator) == usual(4)
    assert log_of(store, facilitator) == [Verb.AGENDA_CHANGED, Verb.AGENDA_TAKEN_BACK]
    with pytest.raises(StoreError, match="No change of the agenda is left to undo"):
        store.agenda.take_back_agenda(facilitator)
    assert agenda_of(store, facilitator) == usual(4)


def test_a_template_replaces_the_agenda_and_the_choice_of_steps_changes_it(
    store: Store, facilitator: Visitor
) -> None:
    short = Agenda((AgendaLine(Phase.LOBBY), AgendaLine(Phase.FACTS, 1), AgendaLine(Phase.CLOSED)))
    store.agenda.use_template(facilitator, "short", short)
    assert agenda_of(store, facilitator) == short
    store.agenda.choose_steps(facilitator, [1])
    assert [line.activity for line in agenda_of(store, facilitator).lines][2:4] == [
        Phase.IDEAS,
        Phase.REPORT,
    ]
    store.agenda.take_back_agenda(facilitator)
    assert agenda_of(store, facilitator) == short
    assert log_of(store, facilitator) == [
        Verb.AGENDA_TEMPLATE_USED,
        Verb.STEPS_CHOSEN,
        Verb.AGENDA_TAKEN_BACK,
    ]


def test_what_is_pressed_twice_is_undone_by_one_press(store: Store, facilitator: Visitor) -> None:
    for _ in range(2):
        store.agenda.use_template(facilitator, "short", usual(4, [1]))
    store.agenda.take_back_agenda(facilitator)
    assert agenda_of(store, facilitator) == usual(4)
    assert log_of(store, facilitator) == [Verb.AGENDA_TEMPLATE_USED, Verb.AGENDA_TAKEN_BACK]


def test_what_makes_no_sense_is_a_sentence_and_changes_nothing(
    store: Store, facilitator: Visitor
) -> None:
    store.agenda.change_agenda(facilitator, CHANGES["locked"])
    before = store.workshops.get(facilitator)
    for make in (CHANGES["removed"], CHANGES["moved"], partial(remove, position=Position("words"))):
        with pytest.raises(StoreError, match=r"locked|not on the agenda"):
            store.agenda.change_agenda(facilitator, make)
    assert store.workshops.get(facilitator) == before
    at_work = partial(with_lock, position=Position(Phase.IDEAS, 0), is_locked=True)
    store.agenda.change_agenda(facilitator, at_work)
    with pytest.raises(StoreError, match="locked"):
        store.agenda.choose_steps(facilitator, [1])


def test_an_agenda_survives_a_restart(tmp_path: Path, funnel: Funnel) -> None:
    store = Store(tmp_path / "workshop.duckdb")
    facilitator = store.workshops.start("Spring", funnel, agenda=usual(4, [2]))
    for name in ("moved", "untimed", "locked", "longer"):
        store.agenda.change_agenda(facilitator, CHANGES[name])
    before = store.workshops.get(facilitator)
    store.close()
    again = Store(tmp_path / "workshop.duckdb")
    assert again.workshops.get(facilitator) == before
    assert before.agenda != before.former_agenda
    again.close()


def test_the_moment_at_which_the_room_came_here_is_kept(store: Store, facilitator: Visitor) -> None:
    assert store.workshops.get(facilitator).moved_at is None
    store.agenda.move_to(facilitator, RANK)
    first = store.workshops.get(facilitator).moved_at
    assert first is not None
    store.agenda.move_to(facilitator, COMMIT)
    second = store.workshops.get(facilitator).moved_at
    assert second is not None
    assert second >= first


def test_ideas_stay_hidden_until_their_report_wherever_the_ranking_stands(
    store: Store, facilitator: Visitor
) -> None:
    code = store.workshops.get(facilitator).code
    author = store.tokens.admit(store.seats.join(code, "Ada", Side.SALES))
    assert author is not None
    store.ideas.save(author, "1" * 32, 1, IdeaDraft("Call", Estimate(0.1, 0.2, 0.4)))
    room = Visitor(Role.PROJECTOR, facilitator.workshop_id)
    early = Position(Phase.FACTS, 1)
    store.agenda.change_agenda(
        facilitator,
        lambda agenda: add(remove(agenda, RANK), AgendaLine(Phase.RANK), early),
    )
    for position in (RANK, early, Position(Phase.IDEAS, 1)):
        store.agenda.move_to(facilitator, position)
        assert store.ideas.readable(room) == ()
    store.agenda.move_to(facilitator, Position(Phase.REPORT, 1))
    assert len(store.ideas.readable(room)) == 1


# -- files of before -----------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [None, [1], [0, 2]])
def test_a_file_of_version_7_walks_as_it_did(tmp_path: Path, steps: list[int] | None) -> None:
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-5.sql").read_text(encoding="utf-8"))
        for version in (6, 7):
            connection.execute(upgrade_to(version))
        connection.execute("UPDATE schema_version SET version = 7")
        connection.execute("UPDATE workshop SET steps = $1", [steps and json.dumps(steps)])
        connection.execute("UPDATE workshop SET phase = 'facts', step = 0")
        [(workshop_id,)] = connection.execute("SELECT id FROM workshop").fetchall()
    store = Store(path)
    facilitator = Visitor(Role.FACILITATOR, workshop_id, is_starter=True)
    funnel = store.funnels.current(facilitator)
    workshop = store.workshops.get(facilitator)
    assert walk.agenda_of(workshop, funnel).places == walk.walk(len(funnel.steps), steps)
    assert (workshop.agenda, workshop.former_agenda, workshop.moved_at) == (None, None, None)
    store.agenda.change_agenda(facilitator, CHANGES["shortened"])
    changed_one = store.workshops.get(facilitator)
    assert walk.agenda_of(changed_one, funnel).places == walk.walk(len(funnel.steps), steps)
    store.agenda.take_back_agenda(facilitator)
    assert (
        walk.agenda_of(store.workshops.get(facilitator), funnel).places
        == walk.agenda_of(workshop, funnel).places
    )
    store.close()


def test_a_backup_brings_back_the_agenda_and_what_undoes_its_change(
    store: Store, facilitator: Visitor
) -> None:
    store.agenda.change_agenda(facilitator, CHANGES["longer"])
    elsewhere = Store(":memory:")
    restored = elsewhere.backups.restore(store.backups.make(facilitator)).facilitator
    assert agenda_of(elsewhere, restored) == CHANGES["longer"](usual(4))
    elsewhere.agenda.take_back_agenda(restored)
    assert agenda_of(elsewhere, restored) == usual(4)
    elsewhere.close()


@pytest.mark.parametrize("steps", [None, [1]])
def test_a_backup_of_version_7_walks_as_it_did(
    store: Store, facilitator: Visitor, funnel: Funnel, steps: list[int] | None
) -> None:
    parts = members(store.backups.make(facilitator))
    row = json.loads(parts["workshop.jsonl"]) | {"steps": steps and json.dumps(steps)}
    for column in ("agenda", "former_agenda", "moved_at", "timer_warns_at"):
        del row[column]
    parts["workshop.jsonl"] = json.dumps(row).encode() + b"\n"
    manifest = json.loads(parts["manifest.json"]) | {"version": 7}
    parts["manifest.json"] = json.dumps(manifest).encode()
    restored = store.backups.restore(packed(parts)).facilitator
    assert walk.agenda_of(store.workshops.get(restored), funnel).places == walk.walk(4, steps)


def line(activity: str, **values: Any) -> dict[str, Any]:
    return {"activity": activity, "step": None, "minutes": None, "is_locked": False} | values


UNKNOWN = [line("lobby"), line("yoga"), line("closed")]
NONSENSE: list[object] = [
    [],
    [line("lobby")],
    [line("lobby"), line("ideas", step=0), line("closed")],
    [line("lobby", minutes=-5), line("closed")],
    [line("lobby", minutes="5"), line("closed")],
    [line("lobby", room="9"), line("closed")],
    UNKNOWN,
    {"lines": 1},
    7,
]


@pytest.fixture(scope="module")
def of_nonsense(funnel: Funnel) -> Iterator[tuple[Store, Members]]:
    """Records for files that must not change anything, and such a file as it is taken."""
    with closing(Store(":memory:")) as store:
        yield store, members(store.backups.make(store.workshops.start("Spring", funnel)))


@pytest.mark.parametrize(
    ("column", "lines"),
    [*product(["agenda"], NONSENSE), *product(["former_agenda"], [[], UNKNOWN])],
    ids=str,
)
def test_a_backup_with_an_agenda_of_nonsense_is_refused(
    of_nonsense: tuple[Store, Members], column: str, lines: object
) -> None:
    store, file = of_nonsense
    parts = dict(file)
    changed("workshop", **{column: json.dumps(lines)})(parts)
    with pytest.raises(NoBackup, match="holds what this app does not write"):
        store.backups.restore(packed(parts))
