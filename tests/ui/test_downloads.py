"""The buttons of what can be taken home, run by Streamlit without a browser."""

from __future__ import annotations

from io import BytesIO

import ics
import pytest
from pypdf import PdfReader

from tests.screens import screen
from workshop.domain.access import Role, Visitor
from workshop.domain.funnel import Funnel
from workshop.live import services
from workshop.live.downloads import DOWNLOADS
from workshop.server import demo
from workshop.store import Store
from workshop.ui import identity

ALWAYS = {"export_csv", "export_actions", "export_xlsx", "export_markdown", "export_report"}


def drawn(store: Store, visitor: Visitor, page: str, patched: pytest.MonkeyPatch) -> set[str]:
    """The keys of the downloads that a page has a button for."""
    patched.setattr(services, "store", lambda: store)
    patched.setattr(
        identity, "visitor", lambda role, code: visitor if role is visitor.role else None
    )
    app = screen(page, store.workshops.get(visitor).code)
    return {button.key for button in app.button if button.key} & DOWNLOADS.keys()


def test_there_is_a_button_for_each_file_that_has_something_in_it(
    store: Store, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    facilitator = store.workshops.start("Spring off-site", funnel)
    manager = Visitor(Role.MANAGER, facilitator.workshop_id)
    assert drawn(store, manager, "actions.py", monkeypatch) == ALWAYS
    assert drawn(store, facilitator, "facilitate.py", monkeypatch) == ALWAYS | {"backup"}
    filled = demo.fill(store)
    manager = Visitor(Role.MANAGER, filled.workshop_id)
    every = ALWAYS | {"export_agreement", "export_cheat_sheet", "export_calendar"}
    assert drawn(store, manager, "actions.py", monkeypatch) == every
    assert drawn(store, filled, "facilitate.py", monkeypatch) == every | {"backup"}


def test_the_files_of_the_example_hold_what_is_in_its_records(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "store", lambda: store)
    manager = Visitor(Role.MANAGER, demo.fill(store).workshop_id)
    [action] = store.commitments.all(manager)
    report = PdfReader(BytesIO(DOWNLOADS["export_report"].build(manager)))
    assert 2 <= len(report.pages) <= 6
    said = " ".join(" ".join(page.extract_text() for page in report.pages).split())
    for idea in store.ideas.readable(manager):
        assert idea.draft.title in said
    assert action.first_step in said
    cheat_sheet = PdfReader(BytesIO(DOWNLOADS["export_cheat_sheet"].build(manager)))
    [page] = cheat_sheet.pages
    for settled in store.settlements.valid(manager).values():
        if settled.owner is None:
            assert settled.value in " ".join(page.extract_text().split())
    [entry] = ics.Calendar(DOWNLOADS["export_calendar"].build(manager).decode()).events
    assert (entry.all_day, entry.begin.date()) == (True, action.due)
