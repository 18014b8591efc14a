"""Every answer carries the headers, ours and Streamlit's; a page of somebody else gets no frame."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from workshop.server.headers import ON_PAGES, POLICY, Headers, _pages, inline_scripts


def client(address: str = "http://workshop.example") -> TestClient:
    def page(_: Request) -> PlainTextResponse:
        return PlainTextResponse("a page")

    routes = [Route("/{anything:path}", page)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Headers)]), address)


@pytest.mark.parametrize("path", ["/", "/team", "/enter/x", "/healthz", "/_stcore/health"])
def test_a_page_carries_every_header(path: str) -> None:
    answer = client().get(path)
    for name, value in ON_PAGES.items():
        assert answer.headers[name] == value
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_script_carries_only_what_scripts_need() -> None:
    answer = client().get("/static/js/index.js")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in answer.headers


def test_https_is_made_to_stay_only_where_there_is_https() -> None:
    assert "Strict-Transport-Security" not in client().get("/").headers
    assert (
        "max-age"
        in client("https://workshop.example").get("/").headers["Strict-Transport-Security"]
    )


def test_the_policy_names_the_inline_scripts_of_our_pages_and_lets_no_other_in() -> None:
    """Streamlit's one, ours for browsers that translate, and the mini-team's page's."""
    pages = _pages()
    assert pages.count("<script>") == POLICY["script-src"].count("sha256-") == 3
    assert inline_scripts(pages) in POLICY["script-src"]
    assert "unsafe-inline" not in POLICY["script-src"]
    assert POLICY["frame-ancestors"] == POLICY["object-src"] == "'none'"
