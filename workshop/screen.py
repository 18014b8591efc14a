"""What the pages share: the records, who is looking, the live line, and plain text."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pandas as pd
import segno
import streamlit as st

from workshop import exports as files
from workshop import metrics
from workshop.access import Role, Visitor, cookie_name
from workshop.gate import home
from workshop.import_words import in_one_line
from workshop.kept import Kept
from workshop.live import Hub
from workshop.model import Idea, Person, Side
from workshop.operating import records
from workshop.plain_page import PARTS
from workshop.planning import BestPlan
from workshop.planning import best_plan as choose_plan
from workshop.portfolio import Infeasible
from workshop.ranking import ranking as rank_ideas
from workshop.ranking import worth as worth_of_ideas
from workshop.store import AGENDA, IDEAS, PLAN, SEATS, Store, StoreError, team_topic
from workshop.turns import Turns

HERE = Path(__file__).parent
STYLE = PARTS / "style.css"
ICON = PARTS / "icon.svg"
DATA = HERE.parent / "data"

PAGES = {
    Role.FACILITATOR: "facilitate",
    Role.MANAGER: "manage",
    Role.ROOM: "board",
    Role.PARTICIPANT: "team",
}

# Who is drawn first when many want to be: the whole room looks at the projector.
URGENCY = {Role.ROOM: 0, Role.FACILITATOR: 1, Role.PARTICIPANT: 2, Role.MANAGER: 3}
# What somebody has sent is kept before anything is drawn.
BEFORE_ALL_SCREENS = -1
# How far apart, in milliseconds, a screen is drawn anew while one change follows the other. After
# a pause each is drawn at once.
APART = {Role.ROOM: 150, Role.FACILITATOR: 500, Role.PARTICIPANT: 300, Role.MANAGER: 1_000}

# What an open page says once the door it came by has been closed.
LINK_CLOSED = (
    "This link was withdrawn",
    "The facilitator has closed the links that opened this screen. Ask for a new one.",
)
SEAT_CLOSED = (
    "You are no longer on the list",
    "The facilitator has taken you off the list of this workshop; your ideas stay. If that was a "
    "mistake, ask to be taken back, then load this page again.",
)

LETTERS = {Side.SALES: "S", Side.MARKETING: "M", Side.OTHER: "O"}

_MARKUP = str.maketrans({mark: "\\" + mark for mark in "\\`*_{}[]()<>#+-.!|~$:^=&\"'/@"})
# Where Streamlit would make an address, an :emoji: or an arrow of plain letters even so, an
# invisible word joiner keeps them apart.
_MADE_INTO_SOMETHING = re.compile(
    r"(?<=:)(?=[\w/+])|(?<=www)(?=\.)|(?<=\w)(?=@)|(?<=[-<>=~])(?=[-=>])", re.IGNORECASE
)
_WORD_JOINER = "\u2060"


# -- the one store and its hub ---------------------------------------------------------------


@cache
def store() -> Store:
    """The records of this process, in WORKSHOP_DB or data/workshop.duckdb."""
    return Store(
        records(),
        on_commit=lambda workshop_id, topics: hub().publish(workshop_id, topics),
        in_turn=lambda workshop_id: _turns.taken(BEFORE_ALL_SCREENS, workshop_id),
    )


@cache
def hub() -> Hub:
    """The hub of this process."""
    return Hub(lambda workshop_id, *topics: store().version(workshop_id, *topics))


_turns = Turns()


def turn(who: Visitor) -> AbstractContextManager[None]:
    """The turn to draw a screen of this visitor's; everybody else's waits for its end."""
    return _turns.taken(URGENCY[who.role], who.workshop_id)


def page_turn() -> AbstractContextManager[None]:
    """The turn to draw a page that is opened, as one of the workshop this browser is let into.

    Who is in nowhere waits with the others of the same network.
    """
    code, cookies = st.query_params.get("w", ""), st.context.cookies.to_dict()
    doors = (role for role in Role if cookie_name(role, code) in cookies)
    visitors = (admitted(cookies, role, code) for role in doors)
    found = next(filter(None, visitors), None)
    whose = found.workshop_id if found else home(st.context.ip_address or "")
    return _turns.taken(URGENCY[Role.PARTICIPANT], whose)


@contextmanager
def at_length(who: Visitor, words: str) -> Iterator[None]:
    """What takes longer than a screen may: says so, and lets others be drawn meanwhile."""
    with st.spinner(words), _turns.lent(URGENCY[who.role]):
        yield


def give_way(who: Visitor) -> None:
    """Between two parts of a costly screen: whoever is more urgent is drawn first."""
    with _turns.lent(URGENCY[who.role]):
        pass


# -- who is looking --------------------------------------------------------------------------


def visitor(role: Role, code: str) -> Visitor | None:
    """Who this browser is in the workshop with this code, by its cookie for the role."""
    return admitted(st.context.cookies.to_dict(), role, code)


def admitted(cookies: dict[str, str], role: Role, code: str) -> Visitor | None:
    """The visitor these cookies prove, or None: right role, right workshop, known token."""
    found = store().admit(cookies.get(cookie_name(role, code), ""))
    if found is None or found.role is not role or found.workshop_id != store().find(code):
        return None
    return found


def require(role: Role) -> Visitor:
    """The visitor of this page; anybody else is told how to come in, and the page ends."""
    found = visitor(role, st.query_params.get("w", ""))
    if found is None:
        closed_door(
            "This screen needs its link",
            f"It is the {role} screen of a workshop, and this browser has not been let in. "
            "Open the link that the facilitator gave you, or join with the room code.",
        )
        st.stop()
    return found


def closed_door(title: str, words: str) -> None:
    """What somebody sees who is not let in, or no more."""
    with st.container(key="closed_door"):
        st.title(title)
        st.write(words)
        st.page_link("home.py", label="Join or start a workshop", icon=":material/home:")


def is_in(who: Visitor) -> bool:
    """Whether the link or the seat of this open page still holds."""
    return visitor(who.role, store().workshop(who).code) == who


# -- looks -----------------------------------------------------------------------------------


def plain(text: str) -> str:
    """A user's text, safe where Streamlit reads markdown: shown letter by letter.

    >>> plain("*a*") == chr(92) + "*" + "a" + chr(92) + "*"
    True
    """
    kept_apart = _MADE_INTO_SOMETHING.sub(_WORD_JOINER, " ".join(text.split()))
    return kept_apart.translate(_MARKUP)


def line(key: str, text: str) -> None:
    """Plain text that style.css finds by its key."""
    with st.container(key=key):
        st.text(text)


def origin_line(who: Visitor) -> None:
    """Where the numbers come from, in a line, if that is known."""
    origin = store().funnel_versions(who)[0].origin
    if origin is not None:
        line("origin_line", f"Numbers: {in_one_line(origin)}")


def seat(person: Person) -> None:
    """A person by name, with the letter and the colour of their side."""
    line(f"side_{person.side}_{person.id}", f"{LETTERS[person.side]} {person.name}")


def part(name: str) -> Any:
    """One of our small browser parts, from its files in `parts/`."""

    def text(kind: str) -> str | None:
        file = PARTS / f"{name}.{kind}"
        return file.read_text("utf-8") if file.exists() else None

    return st.components.v2.component(name, html=text("html"), css=text("css"), js=text("js"))


_live, _drawn, _clock, _go = part("live"), part("drawn"), part("clock"), part("go")


@st.fragment(key="stage")
def stage(who: Visitor, draw: Callable[[], None]) -> None:
    """The part of the page that is drawn again on a tick.

    The browser learns first how new it is, by the stamp of its beginning, so that what changes
    meanwhile is still to be drawn, and so that a drawing which fails can be asked for again.
    """
    metrics.RUNS.labels(who.role).inc()
    with turn(who):
        stamp = hub().stamp(who.workshop_id, topics(who))
        _drawn(key="drawn", data={"stamp": stamp}, on_tick_change=lambda: None)
        if is_in(who):
            draw()
        else:
            closed_door(*(SEAT_CLOSED if who.role is Role.PARTICIPANT else LINK_CLOSED))


def tell(error: Exception) -> bool:
    """Say on the screen what the records could not do; whether that was what went wrong.

    For whatever page or button it was: what is typed stays, since the form is not touched.
    """
    if not isinstance(error, StoreError):
        return False
    # What fails in a button's call is drawn from the top, in the place of the style.
    st.html(STYLE)
    st.toast(plain(str(error)), icon=":material/error:", duration=20)
    return True


def live(who: Visitor) -> None:
    """The page's line to the server: on a tick the stage is drawn again.

    Shows in words whether the line is up. What it is told stays the same while the server runs:
    new data would mount it anew.
    """
    _live(
        key="live",
        data={
            "code": store().workshop(who).code,
            "role": who.role.value,
            "epoch": hub().epoch,
            "apart": APART[who.role],
        },
        height="content",
        width="content",
    )


def topics(who: Visitor) -> tuple[str, ...]:
    """What this visitor's screen must follow. A laptop does not follow other teams' ideas."""
    if who.role is Role.PARTICIPANT:
        try:
            return AGENDA, PLAN, team_topic(store().person(who).team_id)
        except StoreError:  # taken off the list: all that this screen will hear
            return (AGENDA,)
    return AGENDA, SEATS, IDEAS, PLAN


def clock(key: str, ends_at: datetime) -> None:
    """A countdown to a moment of the server's clock; at zero it says so."""
    data = {"ends_at": ends_at.timestamp() * 1000, "over": "Time is up"}
    _clock(key=key, data=data, width="content")


