"""The facts of a step: how many came in, what percentage is lost, why, and what that is worth."""

from __future__ import annotations

import streamlit as st

from workshop import charts
from workshop.activities import guess, words
from workshop.activities.activity import Activity, Place
from workshop.activities.board_cards import count_the_rest
from workshop.analysis.conversion import leak, rate_interval, revenue_per_rate
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.funnel import Funnel, Step, known_part
from workshop.domain.people import Owner
from workshop.domain.question import QuestionState
from workshop.live.snapshot import Snapshot
from workshop.ui.blocks import Block, Group, Style, Text
from workshop.ui.charts import draw_chart
from workshop.ui.text import keyed_text
from workshop.wording import figures
from workshop.wording.shortening import shorten, shorten_step

OWNS = {
    Owner.SALES: "Sales owns this step.",
    Owner.MARKETING: "Marketing owns this step.",
    Owner.BOTH: "Sales and marketing own this step together.",
}
LONGEST_HEADLINE, LONGEST_IN_A_SENTENCE = 78, 50  # characters
UNSURE = 0.05  # an interval this wide is said, a narrower one is not worth the room's time


def board(seen: Snapshot) -> None:
    """The loss in one number and one sentence, the whole funnel, and the reasons."""
    place = seen.workshop.position.its_step
    if guess.is_first_picture(seen, place):
        guess.facts_board(seen, place)
        return
    known = known_part(seen.funnel, seen.shown_steps)
    step = known.steps[place]
    with st.container(key="board_headline"):
        st.text(f"At {shorten_step(step, LONGEST_HEADLINE)} we lose")
        keyed_text("board_lost", figures.percent(1 - step.rate))
    with st.container(key="board_sentence"):
        st.text(lost_words(seen, place))
    with st.container(key="board_owner"):
        keyed_text(f"badge_{step.owner}", charts.LETTERS[step.owner])
        st.text(OWNS[step.owner] + how_sure(step))
    with st.container(key="board_split"):
        with st.container(key="board_left"):
            title = "The funnel so far" if seen.is_masked() else "The whole funnel"
            keyed_text("board_left_title", title)
            draw_chart(
                "board_funnel",
                charts.funnel_chart(known, place, large=True),
                charts.funnel_alt(known, place),
                charts.funnel_table(known),
            )
            shown = known.stages[charts.stages_shown(known, place)]
            count_the_rest(len(seen.funnel.stages) - len(shown), "stage")
        with st.container(key="board_right"):
            why_they_are_lost(step)


def why_they_are_lost(step: Step) -> None:
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


def lost_words(seen: Snapshot, place: int) -> str:
    """What a step loses, what that is worth, and what a reachable part of it.

    The worth would tell the rates of later steps, as long as these are guessed.
    """
    funnel = seen.funnel
    step = funnel.steps[place]
    source = shorten(step.source, LONGEST_IN_A_SENTENCE)
    lost = (
        f"Of {figures.count(step.entered)} that reached {source}, {figures.count(step.lost)} "
        "drop out here."
    )
    if seen.is_masked():
        return f"{lost} What that is worth is said once all steps are revealed."
    worth = figures.a_year(leak(funnel)[place], funnel.period_days)
    return (
        f"{lost} At today's later conversion rates, that is "
        f"{figures.money(worth, funnel.currency)} a year{within_reach(funnel, place)}."
    )


def within_reach(funnel: Funnel, place: int) -> str:
    """What the benchmark is worth where one is known and not reached yet, else a tenth.

    Nothing where nothing is lost.
    """
    step = funnel.steps[place]
    if not step.lost:
        return ""
    if step.benchmark is not None and step.benchmark > step.rate:
        words = f"if {figures.percent(step.benchmark)} went on, as elsewhere, it"
        worth = (step.benchmark - step.rate) * revenue_per_rate(funnel)[place]
    else:
        words, worth = "winning back a tenth of them", leak(funnel)[place] / 10
    money = figures.money(figures.a_year(float(worth), funnel.period_days), funnel.currency)
    return f"; {words} would bring {money}"


def team(seen: Snapshot) -> list[Block]:
    place = seen.workshop.position.its_step
    if seen.is_masked(place):
        return [guess.TEAM_WAITS]
    talk = Text("Talk about it: what do you see that the other side does not?", Style.NOTE)
    return [*guess.facts_team(seen, place), in_three_lines(seen), talk]


def in_three_lines(seen: Snapshot) -> Group:
    """The step on a small screen."""
    place = seen.workshop.position.its_step
    lines = seen.of_numbers(f"lines of {place}", lambda: _three_lines(seen, place))
    defined = (Text(definition, Style.QUIET) for definition in words.definitions(seen, place))
    return Group("facts", (*lines, *defined), is_framed=True)


def _three_lines(seen: Snapshot, place: int) -> tuple[Text, ...]:
    step = seen.funnel.steps[place]
    return (
        Text(f"At {step.name}"),
        Text(f"we lose {figures.percent(1 - step.rate)}"),
        Text(lost_words(seen, place)),
        Text("Why: " + why(step)),
    )


def why(step: Step) -> str:
    known = sorted(step.losses.items(), key=lambda loss: -loss[1])
    words = [f"{reason} {figures.count(lost)}" for reason, lost in known if lost]
    if step.unexplained:
        words.append(f"unexplained {figures.count(step.unexplained)}")
    return " · ".join(words) if words else "nobody was lost here."


def room_sees(seen: Snapshot) -> str:
    place = seen.workshop.position.its_step
    if guess.state_at(seen, place) is QuestionState.OPEN:
        return "The room sees what you ask, and how many have guessed. No number before you reveal."
    if guess.is_first_picture(seen, place):
        return "The room sees what each side thought, and what is true."
    return "The room sees what this step loses and why."


def hint(seen: Snapshot) -> str:
    place = seen.workshop.position.its_step
    if guess.state_at(seen, place) is QuestionState.OPEN:
        return "Say: guess alone, on your own screen. Once most have answered, press Reveal below."
    if guess.is_first_picture(seen, place):
        return "Ask one of each side: what made you think so? Then press Show the facts."
    return "Read the number aloud, then ask: what do you see that the other side does not?"


FACTS = Activity(
    code=Phase.FACTS,
    label="Facts of {step}",
    short_label="Facts",
    place=Place.AT_EACH_STEP,
    room_sees=room_sees,
    hint=hint,
    board=board,
    team=team,
    form=guess.form,
    facilitator=guess.facts_facilitator,
    minutes=USUAL_MINUTES[Phase.FACTS],
)
