"""A burst of writes in a process of its own, and a parent that kills it in the middle.

`python -m tests.burst` waits for the path of a database on its input. Then a fork of it saves
ideas there from eight threads and says on the output what was acknowledged, until it is killed;
the fork spares each burst the second that the imports take.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

from workshop.domain.access import Role, Visitor
from workshop.domain.agenda import Phase, Position, Timer
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Store

ROOT = Path(__file__).parents[1]
THREADS = 8
# Of a few hundred plans as long as these a workshop is full.
MOST_IDEAS = 100
# Long plans, so that the engine's own log is folded into the file during the burst as well.
PLAN = "A rota, and somebody who answers for it. " * 200


# -- the process that is killed ------------------------------------------------------------------


def serve() -> None:
    """A burst for each line on the input, one after the other."""
    for line in sys.stdin:
        victim = os.fork()
        if not victim:
            burst(Path(line.strip()))
        say(f"begun {victim}")
        os.waitpid(victim, 0)
        say("ended")


def burst(path: Path) -> None:
    """Save for ever; a line on the output for everything that was acknowledged."""
    store = Store(path)
    facilitator = opened(store)
    code = store.workshops.get(facilitator).code
    for place in range(THREADS):
        token = store.seats.join(code, f"P{place}", [Side.SALES, Side.MARKETING][place % 2])
        person = store.tokens.admit(token)
        assert person is not None
        threading.Thread(target=write, args=(store, person)).start()
    for minutes in count(1):
        ends_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)
        store.agenda.set_timer(facilitator, Timer(ends_at))
        say(f"timer {ends_at.isoformat()}")


def newest(store: Store) -> Visitor | None:
    """The facilitator of the workshop of the file that was started last."""
    known = store.database.read("SELECT id FROM workshop ORDER BY created_at DESC")
    return Visitor(Role.FACILITATOR, known[0][0]) if known else None


def opened(store: Store) -> Visitor:
    """A workshop that still has room for many ideas; where there is none, it is started."""
    known = newest(store)
    if known is not None and len(store.ideas.readable(known)) < MOST_IDEAS:
        return known
    funnel = Funnel.from_counts(
        {"Lead": 100, "Won": 10}, deal_value=1000, currency="EUR", period_days=365
    )
    facilitator = store.workshops.start("Spring", funnel)
    store.agenda.move_to(facilitator, Position(Phase.IDEAS, 0))
    return facilitator


def write(store: Store, person: Visitor) -> None:
    """Save ideas; every other form is sent twice."""
    for place in count():
        idea_id = uuid4().hex
        draft = IdeaDraft(f"Idea {place}", Estimate(0.1, 0.2, 0.4), PLAN)
        for _ in range(1 + place % 2):
            store.ideas.save(person, idea_id, 0, draft)
        say(f"idea {idea_id}")


def say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


# -- the parent ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crash:
    """What a killed burst had acknowledged, and what the file held afterwards."""

    acknowledged: frozenset[str]
    kept: frozenset[str]
    torn: tuple[str, ...]
    timer_is_right: bool

    @property
    def lost(self) -> frozenset[str]:
        return self.acknowledged - self.kept


@contextmanager
def bursts() -> Iterator[Callable[[Path, float], Crash]]:
    """A function that lets a burst run on a file, kills it some seconds after its first idea,
    and looks into the file."""
    command = [sys.executable, "-m", "tests.burst"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield lambda path, seconds: crash(process, path, seconds)
        process.kill()


def crash(process: subprocess.Popen[str], path: Path, seconds: float) -> Crash:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{path}\n")
    process.stdin.flush()
    said: list[str] = []
    for line in process.stdout:
        word, _, value = line.strip().partition(" ")
        if word == "begun":
            victim = int(value)
        elif word == "ended":
            break
        elif word == "idea" and not any(known.startswith("idea") for known in said):
            plug = threading.Timer(seconds, os.kill, (victim, signal.SIGKILL))
            plug.start()
        said.append(line.strip())
    return look(path, said)


def look(path: Path, said: list[str]) -> Crash:
    """Open the file as the next start of the server would."""
    acknowledged = frozenset(line.split()[1] for line in said if line.startswith("idea"))
    timers = [line.split()[1] for line in said if line.startswith("timer")]
    store = Store(path)
    ids = [row[0] for row in store.database.read("SELECT id FROM idea ORDER BY id")]
    kept = frozenset(ids)
    # An idea is kept with its estimate and its row of the trail, or not at all.
    torn = {row[0] for row in store.database.read(WITHOUT_ESTIMATE)} | {
        row[0] for row in store.database.read(WITHOUT_TRAIL)
    }
    doubled = {idea_id for idea_id in kept if ids.count(idea_id) > 1}
    facilitator = newest(store)
    shown = store.workshops.get(facilitator).timer.ends_at if facilitator else None
    store.close()
    return Crash(
        acknowledged,
        kept,
        tuple(sorted(torn | doubled)),
        not timers or (shown is not None and shown >= datetime.fromisoformat(timers[-1])),
    )


WITHOUT_ESTIMATE = (
    "SELECT id FROM idea WHERE NOT EXISTS (SELECT 1 FROM estimate WHERE idea_id = idea.id)"
)
# A trail that has grown too long lacks its oldest rows.
WITHOUT_TRAIL = (
    "SELECT id FROM idea WHERE NOT EXISTS "
    "(SELECT 1 FROM activity WHERE subject = idea.id AND verb = 'idea_written') "
    "AND created_at > coalesce((SELECT min(happened_at) FROM activity "
    "WHERE verb = 'idea_written'), CAST('1970-01-01' AS TIMESTAMPTZ))"
)


if __name__ == "__main__":
    serve()
