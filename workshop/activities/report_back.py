"""Report back: mini-team by mini-team, on the projector and on every screen."""

from __future__ import annotations

import streamlit as st

from workshop.activities.activity import Activity, Place
from workshop.activities.board_cards import MOST_CARDS, count_the_rest, idea_card
from workshop.activities.facts import LONGEST_HEADLINE, in_three_lines
from workshop.activities.own_ideas import (
    asked_again,
    asked_of_me,
    done_button,
    idea_form,
    latecomers,
    own_ideas,
    own_team,
)
from workshop.analysis.ranking import goes_after
from workshop.domain import agenda
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.idea import Idea, estimated_anew
from workshop.domain.people import Side, Team
from workshop.live import services
from workshop.live.snapshot import Snapshot
from workshop.ui import estimates
from workshop.ui.blocks import Block, Group, Style, Text
from workshop.ui.text import keyed_text
from workshop.wording import figures
from workshop.wording.shortening import shorten
from workshop.wording.sides import LETTERS, NAMES

LONGEST_NAME = 26  # characters
NOBODY_LEFT = "everybody has left; the ideas still count."


def reporting(seen: Snapshot) -> tuple[Team, ...]:
    """Who reports back on this step, in order."""
    return agenda.reporting(seen.teams, seen.ideas, seen.workshop.position.its_step)


def board(seen: Snapshot) -> None:
    """One mini-team and its ideas."""
    place, teams = seen.workshop.position.its_step, reporting(seen)
    if not teams:
        keyed_text("board_hint", "No mini-team is in yet: join with the code at the top right.")
        return
    shown = min(seen.workshop.team_shown, len(teams) - 1)
    team = teams[shown]
    with st.container(key="board_headline"):
        st.text(shorten(team.name, LONGEST_HEADLINE))
    with st.container(key="board_sentence"):
        people = " · ".join(
            f"{shorten(person.name, LONGEST_NAME)} ({LETTERS[person.side]})"
            for person in team.people
        )
        st.text(f"Team {shown + 1} of {len(teams)}: {people or NOBODY_LEFT}")
    ideas = [idea for idea in seen.ideas if idea.step == place and idea.team_id == team.id]
    if not ideas:
        keyed_text("board_hint", "No idea for this step. Next team, please.")
        return
    with st.container(key="board_cards"):
        for idea in ideas[:MOST_CARDS]:
            idea_card(idea, seen.funnel.steps[place], len(ideas))
    count_the_rest(len(ideas) - MOST_CARDS, "idea")


def facilitator(seen: Snapshot) -> None:
    """The way from one mini-team to the next."""
    teams = reporting(seen)
    if not teams:
        return
    shown = min(seen.workshop.team_shown, len(teams) - 1)
    with st.container(border=True, key="team_shown"):
        st.text(f"On the projector, {shown + 1} of {len(teams)}: {teams[shown].name}", wrap=False)
        second_estimates(teams[shown], seen)
        with st.container(horizontal=True):
            with st.container(key="team_back", width="content"):
                st.button(
                    "Previous team",
                    key=f"team_back_at_{shown}",
                    icon=":material/arrow_back:",
                    disabled=shown == 0,
                    on_click=services.store().agenda.show_team,
                    args=(seen.who, shown - 1),
                )
            with st.container(key="team_next", width="content"):
                st.button(
                    "Next team",
                    key=f"team_next_at_{shown}",
                    icon=":material/arrow_forward:",
                    disabled=shown == len(teams) - 1,
                    on_click=services.store().agenda.show_team,
                    args=(seen.who, shown + 1),
                )


def second_estimates(team: Team, seen: Snapshot) -> None:
    """How many sides of the mini-team on the projector have estimated once more."""
    place = seen.workshop.position.its_step
    anew, sides = estimated_anew(
        [idea for idea in seen.counted if idea.step == place and idea.team_id == team.id]
    )
    if sides:
        st.text(f"Second estimates: {anew} of {figures.counted(sides, 'side')}.")


def team(seen: Snapshot) -> list[Block]:
    side = seen.laptop.handed_to
    if side is None:
        return [*asked_of_me(seen), in_three_lines(seen)]
    return [
        Text(f"For {NAMES[side]}: what do you expect now?", Style.HEADER),
        *estimates.ask_again(seen.who, asked_again(seen, side), side),
        estimates.HAND_BACK,
    ]


def team_below(seen: Snapshot) -> list[Block]:
    own = services.store().seats.person(seen.who).side
    asked = asked_again(seen, own)
    written = (*latecomers(seen), *own_ideas(seen, {idea.id for idea in asked}))
    others_of_team = {person.side for person in own_team(seen).people} - {own}
    waiting = [side for side in Side if side in others_of_team and asked_again(seen, side)]
    return [
        Group("report_ideas", written),
        *estimates.ask_again(seen.who, asked, own),
        *([] if asked else estimates.hand_over_again(waiting)),
        *others(seen),
        done_button(seen),
    ]


def others(seen: Snapshot) -> list[Block]:
    """Once a step is reported back, everybody may read everybody's ideas."""
    place, own = seen.workshop.position.its_step, own_team(seen).id
    shown = [idea for idea in seen.ideas if idea.team_id != own and idea.step == place]
    return [
        *([Text("What the others would do", Style.HEADER)] if shown else []),
        *(_other(seen, idea) for idea in shown),
    ]


def _other(seen: Snapshot, idea: Idea) -> Group:
    name = seen.team_names.get(idea.team_id, "")
    about = Text(f"{name} · goes after {goes_after(idea.draft)}")
    return Group(f"others_{idea.id}", (Text(idea.draft.title), about), is_framed=True)


REPORT_BACK = Activity(
    code=Phase.REPORT,
    label="Report back on {step}",
    short_label="Report back",
    place=Place.AT_CHOSEN_STEPS,
    room_sees=lambda _: "The room sees one team's ideas at a time.",
    hint=lambda _: "Each team has two minutes. Questions yes, verdicts no.",
    board=board,
    team=team,
    team_below=team_below,
    facilitator=facilitator,
    form=idea_form,
    takes_ideas=True,
    says_numbers=True,
    minutes=USUAL_MINUTES[Phase.REPORT],
)
