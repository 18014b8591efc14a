"""The front door: what somebody sees who comes by the code, and who comes to start a workshop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from workshop import entrance, screen
from workshop.model import Funnel
from workshop.store import Store
from workshop.store.backup import Restored

MENU = Path(__file__).parents[1] / "pages" / "menu.py"


@pytest.fixture
def door(store: Store, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(screen, "store", lambda: store)
    monkeypatch.setattr(entrance, "is_host", lambda cookies: True)
    return AppTest.from_file(str(MENU), default_timeout=30)


def links(app: AppTest) -> str:
    return "".join(html.proto.body for html in app.get("html"))


def test_the_home_page_leads_to_joining_and_starts_a_workshop(door: AppTest) -> None:
    door.run()
    assert not door.exception
    assert 'href="/join"' in links(door)
    assert "start_name" in {field.key for field in door.text_input}


# -- the way back from a backup ------------------------------------------------------------------


@pytest.fixture
def backup(store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The file in the field of the home page, which a test may replace."""
    held = [store.backup(store.start("Spring off-site", funnel))]
    field = st.file_uploader

    def uploader(*args: object, key: str, **options: object) -> object:
        if key == "restore_file":
            return SimpleNamespace(getvalue=lambda: held[0])
        return field(*args, key=key, **options)

    monkeypatch.setattr(st, "file_uploader", uploader)
    return held


def keys(app: AppTest) -> list[str | None]:
    return [button.key for button in app.button]


def test_a_backup_is_restored_while_the_page_goes_on(
    door: AppTest, backup: list[bytes], monkeypatch: pytest.MonkeyPatch
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
    door: AppTest, backup: list[bytes]
) -> None:
    backup[0] = b"my diary"
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
    store: Store, monkeypatch: pytest.MonkeyPatch, backup: list[bytes]
) -> None:
    monkeypatch.setattr(screen, "store", lambda: store)
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
