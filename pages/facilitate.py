"""The facilitator's laptop: the walk, the timer, the teams, the ideas as they come."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from workshop import agenda, figures, pairing, screen
from workshop.access import Role
from workshop.model import Phase, Position, Team, Workshop

MINUTES = 8
ROOM_SEES = {
    Phase.LOBBY: "The room sees the QR code and who is in.",
    Phase.FACTS: "The room sees what this step loses and why.",
    Phase.IDEAS: "The room sees the timer and how many ideas each team has, no contents.",
    Phase.REPORT: "The room sees one team's ideas at a time.",
    Phase.RANK: "The room sees the ranking and what improving each step is worth.",
    Phase.COMMIT: "The room sees the actions as they are agreed.",
    Phase.CLOSED: "The room sees the agreed actions.",
}
HINTS = {
    Phase.LOBBY: "Say: scan the code, give your name and side. You will sit in mixed teams.",
    Phase.FACTS: "Read the number aloud, then ask: what do you see that the other side does not?",
    Phase.IDEAS: "Say: write alone first, then talk. Nobody sees your ideas before the report.",
    Phase.REPORT: "Each team has two minutes. Questions yes, verdicts no.",
    Phase.RANK: "Ask: which place surprises you? Management may change what it assumes.",
    Phase.COMMIT: "No action without an owner from one side and a co-owner from the other.",
    Phase.CLOSED: "Export the list before you leave, and say when you will measure again.",
}

who = screen.require(Role.FACILITATOR)
store = screen.store()


def go(position: Position) -> None:
    store.go(who, position)


def set_timer(minutes: float | None) -> None:
    now = datetime.now(UTC)
    timer = store.workshop(who).timer
    if minutes is None:
        store.set_timer(who, agenda.stop())
    elif timer.ends_at is None:
        store.set_timer(who, agenda.start(now, minutes))
    else:
        store.set_timer(who, agenda.extend(timer, now, minutes))


def door(role: Role) -> str:
    """A link for another screen; made once a session, since only its hash is kept."""
    key = f"door_{role}"
    if key not in st.session_state:
        st.session_state[key] = f"/enter/{store.issue(who, role)}"
    return screen.address() + st.session_state[key]


def agenda_list(workshop: Workshop) -> None:
    """The walk; every line can be jumped to."""
    funnel = store.funnel(who)
    st.subheader("The walk")
    for place, position in enumerate(agenda.walk(len(funnel.steps))):
        here = position == workshop.position
        st.button(
            screen.plain(agenda.label(position, funnel)),
            key=f"jump_{place}",
            type="primary" if here else "tertiary",
            icon=":material/arrow_right:" if here else None,
            on_click=go,
            args=(position,),
            width="stretch",
        )


def conduct(workshop: Workshop) -> None:
    """Where we are, and the two buttons that move the room."""
    funnel, position = store.funnel(who), workshop.position
    steps = len(funnel.steps)
    ahead, behind = agenda.next_position(position, steps), agenda.back(position, steps)
    st.text("Now")
    st.title(screen.plain(agenda.label(position, funnel)), anchor=False)
    st.write(ROOM_SEES[position.phase])
    st.info(HINTS[position.phase], icon=":material/record_voice_over:")
    with st.container(horizontal=True, key="conduct"):
        if behind != position:
            st.button("Back", key="phase_back", on_click=go, args=(behind,))
        if ahead != position:
            label = f"Next: {screen.plain(agenda.label(ahead, funnel))}"
            st.button(label, key="phase_next", type="primary", on_click=go, args=(ahead,))
    if position.phase is Phase.REPORT:
        team_on_screen(workshop)
    timer(workshop)


def team_on_screen(workshop: Workshop) -> None:
    teams = store.teams(who)
    if not teams:
        return
    shown = min(workshop.team_shown, len(teams) - 1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Previous team",
            key="team_back",
            disabled=shown == 0,
            on_click=store.show_team,
            args=(who, shown - 1),
        )
        st.text(f"On the projector: {teams[shown].name}, {shown + 1} of {len(teams)}")
        st.button(
            "Next team",
            key="team_next",
            disabled=shown == len(teams) - 1,
            on_click=store.show_team,
            args=(who, shown + 1),
        )


def timer(workshop: Workshop) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="timer_box"):
        ends_at = workshop.timer.ends_at
        if ends_at is None:
            minutes = st.number_input("Minutes", 1, 120, MINUTES, key="timer_minutes", width=140)
            st.button(
                "Start the timer",
                key="timer_start",
                icon=":material/timer:",
                on_click=set_timer,
                args=(minutes,),
            )
        else:
            screen.clock("timer", ends_at)
            st.button("+1 minute", key="timer_more", on_click=set_timer, args=(1,))
            st.button("Stop", key="timer_stop", on_click=set_timer, args=(None,))
        st.text("It is soft: at zero it says so and closes nothing.")


def teams_list(workshop: Workshop) -> None:
    teams, step = store.teams(who), workshop.position.step
    connected = screen.hub().connected(who.workshop_id)
    people = sum(len(team.people) for team in teams)
    st.subheader(f"{figures.count(people)} people in {figures.count(len(teams))} mini-teams")
    if not teams:
        st.write("Nobody is in yet. Put the board on the projector: people join by its code.")
    counts = store.idea_counts(who, step) if step is not None else {}
    for team in teams:
        with st.container(border=True):
            st.text(team_line(team, step, counts.get(team.id, 0)))
            st.text(
                ", ".join(
                    f"{person.name} ({person.side}{presence(person.id, person.joined, connected)})"
                    for person in team.people
                )
            )
    with st.expander("Arrange the teams"):
        arrange(teams)


def team_line(team: Team, step: int | None, ideas: int) -> str:
    if step is None:
        return team.name
    done = " · done ✓" if step in team.done else ""
    return f"{team.name} · {figures.count(ideas)} {'idea' if ideas == 1 else 'ideas'}{done}"


def presence(person_id: str, joined: bool, connected: frozenset[str]) -> str:
    if not joined:
        return ", expected"
    return "" if person_id in connected else ", away"


def arrange(teams: tuple[Team, ...]) -> None:
    with st.form("roster", clear_on_submit=False, border=False):
        text = st.text_area(
            "Paste a roster: one person a line, name and side",
            key="roster",
            placeholder="Ada Lovelace, sales\nGrace Hopper, marketing",
        )
        if st.form_submit_button("Seat them", key="roster_submit"):
            people, problems = pairing.read_roster(text)
            if problems:
                st.error(screen.plain(" ".join(str(problem) for problem in problems)))
            elif people:
                store.expect(who, people)
                st.rerun(scope="fragment")
    st.button("Reshuffle everybody", key="reshuffle", on_click=store.reshuffle, args=(who,))
    if not teams:
        return
    people = {person.id: person.name for team in teams for person in team.people}
    names = {team.id: team.name for team in teams}
    with st.form("move", border=False):
        person = st.selectbox("Move", list(people), format_func=people.get, key="move_person")
        team = st.selectbox("to", list(names), format_func=names.get, key="move_team")
        if st.form_submit_button("Move", key="move_submit"):
            store.move(who, person, team)
            st.rerun(scope="fragment")
    with st.form("rename", border=False):
        team = st.selectbox("Rename", list(names), format_func=names.get, key="rename_team")
        name = st.text_input("New name", key="rename_name", max_chars=80)
        if st.form_submit_button("Rename", key="rename_submit") and name.strip():
            store.rename(who, team, name)
            st.rerun(scope="fragment")


def ideas_list(workshop: Workshop) -> None:
    """Contents are visible here and to management only."""
    step = workshop.position.step
    ideas = [idea for idea in store.ideas(who) if step is None or idea.step == step]
    names = {team.id: team.name for team in store.teams(who)}
    standing = {idea.id: idea.draft.title for idea in ideas if idea.counts}
    st.subheader("Ideas as they come")
    if not ideas:
        st.write("Ideas appear here while the teams write. The room does not see them yet.")
    for idea in ideas:
        with st.container(border=True):
            st.text(idea.draft.title)
            st.text(f"{names.get(idea.team_id, '')} · {idea.draft.reason or 'all losses'}")
            if idea.withdrawn:
                st.button(
                    "Bring it back",
                    key=f"show_{idea.id}",
                    on_click=store.withdraw,
                    args=(who, idea.id, False),
                )
            elif idea.merged_into:
                st.button(
                    "Undo the merge",
                    key=f"unmerge_{idea.id}",
                    on_click=store.merge,
                    args=(who, idea.id, None),
                )
            else:
                with st.container(horizontal=True):
                    st.button(
                        "Hide", key=f"hide_{idea.id}", on_click=store.withdraw, args=(who, idea.id)
                    )
                    merge_menu(
                        idea.id, {key: title for key, title in standing.items() if key != idea.id}
                    )


def merge_menu(idea_id: str, targets: dict[str, str]) -> None:
    if not targets:
        return
    with st.popover("Merge into …"):
        into = st.selectbox(
            "Same idea as", list(targets), format_func=targets.get, key=f"into_{idea_id}"
        )
        st.button("Merge", key=f"merge_{idea_id}", on_click=store.merge, args=(who, idea_id, into))


def head(workshop: Workshop) -> None:
    with st.container(key="doors", horizontal=True, vertical_alignment="center"):
        st.text(workshop.name)
        st.link_button("Open the board", door(Role.ROOM), icon=":material/cast:")
        with st.popover("Links and code"):
            st.text(f"Room code {workshop.code}")
            st.image(screen.qr(workshop.code), width=220, alt="QR code to join")
            st.text("Join: " + screen.join_address(workshop.code))
            st.text("Board (projector, read-only)")
            st.code(door(Role.ROOM), language=None)
            st.text("Management")
            st.code(door(Role.MANAGER), language=None)
        screen.exports(who)


@st.fragment(key="stage")
def stage() -> None:
    workshop = store.workshop(who)
    head(workshop)
    left, centre, right = st.columns([3, 5, 4], gap="large")
    with left:
        agenda_list(workshop)
    with centre:
        conduct(workshop)
    with right:
        teams_list(workshop)
        ideas_list(workshop)


screen.live(who, "stage")
stage()
