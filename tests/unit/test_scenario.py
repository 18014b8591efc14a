"""What if: revenue and gains at rates that nobody has measured."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tests.funnels import funnels_with_ideas
from workshop.analysis import conversion as measured
from workshop.analysis import scenario
from workshop.analysis.gains import gains_alone, joint_gain
from workshop.domain.assumptions import Assumptions
from workshop.domain.funnel import Funnel
from workshop.domain.idea import Effect, Estimate
from workshop.domain.scenario import Scenario

HALF = Estimate(0.5, 0.5, 0.5)


@given(funnels_with_ideas())
def test_at_the_measured_rates_everything_is_as_it_is(example: tuple[Funnel, list[Effect]]) -> None:
    f, effects = example
    same = scenario.today(f, Assumptions(), "Today")
    assert scenario.revenue(same) == pytest.approx(measured.revenue(f))
    entered = [e for e in effects if e.step is None or f.steps[e.step].entered]
    np.testing.assert_allclose(
        scenario.gains(f, same, entered), gains_alone(f, entered), rtol=1e-8, atol=1e-6
    )


def test_a_rate_that_is_moved_moves_the_revenue_and_the_gains(funnel: Funnel) -> None:
    better = Scenario("More wins", 2000, (0.35, 0.4, 0.3, 0.5), 8000)
    assert scenario.revenue(better) == pytest.approx(336_000)
    # Half of those lost for "No follow-up", 21 points of conversion, each worth twice $4,200 …
    follow_up = Effect(1, HALF, "No follow-up")
    assert scenario.gains(funnel, better, [follow_up])[0] == pytest.approx(126_000)
    # … and with half as many lost at the last step, half as much is left to win back there.
    assert scenario.gains(funnel, better, [Effect(3, HALF)])[0] == pytest.approx(168_000)


def test_a_set_for_another_funnel_is_refused_in_words(funnel: Funnel) -> None:
    with pytest.raises(ValueError, match="'Old' has 1 rates; the funnel has 4 steps"):
        scenario.gains(funnel, Scenario("Old", 1, (0.5,), 1), [])


def test_the_supposed_funnel_serves_whatever_takes_a_funnel(funnel: Funnel) -> None:
    better = Scenario("More wins", 4000, (0.35, 0.4, 0.3, 0.5), 8000)
    seen = scenario.supposed(funnel, better)
    assert measured.revenue(seen) == pytest.approx(scenario.revenue(better))
    assert (seen.stages, seen.currency, seen.period_days) == (funnel.stages, "USD", 365)
    a, b = (Effect(1, Estimate(*3 * [f]), "No follow-up") for f in (0.2, 0.3))
    # Twice the leads at twice the win rate: four times what A and B bring together today.
    assert joint_gain(seen, [a, b]) == pytest.approx(4 * joint_gain(funnel, [a, b]))


def test_a_set_without_entrants_brings_nothing(funnel: Funnel) -> None:
    nothing = Scenario("Nobody", 0, (0.0, 1.0, 0.3, 0.5), 8000, quality=0.5, success=0.4)
    assert joint_gain(scenario.supposed(funnel, nothing), [Effect(0, HALF)]) == 0
    assert scenario.believed(nothing) == Assumptions(quality=0.5, success=0.4)
