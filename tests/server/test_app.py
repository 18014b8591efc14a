"""Our routes: links become cookies, the line is for those who are in, files for those who lead."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import app
from tests.filled_example import facilitator as facilitator
from tests.filled_example import store as store
from workshop.domain.access import Role, Visitor, cookie_name
from workshop.domain.funnel import Funnel
from workshop.domain.people import Side
from workshop.live import services
from workshop.store import Store
from workshop.store.backups import TOO_LARGE


@pytest.fixture
def client(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A browser of its own before our routes."""
    monkeypatch.setattr(services, "store", lambda: store)
    services.hub.cache_clear()
    ours = Starlette(routes=app.app._user_routes, middleware=app.app._user_middleware)
    with TestClient(ours, follow_redirects=False) as browser:
        yield browser
    services.hub.cache_clear()


def enter(client: TestClient, store: Store, facilitator: Visitor, role: Role) -> str:
    """Open the link for a role; returns the room code."""
    client.get(f"/enter/{store.tokens.issue(facilitator, role)}")
    return store.workshops.get(facilitator).code


@pytest.mark.parametrize(
    ("role", "page"),
    [(Role.FACILITATOR, "facilitate"), (Role.MANAGER, "manage"), (Role.PROJECTOR, "board")],
)
def test_a_link_becomes_a_cookie_and_leaves_no_secret_in_the_address(
    client: TestClient, store: Store, facilitator: Visitor, role: Role, page: str
) -> None:
    token, code = store.tokens.issue(facilitator, role), store.workshops.get(facilitator).code
    answer = client.get(f"/enter/{token}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/{page}?w={code}"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{cookie_name(role, code)}={token}")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_an_unknown_link_opens_nothing(client: TestClient) -> None:
    answer = client.get("/enter/not-a-token")
    assert answer.status_code == 404
    assert "This link is not known" in answer.text
    assert 'href="/join"' in answer.text
    assert "set-cookie" not in answer.headers


def test_the_line_is_for_those_who_were_let_in(
    client: TestClient, store: Store, facilitator: Visitor
) -> None:
    code = enter(client, store, facilitator, Role.PROJECTOR)
    with client.websocket_connect(f"/live?w={code}&role=room") as line:
        assert "agenda=" in line.receive_json()["stamp"]
    for query in (f"w={code}&role=manager", f"w={code}&role=king", "w=AAAAAA&role=room", ""):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"/live?{query}"):
            pass


def test_the_line_refuses_a_page_of_another_server(
    client: TestClient, store: Store, facilitator: Visitor
) -> None:
    code = enter(client, store, facilitator, Role.PROJECTOR)
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(
            f"/live?w={code}&role=room", headers={"origin": "https://evil.example"}
        ),
    ):
        pass


@pytest.mark.parametrize(
    "key", [key for key, file in app.FILES.items() if Role.MANAGER in file.roles]
)
def test_files_are_for_the_facilitator_and_management_only(
    client: TestClient, store: Store, facilitator: Visitor, key: str
) -> None:
    code = enter(client, store, facilitator, Role.PROJECTOR)
    assert client.get(f"/{key}?w={code}&role=room").status_code == 403
    assert client.get(f"/{key}?w={code}&role=manager").status_code == 403
    enter(client, store, facilitator, Role.MANAGER)
    answer = client.get(f"/{key}?w={code}&role=manager")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert len(answer.content) > 300
    assert client.get(f"/{key}?w=AAAAAA&role=manager").status_code == 403


def test_a_backup_is_for_the_facilitator_only_and_can_be_restored(
    client: TestClient, store: Store, facilitator: Visitor
) -> None:
    code = enter(client, store, facilitator, Role.MANAGER)
    enter(client, store, facilitator, Role.PROJECTOR)
    for role in Role:
        assert client.get(f"/backup?w={code}&role={role}").status_code == 403
    enter(client, store, facilitator, Role.FACILITATOR)
    answer = client.get(f"/backup?w={code}&role=facilitator")
    assert answer.headers["content-disposition"].endswith(f'{code}-backup.zip"')
    restored = store.backups.restore(answer.content)
    assert restored.former_code == code


def test_a_company_is_backed_up_by_its_facilitator_and_said_where_it_is_too_large(
    client: TestClient, store: Store, facilitator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = enter(client, store, facilitator, Role.MANAGER)
    for role in Role:
        assert client.get(f"/company_backup?w={code}&role={role}").status_code == 403
    enter(client, store, facilitator, Role.FACILITATOR)
    answer = client.get(f"/company_backup?w={code}&role=facilitator")
    assert answer.headers["content-disposition"].endswith(f'{code}-company-backup.zip"')
    assert len(store.backups.restore_company(answer.content)) == 1
    monkeypatch.setattr("workshop.store.archive.MAX_BYTES", 10)
    answer = client.get(f"/company_backup?w={code}&role=facilitator")
    assert (answer.status_code, answer.text) == (409, TOO_LARGE)


def test_a_cookie_of_one_workshop_opens_no_other(
    client: TestClient, store: Store, facilitator: Visitor, funnel: Funnel
) -> None:
    enter(client, store, facilitator, Role.MANAGER)
    other = store.workshops.get(store.workshops.start("Spring", funnel)).code
    assert client.get(f"/export_csv?w={other}&role=manager").status_code == 403


def proven(cookies: dict[str, str]) -> str:
    """Whom the server knows by these cookies; in a thread, since there may be a loop in this."""
    header = "; ".join(f"{name}={token}" for name, token in cookies.items()).encode()
    asked = HTTPConnection({"type": "websocket", "headers": [(b"cookie", header)]})
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, app.proven(asked)).result()


def test_a_browser_with_the_cookie_of_a_link_or_a_seat_is_known(
    client: TestClient, store: Store, facilitator: Visitor
) -> None:
    code = store.workshops.get(facilitator).code
    seat = {cookie_name(Role.PARTICIPANT, code): store.seats.join(code, "Ada", Side.SALES)}
    link = {cookie_name(Role.PROJECTOR, code): store.tokens.issue(facilitator, Role.PROJECTOR)}
    assert proven(seat)
    assert proven(link)
    assert proven(seat) == proven({"funnel_room_AAAAAA": "x" * 22} | seat) != proven(link)
    assert not proven({cookie_name(Role.MANAGER, code): next(iter(seat.values()))})
    assert not proven({"funnel_king_AAAAAA": "x", "funnel_": "", "another": "cookie"})
    assert not proven({})


def test_health_is_told(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
