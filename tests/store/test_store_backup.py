"""Backups: the same workshop on another machine, and nothing else by a file of your own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.ids import named_id
from workshop.domain.access import Forbidden, Role, Visitor, fingerprint
from workshop.domain.agenda import Phase, Position, Timer
from workshop.domain.assumptions import Assumptions
from workshop.domain.choice import Condition, Demand
from workshop.domain.commitment import Commitment, CommitmentKind, Reading, Rhythm
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate
from workshop.domain.people import Side
from workshop.domain.question import Answer, AnswerKind, Question, QuestionKey, Subject
from workshop.domain.scenario import Scenario
from workshop.server import demo
from workshop.store import Store, StoreError
from workshop.store.archive import MAX_BYTES, MAX_ROWS, MAX_UNPACKED_BYTES, NoBackup
from workshop.store.copies import KEPT
from workshop.store.verbs import Verb

# A file of a later restore, by member.
Members = dict[str, bytes]
# The questions that screens ask; what a role may not ask is refused on both machines.
QUESTIONS = [
    "workshops.get",
    "funnels.current",
    "assumptions.current",
    "seats.teams",
    "seats.person",
    "ideas.readable",
    "ideas.estimate_requests",
    "ideas.asked_again",
    "commitments.all",
    "check_in_links.names",
    "constraints.current",
    "scenarios.all",
    "funnels.versions",
    "door.removed",
    "questions.all",
    "questions.progress",
    "settlements.valid",
    "agreements.current",
    "agreements.versions",
    "agreements.signatures",
    "activity.all",
]


def full(store: Store) -> Visitor:
    """A workshop with something in every table: it is written once, and its rows are copied."""
    facilitator, rows = full_rows()
    with store.database.replacement() as cursor:
        for table in store.database.tables:
            width = len(table.columns)
            places = ", ".join(
                f"({', '.join(f'${row * width + place + 1}' for place in range(width))})"
                for row in range(len(rows[table.name]))
            )
            statement = f"INSERT INTO {table.name} ({table.names}) VALUES {places}"
            cursor.run(statement, *chain(*rows[table.name]))
    return facilitator


@cache
def full_rows() -> tuple[Visitor, dict[str, list[tuple[Any, ...]]]]:
    store = Store(":memory:")
    facilitator = write_full(store)
    rows = {
        table.name: store.database.read(f"SELECT {table.names} FROM {table.name}")
        for table in store.database.tables
    }
    store.close()
    return facilitator, rows


def write_full(store: Store) -> Visitor:
    facilitator = demo.fill(store)
    manager = visitor(facilitator, Role.MANAGER)
    ideas = store.ideas.readable(facilitator)
    store.assumptions.save(manager, Assumptions(9000, 91, None, 0.8, 0.9))
    store.constraints.set_capacity(manager, 20, None)
    store.constraints.add(manager, Condition(Demand.MUST, ideas[0].id))
    store.scenarios.save(manager, Scenario("Dry", 100, (0.5,) * 4, 100, 1, 1))
    store.seats.set_done(people(store, facilitator)[0], 0, True)
    store.ideas.merge(facilitator, ideas[2].id, ideas[3].id)
    # Everybody is dealt into mini-teams anew by this, so it comes before anybody writes.
    store.door.remove(facilitator, people(store, facilitator)[-1].person_id)
    store.seats.import_roster(facilitator, [("Late", Side.OTHER)])
    author = people(store, facilitator)[0]
    draft = replace(ideas[0].draft, title="Sent by a form")
    store.ideas.save(author, named_id("sent"), 0, draft, submission_id=named_id("sent"))
    store.agenda.choose_steps(facilitator, [0, 1])
    promised = ride_along(store.funnels.version(facilitator))
    store.commitments.save(manager, promised)
    store.commitments.save_reading(manager, Reading(promised.id, date(2027, 3, 1), 18, 50))
    token = store.check_in_links.issue(manager, "Ada")
    store.check_in_links.check_in(token, promised.id, True, "They ask for the price first.")
    term = Question(QuestionKey(Subject.TERM, "mql"), AnswerKind.TEXT, is_named=True)
    store.questions.open(facilitator, term)
    store.questions.answer(author, {term.key: Answer("asked for a price")})
    store.questions.reveal(facilitator, term.key)
    store.settlements.settle(facilitator, term.key, "asked for a price", "Ada", "Bo")
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 1))
    store.ideas.estimate_again(author, named_id("sent"), Estimate(0.01, 0.02, 0.03))
    ends_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    store.agenda.set_timer(facilitator, Timer(ends_at, ends_at - timedelta(minutes=1)))
    return facilitator


def ride_along(funnel_version: int) -> Commitment:
    return Commitment(
        named_id("ride along"),
        "",
        "Ride along on calls",
        "Ada",
        "Bo",
        "",
        None,
        None,
        date(2027, 3, 1),
        "",
        kind=CommitmentKind.PLAY,
        rhythm=Rhythm.WEEKLY,
        funnel_version=funnel_version,
    )


def visitor(facilitator: Visitor, role: Role, person_id: str = "") -> Visitor:
    return Visitor(role, facilitator.workshop_id, person_id)


def people(store: Store, facilitator: Visitor) -> list[Visitor]:
    return [
        visitor(facilitator, Role.PARTICIPANT, person.id)
        for team in store.seats.teams(facilitator)
        for person in team.people
    ]


def screens(store: Store, facilitator: Visitor) -> dict[tuple[str, Role, int], Any]:
    """What every page is told, for every role and every person."""
    visitors = [visitor(facilitator, role) for role in Role if role is not Role.PARTICIPANT]
    visitors += people(store, facilitator)
    return {
        (question, who.role, place): asked(attrgetter(question)(store), who)
        for question in QUESTIONS
        for place, who in enumerate(visitors)
    }


def asked(question: Callable[[Visitor], Any], who: Visitor) -> Any:
    try:
        return question(who)
    except (Forbidden, StoreError) as refused:
        return str(refused)


def rows_of(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the records."""
    tables = [
        row[0] for row in store.database.read("SELECT table_name FROM information_schema.tables")
    ]
    return {table: store.database.read(f'SELECT * FROM "{table}" ORDER BY ALL') for table in tables}


