"""What a tick costs: the processor time of the server for each screen that is drawn again.

`python bench/ticks.py` opens a room with ideas, draws one screen of each role again and again,
then all mini-teams' at one moment: in turns, as the app does
(`workshop/live/render_queue.py`), and without,
one after the other on servers of their own, three times.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from measuring import loop_seconds, machine
from page import Page
from room import Room, moments, waited, within_a_second
from server import OURS, Server

WITHOUT_TURNS = "bench/without_turns.py"
PEOPLE, REPEATS, ROUNDS = 60, 30, 3


async def opened(server: Server) -> Room:
    """A room of sixty people that has written an idea each."""
    room = await Room.opened(server)
    for number in range(PEOPLE):
        await room.join(number)
    for shows in (b"Talk about it", b"Write down an idea"):
        drawn = [page.drawn(shows) for page in room.people.values()]
        room.facilitator.press("phase_next")
        await waited(drawn)
    await within_a_second(room)
    await waited(idea.saved for idea in room.ideas)
    await asyncio.sleep(3)
    return room


async def of_one(room: Room, page: Page) -> float:
    """Milliseconds of processor time for each drawing of this screen."""
    before = room.server.cpu_seconds()
    for _ in range(REPEATS):
        drawn = page.run_ended()
        page.tick()
        await drawn
    return 1000 * (room.server.cpu_seconds() - before) / REPEATS


async def of_all(room: Room) -> list[float]:
    """Seconds until each mini-team's screen is drawn again, all asked at one moment."""
    pages = list(room.people.values())
    drawn = [page.run_ended() for page in pages]
    asked = perf_counter()
    for page in pages:
        page.tick()
    await waited(drawn)
    return sorted(moment - asked for moment in moments(drawn))


async def measured(program: str) -> tuple[dict[str, float], list[float]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "ticks.duckdb", program) as server,
    ):
        room = await opened(server)
        screens = {
            "mini-team": next(iter(room.people.values())),
            "board": room.board,
            "facilitator": room.facilitator,
            "management": room.manager,
        }
        costs = {name: await of_one(room, page) for name, page in screens.items()}
        times = await of_all(room)
        room.close()
        return costs, times


def main() -> None:
    print(machine("streamlit"))
    print(f"the fixed loop takes {loop_seconds():.2f} s here")
    found: dict[str, list[tuple[dict[str, float], list[float]]]] = {OURS: [], WITHOUT_TURNS: []}
    for _ in range(ROUNDS):
        for program, rounds in found.items():
            rounds.append(asyncio.run(measured(program)))
    for name in found[OURS][0][0]:
        costs = [costs[name] for costs, _ in found[OURS]]
        spread = f"({min(costs):.1f} to {max(costs):.1f})"
        print(f"  {name:12} drawn again {median(costs):6.1f} ms {spread}")
    for program, rounds in found.items():
        middle = [median(times) for _, times in rounds]
        last = [times[-1] for _, times in rounds]
        print(
            f"  {PEOPLE} at one moment, {program}: median {median(middle):.2f} s, "
            f"last {median(last):.2f} s ({min(last):.2f} to {max(last):.2f})"
        )


if __name__ == "__main__":
    main()
