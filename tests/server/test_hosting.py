"""The host key: shown on a plain page, proven by a cookie that says nothing about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import app
from workshop.live import services
from workshop.server import entrance, hosting, operating
from workshop.server.gate import HOST_KEYS


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("WORKSHOP_DB", str(tmp_path / "records.duckdb"))
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "tulip")
    entrance.gate.cache_clear()
    with operating.key_beside(services.records_path()):
        yield TestClient(Starlette(routes=app.app._user_routes), follow_redirects=False)
    entrance.gate.cache_clear()


def cookies(host: TestClient) -> dict[str, str]:
    return dict(host.cookies.items())


def test_the_right_key_leads_home_with_a_proof_that_does_not_hold_it(host: TestClient) -> None:
    assert not entrance.is_host(cookies(host))
    answer = host.post("/start", data={"key": "tulip"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert "tulip" not in answer.headers["set-cookie"]
    assert entrance.is_host(cookies(host))
    assert host.get("/start").headers["location"] == "/"


def test_a_wrong_key_is_told_at_the_field(host: TestClient) -> None:
    answer = host.post("/start", data={"key": "<b>rose"})
    assert answer.status_code == 422
    assert hosting.WRONG_KEY in answer.text
    assert 'aria-describedby="key_help key_problem"' in answer.text
    assert "rose" not in answer.text
    assert not entrance.is_host(cookies(host))


def test_the_host_key_is_not_guessed(host: TestClient) -> None:
    for _ in range(HOST_KEYS.per_address.amount):
        assert host.post("/start", data={"key": "rose"}).status_code == 422
    refused = host.post("/start", data={"key": "tulip"})
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "Too many wrong host keys" in refused.text
    assert not entrance.is_host(cookies(host))


def test_a_proof_ends_with_its_time_its_key_and_its_server(
    host: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.post("/start", data={"key": "tulip"})
    held = cookies(host)
    assert entrance.is_host(held)
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "rose")
    assert not entrance.is_host(held)
    monkeypatch.setenv("WORKSHOP_HOST_KEY", "tulip")
    with monkeypatch.context() as later:
        now = entrance.time.time()
        later.setattr(entrance.time, "time", lambda: now + entrance.HALF_A_DAY + 1)
        assert not entrance.is_host(held)
    with operating.key_beside(services.records_path()):
        assert not entrance.is_host(held)


@pytest.mark.parametrize(
    "shown", ["", ".", "9999999999", "9999999999.", "9999999999.00", "-1.x", "٣.x", "9" * 5_000]
)
def test_a_made_up_proof_proves_nothing(host: TestClient, shown: str) -> None:
    assert not entrance.is_host({entrance.HOST_COOKIE: shown})


def test_a_proof_that_was_prolonged_proves_nothing(host: TestClient) -> None:
    ends, _, mark = entrance.host_proof().partition(".")
    assert entrance.is_host({entrance.HOST_COOKIE: f"{ends}.{mark}"})
    assert not entrance.is_host({entrance.HOST_COOKIE: f"{int(ends) + 1}.{mark}"})


def test_where_no_server_runs_nothing_can_be_proven(
    host: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKSHOP_DB", str(tmp_path / "elsewhere.duckdb"))
    assert entrance.host_proof() == ""
    assert not entrance.is_host({entrance.HOST_COOKIE: ""})
    assert not entrance.is_host({entrance.HOST_COOKIE: "9999999999."})


def test_without_a_host_key_nobody_is_asked(
    host: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKSHOP_HOST_KEY")
    assert entrance.is_host({})
    assert host.get("/start").headers["location"] == "/"
