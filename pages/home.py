"""The front door: join a workshop, start one, look at an example, or come back."""

from __future__ import annotations

import streamlit as st

from workshop.activities import ACTIVITIES
from workshop.activities.templates import HALF_DAY, agenda_from
from workshop.domain.access import Role, Visitor
from workshop.domain.checks import TITLE_LENGTH
from workshop.domain.company import Company
from workshop.domain.workshop import Workshop
from workshop.live import services
from workshop.live.visitors import PAGES
from workshop.server import demo, entrance
from workshop.server.gate import TooMany
from workshop.store import StoreError
from workshop.ui import navigation, restore, upload
from workshop.ui.identity import visitor
from workshop.ui.upload import Numbers

HOME = "home"

store = services.store()


# -- join, and the host key ----------------------------------------------------------------------


def join() -> None:
    with st.container(border=True, key="join_card", height="stretch"):
        st.header("Join", anchor=False)
        st.write("With the room code from the projector. No account, no app.")
        navigation.link_in_tab("/join", "Join a workshop")


def is_host() -> bool:
    """Whether who looks may start workshops: all may where there is no host key."""
    return entrance.is_host(st.context.cookies.to_dict())


def ask_the_key() -> None:
    """Before anything of a host's is drawn: files too are taken only where one is asked for."""
    with st.container(border=True, key="start_card", height="stretch"):
        st.header("Start a workshop", anchor=False)
        st.write("You need the host key to start a workshop, open the example or restore a backup.")
        navigation.link_in_tab("/start", "I have the host key")


# -- start -------------------------------------------------------------------------------------


def has_numbers(example: bool) -> bool:
    return example or upload.is_under_way(HOME)


def start() -> tuple[str, bool]:
    """The card; returns the name, and whether the example is wished for instead of files."""
    with st.container(border=True, key="start_card", height="stretch"):
        st.header("Start a workshop", anchor=False)
        name = st.text_input(
            "Name of the workshop",
            key="start_name",
            placeholder="Spring off-site",
        )
        company()
        upload.source(HOME)
        with st.container(horizontal=True, vertical_alignment="center"):
            example = st.checkbox("Use the example funnel", key="start_example")
            templates()
        if not has_numbers(example):
            start_button(name, None)
    return name, example


def companies() -> dict[str, Company]:
    """The companies that this browser may open, by their ids; those of examples left out."""
    return {
        company.id: company
        for workshop, who in own_doors()
        if who.role in (Role.FACILITATOR, Role.MANAGER) and not workshop.is_demo
        for company in [store.companies.of(who)]
    }


def company() -> None:
    """Whose workshop it is: asked of who has led one before, else a company of its own."""
    if known := companies():
        st.selectbox(
            "Company",
            ["", *known],
            format_func=lambda id_: known[id_].name if id_ else "A new company",
            key="start_company",
        )


def make_ready(name: str, example: bool) -> None:
    """Once there are numbers: what was understood of them, and what the files do not say."""
    with st.container(border=True, key="start_ready"):
        if not example:
            upload.understand(
                HOME, lambda numbers: start_button(name, numbers, disabled=numbers is None)
            )
            return
        left, right = st.columns([3, 2], gap="large")
        numbers = upload.example()
        with left:
            upload.preview(numbers.funnel)
        with right:
            start_button(name, numbers)


def start_button(name: str, numbers: Numbers | None, *, disabled: bool = False) -> None:
    if st.button(
        "Start the workshop",
        key="start_submit",
        type="primary",
        width="stretch",
        disabled=disabled,
    ):
        open_workshop(name, numbers)


def templates() -> None:
    with st.popover("Templates to fill in"):
        for template in sorted((services.DATA / "templates").iterdir()):
            st.download_button(
                template.name,
                template.read_bytes(),
                template.name,
                on_click="ignore",
                key=f"template_{template.name.replace('.', '_')}",
            )


def open_workshop(name: str, numbers: Numbers | None) -> None:
    if not name.strip():
        st.error("Give the workshop a name.")
    elif numbers is None:
        st.error("Upload the funnel numbers, or use the example funnel.")
    elif len(name) > TITLE_LENGTH:
        st.error(f"The name is limited to {TITLE_LENGTH} characters; it has {len(name):,}.")
    else:
        try:
            with entrance.starting():
                agenda = agenda_from(HALF_DAY, numbers.funnel)
                facilitator = store.workshops.start(
                    name,
                    numbers.funnel,
                    numbers.origin,
                    agenda=agenda,
                    company=companies().get(st.session_state.get("start_company", "")),
                )
        except TooMany as problem:
            st.error(str(problem))
            return
        upload.forget(HOME)
        enter(facilitator)


