"""The route on which browsers send what people have filled into a form.

A form is sent as JSON, with an id of its own: however often it arrives, it counts once. What is
wrong is answered by field; nothing is drawn, the tick after the commit does that.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from workshop import log
from workshop.domain.access import Forbidden
from workshop.forms import FORMS
from workshop.forms.form import Problems, Submission
from workshop.live import services
from workshop.server import entrance
from workshop.server.coming_in import visitor_of
from workshop.server.gate import TooMany
from workshop.server.plain_page import TooLong, read_body
from workshop.store import Repeated, StoreError, Unsaved

# A plan of 10,000 characters has 40,000 bytes in the longest script; a roster is shorter.
MOST_BYTES = 100_000
# Only a script of our own pages can send it: a form of another site cannot.
HEADER = "x-funnel-form"
SAVED_BEFORE = "Saved."
NOT_LET_IN = "This browser no longer has access. Copy your words, then join again."
NOT_UNDERSTOOD = "This was not sent by a form of this app. Load the page again."


async def submit(request: Request) -> Response:
    """Take the answer to a form.

    200 says that it is saved, now or before; 422 what is wrong, by field; 403 and 400 that it can
    be no answer; 429 and 503 that it is to be sent again later.
    """
    take = FORMS.get(request.path_params["form"])
    if take is None or HEADER not in request.headers:
        return _problem(400, NOT_UNDERSTOOD)
    try:
        submission = read(await read_body(request, MOST_BYTES))
    except TooLong as problem:
        return _problem(413, str(problem))
    except (ValueError, ClientDisconnect):
        return _problem(400, NOT_UNDERSTOOD)
    who = await run_in_threadpool(visitor_of, request)
    if who is None:
        log.warning("refused a form")
        return _problem(403, NOT_LET_IN)
    try:
        entrance.count_submission(who)
        said = await run_in_threadpool(take, services.store(), who, submission)
    except TooMany as problem:
        return _problem(429, str(problem))
    except Repeated:
        return JSONResponse({"saved": SAVED_BEFORE})
    except Problems as problem:
        return JSONResponse({"problems": problem.by_field}, 422)
    except Unsaved as problem:
        return _problem(503, str(problem))
    except (StoreError, Forbidden, ValueError) as problem:
        return _problem(422, str(problem))
    return JSONResponse({"saved": said})


def read(body: bytes) -> Submission:
    """A submission out of its JSON; ValueError where it is none.

    >>> read(b'{"id": "1", "about": {}, "values": {"title": "Call"}, "decimal_mark": "."}').values
    {'title': 'Call'}
    """
    try:
        sent = json.loads(body)
    except RecursionError as error:
        raise ValueError("no form") from error
    if not isinstance(sent, dict):
        raise ValueError("no form")
    return Submission(
        _text(sent.get("id")),
        _texts(sent.get("about")),
        _texts(sent.get("values")),
        _text(sent.get("decimal_mark")),
    )


def _texts(sent: Any) -> dict[str, str]:
    if not isinstance(sent, dict):
        raise ValueError("no texts")
    return {key: _text(value) for key, value in sent.items()}


def _text(sent: Any) -> str:
    if not isinstance(sent, str):
        raise ValueError("no text")
    return sent


def _problem(status: int, words: str) -> JSONResponse:
    return JSONResponse({"problems": {"": words}}, status)