def go_to(path: str) -> None:
    """Take the browser to a path of this server (cookies are set on the way)."""
    _go(key="go", data={"path": path})
    st.stop()


def link_in_tab(path: str, words: str) -> None:
    """A link to a plain page of this server, in the same tab; neither may be a user's text."""
    st.html(f'<a class="link_in_tab" href="{path}">{words}</a>')


_kept = Kept()


def once(workshop_id: str, key: tuple[Hashable, ...], build: Callable[[], Any]) -> Any:
    """What `build` returns, computed once per workshop and key for all screens."""
    version = store().version(workshop_id, AGENDA, IDEAS, PLAN, SEATS)
    return _kept.get(workshop_id, version, key, build)


def of_ideas(
    name: str,
    who: Visitor,
    build: Callable[[tuple[Idea, ...]], Any],
    ideas: tuple[Idea, ...] | None = None,
) -> Any:
    """What `build` makes of these ideas, once for each state of the records.

    Without `ideas`, of all that this visitor may read.
    """
    # The version first: what is committed in between is then looked up anew, never overlooked.
    # The ideas by what they say: other mini-teams' change nothing for who may not read them.
    version = store().version(who.workshop_id, PLAN)
    ideas = store().ideas(who) if ideas is None else ideas
    names = tuple((team.id, team.name) for team in store().teams(who))
    key = (name, version, hash((ideas, names)))
    return once(who.workshop_id, key, lambda: build(ideas))


