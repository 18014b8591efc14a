"""Text on the screen: what users typed is shown letter by letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from workshop.domain.access import Visitor
from workshop.live import services
from workshop.wording.import_words import in_one_line

_MARKUP = str.maketrans({mark: "\\" + mark for mark in "\\`*_{}[]()<>#+-.!|~$:^=&\"'/@"})
# Where Streamlit would make an address, an :emoji: or an arrow of plain letters even so, an
# invisible word joiner keeps them apart.
_MADE_INTO_SOMETHING = re.compile(
    r"(?<=:)(?=[\w/+])|(?<=www)(?=\.)|(?<=\w)(?=@)|(?<=[-<>=~])(?=[-=>])", re.IGNORECASE
)
_WORD_JOINER = "\u2060"


def escape_markdown(text: str) -> str:
    """A user's text, safe where Streamlit reads markdown: shown letter by letter.

    >>> escape_markdown("*a*") == chr(92) + "*" + "a" + chr(92) + "*"
    True
    """
    kept_apart = _MADE_INTO_SOMETHING.sub(_WORD_JOINER, " ".join(text.split()))
    return kept_apart.translate(_MARKUP)


def keyed_text(key: str, text: str) -> None:
    """Plain text that style.css finds by its key."""
    with st.container(key=key):
        st.text(text)


def bullet_list(items: Sequence[str]) -> None:
    """A list as one element, which is sent as one message; each item markdown, in lines if so."""
    st.markdown("\n".join("- " + item.replace("\n", "\n  ") for item in items))


def heard_too(shown: str, heard: str) -> str:
    """A label with what only who listens is told: under which heading it stands.

    >>> heard_too("Facts", "Leads")
    'Facts :small[Leads]'
    """
    label = escape_markdown(shown)
    return f"{label} :small[{escape_markdown(heard)}]" if heard else label


def clock_time(moment: datetime) -> str:
    """The time of day where the browser is that looks, such as 14:05.

    >>> from datetime import UTC
    >>> clock_time(datetime(2026, 3, 14, 14, 5, tzinfo=UTC))
    '14:05'
    """
    return f"{moment.astimezone(_time_zone()):%H:%M}"


def _time_zone() -> tzinfo:
    # The browser says it; one may say a name that this machine does not know.
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def spoken_title(text: str) -> None:
    """What heads a page whose heading is seen otherwise: for who listens to it."""
    with st.container(key="spoken_title"):
        st.title(escape_markdown(text), anchor=False)


def origin_line(who: Visitor) -> None:
    """Where the numbers come from, in a line, if that is known."""
    origin = services.store().funnels.versions(who)[0].origin
    if origin is not None:
        keyed_text("origin_line", f"Numbers: {in_one_line(origin)}")
