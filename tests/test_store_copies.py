"""A copy put in the place of all records opens no door that was shut since it was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from workshop.access import Forbidden, Role, Visitor
from workshop.model import Funnel, Side
from workshop.store import Store


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
        return self.store.replace_all(copy)

    def holder(self, token: str) -> Visitor:
        visitor = self.store.admit(token)
        assert visitor is not None
        return visitor

    def is_out(self, token: str) -> bool:
        return self.store.admit(token) is None


@pytest.fixture
def house(tmp_path: Path, funnel: Funnel) -> Iterator[House]:
    store = Store(tmp_path / "workshop.duckdb")
    starter = store.start("Spring", funnel)
    own = store.issue_to_starter(starter)
    facilitator = store.admit(own)
    assert facilitator is not None
    code = store.workshop(starter).code
    yield House(
        store,
        facilitator,
        own,
        store.issue(starter, Role.MANAGER),
        store.join(code, "Ada", Side.SALES),
        store.join(code, "Bo", Side.MARKETING),
    )
    store.close()


def test_links_that_were_withdrawn_since_stay_withdrawn_however_often_it_is_restored(
    house: House,
) -> None:
    copy, manager = house.store.copy(), house.holder(house.manager)
    house.store.withdraw_links(house.facilitator, Role.MANAGER)
    for _ in range(2):
        house.restored(copy)
        assert house.is_out(house.manager)
        with pytest.raises(Forbidden, match="withdrawn"):  # a page that is still open
            house.store.limit(manager, 1, 1)
    assert not house.is_out(house.ada)
    newest, *_ = house.store.activity(house.facilitator)
    assert newest[3] == "withdrew all links"
    assert not house.is_out(house.store.issue(house.facilitator, Role.MANAGER))


def test_links_stay_withdrawn_when_the_server_was_started_anew_in_between(
    house: House, tmp_path: Path
) -> None:
    copy = house.store.copy()
    house.store.withdraw_links(house.facilitator, Role.MANAGER)
    house.store.close()
    again = Store(tmp_path / "workshop.duckdb")
    again.replace_all(copy)
    assert again.admit(house.manager) is None
    assert again.admit(house.own) is not None
    again.close()


def test_the_facilitator_who_withdrew_the_facilitators_links_is_still_in(house: House) -> None:
    other = house.store.issue(house.facilitator, Role.FACILITATOR)
    copy = house.store.copy()
    house.store.withdraw_links(house.facilitator, Role.FACILITATOR)
    house.restored(copy)
    assert house.is_out(other)
    assert not house.is_out(house.own)


def test_links_that_were_given_after_the_withdrawal_open_when_the_restoring_is_undone(
    house: House,
) -> None:
    copy = house.store.copy()
    house.store.withdraw_links(house.facilitator, Role.MANAGER)
    new = house.store.issue(house.facilitator, Role.MANAGER)
    kept = house.restored(copy)
    assert house.is_out(new)
    house.restored(kept)
    assert not house.is_out(new)
    assert house.is_out(house.manager)


def test_who_was_removed_since_stays_out_and_can_be_taken_back(house: House) -> None:
    ada, copy = house.holder(house.ada), house.store.copy()
    house.store.remove(house.facilitator, ada.person_id)
    for _ in range(2):
        house.restored(copy)
        assert house.is_out(house.ada)
        assert [person.name for person in house.store.removed(house.facilitator)] == ["Ada"]
    assert not house.is_out(house.bo)
    house.store.restore(house.facilitator, ada.person_id)
    assert not house.is_out(house.ada)


def test_who_was_removed_and_taken_back_is_in_as_both_files_say(house: House) -> None:
    ada, copy = house.holder(house.ada), house.store.copy()
    house.store.remove(house.facilitator, ada.person_id)
    removed = house.store.copy()
    house.store.restore(house.facilitator, ada.person_id)
    back = house.restored(removed)
    assert house.is_out(house.ada)
    house.restored(back)
    assert not house.is_out(house.ada)
    house.restored(copy)
    assert not house.is_out(house.ada)


def test_who_was_removed_twice_is_removed_once(house: House) -> None:
    ada = house.holder(house.ada)
    house.store.remove(house.facilitator, ada.person_id)
    copy = house.store.copy()
    house.store.restore(house.facilitator, ada.person_id)
    house.store.remove(house.facilitator, ada.person_id)
    house.restored(copy)
    assert house.is_out(house.ada)


def test_a_recovery_code_that_was_replaced_since_stays_replaced(house: House) -> None:
    former = house.store.renew_recovery_code(house.facilitator)
    copy = house.store.copy()
    newer = house.store.renew_recovery_code(house.facilitator)
    for _ in range(2):
        house.restored(copy)
        assert house.store.find_by_recovery_code(former) is None
        assert house.store.find_by_recovery_code(newer) == house.facilitator.workshop_id
