"""What the team page will need of Streamlit's files, fetched while somebody types their name."""

from __future__ import annotations

from functools import cache

from workshop.plain_page import Html


@cache
def links() -> Html:
    return Html("")