def enter(facilitator: Visitor) -> None:
    leave(navigation.way_in(facilitator))


def leave(path: str) -> None:
    """Go to a screen; remembered, so that a run that overtakes this one goes there too."""
    st.session_state.way = path
    navigation.go_to(path)


# -- example, and coming back --------------------------------------------------------------------


def example() -> None:
    with st.container(border=True, key="demo_card", height="stretch"):
        st.header("See an example", anchor=False)
        st.write(
            "A filled workshop: three mini-teams, their ideas, the ranking. Yours to play with."
        )
        if st.button("Open the example", key="start_demo", width="stretch"):
            try:
                with st.spinner("Filling the example …"), entrance.starting():
                    # Here: a second press ends this run where the spinner ends, and must find it.
                    st.session_state.way = navigation.way_in(demo.fill(store))
            except TooMany as problem:
                st.error(str(problem))
                return
            navigation.go_to(st.session_state.way)


def own_doors() -> list[tuple[Workshop, Visitor]]:
    """The workshops this browser has been let into, the newest first, and as whom."""
    doors = []
    for cookie in st.context.cookies.to_dict():
        kind, _, rest = cookie.partition("_")
        role, _, code = rest.partition("_")
        if kind == "funnel" and role in set(Role) and (who := visitor(Role(role), code)):
            doors.append((store.workshops.get(who), who))
    return sorted(doors, key=lambda door: door[0].created_at, reverse=True)


def known_workshops() -> None:
    doors = own_doors()
    if not doors:
        return
    st.header("Your workshops", anchor=False)
    for workshop, role in ((workshop, who.role) for workshop, who in doors):
        with st.container(key=f"known_{role}_{workshop.code}"):
            st.text(workshop.name)
            st.text(workshop.code)
            go_on(workshop.code, role)


def go_on(code: str, role: Role) -> None:
    """A link to the screen of a role."""
    words = f"Go on as {role}"
    if role is Role.PARTICIPANT:  # a page of our own, which Streamlit does not know
        navigation.link_in_tab(f"/{PAGES[role]}?w={code}", words)
        return
    st.page_link(
        f"{PAGES[role]}.py",
        label=words,
        query_params={"w": code},
        icon=":material/arrow_forward:",
    )


def lost_screen() -> None:
    """The way back for a facilitator whose browser has lost its right."""
    with (
        st.expander("I lost the facilitator's screen", key="lost_screen"),
        st.form("recover", border=False),
    ):
        st.text_input(
            "Recovery code",
            key="recovery_code",
            placeholder="XXXX-XXXX-XXXX-XXXX-XXXX",
            help="It was shown when the workshop was started, and stands on the printed links.",
        )
        if problem := st.session_state.pop("recovery_problem", ""):
            st.error(problem)
        st.form_submit_button("Get back in", key="recover_submit", on_click=take_back)


def take_back() -> None:
    """Before anything is drawn: who is let in leaves this page at once."""
    state = st.session_state
    try:
        token = entrance.recover(state.recovery_code)
    except (StoreError, TooMany) as problem:
        state.recovery_problem = str(problem)
        return
    if token is None:
        state.recovery_problem = (
            "This recovery code is not known here. It has five groups of four letters or digits; "
            "where a newer one was made, only that one is good."
        )
    else:
        state.way = f"/enter/{token}"


def front_door() -> None:
    """Everything that one may come for."""
    left, middle, right = st.columns([3, 4, 3], gap="medium")
    with left:
        join()
    if not is_host():
        with middle:
            ask_the_key()
        return
    with middle:
        name, wants_example = start()
    with right:
        example()
        restore.card(enter, {activity.code for activity in ACTIVITIES})
    if has_numbers(wants_example):
        make_ready(name, wants_example)


if "way" in st.session_state:
    navigation.go_to(st.session_state.way)
with st.container(key="home_title"):
    st.title("Run a Funnel Reality Check", anchor=False)
    st.write(
        "Sales and marketing look at the same numbers: what share of prospects is lost at each "
        "step, why, and what fixing it is worth."
    )
front_door()
known_workshops()
lost_screen()
