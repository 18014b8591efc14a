"""The projector: read-only, one thing very large, never a scroll bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import assert_never

import pandas as pd
import streamlit as st

from workshop import charts
from workshop.analysis.conversion import leak, rate_interval, revenue
from workshop.analysis.explanation import differ, who_expects
from workshop.analysis.gains import joint_gain
from workshop.analysis.planning import BestPlan
from workshop.analysis.ranking import assumed, effect, expected, goes_after, lenses_a_year
from workshop.analysis.sensitivity import Lens, first_order, total_order
from workshop.analysis.unknowns import least_known, share_of_doubt, worth_finding_out
from workshop.domain import agenda
from workshop.domain.access import Role
from workshop.domain.action import Action
from workshop.domain.agenda import BoardView, Phase
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Idea
from workshop.domain.people import Owner, Team
from workshop.domain.workshop import Workshop
from workshop.live import services, snapshot
from workshop.ui import navigation
from workshop.ui.charts import draw_chart
from workshop.ui.identity import require
from workshop.ui.plan import best_plan
from workshop.ui.stage import countdown, draw_stage, live_line
from workshop.ui.text import keyed_text
from workshop.wording import figures
from workshop.wording.sides import LETTERS

OWNS = {
    Owner.SALES: "Sales owns this step.",
    Owner.MARKETING: "Marketing owns this step.",
    Owner.BOTH: "Sales and marketing own this step together.",
}
NOBODY_LEFT = "nobody is left of it; its ideas count like all others."
UNSURE = 0.05  # an interval this wide is said, a narrower one is not worth the room's time

WORTH_A_POINT = "What one percentage point more is worth a year"
NO_LENS = "+10 % is worth the same at every step: it ranks none."
MEANS = {
    Lens.PLUS_1PP: "one more in a hundred",
    Lens.TO_BENCHMARK: "as good as others",
    Lens.EQUAL_EFFORT: "the same push everywhere",
    Lens.LEAK: "nobody is lost any more",
}
DOUBT = "Where the doubt about the revenue comes from"
DOUBT_READS = "Solid, first figure: this rate alone. Hatched, second figure: with the others."

# What fits at 1280 × 720 in letters that are read from six metres; the rest is counted.
MOST_TEAMS = 15
MOST_SEATS = 4
MOST_CARDS = 6
MOST_DOTS = 30
LONG_TITLE = 80

who = require(Role.ROOM)
store = services.store()


# -- the strips: where we are, and who is here ---------------------------------------------------


def top(workshop: Workshop, funnel: Funnel) -> None:
    with st.container(key="board_top"):
        walk(funnel, workshop.position.step)
        keyed_text("board_phase", agenda.short_label(workshop.position, funnel))
        keyed_text("board_name", workshop.name)
        if workshop.timer.ends_at and workshop.position.phase is not Phase.IDEAS:
            countdown("timer", workshop.timer.ends_at)
        keyed_text("board_room", workshop.code)


def walk(funnel: Funnel, place: int | None) -> None:
    """The stages in a row, the two of the current step in one frame."""
    with st.container(key="board_walk"):
        here = {} if place is None else {place: "from", place + 1: "to"}
        for number, stage in enumerate(funnel.stages):
            keyed_text(f"stage_{here.get(number, 'off')}_{number}", stage)


def bottom(workshop: Workshop, teams: tuple[Team, ...]) -> None:
    place = workshop.position.step
    people = sum(len(team.people) for team in teams)
    ideas = sum(
        sum(store.ideas.counts(who, step).values())
        for step in range(len(store.funnels.current(who).steps))
    )
    with st.container(key="board_foot"):
        if place is not None and teams:
            done = sum(place in team.done for team in teams)
            if len(teams) <= MOST_DOTS:
                keyed_text("board_dots", "●" * done + "○" * (len(teams) - done))
            st.text(f"{done} of {len(teams)} done")
        st.text(
            f"{figures.counted(len(teams), 'mini-team')} · "
            f"{figures.counted(people, 'person', 'people')} · {figures.counted(ideas, 'idea')}"
        )


# -- lobby ---------------------------------------------------------------------------------------


def lobby(workshop: Workshop, teams: tuple[Team, ...]) -> None:
    with st.container(key="board_lobby"):
        with st.container(key="board_qr"):
            st.image(navigation.qr(workshop.code), width="stretch", alt="QR code to join")
            keyed_text("board_address", f"or open {navigation.address().split('//')[1]}")
        with st.container(key="board_welcome"):
            keyed_text("board_code", workshop.code)
            if teams:
                seats(teams)
            else:
                keyed_text("board_hint", "Scan the code, give your name and side. You are in.")


def seats(teams: tuple[Team, ...]) -> None:
    """The mini-teams as they fill up; what does not fit is counted."""
    shown = teams if len(teams) <= MOST_TEAMS else teams[: MOST_TEAMS - 1]
    with st.container(key="board_teams"):
        for team in shown:
            with st.container(key=f"seats_{team.id}"):
                keyed_text(f"seats_name_{team.id}", team.name)
                seated = team.people
                if len(seated) > MOST_SEATS:
                    seated = seated[: MOST_SEATS - 1]
                for person in seated:
                    keyed_text(
                        f"side_{person.side}_{person.id}",
                        f"{LETTERS[person.side]} {person.name}",
                    )
                others(len(team.people) - len(seated), f"seats_more_{team.id}")
        if len(shown) < len(teams):
            keyed_text("board_more", f"and {len(teams) - len(shown)} more mini-teams")
    keyed_text("board_legend", "S sales · M marketing · O other")


def others(number: int, key: str) -> None:
    if number:
        keyed_text(key, f"and {number} more")


# -- the step: facts, ideas, report back ---------------------------------------------------------


def facts(funnel: Funnel, place: int) -> None:
    step = funnel.steps[place]
    worth = figures.a_year(leak(funnel)[place], funnel.period_days)
    with st.container(key="board_headline"):
        st.text(f"At {step.name} we lose")
        keyed_text("board_lost", figures.percent(1 - step.rate))
    with st.container(key="board_sentence"):
        st.text(
            f"Of {figures.count(step.entered)} {step.source}, {figures.count(step.lost)} are lost: "
            f"worth {figures.money(worth, funnel.currency)} a year at today's rates further down."
        )
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


def writing(workshop: Workshop, teams: tuple[Team, ...], place: int) -> None:
    keyed_text("board_question", "What do you see that the other side does not?")
    with st.container(key="board_split"):
        with st.container(key="board_clock"):
            if workshop.timer.ends_at:
                countdown("timer_large", workshop.timer.ends_at)
            else:
                st.text("Take your time")
        with st.container(key="board_counts"):
            counts = store.ideas.counts(who, place)
            for team in teams[:MOST_TEAMS]:
                done = place in team.done
                with st.container(key=f"count_{'done' if done else 'open'}_{team.id}"):
                    st.text(team.name)
                    ideas = figures.counted(counts.get(team.id, 0), "idea")
                    st.text(f"{ideas} ✓ done" if done else ideas)
            if not teams:
                st.text("Nobody is in yet: join with the code at the top right.")
            if len(teams) > MOST_TEAMS:
                keyed_text("board_more", f"and {len(teams) - MOST_TEAMS} more mini-teams")


def report(workshop: Workshop, funnel: Funnel, teams: tuple[Team, ...], place: int) -> None:
    written = [idea for idea in store.ideas.readable(who) if idea.step == place]
    teams = agenda.reporting(teams, written, place)
    if not teams:
        keyed_text("board_hint", "No mini-team is in yet: join with the code at the top right.")
        return
    shown = min(workshop.team_shown, len(teams) - 1)
    team = teams[shown]
    with st.container(key="board_headline"):
        st.text(team.name)
    with st.container(key="board_sentence"):
        people = " · ".join(f"{person.name} ({LETTERS[person.side]})" for person in team.people)
        st.text(f"Team {shown + 1} of {len(teams)}: {people or NOBODY_LEFT}")
    ideas = [idea for idea in written if idea.team_id == team.id]
    if not ideas:
        keyed_text("board_hint", "No idea for this step. Next team, please.")
        return
    with st.container(key="board_cards"):
        for idea in ideas[:MOST_CARDS]:
            idea_card(idea, funnel.steps[place])
    rest(len(ideas) - MOST_CARDS, "idea")


def idea_card(idea: Idea, step: Step) -> None:
    draft, recovers = idea.draft, expected(idea)
    low, likely, high = map(figures.percent, (recovers.low, recovers.likely, recovers.high))
    with st.container(key=f"card_{idea.id}"):
        keyed_text(card_title(draft.title, idea.id), draft.title)
        keyed_text(f"card_aim_{idea.id}", f"goes after: {goes_after(draft)}")
        lost = figures.count(step.lost_to(draft.reason, draft.segment))
        apart = f": {who_expects(idea)}" if differ(idea) else ""
        keyed_text(
            f"card_gain_{idea.id}", f"wins back {likely} of {lost} lost ({low} to {high}){apart}"
        )


def card_title(title: str, card: str) -> str:
    """The key of a title: a long one is drawn smaller, on as many lines as it needs."""
    return f"card_title_{'long_' if len(title) > LONG_TITLE else ''}{card}"


def rest(number: int, noun: str) -> None:
    if number > 0:
        keyed_text("board_more", f"and {figures.counted(number, f'more {noun}')}")


# -- the end: ranking, actions -------------------------------------------------------------------


def rank(workshop: Workshop, funnel: Funnel) -> None:
    match workshop.board_view:
        case BoardView.IDEAS:
            ranked_ideas(funnel)
        case BoardView.STEPS:
            compared_steps(funnel)
        case BoardView.UNKNOWN:
            unknowns(funnel)
        case _:
            assert_never(workshop.board_view)


def ranked_ideas(funnel: Funnel) -> None:
    table = snapshot.ranking(who)
    counted = table[table["state"] == "counts"]
    with st.container(key="board_sentence"):
        st.text(together(funnel))
    with st.container(key="board_split"):
        with st.container(key="ranking"):
            keyed_text("board_left_title", "What each idea could bring a year")
            if counted.empty:
                keyed_text("board_hint", "The ranking fills as ideas come in.")
            else:
                draw_chart(
                    "board_ranking",
                    charts.ranking_chart(counted, funnel.currency, large=True),
                    charts.RANKING_ALT,
                    charts.ranking_table(counted, funnel.currency),
                )
        with st.container(key="sensitivity"):
            keyed_text("board_right_title", f"{WORTH_A_POINT}\n{NO_LENS}")
            lenses = lenses_a_year(funnel)
            draw_chart(
                "board_lenses",
                charts.lenses_chart(lenses, funnel.currency, large=True),
                charts.lenses_alt(),
                charts.lenses_table(lenses, funnel.currency),
            )


def compared_steps(funnel: Funnel) -> None:
    """What improving each step is worth, through every lens that can tell them apart."""
    lenses = lenses_a_year(funnel)
    with st.container(key="board_headline"):
        st.text("What improving each step is worth a year")
    with st.container(key="board_sentence"):
        st.text(f"{favourite(lenses)} {same_everywhere(funnel)}")
    with st.container(key="board_whole"), st.container(key="board_steps"):
        with st.container(key="board_lens_heads"):
            for lens in charts.RANKING_LENSES:
                keyed_text(f"lens_{lens}", f"{charts.LENSES[lens].capitalize()}\n{MEANS[lens]}")
        draw_chart(
            "board_side_by_side",
            charts.lenses_side_by_side(lenses, funnel.currency),
            "What improving each step is worth a year, seen four ways. The table says the same.",
            charts.lenses_table(lenses, funnel.currency),
        )


def favourite(lenses: pd.DataFrame) -> str:
    """The step that most of the lenses put first."""
    first = [
        lenses.loc[lenses[lens].idxmax(), "step"]
        for lens in charts.RANKING_LENSES
        if lenses[lens].max() > 0
    ]
    if not first:
        return "No step is worth anything yet."
    [(step, times)] = Counter(first).most_common(1)
    if times < len(first):
        return f"{step} comes first in {times} of {len(first)} views."
    return f"{step} comes first, however one looks."


def same_everywhere(funnel: Funnel) -> str:
    """Why ten per cent more is no lens."""
    worth = figures.a_year(0.1 * revenue(funnel), funnel.period_days)
    return (
        f"+10 % would be {figures.money(worth, funnel.currency)} at any step, since revenue is "
        "the product of all rates: it cannot rank them."
    )


def unknowns(funnel: Funnel) -> None:
    """Where the doubt about the revenue comes from, and what to find out before deciding."""
    own, total = first_order(funnel).tolist(), total_order(funnel).tolist()
    to_find_out = snapshot.of_ideas(
        "worth finding out",
        who,
        lambda ideas: worth_finding_out(
            store.funnels.current(who), store.assumptions.current(who), ideas
        ),
    )
    with st.container(key="board_headline"):
        st.text("What we do not know")
    with st.container(key="board_firm_up"):
        st.text(to_find_out[0])
    with st.container(key="board_whole"), st.container(key="board_doubt"):
        keyed_text("board_doubt_title", f"{DOUBT}\n{DOUBT_READS}")
        draw_chart(
            "board_sobol",
            charts.sobol_chart(own, total, funnel.steps, large=True),
            charts.sobol_alt(own, total, funnel.steps),
            charts.sobol_table(own, total, funnel.steps),
        )
    keyed_text("board_least_known", least_known(funnel))


def together(funnel: Funnel) -> str:
    """What the room has found, in one sentence."""
    ideas = [idea for idea in store.ideas.readable(who) if idea.counts]
    effects = [effect(idea, store.assumptions.current(who)) for idea in ideas]
    today, more = (
        figures.money(figures.a_year(worth, funnel.period_days), funnel.currency)
        for worth in (revenue(funnel), joint_gain(funnel, effects))
    )
    if not ideas:
        return f"Today the funnel brings {today} a year. {share_of_doubt(funnel)}"
    return (
        f"{figures.counted(len(ideas), 'idea')} together: about {more} a year on top of {today}. "
        f"{planned(funnel) or share_of_doubt(funnel)}"
    )


def planned(funnel: Funnel) -> str:
    """The best plan in a sentence, once management has said what capacity there is."""
    choice = store.constraints.current(who)
    if choice.days_sales is None or choice.days_marketing is None:
        return ""
    plan = best_plan(who)
    if not isinstance(plan, BestPlan):
        return ""
    return (
        f"The best plan within {choice.days_sales:g} + {choice.days_marketing:g} person-days "
        f"brings {figures.money(plan.gain, funnel.currency)} "
        f"({figures.range_of_money(plan.p10, plan.p90, funnel.currency)})."
    )


def actions(phase: Phase) -> None:
    agreed = store.actions.all(who)
    with st.container(key="board_headline"):
        st.text("What we agreed" if agreed or phase is Phase.CLOSED else "What will we do?")
    if not agreed and phase is Phase.CLOSED:
        keyed_text("board_hint", "No action was agreed. The ideas are kept.")
        return
    if not agreed:
        keyed_text("board_hint", "Management turns ideas into actions now: two owners, one date.")
        return
    with st.container(key="board_sentence"):
        st.text(action_words(phase, agreed))
    with st.container(key="board_cards"):
        for action in agreed[:MOST_CARDS]:
            with st.container(key=f"card_{action.id}"):
                keyed_text(card_title(action.title, action.id), action.title)
                keyed_text(f"card_aim_{action.id}", f"{action.owner} with {action.co_owner}")
                keyed_text(f"card_gain_{action.id}", f"by {figures.day(action.due)}")
    rest(len(agreed) - MOST_CARDS, "action")


def action_words(phase: Phase, agreed: Sequence[Action]) -> str:
    last = figures.day(max(action.due for action in agreed))
    if phase is Phase.CLOSED:
        return f"See you after {last}: we will measure again."
    return f"{figures.counted(len(agreed), 'action')}, the last due on {last}."


def stage() -> None:
    workshop, teams = store.workshops.get(who), store.seats.teams(who)
    seated = tuple(team for team in teams if team.people)
    funnel = assumed(store.funnels.current(who), store.assumptions.current(who))
    position = workshop.position
    with st.container(key="board"):
        top(workshop, funnel)
        with st.container(key="board_stage"):
            match position.phase:
                case Phase.LOBBY:
                    lobby(workshop, seated)
                case Phase.FACTS:
                    facts(funnel, position.its_step)
                case Phase.IDEAS:
                    writing(workshop, seated, position.its_step)
                case Phase.REPORT:
                    report(workshop, funnel, teams, position.its_step)
                case Phase.RANK:
                    rank(workshop, funnel)
                case Phase.COMMIT | Phase.CLOSED:
                    actions(position.phase)
                case _:
                    assert_never(position.phase)
        bottom(workshop, seated)


draw_stage(who, stage)
with st.container(key="board_line"):
    live_line(who)