@pytest.fixture
def other() -> Iterator[Store]:
    """Another machine."""
    store = Store(":memory:")
    yield store
    store.close()


@pytest.fixture(scope="module")
def file() -> bytes:
    """A backup of a full workshop."""
    store = Store(":memory:")
    file = store.backups.make(full(store))
    store.close()
    return file


@pytest.fixture(scope="module")
def untouched() -> Iterator[Store]:
    """Another machine, with a workshop of its own, for files that must not change anything."""
    store = Store(":memory:")
    demo.fill(store)
    yield store
    store.close()


# -- the same workshop ---------------------------------------------------------------------------


def test_a_full_workshop_leaves_no_table_empty(store: Store) -> None:
    full(store)
    assert not [table for table, rows in rows_of(store).items() if not rows]


def test_on_another_machine_every_screen_is_the_same(store: Store, other: Store) -> None:
    facilitator = full(store)
    before = screens(store, facilitator)
    restored = other.backups.restore(store.backups.make(facilitator)).facilitator
    after = screens(other, restored)
    # The trail has one more row: that it was restored.
    for role, place in ((Role.FACILITATOR, 0), (Role.MANAGER, 1)):
        assert after["activity.all", role, place].pop(0)[3] == Verb.WORKSHOP_RESTORED
    assert after == before


def test_links_and_seats_open_on_the_other_machine_as_well(store: Store, other: Store) -> None:
    facilitator = full(store)
    link = store.tokens.issue(facilitator, Role.MANAGER)
    seat = store.seats.join(store.workshops.get(facilitator).code, "Zoe", Side.SALES)
    other.backups.restore(store.backups.make(facilitator))
    assert other.tokens.admit(link) == store.tokens.admit(link)
    assert other.tokens.admit(seat) == store.tokens.admit(seat)


