"""Records and backups that hold words for people, as version 4 wrote them, hold codes from now on.

`records/version-4.sql` is a workshop in which everything was done once that the app of then could
do; `records/version-4-origins.json` is what its screens and exports said of the numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.store.test_store_backup import members, packed, screens
from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import BoardView, Phase, Position
from workshop.domain.choice import Demand
from workshop.domain.commitment import Status
from workshop.store import TABLES, Store
from workshop.store.archive import pack
from workshop.store.verbs import Verb
from workshop.wording.import_words import in_full, in_one_line

RECORDS = Path(__file__).parents[1] / "records"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The file of a workshop, as version 4 left it."""
    path = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((RECORDS / "version-4.sql").read_text(encoding="utf-8"))
    return path


@pytest.fixture
def upgraded(old: Path) -> Iterator[Store]:
    """The same, opened by the app of today."""
    store = Store(old)
    yield store
    store.close()


def backup_of(path: Path) -> bytes:
    """The backup that version 4 made of the only workshop in a file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = {}
        for table in TABLES:
            if table.in_backups and table.since <= 4:
                called = table.former_name or table.name
                found = connection.execute(f"SELECT * FROM {called}{table.order}")
                names = [column[0] for column in found.description or ()]
                held = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
                rows[table.name] = [
                    {name: value for name, value in row.items() if name != "number"} for row in held
                ]
    [workshop] = rows["workshop"]
    parts = members(pack(workshop["id"], rows))
    manifest = json.loads(parts["manifest.json"]) | {"version": 4}
    return packed(parts | {"manifest.json": json.dumps(manifest).encode()})


def facilitator_of(store: Store) -> Visitor:
    [(workshop_id,)] = store.database.read("SELECT id FROM workshop")
    return Visitor(Role.FACILITATOR, workshop_id, is_starter=True)


def test_a_file_of_words_says_codes_and_means_the_same(upgraded: Store) -> None:
    facilitator = facilitator_of(upgraded)
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    workshop = upgraded.workshops.get(facilitator)
    assert workshop.position == Position(Phase.REPORT, 1)
    assert workshop.board_view is BoardView.UNKNOWN
    assert [action.status for action in upgraded.commitments.all(manager)] == [
        Status.UNDER_WAY,
        Status.DROPPED,
    ]
    demands = [condition.demand for condition in upgraded.constraints.current(manager).conditions]
    assert demands == [Demand.MUST, Demand.BAN, Demand.REQUIRES]


def test_where_numbers_come_from_is_said_in_the_words_of_before(upgraded: Store) -> None:
    said = [
        {
            "version": version.number,
            "in_one_line": in_one_line(version.origin),
            "in_full": [list(pair) for pair in in_full(version.origin)],
        }
        for version in reversed(upgraded.funnels.versions(facilitator_of(upgraded)))
        if version.origin is not None
    ]
    assert said == json.loads((RECORDS / "version-4-origins.json").read_text(encoding="utf-8"))


# What came after the file was written.
LATER = {
    verb
    for verb in Verb
    if verb.startswith(
        (
            "agenda_",
            "agreement_",
            "case_",
            "check",
            "company",
            "question_",
            "reading_saved",
            "settlement_",
            "signature_",
        )
    )
}


def test_the_trail_says_with_codes_what_it_said_with_words(upgraded: Store) -> None:
    trail = upgraded.activity.all(facilitator_of(upgraded))
    newer = {Verb.POINTS_SHOWN, Verb.STEPS_CHOSEN, Verb.IDEA_ESTIMATED_AGAIN}
    assert {verb for _, _, _, verb, *_ in trail} == set(Verb) - newer - LATER
    told = [(verb, subject, before, after) for _, _, _, verb, subject, before, after in trail]
    assert (Verb.ROOM_MOVED, "report_back", '["ideas", 1]', '["report_back", 1]') in told
    assert (Verb.VIEW_SHOWN, "unknowns", '"ideas"', '"unknowns"') in told
    assert (Verb.WORKSHOP_RESTORED, "", None, None) in told
    demands = [json.loads(row[3])["demand"] for row in told if row[0] == Verb.CONDITION_ADDED]
    assert demands == ["excludes", "requires", "ban", "must"]
    actions = [json.loads(row[3])["status"] for row in told if row[0] == Verb.COMMITMENT_SAVED]
    assert actions == ["dropped", "under_way"]
    versions = [row[1] for row in told if row[0] == Verb.NUMBERS_REPLACED]
    assert versions == ["6", "5", "4", "3", "2"]


def test_what_people_wrote_in_our_words_stays_as_they_wrote_it(upgraded: Store) -> None:
    facilitator = facilitator_of(upgraded)
    titles = {idea.draft.title: idea.draft for idea in upgraded.ideas.readable(facilitator)}
    assert titles["report back"].reason == "report back"
    assert titles["report back"].plan == '"status": "under way"'
    assert {team.name for team in upgraded.seats.teams(facilitator)} >= {"went"}
    edited = [row for row in upgraded.activity.all(facilitator) if row[3] == Verb.IDEA_EDITED]
    [(*_, before, after)] = edited
    assert json.loads(before)["plan"] == "must be in the plan"
    assert json.loads(after)["plan"] == '"status": "under way"'


def test_a_backup_of_words_comes_back_as_the_file_does(old: Path, store: Store) -> None:
    file = backup_of(old)
    restored = store.backups.restore(file).facilitator
    after = screens(store, restored)
    for role, place in ((Role.FACILITATOR, 0), (Role.MANAGER, 1)):
        assert after["activity.all", role, place].pop(0)[3] == Verb.WORKSHOP_RESTORED
    opened = Store(old)
    assert after == screens(opened, facilitator_of(opened))
    opened.close()


def test_who_was_shut_out_by_a_trail_of_words_stays_out_of_a_copy_of_before(
    old: Path, tmp_path: Path
) -> None:
    """The copy is of version 4 too, and has never heard of what was shut since."""
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(old.read_bytes())
    store = Store(old)
    facilitator = facilitator_of(store)
    link = store.tokens.issue(facilitator, Role.PROJECTOR)
    [person, *_] = store.seats.teams(facilitator)[0].people
    store.door.remove(facilitator, person.id)
    store.copies.replace_all(copy)
    assert store.tokens.admit(link) is None
    assert person.id in {one.id for one in store.door.removed(facilitator)}
    verbs = [row[3] for row in store.activity.all(facilitator)]
    assert verbs[0] == Verb.PERSON_REMOVED
    store.close()
