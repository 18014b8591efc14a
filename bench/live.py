"""A room full of laptops in front of one server: how fast it is, what it takes, what it loses.

`python bench/live.py --sessions 60 --json` plays one room and prints one JSON object; with
`--baseline` the same screens poll, as most Streamlit apps do. Without `--sessions` it plays 60,
150 and 300, each also as the baseline, and prints the table beside the goals. `--soak 30` plays
half an hour and shows memory and descriptors. The clients draw nothing (`page.py`); they share the
machine with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import ceil, inf, isnan, nan
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

from first_load import first_load
from measuring import loop_seconds, machine
from room import (
    PATIENCE_SECONDS,
    Idea,
    Room,
    Seen,
    losses,
    moments,
    pull_the_plug,
    until,
    waited,
    within_a_second,
)
from server import OURS, POLLING, Server
from team_page import TeamPage

ROOMS = (60, 150, 300)
BASELINE = "--baseline"
PRESSES = 20
PRESS_SECONDS = 3
# What each screen shows of a phase, as soon as it shows it.
FACTS = {"team": b"Talk about it", "board": b"board_headline", "facilitate": b"Read the number"}
IDEAS = {
    "team": b"Write down an idea",
    "board": b"board_question",
    "facilitate": b"write alone first",
}


REVEALED = {"team": b"It is ", "board": b"board_guesses", "facilitate": b"Show the facts"}


@dataclass(frozen=True)
class Length:
    """How long each part of a room's afternoon is played, in seconds."""

    joining: float = 30
    idle: float = 20
    ideas: float = 30
    ideas_a_second: float = 5


LONG = Length()
SHORT = Length(joining=1, idle=1, ideas=2)


# -- what is measured ----------------------------------------------------------------------------


async def joins_spread(server: Server, sessions: int, seconds: float) -> list[float]:
    room = await Room.opened(server)

    async def come(number: int) -> float:
        await asyncio.sleep(number * seconds / sessions)
        return await room.join(number)

    times = await asyncio.gather(*map(come, range(sessions)), return_exceptions=True)
    room.close()
    return [inf if isinstance(taken, BaseException) else taken for taken in times]


async def joins_at_once(room: Room, sessions: int) -> list[float]:
    times = await asyncio.gather(*map(room.join, range(sessions)), return_exceptions=True)
    return [inf if isinstance(taken, BaseException) else taken for taken in times]


async def idle(room: Room, seconds: float) -> float:
    """The processor time of the server while nobody does anything, as a share of one core."""
    await asyncio.sleep(2)
    before, started = room.server.cpu_seconds(), perf_counter()
    await asyncio.sleep(seconds)
    return (room.server.cpu_seconds() - before) / (perf_counter() - started)


async def phase_changes(room: Room) -> list[float]:
    """Lobby to facts to ideas, and back to the facts and forward again."""
    times = []
    moves = (("next", FACTS), ("next", IDEAS), ("back", FACTS), ("next", IDEAS))
    for way, shows in moves:
        times += await room.move(f"phase_{way}", shows)
        await asyncio.sleep(1)
    return times


async def guess_and_reveal(room: Room) -> dict[str, Any]:
    """Everybody guesses within one second, then the facilitator reveals the first step.

    Seconds from the last guess sent until the board counts all of them; and from the press until
    each screen shows what is true. In the end the first step is as if nobody had been asked.
    """
    people, board, facilitator = list(room.people.values()), room.board, room.facilitator
    asked = [page.drawn(b"guess_0_likely") for page in people]
    facilitator.press("guesses_open")
    await waited(asked)
    sales, marketing = ceil(len(people) / 2), len(people) // 2
    all_of_them = f"{sales} of {sales} sales · {marketing} of {marketing} marketing"
    counted = board.heard(all_of_them.encode())
    sent = await asyncio.gather(*map(_guess, people))
    await waited([counted])
    await room.move("phase_next", {"board": b"board_question", "facilitate": b"question_reveal"})
    revealed = await room.move("question_reveal", REVEALED)
    for button, shows in (("question_hide", b"question_reveal"), ("question_close", b"")):
        await room.move(button, {"facilitate": shows or FACTS["facilitate"]})
    await room.move("phase_back", {"facilitate": b"guesses_close"})
    return {
        "guesses_on_the_board": finite(moments([counted])[0] - max(sent)),
        "reveal": summary(revealed),
    }


