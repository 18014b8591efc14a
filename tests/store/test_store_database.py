"""What the parts of the store rest on: changes, versions, tables, and files of before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.ids import ONE
from tests.store.test_store import DRAFT, joined
from tests.store.test_store_backup import packed, screens
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.domain.people import Side
from workshop.store import AGENDA, IDEAS, PLAN, SEATS, TABLES, Store, team_topic
from workshop.store.people import teams_of
from workshop.store.tables import named
from workshop.store.verbs import Verb

RECORDS = Path(__file__).parents[1] / "records"
COLUMNS = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns "
    "WHERE table_catalog = current_database() ORDER BY ALL"
)


# -- versions ------------------------------------------------------------------------------------


def test_versions_go_on_where_they_were_when_the_process_starts_anew(
    tmp_path: Path, funnel: Funnel
) -> None:
    before = Store(tmp_path / "workshop.duckdb")
    facilitator = before.workshops.start("Spring", funnel)
    ada = joined(before, facilitator, "Ada")
    team = team_topic(before.seats.person(ada).team_id)
    before.ideas.save(ada, ONE, 1, DRAFT)
    known = {
        topic: before.version(facilitator.workshop_id, topic)
        for topic in (AGENDA, IDEAS, PLAN, SEATS, team)
    }
    before.close()
    after = Store(tmp_path / "workshop.duckdb")
    assert known == {topic: after.version(facilitator.workshop_id, topic) for topic in known}
    assert min(known.values()) > 0
    after.close()


def test_a_change_that_is_undone_makes_nothing_newer(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    table = store.database.read("SELECT * FROM topic_version ORDER BY ALL")
    known = store.version(facilitator.workshop_id, AGENDA)
    with suppress(KeyError), store.database.change(facilitator, AGENDA) as change:
        change.log_activity(Verb.TIMER_SET, "")
        raise KeyError
    assert store.version(facilitator.workshop_id, AGENDA) == known
    assert store.database.read("SELECT * FROM topic_version ORDER BY ALL") == table


def test_what_is_in_memory_is_what_the_table_says(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    for name in ("Ada", "Bo"):
        joined(store, facilitator, name)
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    for topic, number in store.database.read(
        "SELECT topic, number FROM topic_version WHERE workshop_id = $1", facilitator.workshop_id
    ):
        assert store.version(facilitator.workshop_id, topic) == number


def test_all_screens_look_again_where_all_records_are_replaced(
    tmp_path: Path, funnel: Funnel
) -> None:
    store = Store(tmp_path / "workshop.duckdb")
    facilitator = store.workshops.start("Spring", funnel)
    copy = store.copies.make()
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    known = store.version(facilitator.workshop_id, AGENDA), store.version("another", IDEAS)
    store.copies.replace_all(copy)
    assert store.version(facilitator.workshop_id, AGENDA) > known[0]
    assert store.version("another", IDEAS) > known[1]
    store.close()


# -- changes -------------------------------------------------------------------------------------


@pytest.fixture
def facilitator(store: Store, funnel: Funnel) -> Visitor:
    return store.workshops.start("Spring", funnel)


def test_a_link_that_is_gone_from_the_records_writes_no_more(
    store: Store, facilitator: Visitor
) -> None:
    """Whoever took it away, and whatever this process still knows."""
    manager = store.tokens.admit(store.tokens.issue(facilitator, Role.MANAGER))
    assert manager is not None
    store.constraints.set_capacity(manager, 1, 1)
    store.database.engine.execute("DELETE FROM token WHERE fingerprint = $1", manager.mark)
    with pytest.raises(Forbidden, match="withdrawn"):
        store.constraints.set_capacity(manager, 2, 2)
    assert store.constraints.current(manager).days_sales == 1


def test_a_person_whose_removal_is_in_the_records_writes_no_more(
    store: Store, facilitator: Visitor
) -> None:
    ada = joined(store, facilitator, "Ada")
    store.database.engine.execute(
        "INSERT INTO removal VALUES ($1, $2, now())", ada.person_id, ada.workshop_id
    )
    with pytest.raises(Forbidden, match="withdrawn"):
        store.ideas.save(ada, ONE, 1, DRAFT)
    assert store.ideas.readable(facilitator) == ()


def test_a_withdrawal_that_is_not_saved_shuts_nobody_out(
    store: Store, facilitator: Visitor
) -> None:
    token = store.tokens.issue(facilitator, Role.MANAGER)
    manager = store.tokens.admit(token)
    assert manager is not None
    with suppress(KeyError), store.database.change(facilitator, AGENDA) as change:
        change.write("DELETE FROM token WHERE fingerprint = $1", manager.mark)
        raise KeyError
    assert store.tokens.admit(token) == manager
    store.constraints.set_capacity(manager, 1, 1)


def test_within_a_change_is_read_what_it_has_made_and_by_nobody_else(
    store: Store, facilitator: Visitor
) -> None:
    joined(store, facilitator, "Ada")
    [team] = store.seats.teams(facilitator)
    with store.database.change(facilitator, SEATS) as change:
        assert teams_of(change, facilitator.workshop_id) == (team,)
        change.update("team", team.id, name="Herons")
        [renamed] = teams_of(change, facilitator.workshop_id)
        assert renamed.name == "Herons"
        assert store.seats.teams(facilitator) == (team,)
        change.log_activity(Verb.TEAM_RENAMED, team.id)
    assert store.seats.teams(facilitator) == (renamed,)


# -- tables --------------------------------------------------------------------------------------


def test_every_column_that_points_somewhere_points_to_rows_with_ids() -> None:
    targets = {column.points_to for table in TABLES for column in table.columns} - {""}
    assert targets <= set(named(TABLES))


def test_every_id_of_another_row_says_where_it_points() -> None:
    """But in the activity log, which may name people who took another seat since, and companies,
    which are nothing but the workshops that name the same one."""
    strays = {
        (table.name, column.name)
        for table in TABLES
        for column in table.columns
        if column.name.endswith("_id") and column.name != "workshop_id" and not column.points_to
    }
    assert strays == {("activity", "person_id"), ("workshop", "company_id")}


def test_every_row_says_whose_it_is() -> None:
    for table in TABLES:
        assert table.owner in {column.name for column in table.columns}


# -- files of before -----------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The file of a workshop, as version 5 left it."""
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-5.sql").read_text(encoding="utf-8"))
    return path


