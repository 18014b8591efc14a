"""What runs in the browser beside Streamlit: small components, each from its files here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

COMPONENTS = Path(__file__).parent
STYLE = COMPONENTS / "style.css"
ICON = COMPONENTS / "icon.svg"


def load_component(name: str) -> Any:
    """A component, from those of `<name>.html`, `.css` and `.js` that exist."""

    def text(kind: str) -> str | None:
        file = COMPONENTS / f"{name}.{kind}"
        return file.read_text("utf-8") if file.exists() else None

    return st.components.v2.component(name, html=text("html"), css=text("css"), js=text("js"))