def test_the_recovery_code_and_the_starters_right_are_kept_where_the_workshop_is_new(
    store: Store, other: Store
) -> None:
    facilitator = full(store)
    own, lent = (
        store.tokens.issue_to_starter(facilitator),
        store.tokens.issue(facilitator, Role.FACILITATOR),
    )
    code = store.tokens.renew_recovery_code(facilitator)
    file = store.backups.make(facilitator)
    assert code.encode() not in b"".join(members(file).values())
    restored = other.backups.restore(file).facilitator
    assert restored.is_starter
    other.tokens.withdraw_links(restored, Role.FACILITATOR)
    assert other.tokens.admit(lent) is None
    for token in (own, other.tokens.recover(code)):
        back = other.tokens.admit(token)
        assert back is not None
        assert back.is_starter
    beside = store.backups.restore(file)
    assert beside.is_second
    assert not store.tokens.has_recovery_code(beside.facilitator)
    assert store.tokens.find_by_recovery_code(code) == facilitator.workshop_id


def test_a_file_that_claims_the_recovery_code_of_another_workshop_takes_nothing_from_it(
    file: bytes, other: Store, funnel: Funnel
) -> None:
    victim = other.workshops.start("Victim", funnel)
    code = other.tokens.renew_recovery_code(victim)
    parts = members(file)
    changed("workshop", recovery=fingerprint(code))(parts)
    assert other.backups.restore(packed(parts)).is_second
    assert other.tokens.find_by_recovery_code(code) == victim.workshop_id


@pytest.mark.parametrize(
    ("table", "values"),
    [("workshop", {"recovery": ""}), ("token", {"is_starter": True, "role": "participant"})],
)
def test_a_code_or_a_right_that_there_is_not_is_refused(
    file: bytes, untouched: Store, table: str, values: dict[str, Any]
) -> None:
    parts = members(file)
    changed(table, **values)(parts)
    with pytest.raises(NoBackup):
        untouched.backups.restore(packed(parts))


def test_a_backup_of_version_2_is_restored_with_its_facilitators_right(
    store: Store, other: Store
) -> None:
    facilitator = full(store)
    own, link = (
        store.tokens.issue_to_starter(facilitator),
        store.tokens.issue(facilitator, Role.MANAGER),
    )
    parts = members(store.backups.make(facilitator))
    for table, column, before in (
        ("workshop", "recovery", {}),
        ("token", "is_starter", {}),
        ("assumptions", "success_rate", {"success": 1.0}),
        ("scenario", "success_rate", {"success": 0.8}),
    ):
        rows = [json.loads(line) for line in parts[f"{table}.jsonl"].splitlines()]
        for row in rows:
            del row[column]
            row.update(before)
        parts[f"{table}.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    manifest = json.loads(parts["manifest.json"]) | {"version": 2}
    parts["manifest.json"] = json.dumps(manifest).encode()
    restored = other.backups.restore(packed(parts)).facilitator
    assert not other.tokens.has_recovery_code(restored)
    assert other.assumptions.current(restored).success is None
    assert {one.success for one in other.scenarios.all(restored)} == {0.8}
    admitted = {token: other.tokens.admit(token) for token in (own, link)}
    assert [who.is_starter for who in admitted.values() if who] == [True, False]


def test_beside_the_workshop_that_is_here_it_comes_back_under_other_ids_and_another_code(
    store: Store,
) -> None:
    facilitator = full(store)
    before, here = rows_of(store), screens(store, facilitator)
    restored = store.backups.restore(store.backups.make(facilitator))
    again = restored.facilitator
    assert restored.is_second
    assert again.workshop_id != facilitator.workshop_id
    assert store.workshops.get(again).code != store.workshops.get(facilitator).code
    assert screens(store, facilitator) == here
    assert before["token"] == rows_of(store)["token"]
    drafts = [[idea.draft for idea in store.ideas.readable(who)] for who in (facilitator, again)]
    assert drafts[0] == drafts[1]
    assert {idea.id for idea in store.ideas.readable(again)}.isdisjoint(
        idea.id for idea in store.ideas.readable(facilitator)
    )
    assert sorted(p.name for t in store.seats.teams(again) for p in t.people) == sorted(
        p.name for t in store.seats.teams(facilitator) for p in t.people
    )
    for who in people(store, again):
        store.ideas.estimate_requests(who)


def test_only_the_room_code_changes_where_it_is_taken(
    store: Store, other: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    facilitator = full(store)
    code = store.workshops.get(facilitator).code
    monkeypatch.setattr("workshop.store.workshops.new_code", lambda: code)
    other.workshops.start("Taken", funnel)
    monkeypatch.undo()
    restored = other.backups.restore(store.backups.make(facilitator))
    assert (restored.facilitator, restored.former_code) == (facilitator, code)
    assert not restored.is_second
    assert other.workshops.get(facilitator).code != code


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PROJECTOR, Role.PARTICIPANT])
def test_only_the_facilitator_takes_a_backup(store: Store, role: Role) -> None:
    facilitator = full(store)
    with pytest.raises(Forbidden):
        store.backups.make(visitor(facilitator, role, people(store, facilitator)[0].person_id))


