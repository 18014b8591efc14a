"""One fresh store for every test that asks for it, and one whole server for all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from starlette.testclient import TestClient
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime import Runtime

import app
from tests import examples as examples  # loads the profile of a short run
from workshop.domain.access import Visitor
from workshop.domain.funnel import Funnel
from workshop.intake import Opened
from workshop.live import services
from workshop.store import Store
from workshop.ui import navigation

SLOW = (
    "test_live_load.py",
    "test_upload_reading.py",
    "test_upload.py",
    "test_store_backup.py",
    "test_layouts.py",
    "test_attack.py",
    "test_failing_disk.py",
    "test_upload_choices.py",
    "test_crash.py",
    "test_store_restores.py",
    "test_documents.py",
    "test_intake_accounts.py",
    "test_intake_job.py",
    "test_intake.py",
    "test_startup.py",
    "test_asking.py",
    "test_drawable.py",
    "test_store_clock.py",
    "test_promises.py",
    "test_second_look.py",
    "test_second_look_changed.py",
    "test_asked_and_settled.py",
    "test_store.py",
    "test_management.py",
    "test_app.py",
    "test_store_copies.py",
    "test_store_company_backup.py",
    "test_intake_forks.py",
    "test_guess.py",
    "test_entrance.py",
    "test_operating.py",
    "test_intake_broken.py",
    "test_intake_header.py",
    "test_store_agenda.py",
    "test_portfolio.py",
    "test_intake_amounts.py",
    "test_answers.py",
    "test_joining.py",
    "test_exports.py",
    "test_cross_site.py",
    "test_intake_kinds_of_stages.py",
    "test_agreement_signed.py",
    "test_presses.py",
    "test_management_forms.py",
)
"""Files of six seconds and more, the longest first; `make check` leaves them to `make test`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files: the last one runs alone, while the other core waits for it."""
    ranks = {name: rank for rank, name in enumerate(SLOW)}
    for item in items:
        if item.path.name in ranks or item.path.parent.name == "browser":
            item.add_marker(pytest.mark.slow)
    items.sort(
        key=lambda item: (
            item.path.parent.name != "browser",
            ranks.get(item.path.name, len(SLOW)),
        )
    )


def pytest_collection_finish() -> None:
    """As the server does at its start: what has been imported is not looked through ever again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """The engine's binding lists at the end what was never collected."""
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def files_that_nobody_asks_anything_of_make_room_at_once() -> Iterator[None]:
    """A test may leave more files open than a server holds, and is not kept waiting for it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("workshop.intake.budget.IDLE_SECONDS", 1e-9)
        yield


@pytest.fixture(scope="session", autouse=True)
def installed_packages_are_searched_for_components_once() -> Iterator[None]:
    """Each AppTest begins a runtime of its own, which reads about all packages: .25 s."""
    with pytest.MonkeyPatch.context() as patched:
        found = cache(manifest_scanner.scan_component_manifests)
        patched.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@pytest.fixture
def store() -> Iterator[Store]:
    fresh = Store(":memory:")
    yield fresh
    fresh.close()


@pytest.fixture(scope="session")
def funnel() -> Funnel:
    """The worked example of docs/method.md."""
    return Funnel.from_counts(
        {"Lead": 2000, "MQL": 700, "SQL": 280, "Opportunity": 84, "Won": 21},
        deal_value=8000,
        currency="USD",
        period_days=365,
        losses={"MQL": {"No follow-up": 210, "No budget": 126}},
    )


@pytest.fixture
def facilitator(store: Store, funnel: Funnel) -> Visitor:
    """The facilitator of a workshop that has just started."""
    return store.workshops.start("Spring", funnel)


@pytest.fixture(scope="session")
def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[TestClient, Runtime]]:
    """The whole server, Streamlit included, in this process, where it can be started only once."""
    with ExitStack() as until_the_end:
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("WORKSHOP_DB", str(tmp_path_factory.mktemp("records") / "w.duckdb"))
            patched.setattr(services, "store", lambda: Store(":memory:"))
            client = until_the_end.enter_context(TestClient(app.app))
        yield client, Runtime.instance()


@pytest.fixture(scope="module")
def client(running: tuple[TestClient, Runtime]) -> TestClient:
    """A browser of its own before that server; whose records it has, a test says."""
    first, runtime = running
    Runtime._instance = runtime  # an AppTest takes its place, and leaves none behind
    client = TestClient(app.app, follow_redirects=False)
    client.portal = first.portal
    return client


@pytest.fixture
def records(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the pages work with."""
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(navigation, "go_to", lambda path: None)
    return store


@pytest.fixture
def uploads() -> Iterator[list[Opened]]:
    """Opened files, which are closed at the end."""
    opened: list[Opened] = []
    yield opened
    for files in opened:
        files.close()
