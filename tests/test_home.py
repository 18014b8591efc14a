"""The front door: what somebody sees who comes by the code, and who comes to start a workshop."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from workshop import entrance, screen
from workshop.store import Store

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


def test_who_comes_without_a_code_may_also_start_a_workshop(door: AppTest) -> None:
    door.run()
    assert not door.exception
    asked = {field.key for field in door.text_input}
    assert {"join_code", "join_name", "start_name"} <= asked
