"""The facilitator's laptop: the walk, the timer, the teams, the ideas as they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from workshop.activities import activity_of, guess, walk
from workshop.activities.walk_list import walk_list
from workshop.analysis.explanation import differ, who_expects
from workshop.analysis.likeness import most_alike
from workshop.analysis.ranking import goes_after
from workshop.domain import agenda
from workshop.domain.access import Role
from workshop.domain.agenda import Position, Timer
from workshop.domain.agenda_lines import LONGEST_LINE, AgendaLine
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Idea
from workshop.domain.people import Team
from workshop.domain.workshop import Workshop
from workshop.forms.roster import roster_form
from workshop.forms.team_name import team_name_form
from workshop.live import services, snapshot
from workshop.live.snapshot import Snapshot
from workshop.ui import arrivals, forms, links, navigation
from workshop.ui.downloads import take_home
from workshop.ui.identity import require
from workshop.ui.stage import announce, countdown, draw_stage, live_line
from workshop.ui.text import bullet_list, escape_markdown, keyed_text, origin_line
from workshop.wording import figures

# The ideas in sight; in a large room they come faster than anybody reads.
NEWEST = 20
LONGEST_STEP = 56  # characters of a step in a heading and on a button, of two lines each
NOBODY_LEFT = "Everybody has left. The ideas stay and are reported back."

who = require(Role.FACILITATOR)
store = services.store()


def go(position: Position) -> None:
    store.agenda.move_to(who, position)


def start_timer(minutes: float) -> None:
    """Pressed twice, it starts anew: only one more minute is added to what is left."""
    store.agenda.set_timer(who, agenda.start(datetime.now(UTC), minutes))


def one_minute_more() -> None:
    timer = store.workshops.get(who).timer
    store.agenda.set_timer(who, agenda.extend(timer, datetime.now(UTC), 1))


def stop_timer() -> None:
    store.agenda.set_timer(who, agenda.stop())


def numbers() -> None:
    """Where the numbers come from, and the way to newer ones."""
    with st.container(key="origin"):
        origin_line(who)
        st.page_link(
            "numbers.py",
            label="New numbers",
            icon=":material/upload_file:",
            query_params={"w": store.workshops.get(who).code},
        )
        st.page_link(
            "company.py",
            label="Company and second look",
            icon=":material/event_repeat:",
            query_params={"w": store.workshops.get(who).code},
        )


def conduct(seen: Snapshot) -> None:
    """Where we are, and the buttons that move the room and start the timer.

    Always there, always in one place: what stood above them would move them from under a finger
    that is just pressing, and the press would be lost. So what is longer or shorter comes after.
    """
    funnel, position = seen.measured, seen.workshop.position
    activity, planned = activity_of(position.phase), walk.agenda_of(seen.workshop, funnel)
    places = planned.places
    with st.container(key="conduct"):
        st.text(f"Now, {walk.number(position, places) + 1} of {len(places)}")
        announce(walk.label(position, funnel))
        st.title(escape_markdown(walk.label(position, funnel, LONGEST_STEP)), anchor=False)
        move_buttons(position, places, funnel)
        if planned.is_timed or seen.workshop.timer.ends_at:
            timer_box(seen.workshop.timer, planned.line(position))
        awaited = guess.still_guessed(seen, activity)
        st.text(guess.ROOM_WAITS if awaited else activity.room_sees(seen))
        hint = guess.REVEAL_FIRST if awaited else activity.hint(seen)
        st.info(hint, icon=":material/record_voice_over:")
    if awaited:
        guess.facilitator_waits(seen, awaited)
    activity.facilitator(seen)


def move_buttons(position: Position, places: walk.Walk, funnel: Funnel) -> None:
    """Buttons of this place alone: pressed twice, they take the room one place on."""
    place = walk.number(position, places)
    ahead, behind = walk.next_position(position, places), walk.back(position, places)
    with st.container(key="conduct_buttons"):
        with st.container(key="phase_back"):
            st.button(
                "Back",
                key=f"phase_back_at_{place}",
                icon=":material/arrow_back:",
                disabled=behind == position,
                on_click=go,
                args=(behind,),
                width="stretch",
            )
        if ahead == position:
            keyed_text("walk_ends", "The walk ends here.")
            return
        with st.container(key="phase_next"):
            st.button(
                escape_markdown(f"Next: {walk.label(ahead, funnel, LONGEST_STEP)}"),
                key=f"phase_next_at_{place}",
                type="primary",
                on_click=go,
                args=(ahead,),
                width="stretch",
            )


def timer_box(timer: Timer, line: AgendaLine) -> None:
    """The timer; it suggests the minutes of the agenda, and none where that has none."""
    code = f"{line.activity}_{line.step}_{line.minutes}"
    with st.container(border=True, key="timer_box"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if timer.ends_at is None:
                minutes = st.number_input(
                    "Minutes",
                    1,
                    LONGEST_LINE,
                    line.minutes,
                    # A field keeps what it began with: each line suggests its own.
                    key=f"timer_minutes_{code}",
                    width=140,
                )
                st.button(
                    "Start the timer",
                    key="timer_start",
                    icon=":material/timer:",
                    disabled=minutes is None,
                    on_click=start_timer,
                    args=(minutes,),
                )
            else:
                countdown("timer", timer)
                st.button("+1 minute", key="timer_more", on_click=one_minute_more)
                st.button("Stop", key="timer_stop", on_click=stop_timer)
        st.caption("Nothing closes when time is up.")


def teams_list(seen: Snapshot) -> None:
    teams, step = seen.teams, walk.step_at(seen.workshop.position)
    connected = services.hub().connected(who.workshop_id)
    people = sum(len(team.people) for team in teams)
    with st.container(key="teams_head", horizontal=True, vertical_alignment="center"):
        seated = figures.counted(people, "person", "people")
        filled = figures.counted(len(seen.seated), "mini-team")
        st.header(f"{seated} in {filled}", anchor=False)
        with st.container(key="teams_moves", horizontal=True, width="content"):
            arrivals.door(who)
            popover = st.popover(
                "Arrange", icon=":material/groups:", key="arrange", on_change="rerun"
            )
            if popover.open:
                with popover:
                    arrange(teams)
    with st.container(key="teams_list"):
        arrivals.waiting(who)
        counts = store.ideas.counts(who, step) if step is not None else {}
        if teams:
            bullet_list(
                [team_line(team, step, counts.get(team.id, 0), connected) for team in teams]
            )
        else:
            st.write("Nobody is in yet. Put the board on the projector: people join by its code.")
        arrivals.late(who)


def team_line(team: Team, step: int | None, ideas: int, connected: frozenset[str]) -> str:
    """A mini-team as markdown, of two lines; style.css marks one with emphasis as done."""
    people = " · ".join(
        f"{person.name} ({person.side}{presence(person.id, person.joined, connected)})"
        for person in team.people
    )
    head = f"**{escape_markdown(team.name)}**"
    if step is not None:
        head += f" · {figures.counted(ideas, 'idea')}" + (
            " · *done ✓*" if step in team.done else ""
        )
    return f"{head}  \n{escape_markdown(people or NOBODY_LEFT)}"


def presence(person_id: str, joined: bool, connected: frozenset[str]) -> str:
    if not joined:
        return ", expected"
    return "" if person_id in connected else ", away"


def arrange(teams: tuple[Team, ...]) -> None:
    """Who sits where. Each form at one place whatever stands above: what is typed stays."""
    forms.show(who, "roster_form", roster_form())
    with st.container(key="arrange_people"):
        st.button(
            "Reshuffle everybody", key="reshuffle", on_click=store.seats.reshuffle, args=(who,)
        )
        arrivals.removed(who)
        people = {person.id: person.name for team in teams for person in team.people}
        if people:
            move_and_remove(people, {team.id: team.name for team in teams})
    forms.show(who, "team_name_form", team_name_form(teams) if teams else None)


def move_and_remove(people: dict[str, str], names: dict[str, str]) -> None:
    """`people` and the mini-teams' `names` are by their ids."""
    with st.form("move", border=False):
        person = st.selectbox("Move", list(people), format_func=people.get, key="move_person")
        team = st.selectbox("to", list(names), format_func=names.get, key="move_team")
        if st.form_submit_button("Move", key="move_submit"):
            store.seats.move(who, person, team)
            st.rerun(scope="fragment")
    with st.form("remove", border=False):
        gone = st.selectbox(
            "Remove", list(people), index=None, format_func=people.get, key="remove_person"
        )
        if st.form_submit_button("Remove from the list", key="remove_submit") and gone:
            store.door.remove(who, gone)
            st.rerun(scope="fragment")
        st.caption("Their screen closes at once. Their ideas stay, under their name.")


