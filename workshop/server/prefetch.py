"""What the team page will need of Streamlit's files, fetched while somebody types their name.

Streamlit's installed manifest says which file is called what in this version, and which files each
needs; so only what the team page is made of is named here. A browser gives these the lowest
priority there is, and keeps them: they never change under their name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workshop.server.plain_page import Html

Manifest = dict[str, dict[str, Any]]

ENTRY = "index"
# What the team page is made of; a browser test says when one is missing.
ELEMENTS = {"BidiComponent", "Button", "Html"}
FONTS = ("SourceSansVF-Upright", "MaterialSymbols-Rounded")
KINDS = {".js": "script", ".css": "style", ".woff2": "font"}


@cache
def links() -> Html:
    """The links that ask a browser to fetch these files in advance."""
    return Html("".join(map(_link, files(_manifest()))))


def _link(file: str) -> str:
    kind = KINDS[Path(file).suffix]
    # A font is always asked for in this way; asked for in another, it would come twice.
    anonymous = " crossorigin" * (kind == "font")
    return f'<link rel="prefetch" as="{kind}" href="/{file}"{anonymous}>\n'


def _manifest() -> Manifest:
    streamlit = find_spec("streamlit")
    assert streamlit is not None
    assert streamlit.origin is not None
    file = Path(streamlit.origin).parent / "static" / "manifest.json"
    manifest: Manifest = json.loads(file.read_text("utf-8"))
    return manifest


def files(manifest: Manifest) -> tuple[str, ...]:
    """The files of the team page by a manifest of Vite's, what is needed first in front.

    >>> files({
    ...     "main": {"file": "js/index.1.js", "name": "index", "imports": ["_b"], "css": ["a.css"]},
    ...     "_b": {"file": "js/b.2.js"},
    ...     "other": {"file": "js/Chart.3.js", "name": "Chart"},
    ... })
    ('js/index.1.js', 'a.css', 'js/b.2.js')
    """
    entry = [key for key, chunk in manifest.items() if chunk.get("name") == ENTRY]
    elements = [key for key, chunk in manifest.items() if chunk.get("name") in ELEMENTS]
    fonts = [chunk["file"] for chunk in manifest.values() if _is_font(chunk["file"])]
    parts = (manifest[key] for key in _needed(manifest, [*entry, *elements]))
    scripts = [file for part in parts for file in (part["file"], *part.get("css", ()))]
    return (*scripts, *fonts)


def _is_font(file: str) -> bool:
    name = Path(file).name
    return name.endswith(".woff2") and name.startswith(FONTS)


def _needed(manifest: Manifest, keys: Iterable[str]) -> dict[str, None]:
    """These and all that they import, each once."""
    found: dict[str, None] = {}
    left = list(keys)
    while left:
        key = left.pop(0)
        if key not in found:
            found[key] = None
            left += manifest[key].get("imports", ())
    return found
