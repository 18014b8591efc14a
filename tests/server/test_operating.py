"""The operator's routes: copies and figures for who runs the server, and for nobody else."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.server_process import Server
from workshop.domain.access import Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.live import services
from workshop.server import demo
from workshop.server.operating import key_beside, key_file, main, routes
from workshop.store import Store, StoreError

SECRETS = ["Amina", "Example: Spring", "Score leads"]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKSHOP_DB", str(tmp_path / "workshop.duckdb"))
    return services.records_path()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Visitor]:
    """The file of an example, and its facilitator; each test has a copy of its own."""
    file = tmp_path_factory.mktemp("example") / "example.duckdb"
    with closing(Store(file)) as store:
        return file, demo.fill(store)


@pytest.fixture
def facilitator(path: Path, example: tuple[Path, Visitor]) -> Visitor:
    """The facilitator of the example; to be asked for before the store, which opens its file."""
    file, facilitator = example
    shutil.copyfile(file, path)
    return facilitator


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    fresh = Store(path)
    with key_beside(path):
        yield fresh
    fresh.close()


@pytest.fixture
def client(store: Store) -> TestClient:
    """Somebody on this machine."""
    ours = Starlette(routes=routes(lambda: store))
    return TestClient(ours, "http://localhost:8501", client=("127.0.0.1", 5000))


@pytest.fixture
def stranger(store: Store) -> TestClient:
    """Somebody in the same network."""
    return TestClient(Starlette(routes=routes(lambda: store)), client=("192.0.2.7", 5000))


def key(path: Path) -> dict[str, str]:
    return {"Authorization": f"Bearer {key_file(path).read_text()}"}


def test_the_key_is_readable_to_its_owner_only_and_gone_after_the_server(path: Path) -> None:
    with key_beside(path):
        assert stat.S_IMODE(key_file(path).stat().st_mode) == 0o600
        assert len(key_file(path).read_text()) > 20
    assert not key_file(path).exists()


@pytest.mark.parametrize("route", ["backup", "restore"])
@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", "Basic wrong"])
def test_without_the_key_nothing_is_copied_or_restored(
    client: TestClient, store: Store, route: str, shown: str
) -> None:
    answer = client.post(f"/operator/{route}", headers={"Authorization": shown})
    assert answer.status_code == 403
    assert client.get(f"/operator/{route}").status_code == 405
    assert not store.copies.folder.exists()


def test_with_the_key_records_are_copied_and_come_back(
    facilitator: Visitor, client: TestClient, store: Store, path: Path
) -> None:
    made = client.post("/operator/backup", headers=key(path))
    assert Path(made.text).exists()
    store.agenda.move_to(facilitator, Position(Phase.LOBBY))
    answer = client.post("/operator/restore", headers=key(path), content=made.text)
    assert answer.status_code == 200
    assert store.workshops.get(facilitator).position == Position(Phase.RANK)


def test_a_file_that_is_not_there_is_answered_with_a_sentence(
    client: TestClient, path: Path
) -> None:
    answer = client.post("/operator/restore", headers=key(path), content="/nowhere.duckdb")
    assert (answer.status_code, answer.text) == (409, "There is no file /nowhere.duckdb.")


def test_the_figures_are_for_this_machine_and_for_who_has_the_key(
    client: TestClient, stranger: TestClient, path: Path
) -> None:
    assert client.get("/metrics").status_code == 200
    assert stranger.get("/metrics").status_code == 403
    assert stranger.get("/metrics", headers=key(path)).status_code == 200
    for_somebody_else = {"X-Forwarded-For": "192.0.2.9"}
    assert client.get("/metrics", headers=for_somebody_else).status_code == 403


@pytest.mark.parametrize(
    "header",
    [
        {"X-Real-IP": "192.0.2.9"},
        {"X-Client-IP": "192.0.2.9"},
        {"X-Forwarded-Host": "workshop.example"},
        {"Forwarded": "for=192.0.2.9"},
        {"Via": "1.1 proxy"},
        {"Host": "rebound.evil.example:8501"},
        {"Host": "192.168.1.5:8501"},
        {"Host": ""},
    ],
    ids=lambda header: " ".join(next(iter(header.items()))),
)
def test_whoever_asks_through_this_machine_does_not_ask_from_it(
    client: TestClient, path: Path, header: dict[str, str]
) -> None:
    assert client.get("/metrics", headers=header).status_code == 403
    assert client.get("/metrics", headers=header | key(path)).status_code == 200


def test_behind_a_proxy_nobody_is_believed_to_be_on_this_machine(
    client: TestClient, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_PROXY", "127.0.0.1")
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers=key(path)).status_code == 200


def test_the_figures_are_openmetrics_and_count_what_was_saved(
    client: TestClient, store: Store
) -> None:
    def figures() -> dict[str, float]:
        text = client.get("/metrics").text
        assert not [secret for secret in SECRETS if secret in text]
        return {
            f"{sample.name} {sample.labels.get('verb', '')}".strip(): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    before = figures()
    demo.fill(store)
    after = figures()
    for name, more in {
        "workshop_writes_total idea_written": 9,
        "workshop_writes_total person_joined": 8,
        "workshop_write_seconds_count": 23,
    }.items():
        assert after[name] - before.get(name, 0) >= more, name


def test_health_says_how_long_ago_something_was_saved(
    client: TestClient, store: Store, funnel: Funnel
) -> None:
    store.workshops.start("Spring", funnel)
    health = client.get("/healthz").json()
    assert health["status"] == "ok"
    assert health["seconds_since_last_write"] >= 0


def test_records_that_do_not_answer_are_no_health(client: TestClient, store: Store) -> None:
    store.close()
    assert client.get("/healthz").status_code == 503


def test_the_command_works_on_the_file_where_no_server_runs(
    path: Path, facilitator: Visitor
) -> None:
    said = main(["backup"])
    [made] = (path.parent / "backups").iterdir()
    assert said == f"All records are copied to {made}"
    store = Store(path)
    store.agenda.move_to(facilitator, Position(Phase.LOBBY))
    store.close()
    assert str(made) in main(["restore", str(made)])
    store = Store(path)
    assert store.workshops.get(facilitator).position == Position(Phase.RANK)
    store.close()


def test_the_command_speaks_to_the_server_that_runs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(path) as server:
        monkeypatch.setenv("PORT", str(server.port))
        made = main(["backup"]).rpartition(" ")[2]
        assert Path(made).exists()
        assert main(["restore", made]).startswith(f"All records are those of {made} now.")
        with pytest.raises(StoreError, match="There is no file"):
            main(["restore", str(path.with_name("nothing"))])
    assert not key_file(path).exists()


@pytest.mark.parametrize("arguments", [[], ["restore"], ["restore", ""], ["dance"]])
def test_a_command_that_says_too_little_is_answered_with_what_to_say(arguments: list[str]) -> None:
    with pytest.raises(StoreError, match="Say what to do"):
        main(arguments)