def ranking(who: Visitor) -> pd.DataFrame:
    """All ideas this visitor may read, best first."""
    table: pd.DataFrame = of_ideas("ranking", who, lambda ideas: _ranked(who, ideas))
    return table


def worth(who: Visitor, ideas: tuple[Idea, ...]) -> dict[str, dict[str, float]]:
    """What each of these brings alone, in money a year, as in `ranking`."""

    def build(ideas: tuple[Idea, ...]) -> dict[str, dict[str, float]]:
        return worth_of_ideas(store().funnel(who), store().assumptions(who), ideas)

    each: dict[str, dict[str, float]] = of_ideas("worth", who, build, ideas)
    return each


def _ranked(who: Visitor, ideas: tuple[Idea, ...]) -> pd.DataFrame:
    names = {team.id: team.name for team in store().teams(who)}
    return rank_ideas(store().funnel(who), store().assumptions(who), ideas, names)


def best_plan(who: Visitor) -> BestPlan | str:
    """The best plan from the ideas this visitor may read, or a sentence why none fits."""

    def build(ideas: tuple[Idea, ...]) -> BestPlan | str:
        try:
            return choose_plan(
                store().funnel(who), store().assumptions(who), ideas, store().choice(who)
            )
        except Infeasible as problem:
            return f"No plan fits: {problem}."

    with at_length(who, "Looking for the best plan …"):
        plan: BestPlan | str = of_ideas("best plan", who, build)
    return plan


