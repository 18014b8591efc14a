"""What is computed for many screens: once, and forgotten when no screen asks for it any more."""

from __future__ import annotations

import threading

import pytest

from workshop.live.cache import CHANGES, MOST, VersionedCache


def test_superseded_versions_are_forgotten_and_what_is_asked_for_stays() -> None:
    kept, built = VersionedCache(), []

    def build() -> int:
        built.append(None)
        return len(built)

    for version in range(2_000):
        kept.get("here", version, ("ranking", version), build)
        assert kept.get("here", version, "a mini-team's", build) == 2
        assert len(kept) <= CHANGES + 3
    assert len(built) == 2_001


def test_another_workshops_changes_forget_nothing_here() -> None:
    kept = VersionedCache()
    kept.get("here", 1, "ranking", lambda: "ours")
    for version in range(100):
        kept.get("there", version, ("ranking", version), lambda: "theirs")
    assert kept.get("here", 1, "ranking", lambda: "anew") == "ours"


def test_many_workshops_together_keep_so_much_and_no_more() -> None:
    kept = VersionedCache()
    for number in range(3 * MOST):
        kept.get(str(number), 1, "ranking", lambda: "ours")
    assert len(kept) == MOST
    assert kept.get(str(3 * MOST - 1), 1, "ranking", lambda: "anew") == "ours"
    assert kept.get("0", 1, "ranking", lambda: "anew") == "anew"


def test_two_screens_that_ask_at_once_have_it_computed_once() -> None:
    kept, begun, goes_on, got = VersionedCache(), threading.Event(), threading.Event(), []

    def build() -> object:
        begun.set()
        assert goes_on.wait(60)
        return object()

    threads = [
        threading.Thread(target=lambda: got.append(kept.get("here", 1, "plan", build)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(60)
    goes_on.set()
    for thread in threads:
        thread.join()
    assert got[0] is got[1]


def test_what_failed_is_tried_again() -> None:
    kept = VersionedCache()
    with pytest.raises(ZeroDivisionError):
        kept.get("here", 1, "plan", lambda: 1 / 0)
    assert kept.get("here", 1, "plan", lambda: "a plan") == "a plan"
