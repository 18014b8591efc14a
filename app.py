"""The server: Streamlit's app with our few routes. `python app.py` runs it."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from workshop import screen
from workshop.access import Role, cookie_name
from workshop.live import same_origin

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


async def healthz(_: Request) -> Response:
    """Whether the records answer."""
    screen.store().find("")
    return JSONResponse({"status": "ok"})


app = st.App(
    MENU,
    routes=[
        Route("/enter/{token}", enter),
        WebSocketRoute("/live", live),
        Route("/healthz", healthz),
    ],
)

if __name__ == "__main__":
    app.run(config={"server.port": int(os.environ.get("PORT", "8501"))})
