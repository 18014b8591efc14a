from __future__ import annotations

import threading
from dataclasses import dataclass
from time import monotonic, sleep

import pytest
from starlette.testclient import TestClient

from tests.tabs import tab
from workshop.domain.access import Role, cookie_name
from workshop.domain.funnel import Funnel
from workshop.live import services
from workshop.live.render_queue import MOST_BESIDE, RenderQueue
from workshop.store import Store

PATIENCE_SECONDS = 10


def started(work: threading.Thread, turns: RenderQueue, waiting: int) -> threading.Thread:
    """The thread, once it and so many in all stand in the queue."""
    work.start()
    until = monotonic() + PATIENCE_SECONDS
    while len(turns._waiting) < waiting:
        assert monotonic() < until
        sleep(0.001)
    return work


def test_the_most_urgent_is_next_and_of_equals_the_first() -> None:
    turns, drawn = RenderQueue(), list[str]()

    def draw(name: str, urgency: int) -> None:
        with turns.acquire(urgency):
            drawn.append(name)

    queue = [("laptop", 2), ("management", 3), ("another laptop", 2), ("board", 0)]
    with turns.acquire(1):
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
    turns, drawing, most = RenderQueue(), list[int](), list[int]()

    def draw(number: int) -> None:
        for _ in range(20):
            with turns.acquire(number % 3):
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
    turns = RenderQueue()
    with turns.acquire(2), turns.acquire(0):
        pass
    with turns.acquire(2):  # the inner one has given nothing away, and left nothing behind
        pass


def test_a_fault_passes_the_turn_on() -> None:
    turns = RenderQueue()
    try:
        with turns.acquire(2):
            raise ValueError
    except ValueError:
        pass
    with turns.acquire(2):
        pass


def test_who_works_at_length_lets_others_draw_and_waits_for_its_turn_again() -> None:
    turns, drawn = RenderQueue(), list[str]()

    def draw() -> None:
        with turns.acquire(2):
            drawn.append("another")

    with turns.acquire(3):
        with turns.release(3):
            another = threading.Thread(target=draw)
            another.start()
            another.join(PATIENCE_SECONDS)
            assert drawn == ["another"]
        assert turns._holder is not None
    with turns.release(3):  # without a turn there is none to lend
        pass


def draw_again_and_again(
    turns: RenderQueue, workshop: str, urgency: int, drawn: list[str], ends: threading.Event
) -> None:
    while not ends.is_set():
        with turns.acquire(urgency, workshop):
            drawn.append(workshop)
            sleep(0.001)


@pytest.mark.parametrize("strangers", [1, 10])
def test_the_flood_of_another_workshop_costs_the_room_one_turn_for_each_of_its_own(
    strangers: int,
) -> None:
    """However many screens it has, and however urgent they are."""
    turns, drawn, ends = RenderQueue(), list[str](), threading.Event()
    flood = [
        threading.Thread(target=draw_again_and_again, args=(turns, "flood", 0, drawn, ends))
        for _ in range(strangers)
    ]
    with turns.acquire(3, "somebody"):
        for place, stranger in enumerate(flood, 1):
            started(stranger, turns, place)
        rooms = [threading.Thread(target=draw_twenty, args=(turns, drawn)) for _ in range(2)]
        for place, screen in enumerate(rooms, strangers + 1):
            started(screen, turns, place)
    for screen in rooms:
        screen.join(PATIENCE_SECONDS)
    until_the_last = drawn[: len(drawn) - drawn[::-1].index("room")]
    ends.set()
    for stranger in flood:
        stranger.join(PATIENCE_SECONDS)
    assert until_the_last.count("room") == 40
    assert until_the_last.count("flood") <= 2 * 40  # once each, with room for an uneven clock


def draw_twenty(turns: RenderQueue, drawn: list[str]) -> None:
    for _ in range(20):
        with turns.acquire(2, "room"):
            drawn.append("room")
            sleep(0.001)


