"""How often a pulled plug loses, doubles or tears an idea: `python bench/crashes.py [crashes]`.

Eight threads save ideas into one file, half of the forms sent twice; the process is killed with
SIGKILL at a random moment, the file is opened again and compared with what was acknowledged.
All crashes hit the same file, one after the other.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from measuring import machine

from tests.burst import bursts

SEED = 20261123
LONGEST_SECONDS = 0.8


def main() -> None:
    crashes = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance, start = random.Random(SEED), perf_counter()
    acknowledged: set[str] = set()
    lost: set[str] = set()
    torn: set[str] = set()
    wrong_timers = 0
    with TemporaryDirectory() as folder, bursts() as crash:
        path = Path(folder) / "workshop.duckdb"
        for _ in range(crashes):
            found = crash(path, chance.uniform(0, LONGEST_SECONDS))
            acknowledged |= found.acknowledged
            lost |= acknowledged - found.kept
            torn |= set(found.torn)
            wrong_timers += not found.timer_is_right
        megabytes = path.stat().st_size / 1e6
    print(machine("duckdb"))
    print(f"{crashes} crashes in {perf_counter() - start:.0f} s, on one file of {megabytes:.1f} MB")
    print(f"  ideas acknowledged                {len(acknowledged):6,}")
    print(f"  of these not in the file          {len(lost):6,}")
    print(f"  in the file twice or in part      {len(torn):6,}")
    print(f"  starts with a wrong timer         {wrong_timers:6,}")


if __name__ == "__main__":
    main()
