"""The front door: what somebody sees who comes by the code, and who comes to start a workshop."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from workshop import entrance, screen
from workshop.model import Funnel, Side
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
