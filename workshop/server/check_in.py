"""Checking in: the plain page behind a person's own link, on which they say what was kept.

It shows what they have signed for and nothing else, and works without a script, in half a minute.
"""

from __future__ import annotations

from contextlib import suppress
from html import escape
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from workshop import log
from workshop.domain.company import Followed
from workshop.domain.text import cleaned, is_id
from workshop.live import services
from workshop.server import entrance
from workshop.server.coming_in import TOO_MANY, address
from workshop.server.gate import TooMany
from workshop.server.plain_page import Html, TooLong, filled, message, page, read_form
from workshop.store import CheckInLink, Repeated, StoreError
from workshop.wording import figures
from workshop.wording.commitments import RHYTHMS

KEPT, NOT_KEPT = "kept", "not_kept"
LONGEST = 500
CHOOSE = "Choose one of the two."
TOO_LONG = f"A sentence has {LONGEST:,} characters at most. Shorten yours."
TITLE = "What was kept?"


def ask(request: Request) -> Response:
    """The page of a link, with a form for each commitment."""
    token = request.path_params["token"]
    try:
        link = entrance.known(lambda: services.store().check_in_links.find(token), address(request))
    except TooMany as many:
        return PlainTextResponse(str(many), 429, headers=TOO_MANY)
    return _unknown() if link is None else _page(link, saved=request.query_params.get("saved", ""))


async def answer(request: Request) -> Response:
    """What came of pressing Save: the page again, which says so, or says what is missing."""
    try:
        form = await read_form(request)
    except TooLong:
        form = {}  # with no choice in it, which is asked for
    return await run_in_threadpool(_answer, request, form)


def _answer(request: Request, form: dict[str, str]) -> Response:
    token, links = request.path_params["token"], services.store().check_in_links
    try:
        link = entrance.known(lambda: links.find(token), address(request))
        if link is not None:
            entrance.count_check_in(token)
    except TooMany as many:
        return PlainTextResponse(str(many), 429, headers=TOO_MANY)
    if link is None:
        return _unknown()
    commitment_id, sentence = form.get("commitment", ""), cleaned(form.get("sentence", ""))
    if problem := _problem(form.get("kept", ""), sentence):
        return _page(link, problem=(commitment_id, problem, sentence), status=422)
    sent = form.get("sent", "")
    try:
        # The form names itself, so that pressing Save again is saying it once.
        with suppress(Repeated):
            links.check_in(
                token,
                commitment_id,
                form["kept"] == KEPT,
                sentence,
                submission_id=sent if is_id(sent) else "",
            )
    except StoreError as refused:
        return _page(link, problem=(commitment_id, str(refused), sentence), status=409)
    return RedirectResponse(f"/check-in/{token}?saved={commitment_id}", 303)


def _problem(kept: str, sentence: str) -> str:
    """What is wrong with what was sent, or ""."""
    if kept not in (KEPT, NOT_KEPT):
        return CHOOSE
    return TOO_LONG if len(sentence) > LONGEST else ""


def _page(
    link: CheckInLink,
    *,
    saved: str = "",
    problem: tuple[str, str, str] = ("", "", ""),
    status: int = 200,
) -> Response:
    own = services.store().check_in_links.followed(link)
    about, words, typed = problem
    if words and about not in {one.commitment.id for one in own} and own:
        about = own[0].commitment.id
    cards = [
        _card(
            one,
            is_saved=one.commitment.id == saved,
            problem=words if one.commitment.id == about else "",
            typed=typed if one.commitment.id == about else "",
        )
        for one in own
    ]
    body = filled(
        "check_in",
        name=link.name,
        cards=Html("".join(cards)) if cards else Html("<p>You have nothing to check in on.</p>"),
    )
    response = page(TITLE, body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _card(one: Followed, *, is_saved: bool, problem: str, typed: str) -> Html:
    commitment, said = one.commitment, one.last_said
    before = "Nothing said yet."
    if said is not None:
        kept = "kept" if said.is_kept else "not kept"
        before = f"Last said: {kept}, by {said.name} on {figures.day(said.at.date())}."
    saved = '<p class="note" role="status">Saved. Thank you.</p>' if is_saved else ""
    wrong = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return filled(
        "check_in_one",
        id=commitment.id,
        sent=uuid4().hex,
        title=commitment.title,
        who=f"{commitment.owner} with {commitment.co_owner}, {RHYTHMS[commitment.rhythm]}",
        due=f"by {figures.day(commitment.due)}",
        before=before,
        saved=Html(saved),
        problem=Html(wrong),
        sentence=typed,
        longest=str(LONGEST),
    )


def _unknown() -> Response:
    log.warning("refused a check-in link")
    return message(
        "This link is not known",
        "It may have been withdrawn, or a newer one was made. Ask management for a new one.",
        "/",
        "To the start",
        404,
    )


def routes() -> list[Route]:
    return [
        Route("/check-in/{token}", ask, methods=["GET"]),
        Route("/check-in/{token}", answer, methods=["POST"]),
    ]
