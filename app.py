"""The server: Streamlit's app with our few routes. `python app.py` runs it."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from workshop import demo, screen
from workshop.access import Role, cookie_name
from workshop.live import same_origin
from workshop.screen import network_name
from workshop.store import StoreError

HALF_A_YEAR = 180 * 24 * 3600
MENU = Path(__file__).parent / "pages" / "menu.py"


async def enter(request: Request) -> Response:
    """Swap a link's token for a cookie, so that no secret stays in the address bar."""
    token = request.path_params["token"]
    visitor = screen.store().admit(token)
    if visitor is None:
        return RedirectResponse("/?door=closed", status_code=303)
    code = screen.store().workshop(visitor).code
    response = RedirectResponse(f"/{screen.PAGES[visitor.role]}?w={code}", status_code=303)
    response.set_cookie(
        cookie_name(visitor.role, code),
        token,
        max_age=HALF_A_YEAR,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


async def live(socket: WebSocket) -> None:
    """The line on which a screen hears that it must look again."""
    code, role = socket.query_params.get("w", ""), socket.query_params.get("role", "")
    known = role in set(Role) and same_origin(socket)
    visitor = screen.admitted(socket.cookies, Role(role), code) if known else None
    if visitor is None:
        await socket.close(code=4403)
        return
    await screen.hub().serve(socket, visitor, lambda: screen.topics(visitor))


def download(request: Request) -> Response:
    """A file to take home, for the facilitator and management."""
    key = request.url.path.strip("/")
    code, role = request.query_params.get("w", ""), request.query_params.get("role", "")
    may = role in (Role.FACILITATOR, Role.MANAGER)
    visitor = screen.admitted(request.cookies, Role(role), code) if may else None
    if visitor is None:
        return PlainTextResponse("Open this from the facilitator's or management's screen.", 403)
    file = screen.DOWNLOADS[key]
    name = f"funnel-reality-check-{code}{file.ending}"
    return Response(
        file.build(visitor),
        media_type=file.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


async def healthz(_: Request) -> Response:
    """Whether the records answer."""
    screen.store().find("")
    return JSONResponse({"status": "ok"})


@asynccontextmanager
async def running(_: st.App) -> AsyncIterator[None]:
    """Open the records before anybody comes in; close them when the server stops."""
    screen.store()
    yield
    screen.store().close()


app = st.App(
    MENU,
    lifespan=running,
    routes=[
        Route("/enter/{token}", enter),
        WebSocketRoute("/live", live),
        *(Route(f"/{key}", download) for key in screen.DOWNLOADS),
        Route("/healthz", healthz),
    ],
)


def main() -> None:
    port = int(os.environ.get("PORT", "8501"))
    demo_path = f"/enter/{demo_token()}" if "--demo" in sys.argv[1:] else ""
    print("Funnel Reality Check is starting. Ctrl+C stops it.")  # noqa: T201
    for name, host in (("On this machine", "localhost"), ("In the network", network_name())):
        print(f"  {name}: http://{host}:{port}{demo_path}", flush=True)  # noqa: T201
    app.run(config={"server.port": port})


def demo_token() -> str:
    return screen.store().issue(demo.fill(screen.store()), Role.FACILITATOR)


if __name__ == "__main__":
    try:
        main()
    except StoreError as problem:
        sys.exit(str(problem))