def ideas_list(seen: Snapshot) -> None:
    """Contents are visible here and to management only."""
    step = walk.step_at(seen.workshop.position)
    ideas = [idea for idea in seen.ideas if step is None or idea.step == step]
    titles = {idea.id: idea.draft.title for idea in ideas}
    standing = {idea.id: idea.draft.title for idea in ideas if idea.counts}
    heading = figures.counted(len(standing), "idea") if ideas else "Ideas as they come"
    with st.container(key="ideas_head"):
        st.header(heading, anchor=False)
    older = [] if st.session_state.get("older_shown") else ideas[:-NEWEST]
    with st.container(key="ideas_list"):
        if not ideas:
            st.write("Ideas appear here while the teams write. The room does not see them yet.")
        for idea in reversed(ideas[len(older) :]):
            idea_card(idea, seen.team_names.get(idea.team_id, ""), titles, standing)
    if len(ideas) > NEWEST:
        words = f"Show {len(older)} older" if older else f"Show the newest {NEWEST} only"
        st.button(words, key="older", type="tertiary", on_click=show_older, args=(bool(older),))


def show_older(shown: bool) -> None:
    st.session_state.older_shown = shown


def idea_card(idea: Idea, team: str, titles: dict[str, str], standing: dict[str, str]) -> None:
    said = []
    if idea.withdrawn:
        said.append("Hidden.")
    elif idea.merged_into:
        said.append(f"Merged into: {titles.get(idea.merged_into, 'another idea')}")
    said.append(f"{team} · {goes_after(idea.draft)}")
    if differ(idea):
        said.append(f"The sides differ: {who_expects(idea)}")
    title = f"**{escape_markdown(idea.draft.title)}**"
    lines = [title if idea.counts else f"~~{title}~~", *map(escape_markdown, said)]
    st.markdown("  \n".join(lines))
    if idea.withdrawn:
        undo("Bring it back", "show", store.ideas.withdraw, idea.id, False)
    elif idea.merged_into:
        undo("Undo the merge", "unmerge", store.ideas.merge, idea.id, None)
    else:
        hide_or_merge(idea.id, standing)


