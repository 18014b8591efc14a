"""Joining: the plain page behind the QR code, on which somebody says who they are.

The form carries the token that its seat will have, so that pressing Join again, after a lost
answer or a restart, is the same seat. Who is in already under the same name and side is asked
whether they are that person; they get that seat once it is confirmed where it is held, or by the
facilitator, and wait for that on a page that loads itself again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from workshop.domain.access import Role, cookie_name, new_token, read_code
from workshop.domain.checks import NAME_LENGTH
from workshop.domain.people import Person, Side
from workshop.domain.text import cleaned
from workshop.live import services
from workshop.live.visitors import admitted
from workshop.server import entrance, plain_page
from workshop.server.coming_in import TOO_MANY, address, keep_secret, let_in, to_screen
from workshop.server.gate import TooMany
from workshop.server.plain_page import NOTHING, Html, TooLong, filled, page, read_form, tied
from workshop.store import StoreError, UnknownCode
from workshop.wording.sides import LETTERS

TOKEN = re.compile(r"[\w-]{22}", re.ASCII)
FIELDS = ("code", "name", "side")
NO_CODE = "Write the room code: it stands on the projector."
NO_NAME = "Write your name, so that your team knows you."
NO_SIDE = "Choose your side: teams are mixed from both."
LONG_NAME = f"Names have {NAME_LENGTH} characters at most. Shorten yours."
TITLE = "Join the workshop"
# How often the page of who waits to be confirmed looks again.
LOOKS_AGAIN_SECONDS = 3
A_DAY = 24 * 3600
ELSEWHERE = Html('<p class="more"><a href="/">Start a workshop, or see an example</a></p>')


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, and the token that its seat will have."""

    code: str = ""
    name: str = ""
    side: Side | None = None
    token: str = ""

    @classmethod
    def read(cls, form: dict[str, str], code: str) -> Typed:
        """What was sent, by a browser or by anybody; the code of the address where none is."""
        side, token = form.get("side", ""), form.get("token", "")
        return cls(
            cleaned(form.get("code", code)).strip(),
            cleaned(form.get("name", "")).strip(),
            Side(side) if side in set(Side) else None,
            token if TOKEN.fullmatch(token) else new_token(),
        )

    @property
    def room(self) -> str:
        """The room code, as it is known; `code` is what was typed."""
        return read_code(self.code)

    def problems(self) -> dict[str, str]:
        """What is missing, by field."""
        found = {
            "code": "" if self.room else NO_CODE,
            "name": NO_NAME if not self.name else LONG_NAME if self.is_too_long else "",
            "side": "" if self.side else NO_SIDE,
        }
        return {field: words for field, words in found.items() if words}

    @property
    def is_too_long(self) -> bool:
        return len(self.name) > NAME_LENGTH


def ask(request: Request, *, ahead: Html) -> Response:
    """The page with the form, empty but for the code of the address."""
    code = read_code(request.path_params.get("code", ""))
    return _form(Typed(code, token=new_token()), seat=_own_seat(request, code), ahead=ahead)


async def answer(request: Request) -> Response:
    """What came of pressing Join: the seat, or the same page with what is wrong."""
    code = request.path_params.get("code", "")
    try:
        form = await read_form(request)
    except TooLong as problem:
        return _form(Typed(read_code(code), token=new_token()), {"form": str(problem)}, 413)
    typed = Typed.read(form, code)
    return await run_in_threadpool(_answer, request, typed, form.get("who", ""))


def _answer(request: Request, typed: Typed, who: str) -> Response:
    if problems := typed.problems():
        return _form(typed, problems, 422)
    try:
        return _seat(request, typed, who)
    except UnknownCode as problem:
        return _form(typed, {"code": str(problem)}, 422)
    except TooMany as problem:
        response = _form(typed, {"form": str(problem)}, 429)
        response.headers.update(TOO_MANY)
        return response
    except StoreError as problem:
        return _form(typed, {"form": str(problem)}, 409)


def _seat(request: Request, typed: Typed, who: str) -> Response:
    """To the seat; raises UnknownCode, TooMany or StoreError where there is none."""
    assert typed.side is not None
    store, where = services.store(), address(request)
    entrance.find(typed.room, where)
    held = admitted(request.cookies, Role.PARTICIPANT, typed.room)
    own = request.cookies.get(cookie_name(Role.PARTICIPANT, typed.room), "")
    if held is not None and store.seats.holds(own, typed.room, typed.name, typed.side):
        return to_screen(held)
    namesake = store.seats.namesake(typed.room, typed.name, typed.side, typed.token)
    if namesake is not None and who == "same":
        return _ask_for_seat(request, typed, namesake)
    if namesake is not None and who != "another":
        return _ask_who(typed)
    token = entrance.join(typed.room, typed.name, typed.side, where, typed.token)
    visitor = store.tokens.admit(token)
    assert visitor is not None
    if held is not None:  # it asks before the browser gives up the seat it has
        return RedirectResponse(f"/enter/{token}", 303)
    return let_in(request, visitor, token)


