"""The projector: read-only, one thing very large, never a scroll bar."""

from __future__ import annotations

import streamlit as st

from workshop import agenda, charts, figures, screen
from workshop.access import Role
from workshop.funnel import leak
from workshop.model import Funnel, Phase, Side, Team, Workshop
from workshop.ranking import assumed, lenses_a_year

LETTER = {Side.SALES: "S", Side.MARKETING: "M", Side.OTHER: "O"}

who = screen.require(Role.ROOM)
store = screen.store()


def top(workshop: Workshop, funnel: Funnel) -> None:
    with st.container(
        key="board_top",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        st.text(agenda.label(workshop.position, funnel))
        st.text(workshop.name)
        if workshop.timer.ends_at and workshop.position.phase is not Phase.IDEAS:
            screen.clock("timer", workshop.timer.ends_at)
        st.text(workshop.code)


def bottom(workshop: Workshop, teams: tuple[Team, ...]) -> None:
    people = sum(len(team.people) for team in teams)
    ideas = sum(
        sum(store.idea_counts(who, step).values()) for step in range(len(store.funnel(who).steps))
    )
    with st.container(key="board_foot"):
        st.text(
            f"{figures.count(len(teams))} mini-teams · {figures.count(people)} people · "
            f"{figures.count(ideas)} ideas"
        )


def lobby(workshop: Workshop, teams: tuple[Team, ...]) -> None:
    left, right = st.columns([1, 2], gap="large", vertical_alignment="center")
    with left, st.container(key="board_qr"):
        st.image(screen.qr(workshop.code), width="stretch", alt="QR code to join")
    with right:
        with st.container(key="board_code"):
            st.text(workshop.code)
        with st.container(key="board_address"):
            st.text(f"Scan, or type the code at {screen.address().split('//')[1]}")
        with st.container(key="board_teams", horizontal=True):
            for team in teams:
                with st.container(border=True, width="content"):
                    st.text(team.name)
                    st.text(
                        " · ".join(f"{person.name} {LETTER[person.side]}" for person in team.people)
                    )


def facts(funnel: Funnel, place: int) -> None:
    step = funnel.steps[place]
    worth = figures.a_year(leak(funnel)[place], funnel.period_days)
    with st.container(key="board_headline"):
        st.text(f"At {step.name} we lose {figures.percent(1 - step.rate)}")
    with st.container(key="board_sentence"):
        st.text(
            f"{figures.count(step.lost)} of {figures.count(step.entered)} in {step.source}: worth "
            f"{figures.money(worth, funnel.currency)} a year at today's rates further down"
        )
    left, right = st.columns(2, gap="large")
    with left:
        screen.chart(
            "board_funnel",
            charts.funnel_chart(funnel, place, large=True),
            charts.funnel_alt(funnel, place),
            charts.funnel_table(funnel),
        )
    with right:
        screen.chart(
            "board_reasons",
            charts.reasons_chart(step, large=True),
            charts.reasons_alt(step),
            charts.reasons_table(step),
        )


def writing(workshop: Workshop, teams: tuple[Team, ...], place: int) -> None:
    with st.container(key="board_question"):
        st.text("What do you see that the other side does not?")
    left, right = st.columns(2, gap="large", vertical_alignment="center")
    with left, st.container(key="board_clock"):
        if workshop.timer.ends_at:
            screen.clock("timer_large", workshop.timer.ends_at)
        else:
            st.text("Take your time")
    counts = store.idea_counts(who, place)
    with right, st.container(key="board_counts"):
        for team in teams:
            ideas = counts.get(team.id, 0)
            done = " ✓ done" if place in team.done else ""
            st.text(f"{team.name}: {ideas} {'idea' if ideas == 1 else 'ideas'}{done}")


def report(workshop: Workshop, teams: tuple[Team, ...], place: int) -> None:
    if not teams:
        st.text("No mini-team is in yet.")
        return
    shown = min(workshop.team_shown, len(teams) - 1)
    team = teams[shown]
    with st.container(key="board_headline"):
        st.text(team.name)
    with st.container(key="board_sentence"):
        st.text(f"Team {shown + 1} of {len(teams)}")
    ideas = [idea for idea in store.ideas(who) if idea.team_id == team.id and idea.step == place]
    with st.container(key="board_cards"):
        for idea in ideas[:6]:
            low, high = idea.draft.recovers.low, idea.draft.recovers.high
            with st.container(border=True):
                st.text(idea.draft.title)
                st.text(
                    f"wins back {figures.percent(low)} to {figures.percent(high)} of "
                    f"{idea.draft.reason or 'all losses'}"
                )
        if not ideas:
            st.text("No idea for this step yet.")


def rank(funnel: Funnel) -> None:
    table = screen.ranking(who)
    counted = table[table["state"] == "counts"]
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="ranking"):
        if counted.empty:
            st.text("The ranking fills as ideas come in.")
        else:
            screen.chart(
                "board_ranking",
                charts.ranking_chart(counted, funnel.currency, large=True),
                charts.ranking_alt(counted, funnel.currency),
                charts.ranking_table(counted, funnel.currency),
            )
    with right, st.container(key="sensitivity"):
        st.text("What one percentage point more is worth")
        lenses = lenses_a_year(funnel)
        screen.chart(
            "board_lenses",
            charts.lenses_chart(lenses, funnel.currency, large=True),
            charts.lenses_alt(lenses, funnel.currency),
            charts.lenses_table(lenses, funnel.currency),
        )


def actions(funnel: Funnel) -> None:
    with st.container(key="board_headline"):
        st.text("What we agreed")
    agreed = store.actions(who)
    with st.container(key="board_cards"):
        for action in agreed[:6]:
            with st.container(border=True):
                st.text(action.title)
                st.text(f"{action.owner} with {action.co_owner} · by {figures.day(action.due)}")
        if not agreed:
            st.text("Nothing yet: management turns ideas into actions now.")


@st.fragment(key="stage")
def stage() -> None:
    workshop, teams = store.workshop(who), store.teams(who)
    funnel = assumed(store.funnel(who), store.assumptions(who))
    place = workshop.position.step
    with st.container(key="board"):
        top(workshop, funnel)
        with st.container(key="board_stage"):
            match workshop.position.phase:
                case Phase.LOBBY:
                    lobby(workshop, teams)
                case Phase.FACTS if place is not None:
                    facts(funnel, place)
                case Phase.IDEAS if place is not None:
                    writing(workshop, teams, place)
                case Phase.REPORT if place is not None:
                    report(workshop, teams, place)
                case Phase.RANK:
                    rank(funnel)
                case _:
                    actions(funnel)
        bottom(workshop, teams)


stage()
with st.container(key="board_line"):
    screen.live(who, "stage")
