"""A rehearsal: two hours of a workshop with forty people, played faster, with everything that
goes wrong in a hotel: networks that drop, laptops that are closed and opened again, and a server
that is killed in the middle of it.

`python bench/rehearsal.py` plays it six times as fast as life, in about twenty minutes;
`--speed 60` in two. It ends with the exported ideas compared with what the screens called saved,
and fails where one is missing, altered or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from clients import code_of
from room import Idea, Room, until, waited
from server import Server
from team_page import TeamPage

PEOPLE = 40
MINUTES = 120
# Of a step's minutes, after which share the room moves on to the ideas, and to the report.
READING, REPORTING = 0.2, 0.75
# In a real minute of writing: who sends an idea, whose network drops, who opens the page anew.
SENDS, DROPS, RELOADS = 0.2, 0.05, 0.02
CRASH_AT_STEP = 2


@dataclass
class Rehearsal:
    """The room, how fast it is played, and what went wrong in it."""

    room: Room
    speed: float
    cuts: int = 0
    reloads: int = 0
    crashes: int = 0

    async def minutes(self, number: float) -> None:
        await asyncio.sleep(60 * number / self.speed)

    async def play(self, people: int, minutes: float) -> None:
        await asyncio.gather(*(self._arrive(number) for number in range(people)))
        steps = await self._steps()
        for step in range(steps):
            await self._step(step, minutes / steps)
        self.room.facilitator.press("phase_next")
        await self.minutes(1)
        await until(lambda: all(page.is_back for page in self.room.screens))

    async def _arrive(self, number: int) -> None:
        await self.minutes(random.uniform(0, 3))
        await self.room.join(number)

    async def _steps(self) -> int:
        """As many as there are jumps to a phase of a step: lobby and the last three have none."""
        places = [key for key in self.room.facilitator.widgets if key.startswith("jump_")]
        return (len(places) - 4) // 3

    async def _step(self, step: int, minutes: float) -> None:
        print(f"step {step + 1}: {len(self._saved())} ideas saved so far", flush=True)
        await self._next()
        await self.minutes(READING * minutes)
        await self._next()
        writing = minutes * (REPORTING - READING)
        everybody = asyncio.gather(*(self._write(name, writing) for name in self.room.people))
        if step == CRASH_AT_STEP:
            await self.minutes(writing / 2)
            await self._crash()
        await everybody
        await self._next()
        await self.minutes((1 - REPORTING) * minutes)

    async def _next(self) -> None:
        """The facilitator goes on, and everybody's screen comes along."""
        facilitator = self.room.facilitator
        await until(lambda: facilitator.is_back and "phase_next" in facilitator.widgets)
        drawn = [page.run_ended() for page in self.room.people.values() if page.is_up]
        facilitator.press("phase_next")
        await waited(drawn)

    async def _write(self, name: str, minutes: float) -> None:
        """Somebody reads, types, sends, and has a bad network, for some minutes."""
        ends_at = perf_counter() + 60 * minutes / self.speed
        while perf_counter() < ends_at:
            await self.minutes(random.uniform(0.5, 1.5))
            if random.random() < DROPS:
                self.cuts += 1
                self.room.people[name].cut()
            if random.random() < RELOADS:
                await self._reload(name)
            if random.random() < SENDS:
                await self._send(name)

    async def _send(self, name: str) -> None:
        """Type an idea and send it, and again until it is saved; however often, it is one."""
        await until(lambda: self.room.people[name].is_back)
        await self.minutes(random.uniform(0.2, 0.6))
        if self.room.people[name].form is None:
            return  # the room has moved on
        idea = self.room.send(name, self.room.next_title())
        await asyncio.wait([idea.saved], timeout=10)

    async def _reload(self, name: str) -> None:
        """Somebody closes the laptop, and opens the page again."""
        self.reloads += 1
        old = self.room.people[name]
        old.close()
        page = TeamPage(old.browser, old.path)
        self.room.people[name] = page
        while True:
            try:
                await page.open()
                return
            except (OSError, AssertionError):
                await asyncio.sleep(0.5)

    async def _crash(self) -> None:
        """The server is killed, and started again on the same file."""
        self.crashes += 1
        self.room.server.kill()
        print("  killed; starting again", flush=True)
        await asyncio.to_thread(self.room.server.start)
        seconds = await until(lambda: all(page.is_back for page in self.room.screens))
        print(f"  everybody is back {seconds:.1f} s after the start", flush=True)

    def _saved(self) -> list[Idea]:
        return [idea for idea in self.room.ideas if idea.is_acknowledged]

    async def missing(self) -> list[str]:
        """What is wrong with the exported ideas: lost, by somebody else, or there twice."""
        path = f"/export_csv?w={code_of(self.room.facilitator)}&role=facilitator"
        answer = await self.room.facilitator.browser.get(path)
        rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
        cells = [cell for row in rows for cell in row]
        saved = self._saved()
        print(
            f"{len(self.room.ideas)} ideas sent, {len(saved)} called saved, {len(rows) - 1} "
            f"exported; {self.cuts} cuts, {self.reloads} reloads, {self.crashes} crash"
        )
        return [idea.title for idea in saved if cells.count(idea.title) != 1]


async def rehearse(people: int, minutes: float, speed: float) -> list[str]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "rehearsal.duckdb") as server,
    ):
        room = await Room.opened(server)
        rehearsal = Rehearsal(room, speed)
        await rehearsal.play(people, minutes)
        missing = await rehearsal.missing()
        room.close()
        return missing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of the workshop")
    parser.add_argument("--speed", type=float, default=6, help="times as fast as life")
    asked = parser.parse_args()
    missing = asyncio.run(rehearse(asked.people, asked.minutes, asked.speed))
    if missing:
        sys.exit(f"not exported exactly once: {', '.join(missing)}")
    print("every idea that a screen called saved is exported, exactly once")


if __name__ == "__main__":
    main()
