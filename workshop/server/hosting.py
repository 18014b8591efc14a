"""The host key: a plain page that asks for it, and a cookie that proves it was shown."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from workshop.server import entrance
from workshop.server.coming_in import TOO_MANY, address, keep_secret
from workshop.server.gate import TooMany
from workshop.server.plain_page import Html, TooLong, filled, page, read_form, tied

WRONG_KEY = "The host key is not right. Whoever runs this server knows it."
ELSEWHERE = Html('<p class="more"><a href="/join">Join a workshop</a> <a href="/">Back</a></p>')


def ask(request: Request) -> Response:
    """The page with the field; nobody is asked twice, or where there is no host key."""
    return RedirectResponse("/", 303) if entrance.is_host(request.cookies) else _form()


async def answer(request: Request) -> Response:
    """What came of showing a key: the cookie, or the same page with what is wrong."""
    try:
        key = (await read_form(request)).get("key", "")
    except TooLong as problem:
        return _form(str(problem), 413)
    return await run_in_threadpool(_answer, request, key)


def _answer(request: Request, key: str) -> Response:
    try:
        is_right = entrance.is_host_key(key, address(request))
    except TooMany as problem:
        response = _form(str(problem), 429)
        response.headers.update(TOO_MANY)
        return response
    if not is_right:
        return _form(WRONG_KEY, 422)
    response = RedirectResponse("/", 303)
    proof = entrance.host_proof()
    keep_secret(request, response, entrance.HOST_COOKIE, proof, entrance.HALF_A_DAY)
    return response


def _form(problem: str = "", status: int = 200) -> Response:
    body = filled("host_key", **tied("key", problem))
    title = "Not yet: the host key" if problem else "The host key"
    return page(title, body, status, below=ELSEWHERE)


def routes() -> list[Route]:
    return [Route("/start", ask, methods=["GET"]), Route("/start", answer, methods=["POST"])]
