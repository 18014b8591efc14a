"""The front door: what somebody sees who comes by the code, and who comes to start a workshop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from workshop.domain.access import Role, cookie_name
from workshop.domain.funnel import Funnel
from workshop.live import services
from workshop.server import entrance
from workshop.server.upload_permit import UploadedFile
from workshop.store import Store
from workshop.store.backups import Backups, Restored
from workshop.ui import navigation, upload

MENU = Path(__file__).parents[2] / "pages" / "menu.py"


@pytest.fixture
def door(store: Store, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(entrance, "is_host", lambda cookies: True)
    return AppTest.from_file(str(MENU), default_timeout=30)


def links(app: AppTest) -> str:
    return "".join(html.proto.body for html in app.get("html"))


def test_the_home_page_leads_to_joining_and_starts_a_workshop(door: AppTest) -> None:
    door.run()
    assert not door.exception
    assert 'href="/join"' in links(door)
    assert "start_name" in {field.key for field in door.text_input}


def test_who_has_led_a_workshop_may_start_another_of_its_company(
    door: AppTest, store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    led = store.workshops.start("Spring off-site", funnel)
    store.companies.rename(led, "Heron Ltd")
    other = store.workshops.start("Of somebody else", funnel)
    name = cookie_name(Role.FACILITATOR, store.workshops.get(led).code)
    cookies = SimpleNamespace(to_dict=lambda: {name: store.tokens.issue_to_starter(led)})
    monkeypatch.setattr(type(st.context), "cookies", property(lambda context: cookies))
    door.run()
    choice = door.selectbox(key="start_company")
    assert choice.options == ["A new company", "Heron Ltd"]
    door.text_input(key="start_name").set_value("Autumn")
    door.checkbox(key="start_example").check()
    choice.select(store.companies.of(led).id).run()
    door.button(key="start_submit").click().run()
    assert not door.exception
    record = store.companies.record(led)
    assert record is not None
    assert [one.name for one in record.workshops] == ["Spring off-site", "Autumn"]
    assert store.companies.of(other).name == "Of somebody else"


# -- the way back from a backup ------------------------------------------------------------------


@pytest.fixture
def backup(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> UploadedFile:
    """The file in the field of the home page, which a test may write over."""
    path = tmp_path / "backup.zip"
    path.write_bytes(store.backups.make(store.workshops.start("Spring off-site", funnel)))
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
    restore = Backups.restore

    def slowly(
        backups: Backups, file: bytes, told: Callable[[float], None], activities: set[str]
    ) -> Restored:
        told(0.4)
        assert goes_on.wait(60)
        return restore(backups, file, told, activities)

    monkeypatch.setattr(Backups, "restore", slowly)
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
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "secret")
    guest = AppTest.from_file(str(MENU), default_timeout=30)
    guest.run()
    assert not guest.exception
    assert "restore_submit" not in keys(guest)
    assert 'href="/start"' in links(guest)
    monkeypatch.setattr(entrance, "is_host", lambda cookies: True)
    host = AppTest.from_file(str(MENU), default_timeout=30)
    host.run()
    assert "restore_submit" in keys(host)


def test_before_the_host_key_no_file_is_asked_for_and_after_it_a_workshop_starts(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(navigation, "go_to", lambda path: None)
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "secret")
    app = AppTest.from_file(str(MENU), default_timeout=30)
    app.run()
    assert keys(app) == ["recover_submit"]
    assert not [one for one in app.get("bidi_component") if "upload" in one.proto.component_name]
    monkeypatch.setattr(entrance, "is_host", lambda cookies: True)
    app.run()
    assert [one for one in app.get("bidi_component") if "upload" in one.proto.component_name]
    app.text_input(key="start_name").input("Spring")
    app.checkbox(key="start_example").check()
    app.run()
    app.button(key="start_submit").click().run()
    assert not app.exception
    assert [name for (name,) in store.database.read("SELECT name FROM workshop")] == ["Spring"]
