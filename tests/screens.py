"""The screens of a workshop, run by Streamlit without a browser."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

MENU = Path(__file__).parents[1] / "pages" / "menu.py"


def screen(page: str, code: str) -> AppTest:
    """A page of the workshop with this code, as a browser opens it: at once, not over another."""
    app = AppTest.from_file(str(MENU), default_timeout=60)
    app.query_params["w"] = code
    app.switch_page(page).run()
    assert not app.exception
    return app
