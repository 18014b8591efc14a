"""The way of an upload: the files, how they are read, the reading, what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from workshop import intake, screen
from workshop.intake import IntakeError, Job, Opened, Problem, Read
from workshop.intake.layout import Layout, Shape
from workshop.model import Funnel
from workshop.origin import Origin
from workshop.upload import counts
from workshop.upload.delivery import ask_for_files, let_go
from workshop.upload.layout import ask_layout
from workshop.upload.numbers import Numbers, tell
from workshop.upload.result import choose

EVERY_SECONDS = 0.4
AT_ONCE_SECONDS = 1.5  # what is done by then needs no progress bar


@dataclass
class UnderWay:
    """How far an upload is: a job that runs, or what came of the last one."""

    job: Job[Any] | None = None
    opened: Opened | None = None
    layout: Layout | None = None
    read: Read | None = None
    problems: list[Problem] = field(default_factory=list)
    uploads: int = 0
    said: dict[str, Any] = field(default_factory=dict)

    def close(self) -> None:
        """Forget the files and all that was made of them."""
        if self.job is not None:
            self.job.cancel()
        if self.opened is not None:
            self.opened.close()
        self.job = self.opened = self.layout = self.read = None
        self.problems, self.said = [], {}

    def take(self) -> None:
        """Take over what the job has made, once it is over."""
        job = self.job
        if job is None or not job.is_over:
            return
        self.job, self.problems = None, []
        try:
            made = job.made
        except IntakeError as error:
            self.problems = error.problems
            if self.opened is not None and self.opened.desk.is_closed:
                self.opened = None
        except BaseException:
            self.close()
            raise
        else:
            if isinstance(made, Opened):
                self.opened = made
            else:
                self.read = made


def _of(place: str) -> UnderWay:
    under_way: UnderWay = st.session_state.setdefault(f"upload_{place}", UnderWay())
    under_way.take()
    return under_way


def is_under_way(place: str) -> bool:
    way = _of(place)
    return bool(way.job or way.opened or way.problems)


def forget(place: str) -> None:
    """The upload was accepted, or is not wanted any more: nothing is kept of it."""
    _of(place).close()


def source(place: str) -> None:
    """The uploader, or which files were taken."""
    way = _of(place)
    if is_under_way(place):
        with st.container(key="start_files", horizontal=True, vertical_alignment="center"):
            st.text(", ".join(way.opened.files) if way.opened else "Your files", wrap=False)
            if st.button("Other files", key="start_others", type="tertiary"):
                way.close()
                st.rerun()
        return
    ask_for_files()
    with st.container(key="start_funnel"):
        # An uploader with another key is an empty one: what was uploaded is kept in one place.
        files = st.file_uploader(
            "Funnel numbers: CSV, Excel or Parquet. Stage counts, or an export of your CRM",
            key=f"start_funnel_{place}_{way.uploads}",
            type=counts.FILES,
            accept_multiple_files=True,
        )
    if files:
        way.uploads += 1
        way.job = intake.start_opening((file.name, file.getvalue()) for file in files)
        let_go(files)
        way.job.wait(AT_ONCE_SECONDS)
        st.rerun()


def example() -> Numbers:
    return Numbers(intake.example(), Origin(("the example",), str(Shape.COUNTS)))


def understand(
    place: str, accept: Callable[[Numbers | None], None], before: Funnel | None = None
) -> None:
    """All that comes after the files; `accept` draws the way on, with the numbers or without.

    `before` is the funnel that the new one is to replace.
    """
    way = _of(place)
    if way.job is not None:
        _progress(way)
    elif way.opened is None:
        tell(way.problems)
    elif way.opened.contents and intake.is_of_counts(
        way.opened.desk, way.opened.recognition.layout
    ):
        counts.understand(way.opened, accept, before)
    elif way.read is not None and way.layout is not None:
        choose(way.read, way.opened, way.layout, way.said, lambda: _read_anew(way), accept, before)
    else:
        if way.problems:
            tell(way.problems)
        layout = ask_layout(way.opened, way.said)
        if layout is not None:
            way.layout = layout
            way.job = intake.start_reading(way.opened, layout)
            way.job.wait(AT_ONCE_SECONDS)
            st.rerun()


def _read_anew(way: UnderWay) -> None:
    way.read, way.problems = None, []


@st.fragment(run_every=EVERY_SECONDS)
def _progress(way: UnderWay) -> None:
    job = way.job
    if job is None or job.is_over:
        st.rerun()
    with st.container(key="upload_progress"):
        st.progress(job.progress, text=screen.plain(job.words))
        if st.button("Cancel", key="upload_cancel", icon=":material/close:"):
            way.close()
            st.rerun()