def chart(
    key: str,
    spec: dict[str, Any],
    alt: str,
    table: pd.DataFrame,
    height: Literal["stretch", "content"] = "stretch",
) -> None:
    """Draw a chart; for a screen reader, its sentence and its figures as a table.

    It fills the height that the page gives, or takes its own (`content`).
    """
    with st.container(key=key, height=height):
        st.vega_lite_chart(spec=spec, theme="streamlit", alt=alt, height=height)
    with st.container(key=f"{key}_words"):
        st.table(table.map(lambda cell: plain(str(cell))).rename(columns=plain))


# -- downloads -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Download:
    """A file that is built when somebody asks for it."""

    label: str
    says: str
    ending: str
    media_type: str
    build: Callable[[Visitor], bytes]
    roles: tuple[Role, ...] = (Role.FACILITATOR, Role.MANAGER)


def _ideas_csv(who: Visitor) -> bytes:
    return files.ideas_csv(ranking(who), store().actions(who), store().funnel(who).currency)


def _actions_csv(who: Visitor) -> bytes:
    return files.actions_csv(store().actions(who), ranking(who), store().funnel(who).currency)


def _workbook(who: Visitor) -> bytes:
    return files.workbook(
        store().workshop(who).name,
        store().funnel(who),
        store().assumptions(who),
        ranking(who),
        store().actions(who),
        store().funnel_versions(who)[0].origin,
    )


DOWNLOADS = {
    "export_csv": Download(
        "Ideas, CSV",
        "All ideas and what was agreed on them, one row an idea",
        ".csv",
        "text/csv",
        _ideas_csv,
    ),
    "export_actions": Download(
        "Actions, CSV",
        "The prioritised actions with owners and dates",
        "-actions.csv",
        "text/csv",
        _actions_csv,
    ),
    "export_xlsx": Download(
        "Excel",
        "Actions, ideas, assumptions and the funnel, a sheet each",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _workbook,
    ),
    "backup": Download(
        "Backup",
        "The whole workshop as one file, to restore here or on another machine",
        "-backup.zip",
        "application/zip",
        lambda who: store().backup(who),
        (Role.FACILITATOR,),
    ),
}


@st.fragment(key="exports")
def exports(who: Visitor) -> None:
    """A button for each download.

    The file comes from a route of ours: Streamlit forgets the file of a download button as soon
    as any two screens have been drawn, which in a busy room is before the browser fetches it.
    """
    code = store().workshop(who).code
    with st.container(key="exports", horizontal=True, width="content"):
        asked = [
            key
            for key, download in DOWNLOADS.items()
            if who.role in download.roles
            and st.button(download.label, key=key, icon=":material/download:", help=download.says)
        ]
    for key in asked:
        _go(key=f"go_{uuid4().hex}", data={"path": f"/{key}?w={code}&role={who.role}"})


def join_address(code: str) -> str:
    """What the QR code holds."""
    return f"{address()}/join/{code}"


def qr(code: str) -> bytes:
    """The QR code to join, as a PNG picture: dark on white in both themes."""
    return _picture(join_address(code))


@lru_cache(maxsize=16)
def _picture(of: str) -> bytes:
    # The board shows it anew with everybody who joins, and drawing it took longer than all else.
    picture = BytesIO()
    segno.make(of, error="m").save(picture, kind="png", scale=12, border=2)
    return picture.getvalue()


def address() -> str:
    """The address under which others in the room reach this server.

    A facilitator who sits at the server sees "localhost"; a phone needs the network's name.
    """
    headers = st.context.headers
    host = headers.get("X-Forwarded-Host") or headers.get("Host") or "localhost:8501"
    scheme = headers.get("X-Forwarded-Proto") or "http"
    name, _, port = host.partition(":")
    if name in ("localhost", "127.0.0.1"):
        host = f"{network_name()}:{port}" if port else network_name()
    return f"{scheme}://{host}"


@cache
def network_name() -> str:
    """This machine's address in the local network; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "localhost"
        name: str = probe.getsockname()[0]
        return name
