"""The bridge from single gains to the joint gain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.funnels import estimates
from workshop.analysis.bridge import bridge
from workshop.analysis.gains import gains_alone, joint_gain
from workshop.domain.funnel import Funnel, Step
from workshop.domain.idea import Effect, Estimate, Lever

STEPS = (Step("Lead", "MQL", 700, 280, {"price": 210, "time": 90}), Step("MQL", "Won", 84, 21))
FUNNEL = Funnel(STEPS, 8000, "EUR", 365)
EFFECTS = st.one_of(
    st.builds(Effect, st.just(0), estimates(), st.sampled_from([None, "price", "time"])),
    st.builds(Effect, st.just(1), estimates()),
    st.builds(
        Effect, st.none(), estimates(), lever=st.sampled_from([Lever.VOLUME, Lever.DEAL_VALUE])
    ),
)


@examples(100)
@given(st.lists(EFFECTS, max_size=6))
def test_it_begins_at_the_sum_and_ends_at_the_joint_gain(effects: list[Effect]) -> None:
    found = bridge(FUNNEL, effects)
    assert found.alone == pytest.approx(gains_alone(FUNNEL, effects).sum())
    assert found.together == pytest.approx(joint_gain(FUNNEL, effects), rel=1e-9, abs=1e-6)
    assert found.overlap >= 0
    assert found.compounding >= 0


def test_ideas_on_other_losses_overlap_nowhere_and_one_step_multiplies_nothing() -> None:
    price, time = (Effect(0, Estimate(0.2, 0.2, 0.2), reason) for reason in ("price", "time"))
    found = bridge(FUNNEL, [price, time])
    assert found.overlap == pytest.approx(0, abs=1e-6)
    assert found.compounding == pytest.approx(0, abs=1e-6)
