"""Whether the records keep what was promised: random work of many people, every answer checked.

People join, write, edit, take back, agree on actions, rename and move on, some of them in two tabs;
answers are cut off and forms sent again; the process of the records is stopped, killed and started
again, its clock goes back and forth, copies are made and brought back in the middle of a burst.
Everything that may change is a register. What it says must have been written by a call that no
other call, acknowledged before, had overwritten by then. A call whose answer was lost may have
happened at any time after it began, or not at all.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf
from os import kill
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

from tests.records_process import NO_FAULT, said_by
from workshop.domain.access import Role, Visitor
from workshop.store import Store

ROOT = Path(__file__).parents[1]
PEOPLE = 8
CUT_OFF = 0.1  # of the answers, that their form does not hear
MISSING = object()
PLACES = [("ideas", 0), ("facts", 1), ("ideas", 1), ("ideas", 2)]


class Lost(Exception):  # noqa: N818
    """No answer came: the call may have happened or not."""


class Refused(Exception):  # noqa: N818
    """The answer was no."""


# -- what was promised -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Write:
    """A register was told a value between two moments; `end` is inf where no answer came."""

    register: str
    value: object
    begin: float
    end: float


@dataclass(frozen=True)
class Reading:
    """What the registers said between two moments."""

    said: dict[str, Any]
    begin: float
    end: float


@dataclass
class History:
    """What was written, from what was there at the beginning on."""

    at_first: dict[str, Any] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    def broken_promises(self, reading: Reading) -> Iterator[str]:
        by_register = defaultdict(list)
        for write in self.writes:
            by_register[write.register].append(write)
        for register, writes in by_register.items():
            value = reading.said.get(register, unwritten(register))
            if value is MISSING and register.startswith("name "):
                continue  # a mini-team that everybody has left
            if not self._could_say(value, register, writes, reading):
                yield f"{register} says {value if value is not MISSING else 'nothing'}: {writes}"
        titles = Counter(
            str(value) for register, value in reading.said.items() if register.startswith("idea ")
        )
        yield from (
            f"{title} is there {times} times" for title, times in titles.items() if times > 1
        )

    def _could_say(
        self, value: object, register: str, writes: Sequence[Write], reading: Reading
    ) -> bool:
        at_first = self.at_first.get(register, unwritten(register))
        if register.startswith("name ") and str(value).startswith("Team "):
            at_first = value  # what a new mini-team is called
        first = Write(register, at_first, -inf, -inf)
        return any(
            write.value == value
            and write.begin <= reading.end
            and not any(later.begin > write.end and later.end < reading.begin for later in writes)
            for write in (first, *writes)
        )


def unwritten(register: str) -> object:
    """What a register says of something that was not there at the beginning."""
    return False if register.startswith("withdrawn ") else MISSING


# -- the process of the records --------------------------------------------------------------------


class Records:
    """The process that keeps the records; calls wait while it is started anew.

    It keeps those of one file after the other, each once that of before is stopped or killed.
    """

    def __init__(self) -> None:
        self._what = ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.records_process"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._lock = threading.Lock()
        self._is_up = threading.Event()
        self._ended = threading.Event()
        self._waiting: dict[int, SimpleQueue[dict[str, Any] | None]] = {}
        self._fork = 0
        self._hearing = threading.Thread(target=self._hear, daemon=True)
        self._hearing.start()

    def open(self, path: Path, fault: str) -> None:
        self._what = f"{fault} {path}"
        self.start()

    def start(self) -> None:
        self._ended.clear()
        self._write(f"start {self._what}")
        self._is_up.wait(60)

    def stop(self) -> None:
        self._end(lambda: self._call("stop"))

    def kill(self) -> None:
        self._end(lambda: kill(self._fork, signal.SIGKILL))

    def close(self) -> None:
        self._process.kill()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()  # a fork that is left ends by this
        self._hearing.join()
        self._process.stdout.close()
        self._process.wait()

    def call(self, do: str, *values: object) -> Any:
        """What the records answer. Raises Lost or Refused."""
        self._is_up.wait(60)
        said = self._call(do, *values).get()
        if said is None:
            raise Lost
        if "refused" in said:
            raise Refused(said["refused"])
        return said["value"]

    def _call(self, do: str, *values: object) -> SimpleQueue[dict[str, Any] | None]:
        answer: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        with self._lock:
            number = time.monotonic_ns()
            self._waiting[number] = answer
        self._write(json.dumps({"number": number, "do": do, "with": values}))
        return answer

    def _end(self, how: Any) -> None:
        self._is_up.clear()
        how()
        self._ended.wait(60)
        with self._lock:
            left, self._waiting = self._waiting, {}
        for answer in left.values():
            answer.put(None)

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.write(f"{line}\n")

    def _hear(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                said = json.loads(line)
            except ValueError:  # a line that a killed fork did not end
                said = json.loads(line[line.rindex("{") :])
            if "begun" in said:
                self._fork = said["begun"]
                self._is_up.set()
            elif "ended" in said:
                self._ended.set()
            else:
                with self._lock:
                    answer = self._waiting.pop(said["number"], None)
                if answer is not None:
                    answer.put(said)


# -- the people ------------------------------------------------------------------------------------


class SharedLock:
    """Many may work at a time, or one alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._working = 0
        self._is_wanted = False

    @contextmanager
    def one_of_many(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._is_wanted)
            self._working += 1
        try:
            yield
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._changed:
            self._is_wanted = True
            self._changed.wait_for(lambda: not self._working)
            yield
            self._is_wanted = False
            self._changed.notify_all()