def test_a_backup_holds_one_workshop_and_no_token(store: Store, funnel: Funnel) -> None:
    facilitator = full(store)
    token = store.tokens.issue(facilitator, Role.MANAGER)
    store.workshops.start("A stranger's workshop", funnel)
    inside = b"".join(members(store.backups.make(facilitator)).values())
    assert b"A stranger's workshop" not in inside
    assert token.encode() not in inside


# -- files of somebody's making --------------------------------------------------------------------


def members(file: bytes) -> Members:
    with zipfile.ZipFile(BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Members) -> bytes:
    """An archive with a manifest that is right, as somebody who knows the format would make it."""
    manifest = json.loads(parts["manifest.json"])
    manifest["tables"] = {
        name.removesuffix(".jsonl"): sha256(text).hexdigest()
        for name, text in parts.items()
        if name != "manifest.json"
    }
    return zipped(parts | {"manifest.json": json.dumps(manifest).encode()})


def zipped(parts: Members) -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return archive.getvalue()


def changed(table: str, **values: Any) -> Callable[[Members], None]:
    """The first row of a table says something else."""

    def change(parts: Members) -> None:
        first, *rest = parts[f"{table}.jsonl"].splitlines(keepends=True)
        row = json.dumps(json.loads(first) | values).encode()
        parts[f"{table}.jsonl"] = row + b"\n" + b"".join(rest)

    return change


def renamed(table: str, to: str) -> Callable[[Members], None]:
    """The first row of a table, and all that point to it, have another id."""

    def change(parts: Members) -> None:
        first, *_ = parts[f"{table}.jsonl"].splitlines()
        id_ = json.loads(first)["id"].encode()
        for name, text in parts.items():
            parts[name] = text.replace(id_, to.encode())

    return change


def with_steps(count: int) -> Callable[[Members], None]:
    """A funnel of so many steps, each of which continues the one before."""

    def change(parts: Members) -> None:
        first = json.loads(parts["step.jsonl"].splitlines()[0]) | {"losses": "{}", "segments": "{}"}
        names = [{"place": n, "source": f"S{n}", "target": f"S{n + 1}"} for n in range(count)]
        lines = [json.dumps(first | name).encode() + b"\n" for name in names]
        parts["step.jsonl"] = b"".join(lines)

    return change


def with_trail(verb: str, count: int) -> Callable[[Members], None]:
    """A trail of the same row so many times."""

    def change(parts: Members) -> None:
        row = json.loads(parts["activity.jsonl"].splitlines()[0]) | {"verb": verb}
        parts["activity.jsonl"] = (json.dumps(row).encode() + b"\n") * count

    return change


def added(table: str, line: bytes) -> Callable[[Members], None]:
    def change(parts: Members) -> None:
        parts[f"{table}.jsonl"] += line + b"\n"

    return change


def doubled(table: str) -> Callable[[Members], None]:
    def change(parts: Members) -> None:
        parts[f"{table}.jsonl"] += parts[f"{table}.jsonl"].splitlines(keepends=True)[0]

    return change


