"""The records in a process of its own, which can be killed, started again, and given another clock.

`python -m tests.records_process` waits for lines `start {fault} {path}` on its input. A fork of it
opens the records there and carries out the calls that follow, each a line of JSON, many at a time;
the fork spares each start the seconds that the imports take.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, tzinfo
from io import FileIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position, Timer
from workshop.domain.commitment import Commitment
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Repeated, Store, clock
from workshop.store.idea_rows import ideas_of

AT_A_TIME = 16
PLAN = "A rota, and somebody who answers for it. " * 40  # the engine's log is folded now and then


class Clock(datetime):
    """The machine's clock, put forward or back."""

    shift = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.shift


class Room:
    """One workshop in the records, and what people do in it."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path)
        known = self.store.database.read("SELECT id FROM workshop")
        if known:
            self.facilitator = Visitor(Role.FACILITATOR, known[0][0])
        else:
            counts = {"Lead": 1000, "MQL": 400, "SQL": 100, "Won": 10}
            funnel = Funnel.from_counts(counts, deal_value=1000, currency="EUR", period_days=365)
            self.facilitator = self.store.workshops.start("Spring", funnel)
        self.manager = Visitor(Role.MANAGER, self.facilitator.workshop_id)

    def join(self, name: str, side: str) -> str:
        code = self.store.workshops.get(self.facilitator).code
        return self.store.seats.join(code, name, Side(side))

    def save(self, token: str, idea_id: str, title: str, is_new: bool) -> str:
        draft = IdeaDraft(title, Estimate(0.1, 0.2, 0.4), PLAN)
        who, submission = self._who(token), idea_id if is_new else ""
        try:
            return self.store.ideas.save(who, idea_id, 0, draft, submission_id=submission)
        except Repeated:
            return idea_id

    def withdraw(self, idea_id: str, withdrawn: bool) -> None:
        self.store.ideas.withdraw(self.facilitator, idea_id, withdrawn)

    def rename(self, team_id: str, name: str) -> None:
        self.store.seats.rename(self.facilitator, team_id, name)

    def act(self, action_id: str, idea_id: str, title: str) -> None:
        rest = ("Ada", "Bo", "Rate", 0.4, 0.5, date(2027, 1, 4), "Call")
        self.store.commitments.save(self.manager, Commitment(action_id, idea_id, title, *rest))

    def go(self, phase: str, step: int | None) -> None:
        self.store.agenda.move_to(self.facilitator, Position(Phase(phase), step))

    def end_at(self, ends_at: str) -> None:
        self.store.agenda.set_timer(self.facilitator, Timer(datetime.fromisoformat(ends_at)))

    def clock(self, seconds: float) -> None:
        Clock.shift = timedelta(seconds=seconds)

    def copy(self) -> str:
        made = self.store.copies.make()
        if not made.exists():
            raise FileNotFoundError(f"the copy {made.name} was made, and is not there")
        return str(made)

    def restore(self, path: str) -> str:
        """Returns a copy of what there was."""
        return str(self.store.copies.replace_all(Path(path)))

    def read(self) -> dict[str, Any]:
        """What the records say, by what may change."""
        return said_by(self.store, self.facilitator)

    def _who(self, token: str) -> Visitor:
        visitor = self.store.tokens.admit(token)
        if visitor is None:
            raise PermissionError("nobody has this seat")
        return visitor


def said_by(store: Store, facilitator: Visitor) -> dict[str, Any]:
    workshop, teams = store.workshops.get(facilitator), store.seats.teams(facilitator)
    ideas = ideas_of(store.database, facilitator.workshop_id)
    actions = store.commitments.all(Visitor(Role.MANAGER, facilitator.workshop_id))
    position = workshop.position
    ends_at = workshop.timer.ends_at
    return {
        "room": [str(position.phase), position.step],
        "timer": ends_at and ends_at.isoformat(),
        **{f"idea {idea.id}": idea.draft.title for idea in ideas},
        **{f"withdrawn {idea.id}": idea.withdrawn for idea in ideas},
        **{f"action {action.id}": action.title for action in actions},
        **{f"name {team.id}": team.name for team in teams},
        **{f"person {person.name}": True for team in teams for person in team.people},
    }


# -- the process -----------------------------------------------------------------------------------


def serve() -> None:
    lines = FileIO(0)
    for line in iter(lambda: next_line(lines), b""):
        if not line.startswith(b"start "):
            continue  # what a killed fork did not read any more
        fork = os.fork()
        if not fork:
            _, fault, path = line.decode().strip().split(" ", 2)
            carry_out(Path(path), FAULTS[fault])
            os._exit(0)
        say({"begun": fork})
        os.waitpid(fork, 0)
        say({"ended": fork})


def next_line(lines: FileIO) -> bytes:
    """A line, and nothing of what comes after it."""
    read = bytearray()
    while (byte := lines.read(1)) and byte != b"\n":
        read += byte
    return bytes(read) + (byte or b"")


def carry_out(path: Path, fault: Callable[[Room], None]) -> None:
    """Carry out calls until told to stop; each is answered once it is done."""
    clock.datetime = Clock  # type: ignore[attr-defined]
    room = Room(path)
    fault(room)
    lines = FileIO(0)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for line in iter(lambda: next_line(lines), b""):
            call = json.loads(line)
            if call["do"] == "stop":
                break
            pool.submit(answer, room, call)
    room.store.close()


def answer(room: Room, call: dict[str, Any]) -> None:
    try:
        said = {"value": getattr(room, call["do"])(*call["with"])}
    except Exception as error:
        said = {"refused": f"{type(error).__name__}: {error}"}
    say({"number": call["number"], **said})


_lock = threading.Lock()


def say(said: dict[str, Any]) -> None:
    with _lock:
        os.write(1, f"{json.dumps(said)}\n".encode())


# -- planted faults --------------------------------------------------------------------------------


def none(room: Room) -> None:
    """Nothing is wrong."""


def forgets_some(room: Room) -> None:
    """Every thirtieth idea is called saved and is not."""
    save, counted = room.save, iter(range(1 << 30))

    def save_most(token: str, idea_id: str, title: str, is_new: bool) -> str:
        return idea_id if next(counted) % 30 == 7 else save(token, idea_id, title, is_new)

    room.save = save_most  # type: ignore[method-assign]


def goes_back(room: Room) -> None:
    """What an idea said before it was edited comes back."""
    save = room.save

    def save_and_undo(token: str, idea_id: str, title: str, is_new: bool) -> str:
        before = room.read().get(f"idea {idea_id}", title)
        kept_as = save(token, idea_id, title, is_new)
        return kept_as if is_new else save(token, idea_id, before, False)

    room.save = save_and_undo  # type: ignore[method-assign]


def doubles(room: Room) -> None:
    """A form that is sent again is another idea."""
    save = room.save

    def save_again(token: str, idea_id: str, title: str, is_new: bool) -> str:
        return save(token, uuid4().hex if is_new else idea_id, title, False)

    room.save = save_again  # type: ignore[method-assign]


def acknowledges_early(room: Room) -> None:
    """An action is called agreed before it is kept, and a plug may be pulled in between."""
    act, pool = room.act, ThreadPoolExecutor(1)

    def act_soon(action_id: str, idea_id: str, title: str) -> None:
        pool.submit(lambda: (time.sleep(0.5), act(action_id, idea_id, title)))

    room.act = act_soon  # type: ignore[method-assign]


FAULTS: dict[str, Callable[[Room], None]] = {
    fault.__name__: fault for fault in (none, forgets_some, goes_back, doubles, acknowledges_early)
}
NO_FAULT = none.__name__

if __name__ == "__main__":
    serve()