class Crowd:
    """People at work on one workshop, and who checks what they were promised."""

    def __init__(self, records: Records, seed: int) -> None:
        self.records = records
        self.chance = random.Random(seed)
        self.history = History(records.call("read"))
        self.broken: list[str] = []
        self.acknowledged = 0
        self._shared = SharedLock()
        self._only_new = False
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._ideas: list[tuple[str, str]] = []  # with the seat of who wrote it
        self._actions: list[tuple[str, str]] = []
        self._teams: list[str] = []
        self._seats: dict[int, str] = {}
        self._readings = 0

    # -- what people do --

    def work(self, place: int) -> None:
        chance = random.Random(self.chance.random())
        while not self._over.is_set():
            with self._shared.one_of_many():
                try:
                    self._one_thing(place, chance)
                except Refused:
                    with self._lock:  # the seat went with a copy that was brought back
                        self._seats.pop(place, None)
            time.sleep(chance.uniform(0, 0.02))

    def _one_thing(self, place: int, chance: random.Random) -> None:
        if place not in self._seats:
            name = f"P{uuid4().hex[:12]}"
            self._seats[place] = self._write(f"person {name}", True, "join", name, "sales")
            return
        seat = self._seats[place]
        kind = chance.random()
        if self._only_new or kind < 0.35 or not self._ideas:
            self._new_idea(seat, uuid4().hex, chance)
        elif kind < 0.5:
            self._two_tabs(seat, chance)
        elif kind < 0.6:
            self._new_action(chance)
        elif kind < 0.7:
            idea_id, of = chance.choice(self._ideas)
            title = a_title()
            self._write(f"idea {idea_id}", title, "save", of, idea_id, title, False)
        elif kind < 0.76:
            idea_id, _ = chance.choice(self._ideas)
            withdrawn = chance.random() < 0.5
            self._write(f"withdrawn {idea_id}", withdrawn, "withdraw", idea_id, withdrawn)
        elif kind < 0.82 and self._actions:
            action_id, idea_id = chance.choice(self._actions)
            title = a_title()
            self._write(f"action {action_id}", title, "act", action_id, idea_id, title)
        elif kind < 0.9 and self._teams:
            team_id, name = chance.choice(self._teams), f"T{uuid4().hex[:10]}"
            self._write(f"name {team_id}", name, "rename", team_id, name)
        elif kind < 0.93:
            self._timer(chance)
        else:
            self._read()

    def _new_idea(self, seat: str, idea_id: str, chance: random.Random) -> None:
        """Send a form, and send it again as long as no answer is heard."""
        title, begin = a_title(), time.monotonic()
        while True:
            try:
                kept_as = self.records.call("save", seat, idea_id, title, True)
            except Lost:
                continue
            if chance.random() >= CUT_OFF:
                break
        with self._lock:
            self.history.writes.append(Write(f"idea {kept_as}", title, begin, time.monotonic()))
            self._ideas.append((kept_as, seat))
            self.acknowledged += 1

    def _two_tabs(self, seat: str, chance: random.Random) -> None:
        """Two tabs of one person send a new idea each, at the same moment."""
        tabs = [
            threading.Thread(
                target=self._new_idea_or_none, args=(seat, uuid4().hex, chance.random())
            )
            for _ in range(2)
        ]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join()

    def _new_idea_or_none(self, seat: str, idea_id: str, seed: float) -> None:
        try:
            self._new_idea(seat, idea_id, random.Random(seed))
        except Refused:
            return

    def _new_action(self, chance: random.Random) -> None:
        action_id, title = uuid4().hex, a_title()
        idea_id, _ = chance.choice(self._ideas)
        self._write(f"action {action_id}", title, "act", action_id, idea_id, title)
        with self._lock:
            self._actions.append((action_id, idea_id))

    def _timer(self, chance: random.Random) -> None:
        if chance.random() < 0.5:
            ends_at = datetime.now(UTC).replace(microsecond=0) + timedelta(
                seconds=chance.randrange(10**6)
            )
            self._write("timer", ends_at.isoformat(), "end_at", ends_at.isoformat())
        else:  # the timer stops where the room moves on
            place = chance.choice(PLACES)
            self._write("room", [*place], "go", *place, also={"timer": None})

    def _write(
        self, register: str, value: object, *call: object, also: dict[str, object] | None = None
    ) -> Any:
        begin, end = time.monotonic(), inf
        answer = None
        try:
            do, *values = call
            answer = self.records.call(str(do), *values)
            end = time.monotonic()
            self.acknowledged += 1
        except Lost:
            if do == "join":
                raise Refused from None
        finally:  # what was refused may have happened too, for all we ask
            with self._lock:
                self.history.writes += [
                    Write(one, says, begin, end)
                    for one, says in {register: value, **(also or {})}.items()
                ]
        return answer

    def _read(self) -> None:
        begin = time.monotonic()
        try:
            said = self.records.call("read")
        except Lost:
            return
        with self._lock:
            self.history.readings.append(Reading(said, begin, time.monotonic()))
            self._teams = [one.removeprefix("name ") for one in said if one.startswith("name ")]

    # -- what happens to them --

    def kill(self) -> None:
        self.records.kill()
        self.records.start()
        self.check()

    def restart(self) -> None:
        self.records.stop()
        self.records.start()

    def jump(self) -> None:
        hours = self.chance.choice([-2, -1, 1, 2, -24 * 30, 24 * 30])
        self.records.call("clock", hours * 3600 + self.chance.uniform(-1, 1))

    def bring_back(self) -> None:
        """Make a copy, go on, and bring it back in the middle of a burst."""
        begin = time.monotonic()
        copy = Path(self.records.call("copy"))
        of_copy = Reading(look(copy), begin, time.monotonic())
        time.sleep(self.chance.uniform(0, 0.5))
        with self._shared.alone():
            self._only_new = True
            before, self.history = self.history, History()
            before.readings.append(of_copy)
        time.sleep(0.2)
        replaced = Path(self.records.call("restore", str(copy)))
        with self._shared.alone():
            self._only_new = False
            burst, now = self.history, self.records.call("read")
            at = time.monotonic()
            copied = look(replaced)
            self._judge(before, Reading(copied, at, at))
            self.broken += [f"the copy says {it}" for it in differing(of_copy.said, now)]
            self.broken += [
                f"neither in the records nor in the copy made before: {write}"
                for write in burst.writes
                if write.end < inf
                and write.value not in (copied.get(write.register), now.get(write.register))
            ]
            self.history = History(now)
            self._ideas = [one for one in self._ideas if f"idea {one[0]}" in now]
            self._actions = [one for one in self._actions if f"action {one[0]}" in now]
            self._seats.clear()

    def check(self) -> None:
        """Let everybody wait, and look at everything."""
        with self._shared.alone():
            at = time.monotonic()
            self._judge(self.history, Reading(self.records.call("read"), at, inf))
            self.history.readings.clear()

    def finish(self) -> None:
        self._over.set()
        self.check()
        self.kill()

    def _judge(self, history: History, last: Reading) -> None:
        for reading in [*history.readings, last]:
            self.broken += history.broken_promises(reading)
            self._readings += 1


