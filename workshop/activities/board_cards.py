"""Cards on the projector: as many as are read from six metres; the rest is counted."""

from __future__ import annotations

import streamlit as st

from workshop.analysis.explanation import differ, who_expects
from workshop.analysis.ranking import expected, goes_after
from workshop.domain.funnel import Step
from workshop.domain.idea import Idea
from workshop.ui.text import keyed_text
from workshop.wording import figures
from workshop.wording.answers import gap_change
from workshop.wording.shortening import shorten

# What fits at 1280 × 720.
MOST_CARDS = 6
MOST_TEAMS = 15
LONG_TITLE = 80
# Characters of an aim: on two lines where there are few cards, else on one.
FEW_CARDS, LONGEST_OF_FEW, LONGEST_OF_MANY = 4, 70, 38


def card(key: str, title: str, aim: str, gain: str, gap: str = "") -> None:
    """A title and two or three lines. A long title is drawn smaller, on the lines it needs."""
    length = "long_" if len(title) > LONG_TITLE else ""
    with st.container(key=f"card_{key}"):
        keyed_text(f"card_title_{length}{key}", title)
        keyed_text(f"card_aim_{key}", aim)
        keyed_text(f"card_gain_{key}", gain)
        if gap:
            keyed_text(f"card_gap_{key}", gap)


def idea_card(idea: Idea, step: Step, beside: int) -> None:
    """What an idea goes after, and what its mini-team expects of it; `beside` cards in all."""
    draft, recovers = idea.draft, expected(idea)
    low, likely, high = map(figures.percent, (recovers.low, recovers.likely, recovers.high))
    longest = LONGEST_OF_FEW if beside <= FEW_CARDS else LONGEST_OF_MANY
    lost = figures.count(step.lost_to(draft.reason, draft.segment))
    apart = f": {who_expects(idea)}" if differ(idea) else ""
    card(
        idea.id,
        draft.title,
        shorten(f"goes after: {goes_after(draft)}", longest),
        f"wins back {likely} of {lost} lost ({low} to {high}){apart}",
        gap_change(*idea.gaps) if idea.gaps else "",
    )


def count_the_rest(number: int, noun: str) -> None:
    """How many more there are than fit; nothing where all do."""
    if number > 0:
        keyed_text("board_more", f"and {figures.counted(number, f'more {noun}')}")
