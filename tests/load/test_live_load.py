"""A small room in front of a real server, played by bench/live.py: nothing is lost, all come back.

No figure of time is looked at here; `make bench` measures those.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SESSIONS = 8
IDEAS_IN_A_ROW = 10
FOR_ALL = ("join_spread", "join_at_once", "phase_change", "idea_to_board", "idea_to_saved")


@pytest.fixture(scope="module")
def played() -> dict[str, Any]:
    command = [sys.executable, "bench/live.py", "--sessions", str(SESSIONS), "--short", "--json"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_everybody_joins_at_one_moment(played: dict[str, Any]) -> None:
    assert played["joined"] == SESSIONS


@pytest.mark.parametrize("what", FOR_ALL)
def test_every_screen_gets_there(played: dict[str, Any], what: str) -> None:
    assert played[what]["max"] is not None


def test_what_all_submit_within_a_second_is_on_the_board(played: dict[str, Any]) -> None:
    assert played["everybody_submits"] is not None


def test_no_press_between_two_ticks_is_lost(played: dict[str, Any]) -> None:
    assert played["presses_lost"] == 0


def test_everybody_is_back_and_what_they_sent_is_saved_after_all_sockets_are_cut(
    played: dict[str, Any],
) -> None:
    wave = played["wave"]
    assert wave["seconds"] is not None
    assert wave["saved"] == wave["sent"] == SESSIONS


def test_no_idea_that_was_called_saved_is_lost_by_a_crash(played: dict[str, Any]) -> None:
    # In a row, all within a second, after the wave, and some of the burst that was cut short.
    assert played["acknowledged"] > IDEAS_IN_A_ROW + 2 * SESSIONS
    assert played["lost"] == 0
    assert played["doubled"] == 0
