"""The two screens of management, run by Streamlit without a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from workshop import screen
from workshop.access import Role, Visitor
from workshop.model import (
    Action,
    Estimate,
    Funnel,
    IdeaDraft,
    Side,
    Status,
)
from workshop.store import Store

MENU = Path(__file__).parents[1] / "pages" / "menu.py"
HOSTILE = "*a* <b>b</b> $c$ $d$ :red[e] [f](http://g.example) =1+1"
SIGNED = Action("1", "A", "A", "Ada", "Bo", "Win rate", 0.4, 0.46, date(2027, 3, 1), "Ask")


@pytest.fixture
def manager(store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Management of a fresh workshop; no browser, so its cookie is taken as read."""
    manager = Visitor(Role.MANAGER, store.start("Spring off-site", funnel).workshop_id)
    monkeypatch.setattr(screen, "store", lambda: store)
    monkeypatch.setattr(
        screen, "visitor", lambda role, code: manager if role is manager.role else None
    )
    return manager


def write(store: Store, manager: Visitor, title: str, recovers: float, reason: str | None) -> None:
    """A person joins and saves an idea on MQL → SQL; the idea's id is its title."""
    token = store.join(store.workshop(manager).code, f"Author of {title}"[:80], Side.SALES)
    author = store.admit(token)
    assert author is not None
    estimate = Estimate(recovers, recovers, recovers)
    draft = IdeaDraft(title, estimate, "", reason, days_sales=4, owner="Ada")
    store.save_idea(author, title, 1, draft)


def opened(page: str, store: Store, manager: Visitor) -> AppTest:
    app = AppTest.from_file(str(MENU), default_timeout=30)
    app.query_params["w"] = store.workshop(manager).code
    app.run()
    app.switch_page(page).run()
    assert not app.exception
    return app


def commit(app: AppTest, co_owner: str, first_step: str) -> AppTest:
    app.text_input(key="commit_co_owner").input(co_owner)
    app.text_area(key="commit_first_step").input(first_step)
    return app.button(key="commit_submit").click().run()


def test_nobody_manages_without_the_link(
    store: Store, manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "visitor", lambda role, code: None)
    for page in ("manage.py", "actions.py"):
        app = opened(page, store, manager)
    interpreted = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.metric]
    assert not [element for element in interpreted if HOSTILE in str(element.value)]
    fields = [*app.text_input, *app.text_area, *app.text]
    assert [field for field in fields if field.value == HOSTILE]


def test_without_actions_the_list_says_how_to_get_one(store: Store, manager: Visitor) -> None:
    app = opened("actions.py", store, manager)
    assert "Nothing is agreed yet" in app.info[0].value


def test_the_status_of_an_action_is_kept_and_follows_other_screens(
    store: Store, manager: Visitor
) -> None:
    write(store, manager, "A", 0.2, "No follow-up")
    store.commit(manager, SIGNED)
    app = opened("actions.py", store, manager)
    assert screen.plain("Expected: $25k a year.") in app.caption[0].value
    app.selectbox(key="action_status_1").select(Status.UNDER_WAY).run()
    [action] = store.actions(manager)
    assert action.status is Status.UNDER_WAY
    store.commit(manager, replace(action, status=Status.DROPPED))
    app.run()
    assert app.selectbox(key="action_status_1").value is Status.DROPPED
