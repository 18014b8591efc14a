"""What a mini-team's page is made of in the browser: its scripts, and parts with a style each.

The live line, the clock and the form are those of Streamlit's pages; here a page of ours mounts
them. Scripts never change under their address, so a browser keeps them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from workshop.server.plain_page import Html
from workshop.ui.components import COMPONENTS, script_of
from workshop.ui.forms import SCRIPTS as FORM_SCRIPTS

HERE = Path(__file__).parent
ENTRY = "page.js"


def _read(folder: Path, name: str) -> str:
    return (folder / name).read_text("utf-8")


SCRIPTS = {
    ENTRY: _read(HERE, ENTRY),
    "blocks.js": _read(HERE, "blocks.js"),
    "form.js": script_of("form", FORM_SCRIPTS),
    **{f"{name}.js": script_of(name) for name in ("live", "clock", "announce")},
}
PARTS = {
    "form": COMPONENTS / "form",
    "live": COMPONENTS,
    "clock": COMPONENTS,
    "announce": COMPONENTS,
}
VERSION = hashlib.sha256("".join(SCRIPTS.values()).encode()).hexdigest()[:16]
PATH = f"/parts/{VERSION}"
STYLE = Html(_read(HERE, "page.css"))
TEMPLATES = Html(
    "".join(
        f'<template id="{name}-part"><style>{_read(folder, f"{name}.css")}</style>'
        f"{_read(folder, f'{name}.html')}</template>\n"
        for name, folder in PARTS.items()
    )
)


def links(relation: str) -> Html:
    """Links to all scripts: `modulepreload` on the page itself, `prefetch` on one before it."""
    kind = ' as="script"' * (relation == "prefetch")
    return Html(
        "".join(f'<link rel="{relation}"{kind} href="{PATH}/{name}">\n' for name in SCRIPTS)
    )


def script(request: Request) -> Response:
    """One of the scripts; an address of an older version is not known."""
    text = SCRIPTS.get(request.path_params["name"])
    if text is None or request.path_params["version"] != VERSION:
        return PlainTextResponse("Not Found", 404)
    return Response(
        text,
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def routes() -> list[Route]:
    return [Route("/parts/{version}/{name}", script)]
