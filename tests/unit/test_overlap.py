"""What is counted twice where ideas go after the same losses."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.funnels import funnels_with_ideas
from workshop.analysis.gains import joint_gain
from workshop.analysis.overlap import groups, overlap, overlaps, same_losses
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Effect, Estimate


def sure(step: int, fraction: float, reason: str | None = None) -> Effect:
    return Effect(step, Estimate(fraction, fraction, fraction), reason)


A, B = sure(1, 0.2, "No follow-up"), sure(1, 0.3, "No follow-up")
C, D = sure(1, 0.1, "No budget"), sure(3, 0.1)


def test_two_ideas_on_one_reason_count_its_prospects_twice(funnel: Funnel) -> None:
    [found] = overlaps(funnel, [A, C, B, D])
    assert found.ideas == (0, 2)
    assert (found.alone, found.together) == (pytest.approx(63_000), pytest.approx(55_440))
    assert found.twice == pytest.approx(7_560)


def test_an_idea_on_all_losses_overlaps_with_every_idea_of_its_step(funnel: Funnel) -> None:
    everybody = sure(1, 0.1)
    assert groups([A, C, everybody, D]) == [[0, 1, 2]]
    assert [same_losses(everybody, other) for other in (A, C, D)] == [True, True, False]


def test_steps_multiply_and_do_not_overlap(funnel: Funnel) -> None:
    assert overlap(funnel, [A, D]) < 0
    assert overlaps(funnel, [A, D]) == ()


def test_the_costliest_overlap_comes_first(funnel: Funnel) -> None:
    first, second = overlaps(funnel, [D, D, A, B])
    assert first.ideas == (2, 3)
    assert first.twice > second.twice


def test_ideas_that_win_nothing_back_overlap_in_nothing(funnel: Funnel) -> None:
    assert overlaps(funnel, [A, sure(1, 0.0, "No follow-up")]) == ()


@given(funnels_with_ideas())
def test_groups_leave_nothing_out(example: tuple[Funnel, list[Effect]]) -> None:
    f, effects = example
    for group in overlaps(f, effects):
        own = [effects[k] for k in group.ideas]
        assert len(own) > 1
        assert group.together == joint_gain(f, own)
        assert group.twice == pytest.approx(overlap(f, own), abs=1e-6 * max(1, group.alone))
    grouped = [set(group) for group in groups(effects)]
    for i, one in enumerate(effects):
        for j, other in enumerate(effects[:i]):
            if same_losses(one, other):
                assert any({i, j} <= group for group in grouped)
