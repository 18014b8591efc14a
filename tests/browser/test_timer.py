"""The timer counts down on every screen, also after somebody has given it more."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.people import Laptop, press, writing_ideas
from tests.server_process import ReachableServer


def test_a_minute_more_is_added_once_and_the_clock_never_jumps_back(
    server: ReachableServer, laptop: Laptop
) -> None:
    facilitator = laptop()
    [way] = server.records(writing_ideas, {})
    facilitator.goto(server.address + way)
    press(facilitator, "timer_start")
    clock = facilitator.get_by_role("timer")
    expect(clock).to_have_text(re.compile(r"\d\d:\d\d"))
    before = seconds(clock.inner_text())
    press(facilitator, "timer_more")
    # A minute more, less what has passed meanwhile: never what it showed before the press.
    faces = [f"{left // 60:02}:{left % 60:02}" for left in range(before + 30, before + 61)]
    expect(clock).to_have_text(re.compile("|".join(faces)))
    seen = []
    for _ in range(15):
        seen.append(seconds(clock.inner_text()))
        facilitator.wait_for_timeout(200)
    assert seen == sorted(seen, reverse=True)
    assert seen[0] > before


def seconds(face: str) -> int:
    minutes, rest = face.split(":")
    return 60 * int(minutes) + int(rest)
