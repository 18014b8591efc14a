"""What runs in the browser beside Streamlit: small components, each from its files here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

COMPONENTS = Path(__file__).parent
STYLE = COMPONENTS / "style.css"
ICON = COMPONENTS / "icon.svg"


def load_component(name: str, scripts: tuple[str, ...] = ()) -> Any:
    """A component, from those of `<name>.html`, `.css` and `.js` that exist.

    One with several `scripts` has a folder of its own; they are joined in this order, since a
    component's script cannot import another.
    """
    folder = COMPONENTS / name if scripts else COMPONENTS
    html, css = (_text(folder / f"{name}.{kind}") for kind in ("html", "css"))
    js = script_of(name, scripts) or None
    return st.components.v2.component(name, html=html, css=css, js=js)


def script_of(name: str, scripts: tuple[str, ...] = ()) -> str:
    """What a component runs in the browser; nothing where it has no script."""
    folder = COMPONENTS / name if scripts else COMPONENTS
    return "\n".join(_text(folder / f"{part}.js") or "" for part in scripts or (name,))


def _text(file: Path) -> str | None:
    return file.read_text("utf-8") if file.exists() else None