def a_title() -> str:
    return f"Idea {uuid4().hex[:12]}"


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What was there in one and is not, or not the same, in the other."""
    return [f"{name} {value}" for name, value in one.items() if other.get(name) != value]


def look(copy: Path) -> dict[str, Any]:
    """What a copy of the records says."""
    ours = copy.with_name(f"look-{uuid4().hex}.duckdb")
    shutil.copyfile(copy, ours)
    store = Store(ours)
    try:
        [(workshop_id,)] = store.database.read("SELECT id FROM workshop")
        return said_by(store, Visitor(Role.FACILITATOR, workshop_id))
    finally:
        store.close()
        ours.unlink()


HAPPENINGS = ("kill", "restart", "jump", "bring_back")


@dataclass(frozen=True)
class Outcome:
    """What came of it: promises that were kept, checks of all registers, promises broken."""

    acknowledged: int
    readings: int
    happened: Counter[str]
    broken: tuple[str, ...]


def play(path: Path, seconds: float, seed: int) -> Outcome:
    """As `play_before`, with a process that does nothing else."""
    with closing(Records()) as records:
        return play_before(records, path, seconds, seed)


def play_before(
    records: Records,
    path: Path,
    seconds: float,
    seed: int,
    fault: str = NO_FAULT,
    happenings: Sequence[str] = HAPPENINGS,
) -> Outcome:
    """Let people work for some seconds while things happen to them; then check every answer."""
    records.open(path, fault)
    crowd = Crowd(records, seed)
    happened: Counter[str] = Counter()
    people = [
        threading.Thread(target=crowd.work, args=(place,), daemon=True) for place in range(PEOPLE)
    ]
    for person in people:
        person.start()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not crowd.broken:
        time.sleep(crowd.chance.uniform(0.2, 1.0))
        if happenings:
            one = crowd.chance.choice(happenings)
            getattr(crowd, one)()
            happened[one] += 1
    crowd.finish()
    records.stop()
    return Outcome(crowd.acknowledged, crowd._readings, happened, tuple(crowd.broken))
