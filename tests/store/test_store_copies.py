"""A copy put in the place of all records opens no door that was shut since it was made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from workshop.domain.access import Forbidden, Role, Visitor
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Store, StoreError
from workshop.store.copies import KEPT
from workshop.store.verbs import Verb

DRAFT = IdeaDraft("Call within a day", Estimate(0.1, 0.2, 0.4))


@dataclass(frozen=True)
class House:
    """A workshop in a file: who started it, management's link, two people."""

    store: Store
    facilitator: Visitor
    own: str
    manager: str
    ada: str
    bo: str

    def restored(self, copy: Path) -> Path:
        return self.store.copies.replace_all(copy)

    def holder(self, token: str) -> Visitor:
        visitor = self.store.tokens.admit(token)
        assert visitor is not None
        return visitor

    def is_out(self, token: str) -> bool:
        return self.store.tokens.admit(token) is None


@pytest.fixture
def house(tmp_path: Path, funnel: Funnel) -> Iterator[House]:
    store = Store(tmp_path / "workshop.duckdb")
    starter = store.workshops.start("Spring", funnel)
    own = store.tokens.issue_to_starter(starter)
    facilitator = store.tokens.admit(own)
    assert facilitator is not None
    code = store.workshops.get(starter).code
    yield House(
        store,
        facilitator,
        own,
        store.tokens.issue(starter, Role.MANAGER),
        store.seats.join(code, "Ada", Side.SALES),
        store.seats.join(code, "Bo", Side.MARKETING),
    )
    store.close()


def test_links_that_were_withdrawn_since_stay_withdrawn_however_often_it_is_restored(
    house: House,
) -> None:
    copy, manager = house.store.copies.make(), house.holder(house.manager)
    house.store.tokens.withdraw_links(house.facilitator, Role.MANAGER)
    for _ in range(2):
        house.restored(copy)
        assert house.is_out(house.manager)
        with pytest.raises(Forbidden, match="withdrawn"):  # a page that is still open
            house.store.constraints.set_capacity(manager, 1, 1)
    assert not house.is_out(house.ada)
    newest, *_ = house.store.activity.all(house.facilitator)
    assert newest[3] == Verb.LINKS_WITHDRAWN
    assert not house.is_out(house.store.tokens.issue(house.facilitator, Role.MANAGER))


def test_links_stay_withdrawn_when_the_server_was_started_anew_in_between(
    house: House, tmp_path: Path
) -> None:
    copy = house.store.copies.make()
    house.store.tokens.withdraw_links(house.facilitator, Role.MANAGER)
    house.store.close()
    again = Store(tmp_path / "workshop.duckdb")
    again.copies.replace_all(copy)
    assert again.tokens.admit(house.manager) is None
    assert again.tokens.admit(house.own) is not None
    again.close()


def test_the_facilitator_who_withdrew_the_facilitators_links_is_still_in(house: House) -> None:
    other = house.store.tokens.issue(house.facilitator, Role.FACILITATOR)
    copy = house.store.copies.make()
    house.store.tokens.withdraw_links(house.facilitator, Role.FACILITATOR)
    house.restored(copy)
    assert house.is_out(other)
    assert not house.is_out(house.own)


def test_links_that_were_given_after_the_withdrawal_open_when_the_restoring_is_undone(
    house: House,
) -> None:
    copy = house.store.copies.make()
    house.store.tokens.withdraw_links(house.facilitator, Role.MANAGER)
    new = house.store.tokens.issue(house.facilitator, Role.MANAGER)
    kept = house.restored(copy)
    assert house.is_out(new)
    house.restored(kept)
    assert not house.is_out(new)
    assert house.is_out(house.manager)


def test_who_was_removed_since_stays_out_and_can_be_taken_back(house: House) -> None:
    ada, copy = house.holder(house.ada), house.store.copies.make()
    house.store.door.remove(house.facilitator, ada.person_id)
    for _ in range(2):
        house.restored(copy)
        assert house.is_out(house.ada)
        assert [person.name for person in house.store.door.removed(house.facilitator)] == ["Ada"]
    assert not house.is_out(house.bo)
    house.store.door.restore(house.facilitator, ada.person_id)
    assert not house.is_out(house.ada)


def test_who_was_removed_and_taken_back_is_in_as_both_files_say(house: House) -> None:
    ada, copy = house.holder(house.ada), house.store.copies.make()
    house.store.door.remove(house.facilitator, ada.person_id)
    removed = house.store.copies.make()
    house.store.door.restore(house.facilitator, ada.person_id)
    back = house.restored(removed)
    assert house.is_out(house.ada)
    house.restored(back)
    assert not house.is_out(house.ada)
    house.restored(copy)
    assert not house.is_out(house.ada)


def test_who_was_removed_twice_is_removed_once(house: House) -> None:
    ada = house.holder(house.ada)
    house.store.door.remove(house.facilitator, ada.person_id)
    copy = house.store.copies.make()
    house.store.door.restore(house.facilitator, ada.person_id)
    house.store.door.remove(house.facilitator, ada.person_id)
    house.restored(copy)
    assert house.is_out(house.ada)


def test_a_recovery_code_that_was_replaced_since_stays_replaced(house: House) -> None:
    former = house.store.tokens.renew_recovery_code(house.facilitator)
    copy = house.store.copies.make()
    newer = house.store.tokens.renew_recovery_code(house.facilitator)
    for _ in range(2):
        house.restored(copy)
        assert house.store.tokens.find_by_recovery_code(former) is None
        assert house.store.tokens.find_by_recovery_code(newer) == house.facilitator.workshop_id


def test_what_is_acknowledged_in_a_burst_is_in_the_records_or_in_the_copy_of_before(
    house: House,
) -> None:
    store, code = house.store, house.store.workshops.get(house.facilitator).code
    copy = store.copies.make()
    acknowledged: list[str] = []
    is_over = threading.Event()

    def write(writer: int) -> None:
        while not is_over.is_set():
            name = f"{writer} {uuid4().hex}"
            with suppress(StoreError):
                store.seats.join(code, name, Side.SALES)
                acknowledged.append(name)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
    for thread in threads:
        thread.start()
    kept: set[str] = set()
    for _ in range(3):
        before = Store(house.restored(copy))
        kept |= seated(before, house.facilitator)
        before.close()
    is_over.set()
    for thread in threads:
        thread.join()
    assert len(acknowledged) > 30
    assert set(acknowledged) <= kept | seated(store, house.facilitator)


def seated(store: Store, facilitator: Visitor) -> set[str]:
    return {person.name for team in store.seats.teams(facilitator) for person in team.people}


def test_an_open_page_of_what_is_no_more_writes_nothing(house: House) -> None:
    copy = house.store.copies.make()
    late = house.holder(
        house.store.seats.join(
            house.store.workshops.get(house.facilitator).code, "Late", Side.SALES
        )
    )
    house.restored(copy)
    trail = house.store.activity.all(house.facilitator)
    for attempt in (
        lambda: house.store.seats.set_done(late, 0, True),
        lambda: house.store.ideas.save(late, uuid4().hex, 0, DRAFT),
    ):
        with pytest.raises((Forbidden, StoreError)):
            attempt()
    assert house.store.activity.all(house.facilitator) == trail


def test_the_oldest_copy_is_restored_although_it_goes_when_another_is_made(house: House) -> None:
    copies = [house.store.copies.make() for _ in range(KEPT)]
    house.restored(copies[0])
    assert not copies[0].exists()
    assert len(house.store.copies.all()) == KEPT
