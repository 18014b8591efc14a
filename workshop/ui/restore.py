"""The way back from a backup: a workshop, or a company with all of its workshops."""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

from workshop.domain.access import Visitor
from workshop.live import services
from workshop.server import entrance
from workshop.server.gate import TooMany
from workshop.server.upload_permit import Wanted
from workshop.store import StoreError
from workshop.store.archive import MAX_BYTES
from workshop.store.backups import Restored
from workshop.store.restoring import Restoring
from workshop.ui import navigation, upload
from workshop.ui.text import escape_markdown
from workshop.ui.upload.under_way import AT_ONCE_SECONDS

BACKUP = "restore_file"
OPEN_AGAIN = (
    "So do links that were withdrawn, and seats of people who were removed, after the backup was "
    "made: shut them again."
)

Enter = Callable[[Visitor], None]


def may_restore() -> bool:
    """Whether another backup may be tried here; says why where it may not."""
    try:
        entrance.count_restoring()
    except TooMany as problem:
        st.error(str(problem))
        return False
    return True


def card(enter: Enter, activities: Collection[str]) -> None:
    """A workshop or a company out of a backup, on this server or another one than it was on.

    `activities` are the codes of those that this app knows.
    """
    with st.container(border=True, key="restore_card", height="stretch"):
        st.header("Restore a workshop from a backup", anchor=False)
        problem = take_restored()
        if "restored" in st.session_state:
            come_back(st.session_state.restored, enter)
            return
        if "restoring" in st.session_state:
            restoring_under_way()
            return
        files = upload.ask_for_files(
            BACKUP,
            "The file that the facilitator has downloaded",
            Wanted(("zip",), MAX_BYTES),
            "Of a workshop, or of a company with all of its workshops.",
        )
        if (
            st.button("Restore the workshop", key="restore_submit", width="stretch")
            and files
            and entrance.is_host(st.context.cookies.to_dict())
            and may_restore()
        ):
            file, backups = files[0].content(), services.store().backups
            st.session_state.restoring = Restoring(backups, file, activities)
            st.session_state.restoring.wait(AT_ONCE_SECONDS)
            st.rerun()
        if problem:
            st.error(escape_markdown(problem))


def take_restored() -> str:
    """Take over what came of a restoring that is over; returns why nothing came back, or ""."""
    restoring: Restoring | None = st.session_state.get("restoring")
    if restoring is None or not restoring.is_over:
        return ""
    del st.session_state.restoring
    try:
        st.session_state.restored = restoring.restored()
        upload.let_go(BACKUP)
        entrance.count_restored()
    except StoreError as problem:
        return str(problem)
    return ""


@st.fragment(run_every=0.5)
def restoring_under_way() -> None:
    """How far the restoring is; once it is over, the page goes on."""
    restoring: Restoring | None = st.session_state.get("restoring")
    if restoring is None or restoring.is_over:
        st.rerun()
    st.progress(restoring.progress, "Reading the backup …")


def come_back(restored: tuple[Restored, ...], enter: Enter) -> None:
    """Say what is as it was and what is not, and open the way in."""
    if len(restored) > 1:
        company_comes_back(restored)
        return
    [one] = restored
    workshop = services.store().workshops.get(one.facilitator)
    st.text(f"“{workshop.name}” is back.")
    if one.is_second:
        st.text(
            f"It stands beside the one that is here, with the room code {workshop.code}. Links and "
            "seats open the other one: hand out new links, and let people join anew."
        )
    elif workshop.code != one.former_code:
        st.text(
            f"Its room code {one.former_code} is taken here; the new one is {workshop.code}. "
            "Links open it again; people join anew with this code."
        )
    else:
        st.text(f"Its room code is {workshop.code} as before; links and seats open it again.")
    if not one.is_second:
        st.text(OPEN_AGAIN)
    if st.button("Go to the workshop", key="restore_enter", type="primary", width="stretch"):
        del st.session_state.restored
        enter(one.facilitator)


def company_comes_back(restored: tuple[Restored, ...]) -> None:
    """Each workshop opens in a tab of its own, so that the ways into the others stay here."""
    name = services.store().companies.of(restored[0].facilitator).name
    st.text(f"“{name}” is back, with {len(restored)} workshops.")
    if restored[0].is_second:
        st.text(
            "It stands beside the company that is here. Links and seats open the other one: hand "
            "out new links, and let people join anew."
        )
    else:
        st.text(f"Links and seats open its workshops again. {OPEN_AGAIN}")
    ways: dict[str, str] = st.session_state.setdefault("restored_ways", {})
    for one in restored:
        workshop = services.store().workshops.get(one.facilitator)
        if workshop.id not in ways:
            ways[workshop.id] = navigation.way_in(one.facilitator)
        was = "" if workshop.code == one.former_code else f", before {one.former_code}"
        label = escape_markdown(f"{workshop.name} ({workshop.code}{was})")
        st.link_button(label, ways[workshop.id], width="stretch")
