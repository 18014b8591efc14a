"""A button for each file to take home."""

from __future__ import annotations

import streamlit as st

from workshop.domain.access import Visitor
from workshop.live import services
from workshop.live.downloads import DOWNLOADS
from workshop.ui import navigation


def take_home(who: Visitor) -> None:
    """All downloads behind one button: one stop for the keyboard, and one line on a phone."""
    with st.popover("Take home", icon=":material/download:", key="take_home"):
        download_buttons(who)


@st.fragment(key="exports")
def download_buttons(who: Visitor) -> None:
    """A button for each download.

    The file comes from a route of ours: Streamlit forgets the file of a download button as soon
    as any two screens have been drawn, which in a busy room is before the browser fetches it.
    """
    code = services.store().workshops.get(who).code
    with st.container(key="exports", horizontal=True, width="content"):
        asked = [
            key
            for key, download in DOWNLOADS.items()
            if who.role in download.roles
            and download.has_content(who)
            and st.button(download.label, key=key, icon=":material/download:", help=download.says)
        ]
    for key in asked:
        navigation.fetch(f"/{key}?w={code}&role={who.role}")
