"""The way of an upload: the files, how they are read, the reading, what comes of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from workshop import intake
from workshop.domain.funnel import Funnel
from workshop.domain.origin import Origin
from workshop.intake import IntakeError
from workshop.intake.layout import Shape
from workshop.server.upload_permit import Wanted
from workshop.ui.text import escape_markdown
from workshop.ui.upload import counts
from workshop.ui.upload.file_field import ask_for_files, let_go
from workshop.ui.upload.layout import ask_layout
from workshop.ui.upload.numbers import Numbers, tell
from workshop.ui.upload.result import choose
from workshop.ui.upload.under_way import UnderWay

EVERY_SECONDS = 0.4
FILES = Wanted(counts.FILES, most_bytes=500_000_000, most_files=20)


def _of(place: str) -> UnderWay:
    under_way: UnderWay = st.session_state.setdefault(f"upload_{place}", UnderWay())
    under_way.take()
    return under_way


def is_under_way(place: str) -> bool:
    way = _of(place)
    return bool(way.job or way.opened or way.problems)


def forget(place: str) -> None:
    """The upload was accepted, or is not wanted any more: nothing is kept of it."""
    _close(_of(place))


def _close(way: UnderWay) -> None:
    let_go(counts.LOSSES)
    way.close()


def source(place: str) -> None:
    """The uploader, or which files were taken."""
    way = _of(place)
    if is_under_way(place):
        with st.container(key="start_files", horizontal=True, vertical_alignment="center"):
            st.text(", ".join(way.opened.files) if way.opened else "Your files", wrap=False)
            if st.button("Other files", key="start_others", type="tertiary"):
                _close(way)
                st.rerun()
        return
    key = f"start_funnel_{place}"
    with st.container(key="start_funnel"):
        files = ask_for_files(
            key,
            "Funnel numbers: CSV, Excel or Parquet. Stage counts, or an export of your CRM",
            FILES,
        )
    if files:
        job = intake.start_opening((file.name, file.path) for file in files)
        let_go(key)
        way.begin(job)
        st.rerun()


def example() -> Numbers:
    return Numbers(intake.example(), Origin(("the example",), Shape.COUNTS))


def understand(
    place: str, accept: Callable[[Numbers | None], None], before: Funnel | None = None
) -> None:
    """All that comes after the files; `accept` draws the way on, with the numbers or without.

    `before` is the funnel that the new one is to replace.
    """
    way = _of(place)
    try:
        _understand(way, accept, before)
    except IntakeError as error:  # the files were put away, or ended the process that read them
        _close(way)
        way.problems = error.problems
        st.rerun()


def _understand(
    way: UnderWay, accept: Callable[[Numbers | None], None], before: Funnel | None
) -> None:
    if way.job is not None:
        _progress(way)
    elif way.opened is None:
        tell(way.problems)
    elif way.opened.contents and intake.is_of_counts(
        way.opened.database, way.opened.recognition.layout
    ):
        counts.understand(way.opened, way.answers, accept, before)
    elif way.read is not None:
        choose(way.read, way, accept, before)
    else:
        if way.problems:
            tell(way.problems)
        layout = ask_layout(way.opened, way.answers, way.open_again)
        if layout is not None:
            way.read_as(layout)
            st.rerun()


@st.fragment(run_every=EVERY_SECONDS)
def _progress(way: UnderWay) -> None:
    job = way.job
    if job is None or job.is_over:
        st.rerun()
    with st.container(key="upload_progress"):
        st.progress(job.progress, text=escape_markdown(job.words))
        if st.button("Cancel", key="upload_cancel", icon=":material/close:"):
            _close(way)
            st.rerun()
