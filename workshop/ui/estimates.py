"""What a mini-team's screen asks each side, and what it shows once both sides have answered."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workshop.analysis.ranking import goes_after
from workshop.domain.access import Visitor
from workshop.domain.idea import Estimate, EstimateRequest, Idea
from workshop.domain.people import Side
from workshop.forms.estimate import estimate_form, second_estimate_form
from workshop.ui import forms
from workshop.ui.text import keyed_text
from workshop.wording import figures

NAMES = {Side.SALES: "sales", Side.MARKETING: "marketing", Side.OTHER: "the third side"}


def ask_in_turn(who: Visitor, asked: Sequence[EstimateRequest], side: Side) -> None:
    """One question at a time, the oldest first; how many are left is said."""
    ask(who, asked[0], side)
    left = len(asked) - 1
    if left:
        keyed_text("asked_next", f"Then {figures.counted(left, 'more idea')} to estimate.")


def ask(who: Visitor, request: EstimateRequest, side: Side) -> None:
    """The idea without any figure, and the three numbers of this side."""
    with st.container(border=True, key="asked"):
        st.header(f"{_named(request.estimated)} estimated: your turn", anchor=False)
        st.text(request.title)
        st.text(f"goes after {goes_after(request)}")
        if request.plan:
            st.text(request.plan)
        st.text("What do you expect? Nobody in your team sees it before both sides have answered.")
        forms.show(who, "estimate", estimate_form(request.idea_id, side))


def unanswered(idea: Idea, sides: Sequence[Side]) -> list[Side]:
    """Those of a mini-team's sides that have not estimated yet, where sides are asked apart."""
    said = dict(idea.estimates)
    return [side for side in Side if said and side in sides and side not in said]


def ask_again(who: Visitor, asked: Sequence[Idea], side: Side) -> None:
    """The first of the ideas that a side is asked to estimate once more, with its own first word.

    The place stays where nothing is asked: what is typed would be lost with it.
    """
    with st.container(border=bool(asked), key="asked_again"):
        if asked:
            _first_word(asked[0], side)
        form = (
            second_estimate_form(asked[0].id, side, asked[0].first_round[side]) if asked else None
        )
        forms.show(who, "second_estimate", form)
    if len(asked) > 1:
        keyed_text(
            "asked_next", f"Then {figures.counted(len(asked) - 1, 'more idea')} to estimate."
        )


def _first_word(idea: Idea, side: Side) -> None:
    st.header("After the report back: estimate once more", anchor=False)
    st.text(idea.draft.title)
    st.text(f"goes after {goes_after(idea.draft)}")
    st.text(f"Your first estimate: {_answer_words(side, idea.first_round[side])}.")


def answers(idea: Idea) -> None:
    """What each side expects, and how far apart they are; nothing while there is but one."""
    if len(idea.estimates) < 2:
        return
    said = dict(idea.estimates)
    st.text(" · ".join(_answer_words(side, said[side]) for side in Side if side in said))
    st.text(gap_words([estimate.likely for estimate in said.values()]))


def _answer_words(side: Side, estimate: Estimate) -> str:
    low, likely, high = map(figures.percent, (estimate.low, estimate.likely, estimate.high))
    words = NAMES[side].capitalize()
    return f"{words} {likely}" if low == high else f"{words} {likely} ({low} to {high})"


def gap_words(likely: Sequence[float]) -> str:
    """How far apart the sides are, in points of what each holds likely, a fraction.

    >>> gap_words([0.1, 0.3])
    'You differ by 20 points: talk about what the other side knows.'
    """
    points = f"{100 * (max(likely) - min(likely)):.3g}"
    if points == "0":
        return "You expect the same."
    noun = "point" if points == "1" else "points"
    return f"You differ by {points} {noun}: talk about what the other side knows."


def hand_over(idea: Idea, sides: Sequence[Side]) -> None:
    """Who has not answered yet, and the way to let them do it on this laptop."""
    for side in unanswered(idea, sides):
        hand_to(side, idea.id, f"{_named([side])} not estimated yet.")


def hand_over_again(sides: Sequence[Side]) -> None:
    """The sides that have not estimated a second time yet, and the way to let them do it here."""
    for side in sides:
        hand_to(side, "again", f"{_named([side])} not estimated once more yet.")


def hand_to(side: Side, key: str, why: str) -> None:
    """The button that gives this laptop to another side."""
    keyed_text(f"waiting_{side}_{key}", why)
    st.button(
        f"Hand this laptop to {NAMES[side]}",
        key=f"hand_{side}_{key}",
        type="tertiary",
        icon=":material/swap_horiz:",
        on_click=_hand_to,
        args=(side,),
    )


def handed_to() -> Side | None:
    """The side that holds this laptop now, if it was handed over."""
    side: Side | None = st.session_state.get("handed_to")
    return side


def _hand_to(side: Side) -> None:
    st.session_state.handed_to = side


def hand_back() -> None:
    """The laptop is its owner's again."""
    st.session_state.handed_to = None


def ask_the_other_side(who: Visitor, side: Side, asked: Sequence[EstimateRequest]) -> None:
    """The questions to the side that holds the laptop; nothing of what the owner has said."""
    st.header(f"For {NAMES[side]}: what do you expect?", anchor=False)
    ask_in_turn(who, asked, side)
    hand_back_button()


def hand_back_button() -> None:
    """The way back, before all is answered."""
    st.button(
        "Hand the laptop back",
        key="hand_back",
        icon=":material/undo:",
        on_click=hand_back,
        width="stretch",
    )


def _named(sides: Sequence[Side]) -> str:
    """Sides at the head of a sentence, with their verb: "Sales has"."""
    words = " and ".join(NAMES[side] for side in Side if side in sides)
    return f"{words[:1].upper()}{words[1:]} {'has' if len(sides) == 1 else 'have'}"
