"""New numbers for a running workshop: read a file again, or go back to an older version."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from workshop.analysis.conversion import revenue
from workshop.analysis.likeness import same_stages
from workshop.domain.access import Role
from workshop.domain.funnel import Funnel
from workshop.live import services
from workshop.store import FunnelVersion, StoreError
from workshop.ui import navigation, upload
from workshop.ui.identity import require
from workshop.ui.text import escape_markdown
from workshop.ui.upload import Numbers
from workshop.wording.comparison import compared
from workshop.wording.import_words import in_one_line

who = require(Role.FACILITATOR)
store = services.store()


def compare(funnel: Funnel) -> None:
    """What the new numbers change, before anybody uses them."""
    before = store.funnels.current(who)
    if before.stages != funnel.stages:
        return  # the records say so once they are asked to take them
    st.subheader("What changes", anchor=False)
    rows = compared(before, funnel, (revenue(before), revenue(funnel)))
    if not rows:
        st.text("Nothing: these are the numbers in use.")
        return
    told = [{name: escape_markdown(said) for name, said in row.items()} for row in rows]
    with st.container(key="numbers_compared"):
        st.table(pd.DataFrame(told).set_index(""))
        st.caption("Everything else stays as it is.")


def as_known(numbers: Numbers) -> Numbers:
    """The numbers under the workshop's own stage names, where theirs are only written otherwise."""
    known = store.funnels.current(who).stages
    read = numbers.funnel.stages
    if read == known or not same_stages(read, known):
        return numbers
    st.info(f"Read as the stages of this workshop: {escape_markdown(' → '.join(known))}.")
    return replace(numbers, funnel=numbers.funnel.with_stages(known))


def accept(numbers: Numbers | None) -> None:
    if numbers is not None:
        numbers = as_known(numbers)
        compare(numbers.funnel)
    pressed = st.button(
        "Use these numbers",
        key="numbers_accept",
        type="primary",
        width="stretch",
        disabled=numbers is None,
    )
    if numbers is None or not pressed:
        return
    try:
        store.funnels.replace(who, numbers.funnel, numbers.origin)
    except StoreError as problem:
        st.error(escape_markdown(str(problem)))
        return
    upload.forget(who.workshop_id)
    st.session_state.numbers_changed = True
    st.rerun()


def return_to(number: int) -> None:
    store.funnels.return_to(who, number)
    st.session_state.numbers_changed = True


def head() -> None:
    workshop = store.workshops.get(who)
    with st.container(key="numbers_head"):
        navigation.back_to_workshop(workshop.code)
        st.title("New numbers", anchor=False)
        st.text(workshop.name)
        st.write(
            "Read a corrected or a newer file into this workshop. Its stages must be the same. "
            "Every idea stays where it is, and the earlier numbers are kept."
        )


def versions() -> None:
    newest, *older = store.funnels.versions(who)
    with st.container(key="versions"):
        st.header("Numbers in use", anchor=False)
        version_row(newest, newest.number)
        for version in older:
            version_row(version, newest.number)


def version_row(version: FunnelVersion, newest: int) -> None:
    is_newest = version.number == newest
    with st.container(key=f"version_{version.number}"):
        st.text("Now" if is_newest else f"{version.number}")
        st.text(in_one_line(version.origin) if version.origin else "Their source was not recorded")
        st.text(f"{version.created_at:%d %b %Y, %H:%M} UTC")
        if not is_newest:
            st.button(
                "Go back to these",
                key=f"return_to_{version.number}",
                type="tertiary",
                icon=":material/undo:",
                on_click=return_to,
                args=(version.number,),
            )


if st.session_state.pop("numbers_changed", False):
    st.toast("The workshop works with these numbers now.", icon=":material/check_circle:")
head()
left, right = st.columns([4, 5], gap="large")
with left, st.container(border=True, key="start_card"):
    upload.source(who.workshop_id)
with right:
    versions()
if upload.is_under_way(who.workshop_id):
    with st.container(border=True, key="start_ready"):
        upload.understand(who.workshop_id, accept, store.funnels.current(who))
