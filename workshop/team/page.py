"""The mini-team's page, and what it shows now: told with a tick, or asked for.

A room is three hundred such pages. Each is a few kilobytes and one line, where a page of
Streamlit's is a megabyte and a session (docs/decisions.md, "A mini-team's page is our own").
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from workshop.domain.access import Forbidden, Role, Visitor, cookie_name
from workshop.live import services
from workshop.live.laptop import Laptop
from workshop.live.visitors import admitted
from workshop.server import entrance, plain_page
from workshop.server.coming_in import TOO_MANY, address
from workshop.server.gate import TooMany
from workshop.server.plain_page import Html, filled
from workshop.store import StoreError
from workshop.team import parts, stage
from workshop.ui.identity import SEAT_CLOSED, needs_link
from workshop.ui.render_slots import screen_slot
from workshop.ui.stage import APART

# Of each workshop, threads for these pages alone: what somebody sends does not stand behind three
# hundred screens, nor one workshop behind another. One screen is drawn at a time; the second thread
# is at its request meanwhile.
_threads: defaultdict[str, CapacityLimiter] = defaultdict(lambda: CapacityLimiter(2))
PATH = "/team"
Drawn = TypeVar("Drawn")
NO_SEAT, NEEDS_LINK = needs_link(Role.PARTICIPANT)
# Going back shows what is, not what was.
FRESH = {"Cache-Control": "private, no-store"}


async def page(request: Request) -> Response:
    """The page with what it shows first; for who is in nowhere, how to come in."""
    return await _answered(request, _page, _closed_page)


async def looked_again(request: Request) -> Response:
    """What the page shows now; 403 for who is let in no more."""
    return await _answered(request, _stage, _closed_stage)


async def look(who: Visitor) -> dict[str, Any]:
    """What a tick brings along; nothing where the page has to ask, and is told why."""
    described = partial(_in_turn, partial(stage.described, who, Laptop()), who)
    try:
        return {"shown": await to_thread.run_sync(described, limiter=_threads[who.workshop_id])}
    except (StoreError, Forbidden):
        return {}


async def _answered(
    request: Request, draw: Callable[[Visitor, Request], Response], closed: Callable[[], Response]
) -> Response:
    """What is drawn for who has a seat here, in a thread of its workshop's."""
    try:
        who = _seated(request)
        if who is not None:
            entrance.count_look(who)
    except TooMany as problem:
        return PlainTextResponse(str(problem), 429, headers=TOO_MANY)
    if who is None:
        return closed()
    drawn = partial(_in_turn, partial(draw, who, request), who)
    return await to_thread.run_sync(drawn, limiter=_threads[who.workshop_id])


def _seated(request: Request) -> Visitor | None:
    """Whose seat the browser proves; raises TooMany after too many that are none."""
    role, code = Role.PARTICIPANT, request.query_params.get("w", "")
    if cookie_name(role, code) not in request.cookies:
        return None
    return entrance.known(lambda: admitted(request.cookies, role, code), address(request))


def _in_turn(draw: Callable[[], Drawn], who: Visitor) -> Drawn:
    with screen_slot(who):
        return draw()


def _page(who: Visitor, request: Request) -> Response:
    try:
        shown = stage.described(who, Laptop())
    except StoreError as problem:
        again = f"{PATH}?{request.url.query}"
        return plain_page.message("One moment", str(problem), again, "Try again", 409)
    about = {
        "code": services.store().workshops.get(who).code,
        "role": who.role,
        "apart": APART[who.role],
        "person": who.person_id,
    }
    # In a script a browser reads no entities; "<" alone could end it.
    data = json.dumps({"about": about, "shown": shown}).replace("<", "\\u003c")
    body = filled(
        "team",
        theme=plain_page.THEME,
        style=parts.STYLE,
        ahead=parts.links("modulepreload"),
        parts=parts.TEMPLATES,
        data=Html(data),
        entry=f"{parts.PATH}/{parts.ENTRY}",
    )
    return Response(body, media_type="text/html", headers={**FRESH, "Content-Language": "en"})


def _closed_page() -> Response:
    return plain_page.message(NO_SEAT, NEEDS_LINK, "/join", "Join with the room code", 403)


def _stage(who: Visitor, request: Request) -> Response:
    try:
        shown = stage.described(who, Laptop.read(request.query_params))
    except StoreError as problem:
        return JSONResponse({"problem": str(problem)}, 409)
    return JSONResponse(shown, headers=FRESH)


def _closed_stage() -> Response:
    title, words = SEAT_CLOSED
    return JSONResponse({"title": title, "words": words}, 403)


def routes() -> list[Route]:
    """The page, and what it asks for."""
    return [Route(PATH, page), Route(f"{PATH}/stage", looked_again), *parts.routes()]
