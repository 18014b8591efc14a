"""A company as one file: all of its workshops on another machine, and nothing by a file of your
own."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest

from tests.ids import named_id
from tests.store.test_store import manager_of
from tests.store.test_store_backup import (
    Members,
    changed,
    full,
    members,
    other,  # noqa: F401 — a fixture
    packed,
    ride_along,
    rows_of,
    zipped,
)
from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import usual
from workshop.domain.funnel import Funnel
from workshop.domain.people import Side
from workshop.domain.question import Answer, AnswerKind, Question, QuestionKey, Subject
from workshop.store import Store, StoreError
from workshop.store.archive import (
    MAX_UNPACKED_BYTES,
    MOST_WORKSHOPS,
    NoBackup,
    is_of_company,
    pack_company,
)
from workshop.store.restoring import Restoring
from workshop.store.verbs import Verb

PAPER = QuestionKey(Subject.TERM, "paper")


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Store, Visitor, Visitor, bytes]]:
    """Two workshops of a company, one with something in every table, and their backup."""
    store = Store(":memory:")
    first = full(store)
    store.companies.rename(first, "Heron Ltd")
    second = store.companies.plan_second_look(first, "Second look", usual(4))
    funnel_version = store.funnels.version(manager_of(store, second))
    promised = ride_along(funnel_version)
    store.commitments.save(
        manager_of(store, second),
        replace(promised, id=named_id("sit together"), title="Sit together"),
    )
    store.check_in_links.issue(second, "Bo")
    yield store, first, second, store.backups.make_company(first)
    store.close()


@pytest.fixture
def file(house: tuple[Store, Visitor, Visitor, bytes]) -> bytes:
    return house[3]


@pytest.fixture(scope="module")
def untouched() -> Iterator[Store]:
    """Another machine, for files that must not change anything."""
    store = Store(":memory:")
    yield store
    store.close()


def repacked(parts: Members, **told: object) -> bytes:
    """With checksums that are right, as somebody who knows the format would make it."""
    manifest = json.loads(parts["manifest.json"]) | told
    manifest["workshops"] = {
        name.removesuffix(".zip"): sha256(held).hexdigest()
        for name, held in parts.items()
        if name != "manifest.json"
    }
    return zipped(parts | {"manifest.json": json.dumps(manifest).encode()})


# -- the same company ------------------------------------------------------------------------------


def test_a_company_comes_back_on_another_machine_with_everything_that_was_promised(
    house: tuple[Store, Visitor, Visitor, bytes],
    other: Store,  # noqa: F811
) -> None:
    store, first, second, file = house
    link = store.check_in_links.issue(second, "Ada")
    file = store.backups.make_company(second)
    restored = other.backups.restore_company(file)
    assert [one.facilitator for one in restored] == [first, second]
    assert not any(one.is_second for one in restored)
    codes = [store.workshops.get(who).code for who in (first, second)]
    assert [one.former_code for one in restored] == codes
    assert [other.workshops.get(one.facilitator).code for one in restored] == codes
    before, after = store.companies.record(first), other.companies.record(second)
    assert before is not None
    assert after is not None
    assert (after.workshops, after.followed) == (before.workshops, before.followed)
    assert after.company.name == "Heron Ltd"
    assert after.company.id != before.company.id
    found = other.check_in_links.find(link)
    assert found is not None
    assert [one.commitment.title for one in other.check_in_links.followed(found)] == [
        "Ride along on calls",
        "Sit together",
    ]
    for who in (first, second):
        assert other.activity.all(who)[0][3] == Verb.WORKSHOP_RESTORED
        assert not [row for row in other.activity.all(who)[1:] if row[3] == Verb.WORKSHOP_RESTORED]


def test_beside_the_company_that_is_here_it_is_another_one_that_no_link_opens(
    house: tuple[Store, Visitor, Visitor, bytes],
    other: Store,  # noqa: F811
) -> None:
    file = house[3]
    first = other.backups.restore_company(file)
    before = rows_of(other)
    again = other.backups.restore_company(file)
    assert all(one.is_second for one in again)
    companies = [other.companies.of(one.facilitator).id for one in (*first, *again)]
    assert len(set(companies)) == 2
    codes = {other.workshops.get(one.facilitator).code for one in (*first, *again)}
    assert len(codes) == 4
    ids = {one.facilitator.workshop_id for one in again}
    for table in ("token", "check_in_link"):
        rows = other.database.read(f"SELECT workshop_id FROM {table}")
        assert not ids & {id_ for (id_,) in rows}
    mine = rows_of(other)
    for table, rows in before.items():
        assert table == "topic_version" or set(rows) <= set(mine[table])


def test_where_one_workshop_is_here_already_all_come_back_beside_it(
    house: tuple[Store, Visitor, Visitor, bytes],
    other: Store,  # noqa: F811
) -> None:
    store, first, _, file = house
    here = other.backups.restore(store.backups.make(first)).facilitator
    assert all(one.is_second for one in other.backups.restore_company(file))
    record = other.companies.record(here)
    assert record is not None
    assert len(record.workshops) == 1


def test_answers_that_are_not_revealed_are_in_no_file(store: Store, funnel: Funnel) -> None:
    first = store.workshops.start("Spring", funnel)
    code = store.workshops.get(first).code
    ada = store.tokens.admit(store.seats.join(code, "Ada", Side.SALES))
    assert ada is not None
    store.questions.open(first, Question(PAPER, AnswerKind.TEXT, is_named=True))
    store.questions.answer(ada, {PAPER: Answer("a wet signature")})
    second = store.companies.plan_second_look(first, "Again", usual(4))

    def inside() -> bytes:
        held = members(store.backups.make_company(second))
        del held["manifest.json"]
        return b"".join(part for one in held.values() for part in members(one).values())

    assert b"a wet signature" not in inside()
    store.questions.reveal(first, PAPER)
    assert b"a wet signature" in inside()


def test_of_other_companies_nothing_is_in_it(store: Store, funnel: Funnel) -> None:
    facilitator = store.workshops.start("Spring", funnel)
    store.workshops.start("A stranger's workshop", funnel)
    held = members(store.backups.make_company(facilitator))
    assert sorted(held) == ["1.zip", "manifest.json"]
    assert b"A stranger's workshop" not in b"".join(members(held["1.zip"]).values())


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PROJECTOR, Role.PARTICIPANT])
def test_a_company_is_backed_up_by_a_facilitator_of_it(
    store: Store, facilitator: Visitor, role: Role
) -> None:
    with pytest.raises(Forbidden):
        store.backups.make_company(Visitor(role, facilitator.workshop_id))


def test_what_cannot_be_restored_is_not_made(
    store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.companies.plan_second_look(facilitator, "Again", usual(4))
    with monkeypatch.context() as patched:
        patched.setattr("workshop.store.backups.MOST_WORKSHOPS", 1)
        with pytest.raises(StoreError, match=f"{MOST_WORKSHOPS} workshops at most"):
            store.backups.make_company(facilitator)
    for limit in ("archive.MAX_BYTES", "archive.MAX_UNPACKED_BYTES", "backups.MAX_ROWS"):
        with monkeypatch.context() as patched:
            patched.setattr(f"workshop.store.{limit}", 10)
            with pytest.raises(StoreError, match="too large for one file"):
                store.backups.make_company(facilitator)


# -- the field of the home page --------------------------------------------------------------------


def test_what_is_in_a_file_says_whether_a_company_comes_back(
    house: tuple[Store, Visitor, Visitor, bytes],
    other: Store,  # noqa: F811
) -> None:
    store, first, second, file = house
    assert is_of_company(file)
    assert not is_of_company(store.backups.make(first))
    assert not is_of_company(b"my diary")
    restoring = Restoring(other.backups, file, {*Phase})
    assert [one.facilitator for one in restoring.restored()] == [first, second]
    assert restoring.progress <= 1


# -- files of somebody's making --------------------------------------------------------------------


def within(number: str, change: Callable[[Members], None]) -> Callable[[bytes], bytes]:
    """A file in which one of the workshops says something else, with checksums that are right."""

    def spoiled(file: bytes) -> bytes:
        parts = members(file)
        inner = members(parts[f"{number}.zip"])
        change(inner)
        return repacked(parts | {f"{number}.zip": packed(inner)})

    return spoiled


def with_one_more(number: str) -> Callable[[bytes], bytes]:
    def spoiled(file: bytes) -> bytes:
        parts = members(file)
        return repacked(parts | {"3.zip": parts[f"{number}.zip"]})

    return spoiled


def same_code(file: bytes) -> bytes:
    parts = members(file)
    [row] = members(parts["1.zip"])["workshop.jsonl"].splitlines()
    return within("2", changed("workshop", code=json.loads(row)["code"]))(file)


def same_recovery(file: bytes) -> bytes:
    claimed = changed("workshop", recovery="0" * 64)
    return within("1", claimed)(within("2", claimed)(file))


def bomb(file: bytes) -> bytes:
    """A workshop that is small as long as nobody unpacks it, in an archive that is small too."""
    parts = members(file)
    inside = BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("idea.jsonl", bytes(MAX_UNPACKED_BYTES + 1))
    return repacked(parts | {"2.zip": inside.getvalue()})


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda file: file[: len(file) // 2], "no backup of this app"),
        (lambda file: zipped(members(file) | {"1.zip": b"PK"}), "damaged or changed"),
        (lambda file: repacked(members(file) | {"1.zip": b"PK"}), "no backup of this app"),
        (lambda file: repacked(members(file) | {"2.zip": b""}), "no backup of this app"),
        (lambda file: pack_company("Heron", []), "no workshop in it"),
        (
            lambda file: pack_company("Heron", [b""] * (MOST_WORKSHOPS + 1)),
            f"more than {MOST_WORKSHOPS} workshops",
        ),
        (with_one_more("1"), "a workshop is in it twice"),
        (with_one_more("2"), "a workshop is in it twice"),
        (same_code, "a workshop is in it twice"),
        (same_recovery, "a workshop is in it twice"),
        (within("2", changed("workshop", phase="dance")), "this app does not write"),
        (within("2", changed("commitment", funnel_version=9)), "this app does not write"),
        (within("2", changed("commitment", workshop_id="f" * 32)), "this app does not write"),
        (bomb, "unpacked it has more than 120 MB"),
        (lambda file: repacked(members(file), company=7), "the name of the company"),
        (lambda file: repacked(members(file), company=" "), "the name of the company is empty"),
        (lambda file: repacked(members(file), company="x" * 1_000), "the name of the company"),
        (lambda file: repacked(members(file), version=99), "version 99.*install the newer app"),
        (lambda file: repacked(members(file), format="Funnel Reality Check backup"), "no backup"),
        (lambda file: members(file)["1.zip"], "no backup of this app"),
    ],
)
def test_of_a_file_that_is_not_whole_nothing_stays(
    file: bytes, untouched: Store, spoil: Callable[[bytes], bytes], why: str
) -> None:
    with pytest.raises(NoBackup, match=why):
        untouched.backups.restore_company(spoil(file))
    assert not untouched.database.read("SELECT * FROM workshop")
    assert not untouched.database.read("SELECT * FROM activity")


def test_a_company_that_a_file_names_lets_nobody_into_it(
    house: tuple[Store, Visitor, Visitor, bytes], file: bytes, funnel: Funnel
) -> None:
    store, first, _, _ = house
    theirs = store.companies.of(first)
    claimed = changed("workshop", company_id=theirs.id, company=theirs.name)
    elsewhere = Store(":memory:")
    elsewhere.workshops.start("Tern", funnel)
    [tern] = elsewhere.database.read("SELECT id FROM workshop")
    forged = members(elsewhere.backups.make_company(Visitor(Role.FACILITATOR, *tern)))
    elsewhere.close()
    inner = members(forged["1.zip"])
    claimed(inner)
    [restored] = store.backups.restore_company(repacked(forged | {"1.zip": packed(inner)}))
    assert store.companies.of(restored.facilitator).id != theirs.id
    record = store.companies.record(first)
    assert record is not None
    assert restored.facilitator.workshop_id not in {one.id for one in record.workshops}