HOSTILE = {
    "a row of another workshop": changed("idea", workshop_id="another"),
    "a right in another workshop": changed("token", workshop_id="another"),
    "a role that there is not": changed("token", role="king"),
    "a seat of nobody": changed("token", role="participant", person_id="nobody"),
    "a facilitator with a seat": changed("token", role="facilitator", person_id="nobody"),
    "a token that is no hash": changed("token", fingerprint="abc"),
    "two workshops": doubled("workshop"),
    "the same idea twice": doubled("idea"),
    "the same person twice": doubled("person"),
    "an idea of no team": changed("idea", team_id="nobody"),
    "an idea whose id is a word": renamed("idea", "title_1"),
    "an idea whose id has capitals": renamed("idea", "A" * 32),
    "an idea whose id is 2 MB": renamed("idea", "a" * 2_000_000),
    "a person whose id is a word": renamed("person", "name_1"),
    "a mini-team whose id is a word": renamed("team", "name_1"),
    "a workshop whose id is a word": renamed("workshop", "w"),
    "an estimate of no idea": changed("estimate", idea_id="nothing"),
    "a step that there is not": changed("idea", step=99),
    "a phase that there is not": changed("workshop", phase="king"),
    "a position that there is not": changed("workshop", phase="ideas", step=99),
    "no room code": changed("workshop", code="../../x"),
    "a room code in small letters": changed("workshop", code="abcdef"),
    "a nameless workshop": changed("workshop", name=" "),
    "a name without end": changed("workshop", name="x" * 10_000),
    "a text for a number": changed("idea", low="'; DROP TABLE idea; --"),
    "a truth for a number": changed("idea", step=True),
    "a share above one": changed("estimate", low=2.0, likely=3.0, high=4.0),
    "a round that there is not": changed("estimate", round=3),
    "a second estimate without a first": changed("estimate", round=2),
    "a number too large": changed("step", entered=10**30),
    "no number": changed("idea", days_sales=float("nan")),
    "an endless number": changed("idea", days_sales=float("inf")),
    "JSON in JSON that is none": changed("step", losses="{"),
    "losses that are no losses": changed("step", losses='{"No budget": -5}'),
    "a moment without zone": changed("workshop", created_at="2026-01-01T00:00:00"),
    "a day that there is not": changed("commitment", due="2026-02-31"),
    "half a character": changed("idea", title="\ud800"),
    "a character that no text holds": changed("idea", title="a\0b"),
    "an empty cell": changed("idea", title=None),
    "a missing column": added("idea", b'{"id": "x"}'),
    "a line that is no JSON": added("idea", b"{"),
    "a line that is no row": added("idea", b"[1, 2]"),
    "a number of 5,000 digits": added("idea", b"1" * 5000),
    "brackets without end": added("idea", b"[" * 100_000),
    "a funnel without steps": lambda parts: parts.update({"step.jsonl": b""}),
    "more steps than a funnel has": with_steps(2_000),
    "a view that there is not": changed("workshop", board_view="what we do not know"),
    "a demand that there is not": changed("condition", demand="must be in the plan"),
    "a status that there is not": changed("commitment", status="under way"),
    "an origin in words": changed("funnel", origin='{"files": [], "shape": "one row a deal"}'),
    "a row of the trail that says what nobody can do": changed("activity", verb="joined"),
    "a clause of no kind": changed("agreement", clauses='[["bonus", "All the money"]]'),
    "an agreement without clauses": changed("agreement", clauses="[]"),
    "clauses that are no clauses": changed("agreement", clauses='{"both": 5}'),
    "a version that there cannot be": changed("agreement", version=51),
    "a signature under nothing": changed("signature", version=2),
    "a signature of no side": changed("signature", side="the board"),
    "a nameless signature": changed("signature", name=" "),
    "no funnel": lambda parts: parts.update({"funnel.jsonl": b""}),
    "no assumptions": lambda parts: parts.update({"assumptions.jsonl": b""}),
    "a table too few": lambda parts: parts.pop("idea.jsonl"),
    "more rows than fit": lambda parts: parts.update({"idea.jsonl": b"{}\n" * (MAX_ROWS + 1)}),
}


@pytest.fixture(scope="module")
def before(untouched: Store) -> dict[str, list[tuple[Any, ...]]]:
    """What is to be left untouched."""
    return rows_of(untouched)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_of_somebodys_making_is_refused_and_changes_nothing(
    file: bytes, untouched: Store, before: dict[str, list[tuple[Any, ...]]], what: str
) -> None:
    parts = members(file)
    HOSTILE[what](parts)
    with pytest.raises(NoBackup, match=r"Nothing was changed\.$"):
        untouched.backups.restore(packed(parts))
    assert rows_of(untouched) == before


