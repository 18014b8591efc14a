"""Coming in: a link or a seat becomes a cookie, so that no secret stays in the address bar."""

from __future__ import annotations

from secrets import compare_digest

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from workshop import log
from workshop.domain.access import Role, Visitor, cookie_name
from workshop.live import services
from workshop.live.visitors import PAGES, admitted
from workshop.server import entrance, plain_page
from workshop.server.gate import TooMany, home
from workshop.server.plain_page import filled

HALF_A_YEAR = 180 * 24 * 3600
TOO_MANY = {"Retry-After": "60"}


def address(asked: HTTPConnection) -> str:
    """The network from which a browser asks."""
    return home(asked.client.host if asked.client else "")


def visitor_of(asked: HTTPConnection) -> Visitor | None:
    """Who asks, as the role and in the workshop that the address names; None for who is not in."""
    code, role = asked.query_params.get("w", ""), asked.query_params.get("role", "")
    return admitted(asked.cookies, Role(role), code) if role in set(Role) else None


def enter(request: Request) -> Response:
    """Swap a link's token for a cookie."""
    token = request.path_params["token"]
    try:
        visitor = entrance.known(lambda: services.store().tokens.admit(token), address(request))
    except TooMany as problem:
        return PlainTextResponse(str(problem), 429, headers=TOO_MANY)
    if visitor is None:
        log.warning("refused a link")
        return unknown_link()
    code = services.store().workshops.get(visitor).code
    held = admitted(request.cookies, visitor.role, code)
    if held is not None and held.is_starter and not visitor.is_starter:
        return to_screen(visitor)  # who tries a co-facilitator's link keeps the right for good
    if held is not None and held != visitor and not is_meant(request, held):
        return second_seat(held, visitor)
    return let_in(request, visitor, token)


def let_in(request: Request, visitor: Visitor, token: str) -> Response:
    """To the screen of a visitor, whose cookie the browser has from now on."""
    response = to_screen(visitor)
    name = cookie_name(visitor.role, services.store().workshops.get(visitor).code)
    keep_secret(request, response, name, token, HALF_A_YEAR)
    return response


def keep_secret(
    request: Request, response: Response, name: str, value: str, seconds: int, path: str = "/"
) -> None:
    """Let the browser keep a cookie that no script, and no other site, can read or send."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def to_screen(visitor: Visitor) -> RedirectResponse:
    code = services.store().workshops.get(visitor).code
    return RedirectResponse(
        f"/{PAGES[visitor.role]}?w={code}", 303, headers={"Cache-Control": "no-store"}
    )


def is_meant(request: Request, held: Visitor) -> bool:
    """Whether somebody gives up the seat they hold: another site cannot know its mark."""
    return compare_digest(request.query_params.get("instead_of", "").encode(), held.mark.encode())


def second_seat(held: Visitor, other: Visitor) -> Response:
    """The page that asks before a browser gives up its seat for another one: the link may be
    somebody else's, who would have this browser write under their name."""
    store = services.store()
    workshop = store.workshops.get(held)
    body = filled(
        "second_seat",
        workshop=workshop.name,
        own=store.seats.own_name(held),
        other=store.seats.own_name(other),
        code=workshop.code,
        mark=held.mark,
    )
    response = plain_page.page("You have a seat already", body)
    response.headers["Cache-Control"] = "no-store"
    return response


def unknown_link() -> Response:
    return plain_page.message(
        "This link is not known",
        "It may have been withdrawn, or a part of it is missing. Ask the facilitator for a new "
        "one. If you want to take part, the room code on the projector is enough.",
        "/join",
        "Join with the room code",
        404,
    )


def routes() -> list[Route]:
    return [Route("/enter/{token}", enter)]
