"""One open tab without a browser: its Streamlit session, and our line beside it.

It speaks the real protocols and draws nothing, so one process holds hundreds. What stands here
about Streamlit's protocol is what its own browser code does, in the version of requirements.txt.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from browser import CLOSED, Browser
from line import Line
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

WIDGET = b"$$ID-"
LINK = re.compile(rb"/enter/[\w-]{22}")
# As in workshop/ui/components/live.js: how long a page must have been still before a tick.
SETTLED_SECONDS = 0.1
# How long Streamlit's browser code waits before it asks again whether the server is there.
PING_SECONDS = (0.5, 8.0)
# How the value of each kind of widget is sent, and which of its fields the server sets.
VALUES = {
    "text_input": ("string_value", "value"),
    "text_area": ("string_value", "value"),
    "number_input": ("double_value", "value"),
    "checkbox": ("bool_value", "value"),
    "radio": ("string_value", "raw_value"),
    "selectbox": ("string_value", "raw_value"),
}


@dataclass
class Widget:
    """A widget of a page: how it is spoken about, where it stands, and what it shows."""

    id: str
    kind: str
    fragment_id: str
    form_id: str
    run: int


class Page:
    """One open tab."""

    def __init__(self, browser: Browser, path: str) -> None:
        self.browser = browser
        self.path = path
        asked = urlsplit(path)
        self._query, self._page_name = asked.query, asked.path.strip("/")
        self.widgets: dict[str, Widget] = {}
        self.parts: dict[str, dict[str, Any]] = {}
        self.links: list[str] = []
        self.hears: list[Callable[[bytes], None]] = []
        self.ends: list[Callable[[], None]] = []
        self.ticks = 0
        self.runs = 0
        self._values: dict[str, WidgetState] = {}
        self._typed: dict[str, WidgetState] = {}
        self._session = ""
        self._script_hash = ""
        self._fragments: list[str] = []
        self._is_running = False
        self._ran = 0.0
        self._stream: ClientConnection | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._line: Line | None = None
        self._is_open = True

    # -- coming and going --------------------------------------------------------------------

    async def open(self) -> None:
        """Load the page, and wait until it is drawn."""
        answer = await self.browser.get(self.path)
        assert answer.status == 200, f"{self.path} answered {answer.status}"
        drawn = self.run_ended()
        await self._connect()
        await drawn

    async def _connect(self) -> None:
        await self.browser.get("/_stcore/health")
        await self.browser.get("/_stcore/host-config")
        session = [self._session] if self._session else []
        self._stream = await connect(
            f"ws://{self.browser.host}/_stcore/stream",
            subprotocols=["streamlit", "-", *session],  # type: ignore[list-item]
            origin=f"http://{self.browser.host}",  # type: ignore[arg-type]
            additional_headers=self.browser.headers(),
            compression=None,
            max_size=None,
            ping_interval=None,
            proxy=None,
        )
        self._start(self._read(self._stream))
        # After a cut a browser asks for the page again where its last run was a fragment's, or
        # had not ended; a session of which a whole page was drawn last goes on as it is.
        if not self._session or self._is_running or self._fragments or self._polls:
            self.send()

    async def _read(self, stream: ClientConnection) -> None:
        try:
            async for data in stream:
                if stream is not self._stream:
                    return  # cut meanwhile: what was on its way does not arrive
                assert isinstance(data, bytes)
                self._take(data)
        except CLOSED:
            pass
        if self._is_open and self._stream is stream:
            self._stream = None
            self._start(self._reconnect())

    async def _reconnect(self) -> None:
        shortest, longest = PING_SECONDS
        tries = 0
        while self._is_open:
            try:
                await self._connect()
                return
            except CLOSED:
                pause = min(shortest * 2**tries, longest)
                await asyncio.sleep(pause * random.uniform(0.5, 1))
                tries += 1

    def cut(self) -> None:
        """The network goes away under both lines."""
        if self._line is not None:
            self._line.cut()
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.transport.abort()
            self._start(self._reconnect())

    def reload(self) -> None:
        """The tab is loaded anew: a fresh session, and nothing typed any more."""
        self._session, self._typed = "", {}
        self.cut()

    def close(self) -> None:
        """The tab is closed."""
        self._is_open = False
        if self._line is not None:
            self._line.close()
        for poll in self._polls.values():
            poll.cancel()
        if self._stream is not None:
            self._stream.transport.abort()

    @property
    def is_up(self) -> bool:
        return self._stream is not None

    @property
    def is_live(self) -> bool:
        """Whether the sign on the screen says "live"."""
        return self.is_up and self._line is not None and self._line.is_live

    @property
    def is_back(self) -> bool:
        """Whether everything that was asked for is drawn, and the screen follows the room."""
        return (self.is_live or bool(self._polls)) and self.is_up and not self._is_running

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- what the server says ----------------------------------------------------------------

    def _take(self, data: bytes) -> None:
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "delta":
            if WIDGET in data:
                self._draw(message.delta)
            if b"/enter/" in data:
                links = (link.decode() for link in LINK.findall(data))
                self.links += [link for link in links if link not in self.links]
        elif kind == "new_session":
            self._session = message.new_session.initialize.session_id
            self._fragments = list(message.metadata.run.fragment_ids)
            self.runs += 1
            self._is_running = True
            if not self._fragments:
                self._stop_polling()
        elif kind == "script_finished":
            if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._forget_what_was_left_out()
        elif kind == "navigation":
            self._script_hash = message.navigation.page_script_hash
        elif kind == "session_status_changed":
            self._is_running = message.session_status_changed.script_is_running
            self._ran = perf_counter()
        elif kind == "auto_rerun":
            self._poll(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        for hear in list(self.hears):
            hear(data)
        if kind == "script_finished":
            for end in list(self.ends):
                end()

    def _draw(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind is None:
            return
        proto = getattr(element, kind)
        name = str(getattr(proto, "id", ""))
        if not name.startswith("$$ID-"):
            return
        key = name.split("-", 2)[2].partition("_at_")[0]  # pressed by its name, wherever we are
        self.widgets[key] = Widget(
            name, kind, delta.fragment_id, getattr(proto, "form_id", ""), self.runs
        )
        if kind == "bidi_component":
            self._mount(proto.component_name, json.loads(proto.json))
        elif kind in VALUES and (proto.set_value or name not in self._values):
            self._show(name, kind, proto)

    def _show(self, name: str, kind: str, proto: Any) -> None:
        """A widget comes with a value of the server's: the one set, or the one it begins with."""
        sent_as, set_to = VALUES[kind]
        source = set_to if proto.set_value else "default"
        described = proto.DESCRIPTOR.fields_by_name[source]
        state = WidgetState(id=name)
        if not described.has_presence or proto.HasField(source):
            value = getattr(proto, source)
            is_a_place = source == "default" and hasattr(proto, "options")
            setattr(state, sent_as, proto.options[value] if is_a_place else value)
        self._values[name] = state
        self._typed.pop(name, None)

    def _mount(self, part: str, data: dict[str, Any]) -> None:
        known = self.parts.get(part)
        if part != "form" or data["outbox"]:  # of several forms, the one of the page's own
            self.parts[part] = data
        if part == "live" and known != data:
            if self._line is not None:
                self._line.close()
            self._line = Line(self, data)

    def _forget_what_was_left_out(self) -> None:
        """What a run did not draw again is gone from the page."""
        whole = not self._fragments
        self.widgets = {
            key: widget
            for key, widget in self.widgets.items()
            if widget.run == self.runs or not (whole or widget.fragment_id in self._fragments)
        }
        standing = {widget.id for widget in self.widgets.values()}
        self._values = {name: state for name, state in self._values.items() if name in standing}
        self._typed = {name: state for name, state in self._typed.items() if name in standing}

    def _poll(self, fragment_id: str, seconds: float) -> None:
        """A fragment with `run_every` is drawn again and again, asked for by the browser."""

        async def ask() -> None:
            while True:
                await asyncio.sleep(seconds)
                self.send(fragment_id=fragment_id, is_auto_rerun=True)

        if fragment_id not in self._polls:
            self._polls[fragment_id] = asyncio.get_running_loop().create_task(ask())

    def _stop_polling(self) -> None:
        for poll in self._polls.values():
            poll.cancel()
        self._polls.clear()

    # -- what the person does ----------------------------------------------------------------

    @property
    def form(self) -> dict[str, Any] | None:
        """What the page asks for, as its browser draws it."""
        form: dict[str, Any] | None = self.parts.get("form", {}).get("form")
        return form

    async def submit(self, form: dict[str, Any], id_: str, values: dict[str, str]) -> int:
        """Send what somebody has filled into a form; returns the status of the answer."""
        path = self.parts["form"]["address"].replace("{form}", form["name"])
        sent = {"id": id_, "about": form["about"], "values": values, "decimal_mark": "."}
        return await self.browser.submit(path, sent)

    def fill(self, **values: object) -> None:
        """Type into fields; nothing is sent yet."""
        for key, value in values.items():
            widget = self.widgets[key]
            state = WidgetState(id=widget.id)
            setattr(state, VALUES[widget.kind][0], value)
            (self._typed if widget.form_id else self._values)[widget.id] = state

    def press(self, key: str) -> None:
        """Press a button; the one of a form sends what was typed into it."""
        button = self.widgets[key]
        if button.form_id:
            self._values |= self._typed
            self._typed.clear()
        self.send(WidgetState(id=button.id, trigger_value=True), button.fragment_id)

    def tick(self, newest: str = "") -> None:
        """What is drawn again asks for that."""
        self.trigger("drawn", "tick", newest)

    def trigger(self, key: str, event: str, value: object) -> None:
        """A part of ours says something."""
        widget = self.widgets[key]
        self.send(
            WidgetState(
                id=f"$$STREAMLIT_INTERNAL_KEY_{widget.id}__events",
                json_trigger_value=json.dumps([{"event": event, "value": value}]),
            ),
            widget.fragment_id,
        )

    def send(
        self,
        trigger: WidgetState | None = None,
        fragment_id: str = "",
        is_auto_rerun: bool = False,
    ) -> None:
        """Ask for a run; dropped where the line is down, as a browser drops it."""
        if self._stream is None:
            return
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self._query
        asked.page_script_hash = self._script_hash
        if not self._script_hash:
            asked.page_name = self._page_name
        asked.fragment_id = fragment_id
        asked.is_auto_rerun = is_auto_rerun
        asked.widget_states.widgets.extend(self._values.values())
        if trigger is not None:
            asked.widget_states.widgets.append(trigger)
        self._is_running = True
        self._start(self._say(self._stream, message.SerializeToString()))

    async def _say(self, stream: ClientConnection, data: bytes) -> None:
        with suppress(*CLOSED):
            await stream.send(data)

    @property
    def stamp(self) -> str:
        """How new the part of the page is that is drawn again; nothing before the first time."""
        return str(self.parts["drawn"]["stamp"]) if "drawn" in self.parts else ""

    @property
    def still_in(self) -> float:
        """Seconds until the page has been still long enough for a tick."""
        if self._is_running:
            self._ran = perf_counter()
        return self._ran + SETTLED_SECONDS - perf_counter()

    known = ""

    def take(self, _: dict[str, Any]) -> str:
        """A page of Streamlit's has to ask."""
        return ""

    # -- waiting -----------------------------------------------------------------------------

    def heard(self, *needles: bytes) -> asyncio.Future[float]:
        """The moment at which a message that holds one of these comes, from now on."""
        return heard(self.hears, needles)

    def run_ended(self) -> asyncio.Future[float]:
        """The moment at which the next run ends."""
        return self.drawn(b"")

    def drawn(self, *needles: bytes) -> asyncio.Future[float]:
        """The moment at which a run that drew one of these has ended."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()

        def hear(data: bytes) -> None:
            if any(needle in data for needle in needles):
                self.hears.remove(hear)
                self.ends.append(end)

        def end() -> None:
            self.ends.remove(end)
            come(future)

        self.hears.append(hear)
        return future


def heard(hears: list[Callable[[bytes], None]], needles: Iterable[bytes]) -> asyncio.Future[float]:
    """The moment at which one of these comes to whoever `hears`, from now on."""
    future: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def hear(data: bytes) -> None:
        if any(needle in data for needle in needles):
            hears.remove(hear)
            come(future)

    hears.append(hear)
    return future


def come(future: asyncio.Future[float]) -> None:
    """What was waited for is there now."""
    if not future.done():
        future.set_result(perf_counter())
