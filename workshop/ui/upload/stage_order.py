"""Whether the order of the stages fits how leads went through them, and one that fits better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from workshop.domain.import_codes import Counting
from workshop.intake import Read
from workshop.intake.layout import Layout
from workshop.ui.upload.counting import undated_stages
from workshop.ui.upload.stages import remember_places
from workshop.ui.upload.under_way import UnderWay
from workshop.wording import figures

FEW = 5  # of fewer leads nothing is said
HARDLY = 0.1  # of those who came to the last stage did so in order


def offer(read: Read, way: UnderWay) -> None:
    """Say that the order seems wrong where hardly anybody went that way, and offer another one."""
    layout = read.layout
    won, in_order = won_in_order(read)
    if won < FEW or in_order > HARDLY * won or undated_stages(read):
        return
    with st.container(key="stage_order"):
        st.warning(
            f"Of {figures.counted(won, 'lead')} that came to the last stage, "
            f"{figures.count(in_order)} went through the stages in this order. The order seems "
            "wrong, or stages are skipped as a rule.",
            icon=":material/warning:",
        )
        found = read.opened.of_pipeline(layout.pipeline).layout
        better = reordered(layout.stages, found.stages) if found else None
        if better and better != layout.stages:
            st.text(f"The leads went: {' → '.join(better)}")
            st.button(
                "Use this order", key="use_order", on_click=_use, args=(way, layout, found, better)
            )


def won_in_order(read: Read) -> tuple[int, int]:
    """How many leads came to the last stage, and how many of them through all others in order."""
    return read.cohort.reached(Counting.DEEPEST)[-1], read.cohort.reached(Counting.ORDERED)[-1]


def reordered(stages: Sequence[str], known: Sequence[str]) -> tuple[str, ...] | None:
    """Stages in a known order; None where that does not name all of them.

    >>> reordered(["SQL", "Lead", "Won"], ["Lead", "MQL", "SQL", "Won"])
    ('Lead', 'SQL', 'Won')
    """
    if not set(stages) <= set(known):
        return None
    return tuple(sorted(stages, key=list(known).index))


def _use(way: UnderWay, layout: Layout, found: Layout, stages: tuple[str, ...]) -> None:
    """Read the files in this order, and remember it for whoever corrects how they are read."""
    places = {name: place for place, name in enumerate(found.stages, 1)}
    remember_places(way.answers, layout, places)
    way.read_as(replace(layout, stages=stages))
