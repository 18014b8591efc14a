"""The facts of a step: how many came in, what percentage is lost, why, and what that is worth."""

from __future__ import annotations

import streamlit as st

from workshop import charts
from workshop.activities.activity import Activity, Place
from workshop.analysis.conversion import leak, rate_interval
from workshop.domain.agenda import Phase
from workshop.domain.funnel import Funnel, Step
from workshop.domain.people import Owner
from workshop.live.snapshot import Snapshot
from workshop.ui.charts import draw_chart
from workshop.ui.text import keyed_text
from workshop.wording import figures

OWNS = {
    Owner.SALES: "Sales owns this step.",
    Owner.MARKETING: "Marketing owns this step.",
    Owner.BOTH: "Sales and marketing own this step together.",
}
UNSURE = 0.05  # an interval this wide is said, a narrower one is not worth the room's time


def board(seen: Snapshot) -> None:
    """The loss in one number and one sentence, the whole funnel, and the reasons."""
    funnel, place = seen.funnel, seen.workshop.position.its_step
    step = funnel.steps[place]
    with st.container(key="board_headline"):
        st.text(f"At {step.name} we lose")
        keyed_text("board_lost", figures.percent(1 - step.rate))
    with st.container(key="board_sentence"):
        st.text(lost_words(funnel, place))
    with st.container(key="board_owner"):
        keyed_text(f"badge_{step.owner}", charts.LETTERS[step.owner])
        st.text(OWNS[step.owner] + how_sure(step))
    with st.container(key="board_split"):
        with st.container(key="board_left"):
            keyed_text("board_left_title", "The whole funnel")
            draw_chart(
                "board_funnel",
                charts.funnel_chart(funnel, place, large=True),
                charts.funnel_alt(funnel, place),
                charts.funnel_table(funnel),
            )
        with st.container(key="board_right"):
            keyed_text("board_right_title", f"Why {figures.count(step.lost)} are lost")
            draw_chart(
                "board_reasons",
                charts.reasons_chart(step, large=True),
                charts.reasons_alt(step),
                charts.reasons_table(step),
            )


def how_sure(step: Step) -> str:
    low, high = (1 - rate for rate in reversed(rate_interval(step)))
    if high - low < UNSURE:
        return ""
    return f" Few cases: between {figures.percent(low)} and {figures.percent(high)}."


def lost_words(funnel: Funnel, place: int) -> str:
    """What a step loses and what that is worth, in a sentence."""
    step = funnel.steps[place]
    worth = figures.a_year(leak(funnel)[place], funnel.period_days)
    return (
        f"Of {figures.count(step.entered)} that reached {step.source}, {figures.count(step.lost)} "
        "drop out here. At today's later conversion rates, that is "
        f"{figures.money(worth, funnel.currency)} a year."
    )


def team(seen: Snapshot) -> None:
    in_three_lines(seen)
    st.info("Talk about it: what do you see that the other side does not?")


def in_three_lines(seen: Snapshot) -> None:
    """The step on a small screen."""
    place = seen.workshop.position.its_step
    step = seen.funnel.steps[place]
    with st.container(key="facts", border=True):
        st.text(f"At {step.name}")
        st.text(f"we lose {figures.percent(1 - step.rate)}")
        st.text(lost_words(seen.funnel, place))
        st.text("Why: " + why(step))


def why(step: Step) -> str:
    known = sorted(step.losses.items(), key=lambda loss: -loss[1])
    words = [f"{reason} {figures.count(lost)}" for reason, lost in known if lost]
    if step.unexplained:
        words.append(f"unexplained {figures.count(step.unexplained)}")
    return " · ".join(words) if words else "nobody was lost here."


FACTS = Activity(
    code=Phase.FACTS,
    label="Facts of {step}",
    short_label="Facts",
    place=Place.AT_EACH_STEP,
    room_sees=lambda _: "The room sees what this step loses and why.",
    hint="Read the number aloud, then ask: what do you see that the other side does not?",
    board=board,
    team=team,
    minutes=7,
)