def _own_seat(request: Request, code: str) -> Html:
    """A note for a browser that sits in this workshop already."""
    held = admitted(request.cookies, Role.PARTICIPANT, code)
    if held is None:
        return NOTHING
    return filled("own_seat", name=services.store().seats.own_name(held), code=code)


# -- the page ------------------------------------------------------------------------------------


def _form(
    typed: Typed,
    problems: dict[str, str] | None = None,
    status: int = 200,
    seat: Html = NOTHING,
    ahead: Html = NOTHING,
) -> Response:
    problems = problems or {}
    focused = next(filter(problems.__contains__, FIELDS), "name" if typed.code else "code")
    ties: dict[str, Html] = {}
    for field in FIELDS:
        ties |= tied(field, problems.get(field, ""))
    focus = {f"{field}_focus": Html(" autofocus" * (field == focused)) for field in FIELDS}
    general = problems.get("form", "")
    body = filled(
        "join",
        seat=seat,
        problem=Html(f'<p class="note problem" role="alert">{escape(general)}</p>' * bool(general)),
        token=typed.token,
        code=typed.code,
        name=typed.name,
        sides=_sides(typed.side, focus.pop("side_focus")),
        **ties,
        **focus,
    )
    title = f"Not yet in: {TITLE}" if problems else TITLE
    return page(title, body, status, below=ELSEWHERE, ahead=ahead)


def _sides(chosen: Side | None, focus: Html) -> Html:
    """A choice a side; the first takes the focus where the side is what is missing."""
    choices = []
    for place, side in enumerate(Side):
        state = " checked" * (side is chosen) + focus * (place == 0)
        word = side.capitalize()
        choices.append(
            filled("side", side=side, letter=LETTERS[side], word=word, state=Html(state))
        )
    return Html("".join(choices))


# -- on a second device --------------------------------------------------------------------------


def _ask_who(typed: Typed) -> Response:
    """Whether somebody is the one who is in under their name and side."""
    assert typed.side is not None
    body = filled(
        "same_person", name=typed.name, side=typed.side, code=typed.room, token=typed.token
    )
    return page(f"Are you the {typed.name} who is in already?", body, 409)


def _ask_for_seat(request: Request, typed: Typed, person: Person) -> Response:
    token = new_token() if services.store().tokens.admit(typed.token) else typed.token
    if services.store().devices.ask_for_seat(typed.room, person.id, token) is None:
        return _form(replace(typed, token=new_token()), {"form": NOT_CONFIRMED}, 409)
    response = RedirectResponse(f"/join/{typed.room}/waiting", 303)
    secret = f"{person.id}.{token}"
    keep_secret(request, response, _waiting_cookie(typed.room), secret, A_DAY, "/join")
    return response


NOT_CONFIRMED = (
    "This device was not let into that seat. If it is yours, ask the facilitator, then join again; "
    "or say that you are another one."
)


def wait(request: Request) -> Response:
    """The page of who waits to be confirmed; leads to the seat once they are."""
    code = read_code(request.path_params["code"])
    person_id, _, token = request.cookies.get(_waiting_cookie(code), "").partition(".")
    if services.store().tokens.admit(token) is not None:
        return _without_waiting(RedirectResponse(f"/enter/{token}", 303), code)
    try:
        asking = services.store().devices.ask_for_seat(code, person_id, token)
    except StoreError:
        asking = None
    if asking is None:
        refused = plain_page.message(
            "You are not in yet", NOT_CONFIRMED, f"/join/{code}", "Join again", 409
        )
        return _without_waiting(refused, code)
    body = filled("waiting", name=asking.person.name, number=str(asking.number))
    response = page("Waiting to be confirmed", body, refresh_seconds=LOOKS_AGAIN_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _waiting_cookie(code: str) -> str:
    return f"waiting_{code}"


def _without_waiting(response: Response, code: str) -> Response:
    response.delete_cookie(_waiting_cookie(code), path="/join")
    return response


# -- addresses -----------------------------------------------------------------------------------


class FormerCodes:
    """Sends on whoever comes by a QR code from before, which led to the home page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        code = ""
        if scope["type"] == "http" and scope["path"] == "/" and scope["method"] == "GET":
            code = read_code(QueryParams(scope["query_string"]).get("code", ""))
        app = RedirectResponse(f"/join/{code}", 303) if code.isascii() and code else self._app
        await app(scope, receive, send)


def routes(ahead: Html) -> list[Route]:
    """The join page, with and without a room code in its address.

    `ahead` names what the mini-team's page will need: fetched while somebody types their name.
    """
    return [
        *(
            Route(path, endpoint, methods=[method])
            for path in ("/join", "/join/{code}")
            for method, endpoint in (("GET", partial(ask, ahead=ahead)), ("POST", answer))
        ),
        Route("/join/{code}/waiting", wait),
    ]