async def _guess(page: TeamPage) -> float:
    """Somebody guesses every step within the next second; returns when it was sent."""
    await asyncio.sleep(random.random())
    sent, form = perf_counter(), page.form
    assert form is not None
    guesses = {f"guess_{step}_likely": "40" for step in range(4)}
    assert await page.submit(form, uuid4().hex, guesses) == 200
    return sent


async def steady_ideas(room: Room, length: Length) -> dict[str, list[float]]:
    """Ideas one after the other; seconds from each form sent until a screen shows it."""
    before, first = room.count.now, len(room.ideas)
    names = list(room.people)
    started = perf_counter()
    for number in range(int(length.ideas * length.ideas_a_second)):
        due = started + number / length.ideas_a_second
        await asyncio.sleep(max(0, due - perf_counter()))
        room.send(names[number % len(names)], room.next_title())
    sent = room.ideas[first:]
    await until(lambda: room.count.now >= before + len(sent))
    await until(lambda: max(shown(room.ranked, sent) + shown(room.listed, sent)) < inf)
    acknowledged = moments([idea.saved for idea in sent])
    return {
        "board": [room.count.at(before + k + 1) - idea.sent for k, idea in enumerate(sent)],
        "saved": [moment - idea.sent for moment, idea in zip(acknowledged, sent, strict=True)],
        "facilitator": shown(room.listed, sent),
        "management": shown(room.ranked, sent),
    }


def shown(screen: Seen, ideas: list[Idea]) -> list[float]:
    numbers = (int(idea.title.split()[1]) for idea in ideas)
    return [
        screen.at.get(number, inf) - idea.sent for number, idea in zip(numbers, ideas, strict=True)
    ]


async def presses_lost(room: Room) -> int:
    """How many presses of the facilitator do nothing, each made between two ticks."""
    page, lost = room.facilitator, 0
    for _ in range(PRESSES):
        await asyncio.sleep(0.2)
        done = page.heard(b"/export_csv?")
        page.tick()
        page.press("export_csv")
        await asyncio.sleep(random.uniform(0, 0.004))
        page.tick()
        await asyncio.wait([done], timeout=PRESS_SECONDS)
        lost += not done.done()
    return lost


async def everybody_submits(room: Room) -> float:
    """Seconds from the last form, all sent within one second, until the board shows them all."""
    before, first = room.count.now, len(room.ideas)
    await within_a_second(room)
    await until(lambda: room.count.now >= before + len(room.people))
    sent = room.ideas[first:]
    return room.count.at(before + len(sent)) - max(idea.sent for idea in sent)


async def wave(room: Room) -> dict[str, Any]:
    """All sockets are cut at once, and everybody sends an idea at that moment.

    Back is who follows the room again. What somebody has typed and not sent stays in their browser
    (tests/browser/test_drafts.py asks real ones).
    """
    first = len(room.ideas)
    for page in room.screens:
        page.cut()
    for name in room.people:
        room.send(name, room.next_title())
    back = await until(lambda: all(page.is_back for page in room.screens))
    sent = room.ideas[first:]
    await waited(idea.saved for idea in sent)
    return {
        "seconds": finite(back),
        "sent": len(sent),
        "saved": sum(idea.is_acknowledged for idea in sent),
    }


# -- one room after the other --------------------------------------------------------------------


async def measured(sessions: int, program: str, length: Length) -> dict[str, Any]:
    """Everything about one size of room."""
    with tempfile.TemporaryDirectory() as folder:
        with Server(Path(folder) / "spread.duckdb", program) as server:
            spread = await joins_spread(server, sessions, length.joining)
        with Server(Path(folder) / "room.duckdb", program) as server:
            return {
                "sessions": sessions,
                "loop_s": round(loop_seconds(), 2),
                "baseline": program == POLLING,
                "join_spread": summary(spread),
            } | await an_afternoon(server, sessions, length)