@pytest.fixture
def upgraded(old: Path) -> Iterator[Store]:
    store = Store(old)
    yield store
    store.close()


def facilitator_of(store: Store) -> Visitor:
    [(workshop_id,)] = store.database.read("SELECT id FROM workshop")
    return Visitor(Role.FACILITATOR, workshop_id, is_starter=True)


def rows(path: Path, columns: list[tuple[Any, ...]]) -> dict[tuple[str, str], list[Any]]:
    with duckdb.connect(str(path)) as connection:
        return {
            (table, column): connection.execute(
                f'SELECT {column} FROM "{table}" ORDER BY ALL'
            ).fetchall()
            for table, column, _ in columns
        }


# Tables that there were not at version 5.
NEWER = (
    "agreement",
    "signature",
    "question",
    "answer",
    "answered",
    "settlement",
    "judged_case",
    "check_in",
    "check_in_link",
    "reading",
)


def test_a_file_of_version_5_keeps_every_row(old: Path) -> None:
    with duckdb.connect(str(old)) as connection:
        columns = connection.execute(COLUMNS).fetchall()
    before = rows(old, columns)
    Store(old).close()
    with duckdb.connect(str(old)) as connection:
        after = rows(old, connection.execute(COLUMNS).fetchall())
    assert after.pop(("schema_version", "version")) == [(9,)]
    assert before.pop(("schema_version", "version")) == [(5,)]
    for table in ("assumptions", "scenario"):
        told = before.pop((table, "success"))
        assert set(after.pop((table, "success_rate"))) == {
            (None if value == 1 else value,) for (value,) in told
        }
    for column in (
        ("workshop", "steps"),
        ("workshop", "points"),
        ("workshop", "agenda"),
        ("workshop", "former_agenda"),
        ("workshop", "moved_at"),
        ("workshop", "timer_warns_at"),
        ("scenario", "funnel_version"),
        ("assumptions", "revenue"),
        ("assumptions", "capacities"),
        ("assumptions", "turned_out"),
        ("commitment", "funnel_version"),
    ):
        assert set(after.pop(column)) == {(None,)}
    assert set(after.pop(("commitment", "kind"))) == {("improvement",)}
    assert set(after.pop(("commitment", "rhythm"))) == {("once",)}
    assert after.pop(("workshop", "company_id")) == before["workshop", "id"]
    assert after.pop(("workshop", "company")) == before["workshop", "name"]
    before = {
        ("commitment" if table == "action" else table, column): held
        for (table, column), held in before.items()
    }
    assert set(after.pop(("estimate", "round"))) == {(1,)}
    for column in ("workshop_id", "topic", "number"):
        after.pop(("topic_version", column))
    newer = {place for place in after if place[0] in NEWER}
    assert all(after.pop(place) == [] for place in newer)
    assert after == before


def test_a_file_of_version_5_has_the_tables_of_a_fresh_one(upgraded: Store, store: Store) -> None:
    assert upgraded.database.read(COLUMNS) == store.database.read(COLUMNS)


def test_a_backup_of_version_5_comes_back_as_the_file_does(upgraded: Store, store: Store) -> None:
    held = json.loads((RECORDS / "version-5-backup.json").read_text(encoding="utf-8"))
    file = packed({name: text.encode() for name, text in held.items()})
    restored = store.backups.restore(file).facilitator
    after = screens(store, restored)
    for role, place in ((Role.FACILITATOR, 0), (Role.MANAGER, 1)):
        assert after["activity.all", role, place].pop(0)[3] == Verb.WORKSHOP_RESTORED
    assert after == screens(upgraded, facilitator_of(upgraded))
    assert store.has_taken(restored, "73115488b0814780aef5b5a7f8322e62")


def test_in_a_file_of_version_5_work_goes_on(upgraded: Store) -> None:
    facilitator = facilitator_of(upgraded)
    known = upgraded.version(facilitator.workshop_id, SEATS)
    upgraded.door.set(facilitator, upgraded.workshops.get(facilitator).door)
    upgraded.seats.import_roster(facilitator, [("Late", Side.OTHER)])
    assert upgraded.version(facilitator.workshop_id, SEATS) == known + 1
