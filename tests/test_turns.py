from __future__ import annotations

import threading
from time import monotonic, sleep

from workshop.turns import Turns

PATIENCE_SECONDS = 10


def started(work: threading.Thread, turns: Turns, waiting: int) -> threading.Thread:
    """The thread, once it and so many in all stand in the queue."""
    work.start()
    until = monotonic() + PATIENCE_SECONDS
    while len(turns._waiting) < waiting:
        assert monotonic() < until
        sleep(0.001)
    return work


def test_the_most_urgent_is_next_and_of_equals_the_first() -> None:
    turns, drawn = Turns(), list[str]()

    def draw(name: str, urgency: int) -> None:
        with turns.taken(urgency):
            drawn.append(name)

    queue = [("laptop", 2), ("management", 3), ("another laptop", 2), ("board", 0)]
    with turns.taken(1):
        drawn.append("facilitator")
        threads = [
            started(threading.Thread(target=draw, args=who), turns, place)
            for place, who in enumerate(queue, 1)
        ]
        assert drawn == ["facilitator"]
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert drawn == ["facilitator", "board", "laptop", "another laptop", "management"]


def test_only_one_draws_at_a_time() -> None:
    turns, drawing, most = Turns(), list[int](), list[int]()

    def draw(number: int) -> None:
        for _ in range(20):
            with turns.taken(number % 3):
                drawing.append(number)
                sleep(0.0005)
                most.append(len(drawing))
                drawing.pop()

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert len(most) == 160
    assert set(most) == {1}


def test_who_has_the_turn_need_not_wait_for_it() -> None:
    turns = Turns()
    with turns.taken(2), turns.taken(0):
        pass
    with turns.taken(2):  # the inner one has given nothing away, and left nothing behind
        pass


def test_a_fault_passes_the_turn_on() -> None:
    turns = Turns()
    try:
        with turns.taken(2):
            raise ValueError
    except ValueError:
        pass
    with turns.taken(2):
        pass


def test_who_works_at_length_lets_others_draw_and_waits_for_its_turn_again() -> None:
    turns, drawn = Turns(), list[str]()

    def draw() -> None:
        with turns.taken(2):
            drawn.append("another")

    with turns.taken(3):
        with turns.lent(3):
            another = threading.Thread(target=draw)
            another.start()
            another.join(PATIENCE_SECONDS)
            assert drawn == ["another"]
        assert turns._is_taken
    with turns.lent(3):  # without a turn there is none to lend
        pass
