"""What a mini-team's screen asks each side, and what it shows once both sides have answered."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.analysis.ranking import goes_after
from workshop.domain.access import Visitor
from workshop.domain.idea import Estimate, EstimateRequest, Idea
from workshop.domain.people import Side
from workshop.forms.estimate import estimate_form, second_estimate_form
from workshop.ui import forms
from workshop.ui.blocks import Block, Button, FormBlock, Group, Style, Text
from workshop.wording import figures

NAMES = {Side.SALES: "sales", Side.MARKETING: "marketing", Side.OTHER: "the third side"}


def ask_in_turn(who: Visitor, asked: Sequence[EstimateRequest], side: Side) -> list[Block]:
    """One question at a time, the oldest first; how many are left is said."""
    return [ask(who, asked[0], side), *_next(len(asked) - 1)]


def ask(who: Visitor, request: EstimateRequest, side: Side) -> Group:
    """The idea without any figure, and the three numbers of this side."""
    words: list[Block] = [
        Text(f"{_named(request.estimated)} estimated: your turn", Style.HEADER),
        Text(request.title),
        Text(f"goes after {goes_after(request)}"),
        *([Text(request.plan)] if request.plan else []),
        Text("What do you expect? Nobody in your team sees it before both sides have answered."),
    ]
    form = forms.described(who, estimate_form(request.idea_id, side))
    return Group("asked", (*words, FormBlock("estimate", form)), is_framed=True)


def _next(left: int) -> list[Block]:
    if not left:
        return []
    return [Text(f"Then {figures.counted(left, 'more idea')} to estimate.", key="asked_next")]


def unanswered(idea: Idea, sides: Sequence[Side]) -> list[Side]:
    """Those of a mini-team's sides that have not estimated yet, where sides are asked apart."""
    said = dict(idea.estimates)
    return [side for side in Side if said and side in sides and side not in said]


def ask_again(who: Visitor, asked: Sequence[Idea], side: Side) -> list[Block]:
    """The first of the ideas that a side is asked to estimate once more, with its own first word.

    The place stays where nothing is asked: the form then says what has become of the last answer.
    """
    form = second_estimate_form(asked[0].id, side, asked[0].first_round[side]) if asked else None
    content: list[Block] = [
        *(_first_word(asked[0], side) if asked else ()),
        FormBlock("second_estimate", forms.described(who, form)),
    ]
    return [Group("asked_again", content, is_framed=bool(asked)), *_next(max(0, len(asked) - 1))]


def _first_word(idea: Idea, side: Side) -> tuple[Text, ...]:
    return (
        Text("After the report back: estimate once more", Style.HEADER),
        Text(idea.draft.title),
        Text(f"goes after {goes_after(idea.draft)}"),
        Text(f"Your first estimate: {_answer_words(side, idea.first_round[side])}."),
    )


def answers(idea: Idea) -> list[Block]:
    """What each side expects, and how far apart they are; nothing while there is but one."""
    if len(idea.estimates) < 2:
        return []
    said = dict(idea.estimates)
    return [
        Text(" · ".join(_answer_words(side, said[side]) for side in Side if side in said)),
        Text(gap_words([estimate.likely for estimate in said.values()])),
    ]


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


def hand_over(idea: Idea, sides: Sequence[Side]) -> list[Block]:
    """Who has not answered yet, and the way to let them do it on this laptop."""
    return [
        block
        for side in unanswered(idea, sides)
        for block in hand_to(side, idea.id, f"{_named([side])} not estimated yet.")
    ]


def hand_over_again(sides: Sequence[Side]) -> list[Block]:
    """The sides that have not estimated a second time yet, and the way to let them do it here."""
    return [
        block
        for side in sides
        for block in hand_to(side, "again", f"{_named([side])} not estimated once more yet.")
    ]


def hand_to(side: Side, key: str, why: str) -> tuple[Block, Block]:
    """Why, and the button that gives this laptop to another side."""
    label = f"Hand this laptop to {NAMES[side]}"
    button = Button(f"hand_{side}_{key}", label, sets={"handed_to": side}, is_quiet=True)
    return Text(why, key=f"waiting_{side}_{key}"), button


HAND_BACK = Button("hand_back", "Hand the laptop back", sets={"handed_to": ""})
"""The way back, before all is answered."""


def ask_the_other_side(who: Visitor, side: Side, asked: Sequence[EstimateRequest]) -> list[Block]:
    """The questions to the side that holds the laptop; nothing of what the owner has said."""
    header = Text(f"For {NAMES[side]}: what do you expect?", Style.HEADER)
    return [header, *ask_in_turn(who, asked, side), HAND_BACK]


def _named(sides: Sequence[Side]) -> str:
    """Sides at the head of a sentence, with their verb: "Sales has"."""
    words = " and ".join(NAMES[side] for side in Side if side in sides)
    return f"{words[:1].upper()}{words[1:]} {'has' if len(sides) == 1 else 'have'}"