async def an_afternoon(server: Server, sessions: int, length: Length) -> dict[str, Any]:
    room = await Room.opened(server)
    started, spent = perf_counter(), time.process_time()
    at_once = await joins_at_once(room, sessions)
    found: dict[str, Any] = {
        "join_at_once": summary(at_once),
        "joined": len(room.people),
        "idle_cpu": round(await idle(room, length.idle), 4),
    }
    if server.program == OURS:
        found |= await guess_and_reveal(room)
    found["phase_change"] = summary(await phase_changes(room))
    ideas = await steady_ideas(room, length)
    found |= {f"idea_to_{screen}": summary(times) for screen, times in ideas.items()}
    if server.program == OURS:
        found["presses_lost"] = await presses_lost(room)
    found["everybody_submits"] = finite(await everybody_submits(room))
    found["memory_mb"] = round(server.memory_mb())
    found["descriptors"] = server.descriptors()
    found["wave"] = await wave(room)
    await pull_the_plug(room)
    found |= losses(room)
    found["clients_cpu"] = finite((time.process_time() - spent) / (perf_counter() - started))
    room.close()
    return found


def summary(times: list[float]) -> dict[str, float | None]:
    """Seconds: the median, the 95th percentile and the worst; None is longer than patience."""
    ordered = sorted(times)

    def at(share: float) -> float | None:
        return finite(ordered[max(0, ceil(share * len(ordered)) - 1)])

    return {"p50": at(0.5), "p95": at(0.95), "max": at(1)}


def finite(seconds: float) -> float | None:
    return round(seconds, 4) if seconds < inf else None


# -- the table -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the table: what it says, its figure, and the goals at 60 and at 300."""

    says: str
    of: Callable[[dict[str, Any]], float | None]
    unit: str
    goals: dict[int, float]


LINES = (
    Line(
        "join, spread over 30 s, p95", lambda r: r["join_spread"]["p95"], "s", {60: 0.3, 300: 0.5}
    ),
    Line(
        "join, all at one moment, p95", lambda r: r["join_at_once"]["p95"], "s", {60: 1.2, 300: 4.5}
    ),
    Line("idea sent to board, p50", lambda r: r["idea_to_board"]["p50"], "s", {}),
    Line(
        "idea sent to board, p95", lambda r: r["idea_to_board"]["p95"], "s", {60: 0.11, 300: 0.16}
    ),
    Line("idea sent to board, worst", lambda r: r["idea_to_board"]["max"], "s", {}),
    Line("idea sent to facilitator, p95", lambda r: r["idea_to_facilitator"]["p95"], "s", {}),
    Line(
        "all submit in 1 s, on the board",
        lambda r: r["everybody_submits"],
        "s",
        {60: 0.5, 300: 1.5},
    ),
    Line(
        "all guess in 1 s, on the board",
        lambda r: r.get("guesses_on_the_board", nan),
        "s",
        {300: 1.5},
    ),
    Line("reveal, p95", lambda r: r.get("reveal", {"p95": nan})["p95"], "s", {300: 1.5}),
    Line("phase change, p95", lambda r: r["phase_change"]["p95"], "s", {60: 0.4, 300: 1.5}),
    Line("server, nobody does anything", lambda r: 100 * r["idle_cpu"], "%", {60: 1, 300: 2}),
    Line("presses lost between ticks", lambda r: r.get("presses_lost", nan), "", {60: 0, 300: 0}),
    Line("wave, everybody back", lambda r: r["wave"]["seconds"], "s", {60: 2, 300: 8}),
    Line(
        "ideas lost in the wave",
        lambda r: r["wave"]["sent"] - r["wave"]["saved"],
        "",
        {60: 0, 300: 0},
    ),
    Line("acknowledged, not in the file", lambda r: r["lost"], "", {60: 0, 300: 0}),
    Line("memory of the server", lambda r: r["memory_mb"], "MB", {60: 300, 300: 450}),
)


