"""Whether every promise is kept, for longer than in the tests.

Run it as `python bench/promises.py [minutes]`.
What people do, what happens to them and how it is checked is said in tests/promises.py. Each round
has records and a seed of its own, which is printed where a promise is broken.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from measuring import machine

from tests.promises import play

SEED = 20261127
ROUND_SECONDS = 30.0


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    start, acknowledged, readings, broken = perf_counter(), 0, 0, 0
    happened: Counter[str] = Counter()
    seed = SEED
    while perf_counter() - start < 60 * minutes:
        with TemporaryDirectory() as folder:
            outcome = play(Path(folder) / "workshop.duckdb", ROUND_SECONDS, seed)
        acknowledged += outcome.acknowledged
        readings += outcome.readings
        happened += outcome.happened
        broken += len(outcome.broken)
        for promise in outcome.broken[:5]:
            print(f"seed {seed}: {promise[:300]}")
        seed += 1
    print(machine("duckdb"))
    print(f"{seed - SEED} rounds in {perf_counter() - start:.0f} s")
    print(f"  calls acknowledged          {acknowledged:7,}")
    print(f"  readings of all registers   {readings:7,}")
    for name, times in sorted(happened.items()):
        print(f"  {name:28}{times:7,}")
    print(f"  promises broken             {broken:7,}")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
