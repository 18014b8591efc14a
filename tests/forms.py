"""The forms of a page, as its browser gets them."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def drawn_form(app: AppTest, key: str) -> Any:
    """What the form with this key asks; None where it asks nothing."""
    [told] = [part.proto.json for part in app.get("bidi_component") if part.key == key]
    return json.loads(told)["form"]
