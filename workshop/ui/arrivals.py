"""Who may come in, who waits at the door, who has just come, and who was removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from workshop.domain.access import Visitor
from workshop.domain.people import Person
from workshop.domain.workshop import Door
from workshop.live import services
from workshop.ui.text import keyed_text
from workshop.wording import figures

LABELS = {Door.OPEN: "Open", Door.ASK: "Ask me", Door.CLOSED: "Closed"}
SAYS = {
    Door.OPEN: "Whoever knows the room code comes in.",
    Door.ASK: "New people wait here until you let them in. People on your roster come straight in.",
    Door.CLOSED: "Nobody new comes in. Whoever is in stays in, also after a reload.",
}
JUST_NOW = timedelta(minutes=5)
# In a flood there are hundreds; what is in sight must be read.
MOST_WAITING = 5
MOST_NAMES = 10
MOST_REMOVED = 20
MOST_LATE = 3


def door(who: Visitor) -> None:
    """How new people come in, and the way to be rid of those who have just come."""
    now = services.store().workshops.get(who).door
    popover = st.popover("Door", icon=":material/door_front:", key="door", on_change="rerun")
    if not popover.open:
        return
    with popover:
        # The records say it, on every run: see "What is chosen is said on every run".
        st.session_state.door_is = now
        st.segmented_control(
            "New people",
            list(Door),
            format_func=lambda door: LABELS[door],
            required=True,
            key="door_is",
            on_change=_set_door,
            args=(who,),
        )
        st.write(SAYS[now])
        newest(who)


def _set_door(who: Visitor) -> None:
    chosen = st.session_state.door_is
    if chosen is not None:  # a browser that has missed what is chosen says that nothing is
        services.store().door.set(who, chosen)


def newest(who: Visitor) -> None:
    """Who has come in the last five minutes, and a way to remove them all at once."""
    people = services.store().door.newcomers(who, JUST_NOW)
    if not people:
        st.caption("Nobody has come in the last five minutes.")
        return
    came = figures.counted(len(people), "person has", "people have")
    st.text(f"{came} come in the last five minutes: {_names(people)}.")
    if st.checkbox(
        "Remove all who came in the last five minutes: their screens close at once, their ideas "
        "stay",
        key="remove_newest_sure",
    ):
        st.button(
            f"Remove {figures.counted(len(people), 'person', 'people')}",
            key="remove_newest",
            icon=":material/group_remove:",
            on_click=_remove_newest,
            args=(who, people),
        )


def _remove_newest(who: Visitor, seen: Sequence[Person]) -> None:
    """Only whom the facilitator has seen on the list, and only who is still here."""
    store = services.store()
    still_here = {person.id for person in store.door.newcomers(who, 2 * JUST_NOW)}
    store.door.remove(who, *(person.id for person in seen if person.id in still_here))
    st.session_state.remove_newest_sure = False


def _names(people: Sequence[Person]) -> str:
    """The latest of them, and how many there were before."""
    shown = ", ".join(person.name for person in people[-MOST_NAMES:])
    more = len(people) - MOST_NAMES
    return f"{shown} and {more:,} more" if more > 0 else shown


def waiting(who: Visitor) -> None:
    """Who waits at the door; where nobody does, that it is not open."""
    people = services.store().door.waiting(who)
    door = services.store().workshops.get(who).door
    if door is not Door.OPEN:
        keyed_text("door_says", f"Door: {LABELS[door].lower()}. {SAYS[door]}")
    second_devices(who)
    if not people:
        return
    ids = [person.id for person in people]
    with st.container(key="at_door", border=True):
        with st.container(key="knocks_all"):
            st.text(f"{len(people):,} at the door")
            if len(people) > 1:
                # Buttons for these people alone: pressed twice, nobody else comes in.
                _let_in_or_turn_away(who, "Let all in", "Turn all away", f"all_{ids[-1]}", ids)
        for person in people[:MOST_WAITING]:
            with st.container(key=f"knocks_{person.id}"):
                st.text(f"{person.name} ({person.side})")
                _let_in_or_turn_away(who, "Let in", "Turn away", person.id, [person.id])
        more = len(people) - MOST_WAITING
        if more > 0:
            st.text(f"and {more:,} more")


def _let_in_or_turn_away(
    who: Visitor, let_in: str, turn_away: str, key: str, person_ids: Sequence[str]
) -> None:
    with st.container(horizontal=True, width="content"):
        st.button(
            let_in,
            key=f"let_in_{key}",
            icon=":material/login:",
            on_click=services.store().door.let_in,
            args=(who, person_ids),
        )
        st.button(
            turn_away,
            key=f"turn_away_{key}",
            type="tertiary",
            icon=":material/close:",
            on_click=services.store().door.remove,
            args=(who, *person_ids),
        )


def second_devices(who: Visitor) -> None:
    """Who asks for a seat that is taken, each with the way in and the way off."""
    for asking in services.store().devices.askers(who):
        with st.container(key=f"device_{asking.mark[:8]}", border=True):
            st.text(
                f"{asking.person.name} ({asking.person.side}) wants to come in on a second "
                f"device. It shows the number {asking.number}."
            )
            with st.container(horizontal=True, width="content"):
                st.button(
                    "It is theirs",
                    key=f"share_seat_{asking.mark[:8]}",
                    icon=":material/login:",
                    on_click=services.store().devices.share_seat,
                    args=(who, asking.mark),
                )
                st.button(
                    "No",
                    key=f"turn_device_away_{asking.mark[:8]}",
                    type="tertiary",
                    icon=":material/close:",
                    on_click=services.store().devices.turn_away,
                    args=(who, asking.mark),
                )


def late(who: Visitor) -> None:
    """Who came after their mini-team had written, and a button with which they read that."""
    names = {team.id: team.name for team in services.store().seats.teams(who)}
    people = services.store().ideas.late(who)
    for person in people[:MOST_LATE]:
        with st.container(key=f"late_{person.id}"):
            st.text(f"{person.name} came after {names[person.team_id]} had written.")
            st.button(
                "Show them the ideas",
                key=f"let_read_{person.id}",
                icon=":material/visibility:",
                on_click=services.store().ideas.let_read,
                args=(who, person.id),
            )
    more = len(people) - MOST_LATE
    if more > 0:
        st.caption(f"So did {figures.counted(more, 'other')}.")


def removed(who: Visitor) -> None:
    """Who was removed, the latest arrival first, each with the way back."""
    people = services.store().door.removed(who)
    for person in reversed(people[-MOST_REMOVED:]):
        st.text(f"Removed: {person.name} ({person.side})")
        st.button(
            "Take back",
            key=f"restore_{person.id}",
            type="tertiary",
            icon=":material/undo:",
            on_click=services.store().door.restore,
            args=(who, person.id),
        )
    more = len(people) - MOST_REMOVED
    if more > 0:
        st.caption(f"and {more:,} more, who may join again.")