@dataclass
class Clock:
    """A clock that is moved by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def in_order(turns: RenderQueue, clock: Clock, wishes: list[tuple[str, int, float]]) -> list[str]:
    """In which order these are drawn who all wait: whose each is, how urgent, how long it takes."""
    drawn: list[str] = []

    def draw(workshop: str, urgency: int, seconds: float) -> None:
        with turns.acquire(urgency, workshop):
            drawn.append(workshop)
            clock.now += seconds

    with turns.acquire(0, "before"):
        threads = [
            started(threading.Thread(target=draw, args=wish), turns, place)
            for place, wish in enumerate(wishes, 1)
        ]
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return drawn


def test_what_counts_is_how_long_a_workshop_has_drawn_not_how_often() -> None:
    clock = Clock()
    turns = RenderQueue(clock=clock)
    costly, cheap = [("costly", 0, 0.5)] * 3, [("cheap", 2, 0.125)] * 8
    order = "".join(whose[1] for whose in in_order(turns, clock, costly + cheap))
    assert order == "ohhhhohhhho"


@pytest.mark.parametrize("flood", [0.0625, 0.25, 0.875])
@pytest.mark.parametrize("room", [0.0625, 0.125, 0.5])
def test_a_flood_draws_no_longer_than_the_room_itself_and_what_is_under_way(
    flood: float, room: float
) -> None:
    """So the room waits at most twice as long as without it, and for one drawing more."""
    seconds = {"flood": flood, "room": room}
    wishes = [("flood", 0, flood)] * 20 + [("room", 3, room)] * 5
    clock = Clock()
    drawn = in_order(RenderQueue(clock=clock), clock, wishes)
    until_the_last = drawn[: len(drawn) - drawn[::-1].index("room")]
    spent = {whose: until_the_last.count(whose) * seconds[whose] for whose in seconds}
    assert spent["flood"] <= spent["room"] + flood


def test_who_comes_late_has_saved_up_no_turns() -> None:
    clock = Clock()
    turns, drawn, late = RenderQueue(clock=clock), list[str](), list[threading.Thread]()

    def draw(workshop: str) -> None:
        with turns.acquire(0, workshop):
            if workshop == "busy" and len(drawn) == 20:
                waiting = len(turns._waiting)
                late.extend(
                    started(threading.Thread(target=draw, args=("late",)), turns, waiting + place)
                    for place in range(1, 5)
                )
            drawn.append(workshop)
            clock.now += 0.125

    with turns.acquire(0, "busy"):
        busy = [
            started(threading.Thread(target=draw, args=("busy",)), turns, place)
            for place in range(1, 31)
        ]
    for thread in (*busy, *late):
        thread.join(PATIENCE_SECONDS)
    assert drawn[:21] == ["busy"] * 21
    assert drawn[21:29].count("late") == 4
    assert drawn[21:25].count("late") <= 3


@pytest.mark.parametrize("is_waited_for", [True, False])
def test_nothing_is_kept_of_workshops_that_rest(is_waited_for: bool) -> None:
    turns, clock = RenderQueue(), Clock()
    names = [f"workshop {number}" for number in range(50)]
    if is_waited_for:
        in_order(turns, clock, [(name, 2, 0) for name in names])
    else:
        for name in names:
            with turns.acquire(2, name):
                pass
    assert not turns._drawn


@pytest.mark.parametrize("next_one", ["the same workshop", "another"])
def test_who_draws_for_too_long_goes_on_beside_the_next_one(next_one: str) -> None:
    turns = RenderQueue(longest=0.02)
    drawn = threading.Event()

    def draw() -> None:
        with turns.acquire(2, next_one):
            drawn.set()

    with turns.acquire(0, "the same workshop"):
        another = threading.Thread(target=draw)
        another.start()
        assert drawn.wait(PATIENCE_SECONDS)
    another.join(PATIENCE_SECONDS)
    assert not turns._beside
    assert turns._holder is None


def test_a_workshop_whose_drawings_all_take_too_long_waits_and_the_others_do_not() -> None:
    """Else its flood would be drawn beside the room, all at once."""
    turns, may_end = RenderQueue(longest=0.02), threading.Event()
    begun, drawn = threading.Semaphore(0), threading.Event()

    def draw_long() -> None:
        with turns.acquire(0, "flood"):
            begun.release()
            may_end.wait(PATIENCE_SECONDS)

    flood = [threading.Thread(target=draw_long) for _ in range(MOST_BESIDE + 3)]
    for stranger in flood:
        stranger.start()
    for _ in range(MOST_BESIDE):
        assert begun.acquire(timeout=PATIENCE_SECONDS)

    def draw() -> None:
        for _ in range(5):
            with turns.acquire(2, "room"):
                pass
        drawn.set()

    room = threading.Thread(target=draw)
    room.start()
    assert drawn.wait(PATIENCE_SECONDS)
    assert not begun.acquire(blocking=False)
    may_end.set()
    for thread in (*flood, room):
        thread.join(PATIENCE_SECONDS)
    assert not turns._waiting


# -- whose turns are whose, before the whole server ------------------------------------------------


class Recording(RenderQueue):
    """RenderQueue that note whose each is."""

    def __init__(self) -> None:
        super().__init__()
        self.whose: list[str] = []

    def _take(self, urgency: int, workshop: str) -> None:
        self.whose.append(workshop)
        super()._take(urgency, workshop)


def test_a_page_and_a_change_wait_as_their_workshop_and_a_stranger_as_their_network(
    client: TestClient, funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Recording()
    monkeypatch.setattr(services, "render_queue", turns)
    services.hub.cache_clear()
    store = Store(":memory:", in_turn=lambda workshop: turns.acquire(-1, workshop))
    monkeypatch.setattr(services, "store", lambda: store)
    facilitator = store.workshops.start("Spring", funnel)
    code = store.workshops.get(facilitator).code
    assert set(turns.whose) == {facilitator.workshop_id}
    cookies = {cookie_name(Role.PROJECTOR, code): store.tokens.issue(facilitator, Role.PROJECTOR)}
    for brought, whose in ((cookies, facilitator.workshop_id), ({}, "testclient")):
        turns.whose.clear()
        with tab(client, brought) as opened:
            opened.open("board", f"w={code}")
        assert turns.whose == [whose]
    store.close()
    services.hub.cache_clear()
