"""The lobby: people join by the code on the projector, and the mini-teams fill up."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from workshop.activities import asking, guess
from workshop.activities.activity import Activity, Place
from workshop.activities.board_cards import MOST_TEAMS
from workshop.domain.agenda import Phase
from workshop.domain.agenda_lines import USUAL_MINUTES
from workshop.domain.people import Team
from workshop.live.snapshot import Snapshot
from workshop.ui import navigation
from workshop.ui.blocks import Block, Group, Style, Text
from workshop.ui.text import keyed_text
from workshop.wording.shortening import shorten
from workshop.wording.sides import LETTERS

MOST_SEATS = 4
SIT_DOWN = (
    "Sit down with your mini-team: their names are above. One laptop a team is enough, more are "
    "welcome. The facilitator will start soon, and this screen follows."
)
# Mini-teams whose people are named, and how many characters a name has in their cards.
FEW, MOST_NAMED = 4, 9
LONGEST_OF_FEW, LONGEST_OF_MANY = 28, 18


def board(seen: Snapshot) -> None:
    """The QR code, and who is in."""
    code = seen.workshop.code
    with st.container(key="board_lobby"):
        with st.container(key="board_qr"):
            st.image(navigation.qr(code), width="stretch", alt="QR code to join")
            keyed_text("board_address", f"or open {navigation.address().split('//')[1]}")
        with st.container(key="board_welcome"):
            keyed_text("board_code", code)
            if seen.seated:
                seats(seen.seated)
            else:
                keyed_text("board_hint", "Scan the code, give your name and side. You are in.")
            guess.lobby_board(seen)


def seats(teams: tuple[Team, ...]) -> None:
    """The mini-teams as they fill up; what does not fit is counted."""
    shown = teams if len(teams) <= MOST_TEAMS else teams[: MOST_TEAMS - 1]
    with st.container(key="board_teams"):
        for team in shown:
            if len(teams) > MOST_NAMED:
                sides_of(team)
            else:
                seats_of(team, LONGEST_OF_FEW if len(teams) <= FEW else LONGEST_OF_MANY)
        if len(shown) < len(teams):
            keyed_text("board_more", f"and {len(teams) - len(shown)} more mini-teams")
    keyed_text("board_legend", "S sales · M marketing · O other")


def seats_of(team: Team, longest: int) -> None:
    """Who sits in a mini-team, by names of at most that many characters."""
    seated = team.people if len(team.people) <= MOST_SEATS else team.people[: MOST_SEATS - 1]
    with st.container(key=f"seats_{team.id}"):
        keyed_text(f"seats_name_{team.id}", shorten(team.name, longest))
        for person in seated:
            name = shorten(person.name, longest)
            keyed_text(f"side_{person.side}_{person.id}", f"{LETTERS[person.side]} {name}")
        if len(seated) < len(team.people):
            keyed_text(f"seats_more_{team.id}", f"and {len(team.people) - len(seated)} more")


def sides_of(team: Team) -> None:
    """Where there are too many mini-teams for names: how many of each side sit in one."""
    with st.container(key=f"seats_{team.id}"):
        keyed_text(f"seats_name_{team.id}", shorten(team.name, LONGEST_OF_MANY))
        for side, number in Counter(person.side for person in team.people).items():
            keyed_text(f"side_{side}_{team.id}", f"{LETTERS[side]} {number}")


def team(seen: Snapshot) -> list[Block]:
    welcome = Group("team_lobby", (Text("You are in.", Style.TITLE), Text(SIT_DOWN)))
    if not guess.is_going_on(seen):
        return [welcome]
    return [welcome, Text(f"Guess while you wait. {asking.NOBODY_SEES}", Style.NOTE)]


def hint(seen: Snapshot) -> str:
    if guess.is_going_on(seen):
        return "Say: guess alone, by what you know from your work. No guess is shown with a name."
    return "Say: scan the code, give your name and side. You will sit in mixed teams."


LOBBY = Activity(
    code=Phase.LOBBY,
    label="Lobby",
    place=Place.BEFORE_THE_STEPS,
    room_sees=lambda _: "The room sees the QR code and who is in.",
    hint=hint,
    board=board,
    team=team,
    form=guess.form,
    facilitator=guess.lobby_facilitator,
    minutes=USUAL_MINUTES[Phase.LOBBY],
)