def table() -> None:
    """All rooms, ours and the baseline, each in a process of its own."""
    rooms = {(sessions, way): played(sessions, way) for sessions in ROOMS for way in ("", BASELINE)}
    print(f"{'':34}" + "".join(f"{sessions:>15}{'goal':>7}{'polling':>15}" for sessions in ROOMS))
    for line in LINES:
        cells = ""
        for sessions in ROOMS:
            ours, polled = (said(line, rooms[sessions, way]) for way in ("", BASELINE))
            goal = f"{line.goals[sessions]:g}" if sessions in line.goals else ""
            cells += f"{ours:>15}{goal:>7}{polled:>15}"
        print(f"{line.says:31}{line.unit:>3}{cells}")


def played(sessions: int, way: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--sessions", str(sessions), "--json", *way.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    return found


def said(line: Line, found: dict[str, Any]) -> str:
    """A figure, seconds also in multiples of the fixed loop, since machines differ threefold.

    A dash where there is none or no end was reached, > where patience ended.
    """
    figure = line.of(found) if found else nan
    if figure is None:
        return f"> {PATIENCE_SECONDS}"
    if isnan(figure):
        return "–"
    times = f" ({figure / found['loop_s']:.2g}×)" if line.unit == "s" else ""
    return f"{figure:.3g}{times}"


# -- a long afternoon ----------------------------------------------------------------------------


async def soak(sessions: int, minutes: float) -> None:
    """Memory and descriptors while people edit their ideas, the room moves, and lines are cut.

    After the first round the number of ideas stays the same: what grows then, leaks.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "soak.duckdb") as server,
    ):
        room = await Room.opened(server)
        for number in range(sessions):
            await room.join(number)
        for shows in (FACTS, IDEAS):
            await room.move("phase_next", shows)
        await within_a_second(room)
        await waited(idea.saved for idea in room.ideas)
        names, ends_at = list(room.people), perf_counter() + 60 * minutes
        print(f"{'minutes':>8}{'memory MB':>11}{'descriptors':>13}")
        for turn in count():
            left = ends_at - perf_counter()
            if turn % 20 == 0 or left < 0:
                now = minutes - left / 60
                print(f"{now:8.1f}{server.memory_mb():11.0f}{server.descriptors():13}", flush=True)
            if left < 0:
                break
            await a_turn(room, names[turn % len(names)], turn)
        room.close()


async def a_turn(room: Room, name: str, turn: int) -> None:
    """Half a second of it."""
    page = room.people[name]
    if turn % 60 == 30:
        await room.move("phase_back", FACTS)
        await room.move("phase_next", IDEAS)
    if turn % 40 == 20:
        page.cut()
        await until(lambda: page.is_back)
    mine = next(idea for idea in reversed(room.ideas) if idea.author == name)
    if page.has(f"edit_{mine.id}"):
        drawn = page.drawn(b"Change your idea")
        page.press(f"edit_{mine.id}")
        await waited([drawn])
        form = page.form
        assert form is not None
        drawn = page.run_ended()
        await page.submit(form, form["submission_id"], form["values"])
        await waited([drawn])
    await asyncio.sleep(0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int)
    parser.add_argument(BASELINE, action="store_true")
    parser.add_argument("--short", action="store_true", help="a few seconds of everything")
    parser.add_argument("--json", action="store_true", help="in one line")
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    asked = parser.parse_args()
    if asked.soak:
        asyncio.run(soak(asked.sessions or ROOMS[0], asked.soak))
    elif asked.sessions:
        program = POLLING if asked.baseline else OURS
        found = asyncio.run(measured(asked.sessions, program, SHORT if asked.short else LONG))
        print(json.dumps(found, indent=None if asked.json else 2))
    else:
        print(machine("streamlit", "duckdb"))
        print(first_load())
        table()


if __name__ == "__main__":
    main()
