"""The forms of a page, as its browser gets them."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def drawn_form(app: AppTest, key: str) -> dict[str, Any] | None:
    """What the form with this key asks; None where it asks nothing."""
    [form] = [
        json.loads(element.proto.json)["form"]
        for element in app.get("bidi_component")
        if element.proto.id.endswith(f"-{key}")
    ]
    return form