def undo(label: str, key: str, change: Callable[..., None], idea_id: str, to: bool | None) -> None:
    st.button(
        label,
        key=f"{key}_{idea_id}",
        type="tertiary",
        icon=":material/undo:",
        on_click=change,
        args=(who, idea_id, to),
    )


def hide_or_merge(idea_id: str, standing: dict[str, str]) -> None:
    """Hide an idea, or merge it into another; what is worded most alike is proposed first."""
    popover = st.popover(
        "Hide or merge", type="tertiary", key=f"moves_{idea_id}", on_change="rerun"
    )
    if not popover.open:
        return
    with popover:
        st.button(
            "Hide",
            key=f"hide_{idea_id}",
            icon=":material/visibility_off:",
            on_click=store.ideas.withdraw,
            args=(who, idea_id),
        )
        others = {key: title for key, title in standing.items() if key != idea_id}
        if not others:
            return
        into = st.selectbox(
            "Same idea as",
            most_alike(standing[idea_id], others),
            format_func=others.get,
            key=f"into_{idea_id}",
        )
        st.button(
            "Merge", key=f"merge_{idea_id}", on_click=store.ideas.merge, args=(who, idea_id, into)
        )


def head(workshop: Workshop) -> None:
    with st.container(key="doors", horizontal=True, vertical_alignment="center"):
        st.text(workshop.name, wrap=False)
        live_line(who)
        st.link_button("Open the board", links.door(who, Role.PROJECTOR), icon=":material/cast:")
        with st.popover("Links and code", icon=":material/qr_code:"):
            st.text(f"Room code {workshop.code}")
            st.image(navigation.qr(workshop.code), width=220, alt="QR code to join")
            st.text("Join: " + navigation.join_address(workshop.code))
            for role in links.LINKS:
                links.link(who, role)
            links.print_link(workshop.code)
        take_home(who)


def stage() -> None:
    seen = snapshot.take(who)
    centre, left, right = st.columns([6, 3, 5], gap="large")
    with left:
        walk_list(seen)
        numbers()
    with centre:
        conduct(seen)
    with right, st.container(key="room"):
        # The forms are in a popover: what waits to be sent is sent and said here.
        with st.container(key="unsent"):
            forms.show(who, "outbox", None, keeps_outbox=True)
        teams_list(seen)
        ideas_list(seen)


head(store.workshops.get(who))
links.notice(who)
draw_stage(who, stage)
