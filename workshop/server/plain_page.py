"""Plain pages of ours: HTML and its style in one answer, without a script or a file beside it.

What people type is escaped where a template is filled; only `Html` goes in as it is.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse

TEMPLATES = Path(__file__).parent / "templates"
# A form of ours holds a code, a name and two secrets; a name of 80 emoji takes a kilobyte.
MOST_BYTES = 10_000
MOST_FIELDS = 20


class TooLong(ValueError):  # noqa: N818 — "raise TooLong" says it
    """More was sent than any form of ours holds."""


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


NOTHING = Html("")
THEME = Html((TEMPLATES / "theme.css").read_text("utf-8").strip())


def filled(template: str, /, **values: str) -> Html:
    """A template of `templates/`, filled with text, which is escaped, or with HTML."""
    safe = {
        key: value if isinstance(value, Html) else escape(value) for key, value in values.items()
    }
    return Html(_template(template).substitute(safe))


@cache
def _template(name: str) -> Template:
    return Template((TEMPLATES / f"{name}.html").read_text("utf-8"))


def page(
    title: str,
    body: Html,
    status: int = 200,
    *,
    below: Html = NOTHING,
    ahead: Html = NOTHING,
    refresh_seconds: int = 0,
) -> HTMLResponse:
    """A whole page. `below` stands under its card; `ahead` names files to fetch in advance."""
    refresh = f'\n<meta http-equiv="refresh" content="{refresh_seconds}">'
    return HTMLResponse(
        filled(
            "plain",
            theme=THEME,
            title=title,
            body=body,
            below=below,
            ahead=ahead,
            refresh=Html(refresh if refresh_seconds else ""),
        ),
        status,
        # Going back shows the page as it was left, with the token that has been used.
        headers={"Cache-Control": "private, no-cache", "Content-Language": "en"},
    )


def message(title: str, words: str, path: str, label: str, status: int = 200) -> HTMLResponse:
    """A page that says something, and leads on."""
    body = filled("message", title=title, words=words, path=path, label=label)
    return page(title, body, status)


def tied(name: str, problem: str) -> dict[str, Html]:
    """What ties a field to its problem, for readers of the screen as well; empty without one."""
    if not problem:
        return {f"{name}_{part}": Html("") for part in ("problem", "tied", "invalid")}
    words = f'<p class="problem" id="{name}_problem">{escape(problem)}</p>\n'
    return {
        f"{name}_problem": Html(words),
        f"{name}_tied": Html(f" {name}_problem"),
        f"{name}_invalid": Html(' aria-invalid="true"'),
    }


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, the last of each name; raises TooLong."""
    sent = await read_body(request, MOST_BYTES)
    try:
        fields = parse_qs(
            sent.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError as problem:
        raise TooLong("This form has more fields than it should. Load the page again.") from problem
    return {name: values[-1] for name, values in fields.items()}


async def read_body(request: Request, most: int) -> bytes:
    """What was sent; raises TooLong as soon as it is more than so many bytes."""
    sent = bytearray()
    async for part in request.stream():
        sent += part
        if len(sent) > most:
            raise TooLong("This is more than the form holds. Shorten it, then try again.")
    return bytes(sent)
