"""Pages say that they are in English, and are not to be translated."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

import app
from workshop.domain.access import Role, Visitor, cookie_name
from workshop.domain.people import Side
from workshop.store import Store


@pytest.mark.parametrize("path", [*sorted(app.PATHS), "/nowhere"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_every_page_says_so_small_or_not(client: TestClient, path: str, encoding: str) -> None:
    answer = client.get(path, headers={"accept-encoding": encoding})
    assert answer.text.count('<html lang="en" translate="no">') == 1
    assert answer.text.count('<meta name="google" content="notranslate">') == 1
    assert answer.text.rstrip().endswith("</html>")


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_mini_teams_page_says_so_itself(
    client: TestClient, records: Store, facilitator: Visitor, encoding: str
) -> None:
    code = records.workshops.get(facilitator).code
    seat = f"{cookie_name(Role.PARTICIPANT, code)}={records.seats.join(code, 'Ada', Side.SALES)}"
    headers = {"accept-encoding": encoding, "cookie": seat}
    answer = client.get(f"/team?w={code}", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-language"] == "en"
    assert answer.text.count('<html lang="en" translate="no">') == 1
    assert answer.text.count('<meta name="google" content="notranslate">') == 1


def test_a_browser_that_has_kept_the_page_of_before_is_sent_it_anew(client: TestClient) -> None:
    first = client.get("/", headers={"accept-encoding": "identity"})
    assert not {"etag", "last-modified"} & set(first.headers)
    kept = {"if-none-match": "*", "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert client.get("/", headers=kept).status_code == 200


def test_what_is_no_page_is_sent_as_it_is(client: TestClient) -> None:
    assert client.get("/_stcore/health").text == "ok"
    picture = client.get("/favicon.png")
    assert int(picture.headers["content-length"]) == len(picture.content)
