"""The relationship check: how closely both sides work together, and where they differ on it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from workshop import charts
from workshop.activities import asking
from workshop.activities.activity import Activity, Place
from workshop.activities.asking import Sheet
from workshop.activities.statements import STATEMENTS, Statement
from workshop.analysis.relationship import (
    Marks,
    Means,
    is_beyond_chance,
    lowest,
    means,
    next_stage,
    stage,
    widest_gaps,
)
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.people import Side
from workshop.domain.question import Answered, AnswerKind, Question, QuestionKey, Subject
from workshop.forms.answers import Asked
from workshop.forms.form import Form
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block, Group, Line, Mark, Text
from workshop.ui.charts import draw_chart
from workshop.ui.text import keyed_text
from workshop.wording.sides import LETTERS, NAMES

SHEET = Sheet(
    Subject.RELATIONSHIP,
    "How true is this here? 1 is not at all, 5 is fully.",
    tuple(
        Asked(
            Question(QuestionKey(Subject.RELATIONSHIP, statement.code), AnswerKind.SCALE),
            statement.words,
        )
        for statement in STATEMENTS
    ),
    as_one="How do sales and marketing work together here?",
)
BY_CODE = {statement.code: statement for statement in STATEMENTS}
NOT_COMPARED = (
    "Too few of one side have answered to compare the two: all answers are shown together."
)
ALIKE = "There is no statement that the two sides see differently."


def marks_of(given: Mapping[str, tuple[Answered, ...]]) -> dict[str, Marks]:
    """The answers to each statement, by its code."""
    return {
        code: Marks(*(_marks(given.get(code, ()), side) for side in (*Side, None)))
        for code in BY_CODE
    }


def _marks(given: tuple[Answered, ...], side: Side | None) -> tuple[int, ...]:
    return tuple(
        one.answer.value for one in given if one.side is side and isinstance(one.answer.value, int)
    )


def gaps(marks: Mapping[str, Marks]) -> list[charts.Gap]:
    """What the sides see most differently, the widest gap first."""
    found = []
    for code in widest_gaps(marks):
        sides = means([marks[code]])
        if sides.sales is not None and sides.marketing is not None:
            is_wide = is_beyond_chance(marks[code].sales, marks[code].marketing)
            found.append(charts.Gap(BY_CODE[code].words, sides.sales, sides.marketing, is_wide))
    return found


def weakest(marks: Mapping[str, Marks]) -> tuple[Statement, float] | None:
    """What is least true of the next stage, and its mean in the room; None at the last stage."""
    room = means(marks.values()).room
    ahead = None if room is None else next_stage(room)
    there = {code: each for code, each in marks.items() if BY_CODE[code].stage is ahead}
    code = lowest(there)
    mean = None if code is None else means([there[code]]).room
    return None if code is None or mean is None else (BY_CODE[code], mean)


def stage_sentence(sides: Means) -> str:
    """Where each side stands.

    >>> stage_sentence(Means(2.4, 3.1, None, None))
    'Sales says 2.4 of 5, defined. Marketing says 3.1 of 5, aligned.'
    """
    named = zip((*(NAMES[side] for side in Side), "the room"), sides, strict=True)
    return " ".join(
        f"{name[:1].upper()}{name[1:]} says {mean:.1f} of 5, {charts.STAGE_NAMES[stage(mean)]}."
        for name, mean in named
        if mean is not None
    )


def next_sentence(marks: Mapping[str, Marks]) -> str:
    """Which stage is next, and what is least true of it; nothing at the last stage."""
    found = weakest(marks)
    if found is None:
        return ""
    statement, mean = found
    stage_name = charts.STAGE_NAMES[statement.stage]
    return f"Next would be {stage_name}. Least true of it, {mean:.1f} of 5: “{statement.words}”"


# -- the screens -----------------------------------------------------------------------------------


def board(seen: Snapshot) -> None:
    asking.board_of_all(seen, SHEET, picture)


def picture(_: Snapshot, given: Mapping[str, tuple[Answered, ...]]) -> None:
    """Where both sides stand, where they differ most, and what would come next."""
    marks = marks_of(given)
    sides = means(marks.values())
    with st.container(key="board_relationship"):
        draw_stages("board_stages", sides, large=True)
        if sides.others is not None:
            keyed_text("board_third", stage_sentence(Means(None, None, sides.others, None)))
        where_they_differ(marks, sides)
        found = weakest(marks)
        if found is not None:
            with st.container(key="board_next_stage"):
                st.text(next_sentence(marks))
                st.text(f"What helps: {found[0].play}")


def draw_stages(key: str, sides: Means, *, large: bool = False) -> None:
    """The line of the stages with the mark of each side."""
    shown = sides.sales, sides.marketing, sides.pooled
    draw_chart(
        key,
        charts.stages_chart(*shown, large=large),
        charts.stages_alt(*shown),
        charts.stages_table(*shown),
        height="stretch" if large else "content",
    )


def where_they_differ(marks: Mapping[str, Marks], sides: Means) -> None:
    apart = gaps(marks)
    if apart:
        keyed_text("board_gaps_title", "Where the two sides differ most, from 1 to 5")
        draw_chart(
            "board_gaps",
            charts.gaps_chart(apart, large=True),
            charts.gaps_alt(apart),
            charts.gaps_table(apart),
        )
    elif sides.sales is not None and sides.marketing is not None:
        keyed_text("board_not_compared", ALIKE)
    else:
        keyed_text("board_not_compared", NOT_COMPARED)


def form(seen: Snapshot) -> Form | None:
    return asking.sheet_form(seen, SHEET)


def team(seen: Snapshot) -> list[Block]:
    marks = revealed(seen)
    sides = means(marks.values())
    words = stage_sentence(sides)
    asked = asking.team(seen, SHEET)
    if not words:
        return asked
    found = (stage_line(sides), Text(words), Text(next_sentence(marks)))
    return [*asked, Group("relationship", found, is_framed=True)]


def stage_line(sides: Means) -> Line:
    """The stages in a line with the mark of each side, for a small screen."""
    found = ((Side.SALES, sides.sales), (Side.MARKETING, sides.marketing))
    marks = [
        Mark(
            side,
            LETTERS[side],
            (mean - charts.LOWEST) / (charts.HIGHEST - charts.LOWEST),
            f"{NAMES[side].capitalize()} {mean:.1f} of {charts.HIGHEST}",
        )
        for side, mean in found
        if mean is not None
    ]
    return Line("team_stages", tuple(charts.STAGE_NAMES.values()), marks)


def revealed(seen: Snapshot) -> dict[str, Marks]:
    """What was answered, once it is revealed."""
    return marks_of(asking.answers_to_all(seen, SHEET))


def facilitator(seen: Snapshot) -> None:
    """The buttons of the sheet; after the reveal, what helps where the sides differ most."""
    asking.facilitator(seen, SHEET)
    marks = revealed(seen)
    apart = widest_gaps(marks)
    with st.container(key="plays"):
        if apart:
            st.text("Where the sides differ most, and a habit that helps:")
        for code in apart:
            with st.container(border=True, key=f"play_{code}"):
                st.text(f"“{BY_CODE[code].words}”")
                st.text(BY_CODE[code].play)


def room_sees(seen: Snapshot) -> str:
    return asking.by_state(
        seen,
        SHEET,
        closed="The room sees the question, and cannot answer it yet.",
        is_open="The room sees how many have answered, and no answer.",
        revealed="The room sees where both sides stand.",
    )


def hint(seen: Snapshot) -> str:
    return asking.by_state(
        seen,
        SHEET,
        closed=(
            f"Press Open: everybody marks {len(STATEMENTS)} statements on their own screen, "
            "without a name."
        ),
        is_open="Give it about five minutes. Once most have answered, press Reveal.",
        revealed=(
            "Ask for an example of the widest gap, not for who is right. “Good enough for us” is "
            "an answer: a small firm on good terms need not go further."
        ),
    )


RELATIONSHIP = Activity(
    code=Phase.RELATIONSHIP,
    label="Relationship check",
    place=Place.WHERE_WANTED,
    room_sees=room_sees,
    hint=hint,
    board=board,
    team=team,
    form=form,
    facilitator=facilitator,
    minutes=USUAL_MINUTES[Phase.RELATIONSHIP],
)
