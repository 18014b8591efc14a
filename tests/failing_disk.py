"""A workshop on a disk that fails: `python -m tests.failing_disk SHIM at`, or `from`.

It fails at the nth write or sync, or at all from there on. Says a line for every n at which
something is wrong, and in the end how many it has tried.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from tests.ids import named_id
from workshop.domain.access import Visitor
from workshop.domain.agenda import Phase, Position
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Estimate, IdeaDraft
from workshop.domain.people import Side
from workshop.store import Store, StoreError

FUNNEL = Funnel.from_counts({"Lead": 9, "Won": 3}, deal_value=8, currency="EUR", period_days=365)
# A whole afternoon in short: two changes, the log folded into the file, a copy, two more.
MOST_CALLS = 300
IDEAS = [named_id(letter) for letter in "ABCD"]


def play(store: Store, facilitator: Visitor, person: Visitor) -> set[str]:
    """Returns the ideas that were acknowledged."""
    acknowledged = set()
    for number, idea_id in enumerate(IDEAS):
        try:
            if number == len(IDEAS) // 2:
                store.database.engine.checkpoint()
                store.copies.make()
            store.ideas.save(
                person, idea_id, 0, IdeaDraft("Call", Estimate(0.1, 0.2, 0.4), "x" * 99)
            )
            acknowledged.add(idea_id)
        except (StoreError, duckdb.Error):
            continue
    return acknowledged


def saves_one_more(store: Store, person: Visitor) -> bool:
    try:
        store.ideas.save(person, named_id("last"), 0, IdeaDraft("Last", Estimate(0, 0, 0)))
    except StoreError:
        return False
    return True


def kept_in(path: Path) -> set[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM idea").fetchall()}


def wrong_at(shim: ctypes.CDLL, nth: int, *, and_all_after: bool) -> tuple[str, bool]:
    """What is wrong when the nth call fails, or "", and whether there was such a call."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "workshop.duckdb"
        store = Store(path)
        facilitator = store.workshops.start("Spring", FUNNEL)
        person = store.tokens.admit(
            store.seats.join(store.workshops.get(facilitator).code, "Ada", Side.SALES)
        )
        assert person is not None
        shim.arm(nth, and_all_after)
        acknowledged = play(store, facilitator, person)
        was_reached = shim.counted() >= nth
        shim.arm(0, False)
        found = {idea.id for idea in store.ideas.readable(facilitator)}
        said = [] if acknowledged <= found else ["an acknowledged idea is not shown"]
        # The disk is well again; whoever was told to try again does so once.
        if not (saves_one_more(store, person) or saves_one_more(store, person)):
            said.append("nothing is saved any more")
        acknowledged.add(named_id("last"))
        store.agenda.move_to(facilitator, Position(Phase.RANK))
        store.close()
        for copy in store.copies.all():
            kept_in(copy)
        again = Store(path)
        if not acknowledged <= {idea.id for idea in again.ideas.readable(facilitator)}:
            said.append("an acknowledged idea is not in the file")
        again.close()
        return "; ".join(said), was_reached


def main(shim: ctypes.CDLL, *, and_all_after: bool) -> None:
    tried, nth, is_reached = 0, 0, True
    while is_reached and nth < MOST_CALLS:
        nth += 1
        try:
            wrong, is_reached = wrong_at(shim, nth, and_all_after=and_all_after)
        except Exception as error:
            shim.arm(0, False)
            wrong = f"{type(error).__name__}: {error}"
        tried += is_reached
        if wrong:
            print(f"{'from' if and_all_after else 'at'} {nth}: {wrong}", flush=True)  # noqa: T201
    print(f"tried {tried}", flush=True)  # noqa: T201


if __name__ == "__main__":
    library = ctypes.CDLL(sys.argv[1])
    library.counted.restype = ctypes.c_long
    library.arm.argtypes = [ctypes.c_long, ctypes.c_bool]
    main(library, and_all_after=sys.argv[2] == "from")
