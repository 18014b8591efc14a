"""The ranking: all ideas by what they could bring, the steps compared, and what nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, assert_never

import pandas as pd
import streamlit as st

from workshop import charts
from workshop.activities import guess
from workshop.activities.activity import Activity, Place
from workshop.activities.board_cards import count_the_rest
from workshop.analysis.conversion import revenue
from workshop.analysis.gains import joint_gain
from workshop.analysis.planning import BestPlan
from workshop.analysis.ranking import improvements_a_year, lenses_a_year
from workshop.analysis.sensitivity import first_order, total_order
from workshop.analysis.unknowns import biggest_uncertainty, least_known, worth_finding_out
from workshop.domain.agenda import BoardView, Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.funnel import Funnel
from workshop.domain.lens import Lens
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import gains
from workshop.ui.blocks import Block, Group, Style, Text
from workshop.ui.charts import draw_chart
from workshop.ui.plan import best_plan
from workshop.ui.text import keyed_text
from workshop.wording import figures
from workshop.wording import outcome as said
from workshop.wording.lenses import LENSES, RANKING_LENSES, SEEN_BY_RANKING
from workshop.wording.shortening import shorten, shorten_step

MOST_ROWS = 8
"""Ideas, or steps, below one another at 1280 × 720."""

MOST_RATES = 5
LONGEST_OF_AN_IDEA, LONGEST_BESIDE, LONGEST_OF_A_ROW = 24, 28, 36
"""Characters of a step below its idea, beside the ideas, and in a row of the lenses."""
LONGEST_STAGE = 40

LEGEND = (
    "Dot: what we expect. Top 3: the chance to be one of the best three. "
    "Work for S sales, M marketing, S+M both."
)
WORTH_A_POINT = "What one point more is worth a year"
UNCERTAINTY = "Where the uncertainty about revenue comes from"
UNCERTAINTY_READS = "Solid, first figure: this rate alone. Hatched, second figure: with the others."
VIEWS = {
    BoardView.IDEAS: "Ideas",
    BoardView.IMPROVEMENT: "A better step",
    BoardView.STEPS: "Steps",
    BoardView.UNKNOWN: "What we do not know",
}
ROOM_SEES = {
    BoardView.IDEAS: "The room sees the ranking and what a point more is worth at each step.",
    BoardView.IMPROVEMENT: "The room sees what the revenue becomes as one step gets better.",
    BoardView.STEPS: f"The room sees what improving each step is worth, seen {SEEN_BY_RANKING}.",
    BoardView.UNKNOWN: "The room sees which figures are uncertain, and what to find out first.",
}


# -- the projector ---------------------------------------------------------------------------------


def board(seen: Snapshot) -> None:
    view = seen.workshop.board_view
    match view:
        case BoardView.IDEAS:
            ranked_ideas(seen)
        case BoardView.IMPROVEMENT:
            better_step(seen)
        case BoardView.STEPS:
            compared_steps(seen.funnel)
        case BoardView.UNKNOWN:
            unknowns(seen)
        case _:
            assert_never(view)


def ranked_ideas(seen: Snapshot) -> None:
    """The ideas, best first, beside what a point more is worth at each step."""
    currency = seen.funnel.currency
    with st.container(key="board_sentence"):
        st.text(together(seen))
    if seen.counted and limited(seen):
        keyed_text("board_limit", limited(seen))
    with st.container(key="board_split"):
        with st.container(key="ranking"):
            if seen.ranked.empty:
                keyed_text("board_left_title", "What each idea could bring a year")
                keyed_text("board_hint", "The ranking fills as ideas come in.")
            else:
                best_ideas(seen)
        with st.container(key="sensitivity"):
            keyed_text("board_right_title", WORTH_A_POINT)
            lenses = lenses_a_year(seen.funnel)
            draw_chart(
                "board_lenses",
                charts.lenses_chart(for_the_board(seen.funnel, LONGEST_BESIDE), currency, True),
                charts.lenses_alt(),
                charts.lenses_table(lenses, currency),
            )
            count_the_rest(len(lenses) - MOST_ROWS, "step")


def limited(seen: Snapshot) -> str:
    """Which stage can serve no more, and that ideas before it bring nothing; "" where none."""
    limit = seen.limit
    return said.stopped(shorten(limit.stage, LONGEST_STAGE), limit.capacity) if limit else ""


def best_ideas(seen: Snapshot) -> None:
    """The first of the ideas, under headings; how many more there are."""
    with st.container(key="ranking_heads"):
        st.text("Idea")
        st.text("A year, 8 times in 10 within")
        st.text("Top 3")
    draw_chart(
        "board_ranking",
        charts.ranking_chart(
            seen.ranked.assign(step=steps_of_the_ideas(seen)),
            seen.funnel.currency,
            large=True,
            most=MOST_ROWS,
        ),
        charts.RANKING_ALT,
        charts.ranking_table(seen.ranked, seen.funnel.currency),
    )
    count_the_rest(len(seen.ranked) - MOST_ROWS, "idea")
    keyed_text("board_legend", LEGEND)


def steps_of_the_ideas(seen: Snapshot) -> list[str]:
    """The step below each idea; before it, whether a stage that can serve no more holds it up."""
    short = {step.name: shorten_step(step, LONGEST_OF_AN_IDEA) for step in seen.funnel.steps}
    return [
        f"{said.HELD_UP}: {short[step]}" if seen.is_held_up(idea_id) else short[step]
        for idea_id, step in zip(seen.ranked["id"], seen.ranked["step"], strict=True)
    ]


def for_the_board(funnel: Funnel, longest: int) -> pd.DataFrame:
    """The lenses, money a year, of as many steps as the board has room for, under short names.

    Those whose percentage point is worth most, in the order of the funnel.
    """
    lenses = lenses_a_year(funnel).assign(
        step=[shorten_step(step, longest) for step in funnel.steps]
    )
    return lenses.nlargest(MOST_ROWS, Lens.PLUS_1PP).sort_index()


def together(seen: Snapshot) -> str:
    """What the room has found, in one sentence."""
    funnel = seen.funnel
    today = figures.money(figures.a_year(revenue(funnel), funnel.period_days), funnel.currency)
    if not seen.counted:
        return f"Today the funnel brings {today} a year. {biggest_uncertainty(funnel)}"
    return (
        f"{figures.counted(len(seen.counted), 'idea')} together: "
        f"{gains.said(seen, joint_gain(funnel, seen.effects(seen.counted)))}, on top of {today}. "
        f"{planned(seen) or biggest_uncertainty(funnel)}"
    )


def planned(seen: Snapshot) -> str:
    """The best plan in a sentence, once management has said what capacity there is."""
    choice, currency = seen.choice, seen.funnel.currency
    if choice.days_sales is None or choice.days_marketing is None:
        return ""
    plan = best_plan(seen)
    if not isinstance(plan, BestPlan):
        return ""
    return (
        f"The best plan within {choice.days_sales:g} + {choice.days_marketing:g} person-days "
        f"brings {gains.said_a_year(seen, plan.gain)} "
        f"({figures.range_of_money(plan.p10, plan.p90, currency)})."
    )


def better_step(seen: Snapshot) -> None:
    """What the revenue becomes as one step gets better, by as much as everybody looks at."""
    funnel, points = seen.funnel, seen.workshop.points
    improvements = improvements_a_year(funnel)
    short = [
        replace(each, step=shorten_step(step, LONGEST_BESIDE))
        for each, step in zip(improvements, funnel.steps, strict=True)
    ]
    most = sorted(short, key=lambda each: -each.slope)[:MOST_ROWS]
    with st.container(key="board_headline"):
        st.text("If one step gets better")
    with st.container(key="board_sentence"):
        st.text(charts.best_improvement(short, points, funnel.currency))
    with st.container(key="board_whole"), st.container(key="board_improvement"):
        draw_chart(
            "board_improvement_chart",
            charts.improvement_chart(most, points, funnel.currency, large=True),
            charts.IMPROVEMENT_ALT,
            charts.improvement_table(improvements, points, funnel.currency),
        )
        count_the_rest(len(short) - MOST_ROWS, "step")
        keyed_text("board_legend", "Dot: today. Diamond: the benchmark.")


def compared_steps(funnel: Funnel) -> None:
    """What improving each step is worth, through every lens that can tell them apart."""
    lenses = for_the_board(funnel, LONGEST_OF_A_ROW)
    with st.container(key="board_headline"):
        st.text("What improving each step is worth a year")
    with st.container(key="board_sentence"):
        st.text(favourite(lenses))
    with st.container(key="board_whole"), st.container(key="board_steps"):
        with st.container(key="board_lens_heads"):
            for lens in RANKING_LENSES:
                words = LENSES[lens]
                keyed_text(f"lens_{lens}", f"{words.name.capitalize()}\n{words.meaning}")
        draw_chart(
            "board_side_by_side",
            charts.lenses_side_by_side(lenses, funnel.currency),
            f"What improving each step is worth a year, seen {SEEN_BY_RANKING}. The table says the "
            "same.",
            charts.lenses_table(lenses_a_year(funnel), funnel.currency),
        )
        count_the_rest(len(funnel.steps) - MOST_ROWS, "step")


def favourite(lenses: pd.DataFrame) -> str:
    """The step that most of the lenses put first."""
    first = [
        lenses["step"].iloc[int(lenses[lens].argmax())]
        for lens in RANKING_LENSES
        if lenses[lens].max() > 0
    ]
    if not first:
        return "No step is worth anything yet."
    [(step, times)] = Counter(first).most_common(1)
    if times < len(first):
        return f"{step} comes first in {times} of {len(first)} views."
    return f"{step} comes first, however one looks."


def unknowns(seen: Snapshot) -> None:
    """Where the uncertainty about revenue comes from, and what to find out before deciding."""
    funnel = seen.funnel
    shares, totals = first_order(funnel), total_order(funnel)
    shown = sorted(range(len(shares)), key=lambda place: -shares[place])[:MOST_RATES]
    own, total = shares[shown].tolist(), totals[shown].tolist()
    steps = [funnel.steps[place] for place in shown]
    with st.container(key="board_headline"):
        st.text("What we do not know")
    with st.container(key="board_firm_up"):
        st.text(to_find_out(seen)[0])
        how_the_room_guessed(seen)
    with st.container(key="board_whole"), st.container(key="board_uncertainty"):
        keyed_text("board_uncertainty_title", f"{UNCERTAINTY}\n{UNCERTAINTY_READS}")
        draw_chart(
            "board_sobol",
            charts.sobol_chart(own, total, steps, large=True),
            charts.sobol_alt(own, total, steps),
            charts.sobol_table(shares.tolist(), totals.tolist(), funnel.steps),
        )
        if len(steps) < len(funnel.steps):
            rest = figures.percent(max(0.0, float(shares.sum() - sum(own))))
            more = figures.counted(len(funnel.steps) - len(steps), "more rate")
            keyed_text("board_more", f"and {more}, together {rest}")
    keyed_text("board_least_known", least_known(funnel))


def to_find_out(seen: Snapshot) -> tuple[str, ...]:
    """What is worth finding out before deciding, in sentences."""
    return seen.computed(
        "worth finding out",
        lambda: worth_finding_out(seen.measured, seen.assumptions, seen.ideas),
    )


def how_the_room_guessed(seen: Snapshot) -> None:
    for sentence in guess.how_the_room_guessed(seen):
        st.text(sentence)


# -- the facilitator and the mini-teams ------------------------------------------------------------


def facilitator(seen: Snapshot) -> None:
    """Which view the projector shows."""
    # The records say what the board shows, on every run: see "What is chosen is said on every run".
    st.session_state.board_view = seen.workshop.board_view
    with st.container(border=True, key="view_shown"):
        st.segmented_control(
            "The board shows",
            list(BoardView),
            format_func=lambda view: VIEWS[view],
            required=True,
            key="board_view",
            on_change=_show_view,
            args=(seen,),
        )


def _show_view(seen: Snapshot) -> None:
    view = st.session_state.board_view
    if view is not None:  # a browser that has missed what is chosen says that nothing is
        services.store().agenda.show_view(seen.who, view)


def team(seen: Snapshot) -> list[Block]:
    return list_of_ideas(seen, RANKING.label)


def list_of_ideas(seen: Snapshot, heading: str) -> list[Block]:
    """After the last step: the room looks at the projector; here, the whole list stays."""
    title = Text(heading, Style.HEADER)
    if seen.ranked.empty:
        return [title, Text("Look at the projector. No idea was written down.")]
    return [title, *seen.computed("list of ideas", lambda: _ranked(seen))]


def _ranked(seen: Snapshot) -> list[Block]:
    limit = limited(seen)
    return [
        Text("Look at the projector. All ideas, best first:"),
        *([Text(limit)] if limit else []),
        *(ranked_idea(seen, row) for row in seen.ranked.to_dict("records")),
    ]


def ranked_idea(seen: Snapshot, row: Mapping[Hashable, Any]) -> Group:
    """An idea at its place of the ranking."""
    idea_id = row["id"]
    gain = figures.money(row["gain"], seen.funnel.currency)
    held_up = f" · {said.HELD_UP}" if seen.is_held_up(idea_id) else ""
    words = (
        Text(f"{row['place']}. {row['title']}"),
        Text(f"{row['step']} · about {gain} a year{held_up}"),
    )
    return Group(f"others_{idea_id}", words, is_framed=True)


RANKING = Activity(
    code=Phase.RANK,
    label="Ranking of all ideas",
    place=Place.AFTER_THE_STEPS,
    room_sees=lambda seen: ROOM_SEES[seen.workshop.board_view],
    hint=lambda _: "Ask: which place surprises you? Management may change what it assumes.",
    board=board,
    team=team,
    says_numbers=True,
    facilitator=facilitator,
    minutes=USUAL_MINUTES[Phase.RANK],
)
