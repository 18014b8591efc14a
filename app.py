"""The server: Streamlit's app with our few routes. `python app.py` runs it."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from workshop import intake, log
from workshop.domain.access import Role, read_cookie_name
from workshop.live import services
from workshop.live.company_downloads import COMPANY_DOWNLOADS
from workshop.live.downloads import DOWNLOADS
from workshop.live.hub import NOT_LET_IN
from workshop.live.visitors import admitted, topics
from workshop.server import (
    check_in,
    coming_in,
    demo,
    demo_second_look,
    entrance,
    hosting,
    joining,
    operating,
    startup,
    submissions,
)
from workshop.server.bound_sessions import BoundSessions
from workshop.server.coming_in import address, visitor_of
from workshop.server.compression import Compression
from workshop.server.connection_limit import ConnectionLimit
from workshop.server.cross_site import CrossSite, named
from workshop.server.gate import TooMany, proxies
from workshop.server.headers import Headers
from workshop.server.streamlit_surface import StreamlitSurface
from workshop.server.translation import Untranslated
from workshop.server.upload_permit import UploadSpace, delete_leftovers
from workshop.server.upload_route import Uploads
from workshop.store import Store, StoreError
from workshop.team import page as team_page
from workshop.team import parts
from workshop.ui import streamlit_patches
from workshop.ui.navigation import network_name
from workshop.ui.stage import show_store_error

# So many workshops of a browser are looked up for one socket.
MOST_DOORS = 50
FILES = DOWNLOADS | COMPANY_DOWNLOADS
MENU = Path(__file__).parent / "pages" / "menu.py"
PATHS = {"/", *(f"/{page.stem}" for page in MENU.parent.glob("*.py"))}


async def live(socket: WebSocket) -> None:
    """The line on which a screen hears that it must look again."""
    where = address(socket)
    try:
        visitor = entrance.known(lambda: visitor_of(socket), where)
    except TooMany:
        visitor = None
    if visitor is None:
        log.warning("refused a line")
        await socket.close(code=NOT_LET_IN)
        return
    await services.hub().serve(
        socket,
        visitor,
        lambda: topics(visitor),
        lambda: visitor_of(socket) == visitor,
        where,
        partial(team_page.look, visitor) if visitor.role is Role.PARTICIPANT else None,
        socket.query_params.get("stamp", ""),
    )


async def proven(asked: HTTPConnection) -> str:
    """The mark of a link or a seat that a browser proves by a cookie; "" for who is in nowhere."""
    doors = [door for name in asked.cookies if (door := read_cookie_name(name))]
    return await run_in_threadpool(_mark, asked.cookies, doors[:MOST_DOORS]) if doors else ""


def _mark(cookies: dict[str, str], doors: list[tuple[Role, str]]) -> str:
    try:
        visitors = (admitted(cookies, role, code) for role, code in doors)
        return next((visitor.mark for visitor in visitors if visitor), "")
    except StoreError:  # the page says so itself
        return ""


def download(request: Request) -> Response:
    """A file to take home, for the facilitator and management."""
    key = request.url.path.strip("/")
    file, visitor = FILES[key], visitor_of(request)
    if visitor is None or visitor.role not in file.roles:
        log.warning("refused a download")
        return PlainTextResponse("Open this from the facilitator's or management's screen.", 403)
    name = f"funnel-reality-check-{services.store().workshops.get(visitor).code}{file.ending}"
    try:
        content = file.build(visitor)
    except StoreError as problem:
        return PlainTextResponse(str(problem), 409)
    return Response(
        content,
        media_type=file.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@asynccontextmanager
async def running(_: st.App) -> AsyncIterator[None]:
    """Open the records before anybody comes in; close them when the server stops."""
    startup.warn_if_unsettled()
    store = services.store()
    delete_leftovers()
    startup.end_in_time(store.close)
    with operating.key_beside(services.records_path()):
        startup.welcome_once_up()
        yield
    intake.close_all()
    store.close()


app = st.App(
    MENU,
    lifespan=running,
    middleware=[
        Middleware(Headers),
        Middleware(CrossSite, names=named(os.environ.get("WORKSHOP_NAME", ""))),
        Middleware(BoundSessions),
        Middleware(joining.FormerCodes),
        Middleware(StreamlitSurface),
        Middleware(ConnectionLimit, proven=proven),
        Middleware(Compression, pages=PATHS),
        Middleware(Untranslated, own={team_page.PATH}),
    ],
    routes=[
        WebSocketRoute("/live", live),
        Route("/forms/{form}", submissions.submit, methods=["POST"]),
        Uploads(UploadSpace()).route(),
        *(Route(f"/{key}", download) for key in FILES),
        *coming_in.routes(),
        *joining.routes(parts.links("prefetch")),
        *team_page.routes(),
        *check_in.routes(),
        *hosting.routes(),
        *operating.routes(services.store),
    ],
    on_script_error=show_store_error,
)


def main() -> None:
    log.hide_session_ids()
    log.leave_out("streamlit.error_util", StoreError)
    log.start(os.environ.get("WORKSHOP_LOG") or log.Level.INFO)
    print("Funnel Reality Check is starting. Ctrl+C stops it.", flush=True)  # noqa: T201
    paths = demo_paths() if "--demo" in sys.argv[1:] else {}
    services.store()  # records that cannot be opened end the start here, with a sentence
    streamlit_patches.apply_patches()
    startup.settle()
    port = int(os.environ.get("PORT", "8501"))
    # Whose word counts about where a request comes from: without a named proxy nobody's.
    os.environ.update(FORWARDED_ALLOW_IPS=proxies(os.environ.get("WORKSHOP_PROXY", "")))
    startup.welcome_with(addresses(port, paths), port)
    # What guards Streamlit's routes knows them as they are called without a path before them.
    app.run(config={"server.port": port, "server.baseUrlPath": ""})


def addresses(port: int, paths: dict[str, str]) -> str:
    """Where the server is, a line each: its screens, a phone's in the network, else its start."""
    if not paths:
        places = {"On this machine": "localhost", "In the network": network_name()}
        return "\n".join(f"  {name}: http://{host}:{port}" for name, host in places.items())
    lines = []
    for name, path in paths.items():
        host = network_name() if path.startswith(("/join", "/check-in")) else "localhost"
        lines.append(f"  {name + ':':13}http://{host}:{port}{path}")
    return "\n".join(lines)


def demo_paths() -> dict[str, str]:
    """The ways into a new example; its records are closed again, so that its copy is made too."""
    with log.muted(), closing(Store(services.records_path())) as store:
        facilitator = demo.fill(store)
        looking = demo_second_look.fill(store, facilitator)
        owner = store.check_in_links.issue(looking, "Grace")
        return {
            "Facilitator": f"/enter/{store.tokens.issue_to_starter(facilitator)}",
            "Board": f"/enter/{store.tokens.issue(facilitator, Role.PROJECTOR)}",
            "Management": f"/enter/{store.tokens.issue(facilitator, Role.MANAGER)}",
            "Phone": f"/join/{store.workshops.get(facilitator).code}",
            "Second look": f"/enter/{store.tokens.issue_to_starter(looking)}",
            "Its board": f"/enter/{store.tokens.issue(looking, Role.PROJECTOR)}",
            "Check-in": f"/check-in/{owner}",
        }


if __name__ == "__main__":
    try:
        main()
    except (StoreError, ValueError) as problem:
        sys.exit(str(problem))
