"""Committing: management turns ideas into actions with two owners and a date."""

from __future__ import annotations

import streamlit as st

from workshop.activities import asking, town_hall
from workshop.activities.activity import Activity, Place
from workshop.activities.board_cards import LONG_TITLE, MOST_CARDS, count_the_rest
from workshop.activities.ranking import list_of_ideas
from workshop.analysis.agreed import wanted
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.commitment import Commitment
from workshop.domain.question import QuestionState
from workshop.forms.form import Form
from workshop.live.snapshot import Snapshot
from workshop.ui import gains
from workshop.ui.blocks import Block
from workshop.ui.text import keyed_text
from workshop.wording import figures
from workshop.wording.commitments import KINDS, RHYTHMS
from workshop.wording.shortening import shorten

ASKED = (QuestionState.OPEN, QuestionState.REVEALED)
# Characters in a card of six, at 1280 × 720.
LONGEST_TITLE, LONGEST_NAME, LONGEST_LINE = 110, 26, 66


def is_of_each(seen: Snapshot) -> bool:
    """Whether each person commits by one sentence: in a town hall, which has no ideas.

    Where management has agreed on actions there, these are shown until the sentence is asked for.
    """
    if not town_hall.is_town_hall(seen):
        return False
    is_asked = bool(asking.in_state(seen, town_hall.SHEET, *ASKED))
    return is_asked or not wanted(seen.commitments)


def board(seen: Snapshot) -> None:
    if is_of_each(seen):
        town_hall.board(seen)
        return
    if not wanted(seen.commitments):
        with st.container(key="board_headline"):
            st.text("What will we do?")
        keyed_text("board_hint", "Management turns ideas into actions now: two owners, one date.")
        return
    agreed_actions(seen, f"The last is due on {last_due(seen)}.")


def last_due(seen: Snapshot) -> str:
    return figures.day(max(action.due for action in wanted(seen.commitments)))


def agreed_actions(seen: Snapshot, sentence: str) -> None:
    """What was agreed, as far as it fits, and what it brings; there is at least one action."""
    actions = wanted(seen.commitments)
    with st.container(key="board_headline"):
        st.text("What we agreed")
    with st.container(key="board_sentence"):
        st.text(f"{gains.agreed_together(seen)} {sentence}".strip())
    with st.container(key="board_cards"):
        for action in actions[:MOST_CARDS]:
            action_card(seen, action)
    count_the_rest(len(actions) - MOST_CARDS, "action")


def action_card(seen: Snapshot, action: Commitment) -> None:
    """What is done, by whom and when, the first step, the target, and what it brings alone."""
    owner, co_owner = (shorten(name, LONGEST_NAME) for name in (action.owner, action.co_owner))
    with st.container(key=f"card_{action.id}"):
        title = shorten(action.title, LONGEST_TITLE)
        long = "long_" if len(title) > LONG_TITLE else ""
        keyed_text(f"card_title_{long}{action.id}", title)
        keyed_text(
            f"card_who_{action.id}", f"{owner} with {co_owner}, by {figures.day(action.due)}"
        )
        if action.first_step:
            first = shorten(action.first_step, LONGEST_LINE)
            keyed_text(f"card_first_{action.id}", f"First: {first}")
        keyed_text(f"card_gain_{action.id}", _target(seen, action))


def _target(seen: Snapshot, action: Commitment) -> str:
    """What it is measured by and brings, or how often it is done."""
    if action.baseline is None or action.target is None:
        return f"{KINDS[action.kind]}, {RHYTHMS[action.rhythm]}"
    baseline, target = figures.percent(action.baseline), figures.percent(action.target)
    words = f"{shorten(action.kpi, LONGEST_NAME)}: {baseline} → {target}"
    worth = seen.ranked.loc[seen.ranked["id"] == action.idea_id, "gain"]
    return words if worth.empty else f"{words} · {gains.said_a_year(seen, float(worth.iloc[0]))}"


def team(seen: Snapshot) -> list[Block]:
    if town_hall.is_town_hall(seen):
        return town_hall.team(seen)
    return list_of_ideas(seen, COMMIT.label)


def form(seen: Snapshot) -> Form | None:
    return town_hall.form(seen) if town_hall.is_town_hall(seen) else None


def facilitator(seen: Snapshot) -> None:
    if town_hall.is_town_hall(seen):
        town_hall.facilitator(seen)


def room_sees(seen: Snapshot) -> str:
    if is_of_each(seen):
        return town_hall.room_sees(seen)
    return "The room sees the actions as they are agreed."


def hint(seen: Snapshot) -> str:
    if town_hall.is_town_hall(seen):
        return town_hall.hint(seen)
    return (
        "Management fills them in on its own screen; its link is under Links and code. No action "
        "without an owner from one side and a co-owner from the other."
    )


COMMIT = Activity(
    code=Phase.COMMIT,
    label="Commit to actions",
    place=Place.AFTER_THE_STEPS,
    room_sees=room_sees,
    hint=hint,
    board=board,
    team=team,
    form=form,
    facilitator=facilitator,
    says_numbers=True,
    minutes=USUAL_MINUTES[Phase.COMMIT],
)
