"""The front door: what somebody sees who comes by the code, and who comes to start a workshop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from workshop import entrance, screen, upload
from workshop.model import Funnel, Side
from workshop.store import Store
from workshop.store.backup import Restored
from workshop.upload_permit import UploadedFile

MENU = Path(__file__).parents[1] / "pages" / "menu.py"


@pytest.fixture
def door(store: Store, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(screen, "store", lambda: store)
    monkeypatch.setattr(entrance, "is_host", lambda: True)
    return AppTest.from_file(str(MENU), default_timeout=30)


def test_who_comes_by_the_code_is_asked_to_join_and_nothing_else(door: AppTest) -> None:
    door.query_params["code"] = "ABC234"
    door.run()
    assert not door.exception
    assert [field.key for field in door.text_input] == ["join_code", "join_name"]
    assert door.text_input(key="join_code").value == "ABC234"


@pytest.mark.parametrize(
    ("name", "side", "sentence"),
    [
        ("  ", Side.SALES, "Write your name"),
        ("Ada", None, "Choose your side"),
        ("Ada", Side.SALES, "No workshop has the code ABC234"),
    ],
)
def test_who_cannot_be_seated_is_told_why_and_types_nothing_twice(
    door: AppTest, name: str, side: Side | None, sentence: str
) -> None:
    door.query_params["code"] = "ABC234"
    door.run()
    door.text_input(key="join_name").input(name)
    door.radio(key="join_side").set_value(side)
    door.button(key="join_submit").click().run()
    assert not door.exception
    [said] = door.error
    assert sentence in said.value
    assert door.text_input(key="join_name").value == name
    door.run()
    assert not door.error


def test_who_joins_leaves_by_the_door_of_their_seat(
    door: AppTest, store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways: list[str] = []
    monkeypatch.setattr(screen, "go_to", ways.append)
    facilitator = store.start("Spring", funnel)
    door.query_params["code"] = store.workshop(facilitator).code
    door.run()
    door.text_input(key="join_name").input("Ada")
    door.radio(key="join_side").set_value(Side.SALES)
    door.button(key="join_submit").click().run()
    assert not door.exception
    visitor = store.admit(ways[0].removeprefix("/enter/"))
    assert visitor is not None
    assert store.person(visitor).name == "Ada"


def test_who_comes_without_a_code_may_also_start_a_workshop(door: AppTest) -> None:
    door.run()
    assert not door.exception
    asked = {field.key for field in door.text_input}
    assert {"join_code", "join_name", "start_name"} <= asked


# -- the way back from a backup ------------------------------------------------------------------


@pytest.fixture
def backup(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> UploadedFile:
    """The file in the field of the home page, which a test may write over."""
    path = tmp_path / "backup.zip"
    path.write_bytes(store.backup(store.start("Spring off-site", funnel)))
    held = UploadedFile("backup.zip", path, path.stat().st_size)
    asked = upload.ask_for_files

    def ask_for_files(key: str, *rest: Any) -> tuple[UploadedFile, ...]:
        return (held,) if key == "restore_file" else asked(key, *rest)

    monkeypatch.setattr(upload, "ask_for_files", ask_for_files)
    return held


def keys(app: AppTest) -> list[str | None]:
    return [button.key for button in app.button]


def test_a_backup_is_restored_while_the_page_goes_on(
    door: AppTest, backup: UploadedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    restore = Store.restore_workshop

    def slowly(store: Store, file: bytes, told: Callable[[float], None]) -> Restored:
        told(0.4)
        assert goes_on.wait(60)
        return restore(store, file, told)

    monkeypatch.setattr(Store, "restore_workshop", slowly)
    door.run()
    door.button(key="restore_submit").click().run()
    assert "restore_submit" not in keys(door)  # pressed again, it would restore a second one
    restoring = door.session_state["restoring"]
    assert restoring.progress == 0.4
    goes_on.set()
    restoring.wait(60)
    door.run()
    assert not door.exception
    assert "restore_enter" in keys(door)


def test_a_file_that_is_no_backup_is_answered_with_a_sentence(
    door: AppTest, backup: UploadedFile
) -> None:
    backup.path.write_bytes(b"my diary")
    door.run()
    door.button(key="restore_submit").click().run()
    if "restoring" in door.session_state:  # a slow machine
        door.session_state["restoring"].wait(60)
        door.run()
    assert not door.exception
    [said] = door.error
    assert "it is no backup of this app" in said.value
    assert "restore_submit" in keys(door)


def test_guests_restore_nothing_where_there_is_a_host_key(
    store: Store, monkeypatch: pytest.MonkeyPatch, backup: UploadedFile
) -> None:
    monkeypatch.setattr(screen, "store", lambda: store)
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "secret")
    guest = AppTest.from_file(str(MENU), default_timeout=30)
    guest.run()
    assert not guest.exception
    assert "restore_submit" not in keys(guest)
    host = AppTest.from_file(str(MENU), default_timeout=30)
    host.session_state["is_host"] = True
    host.run()
    assert "restore_submit" in keys(host)