def test_a_trail_that_is_never_shortened_is_refused_and_changes_nothing(
    file: bytes,
    untouched: Store,
    before: dict[str, list[tuple[Any, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workshop.store.activity.MOST_ROWS", 1_000)
    parts = members(file)
    with_trail(Verb.PERSON_REMOVED, 1_500)(parts)
    with pytest.raises(NoBackup, match=r"Nothing was changed\.$"):
        untouched.backups.restore(packed(parts))
    assert rows_of(untouched) == before


def test_the_file_that_was_changed_above_is_taken_as_it_is(file: bytes, other: Store) -> None:
    restored = other.backups.restore(packed(members(file))).facilitator
    assert other.workshops.get(restored).position == Position(Phase.IDEAS, 1)


def test_a_text_that_looks_like_sql_stays_a_text(file: bytes, other: Store) -> None:
    parts = members(file)
    changed("idea", title="'); DROP TABLE idea; --")(parts)
    restored = other.backups.restore(packed(parts)).facilitator
    assert "'); DROP TABLE idea; --" in {
        idea.draft.title for idea in other.ideas.readable(restored)
    }


def test_a_stolen_hash_opens_no_other_door(file: bytes, other: Store, funnel: Funnel) -> None:
    victim = other.workshops.start("Victim", funnel)
    token = other.tokens.issue(victim, Role.FACILITATOR)
    mark = other.database.read("SELECT fingerprint FROM token ORDER BY created_at DESC LIMIT 1")[0][
        0
    ]
    parts = members(file)
    changed("token", fingerprint=mark)(parts)
    other.backups.restore(packed(parts))
    admitted = other.tokens.admit(token)
    assert admitted is not None
    assert (admitted.role, admitted.workshop_id) == (Role.FACILITATOR, victim.workshop_id)


def test_ids_of_another_workshop_do_not_reach_into_it(store: Store, other: Store) -> None:
    facilitator = full(store)
    other.backups.restore(store.backups.make(facilitator))
    before = screens(other, facilitator)
    parts = members(store.backups.make(facilitator))
    changed("idea", title="Mine now")(parts)
    other.backups.restore(packed(parts))
    assert screens(other, facilitator) == before


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda file: b"", "no backup of this app"),
        (lambda file: b"PK\x03\x04 and then nothing", "no backup of this app"),
        (lambda file: file[: len(file) // 2], "no backup of this app"),
        (lambda file: file[:-1], "no backup of this app"),
        (lambda file: zipped({"a.txt": b"holiday"}), "no backup of this app"),
        (lambda file: zipped({"manifest.json": b"[1]"}), "holds what|no backup"),
        (lambda file: zipped(members(file) | {"idea.jsonl": b""}), "damaged or changed"),
        (lambda file: bytes(MAX_BYTES + 1), "more than 50 MB"),
        (lambda file: zipped(members(file) | {"more": bytes(MAX_UNPACKED_BYTES + 1)}), "unpacked"),
    ],
)
def test_what_is_no_whole_backup_is_refused_with_a_sentence(
    file: bytes, other: Store, spoil: Callable[[bytes], bytes], why: str
) -> None:
    with pytest.raises(NoBackup, match=why):
        other.backups.restore(spoil(file))
    assert not other.database.read("SELECT * FROM workshop")


def test_a_backup_of_a_newer_app_is_refused(file: bytes, other: Store) -> None:
    parts = members(file)
    manifest = json.loads(parts["manifest.json"]) | {"version": 99}
    with pytest.raises(NoBackup, match=r"version 99.*install the newer app"):
        other.backups.restore(zipped(parts | {"manifest.json": json.dumps(manifest).encode()}))


# -- copies of the whole file ----------------------------------------------------------------------


def on_disk(folder: Path) -> Store:
    return Store(folder / "workshop.duckdb")


def test_every_move_of_the_room_leaves_a_copy_and_ten_are_kept(
    tmp_path: Path, funnel: Funnel
) -> None:
    store = on_disk(tmp_path)
    facilitator = store.workshops.start("Spring", funnel)
    for place in range(KEPT + 3):
        store.agenda.move_to(facilitator, Position(Phase.FACTS, place % 4))
        assert store.copies.underway is not None
        store.copies.underway.result()
    made = store.copies.all()
    store.close()
    assert len(made) == KEPT
    assert sorted(path.name for path in store.copies.folder.iterdir()) == [
        path.name for path in made
    ]
    newest = Store(made[-1])
    assert newest.workshops.get(facilitator).position == Position(Phase.FACTS, (KEPT + 2) % 4)
    newest.close()


def test_a_copy_made_during_a_burst_opens_and_holds_what_was_acknowledged(
    tmp_path: Path, funnel: Funnel
) -> None:
    store = on_disk(tmp_path)
    facilitator = store.workshops.start("Spring", funnel)
    names = [f"P{place}" for place in range(40)]
    code, acknowledged = store.workshops.get(facilitator).code, []

    def write() -> None:
        for name in names:
            store.seats.join(code, name, Side.SALES)
            acknowledged.append(name)

    writing = threading.Thread(target=write)
    writing.start()
    found = []
    while writing.is_alive():
        before = len(acknowledged)
        found.append((before, store.copies.make()))
    writing.join()
    store.close()
    for before, path in found[-KEPT:]:
        copy = Store(path)
        seated = {person.name for team in copy.seats.teams(facilitator) for person in team.people}
        copy.close()
        assert set(names[:before]) <= seated


def test_copying_does_not_open_the_file_to_another_process(tmp_path: Path, funnel: Funnel) -> None:
    store = on_disk(tmp_path)
    store.workshops.start("Spring", funnel)
    store.copies.make()
    path = tmp_path / "workshop.duckdb"
    other = subprocess.run(
        [sys.executable, "-c", f"import duckdb; duckdb.connect({str(path)!r})"],
        capture_output=True,
        text=True,
    )
    store.close()
    assert "Conflicting lock" in other.stderr


def test_all_records_come_back_from_a_copy_while_the_app_goes_on(
    tmp_path: Path, funnel: Funnel
) -> None:
    told: list[str] = []
    store = Store(
        tmp_path / "workshop.duckdb", lambda workshop_id, topics: told.append(workshop_id)
    )
    facilitator = full(store)
    seat = store.seats.join(store.workshops.get(facilitator).code, "Zoe", Side.SALES)
    before, version = screens(store, facilitator), store.version(facilitator.workshop_id, "agenda")
    copy = store.copies.make()
    store.ideas.withdraw(facilitator, store.ideas.readable(facilitator)[0].id)
    later = store.workshops.start("Later", funnel)
    told.clear()
    kept = store.copies.replace_all(copy)
    assert screens(store, facilitator) == before
    assert store.tokens.admit(seat) is not None
    assert store.version(facilitator.workshop_id, "agenda") > version
    assert told == [facilitator.workshop_id]
    with pytest.raises(StoreError):
        store.workshops.get(later)
    store.agenda.move_to(facilitator, Position(Phase.RANK))
    store.copies.replace_all(kept)
    assert store.workshops.get(later).name == "Later"
    store.close()


@pytest.mark.parametrize("what", ["nothing", "text", "a strange database", "newer", "torn"])
def test_what_is_no_copy_is_refused_and_changes_nothing(
    tmp_path: Path, funnel: Funnel, what: str
) -> None:
    store = on_disk(tmp_path)
    facilitator = store.workshops.start("Spring", funnel)
    file = tmp_path / "file.duckdb"
    if what == "text":
        file.write_text("my diary")
    elif what != "nothing":
        shutil.copy(store.copies.make(), file)
        with duckdb.connect(str(file)) as connection:
            if what == "newer":
                connection.execute("UPDATE schema_version SET version = 99")
            if what == "a strange database":
                connection.execute("DROP TABLE schema_version")
        if what == "torn":
            file.write_bytes(file.read_bytes()[:20_000])
    with pytest.raises(StoreError):
        store.copies.replace_all(file)
    assert store.workshops.get(facilitator).name == "Spring"
    store.agenda.set_timer(facilitator, Timer())
    store.close()
    assert not list(store.copies.folder.glob("*.part*"))
