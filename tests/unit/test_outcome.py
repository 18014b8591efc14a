from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import logit

from tests.funnels import funnels
from workshop.analysis.conversion import rates, revenue
from workshop.analysis.outcome import (
    binding_stage,
    equal_push,
    first_limit,
    limit_of,
    needed_entrants,
    won_within,
)
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel, Step

limits = st.none() | st.floats(0, 600)


def funnel_of(*rates_in_hundredths: int, entrants: int = 100, deal_value: float = 10) -> Funnel:
    """A funnel of these rates; a hundred enter each step, so many at the first."""
    stages = [f"stage {k}" for k in range(len(rates_in_hundredths) + 1)]
    steps = [
        Step(source, target, 100, rate)
        for (source, target), rate in zip(pairwise(stages), rates_in_hundredths, strict=True)
    ]
    first = replace(steps[0], entered=entrants, advanced=entrants * steps[0].advanced // 100)
    return Funnel((first, *steps[1:]), deal_value, "EUR", 90)


def test_the_worked_example_needs_so_many_leads(funnel: Funnel) -> None:
    assert needed_entrants(funnel, 250_000) == pytest.approx(2976.19, abs=0.005)


def test_the_worked_example_is_pushed_to_these_rates(funnel: Funnel) -> None:
    assert equal_push(funnel, 250_000) == pytest.approx([0.385, 0.437, 0.333, 0.279], abs=5e-4)


@given(funnels(), st.floats(0, 1e9))
def test_the_needed_entrants_bring_in_what_is_wanted(f: Funnel, wanted: float) -> None:
    assume(revenue(f) > 0)
    each = revenue(f) / f.entrants
    assert needed_entrants(f, wanted) * each == pytest.approx(wanted)


@given(funnels(), st.floats(1e-6, 0.999999))
def test_pushed_rates_bring_in_what_is_wanted_by_one_push(f: Funnel, part: float) -> None:
    assume(revenue(f) > 0 and any(step.lost for step in f.steps))
    most = f.entrants * f.deal_value
    pushed = equal_push(f, part * most)
    assert most * pushed.prod() == pytest.approx(part * most, rel=1e-9)
    assert all((pushed >= 0) & (pushed <= 1))
    today = rates(f)
    moved = today < 1
    assert list(pushed[~moved]) == [1.0] * int((~moved).sum())
    inner = moved & (pushed > 1e-9) & (pushed < 1 - 1e-9)
    pushes = logit(pushed[inner]) - logit(today[inner])
    assert np.ptp(pushes) < 1e-5 if len(pushes) else True


@given(funnels())
def test_todays_revenue_needs_no_push(f: Funnel) -> None:
    assume(revenue(f) > 0)
    assert equal_push(f, revenue(f)) == pytest.approx(rates(f))
    assert needed_entrants(f, revenue(f)) == pytest.approx(f.entrants)


def test_a_step_that_loses_nobody_stays_while_the_others_are_pushed() -> None:
    f = funnel_of(100, 50)
    assert equal_push(f, 700) == pytest.approx([1, 0.7])
    assert equal_push(funnel_of(100, 100), 1000) == pytest.approx([1, 1])


def test_a_goal_just_below_the_most_is_still_reached() -> None:
    f = funnel_of(20, 50, 70)
    for wanted in (1000 * (1 - 1e-12), np.nextafter(1000, 0)):
        assert equal_push(f, wanted) == pytest.approx([1, 1, 1], abs=1e-11)


@pytest.mark.parametrize(
    ("f", "wanted", "says"),
    [
        (funnel_of(20, 50), 1000, "would bring in 1,000 if nobody were lost"),
        (funnel_of(20, 50), 5000, "would bring in 1,000 if nobody were lost"),
        (funnel_of(100, 100), 900, "nobody is lost at any step"),
        (funnel_of(100, 100), 1100, "nobody is lost at any step"),
        (funnel_of(20, 0), 500, "nobody advanced at stage 1 → stage 2"),
        (funnel_of(0, 20), 500, "nobody advanced at stage 0 → stage 1"),
        (funnel_of(20, 50, deal_value=0), 500, "a won deal is worth 0"),
        (funnel_of(20, 50, entrants=0), 500, "nobody entered"),
        (funnel_of(20, 50), 0, "must be more than 0"),
        (funnel_of(20, 50), float("inf"), "must be more than 0"),
        (funnel_of(20, 50), float("nan"), "must be more than 0"),
    ],
)
def test_what_no_push_reaches_is_refused(f: Funnel, wanted: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        equal_push(f, wanted)


@pytest.mark.parametrize(
    ("f", "wanted", "says"),
    [
        (funnel_of(20, 0), 500, "nobody advanced"),
        (funnel_of(20, 50, deal_value=0), 500, "a won deal is worth 0"),
        (funnel_of(20, 50), -1, "must be 0 or more"),
        (funnel_of(20, 50), float("inf"), "must be 0 or more"),
    ],
)
def test_what_no_number_of_entrants_brings_in_is_refused(
    f: Funnel, wanted: float, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        needed_entrants(f, wanted)


@given(funnels(), st.data())
def test_the_won_are_the_least_of_what_each_stage_lets_through(
    f: Funnel, data: st.DataObject
) -> None:
    size = len(f.stages)
    capacities = data.draw(st.lists(limits, min_size=size, max_size=size))
    onward = [rates(f)[k:].prod() for k in range(size)]
    least = min(
        [f.entrants * onward[0]]
        + [c * part for c, part in zip(capacities, onward, strict=True) if c is not None]
    )
    assert won_within(f, capacities) == pytest.approx(least, rel=1e-9, abs=1e-9)
    by_name = dict(zip(f.stages, capacities, strict=True))
    assert won_within(f, by_name) == won_within(f, capacities)


@given(funnels(), st.data())
def test_more_before_the_stage_that_binds_wins_nothing(f: Funnel, data: st.DataObject) -> None:
    size = len(f.stages)
    capacities = data.draw(st.lists(limits, min_size=size, max_size=size))
    stage = binding_stage(f, capacities)
    assume(stage is not None)
    binding = f.stages.index(str(stage))
    better = [
        replace(step, advanced=step.entered, losses={}) if k < binding else step
        for k, step in enumerate(f.steps)
    ]
    more = replace(f, steps=tuple(better))
    before = [limit if k >= binding else None for k, limit in enumerate(capacities)]
    assert won_within(more, before) == pytest.approx(won_within(f, capacities))


@given(funnels())
def test_without_limits_all_are_won_that_are_won_today(f: Funnel) -> None:
    won = f.entrants * rates(f).prod()
    assert won_within(f, {}) == pytest.approx(won)
    assert won_within(f, [None] * len(f.steps)) == won_within(f, {})
    assert binding_stage(f, {}) is None


def test_a_stage_that_is_just_busy_binds_and_a_larger_one_does_not(funnel: Funnel) -> None:
    assert binding_stage(funnel, {"SQL": 280}) == "SQL"
    assert binding_stage(funnel, {"SQL": 281}) is None
    assert won_within(funnel, {"SQL": 281}) == pytest.approx(21)


def test_the_last_stage_may_have_a_capacity_too(funnel: Funnel) -> None:
    assert won_within(funnel, {"Won": 12}) == 12
    assert binding_stage(funnel, [None, None, 200, None, 12]) == "Won"


@pytest.mark.parametrize(
    ("capacities", "says"),
    [
        ({"Sql": 200}, "'Sql' is no stage"),
        ({"SQL": -1}, "the capacity of SQL is -1"),
        ([1, 2], "there are 2 capacities; there must be 5"),
    ],
)
def test_capacities_that_do_not_fit_are_refused(
    funnel: Funnel, capacities: dict[str, float] | list[float], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        won_within(funnel, capacities)


@given(funnels(), st.lists(limits, min_size=60, max_size=60))
def test_the_first_limit_is_what_is_won_however_many_enter(
    f: Funnel, drawn: list[float | None]
) -> None:
    capacities = drawn[: len(f.stages)]
    found, entered = first_limit(f, capacities), f.entrants * rates(f).prod()
    most = entered if found is None else min(entered, found[1])
    assert won_within(f, capacities) == pytest.approx(most, rel=1e-9, abs=1e-9)
    assert (found is None) == (set(capacities) == {None})


def test_the_first_limit_is_at_the_stage_whose_capacity_wins_least(funnel: Funnel) -> None:
    assert first_limit(funnel, {"MQL": 1000, "SQL": 200, "Won": 16}) == ("SQL", pytest.approx(15))
    assert first_limit(funnel, {"SQL": 200, "Won": 15}) == ("Won", 15)
    assert first_limit(funnel, {}) is None
    with pytest.raises(ValueError, match="no stage"):
        first_limit(funnel, {"Lawn": 3})


@given(funnels(), st.data())
def test_an_idea_that_a_limit_holds_up_wins_nothing_and_one_after_it_does(
    f: Funnel, data: st.DataObject
) -> None:
    stage = data.draw(st.sampled_from(f.stages))
    served = data.draw(st.floats(0.5, 600))
    limit = limit_of(f, Assumptions(capacities=((stage, served),)))
    in_period = {stage: served * f.period_days / 365}
    won = won_within(f, in_period)
    for step, held in enumerate(f.steps):
        better = replace(held, advanced=held.entered, losses={})
        more = won_within(
            replace(f, steps=(*f.steps[:step], better, *f.steps[step + 1 :])), in_period
        )
        if limit is not None and limit.holds_up(step):
            assert more == pytest.approx(won)
        elif limit is not None and held.rate and won:
            assert more == pytest.approx(won / held.rate)


def test_a_limit_is_for_a_year_whatever_the_period_of_the_funnel(funnel: Funnel) -> None:
    quarter = replace(funnel, period_days=73)  # a fifth of a year: 280 SQLs in it, 1,400 a year
    assumed = Assumptions(capacities=(("SQL", 1400), ("Gone", 1)))
    limit = limit_of(quarter, assumed)
    assert limit is not None
    assert (limit.stage, limit.place, limit.capacity) == ("SQL", 2, 1400)
    assert limit_of(quarter, Assumptions(capacities=(("SQL", 1401),))) is None
    assert limit_of(quarter, Assumptions()) is None
